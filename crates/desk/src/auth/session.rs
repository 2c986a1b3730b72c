//! Signing in and out, and who a session or an API token belongs to. Tokens are 256 random bits; only their hashes are kept.

use std::net::IpAddr;

use casework::Agent;
use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{StoreError, TokenHolder};
use thiserror::Error;

use super::password::{self, HashingFailed};
use super::peers::Peers;
use crate::desk::Desk;

/// How long a session lasts.
pub const LASTS: SignedDuration = SignedDuration::from_hours(12);
/// Longest address that is looked at, in bytes (RFC 5321, 4.5.3.1).
const EMAIL_BYTES_MAX: usize = 254;
/// Length of a token as text: 32 bytes in base64.
const TOKEN_CHARS: usize = 43;
/// Longest API token that is looked at: a token behind a word that says whose it is.
const API_TOKEN_BYTES_MAX: usize = 100;

/// Somebody who wants to sign in.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The mail address as typed.
    pub email: String,
    /// The password as typed.
    pub password: String,
    /// Where they come from, if that is known.
    pub peer: Option<IpAddr>,
}

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Address and password do not go together.
    #[error("address or password is wrong")]
    Wrong,
    /// Too many tries; until when to wait.
    #[error("too many tries")]
    Locked(Timestamp),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
}

/// Signs somebody in and gives the token of their new session.
pub async fn sign_in(desk: &Desk, peers: &Peers, attempt: Attempt) -> Result<String, SignInError> {
    let now = desk.clock.now();
    let email = attempt.email.trim().to_lowercase();
    let name_hash = desk.secret.sign("sign-in", &[email.as_bytes()]);
    let peer_waits = attempt.peer.and_then(|peer| peers.waits_until(peer, now));
    let name_waits = desk.store.locked_until(name_hash, now).await?;
    if let Some(until) = name_waits.max(peer_waits) {
        return Err(SignInError::Locked(until));
    }
    let known = match email.len() {
        ..=EMAIL_BYTES_MAX => desk.store.credentials(&email).await?,
        _ => None,
    };
    let hash = known.as_ref().map(|known| known.password_hash.clone());
    let is_right = password::is_right(desk, attempt.password, hash).await?;
    let Some(known) = known.filter(|_| is_right) else {
        desk.store.count_failure(name_hash, now).await?;
        if let Some(peer) = attempt.peer {
            peers.count(peer, now);
        }
        return Err(SignInError::Wrong);
    };
    desk.store.forget_failures(name_hash).await?;
    let token = new_token(desk);
    let expires_at = now.checked_add(LASTS).unwrap_or(Timestamp::MAX);
    desk.store.begin_session(hash_of(&token), known.agent, now, expires_at).await?;
    Ok(token)
}

/// Ends a session.
pub async fn sign_out(desk: &Desk, token: &str) -> Result<(), StoreError> {
    desk.store.end_session(hash_of(token)).await
}

/// Whose session this is, while it lasts.
pub async fn agent_of_session(desk: &Desk, token: &str) -> Result<Option<Agent>, StoreError> {
    match token.len() {
        TOKEN_CHARS => desk.store.session(hash_of(token), desk.clock.now()).await,
        _ => Ok(None),
    }
}

/// Whoever holds an API token.
pub async fn holder_of_token(desk: &Desk, token: &str) -> Result<Option<TokenHolder>, StoreError> {
    match token.len() {
        TOKEN_CHARS..=API_TOKEN_BYTES_MAX => desk.store.token(hash_of(token), desk.clock.now()).await,
        _ => Ok(None),
    }
}

/// A new token: of a session or of a visit.
pub fn new_token(desk: &Desk) -> String {
    BASE64URL_NOPAD.encode(&desk.chance.bytes())
}

/// What is kept of a token. It has 256 random bits, so that a plain hash cannot be tried out.
pub fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
