//! Plain text as HTML: the safe way to send or show what somebody typed.
//!
//! Here: escaping, paragraphs, links that were written out. Not here: Markdown, mail quoting.

/// Text as HTML: blank lines part paragraphs, line ends become `<br>`, written-out http and https addresses become links,
/// everything else is escaped. Empty for empty text.
pub fn from_plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut is_open = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            out.push_str(if is_open { "</p>\n" } else { "" });
            is_open = false;
            continue;
        }
        out.push_str(if is_open { "<br>\n" } else { "<p>" });
        is_open = true;
        push_line(line, &mut out);
    }
    out.push_str(if is_open { "</p>\n" } else { "" });
    out
}

fn push_line(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some((before, address, after)) = next_address(rest) {
        push_escaped(before, out);
        out.push_str("<a href=\"");
        push_escaped(address, out);
        out.push_str("\" rel=\"noopener noreferrer nofollow\">");
        push_escaped(address, out);
        out.push_str("</a>");
        rest = after;
    }
    push_escaped(rest, out);
}

/// The text before the first address, the address, the text after it.
fn next_address(line: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(found) = line.get(from..)?.find("http") {
        let start = from + found;
        let candidate = &line[start..];
        let starts_a_word = !line[..start].ends_with(char::is_alphanumeric);
        let scheme = ["https://", "http://"].into_iter().find(|scheme| candidate.starts_with(scheme));
        if let (true, Some(scheme)) = (starts_a_word, scheme) {
            let end = address_end(candidate);
            if end > scheme.len() {
                return Some((&line[..start], &candidate[..end], &candidate[end..]));
            }
        }
        from = start + "http".len();
    }
    None
}

/// An address ends at a space or quote; the full stop and the bracket that follow it belong to the sentence, unless the
/// bracket was opened inside.
fn address_end(candidate: &str) -> usize {
    let end = candidate.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"«»“”".contains(c));
    let mut address = &candidate[..end.unwrap_or(candidate.len())];
    let mut unmatched = address.matches(')').count().saturating_sub(address.matches('(').count());
    while let Some(last) = address.chars().next_back() {
        match last {
            ')' if unmatched > 0 => unmatched -= 1,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | ']' | '*' => {}
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address.len()
}

fn push_escaped(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{FFFD}'),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::from_plain;

    #[test]
    fn paragraphs_lines_links_and_escapes() {
        let link = |a: &str| format!("<a href=\"{a}\" rel=\"noopener noreferrer nofollow\">{a}</a>");
        let table = [
            ("", String::new()),
            ("\n \n", String::new()),
            ("a\nb\r\n\r\n\r\nc", "<p>a<br>\nb</p>\n<p>c</p>\n".to_owned()),
            ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#39;</p>\n".to_owned()),
            ("Voir https://x.fr/a.", format!("<p>Voir {}.</p>\n", link("https://x.fr/a"))),
            ("(http://x.fr/a_(b))", format!("<p>({})</p>\n", link("http://x.fr/a_(b)"))),
            (
                "javascript:alert(1) xhttp://y http:// ftp://z",
                "<p>javascript:alert(1) xhttp://y http:// ftp://z</p>\n".to_owned(),
            ),
            ("http://a http://b", format!("<p>{} {}</p>\n", link("http://a"), link("http://b"))),
        ];
        for (text, expected) in table {
            assert_eq!(from_plain(text), expected, "{text:?}");
        }
    }
}
