//! What these walks share: acting, reading timelines, and letters that mail servers and machines write.

use std::time::Duration;

use casework::act::Act;
use casework::decision::AsideReason;
use casework::event::What;
use casework::write::Words;
use casework::{Case, Inbound, Status};
use channels::mail::authentication::Authenticator;
use desk::chance::Chance;
use desk::desk::{Desk, Setup};
use desk::door::act;
use desk::prover::Prover;
use jiff::SignedDuration;

use crate::support::{BRAND, INBOX, Letter, TestDesk};

/// The server whose statements about senders count.
pub const MX: &str = "mx.atelier.example";

pub fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: Some(format!("<p>{text}</p>")), files: Vec::new() }
}

/// An agent acts, and the desk works.
pub async fn do_act(desk: &TestDesk, agent: &str, case: &Case, deed: Act) {
    act::by_agent(&desk.desk, desk.agent(agent), (BRAND, case.id), deed, None).await.unwrap();
    desk.settle().await;
}

/// Camille answers and asks the customer something. Gives the mail that left.
pub async fn ask(desk: &TestDesk, case: &Case) -> Inbound {
    desk.pass(SignedDuration::from_mins(1));
    do_act(desk, "camille", case, Act::Reply { words: words("Quelle est votre adresse ?"), waits: true })
        .await;
    last_mail(desk).await.1
}

/// The mail that left last, and to whom. Two of one instant are in no order.
pub async fn last_mail(desk: &TestDesk) -> (String, Inbound) {
    desk.sent().await.pop().unwrap()
}

/// The case as it is now.
pub async fn now(desk: &TestDesk, case: &Case) -> Case {
    desk.desk.store.case(BRAND, case.id).await.unwrap().unwrap()
}

pub async fn happenings(desk: &TestDesk, case: &Case) -> Vec<What> {
    let events = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
    events.into_iter().map(|event| event.what).collect()
}

/// How many messages came in.
pub async fn received(desk: &TestDesk, case: &Case) -> usize {
    let all = happenings(desk, case).await;
    all.iter().filter(|what| matches!(what, What::MessageReceived { .. })).count()
}

/// Why letters were kept aside, the last one first.
pub async fn aside(desk: &TestDesk) -> Vec<String> {
    let admin = desk.agent("admin").id;
    let kept = desk.desk.store.aside_letters((admin, true), AsideReason::ALL, None, 100).await.unwrap();
    kept.into_iter().map(|letter| letter.reason).collect()
}

/// Whether the customer waits for us in this case.
pub fn is_ours_to_move(case: &Case) -> bool {
    matches!(case.status, Status::New | Status::Open) && case.unanswered_since.is_some()
}

/// The signed address that a mail of ours wants its answers at.
pub fn signed(mail: &Inbound) -> String {
    mail.reply_to.as_ref().unwrap().address.clone()
}

pub fn id_of(mail: &Inbound) -> String {
    mail.message_id.clone().unwrap()
}

/// A delivery report (RFC 3464) about a mail of ours.
pub struct Report<'a> {
    /// `Message-ID` of the mail that came back; empty when the server does not say.
    pub about: &'a str,
    /// To whom it could not be brought.
    pub recipient: &'a str,
    /// `failed` or `delayed`.
    pub action: &'a str,
    pub status: &'a str,
    /// Its own `Message-ID`.
    pub id: &'a str,
}

impl Report<'_> {
    /// As it travels, to this address.
    pub fn to_mail(&self, to: &str) -> String {
        let Self { about, recipient, action, status, id } = self;
        let returned = match *about {
            "" => String::new(),
            about => format!("--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{about}>\r\n"),
        };
        format!(
            "From: Mail Delivery System <mailer-daemon@exemple.fr>\r\nTo: <{to}>\r\n\
             Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{id}>\r\nAuto-Submitted: auto-replied\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nYour mail to {recipient} ({id}).\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n\
             Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; {status} said the server\r\n{returned}--b--\r\n"
        )
    }
}

/// Hands in a report and lets the desk work.
pub async fn report(desk: &TestDesk, to: &str, report: &Report<'_>) {
    desk.hand_in("", to, report.to_mail(to).as_bytes()).await;
    desk.settle().await;
}

/// The same desk, which believes what [`MX`] states about senders and asks a name server that never answers.
pub async fn proving(mut desk: TestDesk) -> TestDesk {
    let parts = &desk.desk;
    let nobody = "127.0.0.1:9".parse().unwrap();
    let authenticator = Authenticator::new(Some(nobody), Duration::from_millis(200)).unwrap();
    let proving = Desk::new(Setup {
        prover: Prover::On { authenticator: Box::new(authenticator), trusted: vec![MX.to_owned()] },
        ..Setup::secluded(parts.store.clone(), parts.clock.clone(), Chance::seeded(77), parts.secret.clone())
    });
    desk.desk = proving;
    desk
}

/// What a server states about the domain that a letter claims to come from.
pub fn stated(server: &str, dmarc: &str, domain: &str) -> String {
    format!("Authentication-Results: {server}; dmarc={dmarc} (p=REJECT) header.from={domain}\r\n")
}

/// Nadia's second letter, which shares no words with her first.
pub fn other_problem(id: &str) -> Letter<'_> {
    Letter {
        id,
        subject: "Facture",
        text: "La bouilloire achetée en janvier fait disjoncter toute la maison, je demande son échange.\r\n",
        ..Letter::default()
    }
}

/// Somebody who has no part in anything.
pub fn eve(id: &str) -> Letter<'_> {
    Letter {
        from: "eve@exemple.org",
        name: "Eve",
        to: INBOX,
        id,
        text: "Envoyez le remboursement sur mon nouveau compte, s'il vous plaît.\r\n",
        ..Letter::default()
    }
}
