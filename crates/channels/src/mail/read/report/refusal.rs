//! The refusing server's words in a report without fields: found after the recipient's address, else where a reply
//! code is, else where a reason is named. Codes are not made here.

use super::addresses::{self, Found};
use super::codes;
use super::story::Story;

/// Lines that a refusal goes on for.
const LINES_MAX: usize = 8;
/// Paragraphs looked at after the address: one may be only "for the following reason:".
const PARAGRAPHS_MAX: usize = 3;
/// Characters that say something; less is a bracket or a dot.
const WORDS_CHARS_MIN: usize = 8;

/// The words, on one line, or nothing.
pub(super) fn refusal(story: &Story<'_>, told: Option<&Found>) -> String {
    let after =
        told.filter(|found| found.is_sure()).map(|found| after_address(story, found)).unwrap_or_default();
    if codes::smtp_code(&after).is_some() || codes::enhanced(&after).is_some() {
        return spoken(&after).to_owned();
    }
    let coded = story.lines.iter().position(|line| codes::smtp_code(line).is_some());
    if let Some(at) = coded {
        let more = story.lines[at + 1..].iter().take_while(|line| goes_on(line)).take(LINES_MAX).copied();
        let joined = [story.lines[at]].into_iter().chain(more).collect::<Vec<_>>().join(" ");
        return spoken(trimmed(&joined)).to_owned();
    }
    let is_clear = codes::status_of_words(&text::fold::folded(&after), false).is_some();
    let reason = if is_clear { String::new() } else { reason(story) };
    if reason.is_empty() { after } else { reason }
}

/// From the reply code on, when there is one: what stands before it is who said it.
pub(super) fn spoken(text: &str) -> &str {
    codes::smtp_code(text).map_or(text, |start| &text[start..])
}

/// The first paragraph with words after the address, up to the next address.
fn after_address(story: &Story<'_>, found: &Found) -> String {
    let rest = story.lines[found.line].get(found.end..).unwrap_or_default();
    // What the address was a link to says nothing new.
    let rest = if rest.trim_start().starts_with("<mailto:") { "" } else { rest };
    let mut lines =
        [rest].into_iter().chain(story.lines[found.line + 1..].iter().copied()).take(LINES_MAX * 2);
    for _ in 0..PARAGRAPHS_MAX {
        let mut joined = String::new();
        for line in lines.by_ref().take_while(|line| !line.trim().is_empty()) {
            if !goes_on(line) {
                return trimmed(&joined).to_owned();
            }
            joined.push_str(line.trim());
            joined.push(' ');
        }
        let words = trimmed(&joined);
        if words.chars().count() >= WORDS_CHARS_MIN && !joined.trim_end().ends_with(':') {
            return words.to_owned();
        }
    }
    String::new()
}

/// Whether the line belongs to the sentence before it: it is not empty and begins with no address.
fn goes_on(line: &str) -> bool {
    !line.trim().is_empty() && !addresses::begins_with_one(line)
}

/// A line whose words stand for a code, when no line has one.
fn reason(story: &Story<'_>) -> String {
    let is_reason = |line: &&&str| codes::status_of_words(&text::fold::folded(line), false).is_some();
    story.lines.iter().find(is_reason).map(|line| trimmed(line).to_owned()).unwrap_or_default()
}

fn trimmed(text: &str) -> &str {
    let is_frame =
        |c: char| c.is_whitespace() || matches!(c, '>' | ':' | '"' | '<' | '\'' | '-' | '=' | '*' | ',');
    text.trim_matches(is_frame).trim_start_matches(['.', ')', ' '])
}
