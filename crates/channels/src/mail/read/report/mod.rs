//! What a delivery report says: about whom, what became of the mail, why. Standard fields come first (RFC 3464), then
//! header fields, then sentences. Whether a letter is a report is judged in `automatic`.

mod addresses;
mod codes;
mod fate;
mod groups;
mod original;
mod phrases;
mod refusal;
mod sns;
mod story;

use casework::inbound::{DeliveryReport, Fate, Inbound};

use super::Defects;
use super::fields::Fields;
use super::headers::{address, one_line};
use super::parts::Letter;
use addresses::{Found, Known};
use groups::Group;
use refusal::{refusal, spoken};

pub(super) use original::Original;
pub(super) use story::{Author, Story};

/// Parts of a report looked at for its fields.
const PARTS_MAX: usize = 10;
/// Addresses looked at in a list of them.
const LISTED_MAX: usize = 20;
/// A report within a report, in bytes.
const NESTED_BYTES_MAX: usize = 64 * 1024;
/// The refusing server's words kept, in characters; `DeliveryReport` promises it.
const WORDS_CHARS_MAX: usize = 300;

/// Reads the report.
pub(super) fn report(
    parts: &Letter<'_>,
    letter: &Inbound,
    fields: &Fields<'_>,
    story: &Story<'_>,
    original: &Original,
) -> DeliveryReport {
    if let Some(report) = sns::report(story) {
        return DeliveryReport { words: short(&report.words), ..report };
    }
    let told = addresses::recipient(story, &known(letter, original));
    let is_told = told.as_ref().is_some_and(Found::is_sure);
    let group = chosen(parts, story).or_else(|| if is_told { None } else { nested(parts, story) });
    let words = group.as_ref().map(|group| diagnostic(&group.diagnostic)).unwrap_or_default();
    let words = if words.is_empty() { refusal(story, told.as_ref()) } else { words };
    let fate = group.as_ref().and_then(Group::fate).unwrap_or_else(|| fate::told(&letter.subject, story));
    let listed = listed(fields);
    // An alias was resolved: what our mail was for is named beside what it became.
    let alias =
        told.as_ref().filter(|found| found.is_alias && listed.len() < 2).map(|found| found.address.clone());
    let told = told.map(|found| found.address);
    let recipient = group.as_ref().and_then(Group::recipient).or(alias);
    let recipient = recipient.or_else(|| listed.first().cloned());
    let recipient = recipient.or_else(|| told.clone().filter(|_| is_told));
    let recipient = recipient.or_else(|| only(&original.to)).or(told);
    let status = status(group.as_ref(), &words, story, fate);
    DeliveryReport { fate, recipient, status, words: short(&words) }
}

/// The mail that a read receipt is about (RFC 8098 3.2.3).
pub(super) fn receipt_about(parts: &Letter<'_>) -> Option<String> {
    let mut heads = parts.files().iter().take(PARTS_MAX).map(|part| (*part, parts.head(*part)));
    let (part, head) = heads.find(|(_, head)| head.media_type == "message/disposition-notification")?;
    let content = parts.content(part, head.transfer);
    let (content, _) = super::decode::text(&content, head.charset.as_deref());
    original::named_id(&content, "original-message-id")
}

/// Exim's own field: the addresses that failed.
fn listed(fields: &Fields<'_>) -> Vec<String> {
    let list = fields.first("X-Failed-Recipients").unwrap_or_default();
    list.split([',', ';']).take(LISTED_MAX).filter_map(|one| address(one.trim())).collect()
}

/// The group of a report within the report, as filters make them that hand one on.
fn nested(parts: &Letter<'_>, story: &Story<'_>) -> Option<Group> {
    if let Some(group) = worst(groups::groups(story.original.iter().copied())) {
        return Some(group);
    }
    let mut heads = parts.files().iter().take(PARTS_MAX).map(|part| (*part, parts.head(*part)));
    let (part, head) = heads.find(|(_, head)| head.media_type == "message/rfc822")?;
    let content = parts.content(part, head.transfer);
    let content = String::from_utf8_lossy(&content[..content.len().min(NESTED_BYTES_MAX)]);
    worst(groups::groups(content.lines()))
}

/// The group about the worst that happened: failed before delayed before delivered.
fn chosen(parts: &Letter<'_>, story: &Story<'_>) -> Option<Group> {
    let mut all = Vec::new();
    for part in parts.files().iter().take(PARTS_MAX) {
        let head = parts.head(*part);
        let is_status = matches!(
            head.media_type.as_str(),
            "message/delivery-status" | "message/global-delivery-status" | "text/delivery-status"
        );
        if is_status {
            let content = parts.content(*part, head.transfer);
            let (content, _) = super::decode::text(&content, head.charset.as_deref());
            all.extend(groups::groups(content.lines()));
        }
    }
    if all.is_empty() {
        all = groups::groups(story.lines.iter().copied());
    }
    worst(all)
}

fn worst(groups: Vec<Group>) -> Option<Group> {
    let rank = |group: &Group| match group.fate() {
        Some(Fate::Failed) => 0,
        None => 1,
        Some(Fate::Delayed) => 2,
        Some(Fate::Delivered) => 3,
    };
    groups.into_iter().min_by_key(rank)
}

fn known(letter: &Inbound, original: &Original) -> Known {
    let people = letter.from.iter().chain(&letter.recipients).map(|mailbox| mailbox.address.clone());
    let others = people.chain(original.from.iter().cloned()).collect();
    Known { others, recipients: original.to.clone() }
}

fn only(addresses: &[String]) -> Option<String> {
    match addresses {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// `smtp; 550 5.1.1 …` without the kind of code, and without what our own server says around it.
fn diagnostic(value: &str) -> String {
    let is_kind = |kind: &str| !kind.is_empty() && kind.len() <= 20 && !kind.trim().contains(' ');
    let value = match value.split_once(';') {
        Some((kind, rest)) if is_kind(kind) => rest,
        _ => value,
    };
    spoken(value).trim().to_owned()
}

/// The written status, a vague one made exact by the server's words, else what those words clearly say.
fn status(group: Option<&Group>, words: &str, story: &Story<'_>, fate: Fate) -> Option<String> {
    let written = group.and_then(|group| codes::field_status(&group.status));
    if let Some(written) = written.as_ref().filter(|written| !codes::is_vague(written)) {
        return Some(written.clone());
    }
    let spoken = codes::enhanced(words).filter(|spoken| !codes::is_vague(spoken));
    if fate == Fate::Delivered {
        return written;
    }
    let is_coded =
        |line: &&&str| codes::smtp_code(line).is_some() || line.contains('#') || line.contains("DSN");
    let coded = story.lines.iter().filter(is_coded).find_map(|line| codes::enhanced(line));
    let coded = coded.filter(|_| group.is_none());
    let from_story = || coded.clone().filter(|coded| !codes::is_vague(coded));
    let folded = text::fold::folded(words);
    let clear = || codes::status_of_words(&folded, fate == Fate::Delayed);
    let vague = || written.clone().or_else(|| codes::enhanced(words)).or_else(|| coded.clone());
    spoken.or_else(from_story).or_else(clear).or_else(vague)
}

/// One line of at most 300 characters.
fn short(words: &str) -> String {
    one_line(words, "", WORDS_CHARS_MAX, &mut Defects::default())
}
