//! From an open line to a server that knows us: protection, abilities, name and secret. No folders here.

use std::collections::BTreeSet;

use data_encoding::BASE64;

use super::answer::{Answer, Said, Status, capabilities};
use super::conversation::Conversation;
use super::failure::ImapFailure;
use super::folder::quote;
use super::limits::CAPABILITIES_MAX;
use super::settings::{ImapSettings, Login};
use crate::mail::oauth::{xoauth2, xoauth2_refusal};
use crate::mail::send::Tls;
use crate::mail::sentence::one_line;

/// What the server can do, upper case.
pub(super) type Capabilities = BTreeSet<String>;

/// Connects, protects the line as the settings ask, and logs in.
pub(super) async fn enter(settings: &ImapSettings) -> Result<(Conversation, Capabilities), ImapFailure> {
    let (mut conversation, greeting) = Conversation::open(settings).await?;
    if settings.tls == Tls::StartTls {
        // Somebody in the middle could keep us from TLS by saying that we are logged in already (RFC 3501 6.2.1).
        if greeting.status == Status::PreAuth {
            return Err(ImapFailure::tls("the server skips the login, so that STARTTLS is not possible"));
        }
        if !ask_capabilities(&mut conversation).await?.contains("STARTTLS") {
            return Err(ImapFailure::tls("the server offers no STARTTLS"));
        }
        conversation = conversation.protect(settings).await?;
    }
    if greeting.status != Status::PreAuth {
        let offered = ask_capabilities(&mut conversation).await?;
        log_in(&mut conversation, &settings.login, &offered).await?;
    }
    // Servers tell most of what they can do only to those they know.
    let capabilities = ask_capabilities(&mut conversation).await?;
    Ok((conversation, capabilities))
}

async fn ask_capabilities(conversation: &mut Conversation) -> Result<Capabilities, ImapFailure> {
    let mut found = Capabilities::new();
    let mut add = |words: Vec<String>| {
        found.extend(words);
        while found.len() > CAPABILITIES_MAX {
            found.pop_last();
        }
    };
    let said = conversation
        .command("CAPABILITY", |answer| match answer {
            Answer::Capabilities(words) => add(words),
            Answer::Status(said) if said.code.starts_with("CAPABILITY ") => add(capabilities(&said.code)),
            _ => {}
        })
        .await?;
    if said.status == Status::Ok { Ok(found) } else { Err(ImapFailure::refused(&said.text)) }
}

async fn log_in(
    conversation: &mut Conversation,
    login: &Login,
    offered: &Capabilities,
) -> Result<(), ImapFailure> {
    let said = match login {
        Login::Password { user, password } => with_password(conversation, user, password, offered).await?,
        Login::XOAuth2 { user, access_token } => {
            if !offered.contains("AUTH=XOAUTH2") {
                return Err(no_login("the server offers no XOAUTH2"));
            }
            with_token(conversation, user, access_token).await?
        }
    };
    if said.status == Status::Ok { Ok(()) } else { Err(refusal(&said)) }
}

async fn with_password(
    conversation: &mut Conversation,
    user: &str,
    password: &str,
    offered: &Capabilities,
) -> Result<Said, ImapFailure> {
    if [user, password].iter().any(|text| text.contains(['\r', '\n', '\0'])) {
        return Err(no_login("name or password have characters that cannot be sent"));
    }
    if offered.contains("AUTH=PLAIN") {
        let reply = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        return Ok(conversation.dialogue("AUTHENTICATE PLAIN", &[reply]).await?.0);
    }
    if offered.contains("LOGINDISABLED") {
        return Err(no_login("the server takes no password on this line; it may want TLS"));
    }
    conversation.command(&format!("LOGIN {} {}", quote(user), quote(password)), |_| ()).await
}

async fn with_token(
    conversation: &mut Conversation,
    user: &str,
    access_token: &str,
) -> Result<Said, ImapFailure> {
    let reply = BASE64.encode(xoauth2(user, access_token).as_bytes());
    // A server that refuses says why in a second question, and ends after an empty answer.
    let (mut said, question) = conversation.dialogue("AUTHENTICATE XOAUTH2", &[reply]).await?;
    if let Some(status) = xoauth2_refusal(&question) {
        said.text = one_line(&format!("{} (status {status})", said.text));
    }
    Ok(said)
}

fn no_login(text: &str) -> ImapFailure {
    ImapFailure::WrongLogin { text: text.to_owned() }
}

/// Most refusals are for a person, but a server that is busy says no as well (RFC 5530 3; Gmail says it in words).
fn refusal(said: &Said) -> ImapFailure {
    let code = said.code.split(' ').next().unwrap_or_default();
    let is_busy = matches!(code, "UNAVAILABLE" | "INUSE" | "LIMIT" | "OVERQUOTA" | "SERVERBUG");
    let is_clear =
        matches!(code, "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED" | "CONTACTADMIN");
    let text = said.text.to_lowercase();
    let sounds_busy = ["too many", "try again", "temporar"].iter().any(|words| text.contains(words));
    if is_busy || (sounds_busy && !is_clear) {
        ImapFailure::refused(&said.text)
    } else {
        ImapFailure::WrongLogin { text: one_line(&said.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_server_is_no_wrong_login() {
        for (code, text, is_lasting) in [
            ("AUTHENTICATIONFAILED", "Authentication failed.", true),
            ("", "LOGIN failed.", true),
            ("ALERT", "Please log in via your web browser", true),
            ("UNAVAILABLE", "Temporary authentication failure.", false),
            ("ALERT", "Too many simultaneous connections. (Failure)", false),
            ("AUTHENTICATIONFAILED", "Wrong password, try again", true),
            ("LIMIT", "", false),
        ] {
            let said = Said { status: Status::No, code: code.to_owned(), text: text.to_owned() };
            assert_eq!(refusal(&said).is_lasting(), is_lasting, "{code} {text}");
        }
    }
}
