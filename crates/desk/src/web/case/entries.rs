//! The timeline of a case as entries on screen: messages with their words, everything else in one line each.

use std::collections::HashMap;

use casework::{Actor, Event, MessageId, MessageState, Purpose, SenderProof, What as Happened};
use store::{CaseMessage, CasePage as Stored};

use super::events::Walk;
use super::passages::passages;
use crate::web::view::case_list::Person;
use crate::web::view::filters::CleanHtml;
use crate::web::view::timeline::{
    Entry, EventEntry, FileLink, InboundEntry, NoteEntry, OutboundEntry, SenderMark, What,
};
use crate::web::view::{Delivery, Moment, Reader};

/// All entries, oldest first.
pub(super) fn entries(stored: &Stored, reader: &Reader) -> Vec<Entry> {
    let messages: HashMap<MessageId, &CaseMessage> =
        stored.messages.iter().map(|message| (message.message.id, message)).collect();
    let mut walk = Walk::new(stored, reader);
    let mut entries = Vec::with_capacity(stored.events.len());
    for event in &stored.events {
        let at = reader.ago(event.at);
        if let Some(happened) = walk.step(event) {
            entries.push(event_entry(event, &at, happened));
        }
        let message = event.what.brings().and_then(|id| messages.get(&id));
        // A call that nobody answered may have nothing to say but that.
        let says = |message: &&&CaseMessage| !message.text.is_empty() || !message.files.is_empty();
        let message = message.filter(|message| event_is_no_call(event) || says(message));
        if let Some(message) = message {
            let what = message_entry(stored, message, reader);
            entries.push(Entry { id: format!("m-{}", message.message.id.0.simple()), at, what });
        }
    }
    entries
}

fn event_is_no_call(event: &Event) -> bool {
    !matches!(event.what, Happened::Called { .. })
}

fn event_entry(event: &Event, at: &Moment, happened: EventEntry) -> Entry {
    Entry { id: format!("e-{}", event.seq), at: at.clone(), what: What::Event(happened) }
}

fn message_entry(stored: &Stored, message: &CaseMessage, reader: &Reader) -> What {
    if stored.case.erased_at.is_some() && message.text.is_empty() {
        let text = reader.language.t("erased-text");
        return message_entry(stored, &CaseMessage { text, ..message.clone() }, reader);
    }
    match message.message.state {
        MessageState::Received => What::Inbound(Box::new(inbound(stored, message, reader))),
        MessageState::Note => What::Note(NoteEntry {
            from: author(stored, message),
            html: rich(message),
            files: files_of(message, reader, &files_base(stored, message)),
        }),
        _ => What::Outbound(Box::new(outbound(stored, message, reader))),
    }
}

fn inbound(stored: &Stored, message: &CaseMessage, reader: &Reader) -> InboundEntry {
    let (text, folded) = passages(&text::reading::read(&message.text));
    let address = message.address.clone().unwrap_or_default();
    let is_customer = message.message.author == Actor::Customer(stored.customer.id);
    let name = stored.customer.name.as_deref().filter(|_| is_customer);
    let shown = super::super::words::name_or(name, &address);
    let by_server = reader.language.t("message-by-server");
    let customer = super::side::customer_name(&stored.customer, reader.language);
    let shown = match message.message.author {
        // A delivery report names whom it likes as its sender: a mail server wrote it.
        Actor::Desk => by_server.as_str(),
        _ if shown.is_empty() => customer.as_str(),
        _ => shown,
    };
    let base = format!("/cases/{}/messages/{}", stored.case.reference, message.message.id);
    let has_letter = message.message.letter.is_some();
    InboundEntry {
        from: Person::named(shown),
        address,
        is_other_person: !is_customer && message.message.author != Actor::Desk,
        sender: match message.message.sender {
            SenderProof::Proven => Some(SenderMark::Verified),
            SenderProof::Forged => Some(SenderMark::Forged),
            SenderProof::Doubtful => Some(SenderMark::Doubtful),
            SenderProof::Unknown => None,
        },
        is_automatic: message.message.automatic.is_some(),
        written_at: message.message.written_at.map(|at| reader.day(at)),
        text,
        folded,
        html_url: message.message.has_layout.then(|| format!("{base}/html")),
        raw_url: has_letter.then(|| format!("{base}/letter.eml")),
        files: files_of(message, reader, &format!("{base}/files")),
        defects: Vec::new(),
    }
}

/// The files of a message that are not pictures inside its text, below the path `base`.
pub(in crate::web) fn files_of(message: &CaseMessage, reader: &Reader, base: &str) -> Vec<FileLink> {
    let shown = message.files.iter().filter(|file| file.content_id.is_none());
    let link = |file: &casework::InboundFile| {
        let url = format!("{base}/{}", file.index);
        let is_picture = files::sniff::is_picture(&file.media_type);
        FileLink {
            name: file.name.clone(),
            size: reader.size(file.size_bytes),
            preview_url: is_picture.then(|| format!("{url}/preview")),
            url,
        }
    };
    shown.map(link).collect()
}

fn files_base(stored: &Stored, message: &CaseMessage) -> String {
    format!("/cases/{}/messages/{}/files", stored.case.reference, message.message.id)
}

fn outbound(stored: &Stored, message: &CaseMessage, reader: &Reader) -> OutboundEntry {
    let purpose = message.message.purpose;
    let automatic = match purpose {
        Some(Purpose::Acknowledgement) => Some("automatic-acknowledgement"),
        Some(Purpose::Reminder) => Some("automatic-reminder"),
        Some(Purpose::Link) => Some("automatic-link"),
        _ => None,
    };
    OutboundEntry {
        from: author(stored, message),
        to: message.address.clone().unwrap_or_default(),
        html: match automatic {
            Some(key) => CleanHtml::vouch(text::html::from_plain(&reader.language.t(key))),
            None => rich(message),
        },
        delivery: delivery(stored, message, reader),
        is_proposal: purpose == Some(Purpose::Proposal),
        is_automatic: automatic.is_some(),
        files: files_of(message, reader, &files_base(stored, message)),
    }
}

/// The words of a message of ours. They were cleaned before they were stored; cleaning again costs little and keeps what
/// older versions let through from ever being shown.
pub(in crate::web) fn rich(message: &CaseMessage) -> CleanHtml {
    CleanHtml::vouch(match &message.html {
        Some(html) => text::html::composed(html),
        None => text::html::from_plain(&message.text),
    })
}

fn author(stored: &Stored, message: &CaseMessage) -> Person {
    match message.message.author {
        Actor::Agent(agent) => Person::named(stored.names.agents.get(&agent).map_or("", String::as_str)),
        Actor::Customer(_) | Actor::Desk => Person::named(&stored.brand),
    }
}

fn delivery(stored: &Stored, message: &CaseMessage, reader: &Reader) -> Delivery {
    let reason = message.reason.clone().unwrap_or_default();
    match message.message.state {
        MessageState::Sent => Delivery::Sent(reader.ago(sent_at(stored, message))),
        MessageState::Refused => Delivery::Refused { reason },
        MessageState::Delayed => {
            let again_at = message.again_at.unwrap_or(message.message.at);
            Delivery::Delayed { retry_at: reader.at(again_at), reason }
        }
        MessageState::Posted => Delivery::Posted,
        MessageState::Queued | MessageState::Received | MessageState::Note => Delivery::Waiting,
    }
}

/// When the next server took a message: the event says it.
fn sent_at(stored: &Stored, message: &CaseMessage) -> jiff::Timestamp {
    let id = message.message.id;
    let is_sent = |event: &&Event| event.what == Happened::MessageSent { message: id };
    stored.events.iter().rev().find(is_sent).map_or(message.message.at, |event| event.at)
}
