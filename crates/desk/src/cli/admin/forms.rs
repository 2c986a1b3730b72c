//! `suivi admin set-form`: public forms, from a file that an administrator writes.

use std::path::Path;

use anyhow::{Context, bail};
use casework::Mint as _;
use casework::Nature;
use store::{StoreError, StoredForm};

use super::say;
use crate::desk::Desk;
use crate::forms::FormBody;

/// Largest file read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Makes or changes a form.
pub(super) async fn set(
    desk: &Desk,
    name: &str,
    (inbox, nature): (&str, &str),
    file: Option<&Path>,
    is_shut: bool,
) -> anyhow::Result<()> {
    let (brand, slug) = name.split_once('/').context("the form is named as `brand/name`")?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || slug.len() > 60 || !slug.chars().all(is_plain) {
        bail!("{slug:?}: a form's name has small letters, digits and dashes, at most 60");
    }
    let brands = desk.store.brands().await?;
    let brand = brands.iter().find(|known| known.slug == brand).context("there is no such brand")?;
    let inboxes = desk.store.inboxes().await?;
    let inbox = inboxes.iter().find(|known| known.brand == brand.id && known.address == inbox);
    let inbox = inbox.context("the brand has no inbox with this address")?;
    let nature = Nature::parse(nature).context("a nature is request, complaint, report or dispute")?;
    let json = match file {
        Some(path) => read(path)?,
        None => "{}".to_owned(),
    };
    let body = FormBody::read(&json).context("the file")?;
    let known = desk.store.form(&brand.slug, slug).await?;
    let form = StoredForm {
        brand: brand.id,
        id: known.map_or_else(|| desk.mint().uuid(), |known| known.id),
        slug: slug.to_owned(),
        inbox: inbox.id,
        nature,
        body: serde_json::to_string(&body)?,
        is_open: !is_shut,
    };
    match desk.store.save_form(form, desk.clock.now()).await {
        Err(StoreError::Conflict) => bail!("another form of the brand has this name"),
        other => other?,
    }
    let state = if is_shut { "shut" } else { "open" };
    say(format_args!("The form {}/f/{}/{slug} is {state}.", desk.public_url, brand.slug))?;
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    let size = std::fs::metadata(path).with_context(|| path.display().to_string())?.len();
    if size > FILE_BYTES_MAX {
        bail!("{}: larger than {FILE_BYTES_MAX} bytes", path.display());
    }
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}
