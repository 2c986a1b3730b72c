//! A page before anything is known of brand and person: for messages, which must be shown even when the store is away.

use super::visit::Visit;
use crate::auth::form::{self, Basis};
use crate::desk::Desk;
use crate::web::page::{Flash, Page};

/// What the desk calls itself where no brand is known.
pub(super) const OWN_NAME: &str = "Suivi";

/// A page without a brand: for messages, which must be shown even when the store is away.
pub(super) fn plain_page(desk: &Desk, visit: &Visit) -> Page {
    page(desk, visit, visit.basis())
}

/// A page whose forms are bound to `basis`.
pub(super) fn page(desk: &Desk, visit: &Visit, basis: Basis<'_>) -> Page {
    Page {
        lang: visit.language,
        theme: visit.theme,
        title: String::new(),
        brand: OWN_NAME.to_owned(),
        csrf: form::token(&desk.secret, &desk.chance, basis),
        here: visit.here.clone(),
        flash: visit
            .flash
            .as_deref()
            .filter(|key| key.starts_with("done-"))
            .map(|key| Flash { text: visit.language.t(key), is_refusal: false }),
    }
}
