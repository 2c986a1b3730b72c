//! Foreign markup made harmless to *parsers*: balanced, bounded in depth and length, before a tree is built of it.
//!
//! Here: what keeps an HTML tree builder linear (its scans grow with open elements, and formatting left open is cloned
//! into every later block). Not here: safety for *people*; that is the policy's work, which runs on what comes out.

use super::tokens::{Token, Tokens};

/// Bytes of a document that are read.
const INPUT_BYTES_MAX: usize = 8 << 20;
/// Bytes of markup that come out, closing tags aside.
const OUTPUT_BYTES_MAX: usize = 1 << 20;
/// Open elements; deeper tags are dropped, their text stays.
const DEPTH_MAX: usize = 256;
/// Open formatting elements.
const FORMATS_MAX: usize = 16;
/// Bytes of one attribute's value; a longer one (an image written into the page) is dropped.
const VALUE_BYTES_MAX: usize = 4_096;

/// Bytes of text in one node: html5ever 0.40 writes a node in time quadratic in its `&` and `«` (each is searched for to
/// the node's end).
const TEXT_RUN_BYTES_MAX: usize = 1_024;

/// The only way in which an image may be fetched.
pub(super) const HTTPS: &str = "https://";

const VOID: &[&str] = &["br", "col", "hr", "img"];
const FORMAT: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];
const INLINE: &[&str] =
    &["abbr", "cite", "del", "dfn", "ins", "kbd", "mark", "q", "samp", "span", "sub", "sup", "var"];
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];
const TABLE_PART: &[&str] = &["caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"];

/// What becomes of an image that lies elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Addresses {
    /// Left as written.
    Kept,
    /// The address goes; a word stands in its place.
    Named,
    /// One that is fetched in secret (https) stays, the others are named.
    HttpsKept,
}

/// The document with every element closed in order, unknown tags and comments dropped, within the bounds above.
pub(super) fn balanced(html: &str, images: Addresses) -> String {
    let mut page = Page { out: String::new(), open: Vec::new(), run: 0, images };
    for token in Tokens::of(head(html, INPUT_BYTES_MAX)) {
        if page.out.len() > OUTPUT_BYTES_MAX {
            break;
        }
        match token {
            Token::Text(text) => page.push_text(text),
            Token::Open(name, attributes) => page.open(name, &attributes),
            Token::Close(name) => page.close(name),
        }
    }
    page.close_down_to(0);
    page.out
}

/// The start of a text, at most so many bytes, cut between characters.
pub(super) fn head(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

struct Page {
    out: String,
    open: Vec<&'static str>,
    /// Bytes of text since the last tag.
    run: usize,
    images: Addresses,
}

impl Page {
    /// Characters with `<` escaped, references as written. A long run is cut by an empty comment, which policies drop.
    fn push_text(&mut self, text: &str) {
        for letter in head(text, OUTPUT_BYTES_MAX).chars() {
            if self.run >= TEXT_RUN_BYTES_MAX && (letter == '&' || !letter.is_ascii()) {
                self.out.push_str("<!---->");
                self.run = 0;
            }
            self.run += letter.len_utf8();
            match letter {
                '<' => self.out.push_str("&lt;"),
                _ => self.out.push(letter),
            }
        }
    }

    fn open(&mut self, written: &str, attributes: &[(&str, &str)]) {
        let Some(name) = known(written) else { return };
        self.make_room_for(name);
        let is_void = VOID.contains(&name);
        let is_homeless = TABLE_PART.contains(&name) && !self.open.contains(&"table");
        if is_homeless || (!is_void && self.open.len() >= DEPTH_MAX) || self.has_too_many_formats(name) {
            return;
        }
        self.push_tag(name, attributes);
        if !is_void {
            self.open.push(name);
        }
    }

    /// Closes what an opening tag implies to be finished: a paragraph before a block, an item before the next.
    fn make_room_for(&mut self, name: &'static str) {
        if TABLE_PART.contains(&name) || name == "col" {
            self.close_inside_table(table_rank(name));
            return;
        }
        if BLOCK.contains(&name) || name == "hr" {
            self.close_nearest(&["p"], &[]);
        }
        match name {
            "li" => self.close_nearest(&["li"], &["ul", "ol"]),
            "dd" | "dt" => self.close_nearest(&["dd", "dt"], &["dl"]),
            "a" => self.close_nearest(&["a"], &[]),
            _ => {}
        }
    }

    fn has_too_many_formats(&self, name: &str) -> bool {
        FORMAT.contains(&name) && self.open.iter().filter(|open| FORMAT.contains(open)).count() >= FORMATS_MAX
    }

    /// Closes all in the nearest table that does not hold a part of this rank.
    fn close_inside_table(&mut self, rank: u8) {
        let Some(table) = self.open.iter().rposition(|open| *open == "table") else { return };
        let holders = self.open[table..].iter().take_while(|open| table_rank(open) < rank).count();
        self.close_down_to(table + holders);
    }

    fn close(&mut self, written: &str) {
        let Some(name) = known(written) else { return };
        if table_rank(name) == u8::MAX {
            self.close_nearest(&[name], &[]);
        } else if let Some(at) = self.open.iter().rposition(|open| *open == name || *open == "table")
            && self.open[at] == name
        {
            self.close_down_to(at);
        }
    }

    /// Closes the innermost element of these names, with all in it, unless a table cell or a fence lies between.
    fn close_nearest(&mut self, names: &[&str], fences: &[&str]) {
        for at in (0..self.open.len()).rev() {
            let open = self.open[at];
            if names.contains(&open) {
                return self.close_down_to(at);
            }
            if fences.contains(&open) || table_rank(open) != u8::MAX {
                return;
            }
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(name) = self.open.pop()
        {
            self.out.extend(["</", name, ">"]);
            self.run = 0;
        }
    }

    fn push_tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.run = 0;
        self.out.extend(["<", name]);
        let is_named = name == "img" && self.names(attributes);
        for (attribute, value) in attributes {
            let is_said =
                is_named && ["src", "alt", "title"].iter().any(|said| attribute.eq_ignore_ascii_case(said));
            if !is_said {
                self.push_attribute(attribute, value);
            }
        }
        if is_named {
            let alt =
                value_of(attributes, "alt").map(str::trim).filter(|alt| !alt.is_empty()).unwrap_or("image");
            self.push_attribute("alt", alt);
            self.push_attribute("title", alt);
        }
        self.out.push('>');
    }

    /// Whether the image's words stand in its place.
    fn names(&self, attributes: &[(&str, &str)]) -> bool {
        match self.images {
            Addresses::Kept => false,
            Addresses::Named => !is_enclosed(attributes),
            Addresses::HttpsKept => !is_enclosed(attributes) && !is_remote(attributes),
        }
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        if name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && value.len() <= VALUE_BYTES_MAX {
            self.out.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
        }
    }
}

/// The lower-case name of an element that mail may use for its words; others lose their tags and keep their text.
fn known(written: &str) -> Option<&'static str> {
    [VOID, FORMAT, INLINE, BLOCK, TABLE_PART]
        .into_iter()
        .flatten()
        .copied()
        .find(|name| name.eq_ignore_ascii_case(written))
}

/// How deep a part sits in its table; other elements are deepest: no part may open inside them.
fn table_rank(name: &str) -> u8 {
    match name {
        "table" => 0,
        "caption" | "colgroup" | "tbody" | "thead" | "tfoot" => 1,
        "tr" | "col" => 2,
        "td" | "th" => 3,
        _ => u8::MAX,
    }
}

/// True when the image came inside the mail.
fn is_enclosed(attributes: &[(&str, &str)]) -> bool {
    let address = value_of(attributes, "src").unwrap_or_default().trim_start();
    address.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}

/// True when the image lies elsewhere, at an address that is written out plainly: one hidden behind character references
/// is nobody's honest picture.
pub(super) fn is_remote(attributes: &[(&str, &str)]) -> bool {
    let address = value_of(attributes, "src").unwrap_or_default().trim_start();
    let scheme = address.get(..HTTPS.len());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(HTTPS)) && address.len() <= VALUE_BYTES_MAX
}

fn value_of<'a>(attributes: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::{Addresses, balanced};

    fn check(html: &str, expected: &str) {
        assert_eq!(balanced(html, Addresses::Kept), expected, "{html}");
    }

    #[test]
    fn what_is_open_is_closed_in_order() {
        check("<p>a<p>b", "<p>a</p><p>b</p>");
        check("<b><div>a</b>c</div>", "<b><div>a</div></b>c");
        check("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c");
        check(
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        );
        check("<table><b><tr><td></div>x", "<table><b></b><tr><td>x</td></tr></table>");
        check("<p><b>a<div>c", "<p><b>a</b></p><div>c</div>");
    }

    #[test]
    fn unknown_tags_go_and_text_stays() {
        check("<o:p>a</o:p><td>b</td> 1 < 2 <svg><BR/>", "ab 1 &lt; 2 <br>");
        check("<a href='\"x' onclick=y on:z=1>k", "<a href=\"&quot;x\" onclick=\"y\">k</a>");
    }

    #[test]
    fn remote_images_are_named() {
        let named = |html| balanced(html, Addresses::Named);
        assert_eq!(named("<img src=http://x/y.png alt=Logo>"), "<img alt=\"Logo\" title=\"Logo\">");
        assert_eq!(named("<img src='data:x'>"), "<img alt=\"image\" title=\"image\">");
        assert_eq!(named("<img src=CID:1 alt=Logo>"), "<img src=\"CID:1\" alt=\"Logo\">");
        let kept = |html| balanced(html, Addresses::HttpsKept);
        assert_eq!(kept("<img src=https://x/y.png>"), "<img src=\"https://x/y.png\">");
        assert_eq!(kept("<img src=http://x/y.png>"), "<img alt=\"image\" title=\"image\">");
        assert_eq!(kept("<img src='https:&#47;/x'>"), "<img alt=\"image\" title=\"image\">");
    }
}
