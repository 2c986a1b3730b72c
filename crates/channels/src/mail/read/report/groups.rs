//! The fields of a delivery report (RFC 3464 2.3, RFC 6533): one group of them a recipient, in a part of their own or
//! written into the text. Nothing is guessed from sentences here.

use casework::inbound::Fate;

use super::super::headers::address;

/// Lines looked at; a report about a hundred recipients has fewer.
const LINES_MAX: usize = 2_000;
/// Recipients looked at.
const GROUPS_MAX: usize = 100;
/// A field with its folded lines, in bytes.
const FIELD_BYTES_MAX: usize = 4_000;

/// What is said about one recipient.
#[derive(Debug, Default, Clone)]
pub(super) struct Group {
    original: Option<String>,
    last: Option<String>,
    actual: Option<String>,
    action: String,
    /// As written.
    pub status: String,
    /// As written, with the kind of code before it.
    pub diagnostic: String,
    has_recipient: bool,
}

impl Group {
    /// The address it was for: as its sender wrote it, else as the last server knew it.
    pub(super) fn recipient(&self) -> Option<String> {
        if self.last.is_some() && self.original.as_deref().and_then(without_xtext) == self.last {
            return self.last.clone();
        }
        self.original.clone().or_else(|| self.last.clone()).or_else(|| self.actual.clone())
    }

    /// What became of it, when an action is named (RFC 3464 2.3.3).
    pub(super) fn fate(&self) -> Option<Fate> {
        match self.action.as_str() {
            "failed" | "failure" | "failed-permanently" => Some(Fate::Failed),
            "delayed" => Some(Fate::Delayed),
            "delivered" | "relayed" | "expanded" | "deliverable" => Some(Fate::Delivered),
            _ => None,
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            "original-recipient" => self.original = self.original.take().or_else(|| typed_address(value)),
            "final-recipient" => self.last = self.last.take().or_else(|| typed_address(value)),
            "x-actual-recipient" => self.actual = self.actual.take().or_else(|| typed_address(value)),
            "action" if self.action.is_empty() => {
                let word = value.split(|c: char| c.is_whitespace() || matches!(c, '(' | ';')).next();
                self.action = word.unwrap_or_default().to_ascii_lowercase();
            }
            "status" if self.status.is_empty() => value.clone_into(&mut self.status),
            "diagnostic-code" if self.diagnostic.is_empty() => value.clone_into(&mut self.diagnostic),
            _ => {}
        }
        self.has_recipient |= matches!(name, "original-recipient" | "final-recipient");
    }
}

/// `rfc822; somebody@example.org` as an address; nothing for X.400 and local names.
fn typed_address(value: &str) -> Option<String> {
    let (_, value) = value.split_once(';').unwrap_or(("", value));
    let value = value.trim().trim_start_matches('<');
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '>' | '(')).unwrap_or(value.len());
    address(value[..end].trim_matches(['"', '\'']))
}

/// The address without the escapes of an envelope (`+2B` for `+`, RFC 3461 section 4), which some servers, Exim among
/// them, leave in. Believed only where the last server names the same: `+2b` can be a tag of its owner's as well.
fn without_xtext(written: &str) -> Option<String> {
    let mut parts = written.split('+');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        plain.push(char::from(u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii_graphic)?));
        plain.push_str(rest);
    }
    Some(plain)
}

/// Reads the groups; lines that are no fields end one, as an empty line does.
pub(super) fn groups<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut group = Group::default();
    let mut field = String::new();
    for line in lines.take(LINES_MAX).chain([""]) {
        if line.starts_with([' ', '\t']) && !field.is_empty() && !line.trim().is_empty() {
            if field.len() + line.len() <= FIELD_BYTES_MAX {
                field.push(' ');
                field.push_str(line.trim());
            }
            continue;
        }
        add(&mut groups, &mut group, &field);
        field.clear();
        if line.trim().is_empty() {
            end(&mut groups, &mut group);
        } else if line.len() <= FIELD_BYTES_MAX {
            line.trim_end().clone_into(&mut field);
        }
        if groups.len() >= GROUPS_MAX {
            break;
        }
    }
    end(&mut groups, &mut group);
    groups
}

fn add(groups: &mut Vec<Group>, group: &mut Group, field: &str) {
    let Some((name, value)) = field.split_once(':') else { return };
    let name = name.trim().to_ascii_lowercase();
    // Some programs leave out the empty line between two recipients.
    let is_next = name == "final-recipient" && group.last.is_some()
        || name == "original-recipient" && group.original.is_some();
    if is_next {
        end(groups, group);
    }
    group.set(&name, value.trim());
}

fn end(groups: &mut Vec<Group>, group: &mut Group) {
    let group = std::mem::take(group);
    if group.has_recipient {
        groups.push(group);
    }
}
