//! A private server that lives as long as one command: own folder, own port, loopback only, as durable as a real one.
//!
//! A small shell, the *keeper*, waits on a pipe that only we hold. Whatever ends us (return, panic, Ctrl-C, SIGKILL)
//! closes the pipe; the keeper then stops the server and removes its folder.

use crate::project;
use anyhow::{Context, Result, bail, ensure};
use std::{
    env, fs,
    io::Read,
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The oldest version that Suivi promises to run on.
const VERSION_MIN: u32 = 15;

/// A port may be taken between our asking and the server's; then another is tried.
const STARTS_MAX: usize = 5;

const USER: &str = "suivi";

/// The password goes in clear over loopback on purpose: SCRAM in an unoptimised client costs every test connection.
const AUTHENTICATION: [&str; 2] = ["--auth-local=trust", "--auth-host=password"];

/// Durability stays on, since the tests are about it; the rest makes many short tests fast.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 300
shared_buffers = 128MB
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
jit = off
timezone = 'UTC'
log_min_messages = warning
";

const KEEPER: &str = r#"
trap '' INT TERM HUP
read -r _
folder=$1
shift
"$@"
rm -rf -- "$folder"
"#;

/// A running server; dropping it stops it and removes all it wrote.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    bin: PathBuf,
    password: String,
    port: u16,
    keeper: Child,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub fn start() -> Result<Self> {
        let bin = bin().context(
            "no PostgreSQL 15 or newer (looked for initdb on the path and in /usr/lib/postgresql): \
             `cargo xtask ci --only setup` as root installs it",
        )?;
        let folder = env::temp_dir().join(format!("suivi-postgres-{}", random()?));
        let made =
            as_server("mkdir").args(["-m", "700"]).arg(&folder).status().context("cannot run mkdir")?;
        ensure!(made.success(), "cannot make {} as the user that runs PostgreSQL", folder.display());
        let keeper = keep(&folder, &bin)?;
        let mut server = Self { folder, bin, password: random()?, port: 0, keeper };
        server.init()?;
        server.listen()?;
        Ok(server)
    }

    /// Where tests find it: a superuser's URL, for making databases.
    pub fn url(&self) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// What tests read, and what makes a missing database a failure and not a skipped test.
    pub fn test_env(&self) -> [(&'static str, String); 2] {
        [("SUIVI_TEST_POSTGRES", self.url()), ("SUIVI_REQUIRE_POSTGRES", "1".to_owned())]
    }

    /// What `psql` and its like read.
    pub fn client_env(&self) -> [(&'static str, String); 5] {
        [
            ("PGHOST", "127.0.0.1".to_owned()),
            ("PGPORT", self.port.to_string()),
            ("PGUSER", USER.to_owned()),
            ("PGPASSWORD", self.password.clone()),
            ("PGDATABASE", "postgres".to_owned()),
        ]
    }

    fn init(&self) -> Result<()> {
        let secret = self.folder.join("password");
        fs::write(&secret, &self.password).context("cannot write the server's password")?;
        // Readable for the server's user; the folder is closed to others.
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o644))
            .context("cannot open the password")?;
        let mut initdb = as_server(self.bin.join("initdb"));
        initdb.args(["--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C.UTF-8", "-U", USER]);
        initdb.args(AUTHENTICATION).arg("--pwfile").arg(&secret).arg("-D").arg(self.data());
        let output = initdb.current_dir(&self.folder).output().context("cannot run initdb")?;
        ensure!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        let sockets = format!("unix_socket_directories = '{}'\n", self.folder.display());
        let mut settings = fs::read_to_string(self.data().join("postgresql.conf")).context("no settings")?;
        settings.push_str(SETTINGS);
        settings.push_str(&sockets);
        fs::write(self.data().join("postgresql.conf"), settings).context("cannot write the server's settings")
    }

    fn listen(&mut self) -> Result<()> {
        let log = self.folder.join("log");
        for _ in 0..STARTS_MAX {
            self.port = free_port()?;
            let mut start = as_server(self.bin.join("pg_ctl"));
            start.args(["start", "--wait", "--silent", "-o"]).arg(format!("-c port={}", self.port));
            start.arg("-D").arg(self.data()).arg("-l").arg(&log).current_dir(&self.folder);
            start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if start.status().context("cannot run pg_ctl")?.success() {
                return Ok(());
            }
        }
        bail!("PostgreSQL does not start:\n{}", fs::read_to_string(&log).unwrap_or_default())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to do about a failure here: the keeper works on without us.
        self.keeper.wait().ok();
    }
}

/// Starts the keeper in a group of its own, where a Ctrl-C for us does not reach it.
fn keep(folder: &Path, bin: &Path) -> Result<Child> {
    let mut stop = as_server(bin.join("pg_ctl"));
    stop.args(["stop", "--wait", "--silent", "--mode=immediate", "-D"]).arg(folder.join("data"));
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(folder).arg(stop.get_program()).args(stop.get_args());
    keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    keeper.current_dir("/").process_group(0).spawn().context("cannot start the keeper of PostgreSQL")
}

/// A command for the server's files: it refuses to run as root, so that root becomes `postgres`.
fn as_server(program: impl AsRef<Path>) -> Command {
    let program = program.as_ref();
    if !project::is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// Where `initdb` and `pg_ctl` are: the newest of Debian's versions, or beside the initdb on the path.
pub fn bin() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        found.extend(version(&entry.path().join("bin")));
    }
    found.extend(project::program(&["initdb"]).and_then(|file| version(file.canonicalize().ok()?.parent()?)));
    found.into_iter().filter(|(version, _)| *version >= VERSION_MIN).max().map(|(_, bin)| bin)
}

/// The major version of a server's folder: `initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn version(bin: &Path) -> Option<(u32, PathBuf)> {
    let text = project::answer(bin.join("initdb"), &["--version"])?;
    let number = text.split_whitespace().nth(2)?;
    let major = number.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, bin.to_owned()))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on loopback")?;
    Ok(listener.local_addr().context("no free port on loopback")?.port())
}

/// 128 random bits in hexadecimal.
fn random() -> Result<String> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("no randomness")?;
    Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_starts_answers_and_leaves_nothing() {
        // Where there is no PostgreSQL, `cargo xtask test` has already failed for want of it.
        if bin().is_none() {
            return;
        }
        let server = Postgres::start().unwrap();
        let ask = |question: &str| {
            let psql = Command::new(server.bin.join("psql"))
                .args(["-XAtc", question])
                .arg(server.url())
                .output()
                .unwrap();
            String::from_utf8_lossy(&psql.stdout).trim().to_owned()
        };
        assert_eq!(ask("show fsync"), "on");
        assert_eq!(ask("show max_connections"), "300");
        assert_eq!(ask("select lower('É')"), "é");
        let folder = server.folder.clone();
        drop(server);
        assert!(!folder.exists());
    }
}
