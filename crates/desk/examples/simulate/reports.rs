//! Mails of ours that do not arrive: the reports that mail servers write about them (RFC 3464), as they differ.

use casework::decision::AsideReason;

use crate::customers::{reader_of, reply_address};
use crate::letters::hand_in;
use crate::world::{Deed, Expects, Mail, Paper, World};

/// What a report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// There is no such address.
    Hard,
    /// The mailbox is full.
    Full,
    /// Not yet.
    Late,
    /// It failed for another address, to which the mailbox forwards.
    Elsewhere,
    /// It failed, and the server does not say which mail.
    Nameless,
}

/// One of each ten, in this order.
const KINDS: [Kind; 10] = [
    Kind::Hard,
    Kind::Hard,
    Kind::Full,
    Kind::Full,
    Kind::Full,
    Kind::Late,
    Kind::Late,
    Kind::Late,
    Kind::Elsewhere,
    Kind::Nameless,
];

/// The mail server of a mail's recipient reports that it did not arrive, or not yet.
pub async fn report_back(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let got = world.mails[mail].clone();
    let kind = KINDS[world.dice.index(KINDS.len())];
    // A server that does not say which mail writes to where the mail came from: that alone says whose case it is.
    let kind = if got.sender.is_empty() && kind == Kind::Nameless { Kind::Hard } else { kind };
    let to = if got.sender.is_empty() { reply_address(&got) } else { got.sender.clone() };
    let about = got.read.message_id.clone().unwrap_or_default();
    let own_id = world.mail_id("mx.exemple.fr");
    let told = Told { kind, about: &about, recipient: &got.recipient };
    let paper = world.keep(Paper {
        bytes: told.bytes(&to, &own_id),
        from: "mailer-daemon@exemple.fr".to_owned(),
        to: to.clone(),
        mail_id: own_id,
        is_automatic: true,
        is_report: true,
        failed: match kind {
            Kind::Late => None,
            Kind::Nameless => Some(String::new()),
            Kind::Hard | Kind::Full | Kind::Elsewhere => Some(about.clone()),
        },
        expects: got.case.map_or(Expects::Anything, Expects::Case),
        ..Paper::default()
    });
    if kind == Kind::Late && reader_of(world, mail).is_some_and(|who| who.is_full) {
        let after = world.dice.minutes(60, 600);
        world.plan(after, Deed::Report(mail))?;
    }
    world.counts.returned += u32::from(kind != Kind::Late);
    hand_in(world, paper, &[to]).await
}

/// A report about a mail that we never wrote; or one that somebody made up about a letter that a customer wrote, whose
/// number everybody knows to whom they wrote a copy.
pub async fn make_up(world: &mut World, inbox: &str) -> anyhow::Result<()> {
    let known: Vec<String> = world.papers.iter().map(|paper| paper.mail_id.clone()).collect();
    let guess = known.get(world.dice.index(known.len())).cloned().unwrap_or_default();
    let is_ours = |mail: &Mail| mail.read.message_id.as_deref() == Some(&guess);
    let is_guess = world.dice.says(50) && !guess.is_empty() && !world.mails.iter().any(is_ours);
    let about = if is_guess { guess } else { world.mail_id("ailleurs.example") };
    let own_id = world.mail_id("mx.ailleurs.example");
    let told = Told { kind: Kind::Hard, about: &about, recipient: "personne@ailleurs.example" };
    let paper = world.keep(Paper {
        bytes: told.bytes(inbox, &own_id),
        from: "mailer-daemon@exemple.fr".to_owned(),
        to: inbox.to_owned(),
        mail_id: own_id,
        is_automatic: true,
        expects: Expects::Aside(AsideReason::Bounce),
        ..Paper::default()
    });
    hand_in(world, paper, &[inbox.to_owned()]).await
}

/// What a report tells.
struct Told<'a> {
    kind: Kind,
    about: &'a str,
    recipient: &'a str,
}

impl Told<'_> {
    fn bytes(&self, to: &str, own_id: &str) -> Vec<u8> {
        let (action, status) = match self.kind {
            Kind::Hard | Kind::Elsewhere | Kind::Nameless => ("failed", "5.1.1"),
            Kind::Full => ("failed", "5.2.2"),
            Kind::Late => ("delayed", "4.4.1"),
        };
        let recipient =
            if self.kind == Kind::Elsewhere { "autre.boite@ailleurs.example" } else { self.recipient };
        let returned = match self.kind {
            Kind::Nameless => String::new(),
            _ => format!("--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n", self.about),
        };
        format!(
            "From: Mail Delivery System <mailer-daemon@exemple.fr>\r\nTo: <{to}>\r\nSubject: Undelivered Mail\r\n\
             Message-ID: <{own_id}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nYour mail to {recipient} ({own_id})\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n\
             Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n{returned}--b--\r\n"
        )
        .into_bytes()
    }
}
