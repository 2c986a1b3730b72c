//! Bytes become steps: letters as mail programs, servers and liars write them, acts of agents, time that passes.

use std::fmt::Write as _;

use casework::SenderProof;

use crate::shelf::{INBOX, Shelf};

/// Who writes.
const FROMS: [&str; 6] = [
    "anne@client.example",
    "luc@client.example",
    "eve@ailleurs.example",
    "mailer-daemon@mx.example",
    "no-reply@boutique.example",
    INBOX,
];
const TEXTS: [&str; 5] = [
    "Mon colis MG-24811 devait arriver mardi dernier et je n'ai rien reçu, que se passe-t-il ?",
    "La bouilloire achetée en janvier fait disjoncter toute la maison, je demande son échange.",
    "Merci.",
    "Your mail could not be delivered: 550 5.1.1 no such user anne@client.example",
    "",
];
const SUBJECTS: [&str; 5] =
    ["Colis en retard", "Re: Colis en retard", "TR: Facture", "Undelivered Mail Returned to Sender", ""];
const HEADERS: [&str; 8] = [
    "",
    "",
    "Auto-Submitted: auto-replied\r\n",
    "Auto-Submitted: auto-generated\r\n",
    "List-Id: <news.example>\r\n",
    "X-Spam-Flag: YES\r\n",
    "Reply-To: <anne@client.example>\r\n",
    "X-Suivi-Loop: mark\r\n",
];
/// Bytes of a letter that the fuzzer writes itself.
const FREE_BYTES_MAX: usize = 400;

/// What happens next.
pub enum Step {
    /// A letter comes in.
    Letter { raw: Vec<u8>, recipient: String, sender: SenderProof },
    /// An agent answers.
    Answer { case: usize, waits: bool },
    /// An agent proposes a solution.
    Propose { case: usize },
    /// Hours pass.
    Wait { hours: i64 },
}

/// Bytes that are used up.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    fn next(&mut self) -> Option<usize> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(usize::from(*first))
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let place = self.next()?;
        from.get(place % from.len()).copied()
    }

    fn take(&mut self, max: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(self.0.len().min(max));
        self.0 = rest;
        taken
    }
}

/// The next step; none when the bytes are used up.
pub fn next(bytes: &mut Bytes<'_>, shelf: &Shelf) -> Option<Step> {
    match bytes.next()? % 12 {
        0 => Some(Step::Answer { case: bytes.next()?, waits: bytes.next()? % 2 == 0 }),
        1 => Some(Step::Propose { case: bytes.next()? }),
        2 => Some(Step::Wait { hours: i64::try_from(bytes.next()?).ok()? * 5 }),
        3 => {
            let raw = bytes.take(FREE_BYTES_MAX).to_vec();
            Some(Step::Letter { raw, recipient: INBOX.to_owned(), sender: SenderProof::Unknown })
        }
        4 => report(bytes, shelf),
        _ => letter(bytes, shelf),
    }
}

fn letter(bytes: &mut Bytes<'_>, shelf: &Shelf) -> Option<Step> {
    let (from, text, subject) = (bytes.pick(&FROMS)?, bytes.pick(&TEXTS)?, bytes.pick(&SUBJECTS)?);
    let headers = bytes.pick(&HEADERS)?;
    let recipient = recipient(bytes, shelf)?;
    let own = bytes.next()? % 8;
    let mut raw = format!(
        "From: <{from}>\r\nTo: <{recipient}>\r\nSubject: {subject}\r\nMessage-ID: <m{own}@{from}>\r\n{headers}"
    );
    for _ in 0..bytes.next()? % 3 {
        let about = id(bytes, shelf)?;
        write!(raw, "In-Reply-To: <{about}>\r\nReferences: <{about}>\r\n").ok()?;
    }
    write!(raw, "\r\n{text}\r\n").ok()?;
    let mut raw = raw.into_bytes();
    let more = bytes.next()? % 16;
    raw.extend_from_slice(bytes.take(more));
    let sender = bytes.pick(&[SenderProof::Unknown, SenderProof::Proven, SenderProof::Doubtful, SenderProof::Forged])?;
    Some(Step::Letter { raw, recipient, sender })
}

fn report(bytes: &mut Bytes<'_>, shelf: &Shelf) -> Option<Step> {
    let (action, status) = bytes.pick(&[
        ("failed", "5.1.1"),
        ("failed", "5.2.2"),
        ("delayed", "4.4.1"),
        ("delivered", "2.0.0"),
    ])?;
    let of = bytes.pick(&["anne@client.example", "luc@client.example", "autre@ailleurs.example"])?;
    let recipient = recipient(bytes, shelf)?;
    let own = bytes.next()?;
    let returned = match bytes.next()? % 4 {
        0 => String::new(),
        _ => {
            format!("--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n", id(bytes, shelf)?)
        }
    };
    let raw = format!(
        "From: <mailer-daemon@mx.example>\r\nTo: <{recipient}>\r\nSubject: Undelivered Mail\r\nMessage-ID: <d{own}@mx.example>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{own}\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {of}\r\nAction: {action}\r\nStatus: {status}\r\n{returned}--b--\r\n"
    );
    Some(Step::Letter { raw: raw.into_bytes(), recipient, sender: SenderProof::Unknown })
}

/// Our plain address, or the signed one of a case.
fn recipient(bytes: &mut Bytes<'_>, shelf: &Shelf) -> Option<String> {
    let place = bytes.next()?;
    let signed = if place % 3 == 0 { shelf.signed(place / 3) } else { None };
    Some(signed.unwrap_or_else(|| INBOX.to_owned()))
}

/// A `Message-ID`: of a mail of ours, or of somebody's letter.
fn id(bytes: &mut Bytes<'_>, shelf: &Shelf) -> Option<String> {
    let place = bytes.next()?;
    let ours = if place % 2 == 0 { shelf.mail_id(place / 2) } else { None };
    Some(ours.unwrap_or_else(|| format!("m{}@{}", place % 8, FROMS[place / 8 % FROMS.len()])))
}
