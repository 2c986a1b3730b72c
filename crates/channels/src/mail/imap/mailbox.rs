//! One folder, open: how it is opened, left, and looked at for a moment. Letters are fetched in `fetch`.

use super::answer::{Answer, Said, Status};
use super::conversation::Conversation;
use super::failure::ImapFailure;
use super::folder;
use super::limits::GOODBYE;
use super::login::{Capabilities, enter};
use super::settings::{AfterReading, ImapSettings, Timeouts};

use std::time::Duration;

/// An open folder. Not to be used again after [`ImapFailure::BrokenOff`], [`ImapFailure::TooSlow`] or
/// [`ImapFailure::Unreadable`], nor after a call that was dropped half-way: every further call fails.
pub struct Mailbox {
    pub(super) conversation: Conversation,
    pub(super) capabilities: Capabilities,
    pub(super) after_reading: AfterReading,
    pub(super) timeouts: Timeouts,
    pub(super) poll_every: Duration,
    validity: u32,
    uid_next: Option<u32>,
}

/// What a look into a folder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Letters in the folder.
    pub messages: u32,
    /// See [`Mailbox::validity`].
    pub uid_validity: u32,
    /// Whether the server tells of new mail by itself.
    pub has_idle: bool,
    /// Whether letters can be taken out of the folder for good (`MOVE` or `UIDPLUS`); else they are only marked.
    pub can_remove: bool,
    /// The folder as in the settings.
    pub folder: String,
}

/// What opening a folder told.
#[derive(Debug, Default)]
struct Opened {
    exists: u32,
    validity: u32,
    uid_next: Option<u32>,
}

/// For a test button: connects, logs in, looks into the folder, leaves. Changes nothing.
pub async fn check(settings: &ImapSettings) -> Result<Checked, ImapFailure> {
    let (mut conversation, capabilities) = enter(settings).await?;
    let opened = open_folder(&mut conversation, &settings.folder, "EXAMINE").await?;
    if let AfterReading::MoveTo(target) = &settings.after_reading {
        quoted(target)?;
    }
    let _ = conversation.command("LOGOUT", |_| ()).await;
    Ok(Checked {
        messages: opened.exists,
        uid_validity: opened.validity,
        has_idle: capabilities.contains("IDLE"),
        can_remove: capabilities.contains("MOVE") || capabilities.contains("UIDPLUS"),
        folder: settings.folder.clone(),
    })
}

impl Mailbox {
    /// Connects, logs in and opens the folder: read-only (`EXAMINE`) with [`AfterReading::Keep`], else with `SELECT`.
    pub async fn open(settings: &ImapSettings) -> Result<Self, ImapFailure> {
        let (mut conversation, capabilities) = enter(settings).await?;
        let verb = if settings.after_reading == AfterReading::Keep { "EXAMINE" } else { "SELECT" };
        let opened = open_folder(&mut conversation, &settings.folder, verb).await?;
        conversation.exists = opened.exists;
        conversation.known = opened.exists;
        Ok(Self {
            conversation,
            capabilities,
            after_reading: settings.after_reading.clone(),
            timeouts: settings.timeouts,
            poll_every: settings.poll_every,
            validity: opened.validity,
            uid_next: opened.uid_next,
        })
    }

    /// The folder's `UIDVALIDITY` (RFC 3501 2.3.1.1). When it is not what it was, the numbers of all letters have
    /// changed: reading starts again after 0, and letters that came before are recognised by what is in them.
    pub fn validity(&self) -> u32 {
        self.validity
    }

    /// The number that the next letter will have at least, when the server told on opening.
    pub fn uid_next(&self) -> Option<u32> {
        self.uid_next
    }

    /// Letters in the folder by the server's last word.
    pub fn messages(&self) -> u32 {
        self.conversation.exists
    }

    /// Whether the server tells of new mail by itself (`IDLE`, RFC 2177).
    pub fn has_idle(&self) -> bool {
        self.capabilities.contains("IDLE")
    }

    /// Says good-bye. Nothing depends on its being heard: no letter is removed by it.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(GOODBYE, self.conversation.command("LOGOUT", |_| ())).await;
    }
}

async fn open_folder(conversation: &mut Conversation, name: &str, verb: &str) -> Result<Opened, ImapFailure> {
    let mut opened = Opened::default();
    let words = format!("{verb} {}", quoted(name)?);
    let said = conversation
        .command(&words, |answer| match answer {
            Answer::Exists(count) => opened.exists = count,
            Answer::Status(said) => {
                opened.validity = said.number("UIDVALIDITY").unwrap_or(opened.validity);
                opened.uid_next = said.number("UIDNEXT").or(opened.uid_next);
            }
            _ => {}
        })
        .await?;
    match said.status {
        Status::Ok if opened.validity == 0 => {
            // RFC 3501 6.3.1: such a server has no lasting numbers, so nobody could say what was read.
            Err(ImapFailure::refused("the server gives letters no lasting numbers (no UIDVALIDITY)"))
        }
        Status::Ok => Ok(opened),
        _ if is_passing(&said) => Err(ImapFailure::refused(&said.text)),
        _ => Err(no_such_folder(name, &said)),
    }
}

/// "Not now" (RFC 5530 3) and "not understood" say nothing about the folder.
fn is_passing(said: &Said) -> bool {
    said.status == Status::Bad
        || ["UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT"].iter().any(|code| said.code.starts_with(code))
}

pub(super) fn no_such_folder(name: &str, said: &Said) -> ImapFailure {
    ImapFailure::NoSuchFolder { folder: name.to_owned(), text: said.text.clone() }
}

pub(super) fn quoted(name: &str) -> Result<String, ImapFailure> {
    folder::quoted(name).ok_or_else(|| ImapFailure::NoSuchFolder {
        folder: name.chars().take(40).collect(),
        text: "a folder has a name of at most 500 characters".to_owned(),
    })
}
