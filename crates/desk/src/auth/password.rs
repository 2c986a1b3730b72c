//! Passwords: argon2id as OWASP advises (19 MiB, two passes, one lane), two checks at a time, off the async threads.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use thiserror::Error;

use crate::chance::Chance;
use crate::desk::Desk;

/// Longest password that is looked at, in bytes.
pub const BYTES_MAX: usize = 1024;

/// The one password of everybody in a demonstration, shown on its sign-in page.
pub const OF_DEMONSTRATION: &str = "suivi-demo";

/// A hash of nothing, checked for names that do not exist: the answer takes as long as for those that do.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3VpdmktZHVtbXktc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password could not be hashed or checked: memory, or a task that was ended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashingFailed(String);

/// Hashes a password with a salt of its own. Takes some 20 ms and 19 MiB: not for async threads.
pub fn hash(password: &str, chance: &Chance) -> Result<String, HashingFailed> {
    let salt = &chance.bytes()[..16];
    let hash = argon().hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(|error| HashingFailed(error.to_string()))
}

/// Whether this is the password behind a hash; `None` is a name that does not exist, and takes as long.
pub async fn is_right(desk: &Desk, password: String, hash: Option<String>) -> Result<bool, HashingFailed> {
    let failed = |error: &dyn std::fmt::Display| HashingFailed(error.to_string());
    let places = std::sync::Arc::clone(&desk.password_places);
    let place = places.acquire_owned().await.map_err(|error| failed(&error))?;
    let check = tokio::task::spawn_blocking(move || {
        let is_right = check(&password, hash.as_deref());
        drop(place);
        is_right
    });
    check.await.map_err(|error| failed(&error))
}

fn check(password: &str, hash: Option<&str>) -> bool {
    let is_match = argon().verify_password(password.as_bytes(), hash.unwrap_or(NOBODYS_HASH)).is_ok();
    is_match && hash.is_some() && password.len() <= BYTES_MAX
}

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let stored = hash("quatre mots bien longs", &Chance::seeded(1)).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(check("quatre mots bien longs", Some(&stored)));
        assert!(!check("quatre mots bien courts", Some(&stored)));
        assert!(!check("", None));
        assert!(!check("x", Some("not a hash")));
    }

    #[test]
    fn nobodys_hash_costs_as_much_as_anybodys() {
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODYS_HASH).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
        assert!(parsed.salt.is_some() && parsed.hash.is_some());
    }
}
