//! Letters as files: what is read from each `.eml` is in the `.txt` beside it. A case is added without Rust.

use std::fmt::Write;

use casework::inbound::{Defect, DeliveryReport, Inbound, Mailbox};
use channels::mail::read::read;

use super::bounds::check_bounds;
use super::expect::{expect_file, fixtures};

fn shown(letter: &Inbound, defects: &[Defect]) -> String {
    let mut out = String::new();
    let person = |mailbox: &Mailbox| match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.address),
        None => mailbox.address.clone(),
    };
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    line("from", letter.from.as_ref().map(person).unwrap_or_default());
    line("reply to", letter.reply_to.as_ref().map(person).unwrap_or_default());
    line("recipients", letter.recipients.iter().map(person).collect::<Vec<_>>().join(", "));
    line("subject", letter.subject.clone());
    line("id", letter.message_id.clone().unwrap_or_default());
    line("answers", letter.answers.join(" "));
    line("sent at", letter.sent_at.map(|at| at.to_string()).unwrap_or_default());
    line("automatic", letter.automatic.map(|kind| format!("{kind:?}")).unwrap_or_default());
    line("report", letter.report.as_ref().map(reported).unwrap_or_default());
    line(
        "junk",
        letter
            .junk
            .as_ref()
            .map(|mark| format!("{} {:?}", mark.field, mark.score_tenths))
            .unwrap_or_default(),
    );
    if let Some(inner) = &letter.forwarded {
        line("forwarded from", person(&inner.from));
        line("forwarded subject", inner.subject.clone());
        line("forwarded id", inner.message_id.clone().unwrap_or_default());
        line("forwarded text", format!("{:?}", inner.text));
        line("comment", format!("{:?}", inner.comment));
    }
    for file in &letter.files {
        let id = file.content_id.as_deref().map(|id| format!(" cid {id}")).unwrap_or_default();
        line(
            "file",
            format!("{} {} {} {} bytes{id}", file.index, file.name, file.media_type, file.size_bytes),
        );
    }
    for defect in defects {
        line("defect", format!("{defect:?}"));
    }
    line("html", letter.html.as_deref().map(|html| format!("{} bytes", html.len())).unwrap_or_default());
    writeln!(out, "---\n{}", letter.text).unwrap();
    out
}

fn reported(report: &DeliveryReport) -> String {
    let recipient = report.recipient.as_deref().unwrap_or("nobody");
    let status = report.status.as_deref().unwrap_or("no status");
    format!("{:?} {recipient} {status} {:?}", report.fate, report.words)
}

#[test]
fn letters_are_read_as_written_beside_them() {
    let paths = fixtures("mails", "eml");
    assert!(paths.len() >= 100);
    for path in paths {
        let raw = std::fs::read(&path).unwrap();
        let (letter, defects) = read(&raw, "mark-of-this-desk");
        check_bounds(&raw, &letter, &defects);
        expect_file(&path.with_extension("txt"), &shown(&letter, &defects));
    }
}

#[test]
fn letters_cut_anywhere_are_read_within_bounds() {
    for path in fixtures("mails", "eml") {
        let raw = std::fs::read(&path).unwrap();
        for end in (0..raw.len()).step_by(11) {
            let (letter, defects) = read(&raw[..end], "mark");
            check_bounds(&raw[..end], &letter, &defects);
        }
    }
}
