//! What filters before us say about a letter. Only a "yes" is believed: anybody can write a "no", and nobody gains by
//! writing a "yes" about their own letter. What is done with it is decided elsewhere.

use casework::inbound::JunkMark;

use super::fields::Fields;

/// Spam confidence level from which Exchange itself takes a letter for junk.
const LEVEL_JUNK: i32 = 5;
/// Largest score believed, in tenths of a point either way.
const SCORE_TENTHS_MAX: i32 = 100_000;

/// How a field says "yes".
#[derive(Clone, Copy)]
enum Yes {
    /// The field begins with this word, in lower case.
    Begins(&'static str),
    /// The field has this word somewhere, in lower case.
    Has(&'static str),
    /// The field is a spam confidence level.
    Level,
}

/// Fields and their "yes", the plainest first. `SpamAssassin`, Rspamd, Exchange, OVH and Vade, Proofpoint, Barracuda,
/// Free, DSPAM, bogofilter, `SpamProbe`, CRM114, Google Workspace, `SpamExperts`.
const MARKS: [(&str, Yes); 31] = [
    ("X-Spam-Flag", Yes::Begins("yes")),
    ("X-Spam-Flag", Yes::Begins("true")),
    ("X-Spam-Status", Yes::Begins("yes")),
    ("X-Spam", Yes::Begins("yes")),
    ("X-Spam", Yes::Begins("true")),
    ("X-Rspamd-Action", Yes::Begins("add header")),
    ("X-Rspamd-Action", Yes::Begins("rewrite subject")),
    ("X-Rspamd-Action", Yes::Begins("reject")),
    ("X-Spamd-Result", Yes::Begins("default: true")),
    ("X-MS-Exchange-Organization-SCL", Yes::Level),
    ("X-Forefront-Antispam-Report", Yes::Has("sfv:spm")),
    ("X-Forefront-Antispam-Report", Yes::Has("sfv:sks")),
    ("X-Forefront-Antispam-Report-Untrusted", Yes::Has("sfv:spm")),
    ("X-VR-SPAMSTATE", Yes::Begins("spam")),
    ("X-VADE-SPAMSTATE", Yes::Begins("spam")),
    ("X-Ovh-Spam-Status", Yes::Begins("spam")),
    ("X-Ovh-Spam-Reason", Yes::Begins("vr: spam")),
    ("X-Ovh-Spam-Reason", Yes::Begins("vr:spam")),
    ("X-Proofpoint-Spam-Details", Yes::Begins("rule=spam")),
    ("X-Barracuda-Spam-Flag", Yes::Begins("yes")),
    ("X-Barracuda-Spam-Status", Yes::Begins("yes")),
    ("X-ProXaD-SC", Yes::Has("state=spam")),
    ("X-DSPAM-Result", Yes::Begins("spam")),
    ("X-Bogosity", Yes::Begins("spam")),
    ("X-Bogosity", Yes::Begins("yes")),
    ("X-SpamProbe", Yes::Begins("spam")),
    ("X-CRM114-Status", Yes::Begins("spam")),
    ("X-Gm-Spam", Yes::Begins("1")),
    ("X-Gm-Phishy", Yes::Begins("1")),
    ("X-SpamExperts-Class", Yes::Begins("spam")),
    ("X-MailScanner-SpamCheck", Yes::Begins("spam,")),
];

/// The first mark that says so.
pub(super) fn junk(fields: &Fields<'_>) -> Option<JunkMark> {
    let named = MARKS.iter().find(|(name, yes)| fields.all(name).any(|value| says(&value, *yes)));
    let field = named.map(|(name, _)| (*name).to_owned()).or_else(|| forefront_level(fields));
    let field = field.or_else(|| mail_scanner(fields))?;
    let score_tenths = score(fields, &field);
    Some(JunkMark { field, score_tenths })
}

fn says(value: &str, yes: Yes) -> bool {
    let value = value.trim().to_ascii_lowercase();
    match yes {
        Yes::Begins(word) => value.starts_with(word),
        Yes::Has(word) => value.contains(word),
        Yes::Level => value.parse().is_ok_and(|level: i32| level >= LEVEL_JUNK),
    }
}

/// `…;SCL:6;…` in the report of Microsoft's filter.
fn forefront_level(fields: &Fields<'_>) -> Option<String> {
    let name = "X-Forefront-Antispam-Report";
    let report = fields.first(name)?.to_ascii_lowercase();
    let level = report.split(';').find_map(|item| item.trim().strip_prefix("scl:"))?;
    says(level, Yes::Level).then(|| name.to_owned())
}

/// `MailScanner` puts the name of its owner into its fields: `X-Example-MailScanner-SpamCheck`.
fn mail_scanner(fields: &Fields<'_>) -> Option<String> {
    let is_check = |name: &str| name.to_ascii_lowercase().ends_with("-mailscanner-spamcheck");
    let mut checks = fields.named(is_check);
    let (name, _) = checks.find(|(_, value)| says(value, Yes::Begins("spam,")))?;
    Some(name.chars().take(100).collect())
}

/// The score beside the mark, in its own field or in that of the same filter.
fn score(fields: &Fields<'_>, field: &str) -> Option<i32> {
    let own = fields.named({
        let field = field.to_owned();
        move |name| name.eq_ignore_ascii_case(&field)
    });
    let own: Vec<String> = own.map(|(_, value)| value).collect();
    let beside: &[&str] = if field.starts_with("X-Barracuda") {
        &["X-Barracuda-Spam-Status", "X-Barracuda-Spam-Score"]
    } else if field.starts_with("X-VR") {
        &["X-VR-SPAMSCORE"]
    } else if field.starts_with("X-Spam") || field.starts_with("X-Rspamd") {
        &["X-Spam-Status", "X-Spam-Score", "X-Spamd-Result", "X-Rspamd-Score"]
    } else {
        &[]
    };
    let beside = beside.iter().filter_map(|name| fields.first(name));
    own.into_iter().chain(beside).find_map(|value| tenths_in(&value))
}

/// The number after `score=`, `hits=` or `[`, or the whole field.
fn tenths_in(value: &str) -> Option<i32> {
    let lower = value.trim().to_ascii_lowercase();
    let marked = ["score=", "hits=", "scl:", "["];
    let rest = marked.iter().find_map(|mark| lower.split_once(mark).map(|(_, rest)| rest));
    tenths(rest.unwrap_or(&lower).trim_start())
}

/// Reads `12.34` as 123. `None` when it does not begin with a number.
fn tenths(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let whole_end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let whole: i32 = digits[..whole_end].parse().ok()?;
    let tenth = digits[whole_end..].strip_prefix(['.', ',']).and_then(|rest| rest.chars().next());
    let tenth = tenth.and_then(|digit| digit.to_digit(10)).and_then(|digit| i32::try_from(digit).ok());
    let tenths = whole.saturating_mul(10).saturating_add(tenth.unwrap_or(0));
    Some(sign * tenths.min(SCORE_TENTHS_MAX))
}
