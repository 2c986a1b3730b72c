//! What handlers know of a request: the desk, the visit, who was admitted; and the page and frame made of it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use casework::{Agent, Role};
use jiff::SignedDuration;
use store::{StoreError, ViewCounts};

use super::access::{Admitted, Linked};
use super::accounts::needs_a_look;
use super::bare::{OWN_NAME, plain_page};
use super::state::Web;
use super::trouble::Trouble;
use super::visit::Visit;
use super::words;
use crate::desk::Desk;
use crate::web::language::Language;
use crate::web::page::{Frame, Page, initials};
use crate::web::view::Reader;
use crate::web::view::frame::{CaseView, Place, Section, ViewLink, ViewNav};

/// A request by anybody.
pub(super) struct Anyone {
    /// The desk.
    pub desk: Desk,
    /// The visit.
    pub visit: Visit,
    /// Who it is, where the route asks.
    pub agent: Option<Agent>,
}

/// A request by a person of the desk.
pub(super) struct Signed {
    /// The desk.
    pub desk: Desk,
    /// The visit.
    pub visit: Visit,
    /// Who it is.
    pub agent: Agent,
}

/// A request by a private link.
pub(super) struct ByLink {
    /// The desk.
    pub desk: Desk,
    /// The visit.
    pub visit: Visit,
    /// The link and its case.
    pub linked: Linked,
}

/// What every screen inside the frame is made of.
pub(super) struct Screen {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Who reads.
    pub reader: Reader,
}

/// Which entry of the frame is the one on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    /// A list of cases.
    View(CaseView),
    /// Another place.
    Place(Place),
    /// None of them.
    Elsewhere,
}

impl FromRequestParts<Web> for Anyone {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let agent = parts.extensions.get::<Admitted>().map(|Admitted(agent)| agent.clone());
        Ok(Self { desk: web.desk.clone(), visit: visit_of(parts)?, agent })
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let Anyone { desk, visit, agent } = Anyone::from_request_parts(parts, web).await?;
        Ok(Self { desk, visit, agent: agent.ok_or(Trouble::SignIn)? })
    }
}

impl FromRequestParts<Web> for ByLink {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let linked = parts.extensions.get::<Linked>().cloned().ok_or(Trouble::ExpiredLink(None))?;
        Ok(Self { desk: web.desk.clone(), visit: visit_of(parts)?, linked })
    }
}

fn visit_of(parts: &Parts) -> Result<Visit, Trouble> {
    let visit = parts.extensions.get::<Visit>().cloned();
    visit.ok_or_else(|| Trouble::Failure("a request came in without a visit".to_owned()))
}

impl Signed {
    /// The page and the frame around it.
    pub async fn screen(&self, here: Here) -> Result<Screen, Trouble> {
        screen(&self.desk, &self.visit, Some(&self.agent), here).await
    }

    /// Who reads, in the zone of their brand.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        let (_, zone) = house(&self.desk, Some(&self.agent)).await?;
        Ok(reader(&self.desk, &self.visit, &zone))
    }
}

impl Anyone {
    /// The page and the frame around it; an empty frame for somebody who is not signed in.
    pub async fn screen(&self, here: Here) -> Result<Screen, Trouble> {
        screen(&self.desk, &self.visit, self.agent.as_ref(), here).await
    }
}

/// Who reads, in a zone by name.
pub(super) fn reader(desk: &Desk, visit: &Visit, zone: &str) -> Reader {
    Reader { language: visit.language, zone: words::zone(zone), now: desk.clock.now() }
}

/// The name and zone of the first brand that a person works for, else of the desk's first brand.
pub(super) async fn house(desk: &Desk, agent: Option<&Agent>) -> Result<(String, String), StoreError> {
    let brands = desk.store.brands().await?;
    let own = agent.and_then(|agent| agent.teams.first()).map(|(brand, _)| *brand);
    let brand = brands.iter().find(|brand| Some(brand.id) == own).or_else(|| brands.first());
    Ok(brand.map_or_else(|| (OWN_NAME.to_owned(), String::new()), |b| (b.name.clone(), b.zone.clone())))
}

/// The lists of cases with their counts.
pub(super) fn view_nav(visit: &Visit, counts: ViewCounts, current: Option<CaseView>) -> ViewNav {
    let count = |view| match view {
        CaseView::Mine => counts.mine,
        CaseView::Team => counts.team,
        CaseView::Unassigned => counts.unassigned,
        CaseView::Waiting => counts.waiting,
        CaseView::All => counts.all,
        CaseView::Closed => 0,
    };
    let link = |view| ViewLink { view, count: count(view), late_count: 0, is_current: current == Some(view) };
    ViewNav { lang: visit.language, views: CaseView::ALL.into_iter().map(link).collect() }
}

/// The name of a role.
pub(super) fn role_words(role: Role, language: Language) -> String {
    language.t(match role {
        Role::Agent => "role-agent",
        Role::Lead => "role-lead",
        Role::Admin => "role-admin",
    })
}

async fn screen(desk: &Desk, visit: &Visit, agent: Option<&Agent>, here: Here) -> Result<Screen, Trouble> {
    let (brand, zone) = house(desk, agent).await?;
    let page = Page { brand, ..plain_page(desk, visit) };
    let current = match here {
        Here::View(view) => Some(view),
        Here::Place(_) | Here::Elsewhere => None,
    };
    let alerts = match agent {
        Some(agent) => alerts(desk, agent).await?,
        None => Alerts::default(),
    };
    let mut frame = Frame { sections: sections(desk, agent, here, &alerts), ..Frame::default() };
    frame.views.lang = visit.language;
    if let Some(agent) = agent {
        frame.person.clone_from(&agent.name);
        frame.initials = initials(&agent.name);
        frame.person_detail = role_words(agent.role, visit.language);
        frame.views = view_nav(visit, desk.store.view_counts(agent).await?, current);
    }
    Ok(Screen { page, frame, reader: reader(desk, visit, &zone) })
}

/// How long what came back or looks forged is told beside its place: long enough for a team that was away for a week.
const FRESH: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How much needs a look in the other places.
#[derive(Debug, Default)]
struct Alerts {
    outbox: u32,
    letters: u32,
    accounts: u32,
    webhooks: u32,
}

/// Counts what needs a look, for those who may look at it.
async fn alerts(desk: &Desk, agent: &Agent) -> Result<Alerts, StoreError> {
    let mut alerts = Alerts::default();
    if agent.role >= Role::Lead {
        let (who, is_everywhere) = (agent.id, agent.role == Role::Admin);
        let now = desk.clock.now();
        let since = now.saturating_sub(FRESH).unwrap_or(now);
        alerts.outbox = desk.store.given_up_since(who, is_everywhere, since).await?;
        alerts.letters = desk.store.aside_to_look_at(who, is_everywhere, since).await?;
    }
    if agent.role == Role::Admin {
        let (accounts, now) = (desk.store.accounts().await?, desk.clock.now());
        let failing = accounts.iter().filter(|account| needs_a_look(account, now)).count();
        alerts.accounts = u32::try_from(failing).unwrap_or(u32::MAX);
        alerts.webhooks = super::webhooks::switched_off(desk).await?;
    }
    Ok(alerts)
}

/// The other places that this person may open.
fn sections(desk: &Desk, agent: Option<&Agent>, here: Here, alerts: &Alerts) -> Vec<Section> {
    let is_lead = agent.is_some_and(|agent| agent.role >= Role::Lead);
    let is_admin = agent.is_some_and(|agent| agent.role == Role::Admin);
    let places = [
        (Place::Cases, agent.is_some()),
        (Place::Outbox, is_lead),
        (Place::Letters, is_lead),
        (Place::Accounts, is_admin),
        (Place::Webhooks, is_admin),
        (Place::Keeping, is_admin),
        (Place::Postbox, desk.is_demo),
    ];
    let is_current = |place| match here {
        Here::Place(current) => current == place,
        Here::View(_) => place == Place::Cases,
        Here::Elsewhere => false,
    };
    let count = |place| match place {
        Place::Outbox => alerts.outbox,
        Place::Letters => alerts.letters,
        Place::Accounts => alerts.accounts,
        Place::Webhooks => alerts.webhooks,
        Place::Cases | Place::Keeping | Place::Postbox => 0,
    };
    let open = places.into_iter().filter(|(_, is_open)| *is_open);
    open.map(|(place, _)| Section { place, count: count(place), is_current: is_current(place) }).collect()
}
