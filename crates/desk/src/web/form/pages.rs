//! The pages of a public form: the form itself, what was filled in to be read once more, and what happens next.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use store::Lookup;

use super::super::bare;
use super::super::context::{Anyone, ByLink, reader};
use super::super::headers::MayBeFramed;
use super::super::trouble::Trouble;
use super::super::upload::{self, Handed};
use super::super::visit::Visit;
use super::super::words::one_line;
use super::advice;
use super::answers::{Answers, Problem, WISHES, wish_key};
use super::definition::{Found, find};
use super::stamp::Stamp;
use crate::auth::form::Basis;
use crate::auth::session;
use crate::desk::Desk;
use crate::forms::{Ask, Question};
use crate::seal;
use crate::web::language::Language;
use crate::web::page::{CONTENT_SECURITY_POLICY, Page};
use crate::web::view::Reader;
use crate::web::view::form::{Filled, FormPage, FormSent, Review};

/// How a form is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// Set where it stands inside a page of another site.
    pub embed: String,
    /// `fr` or `en`, chosen by that page.
    pub lang: String,
    /// The token of a draft.
    pub draft: String,
    /// An order or contract that the other page knows already.
    reference: String,
    /// The same for the product.
    product: String,
}

/// GET `/f/{brand}/{form}`.
pub(in crate::web) async fn show(
    anyone: Anyone,
    Path((brand, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let found = find(&anyone.desk, &brand, &slug).await?;
    let drafted = drafted(&anyone.desk, &found, &asked.draft).await?;
    let is_draft_lost = !asked.draft.is_empty() && drafted.is_none();
    let known =
        Answers { reference: asked.reference.clone(), product: asked.product.clone(), ..Answers::default() };
    let scene = Scene::new(&anyone.desk, &anyone.visit, &found, &asked).await?;
    let notice = match (is_draft_lost, drafted.is_some()) {
        (true, _) => Some("form-draft-lost"),
        (_, true) => Some("form-draft-kept"),
        _ => None,
    };
    let answers = drafted.unwrap_or(known).bounded();
    scene.form(&Stamp::new(&anyone.desk), &answers, &[], (notice, &asked.draft))
}

/// What a draft holds.
async fn drafted(desk: &Desk, found: &Found, token: &str) -> Result<Option<Answers>, Trouble> {
    if token.is_empty() || token.len() > 100 {
        return Ok(None);
    }
    let hash = session::hash_of(token);
    let sealed = desk.store.draft(hash, found.form.id, desk.clock.now()).await?;
    let opened = sealed.and_then(|sealed| seal::open(&desk.secret, DRAFT_PLACE, &sealed).ok());
    Ok(opened.and_then(|json| serde_json::from_slice(&json).ok()))
}

/// Where drafts are sealed.
pub(super) const DRAFT_PLACE: &str = "form/draft";

/// A form as it is shown to somebody.
pub(super) struct Scene<'a> {
    desk: &'a Desk,
    pub found: &'a Found,
    pub language: Language,
    reader: Reader,
    visit: Visit,
    pub is_embedded: bool,
    reply_by: Option<Timestamp>,
    /// Files that came with the form.
    pub handed: Handed,
}

impl<'a> Scene<'a> {
    pub async fn new(
        desk: &'a Desk,
        visit: &Visit,
        found: &'a Found,
        asked: &Asked,
    ) -> Result<Self, Trouble> {
        let language = Language::from_code(&asked.lang).unwrap_or(visit.language);
        let visit = Visit { language, ..visit.clone() };
        let reader = reader(desk, &visit, &found.brand.zone);
        let mut conn = desk.store.reader().await?;
        let (policy, calendar) = Lookup(&mut conn).team_rules(found.brand.id, found.inbox.team).await?;
        let reply_by = calendar.add_open(reader.now, policy.first_reply).ok();
        let is_embedded = !asked.embed.is_empty() && !found.body.embeds.is_empty();
        let handed = Handed::default();
        Ok(Self { desk, found, language, reader, visit, is_embedded, reply_by, handed })
    }

    /// The form, with what was filled in and what is wrong with it.
    pub fn form(
        &self,
        stamp: &Stamp,
        answers: &Answers,
        problems: &[Problem],
        (notice, draft): (Option<&str>, &str),
    ) -> Result<Response, Trouble> {
        let view = FormPage {
            path: self.path(),
            stamp: stamp.text.clone(),
            draft: draft.to_owned(),
            intro: self.found.body.intro.of(self.language.code()).to_owned(),
            conditions: self.conditions(),
            questions: self.questions(),
            filled: filled(answers),
            wishes: WISHES.iter().map(|wish| (*wish, self.language.t(wish_key(wish)))).collect(),
            problems: self.told(problems),
            kept: upload::kept(self.desk, &self.handed.files),
            notice: notice.map(|key| self.language.t(key)),
            is_embedded: self.is_embedded,
            latest: self.reader.now.to_zoned(self.reader.zone.clone()).date().to_string(),
            page: self.page(Basis::Stamp(&stamp.text)),
        };
        let status = if view.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Ok(self.answer(status, view.render()?))
    }

    /// What was filled in, to be read once more before it is sent.
    pub fn review(
        &self,
        stamp: &Stamp,
        answers: &Answers,
        draft: &str,
        doubt: Option<String>,
    ) -> Result<Response, Trouble> {
        let view = Review {
            path: self.path(),
            stamp: stamp.text.clone(),
            draft: draft.to_owned(),
            lines: answers.lines(self.language),
            reach: [&answers.name, &answers.email, &answers.phone]
                .into_iter()
                .filter(|part| !part.is_empty())
                .cloned()
                .collect(),
            hints: advice::hints(answers).into_iter().map(|key| self.language.t(key)).collect(),
            conditions: self.conditions(),
            filled: filled(answers),
            kept: upload::kept(self.desk, &self.handed.files),
            is_embedded: self.is_embedded,
            page: self.page(Basis::Stamp(&stamp.text)),
            problem: doubt,
        };
        let status = if view.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok(self.answer(status, view.render()?))
    }

    /// What is wrong, in words, by field.
    fn told(&self, problems: &[Problem]) -> HashMap<String, String> {
        let fields = problems.iter().map(|(field, key)| ((*field).to_owned(), self.language.t(key)));
        let files = self.handed.problem.iter().map(|why| ("files".to_owned(), why.words(self.language)));
        fields.chain(files).collect()
    }

    /// The path of the form, and what keeps it in its frame and language.
    fn path(&self) -> String {
        let path = self.found.path();
        if self.is_embedded { format!("{path}?embed=1&lang={}", self.language.code()) } else { path }
    }

    /// Which delays and conditions apply: what the team's clock says of a message that comes now, and the form's own.
    fn conditions(&self) -> Vec<String> {
        let by = self
            .reply_by
            .map(|at| self.language.ta("form-reply-by", [("at", self.reader.at(at).words.into())]));
        let own = self.found.body.conditions.of(self.language.code());
        let own = own.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        by.into_iter().chain(own).collect()
    }

    /// Each question that is asked, and whether it must be answered.
    fn questions(&self) -> Vec<(&'static str, bool)> {
        let asked = Question::ALL.into_iter().map(|question| (question, self.found.body.ask(question)));
        let asked = asked.filter(|(_, ask)| *ask != Ask::Hidden);
        asked.map(|(question, ask)| (question.code(), ask == Ask::Required)).collect()
    }

    fn page(&self, basis: Basis<'_>) -> Page {
        let title = self.found.body.title.of(self.language.code()).trim().to_owned();
        Page {
            title: if title.is_empty() { self.language.t("form-title") } else { title },
            brand: self.found.brand.name.clone(),
            ..bare::page(self.desk, &self.visit, basis)
        }
    }

    /// The page, which only the sites that the form names may frame.
    fn answer(&self, status: StatusCode, html: String) -> Response {
        let mut response = (status, Html(html)).into_response();
        if self.is_embedded {
            frame(&mut response, &self.found.body.embeds);
        }
        response
    }
}

/// Lets these sites show the answer inside their pages.
fn frame(response: &mut Response, embeds: &[String]) {
    let ancestors = format!("frame-ancestors 'self' {}", embeds.join(" "));
    let policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", &ancestors);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
        response.extensions_mut().insert(MayBeFramed);
    }
}

fn filled(answers: &Answers) -> Filled {
    let Answers { what, reference, product, when, tried, wanted, wanted_more, by_when, name, email, phone } =
        answers.clone();
    Filled { what, reference, product, when, tried, wanted, wanted_more, by_when, name, email, phone }
}

/// GET `/f/{brand}/{form}/sent/{token}`: what happens next, for whoever has just sent the form.
pub(in crate::web) async fn sent(
    by_link: ByLink,
    Path((brand, slug, token)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let found = find(&by_link.desk, &brand, &slug).await?;
    if found.brand.id != by_link.linked.case.brand {
        return Err(Trouble::NotFound);
    }
    let scene = Scene::new(&by_link.desk, &by_link.visit, &found, &asked).await?;
    let stored = by_link.desk.store.case_page(by_link.linked.case.clone(), None).await?;
    let view = FormSent {
        reference: stored.case.reference.to_string(),
        subject: one_line(&stored.subject, 200),
        has_mail: stored.customer.mail_addresses().next().is_some(),
        reply_by: stored
            .act_by
            .map(|at| scene.language.ta("form-sent-reply-by", [("at", scene.reader.at(at).words.into())])),
        follow: format!("/c/{token}"),
        form_path: found.path(),
        is_embedded: scene.is_embedded,
        page: Page { title: scene.language.t("form-sent"), ..scene.page(Basis::Link(&token)) },
    };
    Ok(scene.answer(StatusCode::OK, view.render()?))
}
