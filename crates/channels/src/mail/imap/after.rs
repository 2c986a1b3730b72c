//! What becomes of a letter on the server once it is safe with us: only what the settings say, only to that letter.

use super::answer::{Said, Status};
use super::failure::ImapFailure;
use super::mailbox::{Mailbox, no_such_folder, quoted};
use super::settings::AfterReading;

impl Mailbox {
    /// Does with this letter what the settings say. To be called when the letter is safe; doing it twice does no harm,
    /// nor does a letter that is gone.
    ///
    /// Never a plain `EXPUNGE`, which would remove what others have marked: a server without `MOVE` (RFC 6851) and
    /// `UIDPLUS` (RFC 4315) keeps the letter, marked `\Deleted`; see [`super::Checked::can_remove`].
    pub async fn after_reading(&mut self, uid: u32) -> Result<(), ImapFailure> {
        match self.after_reading.clone() {
            AfterReading::Keep => Ok(()),
            AfterReading::MarkSeen => self.mark(uid, "\\Seen").await,
            AfterReading::MoveTo(folder) => self.move_to(uid, &folder).await,
            AfterReading::Delete => self.remove(uid).await,
        }
    }

    async fn move_to(&mut self, uid: u32, folder: &str) -> Result<(), ImapFailure> {
        let target = quoted(folder)?;
        let can_move = self.capabilities.contains("MOVE");
        let command = format!("UID {} {uid} {target}", if can_move { "MOVE" } else { "COPY" });
        let mut said = self.conversation.command(&command, |_| ()).await?;
        // Whoever names a folder wants it to be there (RFC 3501 6.4.7 says how servers ask for it).
        if said.status != Status::Ok && is_folder_missing(&said) {
            self.conversation.command(&format!("CREATE {target}"), |_| ()).await?;
            said = self.conversation.command(&command, |_| ()).await?;
        }
        match said.status {
            Status::Ok if can_move => Ok(()),
            Status::Ok => self.remove(uid).await,
            _ if is_folder_missing(&said) => Err(no_such_folder(folder, &said)),
            _ => Err(ImapFailure::refused(&said.text)),
        }
    }

    async fn remove(&mut self, uid: u32) -> Result<(), ImapFailure> {
        self.mark(uid, "\\Deleted").await?;
        if self.capabilities.contains("UIDPLUS") {
            self.conversation.must(&format!("UID EXPUNGE {uid}")).await?;
        }
        Ok(())
    }

    async fn mark(&mut self, uid: u32, flag: &str) -> Result<(), ImapFailure> {
        self.conversation.must(&format!("UID STORE {uid} +FLAGS.SILENT ({flag})")).await?;
        Ok(())
    }
}

/// RFC 3501 6.4.7 and RFC 5530 3.
fn is_folder_missing(said: &Said) -> bool {
    ["TRYCREATE", "NONEXISTENT"].iter().any(|code| said.code.starts_with(code))
}
