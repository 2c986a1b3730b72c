//! When one domain may speak for another. No DNS.

use mail_auth::common::to_a_label;

/// The domain of an address, in lower-case A-labels (RFC 5891), without a final dot.
pub(super) fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    normal(domain)
}

/// A domain in the form in which domains are compared; absent when it cannot be one.
pub(super) fn normal(domain: &str) -> Option<String> {
    let domain = to_a_label(domain.trim().trim_end_matches('.')).to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (domain.contains('.') && domain.split('.').all(is_label)).then_some(domain)
}

/// Relaxed alignment (RFC 7489 3.1) without a list of public suffixes: the same domain, or one is below the other.
/// Cousins (`news.brand.fr`, `mail.brand.fr`) are not seen to belong together, which leaves them unknown; a name
/// without a dot never counts. Where a domain publishes DMARC, its own tree is walked instead (RFC 9989 4.10).
pub(super) fn is_aligned(one: &str, author: &str) -> bool {
    let (Some(one), Some(author)) = (normal(one), normal(author)) else { return false };
    one == author || is_below(&one, &author) || is_below(&author, &one)
}

fn is_below(deep: &str, high: &str) -> bool {
    deep.strip_suffix(high).is_some_and(|rest| rest.ends_with('.'))
}
