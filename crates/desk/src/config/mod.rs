//! Settings: a file, then the environment over it. Every missing or wrong setting is named, all at once.
//!
//! What is written is kept as text under its dotted name until it is checked: nothing guesses types, so a password of
//! digits stays what it is. No sentence here repeats a value that may hold a password.

mod files;
mod mail;
mod place;
#[cfg(test)]
mod tests;
mod written;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use channels::mail::send::SmtpSettings;
use store::Location;
use thiserror::Error;

use files::files;
pub use files::{Bucket, Files, FilesPlace};
pub use mail::Authentication;
use mail::{authentication, extra_roots, mail_out};
use place::{address, apart, hostname, public_url};
use written::{Written, parse};

/// The file read when none is named.
pub const DEFAULT_FILE: &str = "suivi.toml";

/// Checked settings of a desk.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where customers and agents reach the desk.
    pub public_url: String,
    /// Where the data lives.
    pub location: Location,
    /// The file of the secret that signs reply addresses and private links.
    pub secret_file: PathBuf,
    /// Where the screens listen.
    pub web: SocketAddr,
    /// Where letters are taken by LMTP.
    pub lmtp: Option<SocketAddr>,
    /// Where letters are taken by SMTP.
    pub smtp: Option<SocketAddr>,
    /// What the listeners call themselves.
    pub hostname: String,
    /// The server that takes our mails; none in a demonstration.
    pub mail_out: Option<SmtpSettings>,
    /// How senders of letters are proven.
    pub authentication: Authentication,
    /// Certificates trusted besides the usual ones, in PEM; may be empty.
    pub extra_roots: Vec<u8>,
    /// Where attachments are kept.
    pub files: Files,
    /// Whether webhooks may lead into the own network.
    pub may_tell_insiders: bool,
}

/// Settings that cannot be used, each named with what is wrong.
#[derive(Debug, Error)]
#[error("{}", .0.join("\n"))]
pub struct WrongSettings(pub Vec<String>);

impl Config {
    /// Reads the file (which may be absent when it is the default one) and the environment.
    pub fn read(file: Option<&Path>) -> Result<Self, WrongSettings> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let refuse = |words: &str| WrongSettings(vec![format!("{}: {words}", path.display())]);
        let mut written = Written::default();
        match std::fs::read_to_string(path) {
            Ok(text) => written.take_file(parse(&text).map_err(|words| refuse(&words))?),
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(refuse(&format!("cannot be read: {error}")));
            }
            Err(_) if file.is_some() => return Err(refuse("there is no such file")),
            Err(_) => {}
        }
        written.take_environment(std::env::vars_os());
        check(written)
    }
}

/// Webhooks lead outside only, unless it is written otherwise.
fn insiders(written: &mut Written) -> bool {
    match written.take("webhooks.inside").as_deref() {
        None | Some("off") => false,
        Some("on") => true,
        Some(other) => {
            written.refuse("webhooks.inside", &format!("{other:?} is none of: on, off"));
            false
        }
    }
}

fn check(mut written: Written) -> Result<Config, WrongSettings> {
    let folder = PathBuf::from(written.take("data_folder").unwrap_or_else(|| "suivi-data".to_owned()));
    let location = match written.take("database_url") {
        None => Location::Folder(folder.clone()),
        Some(url) => {
            if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
                written.refuse("database_url", "must begin with postgres://; leave it out for SQLite");
            }
            Location::Server { url, folder: folder.clone() }
        }
    };
    let public_url = public_url(&mut written);
    let web = if written.has("web.listen") {
        address("web.listen", &mut written)
    } else {
        Some(SocketAddr::from(([127, 0, 0, 1], 8080)))
    };
    let lmtp = address("mail_in.lmtp", &mut written);
    let smtp = address("mail_in.smtp", &mut written);
    apart([("web.listen", web), ("mail_in.lmtp", lmtp), ("mail_in.smtp", smtp)], &mut written);
    let hostname = hostname(public_url.as_deref(), &mut written);
    let extra_roots = extra_roots(&mut written);
    let mail_out = mail_out(&hostname, &extra_roots, &mut written);
    let authentication = authentication(&mut written);
    let files = files(&folder, &mut written);
    let may_tell_insiders = insiders(&mut written);
    let secret_file = written.take("secret_file").map_or_else(|| folder.join("secret.key"), PathBuf::from);
    match (web, public_url) {
        (Some(web), Some(public_url)) if written.wrong.is_empty() => Ok(Config {
            public_url,
            location,
            secret_file,
            web,
            lmtp,
            smtp,
            hostname,
            mail_out,
            authentication,
            extra_roots,
            files,
            may_tell_insiders,
        }),
        _ => Err(WrongSettings(written.wrong)),
    }
}
