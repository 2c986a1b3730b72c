//! Was it written by a machine? RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 8098 (read receipts),
//! RFC 6047 (calendars), RFC 5965 (feedback reports), RFC 2919 and 2369 (lists) and the habits of the field.
//! A person's letter taken for a machine's goes unanswered, so doubt means a person.

mod bounce;
mod list;
mod reply;

use casework::inbound::{Automatic, Inbound, Mailbox};

pub(super) use list::address as list_address;

use super::fields::Fields;
use super::parts::{Container, Head, Letter};
use crate::mail::compose::LOOP_HEADER;

/// Parts looked at for a receipt or a calendar.
const PARTS_MAX: usize = 50;
/// Calendar methods that a calendar program sends by itself (RFC 5546 1.4). A `PUBLISH` is a file for people.
const METHODS: [&str; 7] = ["request", "reply", "cancel", "counter", "declinecounter", "refresh", "add"];
/// What is known about the letter when its author is judged.
pub(super) struct Seen<'a> {
    /// As read so far: header and text.
    pub letter: &'a Inbound,
    pub fields: &'a Fields<'a>,
    pub parts: &'a Letter<'a>,
    /// What the root part says about itself.
    pub root: Head,
    /// The `report-type` of a `multipart/report`, lower case.
    pub report_type: Option<String>,
}

/// Decides which kind of machine, if any.
pub(super) fn automatic(seen: &Seen<'_>, own_mark: &str) -> Option<Automatic> {
    let is_own = !own_mark.is_empty() && seen.fields.all(LOOP_HEADER).any(|mark| mark.trim() == own_mark);
    if is_own {
        Some(Automatic::OwnLoop)
    } else if is_receipt(seen) {
        Some(Automatic::Receipt)
    } else if is_feedback(seen) {
        // A person pressed "junk" on a mail of ours: worth a look, neither a failure nor an answer to give.
        Some(Automatic::Generated)
    } else if is_invitation(seen) {
        Some(Automatic::Invitation)
    } else if bounce::is_bounce(seen) {
        Some(Automatic::Bounce)
    } else if reply::is_reply(seen) {
        Some(Automatic::Reply)
    } else if list::is_list(seen.fields) {
        Some(Automatic::List)
    } else if is_generated(seen) {
        Some(Automatic::Generated)
    } else {
        None
    }
}

impl Seen<'_> {
    /// The local part of the author's address; empty when there is none.
    fn local(&self) -> &str {
        let from = self.letter.from.as_ref();
        from.and_then(|from| from.address.split_once('@')).map_or("", |(local, _)| local)
    }

    /// The author's display name, folded; empty when there is none.
    fn name(&self) -> String {
        let from = self.letter.from.as_ref();
        text::fold::folded(from.and_then(|from| from.name.as_deref()).unwrap_or_default())
    }

    fn is_report(&self) -> bool {
        self.root.media_type == "multipart/report"
    }

    /// Whether the author's address says that nobody reads the answers.
    fn is_no_reply(&self) -> bool {
        self.letter.from.as_ref().is_some_and(Mailbox::takes_no_answers)
    }

    fn has_part(&self, is_it: impl Fn(&Head) -> bool) -> bool {
        self.parts.files().iter().take(PARTS_MAX).any(|part| is_it(&self.parts.head(*part)))
    }
}

/// RFC 8098: its own report, or its part in the container that old Exchange and Novell servers give it.
fn is_receipt(seen: &Seen<'_>) -> bool {
    let is_receipt = |head: &Head| head.media_type == "message/disposition-notification";
    seen.is_report() && seen.report_type.as_deref() == Some("disposition-notification")
        || (seen.is_report() || seen.fields.says_automatic() || reply::has_receipt_subject(seen))
            && seen.has_part(is_receipt)
}

/// RFC 5965, and the complaints that Outlook.com sends without saying so: a mail of ours behind a fixed subject.
pub(super) fn is_feedback(seen: &Seen<'_>) -> bool {
    seen.is_report() && seen.report_type.as_deref() == Some("feedback-report")
        || seen.has_part(|head| head.media_type == "message/feedback-report")
        || seen.letter.subject.to_ascii_lowercase().starts_with("complaint about message from ")
            && seen.has_part(|head| head.media_type == "message/rfc822")
}

/// The mail is the invitation: a calendar as the root or beside the text as another form of it (RFC 6047 2.4).
/// A calendar attached to a letter is a file like any other.
fn is_invitation(seen: &Seen<'_>) -> bool {
    let places = seen.parts.files().iter().copied().take(PARTS_MAX);
    let is_whole = |part: usize| part == 0 || seen.parts.container(part) == Some(Container::Alternative);
    places.into_iter().filter(|part| is_whole(*part)).any(|part| {
        let head = seen.parts.head(part);
        let method = head.method.as_deref().map(str::to_ascii_lowercase);
        let is_asked = method.is_some_and(|method| METHODS.contains(&method.trim()));
        head.media_type == "text/calendar" && is_asked
    })
}

fn is_generated(seen: &Seen<'_>) -> bool {
    let fields = seen.fields;
    fields.says_automatic()
        || fields.has_null_sender()
        || seen.is_report()
        || matches!(fields.precedence().as_str(), "bulk" | "junk")
        || fields.keyword("X-FC-MachineGenerated") == "true"
        // With an address for answers it may be a form that a person filled in.
        || seen.is_no_reply() && seen.letter.reply_to.is_none()
}
