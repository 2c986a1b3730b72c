//! Letters as they travel, and handing them in at the mail door as a listener does.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{bail, ensure};
use casework::{LetterId, Mint as _, SenderProof};
use channels::mail::server::{Envelope, Kept, Letterbox as _, Protocol};
use desk::chance::{Chance, TimedMint};
use desk::desk::Desk;
use desk::letterbox::DeskLetterbox;
use jiff::Timestamp;

use crate::stage::{MX, brand_at};
use crate::world::{Letter, Paper, World};

/// What somebody wrote.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// `From`.
    pub from: String,
    /// The name beside it.
    pub name: String,
    /// `To`.
    pub to: String,
    /// `Subject`.
    pub subject: String,
    /// `Message-ID` without brackets.
    pub mail_id: String,
    /// What it answers, oldest first.
    pub answers: Vec<String>,
    /// More header lines, each ending in CR LF.
    pub headers: String,
    /// The body, in lines that end in LF.
    pub text: String,
}

impl Written {
    /// The letter as it travels.
    pub fn bytes(&self, now: Timestamp) -> anyhow::Result<Vec<u8>> {
        let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC))?;
        let mut mail = format!(
            "From: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\nDate: {date}\r\n",
            self.name, self.from, self.to, self.subject, self.mail_id
        );
        if let Some(last) = self.answers.last() {
            let all = self.answers.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
            write!(mail, "In-Reply-To: <{last}>\r\nReferences: {all}\r\n")?;
        }
        let body = self.text.replace('\n', "\r\n");
        write!(
            mail,
            "{}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
            self.headers
        )?;
        Ok(mail.into_bytes())
    }
}

/// Hands a paper in for these recipients; each inbox keeps a letter of its own. All of them must be ours.
pub async fn hand_in(world: &mut World, paper: usize, recipients: &[String]) -> anyhow::Result<()> {
    let desk = world.next_node();
    let Some(Paper { bytes, sender, proof, .. }) = world.papers.get(paper) else { bail!("no paper {paper}") };
    let envelope = Envelope {
        from: sender.clone(),
        recipients: recipients.to_vec(),
        bytes: [stated(*proof).as_bytes(), bytes].concat(),
        peer: "192.0.2.1".to_owned(),
        helo: "client.example".to_owned(),
    };
    let ids = foretold(&desk, recipients.len())?;
    let kept = DeskLetterbox { desk: desk.clone(), protocol: Protocol::Lmtp }.keep(envelope).await;
    ensure!(kept == vec![Kept::Yes; recipients.len()], "the mail door refused a letter: {kept:?}");
    let at = desk.clock.now();
    for (id, to) in ids.into_iter().zip(recipients) {
        world.letters.push(Letter { id, paper, brand: brand_at(to), at, end: None });
        world.counts.letters += 1;
    }
    Ok(())
}

/// What our mail server states about the domain in `From`.
fn stated(proof: SenderProof) -> String {
    let result = match proof {
        SenderProof::Proven => "dmarc=pass",
        SenderProof::Unknown => "dmarc=fail (p=NONE)",
        SenderProof::Doubtful => "dmarc=fail",
        SenderProof::Forged => "dmarc=fail (p=REJECT)",
    };
    format!("Authentication-Results: {MX}; {result}\r\n")
}

/// The ids that the letterbox is about to mint: listeners are told none, but the seeded chance can be asked twice.
fn foretold(desk: &Desk, count: usize) -> anyhow::Result<Vec<LetterId>> {
    let Chance::Seeded { seed, drawn } = &desk.chance else { bail!("chance is not seeded") };
    let twin = Chance::Seeded { seed: *seed, drawn: AtomicU64::new(drawn.load(Ordering::Relaxed)) };
    let mut mint = TimedMint { chance: &twin, clock: &desk.clock };
    Ok((0..count).map(|_| LetterId(mint.uuid())).collect())
}
