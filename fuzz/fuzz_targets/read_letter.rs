//! Any bytes are a letter: reading them ends, never panics, and keeps the bounds that `casework::inbound` promises.
//! Every listed file can be taken out. What the letter means is not looked at here.

#![no_main]

use casework::inbound::{Inbound, Mailbox};
use channels::mail::read::{file, inline, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let (letter, defects) = read(raw, "mark");
    let again = read(raw, "mark");
    assert!(again.0 == letter && again.1 == defects, "the same bytes are read the same way");
    assert!(defects.len() <= 50, "too many defects");
    check(&letter);
    for listed in &letter.files {
        let taken = file(raw, listed.index);
        assert!(
            taken.is_some_and(
                |taken| taken.name == listed.name && taken.bytes.len() as u64 == listed.size_bytes
            )
        );
        assert!(listed.content_id.as_deref().is_none_or(|id| inline(raw, id).is_some()));
    }
    assert!(file(raw, u32::MAX).is_none());
});

fn check(letter: &Inbound) {
    letter.from.iter().chain(&letter.reply_to).chain(&letter.recipients).for_each(check_mailbox);
    assert!(letter.recipients.len() <= 100 && letter.answers.len() <= 50 && letter.files.len() <= 200);
    check_line(&letter.subject, 500);
    assert!(letter.text.len() <= 200 * 1024);
    assert!(letter.html.as_deref().unwrap_or_default().len() <= 1024 * 1024);
    for listed in &letter.files {
        check_line(&listed.name, 200);
        assert!(!listed.name.is_empty() && !listed.name.contains(['/', '\\']));
    }
    if let Some(report) = &letter.report {
        check_line(&report.words, 300);
        assert!(
            report.recipient.as_deref().is_none_or(|address| address.contains('@') && address.len() <= 254)
        );
        assert!(report.status.as_deref().is_none_or(|status| status.len() <= 9));
    }
    if let Some(inner) = &letter.forwarded {
        check_mailbox(&inner.from);
        check_line(&inner.subject, 500);
        assert!(inner.text.len() <= 200 * 1024 && inner.comment.len() <= 200 * 1024);
    }
}

fn check_mailbox(mailbox: &Mailbox) {
    assert!(mailbox.address.len() <= 254 && mailbox.address.contains('@'));
    assert!(!mailbox.address.contains(char::is_whitespace) && !mailbox.address.contains(char::is_control));
    check_line(mailbox.name.as_deref().unwrap_or_default(), 200);
}

fn check_line(line: &str, chars_max: usize) {
    assert!(line.chars().count() <= chars_max && !line.contains(char::is_control));
}
