//! Every file in `forwards/` is a subject, a mail, a line `===== forward =====`, and what is read of it, or `none`; the mail
//! of a `.html` file is HTML only. A new case is a new file.

use text::forward::{Forward, read};
use text::html::to_text;

use crate::corpus;

const MARK: &str = "\n===== forward =====\n";

#[test]
fn what_is_read_of_every_forward() {
    let files = corpus::files_under(&corpus::folder("forwards"));
    assert!(files.len() >= 45, "only {} forwards", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let case = std::fs::read_to_string(file).expect("fixture is UTF-8");
        let (letter, expected) =
            case.split_once(MARK).unwrap_or_else(|| panic!("{} has no mark", file.display()));
        let (subject, mail) = letter.split_once("\n\n").unwrap_or((letter, ""));
        let subject = subject.strip_prefix("Subject: ").unwrap_or_default();
        let is_html = file.extension().is_some_and(|extension| extension == "html");
        let plain = if is_html { to_text(mail) } else { mail.to_owned() };
        let seen = read(subject, &plain).map_or("none".to_owned(), |forward| written(&forward));
        if seen.trim_end() != expected.trim_end() {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            wrong.push(format!("--- {name}\nread:\n{seen}\nexpected:\n{expected}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} forwards are read wrong\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n")
    );
}

fn written(forward: &Forward) -> String {
    let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "name: {}\naddress: {}\nsubject: {}\nsent: {}\n--- comment\n{}\n--- text\n{}",
        said(&forward.from_name),
        said(&forward.from_address),
        said(&forward.subject),
        said(&forward.sent),
        forward.comment,
        forward.text
    )
}
