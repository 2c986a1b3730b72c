//! Which words of a mail are its writer's own: quoted history and signatures folded, answers in between kept.
//!
//! Here: the parts and the entrance. Not here: HTML (see [`crate::html::to_text`]), what the words mean.
//!
//! In doubt a line is shown: a fold that hides an answer loses a customer's words, one that shows a quotation does not.
//! Every rule looks at a bounded number of lines and characters, so that reading is linear.

mod advertisement;
mod announcement;
mod antivirus;
mod attribution;
mod card;
mod container;
mod headers;
mod marks;
mod notice;
mod opening;
mod program_words;
mod signature;
mod walk;

use crate::copied::line::Line;
pub(crate) use container::is_signature;
use walk::Whole;

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

/// A text in parts. Their concatenation is the text with its line ends (CR LF, CR) as LF: nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reading {
    /// The parts in order; neighbours differ in kind.
    pub parts: Vec<Part>,
}

impl Reading {
    /// The visible parts, a blank line between them, without blank lines around. Empty only for a blank text.
    pub fn visible(&self) -> String {
        let visible = self.parts.iter().filter(|part| part.kind == PartKind::Visible);
        let texts = visible.map(|part| without_blank_ends(&part.text)).filter(|text| !text.is_empty());
        texts.collect::<Vec<_>>().join("\n\n")
    }
}

/// Reads a plain text body: whose words each line is. A text that would fold away whole is shown whole.
pub fn read(plain: &str) -> Reading {
    let text = plain.replace("\r\n", "\n").replace('\r', "\n");
    let lines = marks::lines(&text);
    let kinds = walk::kinds(&lines, Whole::IsShown);
    let mut parts: Vec<Part> = Vec::new();
    for (line, kind) in lines.iter().zip(kinds) {
        match parts.last_mut() {
            Some(part) if part.kind == kind => part.text.push_str(line.text),
            _ => parts.push(Part { kind, text: line.text.to_owned() }),
        }
    }
    Reading { parts }
}

/// True where history begins at this line; for [`crate::forward`], which reads lines without their marks.
pub(crate) fn is_history_at(lines: &[Line<'_>], place: usize) -> bool {
    opening::at(lines, place).is_some()
}

/// The text without its signatures and advertisements; empty when it is made of nothing else.
pub(crate) fn without_signatures(text: &str) -> String {
    let lines = marks::lines(text);
    let kinds = walk::kinds(&lines, Whole::MayFold);
    let own = lines.iter().zip(kinds).filter(|(_, kind)| *kind != PartKind::Signature);
    without_blank_ends(&own.map(|(line, _)| line.text).collect::<String>()).to_owned()
}

/// The text from its first line with words to its last; the first line keeps its indent.
pub(crate) fn without_blank_ends(text: &str) -> &str {
    let text = text.trim_end();
    let blank = text.len() - text.trim_start().len();
    let start = text[..blank].rfind('\n').map_or(0, |end| end + 1);
    &text[start..]
}
