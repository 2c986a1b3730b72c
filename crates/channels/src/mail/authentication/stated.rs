//! What a server that we trust has stated about a letter: the table of [`super`] on its results. No DNS.

use super::alignment::{domain_of, is_aligned, normal};
use super::results::{Method, Results};

/// What the statement comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    /// The author's domain stands behind it.
    Proven,
    /// The author's domain disowns it.
    Forged,
    /// DMARC failed, but nobody asks to hold that against the letter.
    Open,
    /// Nothing about the author's domain.
    Nothing,
}

/// Judges a field for a letter whose author has this domain.
pub(super) fn judge(results: &Results, author: &str) -> Stated {
    let of = |name: &'static str| results.methods.iter().filter(move |method| method.name == name);
    // A result for another domain than the author's was not made for this letter.
    let is_ours = |dmarc: &&Method| {
        dmarc.get("header.from").is_none_or(|from| same_domain(from, author))
            && dmarc.told("header.from").count() < 2
    };
    match of("dmarc").find(is_ours).map(|dmarc| (dmarc.result.as_str(), dmarc)) {
        Some(("pass", _)) => return Stated::Proven,
        Some(("fail", dmarc)) if asks_to_act(dmarc) => return Stated::Forged,
        Some(("fail", _)) => return Stated::Open,
        _ => {}
    }
    let is_signed = of("dkim").filter(|dkim| dkim.result == "pass").any(|dkim| {
        let identity = dkim.get("header.i").and_then(domain_of);
        let signer = dkim.get("header.d").map(str::to_owned).or(identity);
        signer.is_some_and(|signer| is_aligned(&signer, author))
    });
    let is_sent = of("spf").filter(|spf| spf.result == "pass").any(|spf| {
        let sender = spf.get("smtp.mailfrom").or_else(|| spf.get("smtp.mail"));
        let domain = sender.map(|sender| domain_of(sender).unwrap_or_else(|| sender.to_owned()));
        domain.is_some_and(|domain| is_aligned(&domain, author))
    });
    if is_signed || is_sent { Stated::Proven } else { Stated::Nothing }
}

/// Whether the domain asks to act on failures, and the server did not decide otherwise. The policy is told in many
/// ways: `(p=REJECT sp=NONE dis=QUARANTINE)` by Gmail and `OpenDMARC`, `action=oreject` by Microsoft, `(policy=reject)`
/// by rspamd, `policy.published-domain-policy=reject` by others.
fn asks_to_act(dmarc: &Method) -> bool {
    let said = |names: &[&'static str], words: &[&str]| {
        names.iter().any(|name| dmarc.told(name).any(|value| words.contains(&value.as_str())))
    };
    let asked =
        said(&["p", "policy", "policy.dmarc", "policy.published-domain-policy"], &["quarantine", "reject"]);
    let acted =
        said(&["action"], &["quarantine", "reject", "oreject", "o.reject", "pct.quarantine", "pct.reject"]);
    let overruled = said(&["dis", "d", "action", "policy.applied-disposition"], &["none"]);
    (asked || acted) && !overruled
}

/// `header.from` is a domain, but some write the address.
fn same_domain(from: &str, author: &str) -> bool {
    domain_of(from).or_else(|| normal(from)).is_some_and(|domain| domain == author)
}
