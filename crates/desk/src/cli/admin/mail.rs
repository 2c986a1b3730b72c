//! `suivi admin` about mail: aliases, signatures, signing keys, rules about junk. Accounts are connected on the screens,
//! where each can be tried.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, bail};
use casework::Mint as _;
use casework::intake::JunkRule;
use channels::mail::sign::{DkimKey, KeyKind, generate};
use clap::Subcommand;
use store::{DkimRow, JunkField, StoredJunkRule};

use super::super::say;
use super::{find_brand, lower, plain_address, taken};
use crate::desk::Desk;
use crate::seal;
use crate::worker::mails::dkim_place;

/// Longest signature, in bytes.
const SIGNATURE_BYTES_MAX: usize = 2000;
/// Longest string of a TXT record, in bytes.
const TXT_STRING_BYTES_MAX: usize = 255;
/// Largest key file read, in bytes.
const KEY_BYTES_MAX: u64 = 64 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Gives an inbox a further address: letters to it are this inbox's too.
    AddAlias {
        /// The further address.
        alias: String,
        /// The inbox's own address.
        #[arg(long)]
        inbox: String,
    },
    /// Takes a further address away from its inbox.
    RemoveAlias {
        /// The further address.
        alias: String,
    },
    /// Sets what a brand writes below people's answers; `{agent}` and `{brand}` stand for the names. Without text, the usual
    /// two lines are written again.
    SetSignature {
        /// The brand's short name.
        brand: String,
        /// The text; `\n` stands for a new line.
        text: Option<String>,
    },
    /// Signs a domain's mails (DKIM) with a new key, or one of your own. Prints what must be published in the DNS.
    AddDkimKey {
        /// The domain of the inboxes' addresses.
        domain: String,
        /// The name under which the key is published.
        #[arg(long, default_value = "suivi")]
        selector: String,
        /// A private key of your own, in PEM (RSA of 2048 bits or more, or Ed25519).
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Signs a domain's mails no more.
    RemoveDkimKey {
        /// The domain.
        domain: String,
    },
    /// Takes letters from an address or a domain, or about something, for junk, or never.
    SetJunkRule {
        /// `junk` or `accept`.
        verdict: String,
        /// `address`, `domain` or `subject`.
        field: String,
        /// What to look for.
        pattern: String,
        /// The brand's short name.
        #[arg(long)]
        brand: String,
    },
}

pub(super) async fn carry_out(desk: &Desk, verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::AddAlias { alias, inbox } => add_alias(desk, alias, inbox).await,
        Verb::RemoveAlias { alias } => {
            if !desk.store.remove_alias(lower(alias)).await? {
                bail!("{alias:?} is no alias");
            }
            Ok(say("Removed.")?)
        }
        Verb::SetSignature { brand, text } => set_signature(desk, brand, text.as_deref()).await,
        Verb::AddDkimKey { domain, selector, key_file } => {
            add_dkim_key(desk, domain, selector, key_file.as_ref()).await
        }
        Verb::RemoveDkimKey { domain } => {
            if !desk.store.remove_dkim_key(lower(domain)).await? {
                bail!("no key signs for {domain:?}");
            }
            Ok(say("Removed: its mails are not signed any more.")?)
        }
        Verb::SetJunkRule { verdict, field, pattern, brand } => {
            set_junk_rule(desk, (verdict, field, pattern), brand).await
        }
    }
}

async fn add_alias(desk: &Desk, alias: &str, inbox: &str) -> anyhow::Result<()> {
    let alias = plain_address(alias)?;
    if alias.contains('+') {
        bail!("{alias:?}: an address with a +tag belongs to its inbox already");
    }
    let found = desk.store.inbox_at(&lower(inbox)).await?;
    let inbox = found.with_context(|| format!("there is no inbox {inbox:?}"))?;
    taken(desk.store.add_alias(alias.clone(), inbox.brand, inbox.id).await, "inbox", "address", &alias)?;
    Ok(say(format_args!("Letters to {alias} come to {}.", inbox.address))?)
}

async fn set_signature(desk: &Desk, brand: &str, text: Option<&str>) -> anyhow::Result<()> {
    let brand = find_brand(desk, brand).await?;
    let text = text.map(|text| text.replace("\\n", "\n").trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.len() > SIGNATURE_BYTES_MAX) {
        bail!("a signature has at most {SIGNATURE_BYTES_MAX} bytes");
    }
    desk.store.set_signature(brand.slug, text).await?;
    Ok(say("Set: the next answers are signed like this.")?)
}

async fn add_dkim_key(
    desk: &Desk,
    domain: &str,
    selector: &str,
    key_file: Option<&PathBuf>,
) -> anyhow::Result<()> {
    let domain = lower(domain);
    let pem = match key_file {
        Some(file) => {
            let opened =
                std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
            let mut pem = Vec::new();
            opened.take(KEY_BYTES_MAX).read_to_end(&mut pem)?;
            pem
        }
        None => generate(KeyKind::Rsa)?.0.into_bytes(),
    };
    let key = DkimKey::new(&domain, selector, &pem)?;
    let sealed_key = seal::seal(&desk.secret, &desk.chance, &dkim_place(&domain), &pem)?;
    let row = DkimRow {
        domain: domain.clone(),
        selector: selector.to_ascii_lowercase(),
        sealed_key,
        dns_record: key.dns_value(),
    };
    desk.store.set_dkim_key(row, desk.clock.now()).await?;
    say(format_args!("Mails from {domain} are signed from now on. Publish this TXT record:"))?;
    say(format_args!("{}  {}", key.dns_name(), in_strings(&key.dns_value())))?;
    Ok(say(
        "Zone files want it in strings of at most 255 characters, as here; forms of providers mostly want the text alone.",
    )?)
}

/// The value of a TXT record as a zone file holds it (RFC 1035, 3.3): its strings are put together again by who reads them.
fn in_strings(value: &str) -> String {
    let strings = value.as_bytes().chunks(TXT_STRING_BYTES_MAX);
    let quoted = strings.map(|string| format!("\"{}\"", String::from_utf8_lossy(string)));
    quoted.collect::<Vec<_>>().join(" ")
}

async fn set_junk_rule(
    desk: &Desk,
    (verdict, field, pattern): (&str, &str, &str),
    brand: &str,
) -> anyhow::Result<()> {
    let brand = find_brand(desk, brand).await?;
    let verdict =
        JunkRule::parse(verdict).with_context(|| format!("{verdict:?} is none of: junk, accept"))?;
    let field =
        JunkField::parse(field).with_context(|| format!("{field:?} is none of: address, domain, subject"))?;
    let pattern = lower(pattern);
    if pattern.is_empty() || pattern.contains(char::is_control) {
        bail!("a rule needs something to look for, on one line");
    }
    if field.is_too_short(&pattern) {
        bail!("{pattern:?} is in nearly every subject: give at least four letters");
    }
    let id = desk.mint().uuid();
    let rule = StoredJunkRule { id, brand: brand.id, verdict, field, pattern };
    desk.store.set_junk_rule(rule, desk.clock.now()).await?;
    Ok(say("Set.")?)
}
