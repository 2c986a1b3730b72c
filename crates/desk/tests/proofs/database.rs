//! A database of its own for each proof, on the server that `cargo xtask proof` starts; what is done to it from outside.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

static DATABASES: AtomicU64 = AtomicU64::new(0);

/// A database that goes when the proof ends.
#[derive(Debug)]
pub struct Database {
    name: String,
    /// `postgres://…/name`.
    pub url: String,
}

impl Database {
    /// A fresh one; `None`, loudly, where there is no server.
    pub fn make() -> Option<Self> {
        let Ok(server) = std::env::var("SUIVI_TEST_POSTGRES") else {
            assert!(std::env::var("SUIVI_REQUIRE_POSTGRES").is_err(), "PostgreSQL is required and not there");
            eprintln!("SKIPPED on PostgreSQL: run the proofs with `cargo xtask proof`");
            return None;
        };
        let name = format!("proof_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        psql(&format!("create database {name}"));
        let (base, _) = server.rsplit_once('/').unwrap();
        Some(Self { url: format!("{base}/{name}"), name })
    }

    /// Lets nobody in any more, or everybody again.
    pub fn allow_connections(&self, is_allowed: bool) {
        psql(&format!("alter database {} with allow_connections {is_allowed}", self.name));
    }

    /// Gives it another name, or its own again.
    pub fn move_away(&self) {
        psql(&format!("alter database {} rename to {}_away", self.name, self.name));
    }

    /// Undoes [`Database::move_away`].
    pub fn move_back(&self) {
        psql(&format!("alter database {}_away rename to {}", self.name, self.name));
    }

    /// Has its commits not wait for the disk: what a proof of syncing must notice.
    pub fn make_commits_careless(&self) {
        psql(&format!("alter database {} set synchronous_commit = off", self.name));
    }

    /// Cuts every connection to it. Gives how many.
    pub fn cut_connections(&self) -> usize {
        self.of_sessions("count(pg_terminate_backend(pid))").parse().unwrap()
    }

    /// The server processes that serve it.
    pub fn server_processes(&self) -> Vec<u32> {
        let told = self.of_sessions("string_agg(pid::text, ' ')");
        told.split(' ').map(|pid| pid.parse().unwrap()).collect()
    }

    fn of_sessions(&self, what: &str) -> String {
        psql(&format!("values ((select {what} from pg_stat_activity where datname like '{}%'))", self.name))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for name in [self.name.clone(), format!("{}_away", self.name)] {
            psql(&format!("drop database if exists {name} with (force)"));
        }
    }
}

fn psql(command: &str) -> String {
    let server = std::env::var("SUIVI_TEST_POSTGRES").unwrap();
    let mut psql = Command::new("psql");
    let done = psql.args([&server, "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", command]).output().unwrap();
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}
