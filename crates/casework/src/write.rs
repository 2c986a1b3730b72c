//! Writing to the customer: one mail as a message, an event and an order, the same way for people and for the desk.
//! Internal notes are written here too, beside the mails and apart from them: a note has no order and no address.
//! The words of automatic mails are not here: they are made from the catalogue when the mail is written out.

use crate::case::Channel;
use crate::decision::{Attachment, ContentKind, Decision, Lane, Pen, ThreadKey};
use crate::event::{Actor, Purpose, What};
use crate::id::{CaseId, ContentId, FileId, IdentityId, MessageId, Mint};
use crate::inbound::{InboundFile, SenderProof};
use crate::message::{Message, MessageState};

/// What somebody wrote: rich text that is already safe, the same as plain text, and the files they put with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Plain text; empty only beside files.
    pub text: String,
    /// Safe HTML, if it was written as rich text.
    pub html: Option<String>,
    /// Files that were handed in before, at most [`FILES_MAX`].
    pub files: Vec<Upload>,
}

/// Files of one message.
pub const FILES_MAX: usize = 10;
/// Bytes of all files of one message: most mail servers take no larger mails.
pub const FILES_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// A file that was handed in and that no message has yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: FileId,
    /// Its name, without any path.
    pub name: String,
    /// What it was found to be, such as `image/jpeg`.
    pub media_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
}

/// Automatic mails to one address within an hour, and within a day, after which the desk falls silent.
const AUTOMATIC_PER_HOUR_MAX: u32 = 5;
const AUTOMATIC_PER_DAY_MAX: u32 = 20;

/// A mail to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What for.
    pub purpose: Purpose,
    /// To which address.
    pub to: IdentityId,
    /// `Message-ID`s it answers, newest first.
    pub answers: Vec<String>,
    /// The subject it answers; the case's subject when absent.
    pub subject: Option<ContentId>,
    /// A person's words; absent for automatic mails.
    pub words: Option<Words>,
    /// Its lane.
    pub lane: Lane,
    /// The domain of the inbox: the right-hand side of the `Message-ID`.
    pub host: String,
}

/// Whether so many automatic mails went to one address, in the last hour and in the last day, that the desk falls silent:
/// two machines may be answering each other, or somebody has others' boxes filled.
pub(crate) fn is_too_many_automatic((hour, day): (u32, u32)) -> bool {
    hour >= AUTOMATIC_PER_HOUR_MAX || day >= AUTOMATIC_PER_DAY_MAX
}

/// Writes a mail into a decision: message, thread key, event, order.
pub fn mail(
    decision: &mut Decision,
    pen: &mut Pen,
    author: Actor,
    mail: Mail,
    mint: &mut dyn Mint,
) -> MessageId {
    let case = pen.case().id;
    // 128 random bits: nobody can claim to answer a mail that they have not seen.
    let mail_id = format!("{:032x}@{}", mint.random(), mail.host);
    decision.thread_keys.push(ThreadKey { mail_id: mail_id.clone(), case });
    let subject = mail.subject.or(Some(pen.case().subject));
    let own = (author, MessageState::Queued, Channel::Mail);
    let id = add(decision, case, own, mail.words.unwrap_or_default(), mint, |message| Message {
        purpose: Some(mail.purpose),
        identity: Some(mail.to),
        subject,
        mail_id: Some(mail_id),
        answers: mail.answers,
        ..message
    });
    pen.record_as(author, What::MessageWritten { message: id, purpose: mail.purpose, to: mail.to });
    decision.order_mail(case, id, mail.lane, mint);
    id
}

/// A person's words on the private page of the case alone, for a customer who has no address to write to.
pub fn posted(
    decision: &mut Decision,
    pen: &mut Pen,
    (author, purpose, to): (Actor, Purpose, IdentityId),
    words: Words,
    mint: &mut dyn Mint,
) -> MessageId {
    let own = (author, MessageState::Posted, Channel::Page);
    let id = add(decision, pen.case().id, own, words, mint, |message| Message {
        purpose: Some(purpose),
        identity: Some(to),
        ..message
    });
    pen.record_as(author, What::MessageWritten { message: id, purpose, to });
    id
}

/// An internal note. It never leaves.
pub fn note(
    decision: &mut Decision,
    pen: &Pen,
    (author, channel): (Actor, Channel),
    words: Words,
    mint: &mut dyn Mint,
) -> MessageId {
    add(decision, pen.case().id, (author, MessageState::Note, channel), words, mint, |message| message)
}

/// What a customer said, by any other way than a letter by mail.
pub fn told(
    decision: &mut Decision,
    case: CaseId,
    (author, channel): (Actor, Channel),
    words: Words,
    mint: &mut dyn Mint,
) -> MessageId {
    add(decision, case, (author, MessageState::Received, channel), words, mint, |message| message)
}

/// Adds a message with its texts and its files; `finish` fills in what only some have.
fn add(
    decision: &mut Decision,
    case: CaseId,
    (author, state, channel): (Actor, MessageState, Channel),
    words: Words,
    mint: &mut dyn Mint,
    finish: impl FnOnce(Message) -> Message,
) -> MessageId {
    let id = MessageId(mint.uuid());
    let text = decision.content(case, ContentKind::Text, words.text, mint);
    let html = words.html.map(|html| decision.content(case, ContentKind::Html, html, mint));
    let files = attach(decision, (case, id), &words.files, mint);
    decision.messages.push(finish(Message {
        id,
        case,
        at: decision.at,
        author,
        channel,
        state,
        purpose: None,
        identity: None,
        text,
        html,
        subject: None,
        files,
        has_layout: false,
        letter: None,
        mail_id: None,
        answers: Vec::new(),
        automatic: None,
        sender: SenderProof::Unknown,
        written_at: None,
        reason: None,
    }));
    id
}

/// Claims the files for a message, and lists them as the files of a letter are listed.
fn attach(
    decision: &mut Decision,
    (case, message): (CaseId, MessageId),
    uploads: &[Upload],
    mint: &mut dyn Mint,
) -> Option<ContentId> {
    let mut listed = Vec::new();
    for (position, upload) in (0..).zip(uploads) {
        decision.attachments.push(Attachment { file: upload.id, case, message, position });
        listed.push(InboundFile {
            index: position,
            name: upload.name.clone(),
            media_type: upload.media_type.clone(),
            size_bytes: upload.size_bytes,
            content_id: None,
        });
    }
    let json = serde_json::to_string(&listed).unwrap_or_default();
    (!listed.is_empty()).then(|| decision.content(case, ContentKind::Files, json, mint))
}
