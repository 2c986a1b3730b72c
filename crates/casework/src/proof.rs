//! Proof that a letter or a visitor belongs to a case: signed reply addresses and private links.
//! HMAC-SHA-256 (RFC 2104) with the desk's secret, which is an argument and never stored here.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::id::{BrandId, CaseId};

/// The desk's secret. Whoever has it can sign; it lives in a file of the installation, never in the database.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secret is shorter than 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the desk's secret must have at least 32 bytes")]
pub struct SecretTooShort;

/// Bytes of the signature in a reply address: 80 bits, far beyond guessing through a mail server.
const ADDRESS_SIGNATURE_BYTES: usize = 10;
/// Bytes of the signature in a private link: 128 bits.
const LINK_SIGNATURE_BYTES: usize = 16;

impl Secret {
    /// Takes a secret of at least 32 bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, SecretTooShort> {
        if bytes.len() < 32 { Err(SecretTooShort) } else { Ok(Self(bytes)) }
    }

    /// A signature over `parts`, each preceded by its length so that no two lists read the same.
    pub fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // HMAC takes keys of any length: this branch cannot be reached.
            return [0; 32];
        };
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The address to answer to for a case: `local+token@domain`. The token survives changes of letter case.
    pub fn reply_address(&self, inbox: &str, brand: BrandId, case: CaseId) -> String {
        let signature = self.sign("reply", &[&brand.0.to_be_bytes(), case.0.as_bytes()]);
        let mut token = case.0.as_bytes().to_vec();
        token.extend(signature.iter().take(ADDRESS_SIGNATURE_BYTES));
        let token = BASE32_NOPAD.encode(&token).to_ascii_lowercase();
        match inbox.split_once('@') {
            Some((local, domain)) => format!("{local}+{token}@{domain}"),
            None => inbox.to_owned(),
        }
    }

    /// The case that a signed reply address belongs to, if the signature is ours. Compared in constant time.
    pub fn case_of_address(&self, address: &str, brand: BrandId) -> Option<CaseId> {
        let (local, _) = address.rsplit_once('@')?;
        let (_, token) = local.rsplit_once('+')?;
        let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
        let (id, given) = bytes.split_at_checked(16)?;
        let case = CaseId(Uuid::from_slice(id).ok()?);
        let signature = self.sign("reply", &[&brand.0.to_be_bytes(), case.0.as_bytes()]);
        is_same(given, signature.get(..ADDRESS_SIGNATURE_BYTES)?).then_some(case)
    }

    /// The token of a private link to a case. Raising the generation revokes the links given out before.
    pub fn link_token(&self, brand: BrandId, case: CaseId, generation: u32) -> String {
        let signature = self.link_signature(brand, case, generation);
        let mut token = brand.0.to_be_bytes().to_vec();
        token.extend(case.0.as_bytes());
        token.extend(signature.iter().take(LINK_SIGNATURE_BYTES));
        BASE64URL_NOPAD.encode(&token)
    }

    /// What a link token claims to lead to; it must still be checked with the case's generation.
    pub fn claim_of_link(token: &str) -> Option<(BrandId, CaseId)> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (brand, rest) = bytes.split_at_checked(8)?;
        let (case, signature) = rest.split_at_checked(16)?;
        let brand = BrandId(i64::from_be_bytes(brand.try_into().ok()?));
        (signature.len() == LINK_SIGNATURE_BYTES).then_some((brand, CaseId(Uuid::from_slice(case).ok()?)))
    }

    /// Whether a token is the valid link to this case at this generation. Compared in constant time.
    pub fn is_link(&self, token: &str, brand: BrandId, case: CaseId, generation: u32) -> bool {
        is_same(token.as_bytes(), self.link_token(brand, case, generation).as_bytes())
    }

    fn link_signature(&self, brand: BrandId, case: CaseId, generation: u32) -> [u8; 32] {
        self.sign("link", &[&brand.0.to_be_bytes(), case.0.as_bytes(), &generation.to_be_bytes()])
    }
}

/// Equality whose time tells nothing about where two values differ.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

/// The inbox address without a plus tag: `care+x@brand.fr` → `care@brand.fr`.
pub fn without_tag(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or(local)),
        None => address.to_owned(),
    }
}
