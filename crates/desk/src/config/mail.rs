//! The settings about mail: the server that takes ours, and how senders of others' are proven.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use channels::mail::send::{Login, SmtpSettings, Tls};

use super::place::is_host;
use super::written::Written;

/// Longest file of extra certificates, in bytes: a system's whole bundle is three times smaller.
const CA_FILE_BYTES_MAX: u64 = 1024 * 1024;

/// How senders of letters are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// False when nobody is asked.
    pub is_on: bool,
    /// Names of servers of ours whose `Authentication-Results` (RFC 8601) count.
    pub trusted: Vec<String>,
    /// The name server to ask; the system's when absent.
    pub dns: Option<SocketAddr>,
}

/// Reads how senders are proven: on unless it is switched off.
pub(super) fn authentication(written: &mut Written) -> Authentication {
    let is_on = match written.take("mail_in.authentication").as_deref() {
        Some("on") | None => true,
        Some("off") => false,
        Some(other) => {
            written.refuse("mail_in.authentication", &format!("{other:?} is none of: on, off"));
            true
        }
    };
    let names = written.take("mail_in.trusted").unwrap_or_default();
    let trusted: Vec<String> =
        names.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if trusted.iter().any(|name| name != "-" && !is_host(name)) {
        let complaint = "must be names of your own mail servers, such as mx.brand.fr, separated by commas";
        written.refuse("mail_in.trusted", complaint);
    }
    let dns = super::place::address("mail_in.dns", written);
    Authentication { is_on, trusted, dns }
}

/// Certificates trusted besides the usual ones, in PEM.
pub(super) fn extra_roots(written: &mut Written) -> Vec<u8> {
    let Some(file) = written.take("ca_file").map(PathBuf::from) else { return Vec::new() };
    let is_small = std::fs::metadata(&file).map(|about| about.len() <= CA_FILE_BYTES_MAX);
    let complaint = match (is_small, std::fs::read(&file)) {
        (Ok(true), Ok(pem)) if channels::tls::client_config(&pem).is_ok() => return pem,
        (Ok(true), Ok(_)) => "holds no certificates in PEM".to_owned(),
        (Ok(false), _) => "is too large".to_owned(),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    };
    written.refuse("ca_file", &format!("{}: {complaint}", file.display()));
    Vec::new()
}

/// The server that takes our mails.
pub(super) fn mail_out(hello: &str, extra_roots: &[u8], written: &mut Written) -> Option<SmtpSettings> {
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
    let login = match (
        written.take("mail_out.username"),
        written.secret("mail_out.password", "mail_out.password_file"),
    ) {
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
    Some(SmtpSettings {
        tls,
        login,
        extra_roots: extra_roots.to_vec(),
        ..SmtpSettings::new(&host, port, hello)
    })
}
