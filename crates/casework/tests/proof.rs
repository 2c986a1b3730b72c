//! Signed addresses and private links: what we signed opens, and nothing else does.

use casework::proof::{LinkTo, Secret, SecretTooShort, without_tag};
use casework::{BrandId, CaseId};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

const CARE: &str = "care@marque.example";
const CASE: CaseId = CaseId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0042));

fn secret(seed: u8) -> Secret {
    Secret::new(vec![seed; 32]).unwrap()
}

/// Anne's case, with so many revocations behind it.
fn link(generation: u32) -> LinkTo {
    LinkTo { brand: BrandId(1), case: CASE, generation }
}

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn until() -> Timestamp {
    at("2026-09-01T00:00:00Z")
}

fn now() -> Timestamp {
    at("2026-03-02T09:00:00Z")
}

fn address() -> String {
    secret(1).reply_address(CARE, BrandId(1), CASE)
}

fn case_of(address: &str) -> Option<CaseId> {
    secret(1).case_of_address(address, BrandId(1))
}

/// Stored links and addresses in people's mailboxes must go on working: this text may not change between
/// releases. Computed apart from this code, by Python's hmac and base64.
#[test]
fn what_was_signed_once_is_signed_for_ever() {
    insta::assert_snapshot!(address(), @"care+agmaaaaaabyabaaaaaaaaaaaijpkovghkd34jyzrom@marque.example");
    insta::assert_snapshot!(secret(1).link_token(link(0), until()), @"AAAAAAAAAAEBmAAAAABwAIAAAAAAAABCAcbEoL6rUrQTCt_mOvGLofoAlnc");
}

#[test]
fn a_signed_address_leads_back_however_its_letters_are_cased() {
    let address = address();
    let (local, domain) = address.split_once('@').unwrap();
    assert_eq!(case_of(&address), Some(CASE));
    assert_eq!(case_of(&address.to_ascii_uppercase()), Some(CASE));
    assert_eq!(case_of(&format!("{}@{domain}", local.to_ascii_uppercase())), Some(CASE));
    assert_eq!(without_tag(&address), CARE);
}

#[test]
fn another_brand_secret_or_case_is_refused() {
    assert_eq!(secret(1).case_of_address(&address(), BrandId(2)), None);
    assert_eq!(secret(2).case_of_address(&address(), BrandId(1)), None);
    let token = |case| secret(1).reply_address(CARE, BrandId(1), case);
    let other = CaseId(Uuid::from_u128(CASE.0.as_u128() + 1));
    let of = |address: &str| address.split(['+', '@']).nth(1).unwrap().to_owned();
    // 26 characters of base32 hold the case's 16 bytes and two bits of the signature: graft one case on another's.
    let grafted = format!("care+{}{}@marque.example", &of(&token(other))[..26], &of(&token(CASE))[26..]);
    assert_eq!(case_of(&grafted), None);
}

#[test]
fn every_flipped_letter_of_a_token_is_refused() {
    let address = address();
    let (start, end) = (address.find('+').unwrap() + 1, address.find('@').unwrap());
    for place in start..end {
        for letter in
            "abcdefghijklmnopqrstuvwxyz234567".chars().filter(|letter| !address[place..].starts_with(*letter))
        {
            let forged = format!("{}{letter}{}", &address[..place], &address[place + 1..]);
            assert_eq!(case_of(&forged), None, "{forged}");
        }
    }
}

#[test]
fn what_is_no_signed_address_leads_nowhere() {
    let address = address();
    let (local, domain) = address.split_once('@').unwrap();
    let cut = |count| format!("{}@{domain}", &local[..local.len() - count]);
    let others = [
        "",
        "@",
        "+@",
        "care",
        CARE,
        "care+@marque.example",
        "care+x@marque.example",
        "care+ééé@marque.example",
    ];
    for other in others.map(str::to_owned).into_iter().chain([cut(1), cut(16), format!("{local}a@{domain}")])
    {
        assert_eq!(case_of(&other), None, "{other:?}");
    }
}

#[test]
fn a_link_is_valid_for_its_case_and_generation_only() {
    let token = secret(1).link_token(link(3), until());
    let other = CaseId(Uuid::from_u128(7));
    assert!(secret(1).is_link(&token, link(3), now()));
    assert!(!secret(1).is_link(&token, link(4), now()), "a raised generation revokes");
    assert!(!secret(1).is_link(&token, LinkTo { brand: BrandId(2), ..link(3) }, now()));
    assert!(!secret(1).is_link(&token, LinkTo { case: other, ..link(3) }, now()));
    assert!(!secret(2).is_link(&token, link(3), now()));
    assert_eq!(Secret::claim_of_link(&token), Some((BrandId(1), CASE)));
}

#[test]
fn a_link_ends_at_its_instant() {
    let token = secret(1).link_token(link(0), until());
    assert!(secret(1).is_link(&token, link(0), at("2026-08-31T23:59:59Z")));
    assert!(!secret(1).is_link(&token, link(0), until()));
    // Seconds are cut, never added.
    let token = secret(1).link_token(link(0), at("2026-09-01T00:00:59Z"));
    assert!(!secret(1).is_link(&token, link(0), until()));
    for end in [Timestamp::MIN, Timestamp::MAX] {
        let token = secret(1).link_token(link(0), end);
        assert_eq!(secret(1).is_link(&token, link(0), now()), end > now());
    }
}

#[test]
fn every_flipped_letter_of_a_link_is_refused() {
    let token = secret(1).link_token(link(0), until());
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for place in 0..token.len() {
        for letter in letters.chars().filter(|letter| !token[place..].starts_with(*letter)) {
            let forged = format!("{}{letter}{}", &token[..place], &token[place + 1..]);
            assert!(!secret(1).is_link(&forged, link(0), now()), "{forged}");
        }
    }
    for other in ["", "x", &token[1..], &token[..token.len() - 1], &format!("{token}A")] {
        assert!(!secret(1).is_link(other, link(0), now()), "{other}");
        assert_eq!(Secret::claim_of_link(other), None, "{other}");
    }
}

#[test]
fn a_signature_for_one_purpose_is_none_for_another() {
    let sign = |purpose, parts: &[&[u8]]| secret(1).sign(purpose, parts);
    assert_ne!(sign("reply", &[b"x"]), sign("link", &[b"x"]));
    assert_ne!(sign("link", &[b"ab", b"c"]), sign("link", &[b"a", b"bc"]));
    assert_ne!(sign("link", &[b"a"]), sign("link", &[b"a", b""]));
}

#[test]
fn a_short_secret_is_refused_and_none_is_ever_shown() {
    assert_eq!(Secret::new(vec![1; 31]).err(), Some(SecretTooShort));
    assert_eq!(format!("{:?}", secret(77)), "Secret(…)");
}

#[test]
fn without_tag_gives_the_inbox() {
    let table = [
        ("care@marque.fr", "care@marque.fr"),
        ("care+x@marque.fr", "care@marque.fr"),
        ("care+x+y@marque.fr", "care@marque.fr"),
        ("+x@marque.fr", "@marque.fr"),
        ("\"a@b+c\"@marque.fr", "\"a@b@marque.fr"),
        ("care", "care"),
        ("", ""),
    ];
    for (address, expected) in table {
        assert_eq!(without_tag(address), expected);
    }
}

proptest! {
    #[test]
    fn any_case_of_any_brand_comes_back(case: u128, brand: i64, key: [u8; 32], generation: u32) {
        let (secret, brand, case) = (Secret::new(key.to_vec()).unwrap(), BrandId(brand), CaseId(Uuid::from_u128(case)));
        let address = secret.reply_address(CARE, brand, case);
        prop_assert_eq!(secret.case_of_address(&address, brand), Some(case));
        let link = LinkTo { brand, case, generation };
        let token = secret.link_token(link, until());
        prop_assert!(secret.is_link(&token, link, now()));
        let later = LinkTo { generation: generation.wrapping_add(1), ..link };
        prop_assert!(!secret.is_link(&token, later, now()));
        prop_assert_eq!(Secret::claim_of_link(&token), Some((brand, case)));
    }

    #[test]
    fn nothing_made_up_leads_anywhere(address in "\\PC{0,80}", tag in "[a-z2-7]{42}") {
        prop_assert_eq!(case_of(&address), None);
        let tagged = format!("care+{tag}@marque.example");
        prop_assert_eq!(case_of(&tagged), None);
        let _ = (without_tag(&address), Secret::claim_of_link(&address));
    }
}
