//! Regimes: what a law or a sector's rule demands of a complaint, as data. (regime, events, calendar) → due dates.
//!
//! - what a regime is: here
//! - those that are shipped, read from `regimes/*.toml`: [`library`]
//! - when its clocks are due, step by step: [`due`]
//! - what waiting costs by law: [`cost`]
//!
//! The files say what the law says and where; no date is written into code. What is *ready* may be switched on, an
//! *example* shows the shape of a foreign rule, a *draft* rests on a text that is not in force. None is legal advice:
//! a person re-reads a regime, by name, before it may block a reply.

pub mod cost;
pub mod due;
pub mod library;

use calendar::HolidaySet;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::words;
use crate::span::Span;

words! {
    /// How far a regime may be used.
    Standing {
        /// It may be switched on.
        Ready = "ready",
        /// It shows how another country's rule looks; read it again before use.
        Example = "example",
        /// The text it rests on is not in force.
        Draft = "draft",
    }
}

words! {
    /// What a clock of a regime starts from.
    Start {
        /// The customer sent the complaint.
        Sent = "sent",
        /// It reached the company.
        Received = "received",
        /// It was made in writing.
        Written = "written",
        /// The trader was informed: of a withdrawal, of a defect.
        Informed = "informed",
        /// The contract was terminated.
        Terminated = "terminated",
        /// The contract was made, or the order placed.
        Ordered = "ordered",
        /// Repair or replacement was asked for.
        Requested = "requested",
        /// The goods were handed over.
        Delivered = "delivered",
        /// The trip ended.
        Travelled = "travelled",
        /// The company told the customer that it needs longer.
        Held = "held",
        /// The last day on which the customer may refuse a renewal.
        Renewal = "renewal",
    }
}

words! {
    /// What stops a clock of a regime.
    Aim {
        /// Saying that the complaint has arrived.
        Acknowledge = "acknowledge",
        /// Saying why it takes longer, and until when.
        Hold = "hold",
        /// The final answer.
        Answer = "answer",
        /// Paying back.
        Refund = "refund",
        /// Delivering.
        Deliver = "deliver",
        /// Repairing or replacing.
        Repair = "repair",
        /// Telling the customer something by letter.
        Notify = "notify",
        /// Ending a contract.
        Terminate = "terminate",
        /// Until then the customer may act: the desk has nothing to do but to know it.
        Window = "window",
    }
}

words! {
    /// When a duty binds.
    Occasion {
        /// An answer that refuses, even in part.
        Refusal = "refusal",
        /// A final answer, whatever it says.
        Final = "final",
        /// An answer that cannot be given in time.
        Late = "late",
        /// Every letter.
        EveryLetter = "every_letter",
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language: French for `fr`, else English.
    pub fn in_language(&self, language: &str) -> &str {
        if language == "fr" { &self.fr } else { &self.en }
    }
}

/// One regime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Its id, such as `fr-acpr`.
    pub id: String,
    /// How far it may be used.
    pub standing: Standing,
    /// Its name.
    pub name: Both,
    /// To what it applies.
    pub scope: Both,
    /// Whose public holidays count in its limits.
    pub holidays: HolidaySet,
    /// First day of the rule.
    pub valid_from: Date,
    /// Last day of the rule, when it is known.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Where it is written.
    pub source: Vec<String>,
    /// When the source was last looked at.
    pub checked_on: Date,
    /// What the source does not say, or what was not found.
    #[serde(default)]
    pub remarks: Option<Both>,
    /// Its clocks.
    #[serde(default)]
    pub clocks: Vec<RegimeClock>,
    /// What must be in a letter.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// What being late costs by law.
    #[serde(default)]
    pub penalties: Vec<Penalty>,
}

/// One clock of a regime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegimeClock {
    /// Its id within the regime.
    pub id: String,
    /// What stops it.
    pub aim: Aim,
    /// What it starts from.
    pub from: Start,
    /// How long it runs. Backwards from its start when `is_before`.
    pub within: Span,
    /// It ends so long *before* what it starts from: a notice before a renewal.
    #[serde(default, rename = "before")]
    pub is_before: bool,
    /// A limit that ends on a day of rest ends with the next working day.
    #[serde(default, rename = "postponed")]
    pub is_postponed: bool,
    /// The clock does not run once this other one was met: no receipt is owed when the answer came within its time.
    #[serde(default)]
    pub unless: Option<String>,
    /// It runs only once the customer was told why it takes longer.
    #[serde(default)]
    pub needs_holding: bool,
    /// In words.
    pub label: Both,
}

/// Something that a letter must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Its id within the regime.
    pub id: String,
    /// When it binds.
    pub on: Occasion,
    /// Words of which one must stand in the letter, in lower case without accents; each entry is needed.
    pub needs: Vec<Vec<String>>,
    /// What must be said.
    pub label: Both,
    /// Model wording; `{mediator}` and its like are filled in from the brand's settings.
    pub wording: Both,
}

/// What being late costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// The clock whose lateness costs.
    pub clock: String,
    /// The scale, by days late, in order.
    pub steps: Vec<PenaltyStep>,
    /// After the last step: so much more each month.
    #[serde(default)]
    pub then: Option<PenaltyGrowth>,
    /// Where it is written.
    pub source: String,
}

/// One step of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyStep {
    /// Up to this many days late, that day included; without end when absent.
    #[serde(default)]
    pub to_day: Option<u32>,
    /// What is added to the sum, in hundredths of a percent.
    pub basis_points: u32,
    /// The sum bears interest at the legal rate, which changes each half-year and is not in the file.
    #[serde(default)]
    pub legal_rate: bool,
}

/// What is added month by month after the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyGrowth {
    /// Hundredths of a percent for each month begun.
    pub basis_points_a_month: u32,
    /// At most so many in all.
    pub at_most: u32,
}

impl Regime {
    /// Whether the rule is in force on a date.
    pub fn is_valid_on(&self, date: Date) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }

    /// A clock by its id.
    pub fn clock(&self, id: &str) -> Option<&RegimeClock> {
        self.clocks.iter().find(|clock| clock.id == id)
    }
}
