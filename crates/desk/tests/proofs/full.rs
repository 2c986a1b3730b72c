//! The disk is full: letters are told to come again, nothing that was taken is lost, and with room again all goes on.
//! The disk is a small one in memory, which only root can mount; for others the proof is skipped, loudly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::dice::{Dice, seed};
use super::inspect;
use super::letters::{Mail, first};
use super::lmtp::{Client, Route, Tally};
use super::recorder::{Recorder, Temper};
use super::stage::Stage;
use super::until;
use crate::support::Engine;

/// Size of the disk: room for a desk and some letters.
const DISK: &str = "size=12m";
/// Small letters tried on a full disk at most: a log that has room left takes some.
const TRIES_MAX: u32 = 400;
/// Longest wait for the desk to take letters again.
const AGAIN_MAX: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_disk_full_sqlite() {
    let started = Instant::now();
    let dice = Dice::new(seed("proof_disk_full"));
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk")) else { return };
    let recorder = Recorder::start(1, Temper { refused: 0, cut: 0 }).await;
    let data = disk.0.join("data");
    let stage = Stage::set_in(Engine::Sqlite, recorder.port(), folder, &data).unwrap();
    // Declared after the stage: the disk goes before the folder it is mounted in.
    let disk = disk;
    let mut node = stage.node("desk");
    node.start().await;
    let tally = Tally::default();
    let mut accepted = Vec::new();
    for customer in 0..10 {
        let mail = first(customer, 0, customer % 3 == 0, &dice);
        Route::to(&[node.place.lmtp]).deliver(&mail, &tally, || ()).await;
        accepted.push(mail);
    }
    disk.fill();
    let mut line = Client::connect(node.place.lmtp).await.unwrap();
    let large = first(20, 0, true, &dice);
    let told = line.send(&large, || ()).await.unwrap();
    assert!(told.starts_with("451 4.3.0"), "a large letter on a full disk: {told}");
    let small = until_refused(&mut line, &dice, &mut accepted).await;
    node.assert_calm();
    assert_eq!(node.get("/health").await.0, 200, "what is there can still be read");
    let squeezed = accepted.len() - 10;

    disk.make_room();
    until("letters to be taken again", AGAIN_MAX, async || {
        line.send(&small, || ()).await.is_ok_and(|told| told.starts_with("250"))
    })
    .await;
    accepted.push(small);
    Route::to(&[node.place.lmtp]).deliver(&large, &tally, || ()).await;
    accepted.push(large);
    // Letters and orders claimed when the disk was full are given back by themselves after five minutes.
    node.stop().await;
    node.start().await;
    inspect::rest(&stage).await;
    node.stop().await;
    node.assert_calm();

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    inspect::check_rest(&store, &all).await;
    inspect::check_letters(&store, &all, &accepted).await;
    let (mails, copies) = inspect::check_outgoing((&store, &stage.secret()), &all, &recorder).await;
    store.close().await;
    let files = std::fs::read_dir(data.join("letters")).unwrap().count();
    let large = accepted.iter().filter(|mail| mail.bytes.len() > 64 * 1024).count();
    assert_eq!(files, large, "a refused letter leaves no file behind");
    println!(
        "proof_disk_full Sqlite: {} letters accepted, {squeezed} of them with the disk full and room left in the log; then \
         451, and taken once there was room; {mails} receipts in {copies} copies; {:.0?} in all",
        accepted.len(),
        started.elapsed()
    );
}

/// Sends small letters until one is told to come again. Gives that one; those taken meanwhile count as accepted.
async fn until_refused(line: &mut Client, dice: &Dice, accepted: &mut Vec<Mail>) -> Mail {
    for customer in 100..100 + TRIES_MAX {
        let mail = first(customer, 0, false, dice);
        let told = line.send(&mail, || ()).await.unwrap();
        if told.starts_with("451 4.3.0") {
            return mail;
        }
        assert!(told.starts_with("250"), "{told}");
        accepted.push(mail);
    }
    panic!("the disk is not full");
}

/// A small disk, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(at).output();
        if mount.is_ok_and(|done| done.status.success()) {
            return Some(Self(at.to_owned()));
        }
        eprintln!("SKIPPED: a small disk can only be mounted by root");
        None
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut filler = std::fs::File::create(self.0.join("filler")).unwrap();
        for size in [64 * 1024, 1] {
            while std::io::Write::write_all(&mut filler, &vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}
