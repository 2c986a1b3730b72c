//! A desk in a process of its own, set up by its own commands, and what the machine says of that process.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use desk::auth::session;
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use store::{Location, Store};
use tempfile::TempDir;

use crate::figures::{Figures, as_f64};
use crate::sink;

/// Who looks.
const AGENT: &str = "bench@bench.example";
/// What the browser of that person knows them by.
const SESSION: &str = "a-session-of-the-bench-that-nobody-else-has";
/// Longest wait for a desk to open or to finish.
const PATIENCE: Duration = Duration::from_mins(10);
/// Starts that are measured.
const STARTS: usize = 5;

/// A desk that serves.
pub struct Served {
    /// Where its screens and its API are.
    pub url: String,
    /// Where letters are taken.
    pub lmtp: String,
    /// Its store, seen from here.
    pub store: Store,
    /// A program's token.
    pub token: String,
    /// What asks it.
    pub http: Client,
    /// Its folder.
    pub folder: TempDir,
    suivi: PathBuf,
    child: Child,
    database: Option<String>,
}

impl Served {
    /// Sets a desk up on an engine and opens it.
    pub async fn begin(engine: &str, suivi: &Path) -> anyhow::Result<Self> {
        let suivi = std::path::absolute(suivi)?;
        let folder = tempfile::tempdir()?;
        let (web, lmtp) = (free_address()?, free_address()?);
        let database = match engine {
            "postgres" => Some(fresh_database()?),
            _ => None,
        };
        let data = folder.path().join("data");
        let sink = sink::open().await?;
        let mut toml = format!(
            "public_url = \"http://{web}\"\ndata_folder = \"{}\"\n[web]\nlisten = \"{web}\"\n[mail_in]\nlmtp = \"{lmtp}\"\n\
             authentication = \"off\"\n[mail_out]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
            data.display(),
            sink.port()
        );
        if let Some(url) = &database {
            toml = format!("database_url = \"{url}\"\n{toml}");
        }
        std::fs::write(folder.path().join("suivi.toml"), toml)?;
        let admin = |words: &[&str]| run(&suivi, folder.path(), words);
        admin(&["admin", "add-brand", "bench", "--name", "Bench"])?;
        admin(&["admin", "add-team", "Service", "--brand", "bench"])?;
        admin(&[
            "admin",
            "add-user",
            AGENT,
            "--name",
            "Bench",
            "--role",
            "admin",
            "--team",
            "bench/Service",
        ])?;
        admin(&["admin", "add-inbox", "bonjour@bench.example", "--team", "bench/Service"])?;
        let token = admin(&["admin", "add-token", "bench", "--user", AGENT, "--per-minute", "10000000"])?;
        let location = match &database {
            Some(url) => Location::Server { url: url.clone(), folder: data },
            None => Location::Folder(data),
        };
        let store = Store::open(&location).await?;
        let agent = store.credentials(AGENT).await?.context("the agent is there")?.agent;
        let now = Timestamp::now();
        let until = now.checked_add(SignedDuration::from_hours(24))?;
        store.begin_session(session::hash_of(SESSION), agent, now, until).await?;
        let mut served = Self {
            url: format!("http://{web}"),
            lmtp,
            store,
            token: token.trim().to_owned(),
            http: Client::builder()
                .tls_backend_preconfigured(channels::tls::client_config(&[])?)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .timeout(PATIENCE)
                .build()?,
            child: serve(&suivi, folder.path())?,
            suivi,
            folder,
            database,
        };
        served.wait_open().await?;
        Ok(served)
    }

    async fn wait_open(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let url = format!("{}/health", self.url);
        while self.http.get(&url).send().await.is_err() {
            if began.elapsed() > PATIENCE || self.child.try_wait()?.is_some() {
                bail!("the desk does not open");
            }
            pause(1).await;
        }
        Ok(())
    }

    /// Asks for a page as a person signed in, and reads all of it.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        let cookie = format!("suivi_session={SESSION}");
        let answer = self.http.get(format!("{}{path}", self.url)).header("cookie", cookie).send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if status.is_success() { Ok(body) } else { bail!("{path}: {status}") }
    }

    /// Asks the API: reads a path, or sends to it.
    pub async fn api(
        &self,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> anyhow::Result<serde_json::Value> {
        let url = format!("{}/api/v1/{path}", self.url);
        let request = match body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let answer = request.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            bail!("{path}: {status} {text}");
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// Waits until no letter is unread.
    pub async fn wait_read(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.store.unread_letters().await? > 0 {
            if began.elapsed() > PATIENCE {
                bail!("letters are still unread");
            }
            pause(5).await;
        }
        Ok(())
    }

    /// Waits until every mail has left.
    pub async fn wait_sent(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.store.undone_orders().await? > 0 {
            if began.elapsed() > PATIENCE {
                bail!("mails have still not left");
            }
            pause(20).await;
        }
        Ok(())
    }

    /// Memory that the process holds now, in MiB; without the database server, where there is one.
    pub fn memory_mib(&self) -> anyhow::Result<f64> {
        self.status_mib("VmRSS:")
    }

    /// The most that it held.
    pub fn peak_memory_mib(&self) -> anyhow::Result<f64> {
        self.status_mib("VmHWM:")
    }

    fn status_mib(&self, field: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field")?;
        let kib: usize = line.trim().trim_end_matches(" kB").parse()?;
        Ok(as_f64(kib) / 1_024.0)
    }

    /// Bytes on disk of all that the desk keeps.
    pub async fn disk_bytes(&self) -> anyhow::Result<f64> {
        let mut bytes = folder_bytes(self.folder.path())?;
        if self.database.is_some() {
            let mut conn = self.store.reader().await?;
            let row = conn.row("select pg_database_size(current_database()) as n", Vec::new()).await?;
            bytes += usize::try_from(row.context("a size")?.get::<i64>("n")?)?;
        }
        Ok(as_f64(bytes / 1_024) * 1_024.0)
    }

    /// Stops the desk, and measures how long it takes from its start to its first answer.
    pub async fn measure_starts(&mut self, figures: &mut Figures) -> anyhow::Result<()> {
        let mut times = Vec::new();
        for _ in 0..STARTS {
            self.stop().await?;
            let began = Instant::now();
            self.child = serve(&self.suivi, self.folder.path())?;
            self.wait_open().await?;
            times.push(began.elapsed());
        }
        figures.latency("start", times);
        Ok(())
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        let stopped = Command::new("kill").arg(self.child.id().to_string()).status()?;
        if !stopped.success() {
            bail!("the desk is not there to be stopped");
        }
        while self.child.try_wait()?.is_none() {
            pause(10).await;
        }
        Ok(())
    }

    /// Stops it for good.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.stop().await?;
        self.store.close().await;
        if let Some(url) = &self.database {
            let name = url.rsplit('/').next().unwrap_or_default();
            psql(&format!("drop database {name} with (force)"))?;
        }
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // After a failure: nobody else knows of the process.
        drop(self.child.kill());
    }
}

/// Lets others work for some milliseconds, where there is nothing to wait for but the state of another process.
async fn pause(milliseconds: u64) {
    let mut tick = tokio::time::interval(Duration::from_millis(milliseconds));
    tick.tick().await;
    tick.tick().await;
}

fn serve(suivi: &Path, folder: &Path) -> anyhow::Result<Child> {
    let mut command = Command::new(suivi);
    command.arg("serve").current_dir(folder).stdout(Stdio::null());
    Ok(command.env("RUST_LOG", "error").spawn()?)
}

fn run(suivi: &Path, folder: &Path, words: &[&str]) -> anyhow::Result<String> {
    let done = Command::new(suivi).args(words).current_dir(folder).output()?;
    if !done.status.success() {
        bail!("{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8(done.stdout)?)
}

fn free_address() -> std::io::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn fresh_database() -> anyhow::Result<String> {
    let server = std::env::var("SUIVI_TEST_POSTGRES").context("no server: run it by `cargo xtask bench`")?;
    let name = format!("bench_{}", std::process::id());
    psql(&format!("create database {name}"))?;
    let (start, _) = server.rsplit_once('/').context("a URL that ends in a database")?;
    Ok(format!("{start}/{name}"))
}

fn psql(command: &str) -> anyhow::Result<()> {
    let server = std::env::var("SUIVI_TEST_POSTGRES")?;
    let done =
        Command::new("psql").args([&server, "-qX", "-v", "ON_ERROR_STOP=1", "-c", command]).output()?;
    if done.status.success() { Ok(()) } else { bail!("{}", String::from_utf8_lossy(&done.stderr)) }
}

fn folder_bytes(folder: &Path) -> std::io::Result<usize> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes += if about.is_dir() {
            folder_bytes(&entry.path())?
        } else {
            usize::try_from(about.len()).unwrap_or(usize::MAX)
        };
    }
    Ok(bytes)
}
