//! Every file in `replies/` is a mail, a line `===== visible =====`, and what a person must see of it. A new case is a
//! new file.

use text::reading::read;

use crate::corpus;

const MARK: &str = "\n===== visible =====\n";

#[test]
fn what_is_visible_of_every_reply() {
    let files = corpus::files_under(&corpus::folder("replies"));
    assert!(files.len() >= 160, "only {} replies", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let case = std::fs::read_to_string(file).expect("fixture is UTF-8");
        let (mail, expected) =
            case.split_once(MARK).unwrap_or_else(|| panic!("{} has no mark", file.display()));
        let reading = read(mail);
        assert_eq!(
            reading.parts.iter().map(|part| part.text.as_str()).collect::<String>(),
            mail,
            "{}",
            file.display()
        );
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
