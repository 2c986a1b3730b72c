//! Letters kept aside, on three shelves: junk, what could not be understood, what machines wrote. Each with its reason, as
//! it came, and the way back into the desk. Rules about senders are made here too.

use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::decision::AsideReason;
use casework::inbound::Automatic;
use casework::intake::JunkRule;
use casework::{BrandId, LetterId, Mint as _, Role};
use jiff::Timestamp;
use serde::Deserialize;
use store::{JunkField, KeptLetter, StoredJunkRule};
use uuid::Uuid;

use super::context::{Here, Signed};
use super::cursor;
use super::mail;
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use super::words::one_line;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::frame::Place;
use crate::web::view::letters::{JunkRuleLine, KeptReason, Letter, Letters, RuleField, Shelf, ShelfLink};

/// Longest pattern of a rule, in bytes.
const PATTERN_BYTES_MAX: usize = 254;
/// Letters a page.
const SHOWN_MAX: u32 = 50;

/// How the letters are looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    shelf: Option<String>,
    /// The last letter of the page before.
    after: Option<String>,
}

/// GET `/letters`.
pub(super) async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let agent = &signed.agent;
    let who = (agent.id, agent.role == Role::Admin);
    let store = &signed.desk.store;
    let counts = store.aside_counts(who.0, who.1).await?;
    let shelf = asked.shelf.as_deref().and_then(Shelf::from_code).unwrap_or_else(|| first_filled(&counts));
    let before = asked
        .after
        .as_deref()
        .and_then(cursor::read)
        .and_then(|(key, id)| Some((Timestamp::from_microsecond(key).ok()?, LetterId(id))));
    let kept = store.aside_letters(who, reasons(shelf), before, SHOWN_MAX + 1).await?;
    let screen = signed.screen(Here::Place(Place::Letters)).await?;
    let page = Page { title: Place::Letters.words(signed.visit.language), ..screen.page };
    let shown = &kept[..kept.len().min(SHOWN_MAX as usize)];
    let next_url = shown.last().filter(|_| kept.len() > shown.len()).map(|last| {
        let after = cursor::write(last.received_at.as_microsecond(), last.id.0);
        format!("/letters?shelf={}&after={after}", shelf.code())
    });
    let mark = signed.desk.mark();
    let view = Letters {
        frame: screen.frame,
        shelves: shelves(&counts, shelf),
        shelf,
        letters: shown.iter().map(|letter| line(letter, &mark, &screen.reader)).collect(),
        next_url,
        rules: rules(&signed).await?,
        page,
    };
    Ok(Html(view.render()?))
}

/// The first shelf with something on it.
fn first_filled(counts: &[(AsideReason, u32)]) -> Shelf {
    let is_filled = |shelf: &Shelf| counts.iter().any(|(reason, _)| reasons(*shelf).contains(reason));
    Shelf::ALL.into_iter().find(is_filled).unwrap_or_default()
}

fn shelves(counts: &[(AsideReason, u32)], current: Shelf) -> Vec<ShelfLink> {
    let count = |shelf: Shelf| {
        counts.iter().filter(|(reason, _)| reasons(shelf).contains(reason)).map(|(_, n)| n).sum()
    };
    let link = |shelf| ShelfLink { shelf, count: count(shelf), is_current: shelf == current };
    Shelf::ALL.into_iter().map(link).collect()
}

/// What lies on a shelf.
fn reasons(shelf: Shelf) -> &'static [AsideReason] {
    match shelf {
        Shelf::Junk => &[AsideReason::Junk, AsideReason::Forged],
        Shelf::Quarantine => &[AsideReason::Unreadable, AsideReason::NoSender],
        Shelf::Machines => &[
            AsideReason::Bounce,
            AsideReason::AutomaticReply,
            AsideReason::List,
            AsideReason::Receipt,
            AsideReason::Invitation,
            AsideReason::OwnLoop,
        ],
    }
}

/// The rules of the brands this person works for.
async fn rules(signed: &Signed) -> Result<Vec<JunkRuleLine>, Trouble> {
    let mut lines = Vec::new();
    for brand in brands_of(signed).await? {
        for rule in signed.desk.store.junk_rules(brand).await? {
            lines.push(JunkRuleLine {
                id: format!("{}/{}", brand.0, rule.id),
                pattern: rule.pattern,
                field: match rule.field {
                    JunkField::Address => RuleField::Address,
                    JunkField::Domain => RuleField::Domain,
                    JunkField::Subject => RuleField::Subject,
                },
                is_junk: rule.verdict == JunkRule::Junk,
            });
        }
    }
    Ok(lines)
}

async fn brands_of(signed: &Signed) -> Result<Vec<BrandId>, Trouble> {
    if signed.agent.role == Role::Admin {
        return Ok(signed.desk.store.brands().await?.iter().map(|brand| brand.id).collect());
    }
    let mut brands: Vec<BrandId> = signed.agent.teams.iter().map(|(brand, _)| *brand).collect();
    brands.sort_unstable();
    brands.dedup();
    Ok(brands)
}

/// GET `/letters/{letter}/letter.eml`.
pub(super) async fn raw(signed: Signed, Path(letter): Path<Uuid>) -> Result<Response, Trouble> {
    let agent = &signed.agent;
    let is_everywhere = agent.role == Role::Admin;
    let bytes = signed.desk.store.aside_letter(LetterId(letter), agent.id, is_everywhere).await?;
    Ok(mail::raw(bytes.ok_or(Trouble::NotFound)?, "letter.eml"))
}

/// What a person says of a letter kept aside.
#[derive(Debug, Deserialize)]
pub(super) struct Replayed {
    /// Set when this sender is never to be taken for junk again.
    #[serde(default)]
    accept: String,
}

/// POST `/letters/{letter}/replays`.
pub(super) async fn replay(
    signed: Signed,
    Path(letter): Path<Uuid>,
    Form(replayed): Form<Replayed>,
) -> Result<Response, Trouble> {
    let (desk, agent) = (&signed.desk, &signed.agent);
    let is_everywhere = agent.role == Role::Admin;
    let address = replayed.accept.trim().to_lowercase();
    if address.contains('@') && address.len() <= PATTERN_BYTES_MAX {
        let brands = brands_of(&signed).await?;
        let kept = desk.store.aside_brand(LetterId(letter)).await?;
        if let Some(brand) = kept.filter(|brand| brands.contains(brand)) {
            set_rule(&signed, brand, (JunkRule::Accept, JunkField::Address), &address).await?;
        }
    }
    if !desk.store.insist_on_letter(LetterId(letter), agent.id, is_everywhere).await? {
        return Err(Trouble::NotFound);
    }
    desk.letter_came.notify_one();
    Ok(back(&signed, "done-replay"))
}

/// A rule about senders or subjects.
#[derive(Debug, Deserialize)]
pub(super) struct NewRule {
    #[serde(default)]
    pattern: String,
    #[serde(default)]
    verdict: String,
}

/// POST `/letters/rules`. A rule holds for every brand its maker works for.
pub(super) async fn add_rule(signed: Signed, Form(new): Form<NewRule>) -> Result<Response, Trouble> {
    let verdict = JunkRule::parse(&new.verdict).ok_or(Trouble::Unreadable)?;
    let pattern: String = new.pattern.trim().to_lowercase().chars().filter(|c| !c.is_control()).collect();
    if pattern.is_empty() || pattern.len() > PATTERN_BYTES_MAX {
        return Err(Trouble::Unreadable);
    }
    let (field, pattern) = field_of(&pattern);
    if field.is_too_short(pattern) {
        return Err(Trouble::Unreadable);
    }
    for brand in brands_of(&signed).await? {
        set_rule(&signed, brand, (verdict, field), pattern).await?;
    }
    Ok(back(&signed, "done-rule"))
}

/// POST `/letters/rules/{brand}/{rule}/removal`.
pub(super) async fn remove_rule(
    signed: Signed,
    Path((brand, rule)): Path<(i64, Uuid)>,
) -> Result<Response, Trouble> {
    let brand = BrandId(brand);
    let is_theirs = brands_of(&signed).await?.contains(&brand);
    if !is_theirs || !signed.desk.store.remove_junk_rule(brand, rule).await? {
        return Err(Trouble::NotFound);
    }
    Ok(back(&signed, "done-rule-removed"))
}

/// What somebody typed is an address, a domain (`@promo.example` or `promo.example`), or else words of a subject.
fn field_of(pattern: &str) -> (JunkField, &str) {
    let is_host = |text: &str| {
        text.contains('.') && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
    };
    match pattern.split_once('@') {
        Some(("", domain)) if is_host(domain) => (JunkField::Domain, domain),
        Some((local, domain)) if !local.contains(' ') && is_host(domain) => (JunkField::Address, pattern),
        None if is_host(pattern) => (JunkField::Domain, pattern),
        _ => (JunkField::Subject, pattern),
    }
}

async fn set_rule(
    signed: &Signed,
    brand: BrandId,
    (verdict, field): (JunkRule, JunkField),
    pattern: &str,
) -> Result<(), Trouble> {
    let id = signed.desk.mint().uuid();
    let rule = StoredJunkRule { id, brand, verdict, field, pattern: pattern.to_owned() };
    Ok(signed.desk.store.set_junk_rule(rule, signed.desk.clock.now()).await?)
}

fn back(signed: &Signed, word: &str) -> Response {
    let mut response = Redirect::to("/letters").into_response();
    set_cookie(&mut response, &flash(&signed.desk, word));
    response
}

fn line(letter: &KeptLetter, own_mark: &str, reader: &Reader) -> Letter {
    let (read, _) = channels::mail::read::read(&letter.head, own_mark);
    let from = read.from.map_or_else(|| letter.sender.clone(), |from| from.address);
    let mark = read.junk.filter(|_| letter.reason == AsideReason::Junk.as_str());
    Letter {
        id: letter.id.to_string(),
        can_open: read.automatic != Some(Automatic::OwnLoop),
        can_accept: letter.reason == AsideReason::Junk.as_str() && from.contains('@'),
        detail: mark.map(|mark| mark_words(&mark)).unwrap_or_default(),
        from: one_line(&from, 254),
        subject: one_line(&read.subject, 120),
        received_at: reader.ago(letter.received_at),
        reason: reason(&letter.reason),
        raw_url: format!("/letters/{}/letter.eml", letter.id),
    }
}

/// What the filter before us said: "X-Spam-Status 9.7".
fn mark_words(mark: &casework::inbound::JunkMark) -> String {
    match mark.score_tenths {
        Some(tenths) => format!("{} {}.{}", mark.field, tenths / 10, (tenths % 10).abs()),
        None => mark.field.clone(),
    }
}

/// The reason behind a word of `AsideReason`.
fn reason(word: &str) -> KeptReason {
    match AsideReason::parse(word) {
        Some(AsideReason::Bounce) => KeptReason::Bounce,
        Some(AsideReason::AutomaticReply) => KeptReason::Automatic,
        Some(AsideReason::List) => KeptReason::List,
        Some(AsideReason::Receipt) => KeptReason::Receipt,
        Some(AsideReason::Invitation) => KeptReason::Invitation,
        Some(AsideReason::OwnLoop) => KeptReason::Loop,
        Some(AsideReason::Junk) => KeptReason::Junk,
        Some(AsideReason::Forged) => KeptReason::Forged,
        Some(AsideReason::NoSender) => KeptReason::NoSender,
        Some(AsideReason::Unreadable) | None => KeptReason::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_an_address_a_domain_or_words() {
        for (typed, field, pattern) in [
            ("luc@promo.example", JunkField::Address, "luc@promo.example"),
            ("@promo.example", JunkField::Domain, "promo.example"),
            ("promo.example", JunkField::Domain, "promo.example"),
            ("gagnez un téléphone", JunkField::Subject, "gagnez un téléphone"),
            ("100 % remboursé", JunkField::Subject, "100 % remboursé"),
            ("contactez luc@promo.example", JunkField::Subject, "contactez luc@promo.example"),
            ("urgent", JunkField::Subject, "urgent"),
        ] {
            assert_eq!(field_of(typed), (field, pattern), "{typed}");
        }
    }
}
