//! Access tokens of mail accounts, in memory only, for as long as they are good.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use casework::BrandId;
use jiff::Timestamp;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

/// A mail account.
type Account = (BrandId, Uuid);
/// What is had for one account, and until when it is good.
type Token = Option<(String, Timestamp)>;

/// Access tokens by account. Each has a lock of its own: a provider that is slow for one account holds up no other.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<Account, Arc<tokio::sync::Mutex<Token>>>>);

/// The token of one account, held by one task: nobody else asks for a new one meanwhile.
pub struct Held(OwnedMutexGuard<Token>);

impl Tokens {
    /// Holds an account's token.
    pub async fn hold(&self, account: Account) -> Held {
        let token = {
            let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            tokens.entry(account).or_default().clone()
        };
        Held(token.lock_owned().await)
    }

    /// Forgets what was had for an account, after its grant or its password changed. Waits for whoever is asking for a token
    /// at this moment: two never use the same refresh token at once.
    pub async fn forget(&self, account: Account) {
        *self.hold(account).await.0 = None;
    }
}

impl Held {
    /// The token, while it is good.
    pub fn good_at(&self, now: Timestamp) -> Option<String> {
        let (token, until) = self.0.as_ref()?;
        (now < *until).then(|| token.clone())
    }

    /// Keeps a token until an instant.
    pub fn keep(&mut self, token: String, until: Timestamp) {
        *self.0 = Some((token, until));
    }
}
