//! Machines: two that answer everything and do not say what they are; programs that tell that a mail was read, calendars
//! that accept it.

use anyhow::Context;
use jiff::SignedDuration;

use crate::customers::{keep, reader_of, reply_address, written};
use crate::letters::hand_in;
use crate::stage::INBOXES;
use crate::world::{Deed, Expects, Paper, Person, World};

/// Other people's desks, which thank for every mail.
const ROBOTS: [(&str, &str); 2] =
    [("Support Robotix", "support@robotix.example"), ("Ticket System", "tickets@systeme.example")];
/// How often each writes by itself in a day.
const HUMS_A_DAY: i64 = 6;

/// Brings them into the world.
pub fn populate(world: &mut World) {
    for (name, address) in ROBOTS {
        world.people.push(Person {
            name: name.to_owned(),
            address: address.to_owned(),
            is_french: true,
            is_robot: true,
            ..Person::default()
        });
    }
}

/// Plans when they begin by themselves.
pub fn plan(world: &mut World) -> anyhow::Result<()> {
    let hours = world.end.duration_since(world.now).as_hours();
    let robots: Vec<usize> =
        (0..world.people.len()).filter(|person| world.people[*person].is_robot).collect();
    for robot in robots {
        for hum in 0..hours * HUMS_A_DAY / 24 {
            let after =
                SignedDuration::from_hours(hum * 24 / HUMS_A_DAY).checked_add(world.dice.minutes(0, 200));
            world.plan(after.unwrap_or_default(), Deed::Hum(robot))?;
        }
    }
    Ok(())
}

/// A robot writes by itself: mostly about nothing new.
pub async fn hum(world: &mut World, robot: usize) -> anyhow::Result<()> {
    let who = world.people.get(robot).context("nobody")?.clone();
    let ticket = 70_000 + world.papers.len();
    let inbox = INBOXES[world.dice.index(INBOXES.len())];
    let text =
        format!("Le ticket TCK-{ticket} a été créé pour vous. Nous revenons vers vous sous 48 heures.");
    let letter = written(world, &who, inbox, (&format!("[TCK-{ticket}] Nouveau ticket"), &text));
    let paper = keep(world, &letter, Expects::Filed)?;
    hand_in(world, paper, &[letter.to]).await
}

/// A robot answers a mail of ours, half of the time in its thread, else as if it were new.
pub async fn echo(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let Some(who) = reader_of(world, mail) else { return Ok(()) };
    let got = world.mails[mail].clone();
    let ticket = 70_000 + world.papers.len();
    let is_threaded = world.dice.says(50);
    let to = if is_threaded {
        reply_address(&got)
    } else {
        got.read.from.as_ref().map_or(INBOXES[0].to_owned(), |from| from.address.clone())
    };
    let text = format!("Bien reçu ! Votre demande porte le numéro TCK-{ticket}, merci de votre patience.");
    let subject = format!("[TCK-{ticket}] {}", got.read.subject);
    let mut letter = written(world, &who, &to, (&subject, &text));
    if is_threaded {
        letter.answers = got.read.message_id.clone().into_iter().collect();
    }
    let expects = got.case.filter(|_| is_threaded).map_or(Expects::Filed, Expects::Case);
    let paper = keep(world, &letter, expects)?;
    hand_in(world, paper, &[to]).await
}

/// A person's program says that they have read a mail of ours (RFC 8098), or their calendar accepts it (RFC 6047).
pub async fn notice(world: &mut World, mail: usize) -> anyhow::Result<()> {
    let Some(who) = reader_of(world, mail) else { return Ok(()) };
    let got = world.mails[mail].clone();
    let to = reply_address(&got);
    let own_id = world.mail_id(&who.address);
    let about = got.read.message_id.clone().unwrap_or_default();
    let (subject, body) = if world.dice.says(60) {
        ("Lu : votre message", read(&about, &who.address))
    } else {
        ("Accepté", accepted(&who.address))
    };
    let head = format!(
        "From: {} <{}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nMessage-ID: <{own_id}>\r\nIn-Reply-To: <{about}>\r\nMIME-Version: 1.0\r\n",
        who.name, who.address
    );
    let paper = world.keep(Paper {
        bytes: [head, body].concat().into_bytes(),
        sender: who.address.clone(),
        from: who.address,
        to: to.clone(),
        mail_id: own_id,
        is_automatic: true,
        expects: got.case.map_or(Expects::Anything, Expects::Case),
        ..Paper::default()
    });
    hand_in(world, paper, &[to]).await
}

fn read(about: &str, reader: &str) -> String {
    format!(
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nLu.\r\n\
         --b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; {reader}\r\n\
         Original-Message-ID: <{about}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    )
}

fn accepted(reader: &str) -> String {
    format!(
        "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n\
         BEGIN:VEVENT\r\nUID:rendez-vous\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{reader}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}
