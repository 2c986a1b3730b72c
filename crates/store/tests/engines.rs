//! One test, two engines: runs a test on a fresh file, and on a fresh database of the server that
//! `SUIVI_TEST_POSTGRES` names. Knows nothing of cases.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Mutex;

use futures::FutureExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use store::{Location, Store};
use tempfile::TempDir;
use uuid::Uuid;

/// A place for one test's store, empty at first.
pub struct Place {
    /// Where the store is.
    pub location: Location,
    folder: TempDir,
    opened: Mutex<Vec<Store>>,
}

impl Place {
    /// Opens a store here; it is closed when the test ends.
    pub async fn open(&self) -> Store {
        let store = Store::open(&self.location).await.expect("the store opens");
        self.opened.lock().unwrap().push(store.clone());
        store
    }

    /// The folder of this place.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Whether large letters are files here: on a server they are rows, since its nodes share nothing else.
    pub fn keeps_files(&self) -> bool {
        matches!(self.location, Location::Folder(_))
    }

    /// A connection of one's own to the server, with all rights.
    pub async fn server(&self) -> PgConnection {
        let Location::Server { url, .. } = &self.location else { panic!("this place has no server") };
        PgConnection::connect(url).await.expect("the server answers")
    }
}

/// Makes two tests of each function.
macro_rules! both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                crate::engines::on_sqlite(super::$name);
            }

            #[test]
            fn postgres() {
                crate::engines::on_postgres(super::$name);
            }
        }
    )*};
}
pub(crate) use both;

/// Makes a test of each function whose matter only a file has.
macro_rules! only_sqlite {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                crate::engines::on_sqlite(super::$name);
            }
        }
    )*};
}
pub(crate) use only_sqlite;

/// Makes a test of each function whose matter only a server has.
macro_rules! only_postgres {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn postgres() {
                crate::engines::on_postgres(super::$name);
            }
        }
    )*};
}
pub(crate) use only_postgres;

/// Runs a test on a fresh file.
pub fn on_sqlite(test: impl AsyncFnOnce(&Place)) {
    let folder = TempDir::new().expect("a folder");
    let location = Location::Folder(folder.path().join("desk"));
    let place = Place { location, folder, opened: Mutex::default() };
    run(async { play(&place, test).await });
}

/// Runs a test on a fresh database, which is dropped at the end.
pub fn on_postgres(test: impl AsyncFnOnce(&Place)) {
    let Ok(server) = std::env::var("SUIVI_TEST_POSTGRES") else {
        let is_required = std::env::var("SUIVI_REQUIRE_POSTGRES").is_ok_and(|word| word == "1");
        assert!(!is_required, "SUIVI_TEST_POSTGRES names no server, and SUIVI_REQUIRE_POSTGRES asks for one");
        eprintln!("SKIPPED: SUIVI_TEST_POSTGRES names no server, so nothing was tested on PostgreSQL");
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let name = format!("store_{}", Uuid::now_v7().simple());
    let start = server.rsplit_once('/').expect("a URL that ends in a database").0;
    let location = Location::Server { url: format!("{start}/{name}"), folder: folder.path().join("desk") };
    let place = Place { location, folder, opened: Mutex::default() };
    run(async {
        let mut conn = PgConnection::connect(&server).await.expect("the server answers");
        let create = format!("create database {name}");
        conn.execute(AssertSqlSafe(create)).await.expect("a database is made");
        let outcome = AssertUnwindSafe(play(&place, test)).catch_unwind().await;
        let drop_it = format!("drop database {name} with (force)");
        conn.execute(AssertSqlSafe(drop_it)).await.expect("the database is dropped");
        outcome.unwrap_or_else(|panic: Box<dyn Any + Send>| resume_unwind(panic));
    });
}

async fn play(place: &Place, test: impl AsyncFnOnce(&Place)) {
    test(place).await;
    let opened = std::mem::take(&mut *place.opened.lock().unwrap());
    for store in opened {
        store.close().await;
    }
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(test);
}
