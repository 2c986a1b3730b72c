//! The commands that carry one mail, with the parameters a server offers (RFC 5321, 1870, 3461, 6152, 6531), and its
//! content made fit for the wire. Values in, text out; nothing is sent here.

use data_encoding::HEXUPPER;
use lettre::Address;
use mail_auth::common::to_a_label;

use super::failure::{SendFailure, impossible};
use super::reply::Offers;
use crate::mail::limits::ADDRESS_BYTES_MAX;

/// An envelope id, encoded (RFC 3461 4.4).
const ENVELOPE_ID_CHARS_MAX: usize = 100;
/// The part of a mail that is searched for its `Message-ID`, in bytes: our own stands in the first kilobytes.
const HEADER_BYTES_SEARCHED: usize = 64 * 1024;

/// One mail on its way: the envelope, checked, and the bytes.
#[derive(Debug)]
pub(super) struct Mail<'a> {
    /// Absent for the null sender (RFC 5321 4.5.5), which asks for no report.
    sender: Option<String>,
    recipient: String,
    bytes: &'a [u8],
}

impl<'a> Mail<'a> {
    /// Fails with a permanent 553 when an address cannot be one.
    pub fn new(from: &str, to: &str, bytes: &'a [u8]) -> Result<Self, SendFailure> {
        let sender = if from.is_empty() { None } else { Some(address(from)?) };
        Ok(Self { sender, recipient: address(to)?, bytes })
    }

    /// `MAIL FROM`. Where the server offers it, a report shall bring back the headers only, under our `Message-ID`.
    /// Fails when the mail needs an extension that the server lacks: no later try could do better.
    pub fn sender_command(&self, offers: &Offers) -> Result<String, SendFailure> {
        let mut command = format!("MAIL FROM:<{}>", self.sender.as_deref().unwrap_or_default());
        let has_foreign_address = !self.recipient.is_ascii() || !command.is_ascii();
        if has_foreign_address && !offers.utf8 {
            return Err(impossible(553, "5.6.7", "the server takes no addresses beyond ASCII (SMTPUTF8)"));
        }
        if !self.bytes.is_ascii() {
            if !offers.eight_bit {
                return Err(impossible(554, "5.6.3", "the server takes no bytes beyond ASCII (8BITMIME)"));
            }
            command.push_str(" BODY=8BITMIME");
        }
        if offers.utf8 && (has_foreign_address || !header(self.bytes).is_ascii()) {
            command.push_str(" SMTPUTF8");
        }
        if offers.size {
            command.push_str(" SIZE=");
            command.push_str(&self.bytes.len().to_string());
        }
        if offers.dsn && self.sender.is_some() {
            command.push_str(" RET=HDRS");
            if let Some(id) = message_id(self.bytes).map(xtext).filter(|id| id.len() <= ENVELOPE_ID_CHARS_MAX)
            {
                command.push_str(" ENVID=");
                command.push_str(&id);
            }
        }
        command.push_str("\r\n");
        Ok(command)
    }

    /// `RCPT TO`. A report is wanted when the mail fails or is late, and of whom we wrote to, since a forwarding may
    /// hide it; never for the null sender, which is what reports themselves are sent from.
    pub fn recipient_command(&self, offers: &Offers) -> String {
        let mut command = format!("RCPT TO:<{}>", self.recipient);
        if offers.dsn && self.sender.is_none() {
            command.push_str(" NOTIFY=NEVER");
        } else if offers.dsn {
            command.push_str(" NOTIFY=FAILURE,DELAY");
            // Addresses beyond ASCII have a type of their own (RFC 6533) that few servers know.
            if self.recipient.is_ascii() {
                command.push_str(" ORCPT=rfc822;");
                command.push_str(&xtext(&self.recipient));
            }
        }
        command.push_str("\r\n");
        command
    }

    /// The content with its end: every line ends in CR LF, a dot in front of a line is doubled (RFC 5321 4.5.2).
    /// A lone CR or LF becomes a line end, so that no server can see an end of mail where another sees none.
    pub fn content(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(self.bytes.len() + self.bytes.len() / 64 + 8);
        let mut rest = self.bytes;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            let (line, below) = rest.split_at(end);
            if line.starts_with(b".") {
                wire.push(b'.');
            }
            wire.extend_from_slice(line);
            wire.extend_from_slice(b"\r\n");
            rest = below.strip_prefix(b"\r\n").unwrap_or(below.get(1..).unwrap_or_default());
        }
        wire.extend_from_slice(b".\r\n");
        wire
    }
}

/// An address as it goes over the wire: its domain in A-labels (RFC 5891), which every server takes.
fn address(text: &str) -> Result<String, SendFailure> {
    let not_one = || impossible(553, "5.1.3", "not an address that mail can be sent to");
    let parsed: Address = text.parse().map_err(|_| not_one())?;
    let written = format!("{}@{}", parsed.user(), to_a_label(parsed.domain()));
    if written.len() > ADDRESS_BYTES_MAX || written.chars().any(char::is_control) {
        return Err(not_one());
    }
    Ok(written)
}

/// All above the first empty line.
fn header(bytes: &[u8]) -> &[u8] {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    &bytes[..end.unwrap_or(bytes.len())]
}

/// What stands between the angle brackets of the first `Message-ID`.
fn message_id(bytes: &[u8]) -> Option<&str> {
    let searched = header(&bytes[..bytes.len().min(HEADER_BYTES_SEARCHED)]);
    let name = b"message-id:";
    let is_it = |line: &&[u8]| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let line = std::str::from_utf8(searched.split(|byte| *byte == b'\n').find(is_it)?).ok()?;
    let (_, id) = line.split_once('<')?;
    let (id, _) = id.split_once('>')?;
    Some(id).filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// Printable ASCII in which `+` and `=` are written as hex (RFC 3461 4).
fn xtext(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'+' | b'=') {
            written.push(char::from(byte));
        } else {
            written.push('+');
            written.push_str(&HEXUPPER.encode(&[byte]));
        }
    }
    written
}
