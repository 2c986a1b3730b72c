//! Letters kept aside: each with its reason, as it came, and the way back into the desk.

use askama::Template;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{LetterId, Role};
use store::KeptLetter;
use uuid::Uuid;

use super::context::{Here, Signed};
use super::mail;
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use super::words::one_line;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::frame::Place;
use crate::web::view::letters::{KeptReason, Letter, Letters};

/// Letters shown.
const SHOWN_MAX: u32 = 100;

/// GET `/letters`.
pub(super) async fn list(signed: Signed) -> Result<Html<String>, Trouble> {
    let agent = &signed.agent;
    let kept = signed.desk.store.aside_letters(agent.id, agent.role == Role::Admin, SHOWN_MAX).await?;
    let screen = signed.screen(Here::Place(Place::Letters)).await?;
    let page = Page { title: Place::Letters.words(signed.visit.language), ..screen.page };
    let letters = kept.iter().map(|letter| line(letter, &screen.reader)).collect();
    Ok(Html(Letters { page, frame: screen.frame, letters, next_url: None }.render()?))
}

/// GET `/letters/{letter}/letter.eml`.
pub(super) async fn raw(signed: Signed, Path(letter): Path<Uuid>) -> Result<Response, Trouble> {
    let agent = &signed.agent;
    let is_everywhere = agent.role == Role::Admin;
    let bytes = signed.desk.store.aside_letter(LetterId(letter), agent.id, is_everywhere).await?;
    Ok(mail::raw(bytes.ok_or(Trouble::NotFound)?, "letter.eml"))
}

/// POST `/letters/{letter}/replays`.
pub(super) async fn replay(signed: Signed, Path(letter): Path<Uuid>) -> Result<Response, Trouble> {
    let (desk, agent) = (&signed.desk, &signed.agent);
    let is_everywhere = agent.role == Role::Admin;
    if !desk.store.insist_on_letter(LetterId(letter), agent.id, is_everywhere).await? {
        return Err(Trouble::NotFound);
    }
    desk.letter_came.notify_one();
    let mut response = Redirect::to("/letters").into_response();
    set_cookie(&mut response, &flash(desk, "done-replay"));
    Ok(response)
}

fn line(letter: &KeptLetter, reader: &Reader) -> Letter {
    let (read, _) = channels::mail::read::read(&letter.head, "");
    let from = read.from.map_or_else(|| letter.sender.clone(), |from| from.address);
    Letter {
        id: letter.id.to_string(),
        from: one_line(&from, 254),
        subject: one_line(&read.subject, 120),
        received_at: reader.ago(letter.received_at),
        reason: reason(&letter.reason),
        raw_url: format!("/letters/{}/letter.eml", letter.id),
    }
}

/// The reason behind a word of `AsideReason`.
fn reason(word: &str) -> KeptReason {
    use casework::decision::AsideReason;
    match AsideReason::parse(word) {
        Some(AsideReason::Bounce) => KeptReason::Bounce,
        Some(AsideReason::AutomaticReply) => KeptReason::Automatic,
        Some(AsideReason::List) => KeptReason::List,
        Some(AsideReason::Receipt) => KeptReason::Receipt,
        Some(AsideReason::Invitation) => KeptReason::Invitation,
        Some(AsideReason::OwnLoop) => KeptReason::Loop,
        Some(AsideReason::NoSender) => KeptReason::NoSender,
        Some(AsideReason::Unreadable) | None => KeptReason::Unreadable,
    }
}
