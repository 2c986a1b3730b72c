//! Keys that sign: read from PEM, made new, and what the world must find in DNS to check them. Nothing is signed here.

use std::fmt;

use data_encoding::BASE64;
use mail_auth::common::crypto::{DkimKey as Key, Ed25519Key, RsaKey, Sha256, SigningKey};
use mail_auth::common::to_a_label;
use mail_auth::dkim::generate::DkimKeyPair;
use thiserror::Error;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// A key file is read up to here, in bytes: RSA with 8,192 bits, the most that verifiers take, needs 6,400.
const PEM_BYTES_MAX: usize = 16 * 1024;
/// Shortest modulus we sign with, in bytes: 2,048 bits, as RFC 8301 3.2 recommends.
const MODULUS_BYTES_MIN: usize = 256;
/// Longest name in DNS (RFC 1035 2.3.4), with room for `._domainkey.` between selector and domain.
const NAME_BYTES_MAX: usize = 241;
/// Longest label of a name in DNS (RFC 1035 2.3.4).
const LABEL_BYTES_MAX: usize = 63;
/// Characters of base64 on one line of PEM (RFC 7468 2).
const PEM_LINE_CHARS: usize = 64;
/// DER of the algorithm `rsaEncryption` with its empty parameters (RFC 8017 A.1).
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Which algorithm a new key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with 2,048 bits: every verifier knows it.
    Rsa,
    /// Ed25519 (RFC 8463): short, but a second key beside RSA only, since many verifiers do not know it.
    Ed25519,
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DkimKeyError {
    /// The domain is not a name in DNS.
    #[error("the domain is not a name that DNS can hold")]
    Domain,
    /// The selector is not a name in DNS.
    #[error("the selector is not a name that DNS can hold")]
    Selector,
    /// The file holds no private key in PEM that can be read.
    #[error("no RSA (PKCS#1, PKCS#8) or Ed25519 (PKCS#8) private key in PEM")]
    Unreadable,
    /// RSA below 2,048 bits.
    #[error("RSA keys have 2048 bits at least")]
    TooShort,
    /// The machine gave no random numbers, or the arithmetic failed.
    #[error("a new key could not be made")]
    NotMade,
}

/// A private key with the place in DNS where its public half is found.
pub struct DkimKey {
    pub(super) domain: String,
    pub(super) selector: String,
    pub(super) key: Key,
    public: Vec<u8>,
}

impl fmt::Debug for DkimKey {
    /// Without the key: it ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DkimKey {{ {:?} }}", self.dns_name())
    }
}

impl DkimKey {
    /// Reads a key: RSA from 2,048 bits (PKCS#1 or PKCS#8) or Ed25519 (PKCS#8), in PEM. A domain in another script is
    /// turned into its A-labels (RFC 5891).
    pub fn new(domain: &str, selector: &str, pem: &[u8]) -> Result<Self, DkimKeyError> {
        let domain = to_a_label(domain.trim_end_matches('.')).to_ascii_lowercase();
        if !is_name(&domain) || !domain.contains('.') {
            return Err(DkimKeyError::Domain);
        }
        if !is_name(selector) || selector.len() + domain.len() > NAME_BYTES_MAX {
            return Err(DkimKeyError::Selector);
        }
        let (key, public) = read_key(pem.get(..PEM_BYTES_MAX).unwrap_or(pem))?;
        Ok(Self { domain, selector: selector.to_ascii_lowercase(), key, public })
    }

    /// The name under which the public half must be published, as a `TXT` record (RFC 6376 3.6.2).
    pub fn dns_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What that record must say. Where it is longer than 255 bytes, DNS keeps it as several strings of one record.
    pub fn dns_value(&self) -> String {
        dns_value(&self.key, &self.public)
    }
}

/// Makes a new key: its PEM, to be kept secret, and the `TXT` record to publish. The random numbers are the operating
/// system's, taken by the library that knows what a good prime is: a key is made once, by a person, and nothing that
/// has to be repeatable depends on it.
pub fn generate(kind: KeyKind) -> Result<(String, String), DkimKeyError> {
    let (name, der) = match kind {
        KeyKind::Rsa => ("RSA PRIVATE KEY", DkimKeyPair::generate_rsa(MODULUS_BYTES_MIN * 8)),
        KeyKind::Ed25519 => ("PRIVATE KEY", DkimKeyPair::generate_ed25519()),
    };
    let der = der.map_err(|_| DkimKeyError::NotMade)?;
    let encoded = BASE64.encode(der.private_key());
    let lines: Vec<_> = encoded.as_bytes().chunks(PEM_LINE_CHARS).map(String::from_utf8_lossy).collect();
    let pem = format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", lines.join("\n"));
    let (key, public) = read_key(pem.as_bytes())?;
    Ok((pem, dns_value(&key, &public)))
}

/// The private key and the public one as it is published.
fn read_key(pem: &[u8]) -> Result<(Key, Vec<u8>), DkimKeyError> {
    let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| DkimKeyError::Unreadable)?;
    if let PrivateKeyDer::Pkcs8(der) = &der
        && let Ok(key) = Ed25519Key::from_pkcs8_der(der.secret_pkcs8_der())
    {
        let public = key.public_key();
        return Ok((Key::Ed25519(key), public));
    }
    let key = RsaKey::<Sha256>::from_key_der(der).map_err(|_| DkimKeyError::Unreadable)?;
    // A signature is as long as the modulus, and a key that cannot sign is better found now than in the first mail.
    let trial = key.sign(&b"trial"[..]).map_err(|_| DkimKeyError::Unreadable)?;
    if trial.len() < MODULUS_BYTES_MIN {
        return Err(DkimKeyError::TooShort);
    }
    let public = subject_public_key(&key.public_key());
    Ok((Key::Rsa(key), public))
}

fn dns_value(key: &Key, public: &[u8]) -> String {
    let kind = match key {
        Key::Rsa(_) => "rsa",
        Key::Ed25519(_) => "ed25519",
    };
    format!("v=DKIM1; k={kind}; p={}", BASE64.encode(public))
}

/// An RSA public key as `SubjectPublicKeyInfo` (RFC 5280 4.1): what verifiers built on OpenSSL want in `p=`,
/// although RFC 6376 3.6.1 names the bare key; its erratum 3017 explains.
fn subject_public_key(bare: &[u8]) -> Vec<u8> {
    let bits = der(0x03, &[&[0], bare].concat());
    der(0x30, &[&RSA_ENCRYPTION, bits.as_slice()].concat())
}

/// One value in DER: tag, length (X.690 8.1.3), content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let used = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut written = vec![tag];
    match used {
        [short] if *short < 0x80 => written.push(*short),
        // At most eight bytes of length, so that the count fits below the flag.
        long => {
            written.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            written.extend_from_slice(long);
        }
    }
    written.extend_from_slice(content);
    written
}

/// Letters, digits, hyphens and underscores in labels of bearable length.
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_BYTES_MAX
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= NAME_BYTES_MAX && text.split('.').all(is_label)
}
