//! Agents with shifts and absences: they take up what has waited longest, answer, note, propose, wait, pass on; now and
//! then they try what the desk must refuse. A lead minds what was kept aside and what is stuck.

use anyhow::Context;
use casework::access::{Wish, allow};
use casework::act::Act;
use casework::decision::AsideReason;
use casework::event::Actor;
use casework::write::Words;
use casework::{Agent, Case, MessageState, Nature, Refusal};
use desk::door::DoorError;
use desk::door::act;
use desk::door::once::Once;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};

use crate::merges;
use crate::stage::ZONE;
use crate::words;
use crate::world::{Deed, World};

/// Cases that an agent's list holds at most.
const CASES_MAX: u32 = 10_000;
/// How often an agent who has worked on a case merges it.
const MERGES_PERCENT: u32 = 6;
/// Letters and mails that a lead looks at.
const TIDIED_MAX: u32 = 20;

/// Plans everybody's shifts.
pub fn plan(world: &mut World) -> anyhow::Result<()> {
    let zone = TimeZone::get(ZONE)?;
    let mut day = world.now.to_zoned(zone.clone()).date();
    while day.to_zoned(zone.clone())?.timestamp() < world.end {
        for agent in 0..world.stage.agents.len() {
            let is_off = match day.weekday() {
                Weekday::Sunday => true,
                Weekday::Saturday => agent % 3 != 0,
                _ => world.dice.says(15),
            };
            if is_off {
                continue;
            }
            let begin = day.at(8, 30, 0, 0).to_zoned(zone.clone())?.timestamp();
            let mut at = begin.checked_add(world.dice.minutes(0, 90))?;
            let end = at.checked_add(world.dice.minutes(6 * 60, 9 * 60))?;
            while at < end {
                if at > world.now && at < world.end {
                    world.plan_at(at, Deed::Round(agent));
                }
                at = at.checked_add(world.dice.minutes(8, 45))?;
            }
            if at < world.end && world.stage.agents[agent].teams.len() == 1 && world.dice.says(40) {
                world.plan_at(at, Deed::Tidy);
            }
        }
        day = day.checked_add(1.day())?;
    }
    Ok(())
}

/// An agent works on a few cases.
pub async fn round(world: &mut World, agent: usize) -> anyhow::Result<()> {
    let agent = world.stage.agents.get(agent).context("no such agent")?.clone();
    let cases = world.desk().store.all_cases(CASES_MAX).await?;
    if world.dice.says(10) {
        return do_wrong(world, &agent, &cases).await;
    }
    let may_see = |case: &&Case| allow(&agent, Wish::SeeCase(case)).is_ok();
    let mut open: Vec<&Case> = cases.iter().filter(|case| case.is_open()).filter(may_see).collect();
    open.sort_by_key(|case| {
        (case.unanswered_since.is_none(), case.unanswered_since, case.opened_at, case.id)
    });
    for _ in 0..world.dice.between(1, 4) {
        // The smaller of two: what has waited longest is taken up most.
        let place = world.dice.index(open.len()).min(world.dice.index(open.len()));
        let Some(case) = open.get(place).copied().cloned() else { return Ok(()) };
        work_on(world, &agent, &case).await?;
        if world.dice.says(MERGES_PERCENT) {
            merges::merge(world, &agent, &case, &cases).await?;
        }
    }
    if world.dice.says(15)
        && let Some(case) = cases.get(world.dice.index(cases.len())).filter(|case| may_see(case))
    {
        try_act(world, &agent, case, Act::Resume).await?;
    }
    Ok(())
}

async fn work_on(world: &mut World, agent: &Agent, case: &Case) -> anyhow::Result<()> {
    let order = order_of(world, agent, case).await?;
    let text = words::answer(&mut world.dice, &order);
    let throw = world.dice.between(1, 100);
    let is_waiting = case.unanswered_since.is_some();
    let act = match throw {
        1..=40 if is_waiting => Act::Reply { words: said(&text), waits: world.dice.says(30) },
        41..=65 => Act::Propose(said(&text)),
        1..=15 => Act::WaitForCustomer,
        16..=40 | 66..=75 => Act::Note(said(&format!("{}{} cliente fidèle", words::NOTE, world.dice.next()))),
        76..=84 => {
            let chase_at = world.desk_now().checked_add(world.dice.minutes(60, 1500))?;
            Act::WaitForThirdParty { name: "Le transporteur".to_owned(), chase_at }
        }
        85..=92 => Act::Assign {
            team: case.team,
            agent: agent.teams.iter().any(|(_, team)| *team == case.team).then_some(agent.id),
        },
        93..=96 => {
            let other =
                world.stage.teams.iter().find(|(brand, team)| *brand == case.brand && *team != case.team);
            Act::Assign { team: other.map_or(case.team, |(_, team)| *team), agent: None }
        }
        _ => Act::ChangeNature { to: Nature::Dispute, reason: "Elle conteste la somme.".to_owned() },
    };
    try_act(world, agent, case, act).await.map(drop)
}

/// The order number in the first letter, as an agent reads it on the case page.
async fn order_of(world: &World, agent: &Agent, case: &Case) -> anyhow::Result<String> {
    let page = world.desk().store.case_page(case.clone(), Some(agent)).await?;
    let received = page.messages.iter().filter(|message| {
        message.message.state == MessageState::Received
            && matches!(message.message.author, Actor::Customer(_))
    });
    let first = received.min_by_key(|message| (message.message.at, message.message.id));
    let orders = first.map(|message| words::orders_in(&message.text)).unwrap_or_default();
    Ok(orders.into_iter().next().unwrap_or_else(|| "votre dossier".to_owned()))
}

/// Acts; one time in ten the form is sent twice, and must act once.
async fn try_act(world: &mut World, agent: &Agent, case: &Case, act: Act) -> anyhow::Result<Option<Refusal>> {
    let desk = world.next_node();
    let once = if world.dice.says(10) {
        Once::new(&agent.id.to_string(), &format!("{:x}", world.dice.next()))
    } else {
        None
    };
    let place = (case.brand, case.id);
    match act::by_agent(&desk, agent, place, act.clone(), once.clone()).await {
        Ok(_) => world.counts.acts.0 += 1,
        Err(DoorError::Refused(refusal)) => {
            world.counts.refusals += 1;
            return Ok(Some(refusal));
        }
        Err(error) => return Err(error.into()),
    }
    if once.is_some() {
        let desk = world.next_node();
        let repeated = act::by_agent(&desk, agent, place, act, once).await?;
        if !repeated.cases.is_empty() {
            world.breaks(&format!("case {}: a form sent twice acted twice", case.reference));
        }
    }
    Ok(None)
}

/// An agent does what must be refused.
async fn do_wrong(world: &mut World, agent: &Agent, cases: &[Case]) -> anyhow::Result<()> {
    let Some(case) = cases.get(world.dice.index(cases.len())) else { return Ok(()) };
    let yesterday = world.desk_now().checked_sub(SignedDuration::from_hours(24))?;
    let admin = world.stage.admin().context("no administrator")?.id;
    let name = "Le dépôt".to_owned();
    let wrongs = [
        (Act::Reply { words: said("  \n"), waits: false }, Refusal::Empty),
        (Act::WaitForThirdParty { name, chase_at: yesterday }, Refusal::NoChaseDate),
        (Act::Assign { team: case.team, agent: Some(admin) }, Refusal::NotInTeam),
        (Act::ChangeNature { to: Nature::Report, reason: " ".to_owned() }, Refusal::NoReason),
    ];
    let (act, mut expected) = wrongs[world.dice.index(wrongs.len())].clone();
    if !case.is_open() && expected == Refusal::NoChaseDate {
        expected = Refusal::Closed;
    }
    if case.merged_into.is_some() {
        expected = Refusal::MergedAway;
    }
    if allow(agent, Wish::WorkCase(case)).is_err() {
        expected = Refusal::NotAllowed;
    }
    let got = try_act(world, agent, case, act).await?;
    if got != Some(expected) {
        world.breaks(&format!("case {}: expected the refusal {expected:?}, got {got:?}", case.reference));
    }
    Ok(())
}

/// A lead makes a case of a letter that was kept aside, and has stuck mails tried again.
pub async fn tidy(world: &mut World) -> anyhow::Result<()> {
    let lead = world.stage.admin().context("no administrator")?.id;
    let desk = world.next_node();
    let aside = desk.store.aside_letters((lead, true), AsideReason::ALL, None, TIDIED_MAX).await?;
    if let Some(letter) = aside.get(world.dice.index(aside.len()))
        && desk.store.insist_on_letter(letter.id, lead, true).await?
    {
        world.insisted.insert(letter.id);
        let insisted = world.letters.iter_mut().find(|known| known.id == letter.id);
        insisted.context("a letter that nobody handed in")?.end = None;
    }
    for stuck in desk.store.stuck(lead, true, TIDIED_MAX).await? {
        if stuck.is_given_up && world.dice.says(50) {
            let now = world.desk_now();
            desk.store.retry_order(stuck.order, lead, true, now).await?;
        }
    }
    Ok(())
}

fn said(text: &str) -> Words {
    Words { text: text.to_owned(), html: Some(text::html::from_plain(text)), files: Vec::new() }
}
