//! The page of one case, and its timeline alone for live refresh.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use casework::act::Reach;
use casework::write::Upload;
use casework::{Actor, Case, Channel, Hint, Reference, Status, What};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use store::{CasePage as Stored, LinkedCase, Lookup};

use super::super::context::{Here, Signed};
use super::super::trouble::Trouble;
use super::super::{upload, words};
use super::{entries, side};
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::case_page::{CasePage, LinkProposal, LinkReason};
use crate::web::view::composer::{Composer, ComposerKind};
use crate::web::view::frame::CaseView;
use crate::web::view::timeline::CaseTimeline;

/// Entries shown at first; the rest on demand.
const ENTRIES: usize = 200;

/// How a case is looked at.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Asked {
    /// The list the reader came from.
    from: Option<String>,
    /// Set to see the whole timeline.
    all: Option<String>,
}

/// What comes back into the composer when a form was not accepted as it was.
#[derive(Debug, Default)]
pub(in crate::web) struct Draft {
    /// Which form.
    pub kind: ComposerKind,
    /// What was written.
    pub text: String,
    /// The word of the act, so that a second try is still the same act.
    pub act: String,
    /// Why it came back.
    pub problem: Option<String>,
    /// Files that came in with it.
    pub files: Vec<Upload>,
}

/// The case of that reference, if this person may see it.
pub(in crate::web) async fn find(signed: &Signed, reference: &str) -> Result<Case, Trouble> {
    let reference = Reference::parse(reference).ok_or(Trouble::NotFound)?;
    signed.desk.store.find_case(&reference, &signed.agent).await?.ok_or(Trouble::NotFound)
}

/// GET `/cases/{reference}`.
pub(in crate::web) async fn show(
    signed: Signed,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let case = find(&signed, &reference).await?;
    page(&signed, case, &asked, Draft::default()).await
}

/// GET `/cases/{reference}/timeline`.
pub(in crate::web) async fn timeline(
    signed: Signed,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Trouble> {
    let case = find(&signed, &reference).await?;
    let stored = signed.desk.store.case_page(case, Some(&signed.agent)).await?;
    let reader = super::super::context::reader(&signed.desk, &signed.visit, &stored.zone);
    Ok(Html(timeline_of(&stored, &reader, &asked).render()?))
}

/// The page again, with what was being written.
pub(in crate::web) async fn page_with(
    signed: &Signed,
    case: Case,
    draft: Draft,
) -> Result<Html<String>, Trouble> {
    page(signed, case, &Asked::default(), draft).await
}

async fn page(signed: &Signed, case: Case, asked: &Asked, draft: Draft) -> Result<Html<String>, Trouble> {
    let screen = signed.screen(Here::Elsewhere).await?;
    let desk = &signed.desk;
    let stored = desk.store.case_page(case, Some(&signed.agent)).await?;
    let mut conn = desk.store.reader().await?;
    let situation = Lookup(&mut conn).situation(stored.case.clone(), None).await?;
    drop(conn);
    let rules = (situation.policy, situation.calendar);
    let reader = Reader { zone: words::zone(&stored.zone), ..screen.reader };
    let case = &stored.case;
    let is_ours_to_act = case.merged_into.is_none() && case.erased_at.is_none();
    let view = asked.from.as_deref().and_then(CaseView::from_code).unwrap_or_default();
    let subject = subject_or_reference(&stored);
    let reference = case.reference.to_string();
    let page = Page {
        title: subject.clone(),
        brand: stored.brand.clone(),
        here: format!("/cases/{reference}"),
        ..screen.page
    };
    let view = CasePage {
        frame: screen.frame,
        subject,
        status: words::status_of(case),
        nature: words::nature(case.nature),
        customer: side::customer_name(&stored.customer, reader.language),
        act_by: stored.act_by.map(|at| reader.due(at)),
        back_url: format!("/cases?view={}", view.code()),
        proposals: if is_ours_to_act { proposals(&stored) } else { Vec::new() },
        held_since: case.held_since.map(|at| reader.day(at)),
        erased_at: case.erased_at.map(|at| reader.day(at)),
        merged_into: merged_into(&stored),
        is_undelivered: case.undelivered_at.is_some(),
        timeline: timeline_of(&stored, &reader, asked),
        composer: is_ours_to_act.then(|| composer(signed, &stored, situation.reach.as_ref(), draft)),
        side: side::side(&signed.agent, &stored, &rules, &reader),
        reference,
        page,
    };
    Ok(Html(view.render()?))
}

fn subject_or_reference(stored: &Stored) -> String {
    let subject = words::one_line(&stored.subject, 300);
    if subject.is_empty() { stored.case.reference.to_string() } else { subject }
}

fn timeline_of(stored: &Stored, reader: &Reader, asked: &Asked) -> CaseTimeline {
    let reference = &stored.case.reference;
    let mut shown = entries::entries(stored, reader);
    let is_whole = asked.all.is_some();
    let hidden = if is_whole { 0 } else { shown.len().saturating_sub(ENTRIES) };
    shown.drain(..hidden);
    let query = if is_whole { "?all=1" } else { "" };
    CaseTimeline {
        lang: reader.language,
        reference: reference.to_string(),
        seen: stored.case.seq.to_string(),
        refresh_url: format!("/cases/{reference}/timeline{query}"),
        entries: shown,
        earlier_url: (hidden > 0).then(|| format!("/cases/{reference}?all=1")),
    }
}

/// Who an answer goes to: the address, or the customer on their private page alone.
fn recipient(stored: &Stored, reach: &Reach) -> (String, bool) {
    let known = stored.customer.identities.iter().find(|known| known.id == reach.to);
    let address = known.map(|known| known.address.as_str()).or_else(|| {
        let written = stored.messages.iter().find(|m| m.message.identity == Some(reach.to));
        written.and_then(|m| m.address.as_deref())
    });
    let address = address.unwrap_or_default();
    let name = stored.customer.name.as_deref().unwrap_or_default();
    match reach.by {
        Channel::Mail if name.is_empty() => (address.to_owned(), false),
        Channel::Mail => (format!("{name} <{address}>"), false),
        _ => (words::name_or(Some(name), address).to_owned(), true),
    }
}

fn composer(signed: &Signed, stored: &Stored, reach: Option<&Reach>, draft: Draft) -> Composer {
    let case = &stored.case;
    let (to, is_page_only) = reach.map(|reach| recipient(stored, reach)).unwrap_or_default();
    let new_act = || HEXLOWER.encode(&signed.desk.chance.bytes()[..16]);
    Composer {
        kind: draft.kind,
        to,
        act: if draft.act.is_empty() { new_act() } else { draft.act },
        seen: case.seq.to_string(),
        text: draft.text,
        kept: upload::kept(&signed.desk, &draft.files),
        problem: draft.problem,
        can_reply: reach.is_some(),
        is_page_only,
        can_propose: case.status != Status::Closed,
    }
}

/// The case that goes on in this one's place; without its reference when the reader may not see it.
fn merged_into(stored: &Stored) -> Option<String> {
    let other = stored.case.merged_into?;
    let linked = stored.linked.iter().find(|linked| linked.id == other);
    Some(linked.map(|linked| linked.reference.to_string()).unwrap_or_default())
}

/// Other cases that this one may belong with, as the desk noticed.
fn proposals(stored: &Stored) -> Vec<LinkProposal> {
    let hints = stored.events.iter().filter_map(|event| match (&event.what, event.actor) {
        (What::LinkProposed { other, hint }, Actor::Desk) => Some((*other, *hint)),
        _ => None,
    });
    let known = hints.filter_map(|(other, hint)| Some((stored.linked.iter().find(|l| l.id == other)?, hint)));
    let mut proposals: Vec<LinkProposal> = Vec::new();
    for (linked, hint) in known {
        let proposal = proposal(stored, linked, hint);
        if !proposals.iter().any(|known| known.reference == proposal.reference) {
            proposals.push(proposal);
        }
    }
    proposals
}

fn proposal(stored: &Stored, linked: &LinkedCase, hint: Hint) -> LinkProposal {
    let reference = linked.reference.to_string();
    let other = stored.other_cases.iter().find(|other| other.id == linked.id);
    LinkProposal {
        subject: other.map_or_else(|| reference.clone(), |other| words::one_line(&other.subject, 120)),
        reference,
        why: match hint {
            Hint::Reference => LinkReason::QuotesReference,
            Hint::ChainByStranger => LinkReason::AnswersByStranger,
            Hint::SignedAddressByStranger => LinkReason::AddressByStranger,
            Hint::Alike => LinkReason::SameSubject,
            Hint::LongClosed => LinkReason::LongClosed,
            Hint::ForgedSender => LinkReason::ForgedSender,
        },
    }
}
