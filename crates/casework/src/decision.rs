//! What a decision is: everything that one commit writes, and what it relied on. Values only; the store carries them out.

use jiff::Timestamp;
use uuid::Uuid;

use crate::case::{Case, words};
use crate::clock::{self, Clock, Policy};
use crate::event::{Actor, Cause, Event, What};
use crate::fold;
use crate::id::{
    BrandId, CaseId, ContentId, CustomerId, FileId, IdentityId, LetterId, MessageId, Mint, OrderId,
};
use crate::message::Message;
use crate::people::IdentityKind;

words! {
    /// What a piece of erasable text is.
    ContentKind {
        /// A subject line.
        Subject = "subject",
        /// The plain text of a message or note.
        Text = "text",
        /// Rich text, already safe.
        Html = "html",
        /// Names and sizes of files, as JSON.
        Files = "files",
        /// Why something was done or failed, in words.
        Reason = "reason",
        /// A name, such as that of a third party.
        Name = "name",
        /// What a customer was promised.
        Promise = "promise",
    }
}

/// A piece of personal text. Erasing it leaves every event in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its id.
    pub id: ContentId,
    /// The case it belongs to.
    pub case: CaseId,
    /// What it is.
    pub kind: ContentKind,
    /// The text.
    pub text: String,
}

/// A customer seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// Who.
    pub id: CustomerId,
    /// The name they gave.
    pub name: Option<String>,
    /// The language they wrote in.
    pub language: Option<String>,
}

/// A sign that a customer is known by from now on. Nobody may have it yet: that absence is part of the read set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIdentity {
    /// Its id.
    pub id: IdentityId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is.
    pub kind: IdentityKind,
    /// The address, number, reference or handle, in its normal form.
    pub address: String,
    /// False while somebody merely said so, as in a form.
    pub is_proved: bool,
}

/// An uploaded file that belongs to a message from now on. Nothing may have claimed it yet: that is part of the read set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment {
    /// The file.
    pub file: FileId,
    /// The case of the message.
    pub case: CaseId,
    /// The message.
    pub message: MessageId,
    /// Its place among the files of the message, from 0.
    pub position: u32,
}

/// A `Message-ID` that leads to a case from now on. It must not be known yet: that absence is part of the read set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadKey {
    /// `Message-ID` without angle brackets.
    pub mail_id: String,
    /// Where it leads.
    pub case: CaseId,
}

words! {
    /// Who goes first when there is more to send than can be sent. A later lane never delays an earlier one.
    Lane {
        /// A person's own words.
        Reply = "reply",
        /// The receipt for a new case.
        Acknowledgement = "acknowledgement",
        /// Reminders.
        Notice = "notice",
    }
}

/// A mail to be written out and sent. Repeatable: its bytes are stored before the first try, so every try sends the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The case it is for.
    pub case: CaseId,
    /// The message to send.
    pub message: MessageId,
    /// Its lane.
    pub lane: Lane,
    /// Not before.
    pub due_at: Timestamp,
}

/// How an attempt at an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEnd {
    /// Done.
    Done,
    /// Not now: again at this time.
    Again(Timestamp),
    /// Never: a person must look at it.
    GivenUp,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterEnd {
    /// It is this message of this case.
    Filed(CaseId, MessageId),
    /// The same letter was filed before.
    Duplicate(CaseId),
    /// Kept aside, visible, with a reason; a person can still make a case of it.
    Aside(AsideReason),
}

/// The end of a letter's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterResult {
    /// The letter.
    pub letter: LetterId,
    /// What tells it from every other letter: the same fingerprint is filed once a brand.
    pub fingerprint: [u8; 32],
    /// What became of it.
    pub end: LetterEnd,
}

/// The end of one attempt at an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderResult {
    /// The order.
    pub order: OrderId,
    /// The lease it was carried out under; a lease that was lost writes nothing.
    pub lease: Uuid,
    /// How it ended.
    pub end: OrderEnd,
}

words! {
    /// Why a letter was kept aside instead of becoming part of a case.
    AsideReason {
        /// A delivery report that belongs to no case.
        Bounce = "bounce",
        /// An automatic answer that belongs to no case.
        AutomaticReply = "automatic_reply",
        /// A mailing list or newsletter.
        List = "list",
        /// A read receipt that belongs to no case.
        Receipt = "receipt",
        /// A calendar's own mail that belongs to no case.
        Invitation = "invitation",
        /// One of our own mails came back.
        OwnLoop = "own_loop",
        /// A filter or a rule of the desk takes it for junk.
        Junk = "junk",
        /// The domain it claims to come from disowns it.
        Forged = "forged",
        /// It names no sender to answer to.
        NoSender = "no_sender",
        /// Reading or deciding failed again and again; the log says how.
        Unreadable = "unreadable",
    }
}

/// What happens to one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseChange {
    /// The version relied on; `None` for a case that begins here.
    pub before: Option<u32>,
    /// The row afterwards.
    pub after: Case,
    /// What is added to its timeline.
    pub events: Vec<Event>,
    /// The clocks that have yet to ring.
    pub clocks: Vec<Clock>,
    /// When the desk must next act.
    pub act_by: Option<Timestamp>,
}

/// One decision: written as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The brand everything in it belongs to.
    pub brand: BrandId,
    /// When it was taken.
    pub at: Timestamp,
    /// The customer whose set of cases was relied on, with the version seen; it is raised by the commit.
    pub customer: Option<(CustomerId, i64)>,
    /// A customer who is new.
    pub new_customer: Option<NewCustomer>,
    /// Signs that customers are known by from now on.
    pub new_identities: Vec<NewIdentity>,
    /// Uploaded files that belong to messages from now on.
    pub attachments: Vec<Attachment>,
    /// Changed cases, at most eight; more is a bulk act of one decision a case.
    pub cases: Vec<CaseChange>,
    /// New texts.
    pub contents: Vec<Content>,
    /// New messages.
    pub messages: Vec<Message>,
    /// Messages whose state changes: the state and, when it failed, the reason.
    pub message_states: Vec<(MessageId, crate::message::MessageState, Option<ContentId>)>,
    /// Addresses found to be dead since an instant, or alive again.
    pub identity_marks: Vec<(IdentityId, Option<Timestamp>)>,
    /// Cases whose words, files and letters go.
    pub erased: Vec<CaseId>,
    /// New thread keys.
    pub thread_keys: Vec<ThreadKey>,
    /// New orders.
    pub orders: Vec<Order>,
    /// The letter that was decided on.
    pub letter: Option<LetterResult>,
    /// The order whose attempt ended.
    pub order: Option<OrderResult>,
    /// Under what this act is remembered, so that asking for it again does not do it again.
    pub once: Option<Once>,
    /// What is remembered of the same act, where it was done before: then nothing else stands here.
    pub before: Option<Once>,
}

/// How an act is remembered against being done twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The hash of who asks and of a word of their choice.
    pub key: [u8; 32],
    /// The hash of what was asked, where the same word may not ask for anything else.
    pub asked: Option<[u8; 32]>,
    /// What came of it, for whoever asks again: ids, numbers and instants as JSON, nothing personal.
    pub receipt: Option<String>,
}

impl From<[u8; 32]> for Once {
    /// Remembered by its key alone.
    fn from(key: [u8; 32]) -> Self {
        Self { key, asked: None, receipt: None }
    }
}

impl Decision {
    /// A decision that writes nothing yet.
    pub fn empty(brand: BrandId, at: Timestamp) -> Self {
        Self {
            brand,
            at,
            customer: None,
            new_customer: None,
            new_identities: Vec::new(),
            attachments: Vec::new(),
            cases: Vec::new(),
            contents: Vec::new(),
            messages: Vec::new(),
            message_states: Vec::new(),
            identity_marks: Vec::new(),
            erased: Vec::new(),
            thread_keys: Vec::new(),
            orders: Vec::new(),
            letter: None,
            order: None,
            once: None,
            before: None,
        }
    }

    /// Adds a text and gives its id. Card numbers in it are masked here, where every text of a case passes.
    pub fn content(
        &mut self,
        case: CaseId,
        kind: ContentKind,
        text: impl Into<String>,
        mint: &mut dyn Mint,
    ) -> ContentId {
        let id = ContentId(mint.uuid());
        let text: String = text.into();
        let masked = match kind {
            ContentKind::Html => text::cards::mask_html(&text),
            _ => text::cards::mask(&text),
        };
        let text = match masked {
            std::borrow::Cow::Owned(masked) => masked,
            std::borrow::Cow::Borrowed(_) => text,
        };
        self.contents.push(Content { id, case, kind, text });
        id
    }

    /// Orders a mail to be sent now.
    pub fn order_mail(&mut self, case: CaseId, message: MessageId, lane: Lane, mint: &mut dyn Mint) {
        let id = OrderId(mint.uuid());
        self.orders.push(Order { id, case, message, lane, due_at: self.at });
    }
}

/// A case while it is being decided on: recording an event also folds it, so that row and timeline cannot differ.
#[derive(Debug)]
pub struct Pen {
    before: Option<u32>,
    case: Case,
    events: Vec<Event>,
    at: Timestamp,
    actor: Actor,
    cause: Cause,
}

impl Pen {
    /// Takes up an existing case.
    pub fn on(case: Case, at: Timestamp, actor: Actor, why: Cause) -> Self {
        Self { before: Some(case.seq), case, events: Vec::new(), at, actor, cause: why }
    }

    /// Begins a case. `None` when `what` is not an opening.
    pub fn begin(brand: BrandId, id: CaseId, at: Timestamp, by: (Actor, Cause), what: What) -> Option<Self> {
        let (actor, why) = by;
        let event = Event { seq: 1, at, actor, cause: why, what };
        let case = fold::begin(brand, id, &event)?;
        Some(Self { before: None, case, events: vec![event], at, actor, cause: why })
    }

    /// The case as it stands by now.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Records an event by the actor this pen was taken up for.
    pub fn record(&mut self, what: What) {
        self.record_as(self.actor, what);
    }

    /// Records an event by somebody else, for the same cause.
    pub fn record_as(&mut self, actor: Actor, what: What) {
        let event =
            Event { seq: self.case.seq.saturating_add(1), at: self.at, actor, cause: self.cause, what };
        fold::apply(&mut self.case, &event);
        self.events.push(event);
    }

    /// Puts the case down: its clocks are set from where it stands now.
    pub fn put_down(self, policy: &Policy, calendar: &calendar::Calendar) -> CaseChange {
        let clocks = clock::clocks(&self.case, policy, calendar);
        CaseChange {
            before: self.before,
            act_by: clock::act_by(&clocks),
            clocks: clock::still_to_ring(&self.case, &clocks),
            after: self.case,
            events: self.events,
        }
    }
}
