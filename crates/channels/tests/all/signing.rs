//! DKIM: the same bytes every time, fields that nobody can add to, keys that are strong enough. Whether others verify
//! what we sign is tested in `proving` and with a real server in `delivering`.

use channels::mail::sign::{DkimKey, DkimKeyError, KeyKind, generate, sign};
use data_encoding::BASE64;
use jiff::Timestamp;
use mail_auth::dkim::generate::DkimKeyPair;

use crate::keys::{ed25519, ed25519_of, rsa, rsa_of};

const LETTER: &[u8] =
    b"From: \"Maison\"\r\n <aide@desk.example>\r\nTo: a@b.example\r\nSubject: x\r\nX-Other: y\r\n\r\n\
    Bonjour \r\n\r\n\r\n";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn the_same_mail_and_instant_give_the_same_bytes() {
    let keys = [rsa_of("desk.example"), ed25519_of("desk.example")];
    let signed = sign(LETTER, &keys, at(1_772_550_000));
    assert_eq!(signed, sign(LETTER, &keys, at(1_772_550_000)));
    assert_ne!(signed, sign(LETTER, &keys, at(1_772_550_001)));
    assert!(signed.ends_with(LETTER));
    let text = String::from_utf8(signed).unwrap();
    let (first, second) =
        text.split_once("DKIM-Signature: v=1; a=ed25519-sha256; s=s2; d=desk.example;").unwrap();
    assert!(first.starts_with("DKIM-Signature: v=1; a=rsa-sha256; s=s1; d=desk.example; c=relaxed/relaxed;"));
    for signature in [first, second.strip_suffix(std::str::from_utf8(LETTER).unwrap()).unwrap()] {
        // Relaxed names no length of the body, the instant is there, and no line is too long for the wire.
        assert!(!signature.contains(" l=") && signature.contains("t=1772550000;"), "{signature}");
        assert!(signature.split("\r\n").all(|line| line.len() <= 100), "{signature}");
        let (_, names) = signature.split_once("h=").unwrap();
        let names: String = names.split_once(';').unwrap().0.split_ascii_whitespace().collect();
        assert!(names.starts_with("From:From:To:To:Subject:Subject:Date:Message-ID:"), "{names}");
        assert!(!names.contains("X-Other") && !names.contains("Cc"), "{names}");
    }
}

#[test]
fn without_keys_the_mail_stays_as_it_is() {
    assert_eq!(sign(LETTER, &[], at(0)), LETTER);
    for odd in [&b""[..], b"\r\n", b"no colon", b":\r\n:\r\n\r\n"] {
        assert!(sign(odd, &[ed25519_of("desk.example")], at(0)).ends_with(odd));
    }
}

#[test]
fn what_dns_must_say() {
    let key = rsa_of("Desk.Example.");
    assert_eq!(key.dns_name(), "s1._domainkey.desk.example");
    assert_eq!(key.dns_value(), rsa().1);
    // The published form is the one that OpenSSL writes, with the algorithm in front.
    assert!(
        rsa().1.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"),
        "{}",
        rsa().1
    );
    assert!(ed25519().1.starts_with("v=DKIM1; k=ed25519; p="));
    assert_eq!(ed25519_of("éxemple.example").dns_name(), "s2._domainkey.xn--xemple-9ua.example");
    assert!(!format!("{key:?}").contains("MII"));
}

#[test]
fn keys_that_cannot_be_used_are_told_apart() {
    let pem = ed25519().0.as_bytes();
    let wrong = |domain: &str, selector: &str, pem: &[u8]| DkimKey::new(domain, selector, pem).unwrap_err();
    let short = DkimKeyPair::generate_rsa(1024).unwrap();
    let short = BASE64.encode(short.private_key());
    let short = format!("-----BEGIN RSA PRIVATE KEY-----\n{short}\n-----END RSA PRIVATE KEY-----\n");
    for domain in ["", "desk", "desk..example", "desk.example; p=", "a b.example", &"a.".repeat(130)] {
        assert_eq!(wrong(domain, "s1", pem), DkimKeyError::Domain, "{domain}");
    }
    for selector in ["", "s1;", "s 1", &"s".repeat(64)] {
        assert_eq!(wrong("desk.example", selector, pem), DkimKeyError::Selector, "{selector}");
    }
    let public = ["-----BEGIN PUBLIC KEY-----", "AAAA", "-----END PUBLIC KEY-----"].join("\n");
    for pem in ["", "MII", &public, &rsa().0.replace("RSA ", "EC "), &rsa().0[..400]] {
        assert_eq!(wrong("desk.example", "s1", pem.as_bytes()), DkimKeyError::Unreadable, "{pem}");
    }
    assert_eq!(wrong("desk.example", "s1", short.as_bytes()), DkimKeyError::TooShort);
}

#[test]
fn new_keys_are_new() {
    assert_ne!(generate(KeyKind::Ed25519).unwrap(), generate(KeyKind::Ed25519).unwrap());
}
