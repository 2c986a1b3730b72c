//! The letter's own header fields: who, to whom, about what, answering what. One line each, bounded, decoded.
//! Parts and bodies are not here.

use casework::inbound::{Defect, Inbound, Mailbox};
use jiff::Timestamp;
use mail_parser::{Address, HeaderName, HeaderValue, Message};

use super::Defects;
use crate::mail::limits::{
    ADDRESS_BYTES_MAX, ANSWERS_MAX, ID_BYTES_MAX, NAME_CHARS_MAX, RECIPIENTS_MAX, SUBJECT_CHARS_MAX,
};

/// Fills in all that the header block says.
pub(super) fn fill(letter: &mut Inbound, message: &Message<'_>, defects: &mut Defects) {
    letter.from = mailboxes(message, &HeaderName::From, 1, defects).pop();
    if letter.from.is_none() {
        defects.add(Defect::NoSender);
    }
    letter.reply_to = mailboxes(message, &HeaderName::ReplyTo, 1, defects)
        .pop()
        .filter(|reply_to| letter.from.as_ref().is_none_or(|from| from.address != reply_to.address));
    letter.recipients = mailboxes(message, &HeaderName::To, RECIPIENTS_MAX + 1, defects);
    letter.recipients.extend(mailboxes(message, &HeaderName::Cc, RECIPIENTS_MAX + 1, defects));
    if letter.recipients.len() > RECIPIENTS_MAX {
        letter.recipients.truncate(RECIPIENTS_MAX);
        defects.add(Defect::TooMany("recipients".to_owned()));
    }
    let subject = values(message, &HeaderName::Subject).next().and_then(HeaderValue::as_text);
    letter.subject = one_line(subject.unwrap_or_default(), "Subject", SUBJECT_CHARS_MAX, defects);
    letter.message_id = ids(message, &HeaderName::MessageId).next();
    letter.answers = answers(message, defects);
    letter.sent_at = sent_at(message);
}

/// The values of all fields of that name, in order. The first counts: later ones are often copied or forged.
fn values<'a>(
    message: &'a Message<'a>,
    name: &'a HeaderName<'a>,
) -> impl DoubleEndedIterator<Item = &'a HeaderValue<'a>> {
    let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    fields.iter().filter(move |field| field.name == *name).map(|field| &field.value)
}

/// Usable addresses of all fields of that name, groups flattened, at most `count`.
fn mailboxes(
    message: &Message<'_>,
    name: &HeaderName<'static>,
    count: usize,
    defects: &mut Defects,
) -> Vec<Mailbox> {
    let addresses = values(message, name).filter_map(HeaderValue::as_address).flat_map(Address::iter);
    let usable =
        addresses.filter_map(|given| Some((address(given.address.as_deref()?)?, given.name.as_deref())));
    let mailbox = |(address, given): (String, Option<&str>)| {
        let given = one_line(given.unwrap_or_default(), name.as_static_str(), NAME_CHARS_MAX, defects);
        Mailbox { address, name: Some(given).filter(|given| !given.is_empty()) }
    };
    usable.take(count).map(mailbox).collect()
}

/// Usable addresses of all fields of that name, at most `count`, without their names.
pub(super) fn addresses(message: &Message<'_>, name: &HeaderName<'static>, count: usize) -> Vec<String> {
    let found = mailboxes(message, name, count, &mut Defects::default());
    found.into_iter().map(|mailbox| mailbox.address).collect()
}

/// Lower-case `local@domain`, or nothing when it cannot be one.
pub(super) fn address(given: &str) -> Option<String> {
    let given = given.trim();
    let (local, domain) = given.rsplit_once('@')?;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';');
    let is_address = !local.is_empty() && !domain.is_empty() && given.chars().all(is_plain);
    // Lower case may be longer than what it was made from.
    is_address.then(|| given.to_lowercase()).filter(|given| given.len() <= ADDRESS_BYTES_MAX)
}

/// Ids without angle brackets; what has spaces inside is no id but a sentence of an old program.
pub(super) fn ids<'a>(
    message: &'a Message<'a>,
    name: &'a HeaderName<'a>,
) -> impl DoubleEndedIterator<Item = String> {
    let each = |value: &'a HeaderValue<'a>| match value {
        HeaderValue::Text(id) => std::slice::from_ref(id),
        HeaderValue::TextList(ids) => ids.as_slice(),
        _ => &[],
    };
    let is_id = |id: &&str| {
        !id.is_empty()
            && id.len() <= ID_BYTES_MAX
            && !id.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>'))
    };
    values(message, name).flat_map(each).map(AsRef::as_ref).filter(is_id).map(str::to_owned)
}

/// `In-Reply-To` first, then `References` from the newest to the oldest (RFC 5322 3.6.4).
fn answers(message: &Message<'_>, defects: &mut Defects) -> Vec<String> {
    let (direct, thread) = (HeaderName::InReplyTo, HeaderName::References);
    let mut answers: Vec<String> = Vec::new();
    for id in ids(message, &direct).chain(ids(message, &thread).rev()) {
        if answers.contains(&id) {
            continue;
        }
        if answers.len() == ANSWERS_MAX {
            defects.add(Defect::TooMany("References".to_owned()));
            break;
        }
        answers.push(id);
    }
    answers
}

fn sent_at(message: &Message<'_>) -> Option<Timestamp> {
    let date = values(message, &HeaderName::Date).next()?.as_datetime()?;
    date.is_valid().then(|| Timestamp::from_second(date.to_timestamp()).ok()).flatten()
}

/// Decoded text on one line. Folding leaves tabs and spaces, which is ordinary; other control characters were put there
/// to forge a header or to mislead, like the marks that turn the direction of writing.
pub(super) fn one_line(text: &str, field: &str, chars_max: usize, defects: &mut Defects) -> String {
    if text.chars().any(is_forged) {
        defects.add(Defect::HeaderInjection(field.to_owned()));
    }
    let spaced: String = text.chars().map(|c| if is_forged(c) { ' ' } else { c }).collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(chars_max) {
        None => line,
        Some((end, _)) => {
            defects.add(Defect::HeaderTooLong(field.to_owned()));
            line[..end].trim_end().to_owned()
        }
    }
}

fn is_forged(c: char) -> bool {
    let turns_direction = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}') || turns_direction
}
