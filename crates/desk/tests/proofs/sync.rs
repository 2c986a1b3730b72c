//! What was answered with 250 is on the disk: between the last byte of a letter that was read and the answer, system
//! calls show that it was written and synced. Not only SIGKILL, which leaves the machine's memory alone.

use super::dice::{Dice, seed};
use super::inspect;
use super::letters::{Mail, first};
use super::lmtp::Client;
use super::prove_on_both_engines;
use super::recorder::{Recorder, Temper};
use super::stage::Stage;
use super::trace::{Call, Trace, parse};
use crate::support::Engine;

/// What is taken at once by the recorder.
const CALM: Temper = Temper { refused: 0, cut: 0 };

/// A file that must have been synced: after its last write and before the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durable {
    /// The log of an `SQLite` file.
    FileLog,
    /// The log of a `PostgreSQL` server.
    ServerLog,
    /// A letter too large for a row.
    Letter,
    /// The folder in which that letter's name stands. Nobody writes it as a file.
    Folder,
}

impl Durable {
    fn is(self, file: &str) -> bool {
        match self {
            Self::FileLog => file.ends_with("/suivi.db-wal"),
            Self::ServerLog => file.contains("/pg_wal/"),
            Self::Letter => file.contains("/letters/") && !file.ends_with('/'),
            Self::Folder => file.ends_with("/letters"),
        }
    }
}

prove_on_both_engines!(synced_before_250, proof_sync_before_250_sqlite, proof_sync_before_250_postgres);

async fn synced_before_250(engine: Engine) {
    let dice = Dice::new(seed("proof_sync_before_250"));
    let recorder = Recorder::start(1, CALM).await;
    let Some(stage) = Stage::set(engine, recorder.port()) else { return };
    let mut node = stage.node("desk");
    node.start().await;
    let log = if engine == Engine::Sqlite { Durable::FileLog } else { Durable::ServerLog };
    let small = [log];
    // On a server large letters are rows as well: its nodes share nothing else.
    let large =
        if engine == Engine::Sqlite { vec![Durable::Letter, Durable::Folder, log] } else { vec![log] };
    // So that connections are open and their server processes known.
    send(&stage, &node.place, &first(0, 0, false, &dice)).await;
    for (customer, is_large) in [(1, false), (2, true), (3, false), (4, true)] {
        let wanted = if is_large { &large[..] } else { &small[..] };
        let mail = first(customer, 0, is_large, &dice);
        let mut processes = vec![node.process()];
        processes.extend(stage.database.iter().flat_map(super::database::Database::server_processes));
        let trace = Trace::watch(&processes, stage.folder()).await;
        let port = send(&stage, &node.place, &mail).await;
        let calls = trace.calls().await;
        let shown = check(&calls, port, wanted).unwrap_or_else(|missing| panic!("{missing}\n{calls:#?}"));
        println!("proof_sync_before_250 {engine:?}, {} bytes: {shown}", mail.bytes.len());
        // The check can fail: without the syncs, and with an answer that came too early, it does.
        let unsynced: Vec<Call> = calls.iter().filter(|call| !call.is_sync()).cloned().collect();
        assert!(check(&unsynced, port, wanted).is_err(), "a desk that never syncs passes");
        assert!(check(&hasty(&calls, port), port, wanted).is_err(), "a desk that answers first passes");
    }
    node.stop().await;
    node.assert_calm();
}

/// A server whose commits do not wait for the disk is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_sync_notices_a_careless_postgres() {
    let recorder = Recorder::start(1, CALM).await;
    let Some(stage) = Stage::set(Engine::Postgres, recorder.port()) else { return };
    let database = stage.database.as_ref().unwrap();
    database.make_commits_careless();
    let mut node = stage.node("desk");
    node.start().await;
    let dice = Dice::new(1);
    send(&stage, &node.place, &first(0, 0, false, &dice)).await;
    let processes = [vec![node.process()], database.server_processes()].concat();
    let trace = Trace::watch(&processes, stage.folder()).await;
    let port = send(&stage, &node.place, &first(1, 0, false, &dice)).await;
    let told = check(&trace.calls().await, port, &[Durable::ServerLog]);
    assert!(told.is_err(), "synchronous_commit = off passes: {told:?}");
    println!("proof_sync_before_250 finds synchronous_commit = off: {}", told.unwrap_err());
}

/// Sends a letter and lets the desk come to rest. Gives the client's port, by which the trace knows the line.
async fn send(stage: &Stage, place: &super::node::Place, mail: &Mail) -> u16 {
    let mut client = Client::connect(place.lmtp).await.unwrap();
    let told = client.send(mail, || ()).await.unwrap();
    assert!(told.starts_with("250 2."), "{told}");
    let port = client.port();
    inspect::rest(stage).await;
    port
}

/// Finds the last read of the letter and the answer on that line, and between them, in this order, a sync of each file
/// that followed its last write. Gives what it saw in words.
fn check(calls: &[Call], port: u16, wanted: &[Durable]) -> Result<String, String> {
    let there = format!("127.0.0.1:{port}]");
    let line = |call: &&Call| call.file.starts_with("TCP:[") && call.file.ends_with(&there);
    let answer =
        calls.iter().filter(line).find(|call| call.is_write() && call.words.starts_with("\"250 2.0.0 Kept"));
    let answer = answer.ok_or("no answer was seen")?;
    let read = calls.iter().filter(line).rfind(|call| call.is_read() && call.ended_at <= answer.began_at);
    let read = read.ok_or("no letter was read")?;
    let between: Vec<&Call> = calls
        .iter()
        .filter(|call| call.began_at >= read.ended_at && call.ended_at <= answer.began_at)
        .collect();
    let mut since = read.ended_at;
    let mut shown = vec![format!("read +0 µs, {} calls watched", between.len())];
    for durable in wanted {
        let of_it = || between.iter().filter(|call| durable.is(&call.file));
        if *durable != Durable::Folder {
            let written =
                of_it().filter(|call| call.is_write() && call.began_at >= since).map(|call| call.ended_at);
            since = written.max().ok_or(format!("{durable:?} was not written"))?;
        }
        let sync = of_it().find(|call| call.is_sync() && call.began_at >= since);
        let sync = sync.ok_or(format!("{durable:?} was written and not synced before the answer"))?;
        since = sync.ended_at;
        shown.push(format!("{} of {durable:?} +{} µs", sync.name, sync.ended_at - read.ended_at));
    }
    shown.push(format!("250 +{} µs", answer.began_at - read.ended_at));
    Ok(shown.join(", "))
}

/// The same calls with the answer given as soon as the letter was read.
fn hasty(calls: &[Call], port: u16) -> Vec<Call> {
    let there = format!("127.0.0.1:{port}]");
    let mut calls = calls.to_vec();
    let read =
        calls.iter().rposition(|call| call.is_read() && call.file.ends_with(&there) && call.result > 100);
    let read_at = calls[read.unwrap()].ended_at;
    for call in calls.iter_mut().filter(|call| call.is_write() && call.file.ends_with(&there)) {
        if call.words.starts_with("\"250 2.0.0 Kept") {
            (call.began_at, call.ended_at) = (read_at, read_at + 1);
        }
    }
    calls
}

const TOLD: &str = r#"
77 100.000001 recvfrom(9<TCP:[127.0.0.1:24->127.0.0.1:5000]>,  <unfinished ...>
78 100.000002 pwrite64(4</d/suivi.db-wal>, "x", 1, 0) = 1 <0.000001>
77 100.000010 <... recvfrom resumed>"a\r\n.\r\n", 16384, 0, NULL, NULL) = 6 <0.000009>
77 100.000020 pwrite64(4</d/suivi.db-wal>, "x", 4096, 0) = 4096 <0.000005>
77 100.000030 fdatasync(4</d/suivi.db-wal>) = 0 <0.000100>
78 100.000200 sendto(9<TCP:[127.0.0.1:24->127.0.0.1:5000]>, "250 2.0.0 Kept\r\n", 16, MSG_NOSIGNAL, NULL, 0) = 16 <0.000010>
"#;

#[test]
fn proof_sync_reads_what_strace_writes() {
    let wanted = [Durable::FileLog];
    let shown = check(&parse(TOLD), 5000, &wanted).unwrap();
    assert_eq!(shown, "read +0 µs, 2 calls watched, fdatasync of FileLog +120 µs, 250 +190 µs");
    let untimely = [
        ("fdatasync", "getpid"),
        // It failed.
        ("= 0 <", "= -1 EIO (Input/output error) <"),
        // It ended after the answer had begun.
        ("<0.000100>", "<0.000500>"),
        // Something else was synced.
        ("fdatasync(4</d/suivi.db-wal>)", "fdatasync(5</d/suivi.db>)"),
        // The last write came after the sync.
        (
            "78 100.000200",
            "79 100.000150 pwrite64(4</d/suivi.db-wal>, \"x\", 1, 0) = 1 <0.000001>\n78 100.000200",
        ),
    ];
    for (before, after) in untimely {
        assert!(TOLD.contains(before));
        let told = check(&parse(&TOLD.replace(before, after)), 5000, &wanted);
        assert!(told.is_err(), "{after}: {told:?}");
    }
}
