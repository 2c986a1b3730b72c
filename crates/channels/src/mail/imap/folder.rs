//! Names of folders as the protocol wants them: modified UTF-7 (RFC 3501 5.1.3) in quotes. Nothing is sent here.

use data_encoding::BASE64_NOPAD;

use super::limits::FOLDER_CHARS_MAX;

/// The folder in quotes, to be put into a command; `None` when it is empty or too long to be one.
/// Only printable ASCII comes out: a name cannot end the command it stands in.
pub(super) fn quoted(name: &str) -> Option<String> {
    let is_usable = !name.is_empty() && name.chars().count() <= FOLDER_CHARS_MAX;
    is_usable.then(|| quote(&utf7(name)))
}

/// Text in quotes (RFC 3501 4.3). The caller sees to it that there is no line end in it.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn utf7(name: &str) -> String {
    let mut out = String::new();
    let mut run = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut run, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            run.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    close(&mut run, &mut out);
    out
}

fn close(run: &mut Vec<u8>, out: &mut String) {
    if !run.is_empty() {
        out.push('&');
        // The slash separates folders on many servers, so base64 has a comma instead.
        out.push_str(&BASE64_NOPAD.encode(run).replace('/', ","));
        out.push('-');
        run.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_servers_store_them() {
        for (name, spelled) in [
            ("INBOX", "\"INBOX\""),
            ("Réclamations", "\"R&AOk-clamations\""),
            ("A & B", "\"A &- B\""),
            ("~peter/mail/台北/日本語", "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""),
            ("dit \"urgent\" \\", "\"dit \\\"urgent\\\" \\\\\""),
            ("😀", "\"&2D3eAA-\""),
            ("a\r\nb", "\"a&AA0ACg-b\""),
        ] {
            assert_eq!(quoted(name).as_deref(), Some(spelled), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_a_folder_is_none() {
        assert_eq!(quoted(""), None);
        assert_eq!(quoted(&"é".repeat(501)), None);
        assert!(quoted(&"é".repeat(500)).is_some());
    }
}
