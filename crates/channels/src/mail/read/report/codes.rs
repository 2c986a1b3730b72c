//! Numbers and reasons in a refusal: SMTP reply codes (RFC 5321 4.2), enhanced status codes (RFC 3463), and the words
//! that say the same. Only clear words make a code; a bare 550 may mean anything and makes none.

use super::phrases::{
    DISABLED, EXPIRED, FULL, MISSING, REFUSED, TOO_LARGE, UNKNOWN_HOST, UNKNOWN_USER, WHOSE, has,
};

/// Where a reply code that refuses (4xx, 5xx) begins on the line.
pub(super) fn smtp_code(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let is_code = |at: &usize| {
        let [class, second, third] = [0, 1, 2].map(|more| bytes.get(at + more).copied().unwrap_or(0));
        let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b' ');
        let after = bytes.get(at + 3).copied().unwrap_or(b' ');
        matches!(class, b'4' | b'5')
            && matches!(second, b'0'..=b'7')
            && third.is_ascii_digit()
            && matches!(before, b' ' | b'\t' | b':' | b'(' | b'[' | b'\'' | b'"' | b';' | b'>' | b',')
            && matches!(after, b' ' | b'-' | b',' | b'\t' | b':' | b'#')
    };
    (0..bytes.len().saturating_sub(2)).find(is_code)
}

/// The first enhanced status code of a failure (class 4 or 5) in the text.
pub(super) fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let starts = (0..bytes.len()).filter(|at| matches!(bytes[*at], b'4' | b'5'));
    starts.into_iter().find_map(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let is_free = !before.is_ascii_alphanumeric() && !matches!(before, b'.' | b'_' | b'/');
        let end = is_free.then(|| enhanced_end(bytes, at)).flatten()?;
        text.get(at..end).map(str::to_owned)
    })
}

/// Where `c.sss.ddd` ends, when it is one and not part of a longer number such as a version or an address.
fn enhanced_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits =
        |from: usize| bytes.iter().skip(from).take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let is_dot = |at: usize| bytes.get(at) == Some(&b'.');
    let subject = digits(start + 2);
    if !is_dot(start + 1) || !(1..=3).contains(&subject) || !is_dot(start + 2 + subject) {
        return None;
    }
    let detail_start = start + 3 + subject;
    let detail = digits(detail_start);
    let end = detail_start + detail;
    let goes_on = is_dot(end) && digits(end + 1) > 0;
    let is_word =
        bytes.get(end).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'/'));
    ((1..=3).contains(&detail) && !goes_on && !is_word).then_some(end)
}

/// A status as written in a `Status` field: class 2, 4 or 5, comments and padding left out.
pub(super) fn field_status(value: &str) -> Option<String> {
    let value = value.trim();
    if value.starts_with('2') {
        return enhanced_end(value.as_bytes(), 0).and_then(|end| value.get(..end)).map(str::to_owned);
    }
    enhanced(value)
}

/// Whether a status says only that something went wrong, somewhere: at the address, in the system, in the protocol.
pub(super) fn is_vague(status: &str) -> bool {
    [".0.0", ".3.0", ".5.0"].iter().any(|end| status.ends_with(end))
}

/// The status that clear words stand for; its class is 4 for what is still tried.
pub(super) fn status_of_words(folded: &str, is_delayed: bool) -> Option<String> {
    let is_missing = || has(&MISSING, folded) && has(&WHOSE, folded) && !folded.contains("may not exist");
    let detail = if has(&UNKNOWN_HOST, folded) {
        "1.2"
    } else if has(&FULL, folded) {
        "2.2"
    } else if has(&TOO_LARGE, folded) {
        "3.4"
    } else if has(&UNKNOWN_USER, folded) || is_missing() {
        "1.1"
    } else if has(&DISABLED, folded) {
        "2.1"
    } else if has(&EXPIRED, folded) {
        "4.7"
    } else if has(&REFUSED, folded) {
        "7.1"
    } else {
        return None;
    };
    Some(format!("{}.{detail}", if is_delayed { 4 } else { 5 }))
}
