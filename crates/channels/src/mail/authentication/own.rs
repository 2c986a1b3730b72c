//! Asking DNS ourselves: signatures, sending servers, policy (RFC 6376, 7208, 7489 and 9989, 8617). The clock that
//! tells whether a signature has expired is the library's. What servers state is read elsewhere.

use casework::inbound::SenderProof;
use mail_auth::common::crypto::Algorithm;
use mail_auth::dmarc::Policy;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput, SpfResult,
};

use super::alignment::{domain_of, is_aligned};
use super::origin::Origin;
use super::results;
use super::stated::{Stated, judge};
use super::trust::is_trusted;

/// Signatures of one letter that are verified, those of the author's domain first: each costs a question to DNS and
/// some arithmetic. Letters have one or two.
const SIGNATURES_MAX: usize = 5;
/// Sets of one ARC chain that are verified; RFC 8617 4.2.1 allows 50, real chains have three or four.
const ARC_SETS_MAX: usize = 10;
/// Shortest RSA signature that counts, in bytes: 1,024 bits (RFC 8301 3.2). Shorter keys have been broken.
const RSA_BYTES_MIN: usize = 128;
/// Our own name in an SPF macro that nobody needs (RFC 7208 7.3).
const OUR_NAME: &str = "unknown";

/// Verifies a letter whose only author has this domain.
pub(super) async fn verify(
    dns: &MessageAuthenticator,
    raw: &[u8],
    origin: &Origin,
    author: &str,
    trusted: &[String],
) -> SenderProof {
    let Some(mut message) = AuthenticatedMessage::parse(raw) else { return SenderProof::Unknown };
    choose_signatures(&mut message, author);
    let signatures = dns.verify_dkim(&message).await;
    let (sender, spf) = sending_server(dns, origin).await;
    let dmarc = dns
        .verify_dmarc(DmarcParameters {
            message: &message,
            dkim_output: &signatures,
            dkim2_output: None,
            rfc5321_mail_from_domain: &sender,
            spf_output: &spf,
        })
        .await;
    let (result, policy) = (dmarc.result(), dmarc.policy());
    let is_proven = match result {
        DmarcResult::Pass => true,
        DmarcResult::None => is_vouched_for(&signatures, &sender, &spf, author),
        _ => false,
    };
    if is_proven || is_sealed(dns, &message, author, trusted).await {
        return SenderProof::Proven;
    }
    let is_direct = matches!(origin, Origin::Direct { .. });
    let is_disowned =
        matches!(result, DmarcResult::Fail(_)) && matches!(policy, Policy::Quarantine | Policy::Reject);
    if is_direct && is_disowned { SenderProof::Forged } else { SenderProof::Unknown }
}

/// Keeps the signatures that may prove something: over `From` (RFC 6376 5.4), not by SHA-1 or a short key (RFC 8301),
/// the author's domain first. What would make the library ask for reports or third parties is taken out.
fn choose_signatures(message: &mut AuthenticatedMessage<'_>, author: &str) {
    let signatures = &mut message.dkim_headers;
    signatures.retain(|field| is_sound(field.header.a, &field.header.b, &field.header.h));
    signatures.sort_by_key(|field| !is_aligned(&field.header.d, author));
    signatures.truncate(SIGNATURES_MAX);
    for field in signatures {
        field.header.r = false;
        field.header.atps = None;
    }
}

fn is_sound(algorithm: Algorithm, signature: &[u8], names: &[String]) -> bool {
    let is_strong = match algorithm {
        Algorithm::RsaSha1 => false,
        Algorithm::RsaSha256 => signature.len() >= RSA_BYTES_MIN,
        Algorithm::Ed25519Sha256 => true,
    };
    is_strong && names.iter().any(|name| name.eq_ignore_ascii_case("from"))
}

/// SPF, where we saw who connected: for the envelope sender, or the greeting when that is empty (RFC 7208 2.4).
async fn sending_server(dns: &MessageAuthenticator, origin: &Origin) -> (String, SpfOutput) {
    let Origin::Direct { ip, helo, mail_from } = origin else {
        return (String::new(), SpfOutput::default());
    };
    let parameters = if mail_from.is_empty() {
        SpfParameters::verify_ehlo(*ip, helo, OUR_NAME)
    } else {
        SpfParameters::verify_mail_from(*ip, helo, OUR_NAME, mail_from)
    };
    let output = dns.verify_spf(parameters).await;
    (domain_of(mail_from).unwrap_or_else(|| helo.clone()), output)
}

/// Without a DMARC record nobody promised anything, but an aligned signature or server still vouches.
fn is_vouched_for(signatures: &[DkimOutput<'_>], sender: &str, spf: &SpfOutput, author: &str) -> bool {
    let is_signed = |output: &DkimOutput<'_>| {
        *output.result() == DkimResult::Pass
            && output.signature().is_some_and(|signature| is_aligned(&signature.d, author))
    };
    signatures.iter().any(is_signed) || spf.result() == SpfResult::Pass && is_aligned(sender, author)
}

/// Whether a chain of seals leads from us to a trusted server that found the author's domain behind the letter. From
/// the last seal backwards each sealer must be trusted: what lies beyond an untrusted one is only that one's word.
async fn is_sealed(
    dns: &MessageAuthenticator,
    message: &AuthenticatedMessage<'_>,
    author: &str,
    trusted: &[String],
) -> bool {
    let is_ours = |seal: &&mail_auth::arc::Seal| is_trusted(Some(&seal.d), trusted);
    let seals: Vec<_> = message.as_headers.iter().map(|field| &field.header).collect();
    let is_bounded = seals.len() <= ARC_SETS_MAX;
    let is_strong = message.ams_headers.iter().all(|f| is_sound(f.header.a, &f.header.b, &f.header.h))
        && seals.iter().all(|seal| seal.a != Algorithm::RsaSha1 && seal.b.len() >= RSA_BYTES_MIN);
    if !is_bounded || !is_strong || seals.last().is_none_or(|seal| !is_ours(seal)) {
        return false;
    }
    let chain = dns.verify_arc(message).await;
    let vouches = |value: &[u8]| judge(&results::read(value), author) == Stated::Proven;
    *chain.result() == DkimResult::Pass
        && chain
            .sets()
            .iter()
            .rev()
            .take_while(|set| is_ours(&set.seal.header))
            .any(|set| vouches(set.results.value))
}
