//! One case: header, historique, composer, side panel.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::case_side::CaseSide;
use crate::web::view::composer::Composer;
use crate::web::view::filters;
use crate::web::view::timeline::CaseTimeline;
use crate::web::view::{Due, Moment, Nature, Status};

/// GET `/cases/{reference}`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "case_page.html")]
pub struct CasePage {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Public reference.
    pub reference: String,
    /// Subject.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// What kind it is.
    pub nature: Nature,
    /// The person.
    pub customer: String,
    /// When somebody must act.
    pub act_by: Option<Due>,
    /// The list the reader came from: `/cases?view=…`.
    pub back_url: String,
    /// Other cases this one may belong to.
    pub proposals: Vec<LinkProposal>,
    /// The case that goes on in its place, by reference.
    pub merged_into: Option<String>,
    /// Since when it is kept as evidence.
    pub held_since: Option<Moment>,
    /// When its words and files were erased.
    pub erased_at: Option<Moment>,
    /// True when our last mail is known not to have arrived.
    pub is_undelivered: bool,
    /// The historique.
    pub timeline: CaseTimeline,
    /// What can be written; none when the reader may only look.
    pub composer: Option<Composer>,
    /// Everything beside the historique.
    pub side: CaseSide,
}

/// A weak match that a person decides on: this message may belong to another case.
#[derive(Debug, Clone, Default)]
pub struct LinkProposal {
    /// Reference of the other case.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// Why we think so.
    pub why: LinkReason,
}

/// Why two cases may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkReason {
    /// The message quotes the reference.
    #[default]
    QuotesReference,
    /// It answers a message of the other case, from an address that takes no part in it.
    AnswersByStranger,
    /// It was sent to the other case's own address, by somebody who takes no part in it.
    AddressByStranger,
    /// Same sender, same subject.
    SameSubject,
    /// It answers a case that has been closed for long.
    LongClosed,
    /// It would belong there, but its sender is probably forged.
    ForgedSender,
}

impl CasePage {
    /// The sentence that explains a proposal.
    pub fn proposal_words(&self, proposal: &LinkProposal) -> String {
        let key = match proposal.why {
            LinkReason::QuotesReference => "link-quotes-reference",
            LinkReason::AnswersByStranger => "link-answers-by-stranger",
            LinkReason::AddressByStranger => "link-address-by-stranger",
            LinkReason::SameSubject => "link-same-subject",
            LinkReason::LongClosed => "link-long-closed",
            LinkReason::ForgedSender => "link-forged-sender",
        };
        self.page.lang.ta(key, [("reference", proposal.reference.as_str().into())])
    }

    /// The status in words.
    pub fn status_words(&self) -> String {
        self.status.words(self.page.lang)
    }

    /// The nature in words.
    pub fn nature_words(&self) -> String {
        self.nature.words(self.page.lang)
    }
}
