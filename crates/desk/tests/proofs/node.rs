//! One `suivi serve`: started, asked, killed, stopped. Its ports stay the same from life to life.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::lmtp::Client;
use super::until;

/// Longest wait for a process to listen or to stop. Generous: others may be building on this machine.
const LONGEST: Duration = Duration::from_mins(1);

/// Where a node listens and what it writes.
#[derive(Debug, Clone)]
pub struct Place {
    /// Letters by LMTP.
    pub lmtp: SocketAddr,
    /// Screens.
    pub web: SocketAddr,
    config: PathBuf,
    errors: PathBuf,
}

/// A running `suivi serve`, killed when dropped.
#[derive(Debug)]
pub struct Node {
    /// Where it listens.
    pub place: Place,
    child: Option<Child>,
}

impl Place {
    /// Writes the settings of a node: what all nodes share, and ports of its own.
    pub fn settle(folder: &Path, name: &str, shared: &str) -> Self {
        let [lmtp, web] = [free_port(), free_port()].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let config = folder.join(format!("{name}.toml"));
        let own = format!("[web]\nlisten = '{web}'\n[mail_in]\nlmtp = '{lmtp}'\nhostname = 'desk.example'\n");
        std::fs::write(&config, format!("{shared}{own}")).unwrap();
        Self { lmtp, web, config, errors: folder.join(format!("{name}.err")) }
    }

    /// Runs one verb of `suivi admin`.
    pub fn admin(&self, words: &[&str]) -> String {
        let mut suivi = Command::new(env!("CARGO_BIN_EXE_suivi"));
        let done = suivi.arg("admin").args(words).arg("--config").arg(&self.config).output().unwrap();
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

impl Node {
    /// A node that does not run yet.
    pub fn at(place: Place) -> Self {
        Self { place, child: None }
    }

    /// Starts it without waiting.
    pub fn spawn(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let errors = append_to(&self.place.errors);
        let mut suivi = Command::new(env!("CARGO_BIN_EXE_suivi"));
        suivi.arg("serve").arg("--config").arg(&self.place.config).env("SUIVI_LOG", "info");
        suivi.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
        self.child = Some(suivi.spawn().unwrap());
    }

    /// Starts it and waits until it greets.
    pub async fn start(&mut self) {
        self.spawn();
        self.greets().await;
    }

    /// Waits until it greets a mail server.
    pub async fn greets(&mut self) {
        let lmtp = self.place.lmtp;
        until("a greeting", LONGEST, async || {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
            assert!(ended.is_none(), "suivi ended by itself: {ended:?}\n{}", self.errors());
            Client::connect(lmtp).await.is_ok()
        })
        .await;
    }

    /// SIGKILL: no warning, no last word.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// SIGTERM: it ends in order.
    pub async fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let mut ended: Option<ExitStatus> = None;
        until("an orderly end", LONGEST, async || {
            ended = child.try_wait().unwrap();
            ended.is_some()
        })
        .await;
        assert!(ended.unwrap().success(), "{ended:?}\n{}", self.errors());
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// All it wrote to standard error, in all its lives.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(&self.place.errors).unwrap_or_default()
    }

    /// Asserts that it never panicked and never ended by itself.
    pub fn assert_calm(&mut self) {
        let errors = self.errors();
        let panic = errors.lines().find(|line| line.contains("panicked") || line.contains("is_panic"));
        assert!(panic.is_none(), "{panic:?}\n{errors}");
        if let Some(child) = &mut self.child {
            assert!(child.try_wait().unwrap().is_none(), "suivi ended by itself\n{errors}");
        }
    }

    /// GET of a page: its status and body.
    pub async fn get(&self, path: &str) -> (u16, String) {
        timeout(LONGEST, ask(self.place.web, path)).await.unwrap().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let errors = self.errors();
            let last: Vec<&str> = errors.lines().rev().take(30).collect();
            eprintln!("last words of {}:", self.place.config.display());
            last.iter().rev().for_each(|line| eprintln!("  {line}"));
        }
    }
}

async fn ask(web: SocketAddr, path: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(web).await?;
    let ask =
        format!("GET {path} HTTP/1.1\r\nHost: {web}\r\nAccept-Language: fr\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await?;
    let mut told = Vec::new();
    stream.read_to_end(&mut told).await?;
    let told = String::from_utf8_lossy(&told).into_owned();
    let status = told.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
    Ok((status, told))
}

fn append_to(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).unwrap()
}

/// A port that nobody listens on, below those that the system gives to outgoing connections: it must still be free
/// when a killed process starts again.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 9_000).unwrap_or_default();
    for _ in 0..1000 {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port on loopback");
}

/// A port on which nobody listens.
pub fn closed_port() -> u16 {
    free_port()
}
