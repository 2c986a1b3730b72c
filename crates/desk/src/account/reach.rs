//! From what an administrator set up to the settings of IMAP and SMTP, and a trial of each.

use std::time::Duration;

use channels::mail::imap::{self, Checked, ImapFailure, ImapSettings, Timeouts};
use channels::mail::send::{self, Courier, SendFailure, SmtpSettings, Tls};
use store::{AfterReading, MailAccount, OwnSmtp};
use tokio::time::timeout;

use super::Trouble;
use super::login::{Login, login};
use crate::desk::Desk;

/// How often a server that does not tell of new mail is asked.
const POLL_EVERY: Duration = Duration::from_mins(1);
/// Longest wait for an SMTP answer.
const SMTP_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for one answer while somebody waits for the result of a trial, and longest trial of one side: both sides
/// together end before the page itself gives up.
const TRIAL_ANSWER: Duration = Duration::from_secs(8);
const TRIAL_SIDE: Duration = Duration::from_secs(13);

/// Reads the word of a protection.
pub fn tls(word: &str) -> Option<Tls> {
    Some(match word {
        "none" => Tls::None,
        "starttls" => Tls::StartTls,
        "implicit" => Tls::Implicit,
        _ => return None,
    })
}

/// The settings for reading an account.
pub async fn imap_settings(desk: &Desk, account: &MailAccount) -> Result<ImapSettings, Trouble> {
    let set_up = &account.set_up;
    let user = set_up.connection.username.clone();
    let login = match login(desk, account).await? {
        Login::Password(password) => imap::Login::Password { user, password },
        Login::Token(access_token) => imap::Login::XOAuth2 { user, access_token },
    };
    let connection = &set_up.connection;
    let tls = tls(&connection.tls).unwrap_or(Tls::Implicit);
    Ok(ImapSettings {
        host: connection.host.clone(),
        port: connection.port,
        tls,
        login,
        folder: connection.folder.clone(),
        after_reading: match &set_up.after_reading {
            AfterReading::Keep => imap::AfterReading::Keep,
            AfterReading::MarkSeen => imap::AfterReading::MarkSeen,
            AfterReading::MoveTo(folder) => imap::AfterReading::MoveTo(folder.clone()),
            AfterReading::Delete => imap::AfterReading::Delete,
        },
        extra_roots: desk.extra_roots.clone(),
        poll_every: POLL_EVERY,
        timeouts: Timeouts::default(),
    })
}

/// The settings for sending by an account's own server.
pub async fn smtp_settings(
    desk: &Desk,
    account: &MailAccount,
    smtp: &OwnSmtp,
) -> Result<SmtpSettings, Trouble> {
    Ok(SmtpSettings {
        tls: tls(&smtp.tls).unwrap_or(Tls::StartTls),
        extra_roots: desk.extra_roots.clone(),
        login: smtp_login(desk, account).await?,
        timeout: SMTP_TIMEOUT,
        ..SmtpSettings::new(&smtp.host, smtp.port, &desk.hello)
    })
}

/// How an account's own server is logged into, with what holds now.
pub async fn smtp_login(desk: &Desk, account: &MailAccount) -> Result<send::Login, Trouble> {
    let user = account.set_up.connection.username.clone();
    Ok(match login(desk, account).await? {
        Login::Password(password) => send::Login::Password { user, password },
        Login::Token(access_token) => send::Login::XOAuth2 { user, access_token },
    })
}

/// Tries the reading side: logs in and looks into the folder. Changes nothing there.
pub async fn try_reading(desk: &Desk, account: &MailAccount) -> Result<Checked, Trouble> {
    let trial = async {
        let timeouts = Timeouts { connect: TRIAL_ANSWER, command: TRIAL_ANSWER, ..Timeouts::default() };
        let settings = ImapSettings { timeouts, ..imap_settings(desk, account).await? };
        Ok(imap::check(&settings).await?)
    };
    timeout(TRIAL_SIDE, trial).await.unwrap_or(Err(ImapFailure::TooSlow { during: "the trial" }.into()))
}

/// Tries the sending side: logs in and sends nothing.
pub async fn try_sending(desk: &Desk, account: &MailAccount, smtp: &OwnSmtp) -> Result<(), Trouble> {
    let trial = async {
        let settings = SmtpSettings { timeout: TRIAL_ANSWER, ..smtp_settings(desk, account, smtp).await? };
        Ok(Courier::new(settings)?.check().await?)
    };
    let too_slow = || SendFailure::Unreachable { text: "no answer in time".to_owned() };
    timeout(TRIAL_SIDE, trial).await.unwrap_or_else(|_| Err(too_slow().into()))
}
