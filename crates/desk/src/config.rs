//! Settings: a file, then the environment over it. Every missing or wrong setting is named, all at once.
//!
//! What is written is kept as text under its dotted name until it is checked: nothing guesses types, so a password of
//! digits stays what it is. No sentence here repeats a value that may hold a password.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use channels::mail::send::{Login, SmtpSettings, Tls};
use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
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

/// Every setting there is. In the environment: `SUIVI_` and the name in capitals, the dot as two underscores:
/// `SUIVI_PUBLIC_URL`, `SUIVI_MAIL_OUT__HOST`.
const NAMES: [&str; 14] = [
    "public_url",
    "data_folder",
    "database_url",
    "secret_file",
    "web.listen",
    "mail_in.lmtp",
    "mail_in.smtp",
    "mail_in.hostname",
    "mail_out.host",
    "mail_out.port",
    "mail_out.tls",
    "mail_out.username",
    "mail_out.password",
    "mail_out.password_file",
];
const SECTIONS: [&str; 3] = ["web", "mail_in", "mail_out"];

const PREFIX: &str = "SUIVI_";

/// Names after the prefix that are no settings: logging and what tests set. A `_` at the end stands for all that begin so.
/// Kubernetes sets the last three in every pod beside a service called "suivi".
const NOT_SETTINGS: [&str; 12] = [
    "LOG", "TEST_", "REQUIRE_", "CORPORA", "BIN", "CHROMIUM", "SHOTS", "PROOF_", "UPDATE", "PORT", "PORT_",
    "SERVICE_",
];

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

/// Tells only the line of an error: its own words quote what stands there, which may be a password.
fn parse(text: &str) -> Result<Dict, String> {
    Toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("line {} is not valid TOML", before.matches('\n').count() + 1)
    })
}

/// What is written, not checked yet. A value that cannot be taken is `None`: wrong, but not missing.
#[derive(Default)]
struct Written {
    texts: BTreeMap<String, Option<String>>,
    wrong: Vec<String>,
}

impl Written {
    fn take_file(&mut self, dict: Dict) {
        for (key, value) in dict {
            match value {
                Value::Dict(_, inner) if SECTIONS.contains(&key.as_str()) => {
                    for (name, value) in inner {
                        self.take_value(format!("{key}.{name}"), value);
                    }
                }
                _ if SECTIONS.contains(&key.as_str()) => {
                    self.wrong.push(format!("{key}: is a section: write [{key}], its settings below"));
                }
                value => self.take_value(key, value),
            }
        }
    }

    fn take_value(&mut self, name: String, value: Value) {
        if !NAMES.contains(&name.as_str()) {
            self.wrong.push(format!("{name}: no such setting"));
            return;
        }
        let text = match value {
            Value::String(_, text) => Some(text),
            Value::Bool(_, truth) => Some(truth.to_string()),
            // A float stays out: 1.10 would come out as 1.1, only quotes keep it.
            Value::Num(_, number) => number.to_i128().map(|whole| whole.to_string()),
            _ => None,
        };
        if text.is_none() {
            self.wrong.push(format!("{name}: must be a text in quotes"));
        }
        self.texts.insert(name, text);
    }

    fn take_environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        for (variable, value) in variables {
            let Some(variable) = variable.to_str() else { continue };
            let upper = variable.to_ascii_uppercase();
            let Some(rest) = upper.strip_prefix(PREFIX) else { continue };
            let is_known = |other: &&str| rest == *other || other.ends_with('_') && rest.starts_with(*other);
            if NOT_SETTINGS.iter().any(is_known) {
                continue;
            }
            let name = rest.to_ascii_lowercase().replace("__", ".");
            if !NAMES.contains(&name.as_str()) {
                self.wrong.push(format!("{variable}: no such setting (in the environment)"));
                continue;
            }
            let text = value.into_string().ok();
            if text.is_none() {
                self.wrong.push(format!("{variable}: is not UTF-8"));
            }
            self.texts.insert(name, text);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// The text of a setting. One without text is refused: whoever writes it means something.
    fn take(&mut self, name: &str) -> Option<String> {
        let text = self.texts.get(name)?.clone()?;
        let complaint = if text.trim().is_empty() {
            "is empty"
        } else if text.contains(char::is_control) {
            "holds a control character, such as a line break"
        } else {
            return Some(text);
        };
        self.refuse(name, complaint);
        None
    }

    fn refuse(&mut self, name: &str, complaint: &str) {
        self.wrong.push(format!("{name}: {complaint}"));
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
    if !written.has("mail_in.lmtp") && !written.has("mail_in.smtp") {
        let complaint = "missing: where letters are taken, such as 127.0.0.1:8024";
        written.refuse("mail_in.lmtp or mail_in.smtp", complaint);
    }
    apart([("web.listen", web), ("mail_in.lmtp", lmtp), ("mail_in.smtp", smtp)], &mut written);
    let hostname = hostname(public_url.as_deref(), &mut written);
    let mail_out = mail_out(&hostname, &mut written);
    let secret_file = written.take("secret_file").map_or_else(|| folder.join("secret.key"), PathBuf::from);
    match (web, public_url) {
        (Some(web), Some(public_url)) if written.wrong.is_empty() => {
            Ok(Config { public_url, location, secret_file, web, lmtp, smtp, hostname, mail_out })
        }
        _ => Err(WrongSettings(written.wrong)),
    }
}

/// Links are made by writing a path behind it, and browsers name it as the origin of a form: scheme, host and port only.
fn public_url(written: &mut Written) -> Option<String> {
    let name = "public_url";
    if !written.has(name) {
        written.refuse(name, "missing: where customers reach this desk, such as https://desk.brand.fr");
        return None;
    }
    let url = written.take(name)?.to_ascii_lowercase();
    let Some(place) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        written.refuse(name, "must begin with https:// or http://");
        return None;
    };
    let place = place.trim_end_matches('/');
    let complaint = if place.is_empty() {
        "names no host; write it like https://desk.brand.fr"
    } else if place.contains(char::is_whitespace) {
        "must not hold a space"
    } else if place.contains(['/', '?', '#', '@', '\\']) {
        "must end with the host or its port: no path, query, fragment or user; the desk needs a host of its own"
    } else if !is_place(place) {
        "its host or port cannot be; write it like https://desk.brand.fr or https://desk.brand.fr:8443"
    } else {
        return Some(url.trim_end_matches('/').to_owned());
    };
    written.refuse(name, complaint);
    None
}

/// A host, and perhaps a port.
fn is_place(place: &str) -> bool {
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_good_host = match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => is_host(host),
    };
    is_good_host && port.is_none_or(is_port)
}

/// A name or an IPv4 address. Underscores are no part of host names but of container names.
fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.trim_end_matches('.').split('.').all(|label| !label.is_empty() && label.len() <= 63)
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// What the listeners call themselves: as written, or the host of the public address.
fn hostname(public_url: Option<&str>, written: &mut Written) -> String {
    let own = written.take("mail_in.hostname");
    if own.as_deref().is_some_and(|host| !is_host(host)) {
        written.refuse("mail_in.hostname", "is not a host name, such as desk.brand.fr");
    }
    own.or_else(|| {
        let (_, place) = public_url?.split_once("://")?;
        let host = place.split(':').next()?;
        is_host(host).then(|| host.to_owned())
    })
    .unwrap_or_else(|| "localhost".to_owned())
}

fn address(name: &str, written: &mut Written) -> Option<SocketAddr> {
    let text = written.take(name)?;
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    written.refuse(name, &format!("{text:?} is not an address with a port, such as 127.0.0.1:8024"));
    None
}

/// Two listeners cannot share an address; port 0 takes a free one each time.
fn apart(listeners: [(&str, Option<SocketAddr>); 3], written: &mut Written) {
    for (at, (name, address)) in listeners.iter().enumerate() {
        for (other_name, other) in &listeners[at + 1..] {
            if let (Some(address), Some(other)) = (address, other)
                && clash(*address, *other)
            {
                written.refuse(
                    &format!("{name} and {other_name}"),
                    &format!("{address} and {other} are the same address: each needs a port of its own"),
                );
            }
        }
    }
}

fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let is_wide = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port()
        && one.port() != 0
        && (one.ip() == other.ip() || is_wide && one.is_ipv4() == other.is_ipv4())
}

fn mail_out(hello: &str, written: &mut Written) -> Option<SmtpSettings> {
    let tls = match written.take("mail_out.tls").as_deref() {
        Some("none") => Tls::None,
        Some("starttls") | None => Tls::StartTls,
        Some("implicit") => Tls::Implicit,
        Some(other) => {
            written.refuse("mail_out.tls", &format!("{other:?} is none of: none, starttls, implicit"));
            Tls::StartTls
        }
    };
    let usual_port = match tls {
        Tls::None => 25,
        Tls::StartTls => 587,
        Tls::Implicit => 465,
    };
    let port = written.take("mail_out.port").map_or(Some(usual_port), |text| text.parse().ok());
    if port.is_none_or(|port| port == 0) {
        written.refuse("mail_out.port", "must be a number from 1 to 65535");
    }
    let is_named = written.has("mail_out.username");
    let has_password = written.has("mail_out.password") || written.has("mail_out.password_file");
    if is_named != has_password {
        written.refuse("mail_out.username and mail_out.password (or password_file)", "go together");
    }
    let login = match (written.take("mail_out.username"), password(written)) {
        (Some(user), Some(password)) => Login::Password { user, password },
        _ => Login::None,
    };
    if !written.has("mail_out.host") {
        written.refuse("mail_out.host", "missing: the server that takes our mails");
    }
    let host = written.take("mail_out.host")?;
    if !is_host(&host) && host.parse::<Ipv6Addr>().is_err() {
        written
            .refuse("mail_out.host", "is not a host name, such as smtp.brand.fr; the port is mail_out.port");
    }
    let port = port.unwrap_or(usual_port);
    Some(SmtpSettings { tls, login, ..SmtpSettings::new(&host, port, hello) })
}

fn password(written: &mut Written) -> Option<String> {
    let plain = written.take("mail_out.password");
    let Some(file) = written.take("mail_out.password_file").map(PathBuf::from) else { return plain };
    if written.has("mail_out.password") {
        written.refuse("mail_out.password and mail_out.password_file", "only one of them");
        return plain;
    }
    let complaint = match std::fs::read_to_string(&file) {
        Ok(words) if words.trim_end().is_empty() => "is empty".to_owned(),
        Ok(words) => return Some(words.trim_end().to_owned()),
        Err(error) => error.to_string(),
    };
    written.refuse("mail_out.password_file", &format!("{}: {complaint}", file.display()));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "public_url = 'https://desk.brand.fr/'\nmail_in.lmtp = '127.0.0.1:8024'\n\
                         mail_out.host = 'mx.brand.fr'\n";

    fn check_with(toml: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let mut written = Written::default();
        written.take_file(parse(toml).map_err(|words| vec![words])?);
        written.take_environment(environment.iter().map(|(name, text)| (name.into(), text.into())));
        check(written).map_err(|WrongSettings(wrong)| wrong)
    }

    fn check_text(toml: &str) -> Result<Config, Vec<String>> {
        check_with(toml, &[])
    }

    /// One line for each of the names, set off by commas, and no other.
    fn assert_named(wrong: &[String], names: &str) {
        let names: Vec<&str> = names.split(", ").collect();
        for name in &names {
            let lines = wrong.iter().filter(|line| line.starts_with(&format!("{name}:"))).count();
            assert_eq!(lines, 1, "{name} in {wrong:?}");
        }
        assert_eq!(wrong.len(), names.len(), "{wrong:?}");
    }

    #[test]
    fn every_missing_setting_is_named_at_once() {
        let wrong = check_text("").unwrap_err();
        assert_named(&wrong, "public_url, mail_in.lmtp or mail_in.smtp, mail_out.host");
    }

    #[test]
    fn every_wrong_setting_is_named_at_once_and_only_once() {
        let wrong = check_text(
            "public_url = 'desk'\ndatabase_url = 'mysql://x'\nweb.listen = 'here'\ndata_folder = ''\n\
             [mail_in]\nlmtp = '8024'\nhostname = 'a b'\n\
             [mail_out]\nhost = ' '\nport = 0\ntls = 'maybe'\nusername = 'u'",
        )
        .unwrap_err();
        assert_named(
            &wrong,
            "public_url, database_url, web.listen, data_folder, mail_in.lmtp, mail_in.hostname, mail_out.host, \
             mail_out.port, mail_out.tls, mail_out.username and mail_out.password (or password_file)",
        );
    }

    #[test]
    fn unknown_names_and_types_are_named_at_once() {
        let unknown =
            "data_foldr = 'x'\nweb = 3\nsecret_file = 1.5\nmail_out.prot = 25\n[mailout]\nhost = 'x'";
        let toml = format!("{SMALL}{unknown}");
        let names =
            "SUIVI_PUBLICURL SUIVI_MAILOUT__HOST SUIVI_LOG SUIVI_TEST_POSTGRES SUIVI_PORT_8080_TCP HOME";
        let environment: Vec<_> = names.split(' ').map(|name| (name, "x")).collect();
        let wrong = check_with(&toml, &environment).unwrap_err();
        assert_named(
            &wrong,
            "data_foldr, web, secret_file, mail_out.prot, mailout, SUIVI_PUBLICURL, SUIVI_MAILOUT__HOST",
        );
    }

    #[test]
    fn a_password_stays_as_written_and_is_never_told() {
        for word in ["123456", "007", "1.10", "true", "[x]", "\"quoted\"", "a=b"] {
            let environment = [("SUIVI_MAIL_OUT__PASSWORD", word), ("SUIVI_MAIL_OUT__USERNAME", "42")];
            let out = check_with(SMALL, &environment).unwrap().mail_out.unwrap();
            let login = Login::Password { user: "42".to_owned(), password: word.to_owned() };
            assert!(out.login == login, "{word}");
        }
        let out = check_text(&format!("{SMALL}mail_out.username = 'u'\nmail_out.password = 123456")).unwrap();
        let login = Login::Password { user: "u".to_owned(), password: "123456".to_owned() };
        assert!(out.mail_out.unwrap().login == login);
        for value in ["7123.5", "['7123']", "7123x", "'7123", "\"7123\\n\"", "'https://u:7123@x'"] {
            for name in ["mail_out.password", "public_url", "database_url"] {
                let line = format!("{name} = {value}");
                let wrong = check_text(&line).unwrap_err();
                assert!(!wrong.iter().any(|told| told.contains("7123")), "{line}: {wrong:?}");
            }
        }
    }

    #[test]
    fn the_public_address_is_a_scheme_a_host_and_perhaps_a_port() {
        let read = |url: &str| {
            let rest = "mail_in.lmtp = '127.0.0.1:8024'\nmail_out.host = 'mx'";
            check_text(&format!("public_url = '{url}'\n{rest}")).map(|config| config.public_url)
        };
        let wrong = "|https://|https:///|https://a b|https://a?b|https://a#b|https://a/b|https://u@a|https://a:0|\
                     https://a:x|https://a:|https://[::1|https://é.fr|ftp://a|https://a..b";
        for url in wrong.split('|') {
            assert_named(&read(url).unwrap_err(), "public_url");
        }
        for url in ["https://desk.brand.fr", "http://localhost:8080", "http://[::1]:8080", "http://[::1]"] {
            assert_eq!(read(url).as_deref(), Ok(url));
        }
        assert_eq!(read("https://Desk.Brand.fr/").as_deref(), Ok("https://desk.brand.fr"));
    }

    #[test]
    fn listeners_keep_apart() {
        let read = |smtp: &str| check_text(&format!("{SMALL}mail_in.smtp = '{smtp}'"));
        assert_named(&read("127.0.0.1:8024").unwrap_err(), "mail_in.lmtp and mail_in.smtp");
        assert_named(&read("0.0.0.0:8024").unwrap_err(), "mail_in.lmtp and mail_in.smtp");
        assert_named(&read("127.0.0.1:8080").unwrap_err(), "web.listen and mail_in.smtp");
        assert!(read("127.0.0.2:8024").is_ok());
        assert!(read("127.0.0.1:0").is_ok());
    }

    #[test]
    fn a_small_file_is_enough_and_the_environment_wins() {
        let wins = check_with(SMALL, &[("SUIVI_PUBLIC_URL", "http://localhost")]).unwrap();
        assert_eq!(wins.public_url, "http://localhost");
        let config = check_text(SMALL).unwrap();
        assert_eq!(config.public_url, "https://desk.brand.fr");
        assert_eq!(config.hostname, "desk.brand.fr");
        assert_eq!(config.mail_out.map(|out| (out.port, out.tls)), Some((587, Tls::StartTls)));
    }
}
