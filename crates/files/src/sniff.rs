//! What a file is, by its bytes and never by what its sender says (WHATWG MIME Sniffing, sections 6 and 7).

/// Bytes that suffice to tell.
pub const HEAD_BYTES: usize = 512;

/// The media type that the first bytes of a file tell; `application/octet-stream` when they tell none of ours. HTML, SVG
/// and scripts have none: they are text, or nothing.
pub fn media_type(head: &[u8]) -> &'static str {
    match head {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [b'P', b'K', 0x03 | 0x05, 0x04 | 0x06, ..] => "application/zip",
        [b'I', b'D', b'3', ..] => "audio/mpeg",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        _ => container(head)
            .unwrap_or_else(|| if is_text(head) { "text/plain" } else { "application/octet-stream" }),
    }
}

/// Whether a picture of that type can be shown small.
pub fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

fn container(head: &[u8]) -> Option<&'static str> {
    let is_riff = head.starts_with(b"RIFF");
    match (head.get(4..8), head.get(8..12)) {
        (_, Some(b"WEBP")) if is_riff => Some("image/webp"),
        (_, Some(b"WAVE")) if is_riff => Some("audio/wav"),
        (Some(b"ftyp"), Some(b"heic" | b"heix" | b"mif1" | b"heif")) => Some("image/heic"),
        (Some(b"ftyp"), Some(_)) => Some("video/mp4"),
        _ => None,
    }
}

/// Text in UTF-8 without control characters; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn types_are_told_by_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"%PDF-1.7", "application/pdf"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"PK\x03\x04", "application/zip"),
            (b"<svg onload=x>", "text/plain"),
            (b"<html>", "text/plain"),
            ("été".as_bytes(), "text/plain"),
            (&"été".as_bytes()[..4], "text/plain"),
            (b"\0\x01\x02", "application/octet-stream"),
            (b"MZ\x90\0", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(media_type(bytes), expected, "{bytes:?}");
        }
    }
}
