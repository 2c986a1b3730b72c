//! System calls of running processes, as strace saw them: who wrote what where, what was synced, and when.
//! Reads only the few calls it asked for; time is the machine's, in microseconds, of the call's beginning and its end.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::until;

/// Longest wait for strace to attach or to let go.
const LONGEST: Duration = Duration::from_secs(30);
/// What is watched: all ways to read from and write to a socket or file, and to sync.
const WATCHED: &str =
    "trace=read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";

/// One call that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Thread or process.
    pub process: u32,
    /// When it began.
    pub began_at: u64,
    /// When it ended.
    pub ended_at: u64,
    /// Its name.
    pub name: String,
    /// What the file descriptor stands for: a path, or `TCP:[here->there]`.
    pub file: String,
    /// The other arguments, with the first bytes read or written.
    pub words: String,
    /// What it gave.
    pub result: i64,
}

impl Call {
    /// Whether it took bytes from somewhere.
    pub fn is_read(&self) -> bool {
        matches!(self.name.as_str(), "read" | "recvfrom" | "recvmsg" | "readv") && self.result > 0
    }

    /// Whether it put bytes somewhere.
    pub fn is_write(&self) -> bool {
        let writes = ["write", "writev", "sendto", "sendmsg", "pwrite64", "pwritev"];
        writes.contains(&self.name.as_str()) && self.result > 0
    }

    /// Whether it made something durable.
    pub fn is_sync(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.result == 0
    }
}

/// A strace that watches; killed when dropped.
#[derive(Debug)]
pub struct Trace {
    strace: Child,
    written: std::path::PathBuf,
}

impl Trace {
    /// Watches these processes with all their threads from now on.
    pub async fn watch(processes: &[u32], folder: &Path) -> Self {
        let (written, told) = (folder.join("trace"), folder.join("trace.err"));
        let mut strace = Command::new("strace");
        strace.args(["-f", "-yy", "-ttt", "-T", "-s", "48", "-e", "signal=none", "-e", WATCHED, "-o"]);
        strace.arg(&written).stdin(Stdio::null()).stderr(std::fs::File::create(&told).unwrap());
        for process in processes {
            strace.args(["-p", &process.to_string()]);
        }
        let mut trace = Self { strace: strace.spawn().unwrap(), written };
        until("strace to attach", LONGEST, async || {
            let told = std::fs::read_to_string(&told).unwrap();
            assert!(trace.strace.try_wait().unwrap().is_none(), "strace cannot watch: {told}");
            let is_watched = |process: &u32| told.contains(&format!("Process {process} attached"));
            processes.iter().all(is_watched)
        })
        .await;
        trace
    }

    /// Lets go of the processes and gives every call that ended, in order of ending.
    pub async fn calls(mut self) -> Vec<Call> {
        let told = Command::new("kill").args(["-INT", &self.strace.id().to_string()]).status().unwrap();
        assert!(told.success());
        until("strace to let go", LONGEST, async || self.strace.try_wait().unwrap().is_some()).await;
        parse(&String::from_utf8_lossy(&std::fs::read(&self.written).unwrap()))
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        // Gone already, when its calls were taken.
        drop(self.strace.kill());
        drop(self.strace.wait());
    }
}

/// Reads a trace. A call that another thread interrupts stands on two lines: `<unfinished ...>` and `<... resumed>`.
pub fn parse(text: &str) -> Vec<Call> {
    let mut begun: HashMap<u32, (u64, String)> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let Some((process, at, words)) = split(line) else { continue };
        if let Some(first) = words.strip_suffix(" <unfinished ...>") {
            begun.insert(process, (at, first.to_owned()));
        } else if let Some(rest) = words.strip_prefix("<... ") {
            let Some((began_at, first)) = begun.remove(&process) else { continue };
            let rest = rest.split_once(" resumed>").map_or("", |(_, rest)| rest);
            calls.extend(call(process, began_at, &format!("{first}{rest}")));
        } else {
            calls.extend(call(process, at, words));
        }
    }
    calls.sort_by_key(|call| (call.ended_at, call.began_at));
    calls
}

/// `4711  1763797000.123456 fsync(…`: the process, the instant in microseconds, the rest.
fn split(line: &str) -> Option<(u32, u64, &str)> {
    let (process, rest) = line.split_once(' ')?;
    let (at, words) = rest.trim_start().split_once(' ')?;
    Some((process.parse().ok()?, micros(at)?, words))
}

fn micros(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once('.')?;
    Some(whole.parse::<u64>().ok()? * 1_000_000 + part.parse::<u64>().ok()?)
}

/// `fsync(7</data/suivi.db-wal>) = 0 <0.000123>`.
fn call(process: u32, began_at: u64, text: &str) -> Option<Call> {
    let (text, took) = text.strip_suffix('>')?.rsplit_once(" <")?;
    let (text, result) = text.rsplit_once(" = ")?;
    let (name, arguments) = text.split_once('(')?;
    let (descriptor, words) = arguments.split_once(", ").unwrap_or((arguments, ""));
    let file = descriptor.split_once('<').map_or("", |(_, file)| file);
    let file = file.trim_end_matches(' ').trim_end_matches(')').strip_suffix('>').unwrap_or(file);
    Some(Call {
        process,
        began_at,
        ended_at: began_at + micros(took)?,
        name: name.to_owned(),
        file: file.to_owned(),
        words: words.to_owned(),
        result: result.split(' ').next()?.parse().ok()?,
    })
}
