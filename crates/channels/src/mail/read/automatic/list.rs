//! Was it sent to many? Mailing lists (RFC 2919, RFC 2369) and newsletters.

use super::super::fields::Fields;
use crate::mail::limits::ADDRESS_BYTES_MAX;

/// Fields that only those write who send one letter to many.
const CAMPAIGNS: [&str; 12] = [
    "Feedback-ID",
    "X-CSA-Complaints",
    "X-Campaign",
    "X-CampaignID",
    "X-Campaign-Id",
    "X-campaignID",
    "X-MC-User",
    "X-Mailin-Campaign",
    "X-MailingID",
    "X-Mailing-Id",
    "X-EMV-CampagneId",
    "X-Newsletter",
];

/// The address at which a list takes letters (RFC 2369 3.4, and the habits of Google Groups and Mailman), lower case.
pub(in crate::mail::read) fn address(fields: &Fields<'_>) -> Option<String> {
    let posted = fields.first("List-Post").and_then(|value| {
        let (_, rest) = value.split_once("mailto:")?;
        Some(rest.split(['>', '?', ',']).next().unwrap_or_default().to_owned())
    });
    let address = posted.or_else(|| fields.first("X-BeenThere"))?;
    let address = address.trim().to_lowercase();
    let is_one = address.contains('@') && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_one && address.len() <= ADDRESS_BYTES_MAX).then_some(address)
}

/// A field that lists alone write, or a way to unsubscribe together with a sign that many received it: shops put
/// `List-Unsubscribe` under single letters too.
pub(super) fn is_list(fields: &Fields<'_>) -> bool {
    let offers = ["List-Unsubscribe", "List-Post", "X-Mailing-List"].iter().any(|name| fields.has(name));
    let is_campaign = || CAMPAIGNS.iter().any(|name| fields.has(name));
    fields.has("List-Id")
        || fields.precedence() == "list"
        || fields.has("X-Mailman-Version") && fields.has("X-BeenThere")
        || offers && (fields.is_bulk() || is_campaign())
}
