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
    /// DMARC failed, and either nobody told what the domain asks for, or the server made nothing of it.
    Doubtful,
    /// DMARC failed, but the domain asks nobody to hold that against the letter, or the server believes who forwarded it.
    Open,
    /// Nothing about the author's domain.
    Nothing,
}

impl Stated {
    /// Whether the domain's own test failed.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Forged | Self::Doubtful | Self::Open)
    }
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
        Some(("fail", dmarc)) => {
            let is_forwarded = of("arc").any(|arc| arc.result == "pass");
            return failed(dmarc, is_forwarded);
        }
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

/// What a failure comes to. The policy is told in many ways: `(p=REJECT sp=NONE dis=QUARANTINE)` by Gmail and `OpenDMARC`
/// (which writes `dis=NONE` also when it was set up to act on nothing), `action=oreject` by Microsoft, `(policy=reject)` by
/// rspamd, `policy.published-domain-policy=reject` by others; some do not tell it.
fn failed(dmarc: &Method, is_forwarded: bool) -> Stated {
    let said = |names: &[&'static str], words: &[&str]| {
        names.iter().any(|name| dmarc.told(name).any(|value| words.contains(&value.as_str())))
    };
    let policy = &["p", "policy", "policy.dmarc", "policy.published-domain-policy"];
    let is_asked = said(policy, &["quarantine", "reject"]);
    let is_acted =
        said(&["action"], &["quarantine", "reject", "oreject", "o.reject", "pct.quarantine", "pct.reject"]);
    let is_overruled = said(&["dis", "d", "action", "policy.applied-disposition"], &["none"]);
    let only_watches = said(policy, &["none"]) || said(&["action"], &["none"]);
    match is_asked || is_acted {
        true if !is_overruled => Stated::Forged,
        false if only_watches => Stated::Open,
        _ if is_forwarded => Stated::Open,
        _ => Stated::Doubtful,
    }
}

/// `header.from` is a domain, but some write the address.
fn same_domain(from: &str, author: &str) -> bool {
    domain_of(from).or_else(|| normal(from)).is_some_and(|domain| domain == author)
}
