//! Every route of the desk with who may use it. The router is built from this table alone: a route without an
//! [`Access`] cannot be written, and what is not here is refused.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{self, MethodRouter};

pub use super::access::Access;
use super::state::Web;
use super::{
    accounts, acts, api, assets, case, cases, customers, files, follow, form, hand, health, keeping, letters,
    live, merging, outbox, postbox, preferences, search, sign_in, tracking, webhooks,
};
use crate::auth::scope::Scope;

/// One route.
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// Whether its form may bring files.
    pub takes_files: bool,
    pub(super) methods: MethodRouter<Web>,
}

fn get<H: Handler<T, Web>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: Method::GET, path, access, takes_files: false, methods: routing::get(handler) }
}

fn post<H: Handler<T, Web>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: Method::POST, path, access, takes_files: false, methods: routing::post(handler) }
}

impl Route {
    /// Takes files with its form.
    fn with_files(self) -> Self {
        Self { takes_files: true, ..self }
    }

    /// Takes a body of so many bytes instead of the few that suffice elsewhere.
    fn with_body_max(self, bytes_max: usize) -> Self {
        Self { methods: self.methods.layer(DefaultBodyLimit::max(bytes_max)), ..self }
    }
}

/// The scope that a program needs for an operation of the API.
pub(super) fn scope_of(path: &str, method: &str) -> Option<Scope> {
    let is_it = |route: &Route| route.path == path && route.method.as_str().eq_ignore_ascii_case(method);
    match table().into_iter().find(is_it)?.access {
        Access::Token(scope) | Access::LeadToken(scope) => Some(scope),
        _ => None,
    }
}

/// The table.
pub fn table() -> Vec<Route> {
    let mut table = of_desk();
    table.extend(of_customers());
    table.extend(of_programs());
    table
}

/// What people of the desk use, and what stands around it.
fn of_desk() -> Vec<Route> {
    use Access::{Admin, Lead, Preference, Public, SignedIn};
    vec![
        get("/", SignedIn, cases::home),
        get("/health", Public, health::health),
        get(assets::ROUTE, Public, assets::serve),
        post("/preferences", Preference, preferences::choose),
        get("/sign-in", Public, sign_in::show),
        post("/sign-in", Public, sign_in::sign_in),
        post("/sign-out", SignedIn, sign_in::sign_out),
        get("/live", SignedIn, live::live),
        get("/cases", SignedIn, cases::list),
        get("/search", SignedIn, search::show),
        get("/cases/rows", SignedIn, cases::rows),
        get("/cases/views", SignedIn, cases::views),
        get("/cases/new", SignedIn, hand::show),
        post("/cases", SignedIn, hand::create).with_files(),
        post("/cases/{reference}/calls", SignedIn, hand::call),
        post("/cases/{reference}/statements", SignedIn, hand::state).with_files(),
        post("/cases/{reference}/commitments", SignedIn, hand::commit),
        post("/cases/{reference}/commitments/{commitment}/keeping", SignedIn, hand::keep),
        get("/cases/{reference}", SignedIn, case::show),
        get("/cases/{reference}/timeline", SignedIn, case::timeline),
        post("/cases/{reference}/replies", SignedIn, acts::reply).with_files(),
        post("/cases/{reference}/notes", SignedIn, acts::note).with_files(),
        post("/cases/{reference}/proposals", SignedIn, acts::propose).with_files(),
        post("/cases/{reference}/assignment", SignedIn, acts::assign),
        post("/cases/{reference}/status", SignedIn, acts::change_status),
        post("/cases/{reference}/nature", SignedIn, acts::change_nature),
        post("/cases/{reference}/merging", SignedIn, merging::merge),
        post("/cases/{reference}/unmerging", SignedIn, merging::undo),
        get("/cases/{reference}/messages/{message}/html", SignedIn, files::html),
        get("/cases/{reference}/messages/{message}/letter.eml", SignedIn, files::letter),
        get("/cases/{reference}/messages/{message}/files/{index}", SignedIn, files::file),
        get("/cases/{reference}/messages/{message}/files/{index}/preview", SignedIn, files::preview),
        get("/customers/{brand}/{customer}", SignedIn, customers::show),
        get("/outbox", Lead, outbox::list),
        post("/outbox/{order}/retries", Lead, outbox::retry),
        get("/letters", Lead, letters::list),
        get("/letters/{letter}/letter.eml", Lead, letters::raw),
        post("/letters/{letter}/replays", Lead, letters::replay),
        post("/letters/rules", Lead, letters::add_rule),
        post("/letters/rules/{brand}/{rule}/removal", Lead, letters::remove_rule),
        get("/webhooks", Admin, webhooks::list),
        post("/webhooks", Admin, webhooks::add),
        post("/webhooks/switching", Admin, webhooks::switch),
        get("/accounts", Admin, accounts::show),
        post("/accounts", Admin, accounts::connect),
        get("/accounts/granted", Admin, accounts::granted),
        post("/accounts/grants", Admin, accounts::take),
        get("/accounts/{brand}/{account}/grant", Admin, accounts::ask),
        post("/accounts/{brand}/{account}/trial", Admin, accounts::try_out),
        post("/accounts/{brand}/{account}/password", Admin, accounts::set_password),
        post("/accounts/{brand}/{account}/removal", Admin, accounts::remove),
        post("/cases/{reference}/links/revocation", SignedIn, hand::revoke_links),
        post("/cases/{reference}/hold", SignedIn, hand::hold),
        post("/cases/{reference}/hold/lifting", SignedIn, hand::lift_hold),
        get("/customers/{brand}/{customer}/export.zip", Admin, customers::export),
        post("/customers/{brand}/{customer}/erasure", Admin, customers::erase),
        get("/keeping", Admin, keeping::show),
        post("/keeping/{brand}", Admin, keeping::set),
    ]
}

/// What customers use; and, in a demonstration, their post.
fn of_customers() -> Vec<Route> {
    use Access::{Demo, Form, PrivateLink, Public};
    vec![
        get("/postbox", Demo, postbox::list),
        get("/postbox/{mail}", Demo, postbox::show),
        get("/postbox/{mail}/html", Demo, postbox::html),
        get("/postbox/{mail}/mail.eml", Demo, postbox::raw),
        get("/f/{brand}/{form}", Public, form::show),
        post("/f/{brand}/{form}", Form, form::take).with_files(),
        get("/f/{brand}/{form}/sent/{token}", PrivateLink, form::sent),
        get("/c/{token}", PrivateLink, tracking::show),
        get("/c/{token}/files/{message}/{index}", PrivateLink, files::own_file),
        get("/c/{token}/files/{message}/{index}/preview", PrivateLink, files::own_preview),
        post("/c/{token}/confirmation", PrivateLink, tracking::confirm),
        post("/c/{token}/reopening", PrivateLink, tracking::reopen).with_files(),
        post("/c/{token}/messages", PrivateLink, tracking::reopen).with_files(),
        get("/follow", Public, follow::show),
        post("/follow", Public, follow::ask),
    ]
}

/// What programs use, and its description.
fn of_programs() -> Vec<Route> {
    use Access::{LeadToken, Public, Token};
    use Scope::{
        BringLetters, ReadCases, ReadCustomers, ReadEvents, SpeakForCustomers, WriteCases, WriteCustomers,
    };
    vec![
        get("/api", Public, api::page),
        get("/api/openapi.json", Public, api::document),
        get("/api/v1/brands", Token(ReadCases), api::brands),
        post("/api/v1/files", Token(WriteCases), api::bring_file).with_files(),
        get("/api/v1/cases/{reference}/messages/{message}/files/{index}", Token(ReadCases), api::file),
        get("/api/v1/events", Token(ReadEvents), api::events),
        get("/api/v1/search", Token(ReadCases), api::search),
        get("/api/v1/cases", Token(ReadCases), api::cases),
        post("/api/v1/cases", Token(WriteCases), api::open),
        get("/api/v1/cases/{reference}", Token(ReadCases), api::case),
        get("/api/v1/cases/{reference}/messages", Token(ReadCases), api::messages),
        post("/api/v1/cases/{reference}/replies", Token(WriteCases), api::reply),
        post("/api/v1/cases/{reference}/proposals", Token(WriteCases), api::propose),
        post("/api/v1/cases/{reference}/notes", Token(WriteCases), api::note),
        post("/api/v1/cases/{reference}/statements", Token(WriteCases), api::state),
        post("/api/v1/cases/{reference}/calls", Token(WriteCases), api::log_call),
        post("/api/v1/cases/{reference}/assignment", Token(WriteCases), api::assign),
        post("/api/v1/cases/{reference}/status", Token(WriteCases), api::change_status),
        post("/api/v1/cases/{reference}/nature", Token(WriteCases), api::change_nature),
        post("/api/v1/cases/{reference}/commitments", Token(WriteCases), api::commit),
        post("/api/v1/cases/{reference}/commitments/{commitment}/keeping", Token(WriteCases), api::keep),
        post("/api/v1/cases/{reference}/links/revocation", Token(WriteCases), api::revoke_links),
        post("/api/v1/cases/{reference}/confirmation", Token(SpeakForCustomers), api::confirm),
        post("/api/v1/cases/{reference}/reopening", Token(SpeakForCustomers), api::reopen),
        get("/api/v1/customers/{brand}", Token(ReadCustomers), api::customers),
        get("/api/v1/customers/{brand}/{customer}", Token(ReadCustomers), api::customer),
        post("/api/v1/customers/{brand}/{customer}/identities", Token(WriteCustomers), api::identify),
        get("/api/v1/customers/{brand}/{customer}/export", Token(ReadCustomers), api::export),
        post("/api/v1/customers/{brand}/{customer}/erasure", Token(WriteCustomers), api::erase),
        post("/api/v1/cases/{reference}/hold", Token(WriteCases), api::hold),
        post("/api/v1/cases/{reference}/hold/lifting", Token(WriteCases), api::lift_hold),
        post("/api/v1/letters", LeadToken(BringLetters), api::take_in).with_body_max(api::LETTER_BYTES_MAX),
        get("/api/v1/letters/{letter}", LeadToken(BringLetters), api::letter),
    ]
}
