//! Plays the days: deeds in their order, the desk at work between them, the laws asked every hour and at the end.

use casework::act::CustomerAct;
use jiff::SignedDuration;

use crate::laws::Laws;
use crate::world::{Deed, World};
use crate::{agents, customers, failures, machines, merges, passing, reports, strangers, words, work};

/// How often the desk looks by itself when nothing happens.
const TICK: SignedDuration = SignedDuration::from_mins(5);
/// How often the laws are asked.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Calm time at the end: longer than any lease and any pause between two tries.
const CALM: SignedDuration = SignedDuration::from_hours(5);

/// Plays everything. Gives the laws that were broken; a broken law ends the run.
pub async fn play(world: &mut World) -> anyhow::Result<Vec<String>> {
    customers::populate(world);
    machines::populate(world);
    strangers::populate(world);
    customers::plan(world)?;
    machines::plan(world)?;
    strangers::plan(world)?;
    agents::plan(world)?;
    failures::plan(world)?;
    let mut laws = Laws::default();
    live_until_the_end(world, &mut laws).await?;
    if world.broken.is_empty() {
        world.agenda.clear();
        world.trouble.is_over = true;
        world.end = world.end.checked_add(CALM)?;
        live_until_the_end(world, &mut laws).await?;
    }
    if world.broken.is_empty() {
        laws.check_at_the_end(world).await?;
    }
    Ok(std::mem::take(&mut world.broken))
}

async fn live_until_the_end(world: &mut World, laws: &mut Laws) -> anyhow::Result<()> {
    let mut check_at = world.now.checked_add(HOUR)?;
    while world.now < world.end && world.broken.is_empty() {
        let tick = world.now.checked_add(TICK)?.min(world.end);
        let next = world.agenda.first_key_value().map_or(tick, |((at, _), _)| (*at).min(tick));
        world.come_to(next)?;
        while let Some(deed) = world.due() {
            do_deed(world, deed).await?;
            // Otherwise it waits beside the next one.
            if world.dice.says(80) {
                work::work(world).await?;
            }
        }
        work::work(world).await?;
        if world.now >= check_at {
            laws.check(world).await?;
            check_at = world.now.checked_add(HOUR)?;
        }
    }
    Ok(())
}

async fn do_deed(world: &mut World, deed: Deed) -> anyhow::Result<()> {
    match deed {
        Deed::Write(person) => customers::write(world, person).await,
        Deed::Again(person, problem) => customers::again(world, person, problem).await,
        Deed::AnswerSelf(person, problem) => customers::answer_self(world, person, problem).await,
        Deed::Answer(mail) => customers::answer(world, mail).await,
        Deed::Away(mail) => customers::say_away(world, mail).await,
        Deed::Report(mail) => reports::report_back(world, mail).await,
        Deed::Notice(mail) => machines::notice(world, mail).await,
        Deed::PassOn(person) => passing::pass_on(world, person).await,
        Deed::FillIn(person) => passing::fill_in(world, person).await,
        Deed::Hum(person) => machines::hum(world, person).await,
        Deed::Echo(mail) => machines::echo(world, mail).await,
        Deed::Undo(agent, cases) => merges::undo(world, agent, cases).await,
        Deed::Return(mail) => customers::send_back(world, mail).await,
        Deed::Resend(paper) => customers::resend(world, paper).await,
        Deed::Confirm(mail) => customers::press(world, mail, CustomerAct::Confirm).await,
        Deed::Reopen(mail) => {
            let said = world.dice.says(60).then(|| words::more(&mut world.dice).to_owned());
            let said = said.map(|text| casework::write::Words { text, ..Default::default() });
            customers::press(world, mail, CustomerAct::Reopen(said)).await
        }
        Deed::Strange => strangers::strange(world).await,
        Deed::Round(agent) => agents::round(world, agent).await,
        Deed::Tidy => agents::tidy(world).await,
        Deed::Die(doom) => {
            world.trouble.doom = Some(doom);
            Ok(())
        }
        Deed::Wake(held) => failures::wake(world, held).await,
        Deed::Pause(time) => {
            world.trouble.paused_until = Some(world.now.checked_add(time)?);
            Ok(())
        }
        Deed::Outage(time) => {
            world.trouble.outage_until = Some(world.now.checked_add(time)?);
            Ok(())
        }
        Deed::Jump(by) => failures::jump(world, by),
    }
}
