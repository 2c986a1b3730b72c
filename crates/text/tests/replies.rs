//! Every file in `replies/` is a mail, a line `===== visible =====`, and what a person must see of it; in `html_replies/`
//! the mail is HTML only. A new case is a new file.

use text::html::to_text;
use text::reading::read;

use crate::corpus;

const MARK: &str = "\n===== visible =====\n";

#[test]
fn what_is_visible_of_every_reply() {
    check("replies", 160, str::to_owned);
}

#[test]
fn what_is_visible_of_every_reply_in_html() {
    check("html_replies", 20, to_text);
}

fn check(folder: &str, fewest: usize, plain: impl Fn(&str) -> String) {
    let files = corpus::files_under(&corpus::folder(folder));
    assert!(files.len() >= fewest, "only {} replies", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let case =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (mail, expected) =
            case.split_once(MARK).unwrap_or_else(|| panic!("{} has no mark", file.display()));
        let mail = plain(mail);
        let reading = read(&mail);
        let whole: String = reading.parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(whole, mail, "{}", file.display());
        if reading.visible() != expected.trim_end() {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            wrong.push(format!("--- {name}\nseen:\n{}\nexpected:\n{expected}", reading.visible()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} replies are read wrong\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n")
    );
}
