//! The world fails: servers end connections, work breaks off in the middle, a disk says no. Each caller is told the
//! truth, nobody else is harmed, and the next use works.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use casework::act::Act;
use casework::{Case, Decision};
use futures::future::join_all;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use store::{Conn, Lock, Lookup, Store, StoreError};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::engines::{Place, both, only_postgres, only_sqlite};
use crate::fixture::{Desk, Fault, START, minute, opened, words};

both!(
    a_lost_race_harms_nobody_in_its_group,
    a_panic_harms_nobody_else_and_hangs_nobody,
    readers_cannot_write,
    many_readers_do_not_keep_writers_waiting,
    opening_at_once_brings_the_schema_up_to_date_once,
    a_place_that_cannot_be_opened_says_so,
);

only_sqlite!(a_transaction_that_is_rolled_back_under_its_group_writes_nothing);

only_postgres!(
    a_connection_ended_in_a_write_is_a_passing_failure,
    connections_ended_between_uses_are_replaced,
    a_connection_ended_while_committing_leaves_it_unknown,
);

fn once(desk: &Desk, key: u8) -> Decision {
    Decision { once: Some([key; 32].into()), ..Decision::empty(desk.brand, START) }
}

async fn is_done(desk: &Desk, key: u8) -> bool {
    let mut conn = desk.store.reader().await.unwrap();
    Lookup(&mut conn).is_done([key; 32]).await.unwrap()
}

/// A store that works takes a note.
async fn assert_works(desk: &Desk, case: &Case) {
    let before = desk.case(case.id).await.seq;
    let note = desk.act(&desk.alice, case.id, Act::Note(words("still here")), minute(9)).await.unwrap();
    assert_eq!(opened(&note).after.seq, before + 1);
    desk.assert_folds(opened(&note)).await;
}

async fn a_lost_race_harms_nobody_in_its_group(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    // Every third one has lost its race, after it has written something.
    let loses = |key: u8| key % 3 == 1;
    let commits = (0..60).map(|key| {
        let mut decision = once(&desk, key);
        if loses(key) {
            decision.customer = Some((case.customer, 99));
        }
        desk.store.commit(decision)
    });
    for (key, result) in (0..60).zip(join_all(commits).await) {
        assert_eq!(matches!(result, Err(StoreError::Conflict)), loses(key), "{result:?}");
        assert_eq!(result.is_ok(), !loses(key));
        assert_eq!(is_done(&desk, key).await, !loses(key));
    }
    assert_works(&desk, &case).await;
}

/// Decides in a way that loses twice, so that the third try runs inside the writer's transaction.
async fn in_the_writer<F>(desk: &Desk, case: &Case, then: F) -> Result<Decision, Fault>
where
    F: for<'c> Fn(&'c mut Conn) -> store::Thought<'c, Fault> + Send + Sync + 'static,
{
    let (tries, lost) = (AtomicUsize::new(0), (case.customer, 99));
    let brand = desk.brand;
    let decided = desk.store.decide(Lock::Case(brand, case.id), move |conn| {
        if tries.fetch_add(1, Ordering::SeqCst) < 2 {
            let decision = Decision { customer: Some(lost), ..Decision::empty(brand, START) };
            return Box::pin(async move { Ok(decision) });
        }
        then(conn)
    });
    decided.await
}

async fn a_panic_harms_nobody_else_and_hangs_nobody(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    for round in 0..3 {
        let panics = in_the_writer(&desk, &case, |_| Box::pin(async { panic!("a bug in a thinker") }));
        let others = (0..20).map(|key| desk.store.commit(once(&desk, round * 20 + key)));
        let both = async { tokio::join!(panics, join_all(others)) };
        let (panicked, others) = timeout(Duration::from_mins(1), both).await.expect("nobody hangs");
        assert!(matches!(panicked, Err(Fault::Store(StoreError::Panicked))), "{panicked:?}");
        for (key, result) in (0..20).zip(others) {
            // On one shared connection those beside it may have been given up; they are told, and may try again.
            assert!(result.as_ref().is_ok() || result.as_ref().is_err_and(StoreError::is_passing));
            assert_eq!(is_done(&desk, round * 20 + key).await, result.is_ok());
        }
        assert_works(&desk, &case).await;
    }
}

/// Ends a connection from the server's side, and waits until it is gone.
async fn end(server: &mut PgConnection, conn: &mut Conn) {
    let row = conn.row("select pg_backend_pid()::bigint as pid", Vec::new()).await.unwrap().unwrap();
    let pid: i64 = row.get("pid").unwrap();
    let gone: bool = sqlx::query_scalar("select pg_terminate_backend($1::integer, 10000)")
        .bind(pid)
        .fetch_one(server)
        .await
        .unwrap();
    assert!(gone, "the server could not end it");
}

async fn a_connection_ended_in_a_write_is_a_passing_failure(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let server = Arc::new(Mutex::new(place.server().await));
    let result = in_the_writer(&desk, &case, move |conn| {
        let server = Arc::clone(&server);
        Box::pin(async move {
            end(&mut *server.lock().await, conn).await;
            conn.row("select 1 as one", Vec::new()).await?;
            Ok(Decision::empty(casework::BrandId(7), START))
        })
    });
    let result = result.await;
    let Err(Fault::Store(error)) = &result else { panic!("{result:?}") };
    assert!(matches!(error, StoreError::Unavailable(_)) && error.is_passing(), "{error:?}");
    assert_works(&desk, &case).await;
}

async fn connections_ended_between_uses_are_replaced(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut server = place.server().await;
    for _ in 0..3 {
        let all = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'suivi' \
                   and datname = current_database()";
        server.execute(all).await.unwrap();
        assert_works(&desk, &case).await;
    }
    // One that is held while it is ended says so, and the next one works.
    let mut conn = desk.store.reader().await.unwrap();
    end(&mut server, &mut conn).await;
    let error = Lookup(&mut conn).case(desk.brand, case.id).await.unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    drop(conn);
    assert_works(&desk, &case).await;
}

async fn a_connection_ended_while_committing_leaves_it_unknown(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut server = place.server().await;
    let trap = "create function trap() returns trigger language plpgsql as $$ begin \
                perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end $$; \
                create constraint trigger trap after insert on acts_done deferrable initially deferred \
                for each row execute function trap()";
    server.execute(sqlx::raw_sql(trap)).await.unwrap();
    let result = desk.store.commit(once(&desk, 1)).await;
    assert!(matches!(result, Err(StoreError::Unknown(_))), "{result:?}");
    assert!(result.unwrap_err().is_passing());
    assert!(!is_done(&desk, 1).await);
    assert_works(&desk, &case).await;
}

async fn sqlite(folder: &Path) -> sqlx::SqliteConnection {
    SqliteConnectOptions::new().filename(folder.join("desk/suivi.db")).connect().await.unwrap()
}

async fn a_transaction_that_is_rolled_back_under_its_group_writes_nothing(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    // What a full disk does: in the middle of one job, SQLite rolls all of the transaction back.
    let trap = "create trigger trap before insert on acts_done when hex(new.key_hash) like '63%' \
                begin select raise(rollback, 'no room'); end";
    let mut other = sqlite(place.folder()).await;
    other.execute(trap).await.unwrap();
    other.close().await.unwrap();
    let keys: Vec<u8> = (0..30).chain([0x63]).chain(30..60).collect();
    let results = join_all(keys.iter().map(|key| desk.store.commit(once(&desk, *key)))).await;
    for (key, result) in keys.iter().zip(&results) {
        assert_eq!(is_done(&desk, *key).await, result.is_ok(), "{key}: {result:?}");
        assert!(result.is_ok() || *key == 0x63 || result.as_ref().is_err_and(StoreError::is_passing));
    }
    assert!(matches!(results[30], Err(StoreError::Sql(_))), "{:?}", results[30]);
    assert_works(&desk, &case).await;
}

async fn readers_cannot_write(place: &Place) {
    let desk = Desk::new(place).await;
    let mut conn = desk.store.reader().await.unwrap();
    assert!(conn.run("delete from brands", Vec::new()).await.is_err());
    assert_eq!(desk.store.brands().await.unwrap().len(), 1);
}

async fn many_readers_do_not_keep_writers_waiting(place: &Place) {
    let desk = Desk::new(place).await;
    let mut held = Vec::new();
    while let Ok(conn) = timeout(Duration::from_millis(300), desk.store.reader()).await {
        held.push(conn.unwrap());
        assert!(held.len() <= 100, "connections without end");
    }
    desk.store.commit(once(&desk, 1)).await.unwrap();
    drop(held);
    assert!(is_done(&desk, 1).await);
}

async fn opening_at_once_brings_the_schema_up_to_date_once(place: &Place) {
    let opened = join_all((0..4).map(|_| Store::open(&place.location))).await;
    for store in opened {
        let store = store.unwrap();
        store.is_awake().await.unwrap();
        store.close().await;
    }
    Desk::new(place).await.open_case().await;
}

async fn a_place_that_cannot_be_opened_says_so(place: &Place) {
    let file = place.folder().join("file");
    std::fs::write(&file, b"not a folder").unwrap();
    let location = match place.location.clone() {
        store::Location::Folder(_) => store::Location::Folder(file),
        store::Location::Server { url, .. } => store::Location::Server { url, folder: file },
    };
    let error = Store::open(&location).await.err().expect("it cannot be opened");
    assert!(matches!(error, StoreError::File(_)), "{error:?}");
}
