//! Letters that come by the hands of others: an agent passes on what a customer wrote to them, our own web form writes
//! for whoever filled it in. Whose letter it is, is what must come out.

use anyhow::Context;
use casework::SenderProof;

use crate::customers::{keep, new_problem, written};
use crate::letters::{Written, hand_in};
use crate::stage::INBOXES;
use crate::words;
use crate::world::{Expects, Paper, Person, Problem, World};

/// Where our web form writes from.
const FORM: &str = "formulaire@atelier.example";

/// A person writes to an agent, who passes it on to the first inbox, in one of the ways of mail programs. What the agent
/// writes above it is as internal as any note.
pub async fn pass_on(world: &mut World, person: usize) -> anyhow::Result<()> {
    let (who, problem, told) = new_problem(world, person)?;
    let number = world.dice.index(3);
    let agent = world.stage.agents.get(number).context("no such agent")?.clone();
    let comment = format!("{}{} vue au salon, à traiter.", words::NOTE, world.dice.next());
    let inner = written(world, &who, &format!("agent{number}@atelier.example"), (&told.subject, &told.text));
    let from = Person {
        name: agent.name.clone(),
        address: format!("agent{number}@atelier.example"),
        ..Person::default()
    };
    let way = world.dice.index(4);
    let mut letter = written(world, &from, INBOXES[0], (&subject(way, &told.subject), ""));
    letter.text = format!("{comment}\n\n{}", quoted(way, &who, &inner));
    let bytes =
        if way == 3 { attached(world, &letter, &comment, &inner)? } else { letter.bytes(world.now)? };
    let first = world.keep(Paper {
        bytes,
        sender: from.address,
        from: who.address,
        to: letter.to.clone(),
        proof: SenderProof::Proven,
        mail_id: letter.mail_id,
        expects: Expects::Filed,
        ..Paper::default()
    });
    world.people[person].problems.push(Problem { first, inbox: INBOXES[0].to_owned(), ..problem });
    hand_in(world, first, &[letter.to]).await
}

fn subject(way: usize, subject: &str) -> String {
    let prefix = ["TR", "Fwd", "WG", "TR"][way % 4];
    format!("{prefix}: {subject}")
}

/// The inner letter as the program shows it.
fn quoted(way: usize, who: &Person, inner: &Written) -> String {
    let Written { to, subject, text, .. } = inner;
    let (name, address) = (&who.name, &who.address);
    match way {
        0 => format!(
            "-----Message d'origine-----\nDe : {name} <{address}>\nEnvoyé : lundi 2 mars 2026 18:04\nÀ : {to}\nObjet : {subject}\n\n{text}"
        ),
        1 => format!(
            "---------- Forwarded message ---------\nDe : {name} <{address}>\nDate: lun. 2 mars 2026 à 18:04\nSubject: {subject}\nTo: <{to}>\n\n\n{text}"
        ),
        2 => format!(
            "-----Ursprüngliche Nachricht-----\nVon: {name} <{address}>\nGesendet: Montag, 2. März 2026 18:04\nAn: {to}\nBetreff: {subject}\n\n{text}"
        ),
        _ => String::new(),
    }
}

/// The inner letter as a file (RFC 2046, 5.2.1).
fn attached(world: &World, outer: &Written, comment: &str, inner: &Written) -> anyhow::Result<Vec<u8>> {
    let inner = inner.bytes(world.now)?;
    let head = format!(
        "From: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{comment}\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\n",
        outer.name, outer.from, outer.to, outer.subject, outer.mail_id
    );
    Ok([head.as_bytes(), &inner, b"\r\n--b--\r\n"].concat())
}

/// A person fills in our web form, which writes in its own name and says where answers go.
pub async fn fill_in(world: &mut World, person: usize) -> anyhow::Result<()> {
    let (who, problem, told) = new_problem(world, person)?;
    let form = Person { name: "Formulaire".to_owned(), address: FORM.to_owned(), ..Person::default() };
    let mut letter = written(world, &form, INBOXES[0], (&told.subject, &told.text));
    letter.headers = format!("Reply-To: {} <{}>\r\n", who.name, who.address);
    let is_marked = world.dice.says(50);
    if is_marked {
        letter.headers.push_str("Auto-Submitted: auto-generated\r\n");
    }
    let first = keep(world, &letter, Expects::Filed)?;
    world.papers[first].from.clone_from(&who.address);
    world.papers[first].is_automatic = is_marked;
    world.people[person].problems.push(Problem { first, inbox: INBOXES[0].to_owned(), ..problem });
    hand_in(world, first, &[letter.to]).await
}
