//! A desk for tests: the real one, in this process, with a postbox for a mail server and its clock in hand.
//! Dropping it asserts that no letter is unread and no order undone.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use casework::proof::Secret;
use casework::{BrandId, Case, Inbound};
use channels::mail::server::{Envelope, Kept, Letterbox, Protocol};
use desk::chance::Chance;
use desk::demo::player::work;
use desk::demo::setting::{self, Setting};
use desk::demo::story::Story;
use desk::desk::{Desk, Setup};
use desk::letterbox::DeskLetterbox;
use desk::postman::Postman;
use desk::time::Clock;
use jiff::{SignedDuration, Timestamp};
use store::{Location, Store};

/// The address that most tests write to.
pub const INBOX: &str = "bonjour@atelier.example";
/// The brand of the stage.
pub const BRAND: BrandId = setting::BRAND;
/// A Tuesday morning in Paris, in opening hours.
pub const TUESDAY: &str = "2026-03-03T09:00:00Z";

/// Which engine a desk of a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Runs a test on both engines, as two tests. PostgreSQL comes from `cargo xtask test`; without it that half is skipped loudly.
#[macro_export]
macro_rules! on_both_engines {
    ($(async fn $name:ident($desk:ident: TestDesk) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn walk($desk: $crate::support::TestDesk) $body

            #[tokio::test]
            async fn sqlite() {
                walk($crate::support::TestDesk::open($crate::support::Engine::Sqlite).await.unwrap()).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(desk) = $crate::support::TestDesk::open($crate::support::Engine::Postgres).await {
                    walk(desk).await;
                }
            }
        }
    )*};
}

/// The desk of one test.
pub struct TestDesk {
    /// The desk itself.
    pub desk: Desk,
    /// The stage: agents by key (`camille`, `idriss` in another team, `sophie` leads, `admin`).
    pub setting: Setting,
    /// Where its data lives.
    pub location: Location,
    secret: Secret,
    seed: u64,
    database: Option<String>,
    _folder: tempfile::TempDir,
}

impl TestDesk {
    /// Opens a fresh desk with a small stage, on a Tuesday morning. `None` when the engine is not to be had.
    pub async fn open(engine: Engine) -> Option<Self> {
        Self::open_seeded(engine, 1).await
    }

    /// The same with a seed of its own.
    pub async fn open_seeded(engine: Engine, seed: u64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (location, database) = match engine {
            Engine::Sqlite => (Location::Folder(folder.path().to_owned()), None),
            Engine::Postgres => {
                let (url, name) = fresh_database()?;
                (Location::Server { url, folder: folder.path().to_owned() }, Some(name))
            }
        };
        let secret = Secret::new(vec![7; 32]).unwrap();
        let clock = Clock::standing_at(TUESDAY.parse().unwrap());
        let desk = put_together(&location, clock, Chance::seeded(seed), &secret).await;
        let setting = setting::set(&desk, &stage()).await.unwrap();
        Some(Self { desk, setting, location, secret, seed, database, _folder: folder })
    }

    /// A second node on the same store, with the same clock.
    pub async fn second_node(&self) -> Desk {
        self.node_at(self.desk.clock.clone()).await
    }

    /// A node on the same store with a clock of its own.
    pub async fn node_at(&self, clock: Clock) -> Desk {
        put_together(&self.location, clock, Chance::seeded(self.seed + 1_000_000), &self.secret).await
    }

    /// A node on the same store whose mails leave by this postman.
    pub async fn node_by(&self, postman: Postman) -> Desk {
        let store = Store::open(&self.location).await.unwrap();
        let chance = Chance::seeded(self.seed + 2_000_000);
        Desk::new(Setup {
            postman,
            ..Setup::secluded(store, self.desk.clock.clone(), chance, self.secret.clone())
        })
    }

    /// Moves the clock forward.
    pub fn pass(&self, time: SignedDuration) {
        let now = self.desk.clock.now();
        self.desk.clock.move_to(now.checked_add(time).unwrap());
    }

    /// Hands a raw letter in at the mail door, as a listener does.
    pub async fn hand_in(&self, from: &str, to: &str, raw: &[u8]) {
        let envelope = Envelope {
            from: from.to_owned(),
            recipients: vec![to.to_owned()],
            bytes: raw.to_vec(),
            peer: "192.0.2.1".to_owned(),
            helo: "client.example".to_owned(),
        };
        assert_eq!(
            DeskLetterbox { desk: self.desk.clone(), protocol: Protocol::Lmtp }.keep(envelope).await,
            vec![Kept::Yes]
        );
    }

    /// Hands in a letter made of a few headers and a text, and lets the desk work.
    pub async fn mail(&self, letter: &Letter<'_>) {
        self.hand_in(letter.from, letter.to, letter.to_mail(self.desk.clock.now()).as_bytes()).await;
        self.settle().await;
    }

    /// Lets the desk do all that is due.
    pub async fn settle(&self) {
        work(&self.desk).await.unwrap();
    }

    /// Every case, the first one opened first.
    pub async fn cases(&self) -> Vec<Case> {
        self.desk.store.all_cases(1000).await.unwrap()
    }

    /// The one case there is.
    pub async fn only_case(&self) -> Case {
        let cases = self.cases().await;
        assert_eq!(cases.len(), 1, "one case is expected");
        cases.into_iter().next().unwrap()
    }

    /// The mails that left, the first one first: recipient and content as a reader understands it.
    pub async fn sent(&self) -> Vec<(String, Inbound)> {
        let mut mails = self.desk.store.postbox(1000).await.unwrap();
        mails.reverse();
        mails
            .iter()
            .map(|mail| (mail.recipient.clone(), channels::mail::read::read(&mail.bytes, "").0))
            .collect()
    }

    /// An agent of the stage.
    pub fn agent(&self, key: &str) -> &casework::Agent {
        &self.setting.agents[key]
    }
}

impl Drop for TestDesk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (location, database) = (self.location.clone(), self.database.clone());
        let checked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let store = Store::open(&location).await.unwrap();
                let left = (store.unread_letters().await.unwrap(), store.undone_orders().await.unwrap());
                store.close().await;
                left
            })
        })
        .join()
        .unwrap();
        if let Some(name) = database {
            psql(&format!("drop database if exists {name} with (force)"));
        }
        assert_eq!(checked, (0, 0), "letters unread and orders undone when the test ended");
    }
}

/// A letter from a customer.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    pub from: &'a str,
    pub name: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub id: &'a str,
    /// `Message-ID`s it answers, oldest first.
    pub answers: &'a [&'a str],
    /// More header lines, each ending in CR LF.
    pub headers: &'a str,
    pub text: &'a str,
}

impl Default for Letter<'_> {
    fn default() -> Self {
        Self {
            from: "nadia@exemple.fr",
            name: "Nadia Ferrand",
            to: INBOX,
            subject: "Colis en retard",
            id: "first@exemple.fr",
            answers: &[],
            headers: "",
            text: "Bonjour,\r\nMon colis MG-2481 devait arriver mardi dernier et je n'ai rien reçu. Que se passe-t-il ?\r\n",
        }
    }
}

impl Letter<'_> {
    /// The letter as it travels.
    pub fn to_mail(&self, now: Timestamp) -> String {
        let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        let references = self.answers.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
        let threading = match self.answers.last() {
            Some(last) => format!("In-Reply-To: <{last}>\r\nReferences: {references}\r\n"),
            None => String::new(),
        };
        format!(
            "From: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\nDate: {date}\r\n{threading}{}\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
            self.name, self.from, self.to, self.subject, self.id, self.headers, self.text
        )
    }
}

async fn put_together(location: &Location, clock: Clock, chance: Chance, secret: &Secret) -> Desk {
    let store = Store::open(location).await.unwrap();
    Desk::new(Setup::secluded(store, clock, chance, secret.clone()))
}

fn stage() -> Story {
    let agent = |key: &str, name: &str, role: &str, teams: &[&str]| desk::demo::story::StoryAgent {
        key: key.to_owned(),
        name: name.to_owned(),
        email: format!("{key}@atelier.example"),
        role: role.to_owned(),
        teams: teams.iter().map(|&team| team.to_owned()).collect(),
    };
    let team = |name: &str, inbox: &str| desk::demo::story::StoryTeam {
        name: name.to_owned(),
        inbox: inbox.to_owned(),
        first_reply_hours: 8,
    };
    Story {
        brand: desk::demo::story::StoryBrand { slug: "atelier".to_owned(), name: "L'Atelier".to_owned() },
        team: vec![team("Service client", INBOX), team("Magasin", "magasin@atelier.example")],
        agent: vec![
            agent("camille", "Camille Moreau", "agent", &["Service client"]),
            agent("idriss", "Idriss Benali", "agent", &["Magasin"]),
            agent("sophie", "Sophie Lemaire", "lead", &["Service client"]),
            agent("admin", "Alex Roche", "admin", &[]),
        ],
        customer: Vec::new(),
        step: Vec::new(),
    }
}

static DATABASES: AtomicU64 = AtomicU64::new(0);

/// A fresh database on the server that `cargo xtask test` starts.
fn fresh_database() -> Option<(String, String)> {
    let Ok(server) = std::env::var("SUIVI_TEST_POSTGRES") else {
        assert!(std::env::var("SUIVI_REQUIRE_POSTGRES").is_err(), "PostgreSQL is required and not there");
        eprintln!("SKIPPED on PostgreSQL: run the tests with `cargo xtask test`");
        return None;
    };
    let number = DATABASES.fetch_add(1, Ordering::Relaxed);
    let name = format!("desk_{}_{number}", std::process::id());
    psql(&format!("create database {name}"));
    let (base, _) = server.rsplit_once('/').unwrap();
    Some((format!("{base}/{name}"), name))
}

fn psql(command: &str) {
    let server = std::env::var("SUIVI_TEST_POSTGRES").unwrap();
    let done =
        Command::new("psql").args([&server, "-qX", "-v", "ON_ERROR_STOP=1", "-c", command]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A token of somebody that may do all they may.
pub fn new_token(hash: [u8; 32], name: &str, agent: casework::AgentId) -> store::NewToken {
    store::NewToken {
        hash,
        name: name.to_owned(),
        agent,
        scopes: "all".to_owned(),
        brands: None,
        expires_at: None,
        per_minute: None,
    }
}
