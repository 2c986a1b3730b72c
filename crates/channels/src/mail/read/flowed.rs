//! Plain text whose lines a mail program has broken softly, made whole again (`format=flowed`, RFC 3676). Whose words they
//! are is read elsewhere.

/// Joins each line that ends in a blank with the next one of the same quotation, and takes off the blanks that programs put
/// in front of lines (RFC 3676 4.4). With `DelSp=yes` the blank at the end is the program's too.
pub(super) fn whole(text: &str, deletes_blank: bool) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut open_depth = None;
    for (at, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let said = &line[depth..];
        let said = said.strip_prefix(' ').unwrap_or(said);
        // The line above a signature ends in a blank and is no soft one (RFC 3676 4.3).
        let is_parting = said == "-- ";
        if is_parting || open_depth != Some(depth) {
            if at > 0 {
                whole.push('\n');
            }
            whole.push_str(&line[..depth]);
            if depth > 0 && !said.is_empty() {
                whole.push(' ');
            }
        }
        let is_soft = said.ends_with(' ') && !is_parting;
        whole.push_str(if is_soft && deletes_blank { &said[..said.len() - 1] } else { said });
        open_depth = is_soft.then_some(depth);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_ends_are_joined_and_hard_ones_kept() {
        for (text, deletes_blank, expected) in [
            ("Une ligne \ncoupée.\nUne autre.", false, "Une ligne coupée.\nUne autre."),
            ("Une ligne \r\ncoupée.\r\n\r\nFin", false, "Une ligne coupée.\n\nFin"),
            ("日本 \n語", true, "日本語"),
            ("Oui.\n-- \nPaul", false, "Oui.\n-- \nPaul"),
            ("Oui \n-- \nPaul", false, "Oui \n-- \nPaul"),
            ("> Une question \n> coupée ?\nOui.", false, "> Une question coupée ?\nOui."),
            ("> Une question \nOui.", false, "> Une question \nOui."),
            (">> a \n>> b\n> c", false, ">> a b\n> c"),
            (" From ici\n >non cité\n  deux blancs", false, "From ici\n>non cité\n deux blancs"),
            (">\n> x", false, ">\n> x"),
            ("", false, ""),
            ("fin ", false, "fin "),
        ] {
            assert_eq!(whole(text, deletes_blank), expected, "{text:?}");
        }
    }
}
