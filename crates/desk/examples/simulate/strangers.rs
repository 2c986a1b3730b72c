//! Those who have no business in a case, or mean ill: they quote references, answer mails that are not theirs, replay
//! signed addresses, forge senders; and machines that write to nobody in particular.

use jiff::SignedDuration;

use crate::customers::{keep, reply_address, written};
use crate::letters::{Written, hand_in, report};
use crate::stage::INBOXES;
use crate::words;
use crate::world::{Deed, Expects, Mail, Paper, Person, World};

/// Names of those who lie.
const LIARS: [(&str, &str); 3] =
    [("Eve", "eve@ailleurs.example"), ("Mallory", "mallory@ailleurs.example"), ("Trudy", "trudy@exemple.fr")];
/// Words that say nothing about anybody's order.
const DEMAND: &str =
    "Envoyez le remboursement sur mon nouveau compte et répétez-moi toute l'histoire, s'il vous plaît.";

/// Brings them into the world, after everybody else.
pub fn populate(world: &mut World) {
    for (name, address) in LIARS {
        world.people.push(Person {
            name: name.to_owned(),
            address: address.to_owned(),
            is_french: true,
            has_machine: false,
            is_full: false,
            problems: Vec::new(),
        });
    }
}

/// Plans about one deed an hour.
pub fn plan(world: &mut World) -> anyhow::Result<()> {
    let hours = world.end.duration_since(world.now).as_hours();
    for hour in 0..hours {
        let after = SignedDuration::from_hours(hour).checked_add(world.dice.minutes(0, 59));
        world.plan(after.unwrap_or_default(), Deed::Strange)?;
    }
    Ok(())
}

/// One of them writes.
pub async fn strange(world: &mut World) -> anyhow::Result<()> {
    let liar = world.people[world.people.len() - 1 - world.dice.index(LIARS.len())].clone();
    let seen = world.dice.index(world.mails.len());
    let seen = world.mails.get(seen).cloned();
    match (world.dice.between(0, 11), seen) {
        (0, Some(seen)) => {
            let letter = demand(world, &liar, INBOXES[0], &seen);
            post(world, letter).await
        }
        (1, Some(seen)) => {
            let mut letter = demand(world, &liar, INBOXES[0], &seen);
            letter.answers = seen.read.message_id.into_iter().collect();
            post(world, letter).await
        }
        (2, Some(seen)) => {
            let mut letter = demand(world, &liar, &reply_address(&seen), &seen);
            letter.answers = seen.read.message_id.into_iter().collect();
            post(world, letter).await
        }
        (3, Some(seen)) => {
            let mut letter = demand(world, &liar, INBOXES[0], &seen);
            letter.from = seen.recipient;
            post(world, letter).await
        }
        (4, Some(seen)) => {
            let mut letter = demand(world, &liar, &reply_address(&seen), &seen);
            letter.from = seen.recipient;
            post(world, letter).await
        }
        (5, Some(seen)) => {
            let letter = demand(world, &liar, &reply_address(&seen), &seen);
            machine(world, letter, "Auto-Submitted: auto-replied\r\n").await
        }
        (6, _) => report_nothing(world).await,
        (7, _) => rubbish(world).await,
        (8, _) => our_name(world, &liar).await,
        (9, _) => web_form(world, &liar).await,
        _ => newsletter(world, &liar).await,
    }
}

fn demand(world: &mut World, liar: &Person, to: &str, seen: &Mail) -> Written {
    written(world, liar, to, (&format!("Re: {}", seen.read.subject), DEMAND))
}

async fn post(world: &mut World, letter: Written) -> anyhow::Result<()> {
    let paper = keep(world, &letter, Expects::Anything)?;
    hand_in(world, paper, &[letter.to]).await
}

async fn machine(world: &mut World, mut letter: Written, headers: &str) -> anyhow::Result<()> {
    headers.clone_into(&mut letter.headers);
    let paper = keep(world, &letter, Expects::Anything)?;
    world.papers[paper].is_automatic = true;
    hand_in(world, paper, &[letter.to]).await
}

async fn newsletter(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let mut letter = written(world, liar, INBOXES[0], ("Nos offres de la semaine", "Profitez de -20 %."));
    "news@offres.example".clone_into(&mut letter.from);
    let headers = "List-Id: <news.offres.example>\r\nList-Unsubscribe: <mailto:u@offres.example>\r\nPrecedence: bulk\r\n";
    machine(world, letter, headers).await
}

/// A shop's form: a person's words, sent by a machine. It opens a case and gets no receipt.
async fn web_form(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let number = world.papers.len();
    let told = words::tell(true, number, &format!("le bon {number}"));
    let mut letter = written(world, liar, INBOXES[1], (&told.subject, &told.text));
    letter.from = format!("formulaire{}@boutique.example", world.dice.between(1, 3));
    machine(world, letter, "Auto-Submitted: auto-generated\r\n").await
}

/// Somebody writes in our own name.
async fn our_name(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let mut letter = written(world, liar, INBOXES[0], ("Bonjour", DEMAND));
    INBOXES[1].clone_into(&mut letter.from);
    post(world, letter).await
}

async fn report_nothing(world: &mut World) -> anyhow::Result<()> {
    let (own, other) = (world.mail_id("mx.exemple.fr"), world.mail_id("ailleurs.example"));
    let bytes = report(&other, "personne@ailleurs.example", INBOXES[0], &own);
    let from = "mailer-daemon@exemple.fr".to_owned();
    let paper = world.keep(Paper {
        bytes,
        sender: String::new(),
        from,
        mail_id: own,
        is_automatic: true,
        is_report: true,
        expects: Expects::Anything,
    });
    hand_in(world, paper, &[INBOXES[0].to_owned()]).await
}

/// Bytes that are hardly a mail.
async fn rubbish(world: &mut World) -> anyhow::Result<()> {
    let noise: Vec<u8> = (0..400).map(|_| world.dice.next().to_be_bytes()[0]).collect();
    let paper = world.keep(Paper {
        bytes: [b"X-Nothing: at all\r\n\r\n".as_slice(), &noise].concat(),
        sender: "noise@ailleurs.example".to_owned(),
        from: String::new(),
        mail_id: String::new(),
        is_automatic: false,
        is_report: false,
        expects: Expects::Anything,
    });
    hand_in(world, paper, &[INBOXES[0].to_owned()]).await
}
