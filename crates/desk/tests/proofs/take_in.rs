//! `suivi take-in` on the real binary: files go in, a running desk answers, the figures add up.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::node::{Node, closed_port};
use super::stage::{INBOX, Stage};
use crate::support::Engine;

fn letter(from: &str, id: &str, headers: &str, text: &str) -> String {
    format!(
        "From: <{from}>\nTo: <{INBOX}>\nSubject: {id}\nMessage-ID: <{id}@exemple.fr>\n{headers}\n{text}\n"
    )
}

/// Files of every kind. Gives what to name on the command line.
fn files(folder: &Path) -> Vec<PathBuf> {
    let write = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    };
    let lost = letter("nadia@exemple.fr", "colis", "", "Mon colis n'est pas arrivé.");
    write("boite/new/1772528400.a.hote", &lost);
    write("boite/cur/1772528401.b.hote:2,S", &letter("luc@exemple.fr", "ligne", "", "Ma ligne est coupée."));
    write("boite/tmp/1772528402.c.hote", &letter("eva@exemple.fr", "brouillon", "", "Pas encore là."));
    let reply = letter(
        "nadia@exemple.fr",
        "encore",
        "In-Reply-To: <colis@exemple.fr>\n",
        ">From Lyon:\n\nFrom here on, nothing.",
    );
    let absent = letter(
        "luc@exemple.fr",
        "absent",
        "In-Reply-To: <ligne@exemple.fr>\nAuto-Submitted: auto-replied\n",
        "Je suis absent.",
    );
    let offers = letter("lettre@exemple.fr", "promo", "List-Id: <lettre.exemple.fr>\n", "Nos offres.");
    let opener = "From nadia@exemple.fr Tue Mar  3 09:00:00 2026";
    let mbox = [lost, reply, absent, offers].map(|letter| format!("{opener}\n{letter}\n")).concat();
    let mbox = write("archive", &mbox);
    let nobody = format!("To: <{INBOX}>\nSubject: anonyme\n\nQui suis-je ?\n");
    write("lettres/2026/un.eml", &nobody);
    let picture = write("photo.jpg", "\u{ff}\u{d8}\u{0}");
    let elsewhere = write("ailleurs.eml", "From: <a@exemple.fr>\nTo: <b@ailleurs.example>\n\nx\n");
    vec![folder.join("boite"), mbox, folder.join("lettres"), picture, elsewhere]
}

fn take_in(node: &Node, token: &str) -> Command {
    let mut suivi = Command::new(env!("CARGO_BIN_EXE_suivi"));
    suivi.args(["take-in", "--json", "--url", &format!("http://{}", node.place.web)]);
    suivi.env("SUIVI_TOKEN", token).stdin(Stdio::null());
    suivi
}

fn token(node: &Node) -> String {
    node.place.admin(&["add-token", "import", "--user", "alex@lavande.example"]).trim().to_owned()
}

fn told(done: &Output) -> Value {
    serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"))
}

/// The figures in the order of their sum: read, then all that it is made of; and the messages.
fn figures(told: &Value) -> [u64; 10] {
    let names = [
        "read",
        "cases",
        "appended",
        "auto_replies",
        "bounces",
        "junk",
        "quarantined",
        "duplicates",
        "failed",
    ];
    let figure = |name: &str| told[name].as_u64().unwrap();
    assert_eq!(figure("read"), names[1..].iter().map(|name| figure(name)).sum::<u64>(), "{told}");
    assert_eq!(figure("messages"), figure("cases") + figure("appended"), "{told}");
    let mut all = names.map(figure).to_vec();
    all.push(figure("messages"));
    all.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_letters_are_taken_in_from_files() {
    let stage = Stage::set(Engine::Sqlite, closed_port()).unwrap();
    let mut node = stage.node("one");
    let token = token(&node);
    let files = files(stage.folder());

    // The desk is not there yet: the program waits for it.
    let mut child =
        take_in(&node, &token).args(&files).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert!(line.contains("trying again") && !line.contains(&token), "{line}");
    node.start().await;
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(1), "two files are no letters for this desk");
    let first = told(&done);
    //         read cases appended auto bounces junk quarantined duplicates failed messages
    assert_eq!(figures(&first), [9, 2, 1, 2, 0, 0, 1, 1, 2, 3], "{first}");
    let mut failures: Vec<_> = first["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let place = one["place"].as_str().unwrap();
            (place.rsplit('/').next().unwrap().to_owned(), one["why"].clone())
        })
        .collect();
    failures.sort_by(|left, right| left.0.cmp(&right.0));
    let no_inbox = json!("none of its addresses is an inbox of yours; name one with --inbox");
    let expect = [("ailleurs.eml", no_inbox), ("photo.jpg", json!("neither a letter nor an mbox"))];
    assert_eq!(failures, expect.map(|(place, why)| (place.to_owned(), why)));

    let store = stage.look().await;
    assert_eq!(store.all_cases(10).await.unwrap().len(), 2);
    assert_eq!(store.undone_orders().await.unwrap(), 0, "no receipts");
    store.close().await;
    assert!(stage.folder().join("boite/tmp/1772528402.c.hote").exists());

    // The same again changes nothing.
    let again = take_in(&node, &token).args(&files[..3]).output().unwrap();
    assert!(again.status.success(), "{again:?}");
    assert_eq!(figures(&told(&again)), [7, 0, 0, 0, 0, 0, 0, 7, 0, 0]);
    node.assert_calm();
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_standard_input_and_refusals() {
    let stage = Stage::set(Engine::Sqlite, closed_port()).unwrap();
    let mut node = stage.node("one");
    let token = token(&node);
    node.start().await;
    let mut child = take_in(&node, &token)
        .args(["-", "--inbox", INBOX])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mail =
        "From: <a@exemple.fr>\nTo: <b@ailleurs.example>\nMessage-ID: <1@exemple.fr>\n\nOù est mon colis ?\n";
    child.stdin.take().unwrap().write_all(mail.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(figures(&told(&done)), [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);

    let path = stage.folder().join("une.eml");
    std::fs::write(&path, mail).unwrap();
    for (token, inbox, words) in [
        ("suivi_ccccccccccccccccccccccccccccccccccccccccccc", INBOX, "does not know the token"),
        (token.as_str(), "nulle-part@lavande.example", "No inbox of yours has this address."),
    ] {
        let refused = take_in(&node, token).arg(&path).args(["--inbox", inbox]).output().unwrap();
        let errors = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && errors.contains(words) && !errors.contains(token), "{errors}");
    }
    let help = take_in(&node, &token).arg("--help").output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout);
    assert!(help.contains("SUIVI_TOKEN") && !help.contains(&token), "{help}");
    node.stop().await;
}
