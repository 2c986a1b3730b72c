//! Was it written by a machine? RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 2919 and 2369 (lists)
//! and the habits of the field. A person's letter taken for a machine's goes unanswered, so doubt means a person.

use casework::inbound::{Automatic, Inbound};
use mail_parser::Message;

use super::parts::Head;
use crate::mail::compose::LOOP_HEADER;

/// Local parts that only mail servers write from.
const DAEMONS: [&str; 5] = ["mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "mailer-deamon"];

/// What mail servers begin the subjects of their reports with, in lower case.
const REPORT_SUBJECTS: [&str; 22] = [
    "undeliver",
    "delivery status",
    "delivery notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery error",
    "returned mail",
    "returned to sender",
    "mail delivery fail",
    "mail delivery system",
    "mail could not be delivered",
    "message could not be delivered",
    "warning: could not send",
    "warning: message",
    "failure notice",
    "mail system error",
    "message delivery",
    "non remis",
    "non-remis",
    "message non distribu",
    "échec de la remise",
];

/// What Outlook begins the subject of an automatic answer with, in lower case.
const REPLY_SUBJECTS: [&str; 6] = [
    "automatic reply:",
    "réponse automatique :",
    "réponse automatique\u{a0}:",
    "réponse automatique:",
    "out of office:",
    "absence du bureau",
];

/// Decides which kind of machine, if any.
pub(super) fn automatic(
    letter: &Inbound,
    message: &Message<'_>,
    root: &Head,
    report_type: Option<&str>,
    own_mark: &str,
) -> Option<Automatic> {
    let fields = Fields(message);
    let is_own = !own_mark.is_empty() && fields.all(LOOP_HEADER).any(|mark| mark.trim() == own_mark);
    if is_own {
        Some(Automatic::OwnLoop)
    } else if is_bounce(letter, &fields, root, report_type) {
        Some(Automatic::Bounce)
    } else if is_reply(letter, &fields, root, report_type) {
        Some(Automatic::Reply)
    } else if is_list(&fields) {
        Some(Automatic::List)
    } else if is_generated(&fields, root) {
        Some(Automatic::Generated)
    } else {
        None
    }
}

fn is_bounce(letter: &Inbound, fields: &Fields<'_>, root: &Head, report_type: Option<&str>) -> bool {
    let is_other_report = matches!(report_type, Some("disposition-notification" | "feedback-report"));
    if root.media_type == "multipart/report" && !is_other_report || fields.has("X-Failed-Recipients") {
        return true;
    }
    let from = letter.from.as_ref();
    let local = from.and_then(|from| from.address.split_once('@')).map_or("", |(local, _)| local);
    if DAEMONS.contains(&local) {
        return true;
    }
    // A postmaster may be a person, and anybody may write about a returned mail: two signs are asked for.
    let subject = letter.subject.to_lowercase();
    let is_about_delivery = REPORT_SUBJECTS.iter().any(|start| subject.starts_with(start));
    let is_postmaster = matches!(local, "postmaster" | "post_master");
    let is_machine = fields.has_null_sender() || fields.says_automatic();
    // Old servers write `From: MAILER-DAEMON` or `From: <>`, which is no address.
    let is_server = is_machine || is_postmaster || from.is_none();
    is_about_delivery && is_server || is_postmaster && is_machine
}

fn is_reply(letter: &Inbound, fields: &Fields<'_>, root: &Head, report_type: Option<&str>) -> bool {
    if root.media_type == "multipart/report" && report_type == Some("disposition-notification") {
        return true;
    }
    let submitted = fields.keyword("Auto-Submitted");
    if submitted == "auto-replied" || submitted == "auto-generated" && !letter.answers.is_empty() {
        return true;
    }
    let marks = ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply"];
    if marks.iter().any(|mark| fields.has(mark) && fields.keyword(mark) != "no") {
        return true;
    }
    let is_apple = fields.keyword("X-Apple-Action") == "vacation";
    if is_apple || matches!(fields.keyword("Precedence").as_str(), "auto_reply" | "auto-reply") {
        return true;
    }
    // Outlook marks ordinary mail with this field too: it counts together with Outlook's own subject only.
    let subject = letter.subject.to_lowercase();
    let is_named = REPLY_SUBJECTS.iter().any(|start| subject.starts_with(start));
    is_named && (fields.has("X-Auto-Response-Suppress") || fields.says_automatic())
}

fn is_list(fields: &Fields<'_>) -> bool {
    let precedence = fields.keyword("Precedence");
    let is_bulk = matches!(precedence.as_str(), "list" | "bulk" | "junk");
    fields.has("List-Id")
        || precedence == "list"
        || (fields.has("List-Unsubscribe") || fields.has("List-Post") || fields.has("X-Mailing-List"))
            && is_bulk
}

fn is_generated(fields: &Fields<'_>, root: &Head) -> bool {
    fields.says_automatic()
        || fields.has_null_sender()
        || root.media_type == "multipart/report"
        || matches!(fields.keyword("Precedence").as_str(), "bulk" | "junk")
}

/// The letter's fields by name, as raw text.
struct Fields<'a>(&'a Message<'a>);

impl<'a> Fields<'a> {
    fn all(&self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let message = self.0;
        let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        let named = fields.iter().filter(move |field| field.name.as_str().eq_ignore_ascii_case(name));
        named.map(move |field| {
            let range = field.offset_start as usize..field.offset_end as usize;
            String::from_utf8_lossy(message.raw_message.get(range).unwrap_or_default()).into_owned()
        })
    }

    fn first(&self, name: &'a str) -> Option<String> {
        self.all(name).next()
    }

    fn has(&self, name: &'a str) -> bool {
        self.first(name).is_some()
    }

    /// The first word of the field in lower case, without parameters and comments; empty when absent.
    fn keyword(&self, name: &'a str) -> String {
        let value = self.first(name).unwrap_or_default();
        let end = |c: char| c == ';' || c == '(' || c.is_whitespace();
        value.trim().split(end).next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The null sender, which nobody must answer (RFC 5321 4.5.5, RFC 3834 2). No person's program uses it.
    fn has_null_sender(&self) -> bool {
        self.first("Return-Path").is_some_and(|path| matches!(path.trim(), "<>" | ""))
    }

    /// RFC 3834 5: any value but `no` means a machine.
    fn says_automatic(&self) -> bool {
        let submitted = self.keyword("Auto-Submitted");
        !submitted.is_empty() && submitted != "no"
    }
}
