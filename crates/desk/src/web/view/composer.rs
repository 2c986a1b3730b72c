//! Where a conseiller writes: a reply, an internal note, a proposed solution. Three separate forms, so that what is
//! written as a note can never leave as a reply.

/// The composer of a case.
#[derive(Debug, Clone, Default)]
pub struct Composer {
    /// Which form is open at first.
    pub kind: ComposerKind,
    /// Who a reply or a proposal goes to: "Nadia Ferrand <nadia@…>".
    pub to: String,
    /// True when an answer is shown on the customer's private page alone: no mail can reach them.
    pub is_page_only: bool,
    /// Goes into the hidden `act` field: the same value twice is the same act, so a double click sends once.
    pub act: String,
    /// Goes into the hidden `seen` field: number of the last timeline entry on screen.
    pub seen: String,
    /// What was being written, when a form comes back refused.
    pub text: String,
    /// Why it came back.
    pub problem: Option<String>,
    /// Files that came in with it.
    pub kept: Vec<KeptFile>,
    /// False when the customer has no address we can write to: only notes are offered.
    pub can_reply: bool,
    /// False when a solution cannot be proposed (already closed).
    pub can_propose: bool,
}

/// A file that came in with a form that is shown again.
#[derive(Debug, Clone, Default)]
pub struct KeptFile {
    /// Its signed id, which the form gives back.
    pub word: String,
    /// Its name.
    pub name: String,
}

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ComposerKind {
    /// To the customer.
    #[default]
    Reply,
    /// For colleagues only.
    Note,
    /// To the customer, with the question "is it solved?".
    Proposal,
}

impl Composer {
    /// True when the form of that name (`reply`, `note`, `proposal`) is open at first.
    pub fn opens(&self, name: &str) -> bool {
        let kind = match self.kind {
            ComposerKind::Note => "note",
            _ if !self.can_reply => "note",
            ComposerKind::Proposal if self.can_propose => "proposal",
            ComposerKind::Reply | ComposerKind::Proposal => "reply",
        };
        kind == name
    }

    /// The text to put back into the form of that name.
    pub fn text_for(&self, name: &str) -> &str {
        if self.opens(name) { &self.text } else { "" }
    }
}
