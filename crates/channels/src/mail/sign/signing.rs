//! Writing `DKIM-Signature` fields (RFC 6376 5). The same mail, key and instant give the same bytes. No keys are read here.

use jiff::Timestamp;
use mail_auth::common::crypto::SigningKey;
use mail_auth::common::headers::{HeaderWriter, Writable, Writer};
use mail_auth::dkim::{Canonicalization, Signature};

use super::key::DkimKey;

/// Fields of which nobody may add another: they are signed once more than they are there (RFC 6376 8.15), since
/// programs differ in which of two they show.
const SEALED: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];
/// Fields that are signed where they are there.
const SIGNED: [&str; 7] = [
    "Cc",
    "Auto-Submitted",
    "Content-Transfer-Encoding",
    "Content-Language",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// A field as it stands in the mail: its name and what follows the colon, folds and line end included.
type Field<'a> = (&'a [u8], &'a [u8]);

/// Puts one `DKIM-Signature` for each key in front of the mail: `rsa-sha256` or `ed25519-sha256`, relaxed/relaxed, over
/// the whole body. `at` is the instant of signing, to the second. Deterministic, Ed25519 (RFC 8032) included, so that a
/// second try sends the same bytes. A key that fails leaves its signature out: a mail without it still arrives.
pub fn sign(bytes: &[u8], keys: &[DkimKey], at: Timestamp) -> Vec<u8> {
    let (fields, body) = split(bytes);
    let mut signed = Vec::with_capacity(bytes.len() + keys.len() * 1024);
    for key in keys {
        match signature(key, &fields, body, at) {
            Ok(signature) => signed.extend_from_slice(signature.to_header().as_bytes()),
            Err(error) => tracing::error!(%error, key = key.dns_name(), "mail not signed"),
        }
    }
    signed.extend_from_slice(bytes);
    signed
}

fn signature(
    key: &DkimKey,
    fields: &[Field<'_>],
    body: &[u8],
    at: Timestamp,
) -> mail_auth::Result<Signature> {
    let (names, chosen) = choose(fields);
    let mut signature = Signature {
        v: 1,
        a: key.key.algorithm(),
        d: key.domain.clone(),
        s: key.selector.clone(),
        h: names,
        // Before 1970 there is no mail; zero leaves the tag out.
        t: u64::try_from(at.as_second()).unwrap_or(0),
        ch: Canonicalization::Relaxed,
        cb: Canonicalization::Relaxed,
        ..Signature::default()
    };
    let body = Canonicalization::Relaxed.canonical_body(body, 0);
    signature.bh = key.key.hash(body).as_ref().to_vec();
    signature.b = key.key.sign(Signable { fields: &chosen, signature: &signature })?;
    Ok(signature)
}

/// What is hashed: the chosen fields, then the signature's own without its value (RFC 6376 3.7).
struct Signable<'a> {
    fields: &'a [Field<'a>],
    signature: &'a Signature,
}

impl Writable for Signable<'_> {
    fn write(self, writer: &mut impl Writer) {
        Canonicalization::Relaxed.canonicalize_headers(self.fields.iter().copied(), writer);
        self.signature.write(writer, false);
    }
}

/// The list for `h=` and the fields it stands for, in its order: of several with one name the last comes first
/// (RFC 6376 5.4.2), and a name without a field stands for nothing.
fn choose<'a>(fields: &[Field<'a>]) -> (Vec<String>, Vec<Field<'a>>) {
    let (mut names, mut chosen) = (Vec::new(), Vec::new());
    for name in SEALED.iter().chain(&SIGNED) {
        let same = fields.iter().rev().filter(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()));
        for field in same {
            names.push((*name).to_owned());
            chosen.push(*field);
        }
        if SEALED.contains(name) {
            names.push((*name).to_owned());
        }
    }
    (names, chosen)
}

/// The fields above the first empty line, and what is below it.
fn split(bytes: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let (mut fields, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        if let Some(body) = rest.strip_prefix(b"\r\n") {
            return (fields, body);
        }
        let end = field_end(rest);
        let (field, below) = rest.split_at(end);
        if let Some(colon) = field.iter().position(|byte| *byte == b':') {
            fields.push((&field[..colon], &field[colon + 1..]));
        }
        rest = below;
    }
    (fields, rest)
}

/// Where the field ends: after the first CR LF that no blank follows.
fn field_end(bytes: &[u8]) -> usize {
    let is_end =
        |at: &usize| bytes[..*at].ends_with(b"\r\n") && !matches!(bytes.get(*at), Some(b' ' | b'\t'));
    (2..bytes.len()).find(is_end).unwrap_or(bytes.len())
}
