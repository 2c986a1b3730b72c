//! Somebody tells the desk about a problem by another way than mail: form, phone, counter, paper, program. A case begins,
//! in the transaction that keeps what was told. The same report once more leads to the case that it made before.

use casework::report::{self, IDENTITIES_MAX, Known, Report, Sign, Teller, Whose};
use casework::{BrandId, Case, CustomerId, Decision, IdentityKind, InboxId, Refusal};
use store::{Lock, Lookup};

use super::DoorError;
use super::once::{Once, reference_in};
use crate::desk::Desk;

/// Language that a brand answers in when its own is not found.
const LANGUAGE: &str = "fr";

/// A report with all that comes with it.
#[derive(Debug, Clone)]
pub struct Telling {
    /// The brand.
    pub brand: BrandId,
    /// The inbox from which the case is answered.
    pub inbox: InboxId,
    /// What was told.
    pub report: Report,
    /// By whom.
    pub teller: Teller,
    /// Whose problem it is, where a person of the desk has found them.
    pub customer: Option<CustomerId>,
    /// The name that was given.
    pub name: Option<String>,
    /// The signs that were given, in their normal form; the first one that is known tells whose problem it is.
    pub signs: Vec<(IdentityKind, String)>,
    /// A word that is this report's own: the same word again is the same report.
    pub key: String,
    /// For a program: the report is taken in once, and what came of it is remembered for a while.
    pub once: Option<Once>,
}

/// What came of a report.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its case; the one that goes on in its place where that was merged.
    pub case: Case,
    /// The receipt, where one was asked for.
    pub receipt: Option<String>,
}

/// Takes a report in.
pub async fn open(desk: &Desk, telling: Telling) -> Result<Opened, DoorError> {
    let brand = telling.brand;
    let key = format!("report {}", telling.key);
    if let Some(case) = made_before(desk, brand, &key).await? {
        return Ok(Opened { case, receipt: None });
    }
    let first = telling.signs.first().map(|(_, address)| address.clone()).unwrap_or_default();
    let (at_the_door, claimed) = (desk.clone(), key.clone());
    let decided = desk.store.decide(Lock::Address(brand, first), move |conn| {
        let (desk, telling, key) = (at_the_door.clone(), telling.clone(), claimed.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let mut lookup = Lookup(conn);
            if let Some(before) = Once::before(telling.once.as_ref(), &mut lookup, (brand, now)).await? {
                return Ok(before);
            }
            if lookup.thread(brand, std::slice::from_ref(&key)).await?.iter().any(Option::is_some) {
                return Ok(Decision::empty(brand, now));
            }
            let known = gather(&mut lookup, &telling, now).await?;
            let mut mint = desk.mint();
            let decision = report::open(&telling.report, &telling.teller, &known, (&key, &mut mint), now)?;
            Ok::<Decision, DoorError>(Once::remember(telling.once.as_ref(), decision))
        })
    });
    let decision = decided.await?;
    desk.order_came.notify_one();
    let made = decision.cases.first().map(|change| change.after.clone());
    let receipt = Once::receipt_of(decision);
    if let Some(case) = made {
        return Ok(Opened { case, receipt });
    }
    let case = match &receipt {
        Some(receipt) => named_in(desk, brand, receipt).await?,
        None => made_before(desk, brand, &key).await?,
    };
    Ok(Opened { case: case.ok_or(DoorError::Gone)?, receipt })
}

/// The case that a receipt names.
async fn named_in(desk: &Desk, brand: BrandId, receipt: &str) -> Result<Option<Case>, DoorError> {
    let Some(reference) = reference_in(receipt) else { return Ok(None) };
    let mut conn = desk.store.reader().await?;
    Ok(Lookup(&mut conn).case_by_reference(brand, &reference).await?)
}

/// The case that the same report made before; the one that goes on in its place where that was merged.
async fn made_before(desk: &Desk, brand: BrandId, key: &str) -> Result<Option<Case>, DoorError> {
    let mut conn = desk.store.reader().await?;
    let mut lookup = Lookup(&mut conn);
    let leads = lookup.thread(brand, &[key.to_owned()]).await?;
    let Some(id) = leads.into_iter().flatten().next() else { return Ok(None) };
    match lookup.case(brand, id).await? {
        Some(case) => Ok(Some(lookup.home_of(case).await?)),
        None => Ok(None),
    }
}

async fn gather(
    lookup: &mut Lookup<'_>,
    telling: &Telling,
    now: jiff::Timestamp,
) -> Result<Known, DoorError> {
    let brand = telling.brand;
    let (team, address) = lookup.inbox(brand, telling.inbox).await?.ok_or(DoorError::Gone)?;
    let (policy, calendar) = lookup.team_rules(brand, team).await?;
    let (customer, signs) = whose(lookup, telling).await?;
    let open_cases = match customer {
        Some(customer) => lookup.open_cases(brand, customer).await?,
        None => Vec::new(),
    };
    let mail = signs.iter().find(|sign| sign.kind == IdentityKind::Mail).and_then(|sign| sign.known_as);
    let automatic_sent = match mail {
        Some(identity) => lookup.automatic_sent(brand, identity, now).await?,
        None => (0, 0),
    };
    let whose = match customer {
        Some(id) => Whose::Known(lookup.customer(brand, id).await?.ok_or(DoorError::Gone)?),
        None => Whose::New(telling.name.clone()),
    };
    Ok(Known {
        brand,
        brand_language: lookup.brand_language(brand).await?.unwrap_or_else(|| LANGUAGE.to_owned()),
        inbox: telling.inbox,
        host: address.rsplit_once('@').map_or_else(String::new, |(_, host)| host.to_owned()),
        team,
        whose,
        signs,
        open_cases: open_cases
            .into_iter()
            .map(|(case, words)| (case, text::reading::read(&words).visible()))
            .collect(),
        automatic_sent,
        policy,
        calendar,
    })
}

/// Whose problem it is, and by which signs they are reached. A sign that somebody else is known by stays theirs.
async fn whose(
    lookup: &mut Lookup<'_>,
    telling: &Telling,
) -> Result<(Option<CustomerId>, Vec<Sign>), DoorError> {
    let mut found = Vec::new();
    for (kind, address) in telling.signs.iter().take(IDENTITIES_MAX) {
        let known = lookup.sender(telling.brand, address).await?;
        found.push((*kind, address.clone(), known.map(|(customer, identity)| (customer.id, identity.id))));
    }
    let first_known = found.iter().find_map(|(_, _, known)| known.map(|(customer, _)| customer));
    let customer = telling.customer.or(first_known);
    let is_theirs = |known: &Option<(CustomerId, _)>| known.is_none_or(|(owner, _)| Some(owner) == customer);
    let mut signs: Vec<Sign> = found
        .into_iter()
        .filter(|(_, _, known)| is_theirs(known))
        .map(|(kind, address, known)| Sign { kind, address, known_as: known.map(|(_, identity)| identity) })
        .collect();
    // Somebody whom the conseiller found is reached as before, also where they gave no sign this time.
    if let Some(customer) = customer {
        for identity in lookup.signs(telling.brand, customer).await? {
            if signs.len() < IDENTITIES_MAX && !signs.iter().any(|sign| sign.address == identity.address) {
                let known_as = Some(identity.id);
                signs.push(Sign { kind: identity.kind, address: identity.address, known_as });
            }
        }
    }
    Ok((customer, signs))
}

/// A sign in its normal form, from what somebody typed; a number is read as one of the brand's country.
pub fn sign(
    kind: IdentityKind,
    typed: &str,
    country: text::phone::Country,
) -> Result<(IdentityKind, String), Refusal> {
    let typed = typed.trim();
    let normal = match kind {
        IdentityKind::Mail => mail_address(typed),
        IdentityKind::Phone => text::phone::normal(typed, country),
        IdentityKind::Reference => reference(typed),
        IdentityKind::Handle => handle(typed),
    };
    normal.map(|address| (kind, address)).ok_or(Refusal::NoIdentity)
}

/// A mail address in lower case, if it is one that can be written to.
fn mail_address(typed: &str) -> Option<String> {
    let address = typed.to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let is_plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let is_local =
        is_plain(local) && !local.contains(['@', '<', '>', '(', ')', ',', ';', ':', '\\', '"', '[', ']']);
    let is_domain = is_plain(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    (is_local && is_domain && address.len() <= 254).then_some(address)
}

/// The company's own number of a customer, an order or a contract: never to be taken for an address or a phone number.
fn reference(typed: &str) -> Option<String> {
    let plain = typed.to_uppercase();
    let is_one = plain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '#'));
    (is_one && (1..=100).contains(&plain.chars().count())).then_some(plain)
}

/// A name on a public network: `@nadia`, `@nadia@mastodon.example`.
fn handle(typed: &str) -> Option<String> {
    let bare = typed.trim_start_matches('@').to_lowercase();
    let is_one = bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | ':'));
    (is_one && (1..=200).contains(&bare.chars().count())).then(|| format!("@{bare}"))
}

#[cfg(test)]
mod tests {
    use text::phone::Country;

    use super::*;

    #[test]
    fn signs_have_one_form_and_kinds_never_meet() {
        use IdentityKind::{Handle, Mail, Phone, Reference};
        let table = [
            (Mail, " Nadia@Exemple.FR ", Some("nadia@exemple.fr")),
            (Mail, "nadia@exemple", None),
            (Mail, "nadia", None),
            (Mail, "a b@exemple.fr", None),
            (Mail, "<x@exemple.fr>", None),
            (Mail, "@exemple.fr", None),
            (Phone, "06 12 34 56 78", Some("+33612345678")),
            (Phone, "douze", None),
            (Reference, "mg-2481", Some("MG-2481")),
            (Reference, "a@b.fr", None),
            (Reference, "+33612345678", None),
            (Reference, "", None),
            (Handle, "Nadia", Some("@nadia")),
            (Handle, "@nadia@mastodon.example", Some("@nadia@mastodon.example")),
            (Handle, "nadia <script>", None),
        ];
        for (kind, typed, expected) in table {
            let found = sign(kind, typed, Country::France).ok().map(|(_, address)| address);
            assert_eq!(found.as_deref(), expected, "{typed}");
        }
    }
}
