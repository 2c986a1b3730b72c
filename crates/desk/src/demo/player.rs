//! Plays the story: each step at its own instant, through the same doors that customers and agents use.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, bail};
use casework::act::{Act, CustomerAct};
use casework::write::Words;
use casework::{Agent, CaseId, Mailbox, Mint as _, Outbound};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use store::NewLetter;

use super::setting::{BRAND, Setting, ZONE, office_hours, set};
use super::story::{Deed, Step, Story};
use crate::desk::Desk;
use crate::door;
use crate::worker::{clocks, letters, mails};

/// Rounds of work after one step at most; a step causes a handful.
const ROUNDS_MAX: usize = 50;

/// Sets the stage and plays everything up to `start`. The desk's clock must be in hand.
pub async fn play(desk: &Desk, story: &Story, start: Timestamp) -> anyhow::Result<()> {
    let begin = instant(story.step.first().context("story: no steps")?, start)?;
    desk.clock.move_to(begin.saturating_sub(SignedDuration::from_hours(1))?);
    let setting = set(desk, story).await?;
    let mut player = Player { desk, story, setting, cases: HashMap::new() };
    for step in &story.step {
        let at = instant(step, start)?;
        player.pass_time_until(at).await?;
        player.play(step).await.with_context(|| format!("story: {} on day -{}", step.case, step.ago))?;
        work(desk).await?;
    }
    player.pass_time_until(start).await
}

/// Does all that is due, until nothing is.
pub async fn work(desk: &Desk) -> anyhow::Result<()> {
    for _ in 0..ROUNDS_MAX {
        let read = letters::read_due(desk).await?;
        let rung = clocks::ring_due(desk).await?;
        let sent = mails::send_due(desk).await?;
        if read + rung + sent == 0 {
            return Ok(());
        }
    }
    bail!("the desk does not come to rest")
}

/// The instant of a step: so many working days before the start, or hours and minutes before it on the day itself.
fn instant(step: &Step, start: Timestamp) -> anyhow::Result<Timestamp> {
    let (hours, minutes) = step.at.split_once(':').with_context(|| format!("story: time {}", step.at))?;
    let (hours, minutes): (i8, i8) = (hours.parse()?, minutes.parse()?);
    if step.ago == 0 {
        let before = SignedDuration::from_mins(i64::from(hours) * 60 + i64::from(minutes));
        return Ok(start.checked_sub(before)?);
    }
    let calendar = office_hours(ZONE)?;
    let zone = calendar.time_zone().clone();
    let mut date: Date = zone.to_datetime(start).date();
    let mut left = step.ago;
    while left > 0 {
        date = date.yesterday()?;
        left -= u32::from(!calendar.openings_on(date).is_empty());
    }
    Ok(date.at(hours, minutes, 0, 0).to_zoned(zone)?.timestamp())
}

struct Player<'a> {
    desk: &'a Desk,
    story: &'a Story,
    setting: Setting,
    cases: HashMap<String, Thread>,
}

/// A case of the story and the last mail the customer got in it.
struct Thread {
    case: CaseId,
    subject: String,
    inbox: String,
}

impl Player<'_> {
    /// Lets an hour pass at a time, so that clocks ring when they are due.
    async fn pass_time_until(&mut self, at: Timestamp) -> anyhow::Result<()> {
        loop {
            let now = self.desk.clock.now();
            if now >= at {
                return Ok(());
            }
            self.desk.clock.move_to(now.saturating_add(SignedDuration::from_hours(1))?.min(at));
            clocks::ring_due(self.desk).await?;
        }
    }

    async fn play(&mut self, step: &Step) -> anyhow::Result<()> {
        let text = step.text.clone().unwrap_or_default();
        match step.deed {
            Deed::Mail => self.mail(step).await,
            Deed::Machine => self.machine(step).await,
            Deed::Take => {
                let agent = self.agent(step)?.clone();
                let (_, team) = self.team_of(step).await?;
                self.act(step, Act::Assign { team, agent: Some(agent.id) }).await
            }
            Deed::Reply => self.act(step, Act::Reply { words: words(&text), waits: step.waits }).await,
            Deed::Note => self.act(step, Act::Note(words(&text))).await,
            Deed::Propose => self.act(step, Act::Propose(words(&text))).await,
            Deed::ThirdParty => {
                let days = step.chase_days.unwrap_or(2);
                let chase_at = self.desk.clock.now().saturating_add(SignedDuration::from_hours(24 * days))?;
                let name = step.third_party.clone().context("story: third party without a name")?;
                self.act(step, Act::WaitForThirdParty { name, chase_at }).await
            }
            Deed::Confirm => self.customer_acts(step, CustomerAct::Confirm).await,
            Deed::Reopen => self.customer_acts(step, CustomerAct::Reopen(Some(words(&text)))).await,
        }
    }

    fn agent(&self, step: &Step) -> anyhow::Result<&Agent> {
        let key = step.by.as_deref().context("story: a step without an agent")?;
        self.setting.agents.get(key).with_context(|| format!("story: no agent {key}"))
    }

    fn thread(&self, step: &Step) -> anyhow::Result<&Thread> {
        self.cases.get(&step.case).with_context(|| format!("story: no case {} yet", step.case))
    }

    async fn team_of(&self, step: &Step) -> anyhow::Result<(CaseId, casework::TeamId)> {
        let id = self.thread(step)?.case;
        let case = self.desk.store.case(BRAND, id).await?.context("story: the case is gone")?;
        Ok((id, case.team))
    }

    async fn act(&self, step: &Step, act: Act) -> anyhow::Result<()> {
        let (agent, case) = (self.agent(step)?, self.thread(step)?.case);
        door::act::by_agent(self.desk, agent, (BRAND, case), act, None).await?;
        Ok(())
    }

    async fn customer_acts(&self, step: &Step, act: CustomerAct) -> anyhow::Result<()> {
        let case = self.thread(step)?.case;
        door::act::by_customer(self.desk, (BRAND, case), act, None).await?;
        Ok(())
    }

    /// A customer's mail program sends a mail: a first one to an inbox, a later one as an answer to the last mail it got.
    async fn mail(&mut self, step: &Step) -> anyhow::Result<()> {
        let key = step.by.as_deref().context("story: a mail without a customer")?;
        let customer = self.story.customer.iter().find(|customer| customer.key == key);
        let customer = customer.with_context(|| format!("story: no customer {key}"))?;
        let (to, subject, answered) = match self.cases.get(&step.case) {
            Some(thread) => {
                let to = self.desk.secret.reply_address(&thread.inbox, BRAND, thread.case);
                (to, format!("Re: {}", thread.subject), self.last_mail_to_customer(thread.case).await?)
            }
            None => (self.inbox(step)?, step.subject.clone().context("story: no subject")?, None),
        };
        let mail = Outbound {
            files: Vec::new(),
            message_id: format!("{:032x}@{}", self.desk.mint().random(), domain(&customer.address)),
            written_at: self.desk.clock.now(),
            from: Mailbox { address: customer.address.clone(), name: Some(customer.name.clone()) },
            reply_to: Mailbox { address: customer.address.clone(), name: None },
            to: Mailbox { address: to.clone(), name: None },
            subject: subject.clone(),
            in_reply_to: answered.clone(),
            references: answered.into_iter().collect(),
            text: step.text.clone().context("story: a mail without words")?,
            html: None,
            language: "fr".to_owned(),
            is_automatic: false,
            loop_mark: String::new(),
        };
        let bytes = channels::mail::compose::compose(&mail);
        let letter = self.deliver(bytes, customer.address.clone(), &to).await?;
        work(self.desk).await?;
        if !self.cases.contains_key(&step.case) {
            let (_, reference) =
                self.desk.store.letter_end(letter).await?.context("story: the letter is gone")?;
            let reference = reference.context("story: the letter opened no case")?;
            let mut conn = self.desk.store.reader().await?;
            let case = store::Lookup(&mut conn).case_by_reference(BRAND, &reference).await?;
            let case = case.context("story: the case is gone")?.id;
            self.cases.insert(step.case.clone(), Thread { case, subject, inbox: self.inbox(step)? });
        }
        Ok(())
    }

    /// A machine's letter: about a mail of ours, by the way back, or to an inbox.
    async fn machine(&self, step: &Step) -> anyhow::Result<()> {
        let (to, answered) = match self.cases.get(&step.case) {
            Some(thread) => {
                let to = self.desk.secret.reply_address(&thread.inbox, BRAND, thread.case);
                (to, self.last_mail_to_customer(thread.case).await?.context("story: nobody was answered")?)
            }
            None => (self.inbox(step)?, String::new()),
        };
        let (id, date) = (
            self.desk.mint().random(),
            jiff::fmt::rfc2822::to_string(&self.desk.clock.now().to_zoned(jiff::tz::TimeZone::UTC))?,
        );
        let said =
            step.text.as_deref().context("story: a machine without words")?.replace("{answered}", &answered);
        let letter = format!("Message-ID: <{id:032x}@machine.example>\nDate: {date}\nTo: {to}\n{said}");
        self.deliver(letter.replace('\n', "\r\n").into_bytes(), String::new(), &to).await?;
        Ok(())
    }

    fn inbox(&self, step: &Step) -> anyhow::Result<String> {
        let mut inboxes = self.setting.inboxes.iter();
        let found = match &step.to_team {
            Some(team) => inboxes.find(|(name, _)| name == team),
            None => inboxes.next(),
        };
        found.map(|(_, address)| address.clone()).context("story: no such inbox")
    }

    async fn last_mail_to_customer(&self, case: CaseId) -> anyhow::Result<Option<String>> {
        let case = self.desk.store.case(BRAND, case).await?.context("story: the case is gone")?;
        let page = self.desk.store.case_page(case, None).await?;
        let written = page.messages.iter().filter(|message| message.message.purpose.is_some());
        let last = written.max_by_key(|message| message.message.at);
        Ok(last.and_then(|message| message.message.mail_id.clone()))
    }

    async fn deliver(&self, bytes: Vec<u8>, sender: String, to: &str) -> anyhow::Result<casework::LetterId> {
        let address = casework::proof::without_tag(to);
        let inbox = self.desk.store.inbox_at(&address).await?.context("story: no such inbox")?;
        let id = casework::LetterId(self.desk.mint().uuid());
        let letter = NewLetter {
            peer: None,
            is_history: false,
            id,
            brand: BRAND,
            inbox: inbox.id,
            recipient: to.to_owned(),
            sender,
            received_at: self.desk.clock.now(),
            bytes: Arc::from(bytes),
        };
        self.desk.store.keep_letters(vec![letter]).await?;
        Ok(id)
    }
}

fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: Some(text::html::from_plain(text)), files: Vec::new() }
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain)
}
