//! Those who have no business in a case, or mean ill: they quote references, answer mails that are not theirs, replay
//! signed addresses, forge senders; and machines that write to nobody in particular.

use casework::SenderProof;
use casework::decision::AsideReason;
use jiff::SignedDuration;

use crate::customers::{keep, reply_address, written};
use crate::letters::{Written, hand_in};
use crate::reports;
use crate::stage::INBOXES;
use crate::words;
use crate::world::{Deed, Expects, Mail, Paper, Person, World};

/// Names of those who lie.
const LIARS: [(&str, &str); 3] =
    [("Eve", "eve@ailleurs.example"), ("Mallory", "mallory@ailleurs.example"), ("Trudy", "trudy@exemple.fr")];
/// An address that nobody reads.
pub const NO_REPLY: &str = "ne-pas-repondre@boutique.example";
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
            ..Person::default()
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
    match (world.dice.between(0, 17), seen) {
        (deed @ 0..=4, Some(seen)) => intrude(world, &liar, deed, &seen).await,
        // What was written to themselves they may answer, also by machine.
        (5, Some(seen)) if seen.recipient != liar.address => {
            let letter = demand(world, &liar, &reply_address(&seen), &seen);
            machine(world, letter, "Auto-Submitted: auto-replied\r\n", AsideReason::AutomaticReply).await
        }
        (6 | 7, _) => {
            let inbox = INBOXES[world.dice.index(INBOXES.len())];
            reports::make_up(world, inbox).await
        }
        (8, _) => rubbish(world).await,
        (9, _) => our_name(world, &liar).await,
        (10, _) => web_form(world, &liar).await,
        (11, Some(seen)) if seen.recipient != NO_REPLY => speak_for(world, &liar, &seen).await,
        (12 | 13, _) => junk(world, &liar).await,
        (14, _) => supplier(world, &liar).await,
        (15, _) => no_reply(world, &liar).await,
        _ => newsletter(world, &liar).await,
    }
}

/// Tries to get into a case: by its reference, its chain, its address, and in its customer's name.
async fn intrude(world: &mut World, liar: &Person, deed: u32, seen: &Mail) -> anyhow::Result<()> {
    let to = if deed == 2 || deed == 4 { reply_address(seen) } else { INBOXES[0].to_owned() };
    let mut letter = demand(world, liar, &to, seen);
    if deed > 0 {
        letter.answers = seen.read.message_id.clone().into_iter().collect();
    }
    let is_forged = deed > 2;
    if is_forged {
        letter.from.clone_from(&seen.recipient);
    }
    // Some servers tell that the test failed, and not what the domain makes of it.
    let proof = if world.dice.says(30) { SenderProof::Doubtful } else { SenderProof::Forged };
    let is_shut_out = is_forged && proof == SenderProof::Forged;
    let expected = if is_shut_out { Expects::Aside(AsideReason::Forged) } else { Expects::Filed };
    let paper = keep(world, &letter, expected)?;
    if is_forged {
        world.papers[paper].proof = proof;
    }
    hand_in(world, paper, &[to]).await
}

/// Speaks for a customer from an address that nobody reads, as web forms do: in a case, that proves nothing.
async fn speak_for(world: &mut World, liar: &Person, seen: &Mail) -> anyhow::Result<()> {
    let to = reply_address(seen);
    let mut letter = demand(world, liar, &to, seen);
    "no-reply@ailleurs.example".clone_into(&mut letter.from);
    letter.answers = seen.read.message_id.clone().into_iter().collect();
    letter.headers = format!("Reply-To: <{}>\r\n", seen.recipient);
    let paper = keep(world, &letter, Expects::Filed)?;
    world.papers[paper].from.clone_from(&seen.recipient);
    world.papers[paper].is_hearsay = true;
    hand_in(world, paper, &[to]).await
}

/// Junk: by the mark of a filter, by the subject, by the domain.
async fn junk(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let number = world.papers.len();
    let sign = world.dice.index(3);
    let subject = if sign == 1 { "GAGNEZ un séjour" } else { "Une offre pour vous" };
    let text = format!("Cliquez vite, votre lot numéro {} expire ce soir.", 50_000 + number);
    let mut letter = written(world, liar, INBOXES[0], (subject, &text));
    letter.from = format!("promo{number}@{}", if sign == 2 { "reclame.example" } else { "promo.example" });
    if sign == 0 {
        "X-Spam-Flag: YES\r\nX-Spam-Score: 8.4\r\n".clone_into(&mut letter.headers);
    }
    let paper = keep(world, &letter, Expects::Aside(AsideReason::Junk))?;
    hand_in(world, paper, &[letter.to]).await
}

/// A supplier whom a filter takes for junk and a rule of the desk lets in.
async fn supplier(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let number = world.papers.len();
    let text = format!("La pièce de rechange {} pour vos clients est de nouveau en stock.", 60_000 + number);
    let mut letter = written(world, liar, INBOXES[1], ("Disponibilité", &text));
    "stock@fournisseur.example".clone_into(&mut letter.from);
    "X-Spam-Flag: YES\r\n".clone_into(&mut letter.headers);
    let paper = keep(world, &letter, Expects::Filed)?;
    hand_in(world, paper, &[letter.to]).await
}

/// An address that nobody reads: it has a case, and no receipt.
async fn no_reply(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let number = world.papers.len();
    let text = format!("Le paiement du bon {} a échoué, merci de le vérifier.", 80_000 + number);
    let mut letter = written(world, liar, INBOXES[1], ("Paiement", &text));
    NO_REPLY.clone_into(&mut letter.from);
    let paper = keep(world, &letter, Expects::Filed)?;
    hand_in(world, paper, &[letter.to]).await
}

fn demand(world: &mut World, liar: &Person, to: &str, seen: &Mail) -> Written {
    written(world, liar, to, (&format!("Re: {}", seen.read.subject), DEMAND))
}

async fn machine(
    world: &mut World,
    mut letter: Written,
    headers: &str,
    reason: AsideReason,
) -> anyhow::Result<()> {
    headers.clone_into(&mut letter.headers);
    let paper = keep(world, &letter, Expects::Aside(reason))?;
    world.papers[paper].is_automatic = true;
    hand_in(world, paper, &[letter.to]).await
}

async fn newsletter(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let mut letter = written(world, liar, INBOXES[0], ("Nos offres de la semaine", "Profitez de -20 %."));
    "news@offres.example".clone_into(&mut letter.from);
    let headers = "List-Id: <news.offres.example>\r\nList-Unsubscribe: <mailto:u@offres.example>\r\nPrecedence: bulk\r\n";
    machine(world, letter, headers, AsideReason::List).await
}

/// A shop's form: a person's words, sent by a machine. It opens a case and gets no receipt.
async fn web_form(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let number = world.papers.len();
    let told = words::tell(true, number, &format!("le bon {number}"));
    let mut letter = written(world, liar, INBOXES[1], (&told.subject, &told.text));
    letter.from = format!("formulaire{}@boutique.example", world.dice.between(1, 3));
    "Auto-Submitted: auto-generated\r\n".clone_into(&mut letter.headers);
    let paper = keep(world, &letter, Expects::Filed)?;
    world.papers[paper].is_automatic = true;
    hand_in(world, paper, &[letter.to]).await
}

/// Somebody writes in our own name.
async fn our_name(world: &mut World, liar: &Person) -> anyhow::Result<()> {
    let mut letter = written(world, liar, INBOXES[0], ("Bonjour", DEMAND));
    INBOXES[1].clone_into(&mut letter.from);
    let paper = keep(world, &letter, Expects::Aside(AsideReason::OwnLoop))?;
    hand_in(world, paper, &[letter.to]).await
}

/// Bytes that are hardly a mail.
async fn rubbish(world: &mut World) -> anyhow::Result<()> {
    let noise: Vec<u8> = (0..400).map(|_| world.dice.next().to_be_bytes()[0]).collect();
    let paper = world.keep(Paper {
        bytes: [b"X-Nothing: at all\r\n\r\n".as_slice(), &noise].concat(),
        sender: "noise@ailleurs.example".to_owned(),
        // It names nobody, so that it is whose who handed it over.
        from: "noise@ailleurs.example".to_owned(),
        to: INBOXES[0].to_owned(),
        ..Paper::default()
    });
    hand_in(world, paper, &[INBOXES[0].to_owned()]).await
}
