//! A real Dovecot for one test: own folder, own ports on loopback, own certificates, run by whoever runs the tests.
//! Where the program is missing, tests say so loudly and pass, unless `SUIVI_REQUIRE_DOVECOT` is set.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{env, fs, thread};

use channels::mail::imap::{AfterReading, ImapSettings, Login, Timeouts};
use channels::mail::send::Tls;
use tempfile::TempDir;

/// The only password there is, for every user, and hard to spell on purpose.
pub const PASSWORD: &str = "sésame \"ouvre\" \\ toi";

/// Another program may take a port between our asking and Dovecot's.
const STARTS_MAX: usize = 5;

/// A server that runs until this is dropped.
pub struct Dovecot {
    folder: TempDir,
    child: Option<Child>,
    /// What it logged.
    log: Arc<Mutex<String>>,
    settings: String,
    pub imap: u16,
    pub imaps: u16,
}

impl Dovecot {
    /// Starts a server; `None` when the program is not there.
    pub fn start() -> Option<Self> {
        Self::start_with("auth_mechanisms = plain login")
    }

    /// The same with further lines in its settings, in which `FOLDER` stands for the server's own folder.
    pub fn start_with(more: &str) -> Option<Self> {
        if program().is_none() {
            assert!(env::var("SUIVI_REQUIRE_DOVECOT").is_err(), "Dovecot is required and not there");
            eprintln!("SKIPPED: no Dovecot on this machine (Debian: dovecot-imapd)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        open_to_all(folder.path());
        for name in ["state", "home"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        open_to_all(&folder.path().join("home"));
        certify(folder.path());
        let mut server = Self {
            settings: more.replace("FOLDER", &folder.path().display().to_string()),
            folder,
            child: None,
            log: Arc::default(),
            imap: 0,
            imaps: 0,
        };
        server.serve();
        Some(server)
    }

    /// Kills it without a word, connections and all.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let id = child.id().to_string();
        // The master first stops, so that it starts no more of those that serve, which would live on.
        let _ = Command::new("kill").args(["-STOP", &id]).status();
        let _ = Command::new("pkill").args(["-KILL", "-P", &id]).status();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts it, or starts it again after [`Self::kill`], on ports of its own each time: the dead give theirs back when they like.
    pub fn serve(&mut self) {
        let program = program().unwrap();
        for _ in 0..STARTS_MAX {
            (self.imap, self.imaps) = (free_port(), free_port());
            if self.run(&program) {
                return;
            }
        }
        panic!("Dovecot does not start:\n{}", self.log());
    }

    /// What it logged.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its own certificate authority.
    pub fn roots(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("ca.pem")).unwrap()
    }

    /// How to read a user's inbox.
    pub fn settings(&self, user: &str, tls: Tls) -> ImapSettings {
        ImapSettings {
            host: "localhost".to_owned(),
            port: if tls == Tls::Implicit { self.imaps } else { self.imap },
            tls,
            login: Login::Password { user: user.to_owned(), password: PASSWORD.to_owned() },
            folder: "INBOX".to_owned(),
            after_reading: AfterReading::Keep,
            extra_roots: self.roots(),
            poll_every: Duration::from_millis(100),
            timeouts: Timeouts { fetch: Duration::from_mins(1), ..Timeouts::default() },
        }
    }

    /// Drops a letter into a user's inbox, as a delivery agent does: written aside, then renamed.
    pub fn deliver(&self, user: &str, name: &str, letter: &[u8]) {
        let maildir = self.maildir(user);
        let written = maildir.join("tmp").join(name);
        fs::write(&written, letter).unwrap();
        fs::set_permissions(&written, fs::Permissions::from_mode(0o666)).unwrap();
        fs::rename(written, maildir.join("new").join(name)).unwrap();
    }

    /// Has a letter that was just dropped come at another time, as far as the server tells.
    pub fn date(&self, user: &str, name: &str, at: SystemTime) {
        let file = fs::File::options().write(true).open(self.maildir(user).join("new").join(name)).unwrap();
        file.set_modified(at).unwrap();
    }

    /// Leaves a letter in its place and lets the server read it no more.
    pub fn spoil(&self, user: &str, name: &str) {
        let maildir = self.maildir(user);
        let found = ["new", "cur"].iter().flat_map(|folder| fs::read_dir(maildir.join(folder)).unwrap());
        let file =
            found.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().contains(name));
        fs::set_permissions(file.unwrap(), fs::Permissions::from_mode(0o000)).unwrap();
    }

    /// Makes a folder beside a user's inbox.
    pub fn make_folder(&self, user: &str, name: &str) {
        let folder = self.maildir(user).join(format!(".{name}"));
        for folder in [folder.clone(), folder.join("tmp"), folder.join("new"), folder.join("cur")] {
            fs::create_dir(&folder).unwrap();
            open_to_all(&folder);
        }
    }

    /// Makes the server forget how it numbered a user's letters: it numbers them anew, under another validity.
    pub fn renumber(&self, user: &str) {
        let maildir = self.maildir(user);
        for entry in fs::read_dir(&maildir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
        // The validity is the second in which the folder was made: this one lies apart.
        let list = maildir.join("dovecot-uidlist");
        fs::write(&list, "3 V1000000000 N1\n").unwrap();
        fs::set_permissions(&list, fs::Permissions::from_mode(0o666)).unwrap();
    }

    /// Writes a file that its settings speak of.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn maildir(&self, user: &str) -> PathBuf {
        let home = self.folder.path().join("home").join(user);
        let maildir = home.join("Maildir");
        for folder in [&home, &maildir, &maildir.join("tmp"), &maildir.join("new"), &maildir.join("cur")] {
            if fs::create_dir(folder).is_ok() {
                open_to_all(folder);
            }
        }
        maildir
    }

    /// Whether it came up; it says so once it listens.
    fn run(&mut self, program: &Path) -> bool {
        fs::create_dir(self.folder.path().join(format!("run-{}", self.imap))).unwrap();
        let conf = self.folder.path().join("dovecot.conf");
        fs::write(&conf, self.conf()).unwrap();
        let mut command = Command::new(program);
        command
            .arg("-F")
            .arg("-c")
            .arg(conf)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::clone(&self.log);
        let is_up = lines.by_ref().map_while(Result::ok).any(|line| {
            log.lock().unwrap().extend([line.as_str(), "\n"]);
            line.contains("starting up for")
        });
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                log.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        if is_up {
            self.child = Some(child);
        } else {
            child.wait().unwrap();
        }
        is_up
    }

    fn conf(&self) -> String {
        let (user, group) = if said("id", &["-u"]) == "0" {
            // It never serves as root; the files of the test are open to all.
            ("nobody".to_owned(), "nogroup".to_owned())
        } else {
            (said("id", &["-un"]), said("id", &["-gn"]))
        };
        CONF.replace("USER", &user)
            .replace("GROUP", &group)
            .replace("FOLDER", &self.folder.path().display().to_string())
            .replace("IMAPS", &self.imaps.to_string())
            .replace("IMAP", &self.imap.to_string())
            + &self.settings
            + "\n"
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Nothing of it is kept, and a gentle end takes it a second.
        self.kill();
        if thread::panicking() {
            eprintln!("Dovecot's log:\n{}", self.log());
        }
    }
}

const CONF: &str = "
base_dir = FOLDER/run-IMAP
state_dir = FOLDER/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = USER
default_internal_group = GROUP
default_login_user = USER
first_valid_uid = 1
first_valid_gid = 1
auth_failure_delay = 0
disable_plaintext_auth = no
mail_max_userip_connections = 50
mailbox_idle_check_interval = 1 secs
mail_location = maildir:~/Maildir
ssl = yes
ssl_cert = <FOLDER/server.pem
ssl_key = <FOLDER/server.key
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u FOLDER/users
  mechanisms = plain login
}
userdb {
  driver = static
  args = uid=USER gid=GROUP home=FOLDER/home/%u allow_all_users=yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = IMAP
  }
  inet_listener imaps {
    port = IMAPS
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
";

/// A certificate authority, a certificate of its for `localhost`, and the list of users.
fn certify(folder: &Path) {
    let openssl = |words: &str| {
        let output = Command::new("openssl").args(words.split(' ')).current_dir(folder).output();
        let output = output.expect("Dovecot's own packages need openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=suivi-tests"));
    openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 30 -extfile names",
    );
    let users = ["aide", "retour"].map(|user| format!("{user}:{PASSWORD}::::::\n"));
    fs::write(folder.join("users"), users.concat()).unwrap();
    fs::set_permissions(folder.join("users"), fs::Permissions::from_mode(0o644)).unwrap();
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Debian keeps it where plain users do not look.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join("dovecot")).find(|file| file.is_file())
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
