//! Mail accounts: how each inbox gets its letters and sends its mails, how that goes, and the forms to set it up.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::Moment;
use crate::web::view::case_side::Choice;
use crate::web::view::filters;

/// GET `/accounts`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "accounts.html")]
pub struct Accounts {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Every inbox, with its account if it has one.
    pub inboxes: Vec<InboxCard>,
    /// Inboxes that have no account yet.
    pub free: Vec<Choice>,
    /// What a trial just found.
    pub trial: Option<Trial>,
    /// What was typed, when the form came back.
    pub form: AccountForm,
    /// Where a provider sends people back to: to be registered there.
    pub redirect_url: String,
}

/// One inbox.
#[derive(Debug, Clone, Default)]
pub struct InboxCard {
    /// Its address.
    pub address: String,
    /// Its further addresses.
    pub aliases: Vec<String>,
    /// The account that feeds it.
    pub account: Option<AccountCard>,
}

/// One account.
#[derive(Debug, Clone, Default)]
pub struct AccountCard {
    /// Brand and id, for the paths of its forms: POST `/accounts/{id}/…`.
    pub id: String,
    /// "imap.brand.fr:993, INBOX".
    pub place: String,
    /// The name it logs in with.
    pub username: String,
    /// "smtp.brand.fr:587", when its own server takes the inbox's mails.
    pub smtp: Option<String>,
    /// What becomes of letters there, in words.
    pub after_reading: String,
    /// How it fares.
    pub health: Health,
    /// When it last answered.
    pub read_at: Option<Moment>,
    /// True when access is granted by a person, who can do so again.
    pub can_grant: bool,
    /// When the grant ends, if that is known and near.
    pub grant_ends: Option<Moment>,
    /// True when a password is stored, which can be replaced.
    pub has_password: bool,
}

/// How an account fares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Health {
    /// Connected a moment ago, not read yet.
    #[default]
    New,
    /// Its letters come in.
    Well,
    /// Access has not been granted yet.
    NotGranted,
    /// It failed.
    Failing {
        /// The code of its trouble.
        code: String,
        /// In the words of who said so.
        said: String,
    },
}

/// What a trial found.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// The inbox it is about.
    pub address: String,
    /// What was found, a line for each side.
    pub lines: Vec<TrialLine>,
}

/// One side of a trial.
#[derive(Debug, Clone, Default)]
pub struct TrialLine {
    /// Whether it works.
    pub is_good: bool,
    /// In words.
    pub words: String,
    /// What the other side, or the line to it, said about it; empty when all is well.
    pub said: String,
}

/// What is wrong with an account and what to do about it, by the code of its trouble.
pub fn trouble_key(code: &str) -> &'static str {
    match code {
        "not-granted" => "account-not-granted",
        "sealed" => "account-trouble-sealed",
        "oauth" => "account-trouble-oauth",
        "unreachable" => "account-trouble-unreachable",
        "tls" => "account-trouble-tls",
        "login" => "account-trouble-login",
        "folder" => "account-trouble-folder",
        "broken-off" => "account-trouble-broken-off",
        "slow" => "account-trouble-slow",
        "refused" => "account-trouble-refused",
        "unreadable" => "account-trouble-unreadable",
        "own-fault" => "account-trouble-own-fault",
        _ => "account-failing",
    }
}

/// The form to connect an account, as it was typed.
#[derive(Debug, Clone)]
pub struct AccountForm {
    /// Why it came back.
    pub problem: Option<String>,
    /// The inbox.
    pub inbox: String,
    /// `password`, `microsoft`, `google` or `other`.
    pub kind: String,
    /// IMAP server.
    pub host: String,
    /// Its port.
    pub port: String,
    /// `implicit`, `starttls`, `none`.
    pub tls: String,
    /// Name to log in with.
    pub username: String,
    /// Folder.
    pub folder: String,
    /// `keep`, `seen`, `move`, `delete`.
    pub after: String,
    /// Where letters move to.
    pub move_to: String,
    /// `new` or `all`.
    pub start: String,
    /// SMTP server; empty when the desk's own takes its mails.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: String,
    /// Its protection.
    pub smtp_tls: String,
    /// Microsoft's tenant.
    pub tenant: String,
    /// Application at the provider.
    pub client_id: String,
    /// Where people grant access, for other providers.
    pub authorize_url: String,
    /// Where tokens are had, for other providers.
    pub token_url: String,
    /// What is asked for, for other providers.
    pub scope: String,
}

impl Default for AccountForm {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            problem: None,
            inbox: String::new(),
            kind: text("password"),
            host: String::new(),
            port: text("993"),
            tls: text("implicit"),
            username: String::new(),
            folder: text("INBOX"),
            after: text("keep"),
            move_to: String::new(),
            start: text("new"),
            smtp_host: String::new(),
            smtp_port: text("587"),
            smtp_tls: text("starttls"),
            tenant: String::new(),
            client_id: String::new(),
            authorize_url: String::new(),
            token_url: String::new(),
            scope: String::new(),
        }
    }
}

impl AccountForm {
    /// The kinds of login, each with its key.
    pub const KINDS: [(&'static str, &'static str); 4] = [
        ("password", "account-kind-password"),
        ("microsoft", "account-kind-microsoft"),
        ("google", "account-kind-google"),
        ("other", "account-kind-other"),
    ];
    /// What may become of letters.
    pub const AFTERS: [(&'static str, &'static str); 4] = [
        ("keep", "account-after-keep"),
        ("seen", "account-after-seen"),
        ("move", "account-after-move"),
        ("delete", "account-after-delete"),
    ];
    /// The protections of a line.
    pub const PROTECTIONS: [(&'static str, &'static str); 3] = [
        ("implicit", "account-tls-implicit"),
        ("starttls", "account-tls-starttls"),
        ("none", "account-tls-none"),
    ];
}

impl AccountCard {
    /// How it fares, in words.
    pub fn health_words(&self, page: &Page) -> String {
        page.t(match &self.health {
            Health::New => "account-new",
            Health::Well => "account-well",
            Health::NotGranted => "account-not-granted",
            Health::Failing { code, .. } => trouble_key(code),
        })
    }

    /// What was said about the failure.
    pub fn failure(&self) -> Option<&str> {
        match &self.health {
            Health::Failing { said, .. } => Some(said),
            _ => None,
        }
    }

    /// The class that colours it.
    pub fn class(&self) -> &'static str {
        match self.health {
            Health::New => "is-waiting",
            Health::Well => "is-sent",
            Health::NotGranted => "is-delayed",
            Health::Failing { .. } => "is-refused",
        }
    }

    /// Its icon.
    pub fn icon(&self) -> &'static str {
        match self.health {
            Health::New => "hourglass",
            Health::Well => "circle-check",
            Health::NotGranted => "key",
            Health::Failing { .. } => "alert-triangle",
        }
    }
}

/// Granting access, step by step.
#[derive(Debug, Clone, Template)]
#[template(path = "account_granted.html")]
pub struct Granting {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Where it stands.
    pub step: GrantStep,
}

/// Where granting access stands.
#[derive(Debug, Clone)]
pub enum GrantStep {
    /// One press before the provider.
    Leave {
        /// Its page.
        url: String,
        /// Whose mail is to be read.
        username: String,
    },
    /// Back from the provider, one press before the grant is taken.
    Take {
        /// What it gave.
        code: String,
        /// What we had sent along.
        state: String,
    },
    /// It said no, or cannot be asked; in words.
    Refused(String),
}
