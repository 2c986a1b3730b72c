//! `suivi doctor`: looks at an installation part by part and says what is wrong and what to do.

use std::net::SocketAddr;

use anyhow::bail;
use axum::http::Uri;
use channels::mail::send::Courier;
use store::{Location, Store};

use super::{Settings, say};
use crate::config::Config;
use crate::secret;
use crate::time::Clock;

/// A grant that ends within this time is warned of.
const GRANT_WARNING: jiff::SignedDuration = jiff::SignedDuration::from_hours(14 * 24);

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let mut report = Report::default();
    match settings.read() {
        Err(error) => {
            for line in error.to_string().lines() {
                report.bad(line);
            }
        }
        Ok(config) => {
            report.good("settings: complete");
            examine(&config, &mut report).await;
        }
    }
    report.end()
}

async fn examine(config: &Config, report: &mut Report) {
    let file = config.secret_file.display();
    let has_secret = match secret::read(&config.secret_file) {
        Ok(Some(_)) => {
            report.good("secret: readable");
            true
        }
        Ok(None) => false,
        Err(error) => {
            report.bad(&format!("secret: {error:#}"));
            true
        }
    };
    secret_is_private(config, report);
    let database = place(&config.location);
    match Store::open(&config.location).await {
        Ok(store) => {
            report.good(&format!("database: {database} answers, schema up to date"));
            match secret::is_expected(&store).await {
                _ if has_secret => {}
                Ok(false) => report.note(&format!("secret: {file} is made on the first start")),
                Ok(true) => report.bad(&format!("secret: {file} is missing; restore it from a backup")),
                Err(error) => report.bad(&format!("secret: {error}")),
            }
            if let Err(error) = examine_store(&store, report).await {
                report.bad(&format!("database: {database}: {error}"));
            }
            if let Err(error) = accounts(&store, report).await {
                report.bad(&format!("database: {database}: {error}"));
            }
            store.close().await;
        }
        Err(error) => report.bad(&format!("database: {database}: {error} ({})", cause(&error))),
    }
    mail_out(config, report).await;
    for (name, address) in
        [("web.listen", Some(config.web)), ("mail_in.lmtp", config.lmtp), ("mail_in.smtp", config.smtp)]
    {
        if let Some(address) = address {
            listening(name, address, report).await;
        }
    }
    if config.public_url.starts_with("http://") {
        report.note("public_url: without https, sign-in and private links travel in clear");
    }
}

async fn examine_store(store: &Store, report: &mut Report) -> Result<(), store::StoreError> {
    for (name, count) in [
        ("brand", store.brands().await?.len()),
        ("team", store.teams().await?.len()),
        ("inbox", store.inboxes().await?.len()),
        ("user", store.agents().await?.len()),
    ] {
        if count == 0 {
            report.bad(&format!("{name}: none yet; see `suivi admin --help`"));
        } else {
            report.good(&format!("{name}: {count}"));
        }
    }
    let unread = store.unread_letters().await?;
    if unread > 0 {
        report.note(&format!("letters: {unread} wait to be read"));
    }
    Ok(())
}

/// What is known of the mail accounts; each can be tried on the screens.
async fn accounts(store: &Store, report: &mut Report) -> Result<(), store::StoreError> {
    let now = Clock::System.now();
    for account in store.accounts().await? {
        let connection = &account.set_up.connection;
        let name = format!("account: {} on {}", connection.username, connection.host);
        match &account.state.failure {
            Some(words) => report.bad(&format!("{name}: {words}")),
            None if account.state.read_at.is_none() => report.note(&format!("{name}: not read yet")),
            None => report.good(&format!("{name}: answers")),
        }
        let ends_soon = |at: &jiff::Timestamp| at.duration_since(now) < GRANT_WARNING;
        if let Some(at) = account.grant_ends_at.filter(ends_soon) {
            report.bad(&format!("{name}: its access ends at {at}; grant it anew on the accounts page"));
        }
    }
    Ok(())
}

async fn mail_out(config: &Config, report: &mut Report) {
    let Some(settings) = config.mail_out.clone() else { return };
    let place = format!("{}:{}", settings.host, settings.port);
    let checked = match Courier::new(settings) {
        Ok(courier) => courier.check().await,
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => report.good(&format!("mail_out: {place} takes our mails")),
        Err(error) => report.bad(&format!("mail_out: {place}: {error}")),
    }
}

/// A port that is taken may be the desk itself, already running: that is said, not judged.
async fn listening(name: &str, address: SocketAddr, report: &mut Report) {
    match tokio::net::TcpListener::bind(address).await {
        Ok(_) => report.good(&format!("{name}: {address} is free")),
        Err(error) => report.note(&format!("{name}: {address}: {error} (fine if the desk is running)")),
    }
}

#[cfg(unix)]
fn secret_is_private(config: &Config, report: &mut Report) {
    use std::os::unix::fs::PermissionsExt;
    if let Ok(about) = std::fs::metadata(&config.secret_file)
        && about.permissions().mode() & 0o077 != 0
    {
        report.bad(&format!("secret: others may read {}; chmod 600 it", config.secret_file.display()));
    }
}

#[cfg(not(unix))]
fn secret_is_private(_: &Config, _: &mut Report) {}

fn cause(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(next) = deepest.source() {
        deepest = next;
    }
    deepest.to_string()
}

/// Where the database is, without the user and the password of its address.
fn place(location: &Location) -> String {
    match location {
        Location::Folder(folder) => folder.display().to_string(),
        Location::Server { url, .. } => {
            let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
            host.map_or_else(|| "the server of database_url".to_owned(), |host| format!("server {host}"))
        }
    }
}

#[derive(Default)]
struct Report {
    wrong: usize,
    unsaid: Option<std::io::Error>,
}

impl Report {
    fn good(&mut self, line: &str) {
        self.tell("ok   ", line);
    }

    fn note(&mut self, line: &str) {
        self.tell("note ", line);
    }

    fn bad(&mut self, line: &str) {
        self.tell("WRONG", line);
        self.wrong += 1;
    }

    fn tell(&mut self, verdict: &str, line: &str) {
        if let Err(error) = say(format_args!("{verdict} {line}")) {
            self.unsaid = Some(error);
        }
    }

    fn end(self) -> anyhow::Result<()> {
        if let Some(error) = self.unsaid {
            return Err(error.into());
        }
        if self.wrong > 0 {
            bail!("{} to mend", self.wrong);
        }
        say("All is well.")?;
        Ok(())
    }
}
