//! Amazon's notices about mails sent through it (SES by SNS), when they come by mail: JSON in the text, wrapped and
//! sometimes quoted twice. Only a few keys are looked for; the rest of the JSON is not read.

use casework::inbound::{DeliveryReport, Fate};

use super::super::headers::address;
use super::story::Story;

/// A value longer than this is none that we look for, in bytes.
const VALUE_BYTES_MAX: usize = 1_000;

/// Whether the text is such a notice, about a failure or a delivery. Complaints are not about delivery.
pub(super) fn is_notice(story: &Story<'_>) -> bool {
    story.lines.iter().take(20).any(|line| line.contains("notificationType"))
        && fate(&joined(story)).is_some()
}

/// Reads the notice.
pub(super) fn report(story: &Story<'_>) -> Option<DeliveryReport> {
    let json = joined(story);
    let fate = is_notice(story).then(|| fate(&json)).flatten()?;
    let recipients = json.split_once("\"recipients\":").map_or("", |(_, rest)| rest);
    let recipient = value(&json, "emailAddress").or_else(|| recipients.split('"').nth(1));
    let words = value(&json, "diagnosticCode").or_else(|| value(&json, "smtpResponse"));
    Some(DeliveryReport {
        fate,
        recipient: recipient.and_then(address),
        status: value(&json, "status").and_then(super::codes::field_status),
        words: words.unwrap_or_default().to_owned(),
    })
}

fn fate(json: &str) -> Option<Fate> {
    match value(json, "notificationType")? {
        "Bounce" => Some(Fate::Failed),
        "Delivery" => Some(Fate::Delivered),
        "DeliveryDelay" => Some(Fate::Delayed),
        _ => None,
    }
}

/// The lines joined where a wrapping program broke them, without the second quoting.
fn joined(story: &Story<'_>) -> String {
    let parts = story.lines.iter().map(|line| line.strip_suffix('!').unwrap_or(line).trim_start());
    parts.collect::<String>().replace("\\\"", "\"")
}

/// The value of `"key":"value"`.
fn value<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{key}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.get(..rest.find('"')?).filter(|value| value.len() <= VALUE_BYTES_MAX)
}
