//! Secrets of others (passwords, tokens, keys) sealed with the desk's own, so that a copy of the database tells nothing.
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) under a key derived from the desk's secret; the place a secret belongs to is
//! authenticated with it, so that it opens nowhere else.

use casework::proof::Secret;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use thiserror::Error;

use crate::chance::Chance;

/// Bytes of the nonce that stands before what is sealed: random, and long enough never to come twice.
const NONCE_BYTES: usize = 24;

/// What is sealed does not open: it belongs to another desk or place, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a stored secret does not open with this desk's own: enter it again")]
pub struct Shut;

/// Seals a secret for a place, such as `account/…/password`.
pub fn seal(secret: &Secret, chance: &Chance, place: &str, plain: &[u8]) -> Result<Vec<u8>, Shut> {
    let random = chance.bytes();
    let nonce = &random[..NONCE_BYTES];
    let payload = Payload { msg: plain, aad: place.as_bytes() };
    let nonce_value = XNonce::try_from(nonce).map_err(|_| Shut)?;
    let sealed = cipher(secret).encrypt(&nonce_value, payload).map_err(|_| Shut)?;
    Ok([nonce, &sealed].concat())
}

/// Opens what was sealed for this place.
pub fn open(secret: &Secret, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Shut> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Shut)?;
    let nonce = XNonce::try_from(nonce).map_err(|_| Shut)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    cipher(secret).decrypt(&nonce, payload).map_err(|_| Shut)
}

/// The same, for a secret that is text.
pub fn open_text(secret: &Secret, place: &str, sealed: &[u8]) -> Result<String, Shut> {
    String::from_utf8(open(secret, place, sealed)?).map_err(|_| Shut)
}

/// Where the secret of a webhook is sealed.
pub fn webhook_place(name: &str) -> String {
    format!("webhook/{name}")
}

fn cipher(secret: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&secret.sign("seal", &[]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> Secret {
        Secret::new(vec![byte; 32]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_here_and_nowhere_else() {
        let chance = Chance::seeded(1);
        let sealed = seal(&secret(7), &chance, "account/1/password", b"motdepasse").unwrap();
        assert!(!sealed.windows(10).any(|window| window == b"motdepasse"));
        assert_eq!(open_text(&secret(7), "account/1/password", &sealed).as_deref(), Ok("motdepasse"));
        assert_eq!(open(&secret(7), "account/2/password", &sealed), Err(Shut), "another place");
        assert_eq!(open(&secret(8), "account/1/password", &sealed), Err(Shut), "another desk");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(open(&secret(7), "account/1/password", &changed), Err(Shut), "byte {place}");
        }
        assert_eq!(open(&secret(7), "account/1/password", b"short"), Err(Shut));
        let again = seal(&secret(7), &chance, "account/1/password", b"motdepasse").unwrap();
        assert_ne!(sealed, again, "the same secret never looks the same");
    }
}
