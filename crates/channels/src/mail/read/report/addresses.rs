//! Which address in a report's sentences is the one that the mail was for? Every address gets a weight by what stands
//! before it. Fields of standard reports are read elsewhere and believed before this.

use super::super::headers::address;
use super::phrases::{BEFORE_OTHERS, BEFORE_RECIPIENT, has};
use super::story::Story;

/// Addresses looked at in one report.
const ADDRESSES_MAX: usize = 200;
/// Lines before an address that may announce it.
const LINES_BEFORE: usize = 4;
/// From this weight on an address stands where programs put the recipient.
const SURE: u8 = 5;
/// How Exim names the address that an alias stood for.
const ALIAS: &str = "generated from ";
const ALIAS_WEIGHT: u8 = 9;
/// What looks like the local part of servers and help desks: named in reports, seldom the recipient.
const ROLES: [&str; 7] =
    ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "postmaster-admin", "double-bounce"];

/// Whose addresses are known, and so are not the recipient's unless nothing else is there.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The author of the report, those it is sent to, and the author of the returned mail.
    pub others: Vec<String>,
    /// Those the returned mail was sent to.
    pub recipients: Vec<String>,
}

/// An address in a report.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub address: String,
    weight: u8,
    /// Index of its line.
    pub line: usize,
    /// Byte after it on its line.
    pub end: usize,
    /// It is what the mail was for before an alias was resolved.
    pub is_alias: bool,
}

impl Found {
    /// Whether it stands where programs put the recipient.
    pub(super) fn is_sure(&self) -> bool {
        self.weight >= SURE
    }
}

/// The recipient that the sentences name.
pub(super) fn recipient(story: &Story<'_>, known: &Known) -> Option<Found> {
    let mut found: Vec<Found> = candidates(story, known).collect();
    // Of several with the same weight the first one stays first.
    found.sort_by_key(|found| std::cmp::Reverse(found.weight));
    found.into_iter().next().filter(|found| found.weight > 0)
}

/// All addresses, weighed.
pub(super) fn candidates<'a>(story: &'a Story<'_>, known: &'a Known) -> impl Iterator<Item = Found> + 'a {
    let lines = story.lines.iter().enumerate();
    let places = lines.flat_map(|(line, text)| places(text).into_iter().map(move |place| (line, place)));
    places.take(ADDRESSES_MAX).filter_map(|(line, (start, end))| {
        let text = story.lines[line];
        let address = address(text.get(start..end)?)?;
        let is_alias = text.get(..start).is_some_and(|before| before.trim_end_matches('<').ends_with(ALIAS));
        let weight = if is_alias { ALIAS_WEIGHT } else { weight(story, line, start, &address, known) };
        Some(Found { address, weight, line, end, is_alias })
    })
}

/// Whether the line begins with an address, as the lines about one recipient do.
pub(super) fn begins_with_one(line: &str) -> bool {
    let line = line.trim_start_matches(['<', '"', '\'', '*', ' ', '\t', '•']);
    places(line).first().is_some_and(|(start, _)| *start == 0)
}

fn weight(story: &Story<'_>, line: usize, start: usize, address: &str, known: &Known) -> u8 {
    let before = text::fold::folded(story.lines[line].get(..start).unwrap_or_default());
    let before = before.trim_end_matches(['<', '"', '\'', ' ', '(', '[', '\t', ':', '=']);
    let label =
        before.trim_start_matches(['<', '"', '\'', '*', '-', ' ', '\t', '>', '(', '•', '·', '|', '.']);
    let base =
        if ["rcpt to", "recipient", "original-rcpt-to", "recipient address", "destinataire", "empfanger"]
            .iter()
            .any(|end| label.ends_with(end))
        {
            8
        } else if has(&BEFORE_OTHERS, label) {
            // "from" far before the address belongs to something else, unless the sentence is about somebody to ask.
            let is_near = ["from", "sender", "de", "von"].iter().any(|end| label.ends_with(end));
            let is_person = has(&BEFORE_OTHERS[4..], label);
            u8::from(!is_near && !is_person)
        } else if label.is_empty() || label == "rfc822;" || label == "mailto" || label == "smtp" {
            5 + u8::from(is_announced(story, line))
        } else if label.ends_with("delivered to")
            || label.ends_with(" mail to")
            || label.ends_with("message to")
        {
            6
        } else if has(&BEFORE_RECIPIENT, label) {
            5
        } else if matches!(label, "to" | "a" | "an") || label.ends_with(" to") || label.ends_with(" for") {
            3
        } else {
            1
        };
    adjusted(base, address, known)
}

fn adjusted(base: u8, address: &str, known: &Known) -> u8 {
    let local = address.split('@').next().unwrap_or_default();
    let is_other = known.others.iter().any(|other| other == address);
    if known.recipients.iter().any(|recipient| recipient == address) {
        return base.max(1) + if is_other { 0 } else { 3 };
    }
    if is_other {
        // We may have written to ourselves: then it stands where programs put the recipient.
        return u8::from(base >= SURE);
    }
    if ROLES.contains(&local) { base.min(4) } else { base }
}

/// Whether a line above says that recipients follow.
fn is_announced(story: &Story<'_>, line: usize) -> bool {
    let above = story.lines[..line].iter().rev().filter(|line| !line.trim().is_empty()).take(LINES_BEFORE);
    above.map(|line| text::fold::folded(line)).any(|line| has(&BEFORE_RECIPIENT, &line))
}

/// Where addresses begin and end on a line.
fn places(line: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices('@') {
        if at < from || places.len() >= ADDRESSES_MAX {
            continue;
        }
        let start = local_start(line, from, at);
        let end = domain_end(line, at + 1);
        let domain = &line[at + 1..end];
        let is_domain = domain.starts_with('[') || domain.contains('.') && !domain.starts_with('.');
        if start < at && is_domain {
            places.push((start, end));
            from = end;
        }
    }
    places
}

fn local_start(line: &str, from: usize, at: usize) -> usize {
    let before = &line[from..at];
    if let Some(quoted) = before.strip_suffix('"') {
        // A quoted local part: "d'or"@example.org.
        return quoted.rfind('"').map_or(at, |quote| from + quote);
    }
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_local(*c))
        .last()
        .map_or(at, |(start, _)| from + start);
    let local = &line[start..at];
    start + (local.len() - local.trim_start_matches(['\'', '*', '-', '.', '|', '`', '=', '/', '~']).len())
}

fn domain_end(line: &str, start: usize) -> usize {
    let after = &line[start..];
    if after.starts_with('[') {
        return after.find(']').map_or(start, |end| start + end + 1);
    }
    let is_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let end = after.find(|c: char| !is_domain(c)).unwrap_or(after.len());
    start + after[..end].trim_end_matches(['.', '-', '_']).len()
}
