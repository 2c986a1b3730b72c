//! The name of a file as its sender gave it, without what could lead elsewhere or mislead a reader.

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Longest ending that is kept of a name that is too long.
const ENDING_CHARS_MAX: usize = 20;

/// The last part of a path, on one line, without control characters and marks that turn the direction of what is read;
/// `fallback` when nothing is left.
pub fn clean(given: &str, fallback: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !c.is_control() && !is_unseen(*c)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = line.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return fallback.to_owned();
    }
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= NAME_CHARS_MAX {
        return name.to_owned();
    }
    let tail = &characters[characters.len() - ENDING_CHARS_MAX..];
    let ending = tail.iter().rposition(|c| *c == '.').map_or(&[][..], |dot| &tail[dot..]);
    characters[..NAME_CHARS_MAX - ending.len()].iter().chain(ending).collect()
}

/// Marks of direction, joiners and their like: `cod.exe` must not be read as `exe.doc`.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn names_lead_nowhere_and_mislead_nobody() {
        for (given, expected) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\reçu.pdf", "reçu.pdf"),
            ("..", "file"),
            ("...htaccess", "htaccess"),
            ("a\r\nX: y\0.html", "aX: y.html"),
            ("\u{202e}cod.exe", "cod.exe"),
            ("  ", "file"),
            ("/", "file"),
        ] {
            assert_eq!(clean(given, "file"), expected, "{given:?}");
        }
        let long = clean(&format!("{}.jpeg", "é".repeat(500)), "file");
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("é.jpeg"));
    }
}
