//! Customers and their habits: first letters, the same problem again, answers in the thread, to themselves, from their
//! machines, by the private link, or none. They know of the desk only what its mails tell them.

use anyhow::Context;
use casework::SenderProof;
use casework::act::CustomerAct;
use casework::decision::AsideReason;
use casework::proof::{Secret, without_tag};
use desk::door::{DoorError, act};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use store::Lookup;

use crate::letters::{Written, hand_in};
use crate::stage::{ALIAS, INBOXES, ZONE, brand_at};
use crate::words::{self, Telling};
use crate::world::{Deed, Expects, Mail, Paper, Person, Problem, World};

/// People who write; strangers are apart.
const PEOPLE: usize = 36;
const FIRST_NAMES: [&str; 9] = ["Nadia", "Paul", "Ines", "Marc", "Emma", "Karim", "Julie", "Oscar", "Lucie"];
const LAST_NAMES: [&str; 4] = ["Ferrand", "Roux", "Meyer", "Costa"];
/// More than is kept in a row.
const LARGE_BYTES: usize = 80_000;

/// Brings everybody into the world.
pub fn populate(world: &mut World) {
    for number in 0..PEOPLE {
        let first = FIRST_NAMES[number % FIRST_NAMES.len()];
        let last = LAST_NAMES[number / FIRST_NAMES.len() % LAST_NAMES.len()];
        world.people.push(Person {
            name: format!("{first} {last}"),
            address: format!("{}.{}@exemple.fr", first.to_lowercase(), last.to_lowercase()),
            is_french: world.dice.says(70),
            has_machine: world.dice.says(15),
            is_full: world.dice.says(10),
            ..Person::default()
        });
    }
}

/// Plans when people will begin to write.
pub fn plan(world: &mut World) -> anyhow::Result<()> {
    let zone = TimeZone::get(ZONE)?;
    let mut day = world.now.to_zoned(zone.clone()).date();
    while day.to_zoned(zone.clone())?.timestamp() < world.end {
        let midnight = day.to_zoned(zone.clone())?.timestamp();
        for person in 0..PEOPLE {
            if !world.dice.says(60) {
                continue;
            }
            let hours = if world.dice.says(85) { (7, 22) } else { (0, 23) };
            let at = midnight.checked_add(world.dice.minutes(hours.0 * 60, hours.1 * 60 + 59))?;
            // Some write about several things in a row.
            let letters = if world.dice.says(3) { 8 } else { 1 };
            let way = match world.dice.between(1, 100) {
                1..=4 => Deed::PassOn(person),
                5..=9 => Deed::FillIn(person),
                _ => Deed::Write(person),
            };
            for number in 0..letters {
                let at = at.checked_add(SignedDuration::from_mins(4 * number))?;
                if at > world.now && at < world.end {
                    world.plan_at(at, way.clone());
                }
            }
        }
        day = day.checked_add(1.day())?;
    }
    Ok(())
}

/// A person writes about a new problem.
pub async fn write(world: &mut World, person: usize) -> anyhow::Result<()> {
    let (who, problem, told) = new_problem(world, person)?;
    let (number, inbox) = (who.problems.len(), problem.inbox.clone());
    let mut letter = written(world, &who, &inbox, (&told.subject, &told.text));
    if world.dice.says(6) {
        letter.text.push_str(&"\nlog: the parcel was scanned again".repeat(LARGE_BYTES / 34));
    }
    let first = keep(world, &letter, Expects::Anything)?;
    let other = if inbox == INBOXES[0] { 1 + usize::from(world.dice.says(40)) } else { 0 };
    let both = [inbox.clone(), INBOXES[other].to_owned()];
    let alias = [ALIAS.to_owned(), inbox.clone(), "bonjour+web@atelier.example".to_owned()];
    world.people[person].problems.push(Problem { first, ..problem });
    if world.dice.says(4) {
        // A second letter overtakes the first.
        let after = world.dice.minutes(3, 20);
        world.plan(after, Deed::Resend(first))?;
        return answer_self(world, person, number).await;
    }
    let recipients = match world.dice.between(1, 100) {
        1..=8 => &both[..],
        9..=11 if inbox == INBOXES[0] => &alias[..],
        _ => &both[..1],
    };
    hand_in(world, first, recipients).await?;
    let later = [
        (6, (0, 1), Deed::Again(person, number)),
        (12, (5, 40 * 60), Deed::Again(person, number)),
        (12, (2, 300), Deed::AnswerSelf(person, number)),
        (8, (0, 3), Deed::Resend(first)),
        (8, (3, 26 * 60), Deed::Resend(first)),
    ];
    for (percent, (from, to), deed) in later {
        if world.dice.says(percent) {
            let after = world.dice.minutes(from, to);
            world.plan(after, deed)?;
        }
    }
    Ok(())
}

/// A new problem of a person, whom and how they tell it; `first` is not written yet.
pub fn new_problem(world: &mut World, person: usize) -> anyhow::Result<(Person, Problem, Telling)> {
    let who = world.people.get(person).context("nobody")?.clone();
    let order = format!("{}{}", words::ORDER, 10_000 + person * 100 + who.problems.len());
    let kind = world.dice.index(words::kinds(who.is_french));
    let place = if world.dice.says(10) { 2 } else { usize::from(world.dice.says(25)) };
    let told = words::tell(who.is_french, kind, &order);
    Ok((who, Problem { order, kind, inbox: INBOXES[place].to_owned(), first: 0 }, told))
}

/// A person writes about a problem once more, as if for the first time.
pub async fn again(world: &mut World, person: usize, problem: usize) -> anyhow::Result<()> {
    let (who, problem) = find(world, person, problem)?;
    let told = words::tell(who.is_french, problem.kind, &problem.order);
    // Never twice the same words: those would be a copy.
    let text = format!("{}\n{} ({})", told.text, words::more(&mut world.dice), world.papers.len());
    let mut letter = written(world, &who, &problem.inbox, (&told.subject, &text));
    let mut expects = Expects::Anything;
    if world.dice.says(20) {
        // Some programs give a letter that is sent again the number of the first, whatever it says now.
        letter.mail_id.clone_from(&world.papers[problem.first].mail_id);
        world.reused.insert(letter.mail_id.clone());
        expects = Expects::Filed;
    }
    let paper = keep(world, &letter, expects)?;
    hand_in(world, paper, &[problem.inbox]).await
}

/// A person answers their own first mail.
pub async fn answer_self(world: &mut World, person: usize, problem: usize) -> anyhow::Result<()> {
    let (who, problem) = find(world, person, problem)?;
    let told = words::tell(who.is_french, problem.kind, &problem.order);
    let text = words::more(&mut world.dice);
    let mut letter = written(world, &who, &problem.inbox, (&format!("Re: {}", told.subject), text));
    letter.answers = vec![world.papers[problem.first].mail_id.clone()];
    let paper = keep(world, &letter, Expects::SameAs(problem.first))?;
    hand_in(world, paper, &[problem.inbox]).await
}

/// A person answers a mail of ours, most often to the signed address.
pub async fn answer(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let Some(who) = reader_of(world, mail) else { return Ok(()) };
    let got = world.mails[mail].clone();
    let signed = reply_address(&got);
    let is_plain = world.dice.says(20);
    let to = if is_plain { without_tag(&signed) } else { signed };
    let quoted: Vec<String> = got.read.text.lines().take(20).map(|line| format!("> {line}")).collect();
    let text = format!("{}\n\nLe desk a écrit :\n{}", words::more(&mut world.dice), quoted.join("\n"));
    let subject = format!("Re: {}", got.read.subject);
    let mut letter = written(world, &who, &to, (&subject, &text));
    if is_plain || world.dice.says(90) {
        letter.answers = got.read.answers.iter().rev().cloned().chain(got.read.message_id.clone()).collect();
    }
    let expects = got.case.map_or(Expects::Anything, Expects::Case);
    let paper = keep(world, &letter, expects)?;
    hand_in(world, paper, &[to]).await?;
    if world.dice.says(8) {
        let after = world.dice.minutes(0, 200);
        world.plan(after, Deed::Resend(paper))?;
    }
    Ok(())
}

/// A person's machine says that they are away.
pub async fn say_away(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let Some(who) = reader_of(world, mail) else { return Ok(()) };
    let got = world.mails[mail].clone();
    let to = if got.sender.is_empty() { reply_address(&got) } else { got.sender.clone() };
    let subject = format!("Absence du bureau: {}", got.read.subject);
    let mut letter = written(world, &who, &to, (&subject, "Je suis absente jusqu'à lundi."));
    "Auto-Submitted: auto-replied\r\n".clone_into(&mut letter.headers);
    letter.answers = got.read.message_id.clone().into_iter().collect();
    let paper = keep(world, &letter, got.case.map_or(Expects::Anything, Expects::Case))?;
    world.papers[paper].is_automatic = true;
    hand_in(world, paper, &[to]).await
}

/// A mail of ours comes back as it is: somebody's mailbox forwards to us.
pub async fn send_back(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let got = world.mails[mail].clone();
    let from = got.read.from.map(|from| from.address).unwrap_or_default();
    let to = if world.dice.says(50) { INBOXES[0].to_owned() } else { from.clone() };
    let paper = world.keep(Paper {
        bytes: got.bytes,
        sender: got.recipient,
        from,
        to: to.clone(),
        mail_id: got.read.message_id.unwrap_or_default(),
        is_automatic: true,
        expects: Expects::Aside(AsideReason::OwnLoop),
        ..Paper::default()
    });
    hand_in(world, paper, &[to]).await
}

/// A mail server sends a paper once more; now and then to a signed address beside the plain one.
pub async fn resend(world: &mut World, paper: usize) -> anyhow::Result<()> {
    let again = world.papers.get(paper).context("no such paper")?.clone();
    let plain = without_tag(&again.to);
    let to = match (&again.expects, world.dice.says(20)) {
        (Expects::Case(case), true) => world.stage.secret.reply_address(&plain, brand_at(&plain), *case),
        _ => plain,
    };
    hand_in(world, paper, &[to]).await
}

/// A person presses a button on the page that the link in a mail leads to.
pub async fn press(world: &mut World, mail: usize, act: CustomerAct) -> anyhow::Result<()> {
    let got = &world.mails[mail];
    let Some(token) = token_in(&got.read.text) else { return Ok(()) };
    let (brand, id) = Secret::claim_of_link(&token).context("a mail's link claims nothing")?;
    if Some(id) != got.case {
        world.breaks(&format!("case {id}: a mail's link and its address lead to different cases"));
        return Ok(());
    }
    let desk = world.next_node();
    let mut conn = desk.store.reader().await?;
    let mut lookup = Lookup(&mut conn);
    let case = lookup.case(brand, id).await?.context("a link to no case")?;
    if !desk.secret.is_link(&token, &case, desk.clock.now()) {
        world.breaks(&format!("case {}: the link in a mail is not valid", case.reference));
        return Ok(());
    }
    // The page of a merged case shows the one that goes on.
    let id = lookup.home_of(case).await?.id;
    drop(conn);
    let presses = 1 + u32::from(world.dice.says(15));
    for _ in 0..presses {
        match act::by_customer(&desk, (brand, id), act.clone(), None).await {
            Ok(_) => world.counts.acts.1 += 1,
            Err(DoorError::Refused(_)) => world.counts.refusals += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A mail of ours arrives: whoever reads it may do something about it.
pub fn receive(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let Some(who) = reader_of(world, mail) else { return Ok(()) };
    let got = &world.mails[mail];
    let is_automatic = got.read.automatic.is_some();
    if who.is_robot {
        let after = world.dice.minutes(0, 3);
        return world.plan(after, Deed::Echo(mail));
    }
    // Few servers report about mails without a sender; some do, to whoever answers are for.
    if who.is_full && world.dice.says(if is_automatic { 8 } else { 50 }) {
        let after = world.dice.minutes(0, 6);
        return world.plan(after, Deed::Report(mail));
    }
    if who.has_machine && world.dice.says(if is_automatic { 30 } else { 90 }) {
        world.plan(SignedDuration::from_secs(20), Deed::Away(mail))?;
    }
    let habits: &[Habit] = if is_automatic { &RECEIPT_OR_REMINDER } else { &WORDS_FROM_A_PERSON };
    for &(percent, (from, to), deed) in habits {
        if world.dice.says(percent) {
            let after = world.dice.minutes(from, to);
            return world.plan(after, deed(mail));
        }
    }
    Ok(())
}

/// What somebody may do about a mail: how often in a hundred, after how many minutes, what.
type Habit = (u32, (u32, u32), fn(usize) -> Deed);

const RECEIPT_OR_REMINDER: [Habit; 5] = [
    (3, (0, 60), Deed::Notice),
    (9, (2, 400), Deed::Answer),
    (8, (30, 900), Deed::Confirm),
    (3, (30, 900), Deed::Reopen),
    (3, (0, 2), Deed::Return),
];
const WORDS_FROM_A_PERSON: [Habit; 6] = [
    (6, (0, 300), Deed::Notice),
    (30, (4, 500), Deed::Answer),
    (25, (10, 1300), Deed::Confirm),
    (10, (10, 1300), Deed::Reopen),
    (5, (1300, 2600), Deed::Answer),
    (2, (0, 2), Deed::Return),
];

pub fn reader_of(world: &World, mail: usize) -> Option<Person> {
    let recipient = &world.mails.get(mail)?.recipient;
    world.people.iter().find(|person| person.address == *recipient).cloned()
}

fn find(world: &World, person: usize, problem: usize) -> anyhow::Result<(Person, Problem)> {
    let who = world.people.get(person).context("nobody")?.clone();
    let problem = who.problems.get(problem).context("no such problem")?.clone();
    Ok((who, problem))
}

/// Where a mail wants its answers.
pub fn reply_address(mail: &Mail) -> String {
    let to = mail.read.reply_to.as_ref().or(mail.read.from.as_ref());
    to.map_or_else(|| INBOXES[0].to_owned(), |to| to.address.clone())
}

fn token_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/c/")?;
    let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    rest.split(is_end).next().map(str::to_owned)
}

/// A letter of a person to one of our addresses.
pub fn written(world: &mut World, who: &Person, to: &str, (subject, text): (&str, &str)) -> Written {
    Written {
        from: who.address.clone(),
        name: who.name.clone(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        mail_id: world.mail_id(&who.address),
        text: text.to_owned(),
        ..Written::default()
    }
}

/// Keeps a written letter as a paper.
pub fn keep(world: &mut World, letter: &Written, expects: Expects) -> anyhow::Result<usize> {
    let bytes = letter.bytes(world.now)?;
    Ok(world.keep(Paper {
        bytes,
        sender: letter.from.clone(),
        from: letter.from.clone(),
        to: letter.to.clone(),
        proof: SenderProof::Proven,
        mail_id: letter.mail_id.clone(),
        expects,
        ..Paper::default()
    }))
}
