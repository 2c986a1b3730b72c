//! The commands of a conversation: a line is completed, parsed by smtp-proto, and answered.
//! The content of letters is not here.

use std::borrow::Cow;

use smtp_proto::{Error, MAIL_BODY_BINARYMIME, MailFrom, Request};

use super::{Content, Protocol, Reply, Session, Stage, Step};
use crate::mail::limits::ADDRESS_BYTES_MAX;

impl Session {
    /// Collects one command line from the front of `input` and obeys it.
    pub(super) fn take_line(&mut self, input: &mut &[u8]) -> Step {
        let end = input.iter().position(|byte| *byte == b'\n');
        let (part, rest) = input.split_at(end.map_or(input.len(), |end| end + 1));
        *input = rest;
        if self.line.len() + part.len() > self.limits.command_bytes_max {
            self.is_line_too_long = true;
            self.line.clear();
        } else if !self.is_line_too_long {
            self.line.extend_from_slice(part);
        }
        if end.is_none() {
            return Step::Read;
        }
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_line_too_long) {
            return self.fault(Reply::line(500, "5.5.2", "Line is too long"));
        }
        self.obey_line(&line)
    }

    fn obey_line(&mut self, line: &[u8]) -> Step {
        // smtp-proto skips a CR wherever it stands; only the one before LF is allowed (RFC 5321 2.3.8).
        let Some(words) = line.strip_suffix(b"\r\n").filter(|words| !words.contains(&b'\r')) else {
            return self.fault(Reply::line(500, "5.5.2", "Lines must end in CR LF"));
        };
        let is_postmaster = words.to_ascii_lowercase().windows(12).any(|part| part == b"<postmaster>");
        match Request::parse(&mut line.iter()) {
            Ok(Request::Rcpt { to }) if is_postmaster && to.address.is_empty() => {
                // smtp-proto says nothing for `<Postmaster>`, the one address without a domain (RFC 5321 4.5.1).
                self.name_recipient("postmaster")
            }
            Ok(request) => self.obey(request),
            Err(error) => self.fault(parse_reply(&error)),
        }
    }

    fn obey(&mut self, request: Request<Cow<'_, str>>) -> Step {
        match request {
            Request::Ehlo { host } if self.limits.protocol == Protocol::Smtp => self.hello(&host, true),
            Request::Lhlo { host } if self.limits.protocol == Protocol::Lmtp => self.hello(&host, true),
            Request::Helo { host } if self.limits.protocol == Protocol::Smtp => self.hello(&host, false),
            Request::Ehlo { .. } | Request::Lhlo { .. } | Request::Helo { .. } => {
                self.fault(Reply::line(500, "5.5.1", "Not a command of this protocol"))
            }
            Request::Mail { from } => self.begin(&from),
            Request::Rcpt { to } => self.name_recipient(&to.address),
            Request::Data => self.begin_content(),
            Request::Rset => {
                if !matches!(self.stage, Stage::New) {
                    self.reset();
                }
                Step::Say(Reply::line(250, "2.0.0", "Forgotten"))
            }
            Request::Noop { .. } => Step::Say(Reply::line(250, "2.0.0", "Here")),
            Request::Vrfy { .. } => Step::Say(Reply::line(252, "2.1.5", "Send a letter to find out")),
            Request::Help { .. } => Step::Say(Reply::line(214, "2.0.0", "See RFC 5321 and RFC 2033")),
            Request::Quit => self.close(Reply::line(221, "2.0.0", "Goodbye")),
            // Bytes that are no commands would follow: nothing after it can be understood.
            Request::Bdat { .. } => self.close(Reply::line(502, "5.5.1", "CHUNKING is not offered")),
            Request::Auth { .. }
            | Request::StartTls
            | Request::Expn { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. } => self.fault(Reply::line(502, "5.5.1", "Not offered here")),
        }
    }

    fn hello(&mut self, host: &str, is_extended: bool) -> Step {
        self.reset();
        self.helo = host.chars().filter(|c| !c.is_control()).collect();
        if !is_extended {
            return Step::Say(Reply::line(250, "", &self.limits.hostname));
        }
        let size = format!("SIZE {}", self.limits.size_bytes_max);
        let offers =
            [&*self.limits.hostname, "PIPELINING", &size, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        Step::Say(Reply::lines(250, &offers.map(String::from)))
    }

    fn begin(&mut self, from: &MailFrom<Cow<'_, str>>) -> Step {
        if matches!(self.stage, Stage::New) {
            return self.fault(Reply::line(503, "5.5.1", "Say hello first"));
        }
        if matches!(self.stage, Stage::Addressed) {
            return self.fault(Reply::line(503, "5.5.1", "One letter at a time"));
        }
        if from.size > self.limits.size_bytes_max {
            return Step::Say(Reply::line(552, "5.3.4", "Letter is too large"));
        }
        if from.flags & MAIL_BODY_BINARYMIME != 0 {
            return self.fault(Reply::line(555, "5.5.4", "BINARYMIME is not offered"));
        }
        if !from.address.is_empty() && !is_address(&from.address) {
            return self.fault(Reply::line(553, "5.1.7", "Not an address"));
        }
        self.from = from.address.clone().into_owned();
        self.stage = Stage::Addressed;
        Step::Say(Reply::line(250, "2.1.0", "Sender noted"))
    }

    fn name_recipient(&mut self, address: &str) -> Step {
        if !matches!(self.stage, Stage::Addressed) {
            return self.fault(Reply::line(503, "5.5.1", "MAIL comes first"));
        }
        if address != "postmaster" && !is_address(address) {
            return self.fault(Reply::line(553, "5.1.3", "Not an address"));
        }
        if self.accepted.len() >= self.limits.recipients_max {
            return Step::Say(Reply::line(452, "4.5.3", "Too many recipients"));
        }
        self.asked = Some(address.to_owned());
        Step::Ask(address.to_owned())
    }

    fn begin_content(&mut self) -> Step {
        if !matches!(self.stage, Stage::Addressed) {
            return self.fault(Reply::line(503, "5.5.1", "MAIL and RCPT come first"));
        }
        if self.accepted.is_empty() {
            let code = if self.has_refused { 554 } else { 503 };
            return self.fault(Reply::line(code, "5.5.1", "No valid recipients"));
        }
        let content = Content::new(self.limits.size_bytes_max, self.limits.line_bytes_max);
        self.stage = Stage::Content(Box::new(content));
        Step::Say(Reply::line(354, "", "Go on, end with a dot on its own line"))
    }

    /// Says what is wrong, and after too many times closes.
    fn fault(&mut self, reply: Reply) -> Step {
        self.errors = self.errors.saturating_add(1);
        if self.errors >= self.limits.errors_max {
            return self.close(Reply::line(421, "4.7.0", "Too many errors, closing"));
        }
        Step::Say(reply)
    }
}

fn parse_reply(error: &Error) -> Reply {
    match error {
        Error::UnknownCommand => Reply::line(500, "5.5.1", "Unknown command"),
        Error::InvalidSenderAddress => Reply::line(553, "5.1.7", "Not an address"),
        Error::InvalidRecipientAddress => Reply::line(553, "5.1.3", "Not an address"),
        Error::UnsupportedParameter { .. } => Reply::line(555, "5.5.4", "Unknown parameter"),
        Error::SyntaxError { syntax } => Reply::line(501, "5.5.2", &format!("Write it as: {syntax}")),
        _ => Reply::line(501, "5.5.4", "Cannot read the parameters"),
    }
}

/// An address that can be written back on a line without doubt: quoted forms with spaces are not.
fn is_address(address: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | '"');
    (3..=ADDRESS_BYTES_MAX).contains(&address.len())
        && address.chars().all(is_plain)
        && address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
