//! What a program asks to be done: a JSON body, under an `Idempotency-Key` if it likes, on condition (`If-Match`) that the
//! case is as it knew it. The answer is the same, byte for byte, however often the same is asked within a day.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::super::access::Held;
use super::super::state::Web;
use super::super::trouble::Trouble;
use crate::auth::session;
use crate::door::act::Terms;
use crate::door::once::Once;

/// Largest body read, in bytes.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Longest key of an act, in characters.
const KEY_CHARS_MAX: usize = 255;

/// What is asked for.
pub(in crate::web) struct Command<T> {
    /// The body.
    pub body: T,
    /// Under which key, and on what condition.
    pub terms: Terms,
}

impl<T: DeserializeOwned> FromRequest<Web> for Command<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Trouble> {
        let (parts, body) = request.into_parts();
        let held = parts.extensions.get::<Held>().ok_or(Trouble::NoToken)?;
        let at_seq = condition(&parts.headers)?;
        let key = key(&parts.headers)?;
        let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| Trouble::TooLarge)?;
        if !is_json(&parts.headers, bytes.is_empty()) {
            return Err(Trouble::WrongType);
        }
        let asked = Sha256::digest([parts.uri.path().as_bytes(), b"\n", &bytes].concat()).into();
        // An act without a key is one of its own.
        let key = key.unwrap_or_else(|| session::new_token(&web.desk));
        let once = Once::new(&format!("token {}", HEXLOWER.encode(&held.token)), &key);
        let once = once.map(|once| Once { asked: Some(asked), ..once });
        Ok(Self { body: read(&bytes)?, terms: Terms { once, at_seq } })
    }
}

/// The body; one that is empty says nothing, as `{}` does.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    // A list would be read as the fields in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Trouble::Invalid("the body is a list; an object is expected".to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Trouble::Invalid(error.to_string()),
        _ => Trouble::Unreadable,
    })
}

fn is_json(headers: &HeaderMap, is_empty: bool) -> bool {
    let Some(line) = headers.get(header::CONTENT_TYPE) else { return is_empty };
    let media_type = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Trouble> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().map_err(|_| Trouble::Unreadable)?.trim();
    if key.is_empty() || key.len() > KEY_CHARS_MAX {
        return Err(Trouble::Unreadable);
    }
    Ok(Some(key.to_owned()))
}

/// `If-Match: "7"`: the case stands at its seventh event. `*` holds for every case that there is.
fn condition(headers: &HeaderMap) -> Result<Option<u32>, Trouble> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    match value.to_str().map_err(|_| Trouble::Unreadable)?.trim() {
        "*" => Ok(None),
        // A tag of somebody else's is one that the case does not have; what is no tag at all cannot be read.
        tag if tag.len() > 2 && tag.ends_with('"') && tag.trim_start_matches("W/").starts_with('"') => {
            seq_of(tag).map(Some).ok_or(Trouble::Changed)
        }
        _ => Err(Trouble::Unreadable),
    }
}

/// The tag of a case as it stands at an event.
pub(super) fn tag(seq: u32) -> String {
    format!("\"{seq}\"")
}

/// The event that a tag names.
pub(super) fn seq_of(tag: &str) -> Option<u32> {
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// How much of a list is asked for: as much as there may be where nothing is said.
pub(super) fn limit(asked: Option<u32>, max: u32) -> Result<u32, Trouble> {
    match asked {
        None => Ok(max),
        Some(limit) if (1..=max).contains(&limit) => Ok(limit),
        Some(_) => Err(Trouble::Invalid(format!("limit: 1 to {max}"))),
    }
}

/// The answer to an act: its receipt.
pub(super) fn answer(status: StatusCode, receipt: Option<String>) -> Result<Response, Trouble> {
    let receipt = receipt.ok_or_else(|| Trouble::Failure("an act left no receipt".to_owned()))?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((status, kind, receipt).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_back() {
        for seq in [0, 1, u32::MAX] {
            assert_eq!(seq_of(&tag(seq)), Some(seq));
        }
        for odd in ["", "7", "\"\"", "\"x\"", "\"-1\"", "\"99999999999\""] {
            assert_eq!(seq_of(odd), None, "{odd}");
        }
        assert_eq!(seq_of("W/\"7\""), Some(7));
    }

    #[test]
    fn bodies_are_json_and_say_what_is_wrong_with_them() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            #[serde(default)]
            text: String,
        }
        assert_eq!(read::<Body>(b"").unwrap().text, "");
        assert_eq!(read::<Body>(br#"{"text":"x"}"#).unwrap().text, "x");
        assert!(matches!(read::<Body>(br#"{"text":1}"#), Err(Trouble::Invalid(_))));
        assert!(matches!(read::<Body>(br#"{"odd":1}"#), Err(Trouble::Invalid(_))));
        assert!(matches!(read::<Body>(b"{"), Err(Trouble::Unreadable)));
    }
}
