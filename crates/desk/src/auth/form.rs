//! The proof that a form was shown by us to whoever sends it (against cross-site request forgery): a signature over
//! something only that visitor has. It is masked anew on every page, so that compressed pages give nothing away (BREACH).

use casework::proof::Secret;
use data_encoding::BASE64URL_NOPAD;

use super::is_same;
use crate::chance::Chance;

/// What only the visitor has, and a form's token is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis<'a> {
    /// The token of their session.
    Session(&'a str),
    /// The random cookie of somebody who is not signed in.
    Visit(&'a str),
    /// The private link: having it is the proof.
    Link(&'a str),
    /// The stamp of a public form, for anybody: it may stand inside a page of another site, where no cookie reaches.
    Stamp(&'a str),
}

/// The token to put into a form.
pub fn token(secret: &Secret, chance: &Chance, basis: Basis<'_>) -> String {
    let mask = chance.bytes();
    let signature = signature(secret, basis);
    let masked = mask.iter().zip(signature).map(|(mask, byte)| mask ^ byte);
    let bytes: Vec<u8> = mask.iter().copied().chain(masked).collect();
    BASE64URL_NOPAD.encode(&bytes)
}

/// Whether a token that came back belongs to this basis.
pub fn is_valid(secret: &Secret, basis: Basis<'_>, given: &str) -> bool {
    let Ok(bytes) = BASE64URL_NOPAD.decode(given.as_bytes()) else { return false };
    let Some((mask, masked)) = bytes.split_at_checked(32) else { return false };
    let unmasked: Vec<u8> = mask.iter().zip(masked).map(|(mask, byte)| mask ^ byte).collect();
    masked.len() == 32 && is_same(&unmasked, &signature(secret, basis))
}

fn signature(secret: &Secret, basis: Basis<'_>) -> [u8; 32] {
    let (kind, word) = match basis {
        Basis::Session(word) => ("session", word),
        Basis::Visit(word) => ("visit", word),
        Basis::Link(word) => ("link", word),
        Basis::Stamp(word) => ("stamp", word),
    };
    secret.sign("form", &[kind.as_bytes(), word.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_basis() {
        let secret = Secret::new(vec![7; 32]).unwrap();
        let chance = Chance::seeded(1);
        let given = token(&secret, &chance, Basis::Visit("a"));
        assert!(is_valid(&secret, Basis::Visit("a"), &given));
        assert_ne!(given, token(&secret, &chance, Basis::Visit("a")), "each page has its own mask");
        for other in [Basis::Visit("b"), Basis::Session("a"), Basis::Link("a")] {
            assert!(!is_valid(&secret, other, &given), "{other:?}");
        }
        for wrong in ["", "x", &given[1..], &given[..40]] {
            assert!(!is_valid(&secret, Basis::Visit("a"), wrong), "{wrong}");
        }
    }
}
