//! Settings: a file, then the environment over it. Every missing or wrong setting is named, all at once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use channels::mail::send::{SmtpSettings, Tls};
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use store::Location;
use thiserror::Error;

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
}

/// Settings that cannot be used, each named with what is wrong.
#[derive(Debug, Error)]
#[error("{}", .0.join("\n"))]
pub struct WrongSettings(pub Vec<String>);

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    public_url: Option<String>,
    data_folder: Option<PathBuf>,
    database_url: Option<String>,
    secret_file: Option<PathBuf>,
    web: WrittenWeb,
    mail_in: WrittenMailIn,
    mail_out: WrittenMailOut,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenWeb {
    listen: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenMailIn {
    lmtp: Option<String>,
    smtp: Option<String>,
    hostname: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenMailOut {
    host: Option<String>,
    port: Option<u16>,
    tls: Option<String>,
    username: Option<String>,
    password: Option<String>,
    password_file: Option<PathBuf>,
}

/// Settings that may stand in the environment, as `SUIVI_` and the name in capitals, sections set off by two underscores:
/// `SUIVI_PUBLIC_URL`, `SUIVI_MAIL_OUT__HOST`.
const SECTIONS: [&str; 3] = ["web__", "mail_in__", "mail_out__"];
const PLAIN: [&str; 4] = ["public_url", "data_folder", "database_url", "secret_file"];

impl Config {
    /// Reads the file (which may be absent when it is the default one) and the environment.
    pub fn read(file: Option<&Path>) -> Result<Self, WrongSettings> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        if file.is_some() && !path.exists() {
            return Err(WrongSettings(vec![format!("{}: there is no such file", path.display())]));
        }
        let environment = Env::prefixed("SUIVI_")
            .filter(|key| {
                let key = key.as_str().to_ascii_lowercase();
                PLAIN.contains(&key.as_str()) || SECTIONS.iter().any(|section| key.starts_with(section))
            })
            .split("__");
        let figment = Figment::new().merge(Toml::file(path)).merge(environment);
        let written: Written = figment
            .extract()
            .map_err(|errors| WrongSettings(errors.into_iter().map(|error| error.to_string()).collect()))?;
        check(written)
    }
}

fn check(written: Written) -> Result<Config, WrongSettings> {
    let mut wrong = Vec::new();
    let folder = written.data_folder.unwrap_or_else(|| PathBuf::from("suivi-data"));
    let location = match written.database_url {
        None => Location::Folder(folder.clone()),
        Some(url) => {
            if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
                wrong.push("database_url: must begin with postgres://; leave it out for SQLite".to_owned());
            }
            Location::Server { url, folder: folder.clone() }
        }
    };
    let public_url = public_url(written.public_url, &mut wrong);
    let web = address("web.listen", written.web.listen.or(Some("127.0.0.1:8080".to_owned())), &mut wrong);
    let lmtp = address("mail_in.lmtp", written.mail_in.lmtp, &mut wrong);
    let smtp = address("mail_in.smtp", written.mail_in.smtp, &mut wrong);
    if lmtp.is_none() && smtp.is_none() {
        wrong.push(
            "mail_in.lmtp or mail_in.smtp: missing: where letters are taken, such as 127.0.0.1:8024"
                .to_owned(),
        );
    }
    let hostname = written.mail_in.hostname.unwrap_or_else(|| host_of(&public_url));
    let mail_out = mail_out(written.mail_out, &hostname, &mut wrong);
    let secret_file = written.secret_file.unwrap_or_else(|| folder.join("secret.key"));
    match web {
        Some(web) if wrong.is_empty() => {
            Ok(Config { public_url, location, secret_file, web, lmtp, smtp, hostname, mail_out })
        }
        _ => Err(WrongSettings(wrong)),
    }
}

fn public_url(written: Option<String>, wrong: &mut Vec<String>) -> String {
    let Some(url) = written else {
        wrong.push(
            "public_url: missing: where customers reach this desk, such as https://desk.brand.fr".to_owned(),
        );
        return String::new();
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        wrong.push(format!("public_url: {url:?} must begin with https:// or http://"));
    }
    url.trim_end_matches('/').to_owned()
}

fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() { "localhost".to_owned() } else { host.to_owned() }
}

fn address(name: &str, written: Option<String>, wrong: &mut Vec<String>) -> Option<SocketAddr> {
    let written = written?;
    if let Ok(address) = written.parse() {
        return Some(address);
    }
    wrong.push(format!("{name}: {written:?} is not an address with a port, such as 127.0.0.1:8024"));
    None
}

fn mail_out(written: WrittenMailOut, hostname: &str, wrong: &mut Vec<String>) -> Option<SmtpSettings> {
    let tls = match written.tls.as_deref() {
        Some("none") => Tls::None,
        Some("starttls") | None => Tls::StartTls,
        Some("implicit") => Tls::Implicit,
        Some(other) => {
            wrong.push(format!("mail_out.tls: {other:?} is none of: none, starttls, implicit"));
            Tls::StartTls
        }
    };
    let password = password(written.password, written.password_file, wrong);
    if written.username.is_some() != password.is_some() {
        wrong.push("mail_out.username and mail_out.password (or password_file) go together".to_owned());
    }
    let Some(host) = written.host else {
        wrong.push("mail_out.host: missing: the server that takes our mails".to_owned());
        return None;
    };
    let usual_port = match tls {
        Tls::None => 25,
        Tls::StartTls => 587,
        Tls::Implicit => 465,
    };
    Some(SmtpSettings {
        host,
        port: written.port.unwrap_or(usual_port),
        tls,
        username: written.username,
        password,
        hello: hostname.to_owned(),
        timeout: Duration::from_secs(30),
    })
}

fn password(plain: Option<String>, file: Option<PathBuf>, wrong: &mut Vec<String>) -> Option<String> {
    match (plain, file) {
        (Some(_), Some(_)) => {
            wrong.push("mail_out.password and mail_out.password_file: only one of them".to_owned());
            None
        }
        (plain, None) => plain,
        (None, Some(file)) => match std::fs::read_to_string(&file) {
            Ok(words) => Some(words.trim_end().to_owned()),
            Err(error) => {
                wrong.push(format!("mail_out.password_file: {}: {error}", file.display()));
                None
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(toml: &str) -> Result<Config, Vec<String>> {
        let written: Written = Figment::new().merge(Toml::string(toml)).extract().unwrap();
        check(written).map_err(|WrongSettings(wrong)| wrong)
    }

    #[test]
    fn every_missing_setting_is_named_at_once() {
        let wrong = check_text("").unwrap_err();
        for name in ["public_url", "mail_in.lmtp", "mail_out.host"] {
            assert!(wrong.iter().any(|line| line.starts_with(name)), "{name} in {wrong:?}");
        }
    }

    #[test]
    fn every_wrong_setting_is_named_at_once() {
        let wrong = check_text(
            "public_url = 'desk'\ndatabase_url = 'mysql://x'\nweb.listen = 'here'\n\
             [mail_in]\nlmtp = '8024'\n[mail_out]\nhost = 'mx'\ntls = 'maybe'\nusername = 'u'",
        )
        .unwrap_err();
        let names =
            ["public_url", "database_url", "web.listen", "mail_in.lmtp", "mail_out.tls", "mail_out.username"];
        for name in names {
            assert!(wrong.iter().any(|line| line.starts_with(name)), "{name} in {wrong:?}");
        }
    }

    #[test]
    fn a_small_file_is_enough() {
        let config = check_text(
            "public_url = 'https://desk.brand.fr/'\n[mail_in]\nlmtp = '127.0.0.1:8024'\n\
             [mail_out]\nhost = 'mx.brand.fr'",
        )
        .unwrap();
        assert_eq!(config.public_url, "https://desk.brand.fr");
        assert_eq!(config.hostname, "desk.brand.fr");
        assert_eq!(config.mail_out.map(|out| (out.port, out.tls)), Some((587, Tls::StartTls)));
    }
}
