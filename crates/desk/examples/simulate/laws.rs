//! What must hold over all cases, letters and mails together, asked every hour and at the end.

use std::collections::{BTreeMap, BTreeSet};

use casework::decision::AsideReason;
use casework::{Case, CaseId, Closing, Hint, LetterId, MessageId, MessageState, TeamId, What, clock};
use jiff::SignedDuration;
use store::{CasePage, LetterState, Lookup};

use crate::laws_of_cases::{Rules, judge, silent};
use crate::stage::{BRAND, INBOXES};
use crate::words;
use crate::world::{Expects, Paper, World};

/// Cases looked at.
pub const CASES_MAX: u32 = 100_000;
/// A letter is read within this time.
const READ_WITHIN: SignedDuration = SignedDuration::from_mins(45);

/// What was seen so far.
#[derive(Default)]
pub struct Laws {
    rules: BTreeMap<TeamId, Rules>,
    /// Each case as it was when last judged.
    judged: BTreeMap<CaseId, Seen>,
    /// `Message-ID`s received, over all cases.
    received: BTreeMap<String, MessageId>,
    /// The case of each letter.
    filed: BTreeMap<LetterId, CaseId>,
    /// The case of each `Message-ID` of ours.
    written: BTreeMap<String, CaseId>,
    mails_seen: usize,
}

struct Seen {
    case: Case,
    addresses: Vec<String>,
    /// Whether it goes on from a case that was closed for long.
    goes_on: bool,
}

impl Laws {
    /// Asks every law that must hold at any time.
    pub async fn check(&mut self, world: &mut World) -> anyhow::Result<()> {
        self.check_cases(world).await?;
        self.check_letters(world).await?;
        self.check_mails(world);
        Ok(())
    }

    /// Asks also what must hold when everything has come to rest, and counts what happened.
    pub async fn check_at_the_end(&mut self, world: &mut World) -> anyhow::Result<()> {
        // Everything is judged once more, also what has not changed.
        self.judged.clear();
        self.received.clear();
        self.filed.clear();
        self.mails_seen = 0;
        self.check(world).await?;
        let store = world.desk().store.clone();
        let left = (store.unread_letters().await?, store.undone_orders().await?);
        if left != (0, 0) {
            world.breaks(&format!("at the end {} letters are unread and {} orders undone", left.0, left.1));
        }
        check_copies(world);
        self.check_places(world);
        self.check_aside(world).await?;
        self.check_messages(world).await?;
        self.check_clocks(world).await
    }

    async fn check_cases(&mut self, world: &mut World) -> anyhow::Result<()> {
        let store = world.desk().store.clone();
        let now = world.desk_now();
        for case in store.all_cases(CASES_MAX).await? {
            if !world.stage.teams.contains(&case.team) {
                world.breaks(&format!("case {}: it belongs to no team", case.reference));
                continue;
            }
            let rules = self.rules(world, case.team).await?;
            for kind in silent(&case, &rules, now) {
                world.breaks(&format!("case {}: its clock {kind:?} should have rung", case.reference));
            }
            if self.judged.get(&case.id).is_some_and(|seen| seen.case == case) {
                continue;
            }
            let page = store.case_page(case, None).await?;
            for law in judge(&page, &rules) {
                let timeline: Vec<String> = page.events.iter().map(|event| format!("  {event:?}")).collect();
                world.breaks(&format!("case {}: {law}\n{}", page.case.reference, timeline.join("\n")));
            }
            self.remember(world, page);
        }
        Ok(())
    }

    async fn rules(&mut self, world: &World, team: TeamId) -> anyhow::Result<Rules> {
        if let Some(rules) = self.rules.get(&team) {
            return Ok(rules.clone());
        }
        let mut conn = world.desk().store.reader().await?;
        let rules = Lookup(&mut conn).team_rules(BRAND, team).await?;
        self.rules.insert(team, rules.clone());
        Ok(rules)
    }

    fn remember(&mut self, world: &mut World, page: CasePage) {
        let id = page.case.id;
        for message in &page.messages {
            let message = &message.message;
            if let Some(letter) = message.letter
                && self.filed.insert(letter, id).is_some_and(|before| before != id)
            {
                world.breaks(&format!(
                    "case {}: the letter {letter} is in another case too",
                    page.case.reference
                ));
            }
            let Some(mail_id) = message.mail_id.clone() else { continue };
            if message.purpose.is_some() {
                self.written.insert(mail_id, id);
            } else if self.received.insert(mail_id, message.id).is_some_and(|before| before != message.id) {
                world.breaks(&format!("case {}: a Message-ID was received twice", page.case.reference));
            }
        }
        let is_link = |what: &What| matches!(what, What::LinkProposed { hint: Hint::LongClosed, .. });
        let goes_on = page.events.iter().any(|event| is_link(&event.what));
        self.judged.insert(id, Seen { case: page.case, addresses: page.customer.addresses, goes_on });
    }

    /// Every letter is filed, seen before or kept aside, in time and in nobody else's case.
    async fn check_letters(&mut self, world: &mut World) -> anyhow::Result<()> {
        let store = world.desk().store.clone();
        let now = world.desk_now();
        for index in 0..world.letters.len() {
            let letter = world.letters[index].clone();
            if letter.end.is_some() {
                continue;
            }
            let Some((state, _)) = store.letter_end(letter.id).await? else {
                world.breaks(&format!("the letter {} is lost", letter.id));
                continue;
            };
            match state {
                LetterState::Unread | LetterState::Insisted => {
                    if now.duration_since(letter.at) > READ_WITHIN && state == LetterState::Unread {
                        world.breaks(&format!("the letter {} is still unread", letter.id));
                    }
                }
                LetterState::Filed | LetterState::Duplicate | LetterState::Aside => {
                    world.letters[index].end = Some(state);
                }
            }
            let case = self.filed.get(&letter.id).and_then(|case| self.judged.get(case));
            if (state == LetterState::Filed) != case.is_some() {
                world.breaks(&format!("the letter {} is {state:?}, and no case has it so", letter.id));
            }
            let paper = &world.papers[letter.paper];
            if let Some(seen) = case.filter(|seen| !paper.is_report && !seen.addresses.contains(&paper.from))
            {
                let reference = seen.case.reference.clone();
                world.breaks(&format!("case {reference}: it holds a letter from {}", paper.from));
            }
        }
        Ok(())
    }

    /// Each mail goes to its case's customer, tells nobody else's order and no note, and answers no machine by itself.
    fn check_mails(&mut self, world: &mut World) {
        let automatic: BTreeSet<&str> = world
            .papers
            .iter()
            .filter(|paper| is_machines(paper))
            .map(|paper| paper.mail_id.as_str())
            .collect();
        let owner = |order: &String| {
            world.people.iter().find(|person| person.problems.iter().any(|problem| problem.order == *order))
        };
        let mut broken = Vec::new();
        for mail in world.mails.iter().skip(self.mails_seen) {
            let id = mail.read.message_id.clone().unwrap_or_default();
            let Some(seen) = mail.case.and_then(|case| self.judged.get(&case)) else {
                broken.push(format!("the mail {id} belongs to no case"));
                continue;
            };
            let mut law = |holds: bool, what: &str| {
                if !holds {
                    broken.push(format!("case {}: the mail {id} {what}", seen.case.reference));
                }
            };
            law(self.written.get(&id) == Some(&seen.case.id), "was written in another case");
            law(seen.addresses.contains(&mail.recipient), "went to somebody who has no part in the case");
            let to = mail.read.recipients.first().map(|to| to.address.as_str());
            law(to == Some(mail.recipient.as_str()), "names another recipient than its envelope");
            let all = format!(
                "{}\n{}\n{}",
                mail.read.subject,
                mail.read.text,
                mail.read.html.as_deref().unwrap_or_default()
            );
            law(!all.contains(words::NOTE), "tells a note");
            let orders = words::orders_in(&all);
            let is_theirs = |order| owner(order).is_none_or(|person| person.address == mail.recipient);
            law(orders.iter().all(is_theirs), "tells somebody else's order");
            let answers_machine = mail.read.answers.iter().any(|id| automatic.contains(id.as_str()));
            law(mail.read.automatic.is_none() || !answers_machine, "is automatic and answers a machine");
            law(mail.read.automatic.is_none() || mail.sender.is_empty(), "is automatic and has a sender");
        }
        self.mails_seen = world.mails.len();
        for what in broken {
            world.breaks(&what);
        }
    }

    /// What was answered in its thread is in the case it answers.
    fn check_places(&self, world: &mut World) {
        let filed = |paper: usize| {
            let of_paper = world.letters.iter().filter(|letter| letter.paper == paper);
            of_paper.into_iter().find_map(|letter| self.filed.get(&letter.id)).copied()
        };
        let mut broken = Vec::new();
        for (number, paper) in world.papers.iter().enumerate() {
            let expected = match paper.expects {
                Expects::Anything => continue,
                Expects::Case(case) => Some(case),
                Expects::SameAs(other) => filed(other),
            };
            let (Some(expected), Some(found)) = (expected, filed(number)) else { continue };
            let goes_on = self.judged.get(&found).is_some_and(|seen| seen.goes_on);
            if expected != found && !goes_on {
                broken.push(format!("case {found}: the letter {} belongs to case {expected}", paper.mail_id));
            }
        }
        for what in broken {
            world.breaks(&what);
        }
    }

    async fn check_aside(&self, world: &mut World) -> anyhow::Result<()> {
        let Some(admin) = world.stage.admin().map(|agent| agent.id) else { return Ok(()) };
        let aside =
            world.desk().store.aside_letters((admin, true), AsideReason::ALL, None, CASES_MAX).await?;
        let reasons: BTreeMap<LetterId, String> =
            aside.into_iter().map(|kept| (kept.id, kept.reason)).collect();
        for letter in world.letters.clone() {
            let reason = reasons.get(&letter.id).and_then(|reason| AsideReason::parse(reason));
            let is_aside = letter.end == Some(LetterState::Aside);
            if is_aside != reason.is_some() || reason == Some(AsideReason::Unreadable) {
                world.breaks(&format!("the letter {} is {:?} for {reason:?}", letter.id, letter.end));
            }
        }
        Ok(())
    }

    /// What is sent has left, what has left is sent, and nothing is on its way any more. Counts what happened.
    async fn check_messages(&self, world: &mut World) -> anyhow::Result<()> {
        let left: BTreeSet<String> =
            world.mails.iter().filter_map(|mail| mail.read.message_id.clone()).collect();
        let store = world.desk().store.clone();
        for seen in self.judged.values() {
            let page = store.case_page(seen.case.clone(), None).await?;
            for message in page.messages.iter().filter(|message| message.message.purpose.is_some()) {
                let (state, mail_id) = (message.message.state, message.message.mail_id.as_deref());
                let has_left = mail_id.is_some_and(|id| left.contains(id));
                // A server may have taken a copy from a node that was thought dead, and refused the next one.
                let is_at_rest = state == MessageState::Sent && has_left || state == MessageState::Refused;
                if !is_at_rest {
                    world.breaks(&format!(
                        "case {}: a mail is {state:?}, left: {has_left}",
                        page.case.reference
                    ));
                }
            }
            count(world, &page);
        }
        Ok(())
    }

    /// The clocks that are stored are those that the cases call for. Claims them all: nothing may ring afterwards.
    async fn check_clocks(&mut self, world: &mut World) -> anyhow::Result<()> {
        let far = world.desk_now().checked_add(SignedDuration::from_hours(24 * 365))?;
        let stored = world.desk().store.claim_clocks(far, CASES_MAX).await?;
        let stored: BTreeSet<_> =
            stored.iter().map(|due| (due.case, due.clock.kind, due.clock.due_at)).collect();
        let mut wanted = BTreeSet::new();
        for seen in self.judged.values() {
            let Some((policy, calendar)) = self.rules.get(&seen.case.team) else { continue };
            let clocks = clock::clocks(&seen.case, policy, calendar);
            wanted.extend(
                clock::still_to_ring(&seen.case, &clocks).iter().map(|c| (seen.case.id, c.kind, c.due_at)),
            );
        }
        for (case, kind, due_at) in wanted.symmetric_difference(&stored) {
            world.breaks(&format!("case {case}: its clock {kind:?} due {due_at} is stored wrongly"));
        }
        Ok(())
    }
}

/// A paper that was handed in several times is filed once.
fn check_copies(world: &mut World) {
    let mut filed: BTreeMap<usize, u32> = BTreeMap::new();
    let mut counts = (0, 0, 0);
    for letter in &world.letters {
        match letter.end {
            Some(LetterState::Filed) => {
                counts.0 += 1;
                *filed.entry(letter.paper).or_default() += 1;
            }
            Some(LetterState::Duplicate) => counts.1 += 1,
            _ => counts.2 += 1,
        }
    }
    world.counts.ends = counts;
    for (paper, _) in filed.iter().filter(|(_, copies)| **copies > 1) {
        let what = format!("the mail {} was filed more than once", world.papers[*paper].mail_id);
        world.breaks(&what);
    }
}

/// Whether a machine of somebody else's wrote it.
fn is_machines(paper: &Paper) -> bool {
    paper.is_automatic && !INBOXES.contains(&paper.from.as_str()) && !paper.mail_id.is_empty()
}

fn count(world: &mut World, page: &CasePage) {
    let counts = &mut world.counts;
    counts.cases += 1;
    counts.events += page.case.seq;
    for event in &page.events {
        match event.what {
            What::ClockRang { is_late, .. } => {
                counts.rings.0 += 1;
                counts.rings.1 += u32::from(is_late);
            }
            What::Closed { closing: Closing::Confirmed } => counts.closings.0 += 1,
            What::Closed { closing: Closing::Lapsed } => counts.closings.1 += 1,
            _ => {}
        }
    }
}
