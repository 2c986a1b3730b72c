//! Writing mails out: a message and its case → one complete mail, in the customer's language.
//! The sentences come from the catalogue; what a person wrote goes out as they wrote it.

use casework::clock;
use casework::message::REFERENCES_MAX;
use casework::proof::LINK_HOLDS;
use casework::{ClockKind, Mailbox, Outbound, Purpose};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::{Lookup, StoreError, ToWrite};

use crate::desk::Desk;
use crate::web::language::Language;
use crate::web::view::Reader;

/// Writes a mail. The same message gives the same mail, as long as the catalogue is the same; the bytes are stored anyway.
pub async fn write_out(desk: &Desk, from: &ToWrite) -> Result<Outbound, StoreError> {
    let language = Language::from_code(&from.case.language).unwrap_or_default();
    let reader = Reader { language, zone: zone(&from.zone), now: from.message.at };
    let due_at = first_reply_due(desk, from).await?;
    let letter = Letter { desk, from, reader, due_at };
    let (case, inbox) = (&from.case, &from.inbox);
    let subject = text::subject::plain(&from.subject);
    Ok(Outbound {
        message_id: from.message.mail_id.clone().unwrap_or_default(),
        written_at: from.message.at,
        from: Mailbox { address: inbox.address.clone(), name: Some(letter.sender_name()) },
        reply_to: Mailbox {
            address: desk.secret.reply_address(&inbox.address, case.brand, case.id),
            name: inbox.name.clone(),
        },
        to: from.to.clone(),
        subject: format!("Re: {} [{}]", or_brand(&subject, &from.brand), case.reference),
        in_reply_to: from.message.answers.first().cloned(),
        references: from.message.answers.iter().take(REFERENCES_MAX).rev().cloned().collect(),
        text: letter.text(),
        html: Some(letter.html()),
        files: Vec::new(),
        language: language.code().to_owned(),
        is_automatic: letter.is_automatic(),
        loop_mark: desk.mark(),
    })
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn or_brand<'a>(subject: &'a str, brand: &'a str) -> &'a str {
    if subject.is_empty() { brand } else { subject }
}

/// By when a person answers a new case: what the receipt promises is what the clock says.
async fn first_reply_due(desk: &Desk, from: &ToWrite) -> Result<Option<Timestamp>, StoreError> {
    if from.message.purpose != Some(Purpose::Acknowledgement) {
        return Ok(None);
    }
    let mut conn = desk.store.reader().await?;
    let (policy, calendar) = Lookup(&mut conn).team_rules(from.case.brand, from.case.team).await?;
    let clocks = clock::clocks(&from.case, &policy, &calendar);
    Ok(clocks.iter().find(|clock| clock.kind == ClockKind::FirstReply).map(|clock| clock.due_at))
}

struct Letter<'a> {
    desk: &'a Desk,
    from: &'a ToWrite,
    reader: Reader,
    due_at: Option<Timestamp>,
}

impl Letter<'_> {
    fn is_automatic(&self) -> bool {
        !matches!(self.from.message.purpose, Some(Purpose::Answer | Purpose::Proposal))
    }

    /// "Camille Moreau, Maison Lavande" for a person, the inbox's own name for the desk.
    fn sender_name(&self) -> String {
        match &self.from.author {
            Some(author) => format!("{author}, {}", self.from.brand),
            None => self.from.inbox.name.clone().unwrap_or_else(|| self.from.brand.clone()),
        }
    }

    fn link(&self) -> String {
        let case = &self.from.case;
        let until = self.from.message.at.checked_add(LINK_HOLDS).unwrap_or(Timestamp::MAX);
        let token = self.desk.secret.link_token(case, until);
        format!("{}/c/{token}", self.desk.public_url)
    }

    /// What comes before the signature, in paragraphs; a person's own words are not among them.
    fn own_paragraphs(&self) -> Vec<String> {
        let say = |key: &str| self.say(key);
        match self.from.message.purpose {
            Some(Purpose::Acknowledgement) => {
                let delay = match self.due_at {
                    Some(due_at) => self
                        .reader
                        .language
                        .ta("written-receipt-delay", [("at", self.reader.at(due_at).exact.into())]),
                    None => say("written-receipt-soon"),
                };
                vec![say("written-hello"), say("written-receipt"), delay, say("written-receipt-add")]
            }
            Some(Purpose::Reminder) => vec![say("written-hello"), say("written-reminder")],
            Some(Purpose::Link) => vec![say("written-hello"), say("written-link")],
            Some(Purpose::Proposal) => vec![say("written-proposal-ask")],
            Some(Purpose::Answer) | None => Vec::new(),
        }
    }

    /// The words beside the private link.
    fn link_words(&self) -> String {
        self.say(match self.from.message.purpose {
            Some(Purpose::Proposal | Purpose::Reminder) => "written-link-decide",
            Some(Purpose::Acknowledgement | Purpose::Answer | Purpose::Link) | None => "written-link-follow",
        })
    }

    /// What the brand writes below a person's answer, or its usual two lines.
    fn signature(&self) -> Vec<String> {
        let brand = self.from.brand.as_str();
        match (&self.from.author, &self.from.signature) {
            (Some(author), Some(own)) => {
                own.replace("{agent}", author).replace("{brand}", brand).lines().map(str::to_owned).collect()
            }
            (Some(author), None) => vec![author.clone(), brand.to_owned()],
            (None, _) => vec![self.reader.language.ta("written-team", [("brand", brand.into())])],
        }
    }

    fn say(&self, key: &str) -> String {
        self.reader.language.ta(
            key,
            [
                ("brand", self.from.brand.as_str().into()),
                ("reference", self.from.case.reference.as_str().into()),
            ],
        )
    }

    fn text(&self) -> String {
        let mut parts = Vec::new();
        if !self.is_automatic() {
            parts.push(self.from.text.trim_end().to_owned());
        }
        parts.extend(self.own_paragraphs());
        let link = format!("{}\n{}", self.link_words(), self.link());
        if self.is_automatic() || self.from.message.purpose == Some(Purpose::Proposal) {
            parts.push(link);
            parts.push(self.signature().join("\n"));
        } else {
            parts.push(self.signature().join("\n"));
            parts.push(link);
        }
        parts.push(format!("-- \n{}", self.say("written-foot")));
        format!("{}\n", parts.join("\n\n"))
    }

    fn html(&self) -> String {
        let mut parts = Vec::new();
        if !self.is_automatic() {
            let own = self.from.html.clone().unwrap_or_else(|| text::html::from_plain(&self.from.text));
            parts.push(format!("<div>{own}</div>"));
        }
        parts.extend(self.own_paragraphs().iter().map(|words| paragraph(&escaped(words))));
        let link = format!("<a href=\"{}\">{}</a>", escaped(&self.link()), escaped(&self.link_words()));
        let signature: Vec<String> = self.signature().iter().map(|line| escaped(line)).collect();
        if self.is_automatic() || self.from.message.purpose == Some(Purpose::Proposal) {
            parts.push(paragraph(&link));
            parts.push(paragraph(&signature.join("<br>")));
        } else {
            parts.push(paragraph(&signature.join("<br>")));
            parts.push(paragraph(&link));
        }
        parts.push(format!("<p><small>{}</small></p>", escaped(&self.say("written-foot"))));
        parts.join("\n")
    }
}

fn paragraph(inner: &str) -> String {
    format!("<p>{inner}</p>")
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
