//! All tests of the channels in one binary: through the public doors, with text fixtures where a case is a file.
//! Set `SUIVI_UPDATE=1` to write what came out into the fixtures, then read the difference.

#[cfg(test)]
#[path = "support/dns.rs"]
mod dns;
#[cfg(test)]
#[path = "support/exim.rs"]
mod exim;
#[cfg(test)]
#[path = "support/keys.rs"]
mod keys;

#[cfg(test)]
mod all {
    mod bounds;
    mod compose;
    mod corpora;
    mod delivering;
    #[expect(dead_code, reason = "the desk's tests use the rest of it")]
    mod dovecot;
    mod expect;
    mod hostile;
    mod imap_hostile;
    mod imap_real;
    mod machines;
    mod mails;
    mod oauth;
    mod proving;
    mod relay;
    mod reports;
    mod sending;
    mod serving;
    mod sessions;
    mod signing;
    mod stating;
    mod talking;
    mod tokens;
    mod winmail;
}
