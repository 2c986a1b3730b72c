//! How an access token is shown to a mail server: `XOAUTH2`, as Google and Microsoft document it. No sockets here.

use data_encoding::BASE64;
use serde::Deserialize;

/// A server's reason is a few hundred bytes.
const CHALLENGE_BYTES_MAX: usize = 8 * 1024;

/// The initial response, before base64. Control characters, which would end a field early, are left out.
pub fn xoauth2(user: &str, access_token: &str) -> String {
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    format!("user={}\u{1}auth=Bearer {}\u{1}\u{1}", clean(user), clean(access_token))
}

/// The status in the server's base64 question after it refused a token, such as `400` or `401`. The right answer to
/// that question is an empty line; then the server says no.
pub fn xoauth2_refusal(question: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        status: String,
    }
    if question.len() > CHALLENGE_BYTES_MAX {
        return None;
    }
    let decoded = BASE64.decode(question.trim().as_bytes()).ok()?;
    let status = serde_json::from_slice::<Refusal>(&decoded).ok()?.status;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    Some(status.chars().filter(|c| is_plain(*c)).take(30).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_shown_as_documented() {
        // The example of Google's documentation.
        let shown = BASE64.encode(
            xoauth2("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg").as_bytes(),
        );
        assert_eq!(
            shown,
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        );
        assert_eq!(xoauth2("a\u{1}b", "c\r\n"), "user=ab\u{1}auth=Bearer c\u{1}\u{1}");
    }

    #[test]
    fn a_refusal_is_read() {
        let question =
            BASE64.encode(br#"{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}"#);
        assert_eq!(xoauth2_refusal(&question).as_deref(), Some("401"));
        for question in ["", "????", "e30=", "{}", &"A".repeat(CHALLENGE_BYTES_MAX + 1)] {
            assert_eq!(xoauth2_refusal(question), None, "{question:.20}");
        }
    }
}
