//! Proof that a letter or a visitor belongs to a case: signed reply addresses and private links.
//! HMAC-SHA-256 (RFC 2104) with the desk's secret, which is an argument and never stored here.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use uuid::Uuid;

use crate::case::Case;
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
/// How long a private link in a mail holds.
pub const LINK_HOLDS: SignedDuration = SignedDuration::from_hours(180 * 24);
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

    /// What proves that a page of ours was shown the id of an uploaded file.
    pub fn file_mark(&self, file: Uuid) -> String {
        let signature = self.sign("file", &[file.as_bytes()]);
        BASE32_NOPAD.encode(&signature[..ADDRESS_SIGNATURE_BYTES]).to_ascii_lowercase()
    }

    /// Whether that mark is ours. Compared in constant time.
    pub fn is_file_mark(&self, file: Uuid, mark: &str) -> bool {
        is_same(mark.as_bytes(), self.file_mark(file).as_bytes())
    }

    /// The token of a private link to a case that holds until an instant, to the minute. Raising the generation revokes the
    /// links given out before.
    pub fn link_token(&self, to: impl Into<LinkTo>, until: Timestamp) -> String {
        let (to, minutes) = (to.into(), minutes_of(until));
        let signature = self.link_signature(to, minutes);
        let mut token = to.brand.0.to_be_bytes().to_vec();
        token.extend(to.case.0.as_bytes());
        token.extend(minutes.to_be_bytes());
        token.extend(signature.iter().take(LINK_SIGNATURE_BYTES));
        BASE64URL_NOPAD.encode(&token)
    }

    /// What a link token claims to lead to; it must still be checked with the case.
    pub fn claim_of_link(token: &str) -> Option<(BrandId, CaseId)> {
        let (brand, case, _) = claim(token)?;
        Some((brand, case))
    }

    /// Whether a token is a link to this case, given out in its generation, and holds at an instant. Compared in constant
    /// time.
    pub fn is_link(&self, token: &str, to: impl Into<LinkTo>, now: Timestamp) -> bool {
        let Some((_, _, minutes)) = claim(token) else { return false };
        let until = Timestamp::from_second(i64::from(minutes) * 60).unwrap_or(Timestamp::MIN);
        is_same(token.as_bytes(), self.link_token(to, until).as_bytes()) && now < until
    }

    fn link_signature(&self, to: LinkTo, minutes: u32) -> [u8; 32] {
        let generation = to.generation.to_be_bytes();
        let parts =
            [&to.brand.0.to_be_bytes()[..], to.case.0.as_bytes(), &generation, &minutes.to_be_bytes()];
        self.sign("link", &parts)
    }
}

/// What a private link leads to: a case, as long as its links are not revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTo {
    /// The brand.
    pub brand: BrandId,
    /// The case.
    pub case: CaseId,
    /// How often its links had been revoked when this one was given out.
    pub generation: u32,
}

impl From<&Case> for LinkTo {
    fn from(case: &Case) -> Self {
        Self { brand: case.brand, case: case.id, generation: case.link_generation }
    }
}

/// Minutes since 1970.
fn minutes_of(at: Timestamp) -> u32 {
    u32::try_from(at.as_second() / 60).unwrap_or(if at > Timestamp::UNIX_EPOCH { u32::MAX } else { 0 })
}

/// Brand, case and end of a link token, as it claims them.
fn claim(token: &str) -> Option<(BrandId, CaseId, u32)> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (brand, rest) = bytes.split_at_checked(8)?;
    let (case, rest) = rest.split_at_checked(16)?;
    let (minutes, signature) = rest.split_at_checked(4)?;
    let brand = BrandId(i64::from_be_bytes(brand.try_into().ok()?));
    let minutes = u32::from_be_bytes(minutes.try_into().ok()?);
    let is_whole = signature.len() == LINK_SIGNATURE_BYTES;
    is_whole.then_some((brand, CaseId(Uuid::from_slice(case).ok()?), minutes))
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
