//! Who stands behind a letter, by our own look at DNS: letters really signed and sealed, really changed on their way,
//! and a name server on the loopback that knows what a test tells it.

use std::net::Ipv4Addr;
use std::time::Duration;

use casework::inbound::SenderProof::{self, Forged, Proven, Unknown};
use channels::mail::authentication::{Authenticator, Origin};
use channels::mail::server::Envelope;
use channels::mail::sign::{DkimKey, sign};
use data_encoding::BASE64;
use jiff::Timestamp;
use mail_auth::arc::ArcSealer;
use mail_auth::common::crypto::{Ed25519Key, SigningKey};
use mail_auth::common::headers::{HeaderWriter, Writable, Writer};
use mail_auth::dkim::{Canonicalization, DkimSigner, Signature};
use mail_auth::{ArcOutput, AuthenticatedMessage, AuthenticationResults, MessageAuthenticator};

use crate::dns::Zone;
use crate::keys::{ed25519, ed25519_of, rsa, rsa_of};

const LETTER: &str = "From: Jeanne <jeanne@exemple.example>\r\nTo: aide@desk.example\r\nSubject: Colis\r\n\
    Date: Tue, 3 Mar 2026 15:00:00 +0000\r\nMessage-ID: <1@exemple.example>\r\n\r\nOù est mon colis ?\r\n";

const STRICT: &str = "v=DMARC1; p=reject";
const WATCHING: &str = "v=DMARC1; p=none";

/// A zone in which both test keys are published for these domains.
fn zone(domains: &[&str]) -> Zone {
    let zone = Zone::default();
    for domain in domains {
        zone.txt(&rsa_of(domain).dns_name(), &rsa().1).txt(&ed25519_of(domain).dns_name(), &ed25519().1);
    }
    zone
}

fn signed(letter: &str, keys: &[DkimKey]) -> String {
    let at = Timestamp::from_second(1_772_550_000).unwrap();
    String::from_utf8(sign(letter.as_bytes(), keys, at)).unwrap()
}

async fn ask(zone: &Zone) -> Authenticator {
    Authenticator::new(Some(zone.serve().await), Duration::from_secs(20)).unwrap()
}

async fn relayed(zone: &Zone, letter: &str) -> SenderProof {
    ask(zone).await.prove(letter.as_bytes(), &Origin::Relay, &[]).await
}

/// From a server of the domain's own, or of somebody else.
fn from_server(last: u8, mail_from: &str) -> Origin {
    let helo = "mx.exemple.example".to_owned();
    Origin::Direct { ip: Ipv4Addr::new(192, 0, 2, last).into(), helo, mail_from: mail_from.to_owned() }
}

async fn direct(zone: &Zone, letter: &str) -> SenderProof {
    ask(zone).await.prove(letter.as_bytes(), &from_server(66, "x@evil.example"), &[]).await
}

#[tokio::test]
async fn a_signature_of_the_authors_domain_proves() {
    let zone = zone(&["exemple.example"]);
    for key in [rsa_of("exemple.example"), ed25519_of("exemple.example")] {
        assert_eq!(relayed(&zone, &signed(LETTER, &[key])).await, Proven);
    }
    let both = signed(LETTER, &[rsa_of("exemple.example"), ed25519_of("exemple.example")]);
    zone.txt("_dmarc.exemple.example", STRICT);
    assert_eq!(relayed(&zone, &both).await, Proven);
    assert_eq!(direct(&zone, &both).await, Proven);
    // What servers put in front of the letter is not the signer's concern, the words of our own listener included.
    let kept = Envelope {
        from: "jeanne@exemple.example".to_owned(),
        recipients: vec![],
        bytes: format!("Received: from a by b; Tue, 3 Mar 2026 15:00:09 +0000\r\n{both}").into_bytes(),
        peer: String::new(),
        helo: String::new(),
    };
    assert_eq!(ask(&zone).await.prove(&kept.delivered(), &Origin::Relay, &[]).await, Proven);
    // Blanks and folds may change on the way: that is what relaxed means.
    assert_eq!(relayed(&zone, &both.replace("Subject: Colis", "subject:   Colis ")).await, Proven);
    // The answer about a key may be too long for UDP.
    zone.long_txt("s1._domainkey.exemple.example", &rsa().1);
    assert_eq!(relayed(&zone, &signed(LETTER, &[rsa_of("exemple.example")])).await, Proven);
}

#[tokio::test]
async fn what_was_changed_is_not_proven_and_forged_only_where_the_domain_asks() {
    let letter = signed(LETTER, &[rsa_of("exemple.example"), ed25519_of("exemple.example")]);
    let changed = [
        letter.replace("mon colis", "mon chèque"),
        letter.replace("Subject: Colis", "Subject: Virement"),
        format!("Subject: Virement\r\n{letter}"),
        format!("Reply-To: x@evil.example\r\n{letter}"),
        letter.replace("jeanne@", "banque@"),
        LETTER.to_owned(),
    ];
    for (policy, expected) in [
        (None, Unknown),
        (Some(WATCHING), Unknown),
        (Some(STRICT), Forged),
        (Some("v=DMARC1; p=quarantine"), Forged),
        (Some("v=DMARC1; p=reject; t=y"), Forged),
        (Some("v=DMARC1; p=quarantine; t=y"), Unknown),
        (Some("v=DMARC1; p=oops"), Unknown),
    ] {
        let zone = zone(&["exemple.example"]);
        if let Some(policy) = policy {
            zone.txt("_dmarc.exemple.example", policy);
        }
        let authenticator = ask(&zone).await;
        for changed in &changed {
            let prove = |origin| authenticator.prove(changed.as_bytes(), origin, &[]);
            // Through a relay SPF may have passed without our seeing it.
            assert_eq!(prove(&Origin::Relay).await, Unknown, "{policy:?} {changed}");
            let origin = from_server(66, "x@evil.example");
            assert_eq!(prove(&origin).await, expected, "{policy:?} {changed}");
        }
    }
}

#[tokio::test]
async fn somebody_elses_signature_proves_nothing() {
    let zone = zone(&["evil.example", "notexemple.example", "mail.exemple.example"]);
    for domain in ["evil.example", "notexemple.example"] {
        let letter = signed(LETTER, &[rsa_of(domain)]);
        assert_eq!(relayed(&zone, &letter).await, Unknown, "{domain}");
        assert_eq!(direct(&zone, &letter).await, Unknown, "{domain}");
    }
    // A server below the author's domain is the domain's own, unless the domain asks for the very same name.
    let below = signed(LETTER, &[rsa_of("mail.exemple.example")]);
    assert_eq!(relayed(&zone, &below).await, Proven);
    zone.txt("_dmarc.exemple.example", STRICT);
    assert_eq!(relayed(&zone, &below).await, Proven);
    assert_eq!(direct(&zone, &signed(LETTER, &[rsa_of("evil.example")])).await, Forged);
    let zone = self::zone(&["mail.exemple.example"]);
    zone.txt("_dmarc.exemple.example", "v=DMARC1; p=reject; adkim=s");
    assert_eq!(direct(&zone, &below).await, Forged);
}

#[tokio::test]
async fn the_domain_of_the_organisation_speaks_for_those_below() {
    let zone = zone(&["exemple.example", "mail.exemple.example"]);
    let letter = LETTER.replace("jeanne@exemple", "jeanne@news.exemple");
    let above = signed(&letter, &[rsa_of("exemple.example")]);
    let cousin = signed(&letter, &[rsa_of("mail.exemple.example")]);
    assert_eq!(relayed(&zone, &above).await, Proven);
    assert_eq!(relayed(&zone, &cousin).await, Unknown);
    // With a record its tree tells who belongs together (RFC 9989).
    zone.txt("_dmarc.exemple.example", "v=DMARC1; p=reject; sp=none");
    assert_eq!(relayed(&zone, &cousin).await, Proven);
    assert_eq!(direct(&zone, &letter).await, Unknown);
    zone.a("news.exemple.example", Ipv4Addr::new(192, 0, 2, 1)).txt("_dmarc.news.exemple.example", STRICT);
    assert_eq!(direct(&zone, &letter).await, Forged);
}

#[tokio::test]
async fn domains_in_other_scripts_are_asked_for_in_their_a_labels() {
    let zone = zone(&["éxemple.example"]);
    let letter = LETTER.replace("jeanne@exemple", "jeanne@éxemple");
    assert_eq!(relayed(&zone, &signed(&letter, &[ed25519_of("éxemple.example")])).await, Proven);
}

#[tokio::test]
async fn the_sending_server_proves_when_it_came_straight_to_us() {
    let zone = Zone::default();
    zone.txt("exemple.example", "v=spf1 mx a:web.exemple.example -all")
        .mx("exemple.example", "mx.exemple.example")
        .a("mx.exemple.example", Ipv4Addr::new(192, 0, 2, 1))
        .a("web.exemple.example", Ipv4Addr::new(192, 0, 2, 2))
        .txt("mx.exemple.example", "v=spf1 a -all")
        .txt("evil.example", "v=spf1 ip4:192.0.2.66 -all");
    for (policy, last, mail_from, expected) in [
        ("", 1, "jeanne@exemple.example", Proven),
        ("", 2, "retours@exemple.example", Proven),
        ("", 66, "jeanne@exemple.example", Unknown),
        ("", 66, "x@evil.example", Unknown),
        // A letter from nobody: the greeting stands for the sender.
        ("", 1, "", Proven),
        (STRICT, 1, "jeanne@exemple.example", Proven),
        (STRICT, 1, "", Proven),
        (STRICT, 66, "jeanne@exemple.example", Forged),
        (STRICT, 66, "x@evil.example", Forged),
        (WATCHING, 66, "x@evil.example", Unknown),
        ("v=DMARC1; p=reject; aspf=s", 1, "", Forged),
    ] {
        if !policy.is_empty() {
            zone.txt("_dmarc.exemple.example", policy);
        }
        let found = ask(&zone).await.prove(LETTER.as_bytes(), &from_server(last, mail_from), &[]).await;
        assert_eq!(found, expected, "{policy} {last} {mail_from}");
        zone.forget("_dmarc.exemple.example");
    }
}

#[tokio::test]
async fn dns_that_fails_leaves_everything_open() {
    let letter = signed(LETTER, &[rsa_of("exemple.example")]);
    let full = || {
        let zone = zone(&["exemple.example"]);
        zone.txt("_dmarc.exemple.example", STRICT).txt("evil.example", "v=spf1 -all");
        zone
    };
    for broken in ["_dmarc.exemple.example", "s1._domainkey.exemple.example"] {
        for silent in [false, true] {
            let zone = full();
            if silent {
                zone.silent(broken)
            } else {
                zone.broken(broken)
            };
            let authenticator = Authenticator::new(Some(zone.serve().await), Duration::from_secs(2)).unwrap();
            let found = authenticator.prove(letter.as_bytes(), &from_server(66, "x@evil.example"), &[]).await;
            assert_eq!(found, Unknown, "{broken} {silent}");
        }
    }
    // SPF of the author's own domain cannot be asked, and nothing else is there: not forged either.
    let zone = full();
    zone.broken("exemple.example");
    let found =
        ask(&zone).await.prove(LETTER.as_bytes(), &from_server(1, "jeanne@exemple.example"), &[]).await;
    assert_eq!(found, Unknown);
    // Nobody is there at all.
    let gone = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let authenticator = Authenticator::new(Some(gone), Duration::from_millis(400)).unwrap();
    assert_eq!(
        authenticator.prove(letter.as_bytes(), &from_server(66, "x@evil.example"), &[]).await,
        Unknown
    );
}

/// What is hashed, as `sign` does it; here with fields that no honest signer writes.
struct Signable<'a>(&'a [(&'a [u8], &'a [u8])], &'a Signature);

impl Writable for Signable<'_> {
    fn write(self, writer: &mut impl Writer) {
        Canonicalization::Relaxed.canonicalize_headers(self.0.iter().copied(), writer);
        self.1.write(writer, false);
    }
}

fn ed25519_key() -> Ed25519Key {
    let pem: String = ed25519().0.lines().filter(|line| !line.starts_with('-')).collect();
    Ed25519Key::from_pkcs8_der(&BASE64.decode(pem.as_bytes()).unwrap()).unwrap()
}

/// Signs `From` alone with a signature that expires at an instant.
fn signed_until(expires: u64) -> String {
    let key = ed25519_key();
    let (header, body) = LETTER.split_once("\r\n\r\n").unwrap();
    let from = header.split_once("\r\n").unwrap().0.split_once(':').unwrap();
    let value = format!("{}\r\n", from.1);
    let mut signature = Signature {
        v: 1,
        a: key.algorithm(),
        d: "exemple.example".to_owned(),
        s: "s2".to_owned(),
        h: vec!["From".to_owned()],
        t: 1_700_000_000,
        x: expires,
        ..Signature::default()
    };
    signature.bh = key.hash(Canonicalization::Relaxed.canonical_body(body.as_bytes(), 0)).as_ref().to_vec();
    let fields = [(from.0.as_bytes(), value.as_bytes())];
    signature.b = key.sign(Signable(&fields, &signature)).unwrap();
    format!("{}{LETTER}", signature.to_header())
}

#[tokio::test]
async fn weak_signatures_do_not_count() {
    let zone = zone(&["exemple.example"]);
    zone.txt("_dmarc.exemple.example", STRICT);
    assert_eq!(direct(&zone, &signed_until(9_999_999_999)).await, Proven);
    assert_eq!(direct(&zone, &signed_until(1_700_000_100)).await, Forged);
    let signer = |names: &[&str]| {
        DkimSigner::from_key(ed25519_key()).domain("exemple.example").selector("s2").headers(names.to_vec())
    };
    // Not over From; over a part of the body only.
    let anybody = signer(&["Subject"]).sign(LETTER.as_bytes()).unwrap().to_header();
    assert_eq!(direct(&zone, &format!("{anybody}{LETTER}")).await, Forged);
    let part = signer(&["From"]).body_length(true).sign(LETTER.as_bytes()).unwrap().to_header();
    assert_eq!(direct(&zone, &format!("{part}{LETTER}et 100 euros\r\n")).await, Forged);
    // A key that was taken back.
    zone.forget("s2._domainkey.exemple.example");
    zone.txt("s2._domainkey.exemple.example", "v=DKIM1; k=ed25519; p=");
    assert_eq!(direct(&zone, &signed(LETTER, &[ed25519_of("exemple.example")])).await, Forged);
}

#[tokio::test]
async fn only_a_few_signatures_are_looked_at_the_authors_first() {
    let zone = zone(&["exemple.example", "evil.example"]);
    let real = signed(LETTER, &[ed25519_of("exemple.example")]);
    let strangers: Vec<DkimKey> = (0..40).map(|_| ed25519_of("evil.example")).collect();
    assert_eq!(relayed(&zone, &signed(&real, &strangers)).await, Proven);
    let changed = signed(&LETTER.replace("colis", "chèque"), &[ed25519_of("exemple.example")]);
    let broken = changed.split_once("From: Jeanne").unwrap().0;
    assert_eq!(relayed(&zone, &format!("{}{real}", broken.repeat(4))).await, Proven);
    assert_eq!(relayed(&zone, &format!("{}{real}", broken.repeat(5))).await, Unknown);
}

/// What a mailing list does: verifies, changes the letter, states what it found and seals it.
async fn through_a_list(zone: &Zone, letter: &str, list: &str) -> String {
    let dns = {
        use mail_auth::hickory_resolver::config::{
            ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts,
        };
        let server = zone.serve().await;
        let mut udp = ConnectionConfig::udp();
        udp.port = server.port();
        let server = NameServerConfig::new(server.ip(), true, vec![udp]);
        MessageAuthenticator::new(ResolverConfig::from_name_servers(vec![server]), ResolverOpts::default())
            .unwrap()
    };
    let arrived = AuthenticatedMessage::parse(letter.as_bytes()).unwrap();
    let found = dns.verify_dkim(&arrived).await;
    let chain =
        if arrived.as_headers.is_empty() { ArcOutput::default() } else { dns.verify_arc(&arrived).await };
    let results = AuthenticationResults::new(list).with_dkim_results(&found, "jeanne@exemple.example");
    let changed = letter.replace("Subject: ", "Subject: [liste] ");
    let leaving = AuthenticatedMessage::parse(changed.as_bytes()).unwrap();
    let sealer =
        ArcSealer::from_key(rsa_key()).domain(list).selector("s1").headers(["From", "Subject", "Date"]);
    let set = sealer.seal(&leaving, &results, &chain).unwrap();
    format!("{}{changed}", set.to_header())
}

fn rsa_key() -> mail_auth::common::crypto::RsaKey<mail_auth::common::crypto::Sha256> {
    use tokio_rustls::rustls::pki_types::PrivateKeyDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    let der = PrivateKeyDer::from_pem_slice(rsa().0.as_bytes()).unwrap();
    mail_auth::common::crypto::RsaKey::from_key_der(der).unwrap()
}

#[tokio::test]
async fn a_chain_of_seals_counts_where_the_sealer_is_trusted() {
    let zone = zone(&["exemple.example", "liste.example", "autre.example"]);
    zone.txt("_dmarc.exemple.example", STRICT);
    let letter = signed(LETTER, &[rsa_of("exemple.example")]);
    let sealed = through_a_list(&zone, &letter, "liste.example").await;
    let prove = async |letter: &str, trusted: &[&str]| {
        let trusted: Vec<String> = trusted.iter().map(|name| (*name).to_owned()).collect();
        let origin = from_server(66, "liste@liste.example");
        ask(&zone).await.prove(letter.as_bytes(), &origin, &trusted).await
    };
    assert_eq!(prove(&sealed, &["liste.example"]).await, Proven);
    assert_eq!(prove(&sealed, &["autre.example"]).await, Forged);
    assert_eq!(prove(&sealed, &[]).await, Forged);
    for changed in [sealed.replace("colis ?", "chèque ?"), sealed.replace("dkim=pass", "dkim=fail")] {
        assert_ne!(changed, sealed);
        assert_eq!(prove(&changed, &["liste.example"]).await, Forged, "{changed}");
    }
    // Two lists, one behind the other: beyond one that is not trusted, nothing counts.
    let twice = through_a_list(&zone, &sealed, "autre.example").await;
    assert_eq!(prove(&twice, &["liste.example", "autre.example"]).await, Proven);
    assert_eq!(prove(&twice, &["autre.example"]).await, Forged);
    assert_eq!(prove(&twice, &["liste.example"]).await, Forged);
    // A list that found nothing vouches for nothing.
    let unsigned = through_a_list(&zone, LETTER, "liste.example").await;
    assert_eq!(prove(&unsigned, &["liste.example"]).await, Forged);
}

#[tokio::test]
async fn letters_cut_and_mangled_anywhere_are_judged_without_harm() {
    let zone = zone(&["exemple.example"]);
    let authenticator = ask(&zone).await;
    let letter = signed(LETTER, &[ed25519_of("exemple.example")]);
    let sealed = through_a_list(&zone, &letter, "liste.example").await;
    let trusted = ["liste.example".to_owned()];
    for at in (0..sealed.len()).step_by(7).filter(|at| sealed.is_char_boundary(*at)) {
        let (before, after) = sealed.split_at(at);
        for mangled in [
            before.to_owned(),
            after.to_owned(),
            format!("{before};={after}"),
            format!("{before}\r\n{after}"),
        ] {
            let found = authenticator.prove(mangled.as_bytes(), &Origin::Relay, &trusted).await;
            assert_ne!(found, Forged, "{mangled}");
        }
    }
}
