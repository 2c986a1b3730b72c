//! What must hold over all cases, letters and mails together, asked every hour and at the end.

use std::collections::{BTreeMap, BTreeSet};

use casework::decision::AsideReason;
use casework::event::Purpose;
use casework::{
    BrandId, Case, CaseId, Closing, Hint, LetterId, MessageId, MessageState, Proof, TeamId, What, clock,
};
use jiff::SignedDuration;
use store::{CasePage, LetterState, Lookup};

use crate::laws_of_cases::{Rules, judge, silent};
use crate::laws_of_mail::{Receipts, failed_while_merged, receipts_of, too_many};
use crate::stage::INBOXES;
use crate::words;
use crate::world::{Expects, Letter, Paper, World};

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
    received: BTreeMap<(BrandId, String), MessageId>,
    /// The case of each letter.
    filed: BTreeMap<LetterId, CaseId>,
    /// The case of each `Message-ID` of ours, and what it was written for.
    written: BTreeMap<String, (CaseId, Purpose)>,
    /// The message of each of these.
    mails: BTreeMap<String, MessageId>,
    /// Letters that joined a case which was there before them.
    joined: BTreeSet<LetterId>,
    mails_seen: usize,
}

struct Seen {
    case: Case,
    addresses: Vec<String>,
    /// Whether it goes on from a case that was closed for long.
    goes_on: bool,
    /// Cases that were merged with it, also if that was undone.
    linked: Vec<CaseId>,
    /// Messages that are told to have failed.
    failed: BTreeSet<MessageId>,
    /// Those of them that failed while the case went on in another one.
    failed_away: Vec<MessageId>,
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
        self.check_failures(world);
        self.check_aside(world).await?;
        self.check_messages(world).await?;
        self.check_clocks(world).await
    }

    async fn check_cases(&mut self, world: &mut World) -> anyhow::Result<()> {
        let store = world.desk().store.clone();
        let now = world.desk_now();
        for case in store.all_cases(CASES_MAX).await? {
            if !world.stage.teams.contains(&(case.brand, case.team)) {
                world.breaks(&format!("case {}: it belongs to no team", case.reference));
                continue;
            }
            let rules = self.rules(world, (case.brand, case.team)).await?;
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

    async fn rules(&mut self, world: &World, (brand, team): (BrandId, TeamId)) -> anyhow::Result<Rules> {
        if let Some(rules) = self.rules.get(&team) {
            return Ok(rules.clone());
        }
        let mut conn = world.desk().store.reader().await?;
        let rules = Lookup(&mut conn).team_rules(brand, team).await?;
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
            if let Some(purpose) = message.purpose {
                self.mails.insert(mail_id.clone(), message.id);
                self.written.insert(mail_id, (id, purpose));
            } else if !world.reused.contains(&mail_id)
                && self
                    .received
                    .insert((page.case.brand, mail_id), message.id)
                    .is_some_and(|before| before != message.id)
            {
                world.breaks(&format!("case {}: a Message-ID was received twice", page.case.reference));
            }
        }
        let of_letter = |id: MessageId| page.messages.iter().find(|one| one.message.id == id)?.message.letter;
        let (mut failed, failed_away) = (BTreeSet::new(), failed_while_merged(&page.events));
        let mut linked = Vec::new();
        for event in &page.events {
            match event.what {
                What::MessageReceived { message, proof, .. } if proof != Proof::First => {
                    self.joined.extend(of_letter(message));
                }
                What::MessageRefused { message, .. } => {
                    failed.insert(message);
                }
                What::TookIn { other, .. } | What::MergedInto { other } => linked.push(other),
                _ => {}
            }
        }
        let is_link = |what: &What| matches!(what, What::LinkProposed { hint: Hint::LongClosed, .. });
        let goes_on = page.events.iter().any(|event| is_link(&event.what));
        let addresses = page.customer.mail_addresses().map(str::to_owned).collect::<Vec<_>>();
        self.judged.insert(id, Seen { case: page.case, addresses, goes_on, linked, failed, failed_away });
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
                LetterState::Filed | LetterState::Duplicate | LetterState::Aside | LetterState::Erased => {
                    world.letters[index].end = Some(state);
                }
            }
            let case = self.filed.get(&letter.id).and_then(|case| self.judged.get(case));
            if (state == LetterState::Filed) != case.is_some() {
                world.breaks(&format!("the letter {} is {state:?}, and no case has it so", letter.id));
            }
            let reference = case.map(|seen| seen.case.reference.clone());
            let is_theirs = |paper: &Paper| {
                paper.is_report || case.is_none_or(|seen| seen.addresses.contains(&paper.from))
            };
            let paper = &world.papers[letter.paper];
            if !is_theirs(paper) {
                let theirs = case.map(|seen| &seen.addresses);
                let what = format!("case {reference:?} of {theirs:?}: it holds a letter from {}", paper.from);
                world.breaks(&what);
            }
            if let Some(what) = self.misplaced(world, &letter, state) {
                let paper = &world.papers[letter.paper];
                let from = &paper.from;
                world
                    .breaks(&format!("case {reference:?}: the letter {} from {from}: {what}", paper.mail_id));
            }
        }
        Ok(())
    }

    /// Whether a letter ended where it must not: in somebody's case without proof, in a case where a shelf is right, on a
    /// shelf where a case is.
    fn misplaced(&self, world: &World, letter: &Letter, state: LetterState) -> Option<&'static str> {
        let paper = &world.papers[letter.paper];
        let has_joined = self.joined.contains(&letter.id);
        let is_insisted = world.insisted.contains(&letter.id);
        let is_doubtful = paper.is_hearsay || paper.proof.is_against();
        match (paper.expects, state) {
            _ if is_doubtful && has_joined => Some("nobody stands behind it, and it joined a case"),
            (Expects::Aside(_), LetterState::Filed) if !is_insisted => Some("it was filed"),
            (Expects::Filed, LetterState::Aside) => Some("it was kept aside"),
            _ => None,
        }
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
            let (case, purpose) = self.written.get(&id).copied().unzip();
            law(case == Some(seen.case.id), "was written in another case");
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
            // A receipt answers by itself, so nothing may come back; of all others we must hear that they did not arrive.
            let is_receipt = purpose == Some(Purpose::Acknowledgement);
            law(mail.sender.is_empty() == is_receipt, "has a sender that does not fit its purpose");
        }
        self.mails_seen = world.mails.len();
        for what in broken {
            world.breaks(&what);
        }
    }

    /// What was answered in its thread is in the case it answers.
    fn check_places(&self, world: &mut World) {
        let filed = |paper: usize, brand: BrandId| {
            let of_paper =
                world.letters.iter().filter(|letter| (letter.paper, letter.brand) == (paper, brand));
            of_paper.into_iter().find_map(|letter| self.filed.get(&letter.id)).copied()
        };
        let mut broken = Vec::new();
        for letter in &world.letters {
            let paper = &world.papers[letter.paper];
            let expected = match paper.expects {
                Expects::Anything | Expects::Filed | Expects::Aside(_) => continue,
                Expects::Case(case) => Some(case),
                Expects::SameAs(other) => filed(other, letter.brand),
            };
            let (Some(expected), Some(found)) = (expected, filed(letter.paper, letter.brand)) else {
                continue;
            };
            let goes_on = self.judged.get(&found).is_some_and(|seen| seen.goes_on);
            let is_elsewhere = self.judged.get(&expected).is_some_and(|seen| seen.case.brand != letter.brand);
            if !self.family(expected).contains(&found) && !goes_on && !is_elsewhere {
                broken.push(format!("case {found}: the letter {} belongs to case {expected}", paper.mail_id));
            }
        }
        for what in broken {
            world.breaks(&what);
        }
    }

    /// A case with all that were ever merged with it, or with those.
    fn family(&self, case: CaseId) -> BTreeSet<CaseId> {
        let (mut family, mut next) = (BTreeSet::from([case]), vec![case]);
        // Each case is visited once, so this ends.
        while let Some(seen) = next.pop().and_then(|case| self.judged.get(&case)) {
            next.extend(seen.linked.iter().copied().filter(|other| family.insert(*other)));
        }
        family
    }

    /// A mail that was reported to have failed is told to have failed, in its case or in the one that goes on.
    fn check_failures(&self, world: &mut World) {
        let mut broken = Vec::new();
        for letter in &world.letters {
            let paper = &world.papers[letter.paper];
            let (Some(about), Some(case)) = (&paper.failed, self.filed.get(&letter.id)) else { continue };
            let told = self.family(*case).iter().any(|case| {
                let failed = self.judged.get(case).map(|seen| &seen.failed);
                failed.is_some_and(|failed| match self.mails.get(about) {
                    Some(message) => failed.contains(message),
                    None => !failed.is_empty(),
                })
            });
            if !told {
                broken.push(format!("case {case}: the report {} of a failure moved nothing", paper.mail_id));
            }
        }
        for (case, seen) in &self.judged {
            let others = self.family(*case);
            let others: Vec<&Seen> = others
                .iter()
                .filter(|other| *other != case)
                .filter_map(|other| self.judged.get(other))
                .collect();
            let untold = |message: &&MessageId| !others.iter().any(|other| other.failed.contains(*message));
            if let Some(message) = seen.failed_away.iter().find(untold) {
                broken.push(format!("case {case}: {message} failed after the merge, and nobody was told"));
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
            let expected = match world.papers[letter.paper].expects {
                Expects::Aside(expected) => Some(expected),
                _ => reason,
            };
            // Somebody in whose name a liar writes may be on the desk's own list of junk, which goes first.
            let is_both = (expected, reason) == (Some(AsideReason::Forged), Some(AsideReason::Junk));
            let is_wrong =
                is_aside && reason != expected && !is_both || reason == Some(AsideReason::Unreadable);
            if is_aside != reason.is_some() || is_wrong {
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
        let mut receipts = Receipts::new();
        for seen in self.judged.values() {
            let page = store.case_page(seen.case.clone(), None).await?;
            for message in page.messages.iter().filter(|message| message.message.purpose.is_some()) {
                let (state, mail_id) = (message.message.state, message.message.mail_id.as_deref());
                let has_left = mail_id.is_some_and(|id| left.contains(id));
                // A server may have taken a copy from a node that was thought dead, and refused the next one.
                // A server down the way that reports a delay may never tell how it ended.
                let is_at_rest = has_left && matches!(state, MessageState::Sent | MessageState::Delayed)
                    || state == MessageState::Refused;
                if !is_at_rest {
                    world.breaks(&format!(
                        "case {}: a mail is {state:?}, left: {has_left}",
                        page.case.reference
                    ));
                }
            }
            receipts_of(&page, &mut receipts);
            count(world, &page);
        }
        for what in too_many(receipts) {
            world.breaks(&what);
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

/// A paper that was handed in several times is filed once a brand, and none is taken for a copy of what was never filed.
fn check_copies(world: &mut World) {
    let mut filed: BTreeMap<(usize, BrandId), u32> = BTreeMap::new();
    let mut counts = (0, 0, 0);
    for letter in &world.letters {
        match letter.end {
            Some(LetterState::Filed) => {
                counts.0 += 1;
                *filed.entry((letter.paper, letter.brand)).or_default() += 1;
            }
            Some(LetterState::Duplicate) => counts.1 += 1,
            _ => counts.2 += 1,
        }
    }
    world.counts.ends = counts;
    let lost: Vec<String> = (0..world.papers.len())
        .filter(|paper| {
            let mut letters = world.letters.iter().filter(|letter| letter.paper == *paper).peekable();
            letters.peek().is_some() && letters.all(|letter| letter.end == Some(LetterState::Duplicate))
        })
        .map(|paper| world.papers[paper].mail_id.clone())
        .filter(|mail_id| !mail_id.is_empty())
        .collect();
    for mail_id in lost {
        world.breaks(&format!("the mail {mail_id} was only ever taken for a copy"));
    }
    for ((paper, _), _) in filed.iter().filter(|(_, copies)| **copies > 1) {
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
