//! What a proof needs before its first letter: a folder, a database, one brand with a team, an inbox and an administrator,
//! all made by `suivi admin`.

use casework::AgentId;
use casework::proof::Secret;
use jiff::Timestamp;
use store::{Location, Store};

use super::database::Database;
use super::node::{Node, Place};
use crate::support::Engine;

/// The inbox of every proof.
pub const INBOX: &str = "bonjour@lavande.example";

/// Where a proof plays.
#[derive(Debug)]
pub struct Stage {
    /// Where the data lives.
    pub location: Location,
    /// Its database, on `PostgreSQL`.
    pub database: Option<Database>,
    shared: String,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Sets it. Mails leave to `mail_out_port`. `None` when the engine is not to be had.
    pub fn set(engine: Engine, mail_out_port: u16) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::set_in(engine, mail_out_port, folder, &data)
    }

    /// The same with the data in a folder of its own choosing.
    pub fn set_in(
        engine: Engine,
        mail_out_port: u16,
        folder: tempfile::TempDir,
        data: &std::path::Path,
    ) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::make()?),
        };
        let location = match &database {
            None => Location::Folder(data.to_owned()),
            Some(database) => Location::Server { url: database.url.clone(), folder: data.to_owned() },
        };
        let url =
            database.as_ref().map(|base| format!("database_url = '{}'\n", base.url)).unwrap_or_default();
        let shared = format!(
            "public_url = 'https://desk.example'\ndata_folder = '{}'\n{url}\
             [mail_out]\nhost = '127.0.0.1'\nport = {mail_out_port}\ntls = 'none'\n",
            data.display()
        );
        let stage = Self { location, database, shared, folder };
        stage.furnish();
        Some(stage)
    }

    fn furnish(&self) {
        let place = self.place("admin");
        place.admin(&["add-brand", "lavande", "--name", "Maison Lavande"]);
        place.admin(&["add-team", "Service client", "--brand", "lavande"]);
        place.admin(&["add-inbox", INBOX, "--team", "lavande/Service client"]);
        place.admin(&["add-user", "alex@lavande.example", "--name", "Alex Roche", "--role", "admin"]);
        assert!(place.admin(&["list"]).contains(INBOX));
    }

    /// A node that does not run yet.
    pub fn node(&self, name: &str) -> Node {
        Node::at(self.place(name))
    }

    fn place(&self, name: &str) -> Place {
        Place::settle(self.folder.path(), name, &self.shared)
    }

    /// The proof's own folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Looks into the store, beside the desk or after it.
    pub async fn look(&self) -> Store {
        Store::open(&self.location).await.unwrap()
    }

    /// The desk's secret.
    pub fn secret(&self) -> Secret {
        let folder = match &self.location {
            Location::Folder(folder) | Location::Server { folder, .. } => folder,
        };
        desk::secret::read(&folder.join("secret.key")).unwrap().unwrap()
    }

    /// What killed processes held is free again, as it is by itself after five minutes, and delayed mails are due now,
    /// as they are after the outbox's button was pressed.
    pub async fn let_time_pass(&self) {
        let store = self.look().await;
        store.release_claims().await.unwrap();
        retry_all(&store).await;
        store.close().await;
    }
}

/// Presses "try again" on every mail in the outbox. Gives how many there were.
pub async fn retry_all(store: &Store) -> usize {
    let admin = administrator(store).await;
    let stuck = store.stuck(admin, true, 1000).await.unwrap();
    for mail in &stuck {
        store.retry_order(mail.order, admin, true, Timestamp::now()).await.unwrap();
    }
    stuck.len()
}

/// The one user there is.
pub async fn administrator(store: &Store) -> AgentId {
    store.agents().await.unwrap().first().unwrap().0
}
