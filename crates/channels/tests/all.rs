//! All tests of the channels in one binary: through the public doors, with text fixtures where a case is a file.
//! Set `SUIVI_UPDATE=1` to write what came out into the fixtures, then read the difference.

#[cfg(test)]
mod all {
    mod bounds;
    mod compose;
    mod corpora;
    mod dovecot;
    mod expect;
    mod hostile;
    mod imap_hostile;
    mod imap_real;
    mod machines;
    mod mails;
    mod relay;
    mod reports;
    mod sending;
    mod serving;
    mod sessions;
    mod winmail;
}
