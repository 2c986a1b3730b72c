//! Access tokens of mail accounts, in memory only, for as long as they are good.

use std::collections::HashMap;

use casework::BrandId;
use jiff::Timestamp;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// A mail account.
type Account = (BrandId, Uuid);

/// Access tokens by account.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<Account, (String, Timestamp)>>);

/// The tokens, held by one task: nobody else asks for a new one meanwhile.
pub struct Held<'a>(MutexGuard<'a, HashMap<Account, (String, Timestamp)>>);

impl Tokens {
    /// Holds them.
    pub async fn hold(&self) -> Held<'_> {
        Held(self.0.lock().await)
    }

    /// Forgets what was had for an account, after its grant or its password changed.
    pub async fn forget(&self, account: Account) {
        self.0.lock().await.remove(&account);
    }
}

impl Held<'_> {
    /// The token of an account, while it is good.
    pub fn good_at(&self, account: Account, now: Timestamp) -> Option<String> {
        let (token, until) = self.0.get(&account)?;
        (now < *until).then(|| token.clone())
    }

    /// Keeps a token until an instant.
    pub fn keep(&mut self, account: Account, token: String, until: Timestamp) {
        self.0.insert(account, (token, until));
    }
}
