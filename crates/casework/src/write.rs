//! Writing to the customer: one mail as a message, an event and an order, the same way for people and for the desk.
//! Internal notes are written here too, beside the mails and apart from them: a note has no order and no address.
//! The words of automatic mails are not here: they are made from the catalogue when the mail is written out.

use crate::decision::{ContentKind, Decision, Lane, Pen, ThreadKey};
use crate::event::{Actor, Purpose, What};
use crate::id::{ContentId, IdentityId, MessageId, Mint};
use crate::inbound::SenderProof;
use crate::message::{Message, MessageState};

/// What somebody wrote: rich text that is already safe, and the same as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Plain text, never empty.
    pub text: String,
    /// Safe HTML, if it was written as rich text.
    pub html: Option<String>,
}

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

/// Writes a mail into a decision: message, thread key, event, order.
pub fn mail(
    decision: &mut Decision,
    pen: &mut Pen,
    author: Actor,
    mail: Mail,
    mint: &mut dyn Mint,
) -> MessageId {
    let id = MessageId(mint.uuid());
    let case = pen.case().id;
    let words = mail.words.unwrap_or(Words { text: String::new(), html: None });
    let text = decision.content(case, ContentKind::Text, words.text, mint);
    let html = words.html.map(|html| decision.content(case, ContentKind::Html, html, mint));
    // 128 random bits: nobody can claim to answer a mail that they have not seen.
    let mail_id = format!("{:032x}@{}", mint.random(), mail.host);
    decision.thread_keys.push(ThreadKey { mail_id: mail_id.clone(), case });
    decision.messages.push(Message {
        id,
        case,
        at: decision.at,
        author,
        state: MessageState::Queued,
        purpose: Some(mail.purpose),
        identity: Some(mail.to),
        text,
        html,
        subject: mail.subject.or(Some(pen.case().subject)),
        files: None,
        has_layout: false,
        letter: None,
        mail_id: Some(mail_id),
        answers: mail.answers,
        automatic: None,
        sender: SenderProof::Unknown,
        written_at: None,
        reason: None,
    });
    pen.record_as(author, What::MessageWritten { message: id, purpose: mail.purpose, to: mail.to });
    decision.order_mail(case, id, mail.lane, mint);
    id
}

/// An internal note. It never leaves.
pub fn note(
    decision: &mut Decision,
    pen: &Pen,
    author: Actor,
    words: Words,
    mint: &mut dyn Mint,
) -> MessageId {
    unsent(decision, pen, (author, MessageState::Note), words, mint)
}

/// Words that are not sent: an internal note, or what a customer wrote on their page.
pub fn unsent(
    decision: &mut Decision,
    pen: &Pen,
    (author, state): (Actor, MessageState),
    words: Words,
    mint: &mut dyn Mint,
) -> MessageId {
    let id = MessageId(mint.uuid());
    let text = decision.content(pen.case().id, ContentKind::Text, words.text, mint);
    let html = words.html.map(|html| decision.content(pen.case().id, ContentKind::Html, html, mint));
    decision.messages.push(Message {
        id,
        case: pen.case().id,
        at: decision.at,
        author,
        state,
        purpose: None,
        identity: None,
        text,
        html,
        subject: None,
        files: None,
        has_layout: false,
        letter: None,
        mail_id: None,
        answers: Vec::new(),
        automatic: None,
        sender: SenderProof::Unknown,
        written_at: None,
        reason: None,
    });
    id
}
