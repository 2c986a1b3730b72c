//! The page of mail accounts, and a trial of one of them while the administrator waits.

use askama::Template;
use axum::extract::Path;
use axum::response::Html;
use casework::BrandId;
use jiff::SignedDuration;
use store::{AfterReading, MailAccount};
use uuid::Uuid;

use super::super::context::{Here, Signed};
use super::super::trouble::Trouble;
use crate::account::{
    self,
    reach::{try_reading, try_sending},
};
use crate::web::language::Language;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::accounts::{
    AccountCard, AccountForm, Accounts, Health, InboxCard, Trial, TrialLine, trouble_key,
};
use crate::web::view::case_side::Choice;
use crate::web::view::frame::Place;

/// A grant that ends within this time is warned of.
pub(in crate::web) const WARN_BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// GET `/accounts`.
pub(in crate::web) async fn show(signed: Signed) -> Result<Html<String>, Trouble> {
    page(&signed, None, AccountForm::default()).await
}

/// POST `/accounts/{brand}/{account}/trial`: logs in on both sides and says what came of it. Changes nothing.
pub(in crate::web) async fn try_out(
    signed: Signed,
    Path((brand, id)): Path<(i64, Uuid)>,
) -> Result<Html<String>, Trouble> {
    let account = find(&signed, brand, id).await?;
    let trial = trial(&signed, &account).await?;
    // Whoever repaired something sees it work at once.
    signed.desk.tell_account_changed((BrandId(brand), id));
    page(&signed, Some(trial), AccountForm::default()).await
}

/// The account of that brand and id.
pub(super) async fn find(signed: &Signed, brand: i64, id: Uuid) -> Result<MailAccount, Trouble> {
    signed.desk.store.account(BrandId(brand), id).await?.ok_or(Trouble::NotFound)
}

/// Tries both sides of an account.
pub(super) async fn trial(signed: &Signed, account: &MailAccount) -> Result<Trial, Trouble> {
    let (desk, language) = (&signed.desk, signed.visit.language);
    let set_up = &account.set_up;
    desk.tokens.forget((set_up.brand, set_up.id)).await;
    let reading = match try_reading(desk, account).await {
        Ok(found) => {
            let args = [("folder", found.folder.into()), ("count", found.messages.into())];
            good(language.ta("trial-reading", args))
        }
        Err(trouble) => bad(language, "trial-reading-failed", &trouble),
    };
    let mut lines = vec![reading];
    if let Some(smtp) = &set_up.smtp {
        lines.push(match try_sending(desk, account, smtp).await {
            Ok(()) => good(language.t("trial-sending")),
            Err(trouble) => bad(language, "trial-sending-failed", &trouble),
        });
    }
    let inboxes = desk.store.inboxes().await?;
    let inbox = inboxes.into_iter().find(|inbox| inbox.id == set_up.inbox);
    Ok(Trial { address: inbox.map(|inbox| inbox.address).unwrap_or_default(), lines })
}

fn good(words: String) -> TrialLine {
    TrialLine { is_good: true, words, said: String::new() }
}

fn bad(language: Language, side: &str, trouble: &account::Trouble) -> TrialLine {
    let words = format!("{} {}", language.t(side), language.t(trouble_key(trouble.code())));
    TrialLine { is_good: false, words, said: trouble.to_string() }
}

/// The page, with what a trial found and what was typed into the form.
pub(super) async fn page(
    signed: &Signed,
    trial: Option<Trial>,
    form: AccountForm,
) -> Result<Html<String>, Trouble> {
    let store = &signed.desk.store;
    let (inboxes, aliases, accounts) =
        (store.inboxes().await?, store.aliases().await?, store.accounts().await?);
    let screen = signed.screen(Here::Place(Place::Accounts)).await?;
    let account_of = |inbox: &store::Inbox| accounts.iter().find(|account| account.set_up.inbox == inbox.id);
    let cards = inboxes.iter().map(|inbox| InboxCard {
        address: inbox.address.clone(),
        aliases: aliases.iter().filter(|(_, of)| *of == inbox.id).map(|(alias, _)| alias.clone()).collect(),
        account: account_of(inbox).map(|account| card(account, &screen.reader)),
    });
    let free = inboxes.iter().filter(|inbox| account_of(inbox).is_none()).map(|inbox| {
        let id = format!("{}/{}", inbox.brand.0, inbox.id);
        Choice { is_selected: id == form.inbox, id, name: inbox.address.clone() }
    });
    let view = Accounts {
        inboxes: cards.collect(),
        free: free.collect(),
        trial,
        form,
        redirect_url: super::grant::redirect_url(&signed.desk),
        page: Page { title: Place::Accounts.words(signed.visit.language), ..screen.page },
        frame: screen.frame,
    };
    Ok(Html(view.render()?))
}

fn card(account: &MailAccount, reader: &Reader) -> AccountCard {
    let (set_up, state) = (&account.set_up, &account.state);
    let connection = &set_up.connection;
    let can_grant = set_up.grant.as_ref().is_some_and(|grant| grant.authorize_url.is_some());
    let ends_soon = |at: &jiff::Timestamp| at.duration_since(reader.now) < WARN_BEFORE;
    AccountCard {
        id: format!("{}/{}", set_up.brand.0, set_up.id),
        place: format!("{}:{}, {}", connection.host, connection.port, connection.folder),
        username: connection.username.clone(),
        smtp: set_up.smtp.as_ref().map(|smtp| format!("{}:{}", smtp.host, smtp.port)),
        after_reading: after_words(&set_up.after_reading, reader.language),
        health: health(account),
        read_at: state.read_at.map(|at| reader.ago(at)),
        can_grant,
        grant_ends: account.grant_ends_at.filter(ends_soon).map(|at| reader.at(at)),
        has_password: set_up.sealed_password.is_some(),
    }
}

fn health(account: &MailAccount) -> Health {
    let state = &account.state;
    let waits_for_grant = account.set_up.grant.as_ref().is_some_and(|grant| grant.authorize_url.is_some())
        && account.sealed_refresh_token.is_none();
    match (&state.failure, state.read_at) {
        _ if waits_for_grant => Health::NotGranted,
        (Some(kept), _) => {
            let (code, said) = account::read_kept(kept);
            Health::Failing { code: code.to_owned(), said: said.to_owned() }
        }
        (None, Some(_)) => Health::Well,
        (None, None) => Health::New,
    }
}

/// Whether somebody should look at an account: it fails, or its grant ends soon.
pub(in crate::web) fn needs_a_look(account: &MailAccount, now: jiff::Timestamp) -> bool {
    let ends_soon = account.grant_ends_at.is_some_and(|at| at.duration_since(now) < WARN_BEFORE);
    ends_soon || matches!(health(account), Health::Failing { .. } | Health::NotGranted)
}

fn after_words(after: &AfterReading, language: Language) -> String {
    match after {
        AfterReading::Keep => language.t("account-after-keep"),
        AfterReading::MarkSeen => language.t("account-after-seen"),
        AfterReading::Delete => language.t("account-after-delete"),
        AfterReading::MoveTo(folder) => language.ta("account-moves-to", [("folder", folder.as_str().into())]),
    }
}
