//! What is taken, what is refused, and that every refusal is named at once.

use channels::mail::send::{Login, Tls};

use super::*;

const SMALL: &str = "public_url = 'https://desk.brand.fr/'\nmail_in.lmtp = '127.0.0.1:8024'\n\
                     mail_out.host = 'mx.brand.fr'\n";

fn check_with(toml: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let mut written = Written::default();
    written.take_file(parse(toml).map_err(|words| vec![words])?);
    written.take_environment(environment.iter().map(|(name, text)| (name.into(), text.into())));
    check(written).map_err(|WrongSettings(wrong)| wrong)
}

fn check_text(toml: &str) -> Result<Config, Vec<String>> {
    check_with(toml, &[])
}

/// One line for each of the names, set off by commas, and no other.
fn assert_named(wrong: &[String], names: &str) {
    let names: Vec<&str> = names.split(", ").collect();
    for name in &names {
        let lines = wrong.iter().filter(|line| line.starts_with(&format!("{name}:"))).count();
        assert_eq!(lines, 1, "{name} in {wrong:?}");
    }
    assert_eq!(wrong.len(), names.len(), "{wrong:?}");
}

#[test]
fn every_missing_setting_is_named_at_once() {
    let wrong = check_text("").unwrap_err();
    assert_named(&wrong, "public_url, mail_out.host");
}

#[test]
fn every_wrong_setting_is_named_at_once_and_only_once() {
    let wrong = check_text(
        "public_url = 'desk'\ndatabase_url = 'mysql://x'\nweb.listen = 'here'\ndata_folder = ''\n\
         [mail_in]\nlmtp = '8024'\nhostname = 'a b'\n\
         [mail_out]\nhost = ' '\nport = 0\ntls = 'maybe'\nusername = 'u'",
    )
    .unwrap_err();
    assert_named(
        &wrong,
        "public_url, database_url, web.listen, data_folder, mail_in.lmtp, mail_in.hostname, mail_out.host, \
         mail_out.port, mail_out.tls, mail_out.username and mail_out.password (or password_file)",
    );
}

#[test]
fn unknown_names_and_types_are_named_at_once() {
    let unknown = "data_foldr = 'x'\nweb = 3\nsecret_file = 1.5\nmail_out.prot = 25\n[mailout]\nhost = 'x'";
    let toml = format!("{SMALL}{unknown}");
    let names = "SUIVI_PUBLICURL SUIVI_MAILOUT__HOST SUIVI_LOG SUIVI_TEST_POSTGRES SUIVI_PORT_8080_TCP HOME";
    let environment: Vec<_> = names.split(' ').map(|name| (name, "x")).collect();
    let wrong = check_with(&toml, &environment).unwrap_err();
    assert_named(
        &wrong,
        "data_foldr, web, secret_file, mail_out.prot, mailout, SUIVI_PUBLICURL, SUIVI_MAILOUT__HOST",
    );
}

#[test]
fn a_password_stays_as_written_and_is_never_told() {
    for word in ["123456", "007", "1.10", "true", "[x]", "\"quoted\"", "a=b"] {
        let environment = [("SUIVI_MAIL_OUT__PASSWORD", word), ("SUIVI_MAIL_OUT__USERNAME", "42")];
        let out = check_with(SMALL, &environment).unwrap().mail_out.unwrap();
        let login = Login::Password { user: "42".to_owned(), password: word.to_owned() };
        assert!(out.login == login, "{word}");
    }
    let out = check_text(&format!("{SMALL}mail_out.username = 'u'\nmail_out.password = 123456")).unwrap();
    let login = Login::Password { user: "u".to_owned(), password: "123456".to_owned() };
    assert!(out.mail_out.unwrap().login == login);
    for value in ["7123.5", "['7123']", "7123x", "'7123", "\"7123\\n\"", "'https://u:7123@x'"] {
        for name in ["mail_out.password", "public_url", "database_url"] {
            let line = format!("{name} = {value}");
            let wrong = check_text(&line).unwrap_err();
            assert!(!wrong.iter().any(|told| told.contains("7123")), "{line}: {wrong:?}");
        }
    }
}

#[test]
fn the_public_address_is_a_scheme_a_host_and_perhaps_a_port() {
    let read = |url: &str| {
        let rest = "mail_in.lmtp = '127.0.0.1:8024'\nmail_out.host = 'mx'";
        check_text(&format!("public_url = '{url}'\n{rest}")).map(|config| config.public_url)
    };
    let wrong = "|https://|https:///|https://a b|https://a?b|https://a#b|https://a/b|https://u@a|https://a:0|\
                 https://a:x|https://a:|https://[::1|https://é.fr|ftp://a|https://a..b";
    for url in wrong.split('|') {
        assert_named(&read(url).unwrap_err(), "public_url");
    }
    for url in ["https://desk.brand.fr", "http://localhost:8080", "http://[::1]:8080", "http://[::1]"] {
        assert_eq!(read(url).as_deref(), Ok(url));
    }
    assert_eq!(read("https://Desk.Brand.fr/").as_deref(), Ok("https://desk.brand.fr"));
}

#[test]
fn listeners_keep_apart() {
    let read = |smtp: &str| check_text(&format!("{SMALL}mail_in.smtp = '{smtp}'"));
    assert_named(&read("127.0.0.1:8024").unwrap_err(), "mail_in.lmtp and mail_in.smtp");
    assert_named(&read("0.0.0.0:8024").unwrap_err(), "mail_in.lmtp and mail_in.smtp");
    assert_named(&read("127.0.0.1:8080").unwrap_err(), "web.listen and mail_in.smtp");
    assert!(read("127.0.0.2:8024").is_ok());
    assert!(read("127.0.0.1:0").is_ok());
}

#[test]
fn a_small_file_is_enough_and_the_environment_wins() {
    let wins = check_with(SMALL, &[("SUIVI_PUBLIC_URL", "http://localhost")]).unwrap();
    assert_eq!(wins.public_url, "http://localhost");
    let config = check_text(SMALL).unwrap();
    assert_eq!(config.public_url, "https://desk.brand.fr");
    assert_eq!(config.hostname, "desk.brand.fr");
    assert_eq!(config.mail_out.map(|out| (out.port, out.tls)), Some((587, Tls::StartTls)));
}

#[test]
fn senders_are_proven_unless_it_is_switched_off() {
    let usual = check_text(SMALL).unwrap().authentication;
    assert_eq!(usual, Authentication { is_on: true, trusted: vec![], dns: None });
    let lines = "mail_in.trusted = 'mx.brand.fr, mx2.brand.fr'\nmail_in.dns = '127.0.0.1:53'\n\
                 mail_in.authentication = 'off'";
    let off = check_text(&format!("{SMALL}{lines}")).unwrap().authentication;
    assert_eq!((off.is_on, off.trusted), (false, vec!["mx.brand.fr".to_owned(), "mx2.brand.fr".to_owned()]));
    assert_eq!(off.dns, Some(SocketAddr::from(([127, 0, 0, 1], 53))));
    let lines = "mail_in.trusted = 'a b@c'\nmail_in.dns = 'here'\nmail_in.authentication = 'perhaps'";
    let wrong = check_text(&format!("{SMALL}{lines}")).unwrap_err();
    assert_named(&wrong, "mail_in.trusted, mail_in.dns, mail_in.authentication");
}

#[test]
fn a_file_of_certificates_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let read = || check_text(&format!("{SMALL}ca_file = '{}'", file.display()));
    assert_named(&read().unwrap_err(), "ca_file");
    std::fs::write(&file, "no certificate").unwrap();
    assert_named(&read().unwrap_err(), "ca_file");
    assert!(check_text(SMALL).unwrap().extra_roots.is_empty());
}
