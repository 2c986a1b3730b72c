//! Text with a PGP signature around it (RFC 9580 7, the cleartext signature framework): the armour goes, the words
//! stay. An armour that does not end is left as it is, since nothing may be lost.

const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";
const ENCRYPTED: &str = "-----BEGIN PGP MESSAGE-----";
/// Lines between the armour's first line and the text, such as `Hash: SHA256`.
const HEADERS_MAX: usize = 10;

/// Whether the text holds an encrypted message.
pub(in super::super) fn has_encrypted(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == ENCRYPTED)
}

/// The text without the armour of signed passages, their dashes unescaped.
pub(in super::super) fn without_armour(text: String) -> String {
    if !text.contains(SIGNED) {
        return text;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let passage = if line.trim_end() == SIGNED { passage(&lines[at..]) } else { None };
        if let Some((body, length)) = passage {
            kept.extend(body.iter().map(|line| line.strip_prefix("- ").unwrap_or(line)));
            at += length;
        } else {
            kept.push(line);
            at += 1;
        }
    }
    kept.join("\n")
}

/// The signed lines of the passage that begins here, and how many lines it takes with its armour.
fn passage<'a, 'b>(lines: &'b [&'a str]) -> Option<(&'b [&'a str], usize)> {
    let headers = lines.iter().take(HEADERS_MAX).position(|line| line.trim().is_empty())?;
    let is_end = |line: &&str| line.trim_end() == SIGNATURE_END;
    let length = lines.iter().position(is_end)? + 1;
    let body = lines.get(headers + 1..length)?;
    let signature = body.iter().position(|line| line.trim_end() == SIGNATURE)?;
    Some((&body[..signature], length))
}
