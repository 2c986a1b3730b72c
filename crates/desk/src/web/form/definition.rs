//! Finding the form that a visitor asks for: the one that was made, or the one that every brand has.

use store::{Brand, Inbox, StoredForm};
use uuid::Uuid;

use super::super::trouble::Trouble;
use crate::desk::Desk;
use crate::forms::{DEFAULT_SLUG, FormBody};

/// A form with what surrounds it.
pub(super) struct Found {
    /// The form.
    pub form: StoredForm,
    /// What it asks and says.
    pub body: FormBody,
    /// Its brand.
    pub brand: Brand,
    /// The inbox that answers.
    pub inbox: Inbox,
}

impl Found {
    /// Its path.
    pub fn path(&self) -> String {
        format!("/f/{}/{}", self.brand.slug, self.form.slug)
    }
}

/// The form at these names; one that is shut does not exist.
pub(super) async fn find(desk: &Desk, brand: &str, slug: &str) -> Result<Found, Trouble> {
    let brands = desk.store.brands().await?;
    let brand = brands.into_iter().find(|known| known.slug == brand).ok_or(Trouble::NotFound)?;
    let inboxes = desk.store.inboxes().await?;
    let own: Vec<Inbox> = inboxes.into_iter().filter(|inbox| inbox.brand == brand.id).collect();
    let form = match desk.store.form(&brand.slug, slug).await? {
        Some(form) => form,
        None if slug == DEFAULT_SLUG => {
            let inbox = own.first().ok_or(Trouble::NotFound)?;
            usual(&brand, inbox)
        }
        None => return Err(Trouble::NotFound),
    };
    if !form.is_open {
        return Err(Trouble::NotFound);
    }
    let body = serde_json::from_str(&form.body)
        .map_err(|error| Trouble::Failure(format!("the form {} does not read: {error}", form.id)))?;
    let inbox = own.into_iter().find(|inbox| inbox.id == form.inbox).ok_or(Trouble::NotFound)?;
    Ok(Found { form, body, brand, inbox })
}

/// The form that a brand has before anybody made one.
fn usual(brand: &Brand, inbox: &Inbox) -> StoredForm {
    StoredForm {
        brand: brand.id,
        id: Uuid::nil(),
        slug: DEFAULT_SLUG.to_owned(),
        inbox: inbox.id,
        nature: casework::Nature::Complaint,
        body: "{}".to_owned(),
        is_open: true,
    }
}
