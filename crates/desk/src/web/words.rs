//! Small conversions that several screens share: from the words of the law to those of the views, and text into URLs.

use casework::{Case, Closing};
use jiff::tz::TimeZone;

use crate::web::language::Language;
use crate::web::view::{Nature, Status};

/// The zone used when a brand's own is not known to this machine.
const USUAL_ZONE: &str = "Europe/Paris";

/// Where a case stands, as shown.
pub(super) fn status(status: casework::Status, closing: Option<Closing>) -> Status {
    match (status, closing) {
        (casework::Status::New, _) => Status::New,
        (casework::Status::Open, _) => Status::Open,
        (casework::Status::WaitingCustomer, _) => Status::WaitingCustomer,
        (casework::Status::WaitingThirdParty, _) => Status::WaitingThirdParty,
        (casework::Status::Resolved, _) => Status::Resolved,
        (casework::Status::Closed, Some(Closing::Lapsed)) => Status::ClosedLapsed,
        (casework::Status::Closed, Some(Closing::Merged)) => Status::ClosedMerged,
        (casework::Status::Closed, _) => Status::ClosedConfirmed,
    }
}

/// Where this case stands, as shown.
pub(super) fn status_of(case: &Case) -> Status {
    status(case.status, case.closing)
}

/// What kind of matter it is, as shown.
pub(super) fn nature(nature: casework::Nature) -> Nature {
    match nature {
        casework::Nature::Request => Nature::Request,
        casework::Nature::Complaint => Nature::Complaint,
        casework::Nature::Report => Nature::Report,
        casework::Nature::Dispute => Nature::Dispute,
    }
}

/// A time zone by name.
pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::get(USUAL_ZONE)).unwrap_or(TimeZone::UTC)
}

/// A name, or the address of somebody who gave none.
pub(super) fn name_or<'a>(name: Option<&'a str>, address: &'a str) -> &'a str {
    name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(address)
}

/// The same for a heading or a link, which must say something: that nothing is known any more of who was erased.
pub(super) fn person_words(name: Option<&str>, address: &str, language: Language) -> String {
    let known = name_or(name, address);
    if known.is_empty() { language.t("person-erased") } else { known.to_owned() }
}

/// A subject on one line, for a link, which must say something.
pub(super) fn subject_words(subject: &str, chars_max: usize, language: Language) -> String {
    let line = one_line(subject, chars_max);
    if line.is_empty() { language.t("subject-none") } else { line }
}

/// Text as the value of a query parameter: all but letters, digits and `-._~/` in percent signs (RFC 3986, 2).
pub(super) fn in_query(text: &str) -> String {
    percent(text, b"-._~/")
}

/// Text in percent signs, all but letters, digits and what is kept.
pub(super) fn percent(text: &str, kept: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digits = [byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)]));
            out.extend(['%', digits[0], digits[1]]);
        }
    }
    out
}

/// Words on one line, without control characters, at most `chars_max` characters.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = line.chars().filter(|c| !c.is_control());
    let mut cut: String = chars.by_ref().take(chars_max).collect();
    if chars.next().is_some() {
        cut.push('…');
    }
    cut
}

/// Whether a path leads to a page of this desk, and nowhere else: one slash at its start, nothing that browsers read as
/// another host or clean away before they look.
pub(super) fn is_own_path(path: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_graphic() && c != '\\';
    path.starts_with('/') && !path.starts_with("//") && path.len() <= 500 && path.chars().all(is_safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_followed() {
        for own in ["/", "/cases?view=mine&after=1", "/c/abc_-"] {
            assert!(is_own_path(own), "{own}");
        }
        for foreign in [
            "",
            "cases",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\u{e9}",
        ] {
            assert!(!is_own_path(foreign), "{foreign}");
        }
    }

    #[test]
    fn text_goes_into_urls_and_onto_one_line() {
        assert_eq!(in_query("/cases?view=é&x"), "/cases%3Fview%3D%C3%A9%26x");
        assert_eq!(one_line(" un\n\tdeux  trois ", 7), "un deux…");
        assert_eq!(one_line("un", 2), "un");
    }
}
