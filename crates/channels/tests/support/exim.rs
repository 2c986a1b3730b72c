//! A real Exim for one test: own folder, own certificates, ports of the system's choice, run by whoever runs the tests.
//! Each connection is given to a process of its own, as inetd does: nothing has to be waited for, and a server that dies
//! is a handful of children that are killed. Where the program is missing, tests say so loudly and pass, unless
//! `SUIVI_REQUIRE_EXIM` is set. May be included by the tests of other crates.

use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::{env, fs};

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it answers to whom:
///
/// | recipient | answer |
/// |---|---|
/// | `nobody@…` | 550 5.1.1 at `RCPT` |
/// | `grey@…` | 451 4.7.1 at `RCPT` |
/// | `full@…` | 552 5.2.2 at `RCPT` |
/// | `refused@…` | 554 5.6.0 after `DATA` |
/// | `over@…` | 552 5.2.2 after `DATA` |
/// | `busy@…` | 421 4.3.2, and hangs up |
/// | at `members.example` | 550 5.7.1 unless logged in as `suivi` |
/// | at `hole.example` | taken and thrown away |
/// | at a domain of a [`Route`] | taken and handed on |
/// | all others | 550 5.7.1 |
const CONFIG: &str = r"
exim_user = USER
exim_group = GROUP
primary_hostname = mx.exim.example
spool_directory = FOLDER/spool
log_file_path = FOLDER/log/%slog
keep_environment =
deliver_drop_privilege
never_users =
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max_per_connection = MAILS_PER_CONNECTION
smtp_accept_queue_per_connection = 0
message_size_limit = 1M
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
tls_advertise_hosts = *
tls_certificate = FOLDER/server.pem
tls_privatekey = FOLDER/server.key
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
domainlist ours = hole.example : members.example DOMAINS

begin acl
acl_mail:
  accept
    logwrite = said $smtp_command
acl_rcpt:
  warn
    logwrite = said $smtp_command
  deny local_parts = nobody
    message = 550 5.1.1 No such user here
  defer local_parts = grey
    message = 451 4.7.1 Greylisted, come back
  deny local_parts = full
    message = 552 5.2.2 Mailbox full
  defer local_parts = busy
    message = 421 4.3.2 Too busy
  deny domains = members.example
    !authenticated = *
    message = 550 5.7.1 Members only
  accept domains = +ours
  deny message = 550 5.7.1 Relaying denied
acl_data:
  deny condition = ${if match{$recipients}{refused@}}
    message = 554 5.6.0 Content refused
  deny condition = ${if match{$recipients}{over@}}
    message = 552 5.2.2 Over quota
  accept

begin routers
hole:
  driver = redirect
  domains = hole.example : members.example
  data = :blackhole:
ROUTERS

begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = 24
  allow_localhost
  hosts_avoid_tls = *
smtp:
  driver = smtp
  allow_localhost
  hosts_avoid_tls = *

begin retry
* * F,1h,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{suivi}}{eq{$auth3}{secret}}}}
  server_set_id = $auth2
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${if eq{${escape:$auth1}}{user=suivi\\001auth=Bearer fresh\\001\\001}}
  server_set_id = suivi
";

/// Where letters for a domain are handed on to, on this machine.
pub struct Route {
    pub domain: &'static str,
    pub port: u16,
    /// Else SMTP.
    pub is_lmtp: bool,
}

/// A configured server, with its queue; it is heard only through doors.
pub struct Exim {
    folder: TempDir,
    program: PathBuf,
}

impl Exim {
    /// Sets one up; `None` when the program is not there.
    pub fn new(routes: &[Route], mails_per_connection: u32) -> Option<Self> {
        let Some(program) = program() else {
            assert!(env::var("SUIVI_REQUIRE_EXIM").is_err(), "Exim is required and not there");
            eprintln!("SKIPPED: no Exim on this machine (Debian: exim4-daemon-light)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let (user, group) = identity();
        let (mut domains, mut handing_on) = (String::new(), String::new());
        for route in routes {
            domains.extend([" : ", route.domain]);
            handing_on.push_str(&router(route));
        }
        let config = CONFIG
            .replace("FOLDER", folder.path().to_str().unwrap())
            .replace("USER", &user)
            .replace("GROUP", &group)
            .replace("MAILS_PER_CONNECTION", &mails_per_connection.to_string())
            .replace("DOMAINS", &domains)
            .replace("ROUTERS", &handing_on);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        certify(folder.path());
        for name in ["spool", "log"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let given = Command::new("chown")
            .args([&format!("{user}:{group}"), "spool", "log", "server.key"])
            .current_dir(folder.path())
            .status();
        assert!(given.unwrap().success());
        // Written last and never given away: Exim believes a file only of its caller's or root's.
        fs::write(folder.path().join("exim.conf"), config).unwrap();
        Some(Self { folder, program })
    }

    /// Opens a door on a port of the system's choice.
    pub async fn open(&self, tls_from_the_start: bool) -> Door {
        self.open_at("127.0.0.1:0", tls_from_the_start).await
    }

    /// Opens a door on the port of one that was shut.
    pub async fn open_again(&self, port: u16) -> Door {
        self.open_at(&format!("127.0.0.1:{port}"), false).await
    }

    async fn open_at(&self, place: &str, tls_from_the_start: bool) -> Door {
        let listener = TcpListener::bind(place).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (program, config) = (self.program.clone(), self.config());
        let (callers, accepted) = (Arc::new(Mutex::new(vec![])), Arc::new(AtomicUsize::new(0)));
        let (served, counted) = (callers.clone(), accepted.clone());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let stream = stream.into_std().unwrap();
                stream.set_nonblocking(false).unwrap();
                let stream = OwnedFd::from(stream);
                let mut exim = Command::new(&program);
                exim.arg("-C").arg(&config).arg("-bs").env_clear();
                if tls_from_the_start {
                    exim.arg("-tls-on-connect");
                }
                exim.stdin(Stdio::from(stream.try_clone().unwrap())).stdout(Stdio::from(stream));
                // A group of its own, so that what it starts for delivering can be ended with it.
                let child = exim.stderr(Stdio::null()).process_group(0).spawn().unwrap();
                served.lock().unwrap().push(child);
            }
        });
        Door { port, accepted, callers, serving }
    }

    /// Tries all that waits, once, and comes back when that is done.
    pub async fn run_queue(&self) {
        let mut run = Command::new(&self.program);
        run.arg("-C").arg(self.config()).arg("-qff").env_clear();
        // On a thread of its own: those it delivers to may be tasks of the same test.
        let ended = tokio::task::spawn_blocking(move || run.status()).await.unwrap();
        assert!(ended.unwrap().success());
    }

    /// What it logged, the commands it was given among it.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/mainlog")).unwrap_or_default()
    }

    /// Its own certificate authority.
    pub fn roots(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("ca.pem")).unwrap()
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("exim.conf")
    }
}

/// A port on which it is heard, until this is dropped.
pub struct Door {
    pub port: u16,
    accepted: Arc<AtomicUsize>,
    callers: Arc<Mutex<Vec<Child>>>,
    serving: JoinHandle<()>,
}

impl Door {
    /// Connections so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Kills whoever is speaking, in the middle of a word, and closes the port.
    pub async fn slam(mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
        for mut child in self.callers.lock().unwrap().drain(..) {
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
            let _ = child.wait();
        }
    }
}

fn router(route: &Route) -> String {
    let Route { domain, port, is_lmtp } = route;
    let name = domain.replace('.', "_");
    let transport = if *is_lmtp { "lmtp" } else { "smtp" };
    format!(
        "{name}:\n  driver = manualroute\n  domains = {domain}\n  transport = {transport}\n  self = send\n  \
         route_list = * 127.0.0.1::{port}\n"
    )
}

fn program() -> Option<PathBuf> {
    let folders = env::var("PATH").unwrap_or_default() + ":/usr/sbin";
    let places =
        folders.split(':').flat_map(|folder| ["exim4", "exim"].map(|name| Path::new(folder).join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// User and group as numbers. Exim does not run as root: it then takes the user that Debian made for it.
fn identity() -> (String, String) {
    let ask = |words: &[&str]| {
        let output = Command::new("id").args(words).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let of = |user: &[&str]| Some((ask(&[&["-u"], user].concat())?, ask(&[&["-g"], user].concat())?));
    let own = of(&[]).unwrap();
    if own.0 == "0" { of(&["Debian-exim"]).or(of(&["nobody"])).unwrap() } else { own }
}

/// A certificate authority, and a certificate of its for `localhost`.
fn certify(folder: &Path) {
    let openssl = |words: &str| {
        let output = Command::new("openssl").args(words.split(' ')).current_dir(folder).output();
        let output = output.expect("openssl is there wherever Exim is");
        assert!(output.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=suivi-tests"));
    openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    fs::write(folder.join("server.ext"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile server.ext",
    );
}
