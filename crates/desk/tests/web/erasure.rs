//! Whoever asks is erased: nothing they wrote, sent or were called is left in the database, on disk, in the search, nor in a
//! backup, and an older backup does not bring it back. What is held is kept; what has been kept long enough goes by itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::StatusCode;
use casework::act::Act;
use casework::proof::Secret;
use casework::{Case, Closing, Nature, Status};
use desk::backup::{back_up, replay_erasures, restore_files};
use desk::chance::Chance;
use desk::desk::{Desk, Setup};
use desk::door::act;
use desk::worker::erasure::erase_due;
use jiff::SignedDuration;
use store::{Keeping, Location, Store};

use super::api::{json, program};
use super::browser::{Browser, link_of};
use crate::on_both_engines;
use crate::support::{BRAND, Letter, TestDesk};

/// What only this customer is called, wrote, sent or was told, each in another place.
const WORDS: [&str; 10] = [
    "Quatrefages",
    "zephyrine.q@exemple-perdu.fr",
    "Salmigondis",
    "turlupinade",
    "calembredaine",
    "nyctalope",
    "hurluberlu",
    "Coquecigrue",
    "galimatias",
    "barguigner",
];

/// Which of these words stand in some file beneath a folder, as bytes.
fn found_in(folder: &Path) -> Vec<&'static str> {
    let mut found: Vec<&str> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(path).unwrap();
            let holds = |word: &&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
            found.extend(WORDS.iter().filter(|word| holds(word)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn all_words() -> Vec<&'static str> {
    let mut words = WORDS.to_vec();
    words.sort_unstable();
    words
}

/// A case with a bit of everything in it, closed by its customer.
async fn settled_case(desk: &TestDesk) -> Case {
    let letter = Letter {
        from: "zephyrine.q@exemple-perdu.fr",
        name: "Zephyrine Quatrefages",
        subject: "Salmigondis",
        text: "Bonjour, quelle turlupinade que cette commande MG-99881 !\r\n",
        ..Letter::default()
    };
    desk.mail(&letter).await;
    let case = desk.only_case().await;
    let long = format!("Toujours cette calembredaine. {}\r\n", "Je vous envoie tout. ".repeat(6_000));
    let answers = ["first@exemple.fr"];
    desk.mail(&Letter { id: "second@exemple.fr", answers: &answers, text: &long, ..letter }).await;
    let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
    camille.get(&format!("/cases/{}", case.reference)).await;
    let to = |act: &str| format!("/cases/{}/{act}", case.reference);
    let body = [("body", "Voici la facture."), ("then", "open")];
    let file: (&str, &[u8]) = ("galimatias.pdf", b"%PDF-1.7 barguigner");
    assert_eq!(camille.post_files(&to("replies"), &body, &[file]).await.status, StatusCode::SEE_OTHER);
    let acts = [
        Act::Note(plain("Cliente nyctalope.")),
        Act::Commit {
            promise: "Rappel par un hurluberlu".to_owned(),
            due_at: desk.desk.clock.now() + SignedDuration::from_hours(90),
        },
        Act::WaitForThirdParty {
            name: "Coquecigrue Transports".to_owned(),
            chase_at: desk.desk.clock.now() + SignedDuration::from_hours(80),
        },
        Act::Propose(plain("Nous vous remboursons.")),
    ];
    for act in acts {
        act::by_agent(&desk.desk, desk.agent("camille"), (BRAND, case.id), act, None).await.unwrap();
    }
    desk.settle().await;
    let case = desk.only_case().await;
    let link = link_of(&desk.desk, &case);
    let mut customer = Browser::new(&desk.desk);
    customer.get(&link).await;
    let confirmed = customer.post(&format!("{link}/confirmation"), &[]).await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
    desk.only_case().await
}

fn plain(text: &str) -> casework::write::Words {
    casework::write::Words { text: text.to_owned(), html: None, files: Vec::new() }
}

/// Everything on disk of a desk: its folder holds the database too, where that is a file.
fn folder_of(desk: &TestDesk) -> PathBuf {
    desk.desk.store.folder().to_owned()
}

/// A desk of its own from a backup: on the embedded engine, whichever the backup came from.
async fn restored(desk: &TestDesk, backup: &Path, folder: &Path) -> Desk {
    let location = Location::Folder(folder.to_owned());
    store::restore(&location, backup).await.unwrap();
    let store = Store::open(&location).await.unwrap();
    let secret = Secret::new(vec![7; 32]).unwrap();
    let setup = Setup::secluded(store, desk.desk.clock.clone(), Chance::seeded(9), secret);
    let restored = Desk::new(setup);
    restore_files(&restored.vault, backup).await.unwrap();
    restored
}

on_both_engines! {
    async fn whoever_asks_is_erased_everywhere(desk: TestDesk) {
        let case = settled_case(&desk).await;
        let elsewhere = tempfile::tempdir().unwrap();
        let before = elsewhere.path().join("before");
        back_up(&desk.desk, &before, None).await.unwrap();
        assert_eq!(found_in(&before), all_words(), "else nothing is proved below");
        if matches!(desk.location, Location::Folder(_)) {
            assert_eq!(found_in(&folder_of(&desk)), all_words());
        }
        let customer = format!("/customers/{}/{}", BRAND, case.customer);
        let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
        let export = admin.get(&format!("{customer}/export.zip")).await;
        assert_eq!((export.status, export.header("content-type")), (StatusCode::OK, "application/zip"));
        let missing = WORDS.into_iter().filter(|word| !export.body.contains(word)).collect::<Vec<_>>();
        assert_eq!(missing, ["Coquecigrue"], "a third party's name is not about them");
        assert!(admin.get(&customer).await.body.contains("/erasure\""));
        let asked = admin.post(&format!("{customer}/erasure"), &[]).await;
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/keeping"));
        erase_due(&desk.desk, false, Duration::ZERO).await.unwrap();

        assert_eq!(found_in(&folder_of(&desk)), Vec::<&str>::new());
        let after = elsewhere.path().join("after");
        back_up(&desk.desk, &after, None).await.unwrap();
        assert_eq!(found_in(&after), Vec::<&str>::new());
        for word in WORDS {
            let page = admin.get(&format!("/search?q={word}")).await;
            assert!(!page.body.contains(case.reference.as_str()), "{word}");
        }
        let page = admin.get(&format!("/cases/{}", case.reference)).await;
        assert!(page.status.is_success() && page.body.contains("Contenu effacé"), "{}", page.body);
        assert!(!page.body.contains("/replies"), "nothing is written any more");
        assert!(admin.get("/keeping").await.body.contains(&case.customer.to_string()));
        assert!(admin.get(&customer).await.body.contains("Tout a été effacé."));
        assert!(admin.get("/cases?view=closed").await.status.is_success());
        let mut stranger = Browser::new(&desk.desk);
        assert_eq!(stranger.get(&link_of(&desk.desk, &case)).await.status, StatusCode::NOT_FOUND);

        // The backup that is older brings everything back, and the list takes it away again.
        let again = restored(&desk, &before, &elsewhere.path().join("again")).await;
        assert_eq!(found_in(&elsewhere.path().join("again")), all_words());
        let lists = [desk.desk.store.erasure_list()];
        assert_eq!(replay_erasures(&again, &before, &lists).await.unwrap(), 1);
        again.store.close().await;
        assert_eq!(found_in(&elsewhere.path().join("again")), Vec::<&str>::new());
    }

    async fn who_writes_again_is_somebody_new(desk: TestDesk) {
        let case = settled_case(&desk).await;
        let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
        let customer = format!("/customers/{}/{}", BRAND, case.customer);
        admin.get(&customer).await;
        admin.post(&format!("{customer}/erasure"), &[]).await;
        erase_due(&desk.desk, false, Duration::ZERO).await.unwrap();
        // The same letter once more, an answer in the old thread, and the old reference in the subject.
        let subject = format!("Re: {}", case.reference);
        let answers = ["first@exemple.fr", "second@exemple.fr"];
        let from = "zephyrine.q@exemple-perdu.fr";
        desk.mail(&Letter { from, subject: &subject, answers: &answers, id: "third@exemple.fr", ..Letter::default() }).await;
        let cases = desk.cases().await;
        let (old, new): (Vec<_>, Vec<_>) = cases.into_iter().partition(|case| case.erased_at.is_some());
        assert_eq!((old.len(), new.len()), (1, 1));
        assert_eq!((old[0].status, old[0].closed_at), (Status::Closed, case.closed_at));
        assert_ne!(old[0].customer, new[0].customer);
        assert!(new[0].is_open());
    }

    async fn what_is_open_or_held_is_not_erased_and_says_so(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let mut api = program(&desk, "admin").await;
        let erasure = format!("/api/v1/customers/atelier/{}/erasure", case.customer);
        let refused = api.json(&erasure, &serde_json::json!({}), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(json(&refused)["type"].as_str().unwrap().ends_with("not-settled"), "{}", refused.body);
        let mut leads = program(&desk, "sophie").await;
        assert_eq!(leads.json(&erasure, &serde_json::json!({}), &[]).await.status, StatusCode::FORBIDDEN);
        let hold = format!("/api/v1/cases/{}/hold", case.reference);
        let kept = leads.json(&hold, &serde_json::json!({ "reason": "Assignation" }), &[]).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
        let page = Browser::of(&desk.desk, desk.agent("camille")).await.get(&format!("/cases/{}", case.reference)).await;
        assert!(page.body.contains("Conservé comme preuve") && page.body.contains("Assignation"), "{}", page.body);
        assert!(!page.body.contains("/hold/lifting"), "an agent does not lift it");
        let lifted = leads.json(&format!("{hold}/lifting"), &serde_json::json!({}), &[]).await;
        assert_eq!(lifted.status, StatusCode::OK, "{}", lifted.body);
        desk.settle().await;
    }

    async fn what_was_kept_long_enough_goes_by_itself(desk: TestDesk) {
        let case = settled_case(&desk).await;
        let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
        let page = admin.get("/keeping").await;
        assert!(page.body.contains("complaint-confirmed"), "{}", page.body);
        let bad = admin.post(&format!("/keeping/{BRAND}"), &[("complaint-confirmed", "-3")]).await;
        assert_eq!(bad.status, StatusCode::BAD_REQUEST);
        let nature = format!("{}-confirmed", case.nature.as_str());
        let set = admin.post(&format!("/keeping/{BRAND}"), &[(&nature, "6"), ("report-lapsed", "1")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
        let rules = desk.desk.store.keeping_rules().await.unwrap();
        let rule = Keeping { brand: BRAND, nature: case.nature, closing: Closing::Confirmed, months: 6 };
        assert!(rules.contains(&rule) && rules.len() == 2, "{rules:?}");
        desk.pass(SignedDuration::from_hours(24 * 180));
        erase_due(&desk.desk, true, Duration::ZERO).await.unwrap();
        assert_eq!(desk.only_case().await.erased_at, None, "not yet");
        // Held meanwhile: it stays however long.
        let act = |act| act::by_agent(&desk.desk, desk.agent("admin"), (BRAND, case.id), act, None);
        act(Act::Hold("Contrôle".to_owned())).await.unwrap();
        desk.pass(SignedDuration::from_hours(24 * 30));
        erase_due(&desk.desk, true, Duration::ZERO).await.unwrap();
        assert_eq!(desk.only_case().await.erased_at, None, "it is held");
        act(Act::LiftHold).await.unwrap();
        erase_due(&desk.desk, true, Duration::ZERO).await.unwrap();
        assert!(desk.only_case().await.erased_at.is_some());
        assert_eq!(found_in(&folder_of(&desk)), Vec::<&str>::new());
        assert_eq!(Nature::ALL.len(), 4, "a row each on the page");
    }
}
