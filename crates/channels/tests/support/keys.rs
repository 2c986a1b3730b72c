//! Keys for tests, made once a run: making RSA keys takes a moment. Whose they are is for the tests to say.

use std::sync::OnceLock;

use channels::mail::sign::{DkimKey, KeyKind, generate};

/// PEM and `TXT` value.
pub fn rsa() -> &'static (String, String) {
    static KEY: OnceLock<(String, String)> = OnceLock::new();
    KEY.get_or_init(|| generate(KeyKind::Rsa).unwrap())
}

/// PEM and `TXT` value.
pub fn ed25519() -> &'static (String, String) {
    static KEY: OnceLock<(String, String)> = OnceLock::new();
    KEY.get_or_init(|| generate(KeyKind::Ed25519).unwrap())
}

/// The RSA key as that of a domain, under the selector `s1`.
pub fn rsa_of(domain: &str) -> DkimKey {
    DkimKey::new(domain, "s1", rsa().0.as_bytes()).unwrap()
}

/// The Ed25519 key as that of a domain, under the selector `s2`.
pub fn ed25519_of(domain: &str) -> DkimKey {
    DkimKey::new(domain, "s2", ed25519().0.as_bytes()).unwrap()
}
