//! Which words of a mail are its writer's own: quoted history and signatures folded, answers in between kept.
//!
//! Here: the parts and the entrance. Not here: HTML (see [`crate::html::to_text`]), what the words mean.

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// The writer's own words.
    Visible,
    /// Quoted history: who wrote before, and what.
    Quote,
    /// A signature, a mail program's advertisement, a legal notice.
    Signature,
}

/// A run of lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// The lines, with their line ends.
    pub text: String,
}

/// A text in parts. Their concatenation is the text with its line ends as `\n`: nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reading {
    /// The parts in order; neighbours differ in kind.
    pub parts: Vec<Part>,
}

impl Reading {
    /// The visible parts, a blank line between them, without blank lines around. Empty only for a blank text.
    pub fn visible(&self) -> String {
        let visible = self.parts.iter().filter(|part| part.kind == PartKind::Visible);
        let texts = visible.map(|part| part.text.trim_matches('\n').trim_end());
        texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// Reads a plain text body.
pub fn read(plain: &str) -> Reading {
    let text = plain.replace("\r\n", "\n").replace('\r', "\n");
    if text.is_empty() {
        Reading::default()
    } else {
        Reading { parts: vec![Part { kind: PartKind::Visible, text }] }
    }
}
