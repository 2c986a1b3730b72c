//! What a foreign server says, made fit for a message of ours: one line, bounded. Nothing is understood here.

use super::limits::ANSWER_CHARS_MAX;

/// One line without control characters, of at most 300 characters.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        // Four bytes a character at most: nothing beyond can be kept.
        if line.len() > 4 * ANSWER_CHARS_MAX {
            break;
        }
    }
    line.chars().take(ANSWER_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_bounded_line() {
        assert_eq!(one_line(" trop\r\n de\tmots\u{7}!\u{85}"), "trop de mots !");
        assert_eq!(one_line(&"é".repeat(2_000)).chars().count(), 300);
        assert_eq!(one_line(&"é ".repeat(2_000)).chars().count(), 300);
    }
}
