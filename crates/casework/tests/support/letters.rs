//! Letters and what is known about them, so that a test names only what matters to it.

use casework::inbound::DeliveryReport;
use casework::intake::{self, Findings, Forwarding, Known, Letter, Match};
use casework::people::{Customer, Identity};
use casework::{AgentId, Automatic, Case, Decision, Flag, Inbound, Mailbox, Policy, SenderProof};
use jiff::Timestamp;

use super::{ANNE, ANNE_MAIL, BRAND, HOST, INBOX, TEAM, always_open, letter, march, mint};

/// A letter on its way in, with when it is decided on.
#[derive(Debug, Clone)]
pub struct Post {
    pub inbound: Inbound,
    pub findings: Findings,
    pub is_insisted: bool,
    pub is_history: bool,
    pub flags: Vec<Flag>,
    pub sender: SenderProof,
    pub forwarding: Option<Forwarding>,
    pub is_by_proxy: bool,
    pub now: Timestamp,
}

impl Post {
    /// A letter by Anne, decided on at noon on Monday the second.
    pub fn saying(text: &str) -> Self {
        let inbound = Inbound {
            from: Some(Mailbox { address: "anne@client.example".to_owned(), name: Some("Anne".to_owned()) }),
            subject: "Réclamation".to_owned(),
            message_id: Some("m1@client.example".to_owned()),
            text: text.to_owned(),
            body_hash: [9; 32],
            ..Inbound::default()
        };
        let findings = Findings { visible: text.to_owned(), language: Some("fr".to_owned()) };
        Self {
            inbound,
            findings,
            is_insisted: false,
            is_history: false,
            flags: Vec::new(),
            sender: SenderProof::Unknown,
            forwarding: None,
            is_by_proxy: false,
            now: march("02T12:00"),
        }
    }

    pub fn by_machine(mut self, kind: Automatic) -> Self {
        self.inbound.automatic = Some(kind);
        self
    }

    pub fn insisted(mut self) -> Self {
        self.is_insisted = true;
        self
    }

    pub fn proved(mut self, sender: SenderProof) -> Self {
        self.sender = sender;
        self
    }

    /// Passed on by a person of the desk, with words of their own.
    pub fn forwarded_by(mut self, agent: AgentId, comment: &str) -> Self {
        self.forwarding = Some(Forwarding { agent, comment: comment.to_owned() });
        self
    }

    /// Its writer is named by somebody who is not proven.
    pub fn by_proxy(mut self) -> Self {
        self.is_by_proxy = true;
        self
    }

    /// A delivery report.
    pub fn reporting(mut self, report: DeliveryReport) -> Self {
        self.inbound.automatic = Some(Automatic::Bounce);
        self.inbound.report = Some(report);
        self
    }

    pub fn in_language(mut self, language: Option<&str>) -> Self {
        self.findings.language = language.map(str::to_owned);
        self
    }

    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    pub fn by_nobody(mut self) -> Self {
        self.inbound.from = None;
        self
    }

    pub fn decided(&self, known: &Known) -> Decision {
        let letter = Letter {
            id: letter(1),
            fingerprint: intake::fingerprint(&self.inbound),
            inbound: &self.inbound,
            findings: &self.findings,
            is_insisted: self.is_insisted,
            is_history: self.is_history,
            flags: &self.flags,
            sender: self.sender,
            forwarding: self.forwarding.as_ref(),
            is_by_proxy: self.is_by_proxy,
        };
        intake::decide(&letter, known, &mut mint(), self.now)
    }
}

/// Nothing is known about the sender, nothing leads anywhere.
pub fn known() -> Known {
    Known {
        brand: BRAND,
        brand_language: "fr".to_owned(),
        inbox: INBOX,
        host: HOST.to_owned(),
        team: TEAM,
        sender: None,
        sender_is_ours: false,
        junk_rule: None,
        repeats_id: false,
        returned: None,
        duplicate_of: None,
        matches: vec![],
        cited: vec![],
        open_cases: vec![],
        free_keys: vec!["m1@client.example".to_owned()],
        automatic_sent: (0, 0),
        policy: Policy::default(),
        calendar: always_open(),
    }
}

/// Anne, who has written before.
pub fn sender() -> (Customer, Identity) {
    let customer =
        Customer { id: ANNE, version: 4, name: Some("Anne".to_owned()), language: Some("en".to_owned()) };
    (
        customer,
        Identity {
            id: ANNE_MAIL,
            customer: ANNE,
            kind: casework::IdentityKind::Mail,
            address: "anne@client.example".to_owned(),
            undeliverable_at: None,
        },
    )
}

/// The letter's headers lead to this case.
pub fn matched(case: Case) -> Match {
    Match { case, is_by_address: false, sender_takes_part: true }
}
