//! The panel beside the historique: what to do with the case, its clocks, the customer.

use crate::web::language::Language;
use crate::web::view::{Due, Moment, Nature, Status};

/// The side panel of a case.
#[derive(Debug, Clone, Default)]
pub struct CaseSide {
    /// Teams that may take it.
    pub teams: Vec<Choice>,
    /// Conseillers who may take it.
    pub agents: Vec<Choice>,
    /// Id of the reader, for "take it"; none when it is already theirs or they may not.
    pub take_as: Option<String>,
    /// What may be done now; a button each.
    pub actions: Vec<StatusAction>,
    /// The third party it waits for, if any.
    pub third_party: Option<ThirdParty>,
    /// The earliest date of the third-party form, `YYYY-MM-DD`.
    pub chase_min: String,
    /// A date that is proposed in the third-party form, `YYYY-MM-DD`.
    pub chase_proposed: String,
    /// Promises that are still owed.
    pub promises: Vec<PromiseLine>,
    /// Today, `YYYY-MM-DD`.
    pub today: String,
    /// Running and past clocks, most urgent first, at most 10.
    pub clocks: Vec<ClockLine>,
    /// The customer.
    pub customer: CustomerCard,
    /// When it was opened.
    pub opened_at: Moment,
    /// Where it came in: "contact@brand".
    pub inbox: String,
    /// What kind of case it is; the side panel can correct it.
    pub nature: Nature,
    /// False when the reader may look but not act.
    pub can_act: bool,
    /// False once it goes on in another case.
    pub can_merge: bool,
    /// What the reader may say about keeping it as evidence.
    pub hold: Hold,
}

/// What may be said about keeping a case as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// Nothing.
    #[default]
    Nothing,
    /// That it is to be kept.
    Begin,
    /// That it need not be kept any longer.
    End,
}

/// One choice of a select.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Value sent.
    pub id: String,
    /// What is read.
    pub name: String,
    /// The current one.
    pub is_selected: bool,
}

/// An act on the status: POST `/cases/{reference}/status` with `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusAction {
    /// `to=open`: ours to move again.
    Open,
    /// `to=waiting_customer`.
    WaitCustomer,
    /// `to=waiting_third_party`, with `third_party` and `chase_on`.
    WaitThirdParty,
}

/// The third party a case waits for.
#[derive(Debug, Clone, Default)]
pub struct ThirdParty {
    /// Its name.
    pub name: String,
    /// When to chase it.
    pub chase: Due,
}

/// A promise that is still owed.
#[derive(Debug, Clone)]
pub struct PromiseLine {
    /// Its id.
    pub id: String,
    /// What was promised.
    pub text: String,
    /// By when.
    pub due: Due,
}

/// One clock.
#[derive(Debug, Clone)]
pub struct ClockLine {
    /// Which.
    pub clock: Clock,
    /// Its limit.
    pub due: Due,
}

/// The clocks of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    /// First reply by a person.
    FirstReply,
    /// A person's reply to a later message.
    NextReply,
    /// Next news to the customer: the clock on silence.
    NextUpdate,
    /// Time to chase the third party.
    ChaseThirdParty,
    /// Time to ask whether the proposed solution works.
    ConfirmReminder,
    /// The case closes for want of an answer.
    ConfirmLapse,
    /// Time to call the customer again.
    CallAgain,
    /// The date of a promise.
    Commitment,
}

/// The customer, small.
#[derive(Debug, Clone, Default)]
pub struct CustomerCard {
    /// Name; the address when there is none.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// Path of their page.
    pub url: String,
    /// The signs they are known by.
    pub known_by: Vec<KnownBy>,
    /// Since when we know them.
    pub known_since: Moment,
    /// Their other cases, newest first, at most 5.
    pub other_cases: Vec<CaseLink>,
}

/// A sign that a customer is known by.
#[derive(Debug, Clone, Default)]
pub struct KnownBy {
    /// What it is.
    pub kind: SignKind,
    /// As people read it.
    pub shown: String,
    /// In its normal form.
    pub address: String,
    /// True when our mails to it come back.
    pub is_dead: bool,
    /// True while somebody merely said so, as in a form.
    pub is_claimed: bool,
}

/// What a sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignKind {
    /// A mail address.
    #[default]
    Mail,
    /// A phone number.
    Phone,
    /// The company's own number of a customer, an order or a contract.
    Reference,
    /// A name on a public network.
    Handle,
}

impl SignKind {
    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Reference => "tag",
            Self::Handle => "message-circle",
        }
    }
}

/// A case in a small list.
#[derive(Debug, Clone, Default)]
pub struct CaseLink {
    /// Reference.
    pub reference: String,
    /// Subject.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// Last change.
    pub at: Moment,
}

impl StatusAction {
    /// The value of `to`.
    pub fn to(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::WaitCustomer => "waiting_customer",
            Self::WaitThirdParty => "waiting_third_party",
        }
    }

    /// What its button says.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::Open => "act-open",
            Self::WaitCustomer => "act-wait-customer",
            Self::WaitThirdParty => "act-wait-third-party",
        })
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Open => "arrow-back-up",
            Self::WaitCustomer => "message-circle",
            Self::WaitThirdParty => "hourglass",
        }
    }

    /// True when it needs a name and a date.
    pub fn needs_details(self) -> bool {
        self == Self::WaitThirdParty
    }
}

impl Clock {
    /// Its name.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::FirstReply => "clock-first-reply",
            Self::NextReply => "clock-next-reply",
            Self::NextUpdate => "clock-next-update",
            Self::ChaseThirdParty => "clock-chase-third-party",
            Self::ConfirmReminder => "clock-confirm-reminder",
            Self::ConfirmLapse => "clock-confirm-lapse",
            Self::CallAgain => "clock-call-again",
            Self::Commitment => "clock-commitment",
        })
    }
}
