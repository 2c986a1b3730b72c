//! The ways by which mail leaves: the server of the settings, those of inboxes that have their own, the demonstration's
//! postbox. Which way a mail takes, and what comes of it, is not known here.

use std::collections::HashMap;

use channels::mail::send::{Courier, SendFailure, SmtpSettings};
use store::OwnSmtp;
use tokio::sync::Mutex;
use uuid::Uuid;

/// How mail leaves the desk.
#[derive(Debug)]
pub enum Postman {
    /// By mail servers.
    Smtp(Couriers),
    /// Into the demonstration's postbox.
    Postbox,
}

/// Ways to servers: the usual one, and those of accounts that have their own. Each keeps its connections.
#[derive(Debug)]
pub struct Couriers {
    usual: Courier,
    own: Mutex<HashMap<Uuid, (OwnSmtp, Courier)>>,
}

impl Postman {
    /// By the server of the settings.
    pub fn by(settings: SmtpSettings) -> Result<Self, SendFailure> {
        Ok(Self::Smtp(Couriers { usual: Courier::new(settings)?, own: Mutex::default() }))
    }
}

impl Couriers {
    /// The way to the server of the settings.
    pub fn usual(&self) -> Courier {
        self.usual.clone()
    }

    /// The way that was taken before to this server of an account.
    pub async fn known(&self, account: Uuid, smtp: &OwnSmtp) -> Option<Courier> {
        let own = self.own.lock().await;
        own.get(&account).filter(|(of, _)| of == smtp).map(|(_, courier)| courier.clone())
    }

    /// Keeps a way to a server of an account.
    pub async fn keep(&self, account: Uuid, smtp: &OwnSmtp, courier: &Courier) {
        self.own.lock().await.insert(account, (smtp.clone(), courier.clone()));
    }
}
