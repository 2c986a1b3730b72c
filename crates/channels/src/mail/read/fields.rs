//! A letter's own header fields by name, as raw text: for what the parser does not know. Nothing is concluded here.

use mail_parser::Message;

/// Fields of one name looked at; copies beyond it are flooding.
const COPIES_MAX: usize = 20;

/// The letter's fields.
pub(super) struct Fields<'a>(pub(super) &'a Message<'a>);

impl<'a> Fields<'a> {
    /// The values of the fields of that name, in order, at most 20.
    pub(super) fn all(&self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.named(move |given| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Name and value of the fields whose name is wanted, in order, at most 20.
    pub(super) fn named(
        &self,
        is_wanted: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a str, String)> + 'a {
        let message = self.0;
        let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        let named = fields.iter().filter(move |field| is_wanted(field.name.as_str())).take(COPIES_MAX);
        named.map(move |field| {
            let range = field.offset_start as usize..field.offset_end as usize;
            let value = message.raw_message.get(range).unwrap_or_default();
            (field.name.as_str(), String::from_utf8_lossy(value).into_owned())
        })
    }

    /// The value of the first field of that name.
    pub(super) fn first(&self, name: &'a str) -> Option<String> {
        self.all(name).next()
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, name: &'a str) -> bool {
        self.first(name).is_some()
    }

    /// The first word of the field in lower case, without parameters and comments; empty when absent.
    pub(super) fn keyword(&self, name: &'a str) -> String {
        let value = self.first(name).unwrap_or_default();
        let end = |c: char| c == ';' || c == ',' || c == '(' || c.is_whitespace();
        value.trim().split(end).next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The null sender, which nobody must answer (RFC 5321 4.5.5, RFC 3834 2). No person's program uses it.
    pub(super) fn has_null_sender(&self) -> bool {
        self.first("Return-Path").is_some_and(|path| matches!(path.trim(), "<>" | ""))
    }

    /// RFC 3834 5: any value but `no` means a machine.
    pub(super) fn says_automatic(&self) -> bool {
        let submitted = self.keyword("Auto-Submitted");
        !submitted.is_empty() && submitted != "no"
    }

    /// `Precedence`, also under the name that some filters move it to.
    pub(super) fn precedence(&self) -> String {
        let given = self.keyword("Precedence");
        if given.is_empty() { self.keyword("X-Precedence") } else { given }
    }

    /// Mail to many, or to nobody in particular.
    pub(super) fn is_bulk(&self) -> bool {
        matches!(self.precedence().as_str(), "list" | "bulk" | "junk")
    }
}
