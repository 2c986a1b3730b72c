//! The demonstration's postbox: the mails that would have left, for whoever plays the customer.

use askama::Template;
use axum::extract::Path;
use axum::response::{Html, Response};
use casework::Inbound;
use store::PostboxMail as Stored;
use text::html::RemoteImages;
use uuid::Uuid;

use super::context::{Anyone, Here};
use super::files::aside;
use super::mail;
use super::trouble::Trouble;
use super::words::one_line;
use crate::web::page::Page;
use crate::web::view::frame::Place;
use crate::web::view::postbox::{Postbox, PostboxLine, PostboxMail};

/// Mails shown.
const SHOWN_MAX: u32 = 50;
/// Links of one mail that are shown.
const LINKS_MAX: usize = 5;

/// GET `/postbox`.
pub(super) async fn list(anyone: Anyone) -> Result<Html<String>, Trouble> {
    let mails = anyone.desk.store.postbox(SHOWN_MAX).await?;
    let screen = anyone.screen(Here::Place(Place::Postbox)).await?;
    let page = Page { title: Place::Postbox.words(anyone.visit.language), ..screen.page };
    let line = |stored: &Stored| {
        let inbound = read(stored);
        PostboxLine {
            url: format!("/postbox/{}", stored.id),
            to: stored.recipient.clone(),
            subject: one_line(&inbound.subject, 120),
            excerpt: one_line(&inbound.text, 160),
            at: screen.reader.ago(stored.at),
        }
    };
    let mails = mails.iter().map(line).collect();
    Ok(Html(Postbox { page, frame: screen.frame, mails, next_url: None }.render()?))
}

/// GET `/postbox/{mail}`.
pub(super) async fn show(anyone: Anyone, Path(id): Path<Uuid>) -> Result<Html<String>, Trouble> {
    let stored = find(&anyone, id).await?;
    let screen = anyone.screen(Here::Place(Place::Postbox)).await?;
    let inbound = read(&stored);
    let subject = one_line(&inbound.subject, 200);
    let view = PostboxMail {
        page: Page { title: subject.clone(), ..screen.page },
        frame: screen.frame,
        at: screen.reader.at(stored.at),
        headers: headers(&anyone, &stored, &inbound),
        html_url: inbound.html.is_some().then(|| format!("/postbox/{id}/html")),
        raw_url: format!("/postbox/{id}/mail.eml"),
        links: links(&inbound.text, &anyone.desk.public_url),
        text: inbound.text,
        subject,
    };
    Ok(Html(view.render()?))
}

/// GET `/postbox/{mail}/html`.
pub(super) async fn html(anyone: Anyone, Path(id): Path<Uuid>) -> Result<Response, Trouble> {
    let stored = find(&anyone, id).await?;
    let language = anyone.visit.language;
    aside(move || Some(mail::document(&read(&stored).html?, &stored.bytes, RemoteImages::Blocked, language)))
        .await
}

/// GET `/postbox/{mail}/mail.eml`.
pub(super) async fn raw(anyone: Anyone, Path(id): Path<Uuid>) -> Result<Response, Trouble> {
    Ok(mail::raw(find(&anyone, id).await?.bytes, "mail.eml"))
}

async fn find(anyone: &Anyone, id: Uuid) -> Result<Stored, Trouble> {
    anyone.desk.store.postbox_mail(id).await?.ok_or(Trouble::NotFound)
}

fn read(stored: &Stored) -> Inbound {
    channels::mail::read::read(&stored.bytes, "").0
}

fn headers(anyone: &Anyone, stored: &Stored, inbound: &Inbound) -> Vec<(String, String)> {
    let address = |mailbox: &Option<casework::Mailbox>| mailbox.as_ref().map(|m| m.address.clone());
    let lines = [
        ("postbox-from", address(&inbound.from)),
        ("postbox-to", Some(stored.recipient.clone())),
        ("postbox-reply-to", address(&inbound.reply_to)),
        ("postbox-message-id", inbound.message_id.clone()),
    ];
    let named = lines.into_iter().filter_map(|(key, value)| Some((anyone.visit.language.t(key), value?)));
    named.collect()
}

/// The links of a text that lead to this desk, each once.
fn links(text: &str, public_url: &str) -> Vec<String> {
    let prefix = format!("{public_url}/");
    let mut links: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')')) {
        let link = word.trim_end_matches(['.', ',', ';']);
        if link.starts_with(&prefix) && links.len() < LINKS_MAX && !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
        }
    }
    links
}
