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
    /// The id of the agent who looks.
    pub agent: String,
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
    /// Sets a desk up on an engine and opens it: a new one, or one restored from a backup that knows this token.
    pub async fn begin(engine: &str, suivi: &Path, restored: Option<(&Path, &str)>) -> anyhow::Result<Self> {
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
        let token = match restored {
            Some((backup, token)) => {
                run(&suivi, folder.path(), &["restore", &backup.display().to_string()])?;
                token.to_owned()
            }
            None => install(&suivi, folder.path())?,
        };
        let location = match &database {
            Some(url) => Location::Server { url: url.clone(), folder: data },
            None => Location::Folder(data),
        };
        let store = Store::open(&location).await?;
        while store.fill_search().await?.is_some() {}
        let agent = store.credentials(AGENT).await?.context("the agent is there")?.agent;
        let now = Timestamp::now();
        let until = now.checked_add(SignedDuration::from_hours(24))?;
        store.begin_session(session::hash_of(SESSION), agent, now, until).await?;
        let mut served = Self {
            url: format!("http://{web}"),
            lmtp,
            store,
            agent: agent.0.to_string(),
            token,
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

    /// One of the program's own commands, for this desk.
    pub fn admin(&self, words: &[&str]) -> anyhow::Result<String> {
        run(&self.suivi, self.folder.path(), words)
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

    /// The line on which a signed-in person is told what has changed.
    pub async fn live(
        &self,
    ) -> anyhow::Result<impl futures::Stream<Item = reqwest::Result<Vec<u8>>> + Unpin + use<>> {
        let cookie = format!("suivi_session={SESSION}");
        let answer = self.http.get(format!("{}/live", self.url)).header("cookie", cookie).send().await?;
        let answer = answer.error_for_status()?;
        Ok(Box::pin(futures::stream::try_unfold(answer, async |mut answer| {
            Ok(answer.chunk().await?.map(|bytes| (bytes.to_vec(), answer)))
        })))
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

    /// Seconds of processor time that it has taken since its start; without the database server.
    pub fn processor_seconds(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // After the name in brackets, the 12th and 13th fields are user and system time, in hundredths of a second.
        let (_, fields) = stat.rsplit_once(") ").context("fields")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks: usize = fields[11].parse::<usize>()? + fields[12].parse::<usize>()?;
        Ok(as_f64(ticks) / 100.0)
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

    /// Starts the desk again, with nothing of its files in memory where the machine lets us drop that; tells whether it does.
    pub async fn restart_cold(&mut self) -> anyhow::Result<bool> {
        self.stop().await?;
        Command::new("sync").status()?;
        let is_cold = std::fs::write("/proc/sys/vm/drop_caches", "1").is_ok();
        self.child = serve(&self.suivi, self.folder.path())?;
        self.wait_open().await?;
        Ok(is_cold)
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

/// Sets up a brand with a team, an inbox, one person and one program; gives the program's token.
fn install(suivi: &Path, folder: &Path) -> anyhow::Result<String> {
    let admin = |words: &str| run(suivi, folder, &words.split(' ').collect::<Vec<_>>());
    admin("admin add-brand bench --name Bench")?;
    admin("admin add-team Service --brand bench")?;
    admin(&format!("admin add-user {AGENT} --name Bench --role admin --team bench/Service"))?;
    admin("admin add-inbox bonjour@bench.example --team bench/Service")?;
    let token = admin(&format!("admin add-token bench --user {AGENT} --per-minute 10000000"))?;
    Ok(token.trim().to_owned())
}

/// Lets others work for some milliseconds, where there is nothing to wait for but the state of another process.
pub async fn pause(milliseconds: u64) {
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
