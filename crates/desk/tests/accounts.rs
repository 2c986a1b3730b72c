//! Mail accounts against a real Dovecot: letters become cases once, whatever breaks in between; who may not read, does not.

use std::time::Duration;

use casework::InboxId;
use casework::decision::AsideReason;
use channels::mail::send::Tls;
use desk::account::Trouble;
use desk::account::login::place;
use desk::account::reach::try_reading;
use desk::desk::Desk;
use desk::fetching::Stuck;
use desk::seal;
use desk::worker::accounts::{self, read_once};
use jiff::SignedDuration;
use store::{AfterReading, Connection, Grant, NewAccount, StoreError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::dovecot::{Dovecot, PASSWORD};
use super::tokens::{TokenServer, json};
use crate::on_both_engines;
use crate::proofs::until;
use crate::support::{BRAND, INBOX, Letter, TestDesk};

/// The user of the mail server whose inbox is read.
const USER: &str = "aide";
/// Longest wait for what the running worker does.
const LONGEST: Duration = Duration::from_mins(2);

async fn inbox(desk: &Desk, address: &str) -> InboxId {
    desk.store.inbox_at(address).await.unwrap().unwrap().id
}

fn sealed(desk: &Desk, id: Uuid, kind: &str, secret: &str) -> Vec<u8> {
    seal::seal(&desk.secret, &desk.chance, &place(id, kind), secret.as_bytes()).unwrap()
}

async fn account(desk: &Desk, server: &Dovecot) -> NewAccount {
    let settings = server.settings(USER, Tls::None);
    let id = casework::Mint::uuid(&mut desk.mint());
    NewAccount {
        id,
        brand: BRAND,
        inbox: inbox(desk, INBOX).await,
        connection: Connection {
            host: settings.host,
            port: settings.port,
            tls: "none".to_owned(),
            username: USER.to_owned(),
            folder: "INBOX".to_owned(),
        },
        after_reading: AfterReading::Keep,
        sealed_password: Some(sealed(desk, id, "password", PASSWORD)),
        grant: None,
        sealed_client_secret: None,
        smtp: None,
        takes_history: false,
    }
}

/// Connects an account and looks at it once, so that what comes now is new.
async fn connected(desk: &TestDesk, new: NewAccount) -> Uuid {
    let id = new.id;
    desk.pass(SignedDuration::from_mins(2));
    desk.desk.store.add_account(new, desk.desk.clock.now()).await.unwrap();
    read(desk, id).await;
    id
}

async fn read(desk: &TestDesk, id: Uuid) -> usize {
    let count = read_once(&desk.desk, (BRAND, id), &mut Stuck::default()).await.unwrap();
    desk.settle().await;
    count
}

fn deliver(desk: &TestDesk, server: &Dovecot, letter: &Letter<'_>) {
    let now = desk.desk.clock.now();
    server.deliver(USER, letter.id, letter.to_mail(now).as_bytes());
    server.date(USER, letter.id, now.into());
}

fn letter(id: &'static str) -> Letter<'static> {
    Letter { id, text: "Bonjour, ma bouilloire fuit depuis hier.\r\n", ..Letter::default() }
}

on_both_engines! {
    async fn a_letter_in_the_mailbox_becomes_a_case_once(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        deliver(&desk, &server, &letter("old@exemple.fr"));
        let id = connected(&desk, account(&desk.desk, &server).await).await;
        assert_eq!(desk.cases().await.len(), 0, "what was there before stays where it is");
        deliver(&desk, &server, &letter("new@exemple.fr"));
        assert_eq!(read(&desk, id).await, 1);
        assert_eq!(read(&desk, id).await, 0, "nothing is read twice");
        let case = desk.only_case().await;
        assert_eq!(case.inbox, inbox(&desk.desk, INBOX).await);
        assert_eq!(desk.sent().await.len(), 1, "its writer has a receipt");
        let state = desk.desk.store.account(BRAND, id).await.unwrap().unwrap().state;
        assert_eq!((state.failures, state.read_at), (0, Some(desk.desk.clock.now())));
    }

    async fn letters_that_were_there_can_be_taken_too_without_a_receipt(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        deliver(&desk, &server, &letter("old@exemple.fr"));
        let new = NewAccount { takes_history: true, ..account(&desk.desk, &server).await };
        let id = connected(&desk, new).await;
        assert_eq!(desk.cases().await.len(), 1);
        assert_eq!(desk.sent().await.len(), 0, "nobody expects a receipt for an old letter");
        let later = Letter { text: "Ma commande MG-88412 arrive ouverte.\r\n", from: "luc@exemple.fr", ..letter("new@exemple.fr") };
        deliver(&desk, &server, &later);
        read(&desk, id).await;
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (2, 1));
    }

    // zammad#1662: a crash between import and flag made two tickets of one mail.
    async fn a_node_that_dies_after_the_commit_makes_no_second_case(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        let new = NewAccount { after_reading: AfterReading::MarkSeen, ..account(&desk.desk, &server).await };
        let id = connected(&desk, new).await;
        deliver(&desk, &server, &letter("one@exemple.fr"));
        read(&desk, id).await;
        // As if the flag had never been set: the number kept with the letter decides, not the flag.
        let other = desk.second_node().await;
        assert_eq!(read_once(&other, (BRAND, id), &mut Stuck::default()).await.unwrap(), 0);
        other.store.close().await;
        desk.only_case().await;
    }

    async fn a_mailbox_made_anew_gives_no_letter_twice(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        let id = connected(&desk, account(&desk.desk, &server).await).await;
        deliver(&desk, &server, &letter("one@exemple.fr"));
        read(&desk, id).await;
        server.renumber(USER);
        let second = Letter { text: "Ma commande MG-88412 arrive ouverte.\r\n", from: "luc@exemple.fr", ..letter("two@exemple.fr") };
        deliver(&desk, &server, &second);
        read(&desk, id).await;
        assert_eq!(desk.cases().await.len(), 2, "the old letter is recognised, the new one taken");
        assert_eq!(desk.desk.store.duplicate_letters().await.unwrap(), 1);
    }

    async fn a_mailbox_made_anew_gives_what_comes_after_and_nothing_of_before(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        for old in ["old-1@exemple.fr", "old-2@exemple.fr", "old-3@exemple.fr"] {
            deliver(&desk, &server, &letter(old));
        }
        let id = connected(&desk, account(&desk.desk, &server).await).await;
        server.renumber(USER);
        read(&desk, id).await;
        // Its number is below those that the old letters had.
        for (id_of, text) in [("one@exemple.fr", "Ma commande MG-88412 arrive ouverte.\r\n"), ("two@exemple.fr", "Le fauteuil bleu boite, que faire ?\r\n")] {
            deliver(&desk, &server, &Letter { text, from: "luc@exemple.fr", ..letter(id_of) });
            read(&desk, id).await;
        }
        assert_eq!(desk.cases().await.len(), 2, "each connection knows which letters are new");
        assert_eq!(desk.sent().await.len(), 2, "and their writer has a receipt");
    }

    async fn letters_that_came_before_the_first_look_are_taken(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        deliver(&desk, &server, &letter("1-old@exemple.fr"));
        desk.pass(SignedDuration::from_mins(2));
        let new = account(&desk.desk, &server).await;
        let id = new.id;
        desk.desk.store.add_account(new, desk.desk.clock.now()).await.unwrap();
        // Access is granted a day later.
        desk.pass(SignedDuration::from_hours(24));
        deliver(&desk, &server, &letter("2-new@exemple.fr"));
        assert_eq!(read(&desk, id).await, 1);
        assert_eq!(desk.sent().await.len(), 1);
    }

    async fn a_letter_that_is_never_given_blocks_nobody_and_is_told(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        let id = connected(&desk, account(&desk.desk, &server).await).await;
        deliver(&desk, &server, &letter("broken@exemple.fr"));
        server.spoil(USER, "broken@exemple.fr");
        deliver(&desk, &server, &letter("good@exemple.fr"));
        let mut stuck = Stuck::default();
        for _ in 0..6 {
            assert!(read_once(&desk.desk, (BRAND, id), &mut stuck).await.is_err(), "the server hangs up on it");
        }
        assert_eq!(read_once(&desk.desk, (BRAND, id), &mut stuck).await.unwrap(), 1);
        desk.settle().await;
        desk.only_case().await;
        let admin = desk.agent("admin").id;
        let aside = desk.desk.store.aside_counts(admin, true).await.unwrap();
        assert_eq!(aside, [(AsideReason::NoSender, 1)], "a notice stands where people look");
    }

    async fn two_nodes_never_read_one_mailbox(desk: TestDesk) {
        let Some(server) = Dovecot::start() else { return };
        let id = connected(&desk, account(&desk.desk, &server).await).await;
        deliver(&desk, &server, &letter("one@exemple.fr"));
        let (store, now) = (&desk.desk.store, desk.desk.clock.now());
        let held = store.lease_account((BRAND, id), Uuid::from_u128(1), now).await.unwrap().unwrap();
        assert_eq!(read(&desk, id).await, 0, "another node has it");
        store.release_account(held).await.unwrap();
        assert_eq!(read(&desk, id).await, 1);
        let late = store.keep_fetched(Vec::new(), store::Upto { lease: held, uid_validity: 1, last_uid: 99, history_uid: 0, at: now }).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "what it had, it has no more");
    }
}

#[tokio::test]
async fn a_letter_goes_to_the_inbox_of_the_address_it_was_sent_to() {
    let Some(server) = Dovecot::start() else { return };
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    let shop = inbox(&desk.desk, "magasin@atelier.example").await;
    desk.desk.store.add_alias("boutique@atelier.example".to_owned(), BRAND, shop).await.unwrap();
    let id = connected(&desk, account(&desk.desk, &server).await).await;
    let table = [
        ("a@exemple.fr", "boutique@atelier.example", shop),
        ("b@exemple.fr", "magasin+x@atelier.example", shop),
        ("c@exemple.fr", "ailleurs@exemple.org", inbox(&desk.desk, INBOX).await),
    ];
    for (from, to, expected) in table {
        deliver(&desk, &server, &Letter { to, from, id: from, ..letter("x") });
        read(&desk, id).await;
        assert_eq!(desk.cases().await.last().unwrap().inbox, expected, "{to}");
    }
}

#[tokio::test]
async fn letters_are_moved_only_when_that_was_asked_for() {
    let Some(server) = Dovecot::start() else { return };
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    server.make_folder(USER, "Lus");
    let new = NewAccount {
        after_reading: AfterReading::MoveTo("Lus".to_owned()),
        ..account(&desk.desk, &server).await
    };
    let id = connected(&desk, new.clone()).await;
    deliver(&desk, &server, &letter("one@exemple.fr"));
    read(&desk, id).await;
    let messages = async |folder: &str| {
        let mut account = desk.desk.store.account(BRAND, id).await.unwrap().unwrap();
        account.set_up.connection.folder = folder.to_owned();
        account.set_up.after_reading = AfterReading::Keep;
        try_reading(&desk.desk, &account).await.unwrap().messages
    };
    assert_eq!((messages("INBOX").await, messages("Lus").await), (0, 1));
}

#[tokio::test]
async fn a_wrong_password_is_told_and_nothing_is_read() {
    let Some(server) = Dovecot::start() else { return };
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    let mut new = account(&desk.desk, &server).await;
    new.sealed_password = Some(sealed(&desk.desk, new.id, "password", "faux"));
    let id = new.id;
    desk.pass(SignedDuration::from_mins(2));
    desk.desk.store.add_account(new, desk.desk.clock.now()).await.unwrap();
    let trouble = read_once(&desk.desk, (BRAND, id), &mut Stuck::default()).await.unwrap_err();
    assert!(trouble.is_lasting() && trouble.code() == "login", "{trouble}");
    let sealed = sealed(&desk.desk, id, "password", PASSWORD);
    assert!(desk.desk.store.set_account_password((BRAND, id), sealed).await.unwrap());
    read_once(&desk.desk, (BRAND, id), &mut Stuck::default()).await.unwrap();
}

/// A wrong password is tried again after five minutes: whoever mends it sees the letters at once.
#[tokio::test]
async fn an_account_that_was_mended_is_read_at_once_and_by_one_reader() {
    let Some(server) = Dovecot::start() else { return };
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    let mut new = account(&desk.desk, &server).await;
    new.sealed_password = Some(sealed(&desk.desk, new.id, "password", "faux"));
    let (id, store) = (new.id, &desk.desk.store);
    let stop = CancellationToken::new();
    let job = tokio::spawn(accounts::run(desk.desk.clone(), stop.clone()));
    desk.pass(SignedDuration::from_mins(2));
    store.add_account(new, desk.desk.clock.now()).await.unwrap();
    let state = async || store.account(BRAND, id).await.unwrap().unwrap().state;
    // It may have begun before the account was there: a change tells it to look.
    desk.desk.tell_account_changed((BRAND, id));
    until("the wrong password is told", LONGEST, async || state().await.failures == 1).await;

    let right = sealed(&desk.desk, id, "password", PASSWORD);
    store.set_account_password((BRAND, id), right).await.unwrap();
    desk.desk.tell_account_changed((BRAND, id));
    until("the account is read", LONGEST, async || state().await.read_at.is_some()).await;
    deliver(&desk, &server, &letter("one@exemple.fr"));
    until("the letter is kept", LONGEST, async || store.unread_letters().await.unwrap() == 1).await;
    stop.cancel();
    job.await.unwrap();
    desk.settle().await;
    desk.only_case().await;
}

#[tokio::test]
async fn a_password_that_was_sealed_for_another_account_opens_nothing() {
    let Some(server) = Dovecot::start() else { return };
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    let mut new = account(&desk.desk, &server).await;
    new.sealed_password = Some(sealed(&desk.desk, Uuid::nil(), "password", PASSWORD));
    let id = new.id;
    desk.pass(SignedDuration::from_mins(2));
    desk.desk.store.add_account(new, desk.desk.clock.now()).await.unwrap();
    assert!(matches!(read_once(&desk.desk, (BRAND, id), &mut Stuck::default()).await, Err(Trouble::Shut(_))));
}

/// What Dovecot must know to believe tokens.
fn believing(port: u16) -> String {
    format!(
        "auth_mechanisms = plain login xoauth2\npassdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = FOLDER/oauth2.conf\n}}\n# {port}"
    )
}

#[tokio::test]
async fn a_grant_keeps_giving_tokens_until_it_ends() {
    let tokens = TokenServer::start(|path, body| match path {
        "/token" if body.contains("refresh_token=first") || body.contains("refresh_token=second") => json(
            200,
            r#"{"access_token":"good","token_type":"Bearer","expires_in":3600,"refresh_token":"second","refresh_token_expires_in":864000}"#,
        ),
        "/token" => json(400, r#"{"error":"invalid_grant","error_description":"taken back"}"#),
        _ if body.contains("good") || path.contains("good") => json(200, r#"{"active":true,"email":"aide","username":"aide"}"#),
        _ => json(200, r#"{"active":false}"#),
    })
    .await;
    let Some(server) = Dovecot::start_with(&believing(tokens.port)) else { return };
    server.write(
        "oauth2.conf",
        &format!(
            "introspection_url = {}/check\nintrospection_mode = post\nactive_attribute = active\nactive_value = true\nusername_attribute = email\nforce_introspection = yes\n",
            tokens.url()
        ),
    );
    let desk = TestDesk::open(crate::support::Engine::Sqlite).await.unwrap();
    let mut new = account(&desk.desk, &server).await;
    let (id, key) = (new.id, (BRAND, new.id));
    new.sealed_password = None;
    new.grant = Some(Grant {
        provider: "other".to_owned(),
        authorize_url: Some("https://id.example/authorize".to_owned()),
        token_url: format!("{}/token", tokens.url()),
        client_id: "desk".to_owned(),
        scope: "mail".to_owned(),
    });
    desk.desk.store.add_account(new, desk.desk.clock.now()).await.unwrap();
    assert!(matches!(read_once(&desk.desk, key, &mut Stuck::default()).await, Err(Trouble::NotGranted)));
    let first = sealed(&desk.desk, id, "refresh", "first");
    desk.desk.store.renew_grant(key, first.clone(), None).await.unwrap();
    read_once(&desk.desk, key, &mut Stuck::default()).await.unwrap();
    deliver(&desk, &server, &letter("one@exemple.fr"));
    assert_eq!(read(&desk, id).await, 1);
    let asked = |path: &str| tokens.asked().iter().filter(|(asked, _)| asked == path).count();
    assert_eq!(asked("/token"), 1, "a token that is good is used again");
    let stored = desk.desk.store.account(BRAND, id).await.unwrap().unwrap();
    assert_ne!(stored.sealed_refresh_token, Some(first), "the new refresh token is kept, sealed");
    assert!(stored.grant_ends_at.is_some());
    desk.pass(jiff::SignedDuration::from_hours(2));
    read_once(&desk.desk, key, &mut Stuck::default()).await.unwrap();
    assert_eq!(asked("/token"), 2, "an hour later a new one is asked for");
    desk.desk.store.renew_grant(key, sealed(&desk.desk, id, "refresh", "ended"), None).await.unwrap();
    desk.pass(jiff::SignedDuration::from_hours(2));
    let ended = read_once(&desk.desk, key, &mut Stuck::default()).await.unwrap_err();
    assert!(ended.is_lasting() && ended.to_string().contains("taken back"), "{ended}");
}
