//! HTML of a mail as readable text, line by line as its writer meant it.
//!
//! Here: which elements break lines, quote, hide or list. Not here: what the text says (`reading` folds quotes later).

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::bounded::{Addresses, balanced};
use super::page::Page;
use super::signature;
use super::tokens::{Attributes, Token, Tokens};

/// Classes and ids by which mail programs mark quoted history that is not in a blockquote.
const QUOTE_MARKS: &[&str] = &[
    "yahoo_quoted",
    "protonmail_quote",
    "OLK_SRC_BODY_SECTION",
    "zmail_extra",
    "ydp_quoted",
    "tutanota_quote",
];

/// Bytes of a link's address that is written out: those of newsletters, which only count clicks, are longer.
const ADDRESS_BYTES_MAX: usize = 200;

/// Bytes of a link's words; around more than a sentence, a link is a frame and no reference.
const LINK_WORDS_BYTES_MAX: usize = 300;

/// Styles that keep an element off the screen, without spaces.
const HIDING_STYLES: &[&str] = &["display:none", "mso-hide:all", "max-height:0"];

/// The words of a mail's HTML as plain text. Blockquotes become `> ` lines (so that [`crate::reading::read`] folds
/// them), links keep their words and, where those do not say it, their address (`ma commande <https://…>`), list items
/// get a mark, cells of one row share a line (`Verre | 8,00 €`), images leave their alternative text in brackets;
/// preheaders and zero-width junk go; a signature in an element made for one gets its line `-- `. Lines are never
/// wrapped. When all is hidden, it is shown. Reads 8 MiB, gives about
/// 1 MiB.
pub fn to_text(html: &str) -> String {
    static POLICY: LazyLock<Builder<'static>> = LazyLock::new(policy);
    let clean = POLICY.clean(&balanced(html, Addresses::Kept)).to_string();
    let seen = walked(&clean, Hidden::Skipped);
    if seen.is_empty() { walked(&clean, Hidden::Shown) } else { seen }
}

/// Keeps structure and the attributes that decide how text is laid out. The result is the tree's own writing: balanced,
/// with five character references.
fn policy() -> Builder<'static> {
    let mut policy = Builder::default();
    policy
        .add_tags(["address", "big", "font", "main", "section"])
        .generic_attributes(HashSet::from(["class", "id", "style", "type"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    policy
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Skipped,
    Shown,
}

/// What an element is to the page, beside the line ends around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    Quote,
    List,
    Pre,
    /// A paragraph that stands for one line, as Word writes mail.
    Line,
}

/// What an open element undoes when it closes.
#[derive(Clone, Copy)]
struct Opened<'a> {
    role: Role,
    is_hidden: bool,
    breaks: u8,
    written_before: usize,
    /// Made for a signature.
    is_signature: bool,
    /// Where a link leads, references not decoded; empty for everything else.
    address: &'a str,
}

fn walked(clean: &str, hidden: Hidden) -> String {
    let mut page = Page::default();
    let mut open: Vec<Opened<'_>> = Vec::new();
    let mut hiding = 0_usize;
    let mut signatures: Vec<Range<usize>> = Vec::new();
    for token in Tokens::of(clean) {
        match token {
            Token::Text(text) if hiding == 0 => page.write(text),
            Token::Open("br", _) if hiding == 0 => page.line_end(),
            Token::Open("hr", _) if hiding == 0 => page.part(2),
            Token::Open("img", attributes) if hiding == 0 => write_image(&attributes, &mut page),
            Token::Text(_) | Token::Open("br" | "hr" | "img" | "col", _) => {}
            Token::Open(name, attributes) => {
                let opened = opened(name, &attributes, hidden, &page);
                hiding += usize::from(opened.is_hidden);
                if hiding == 0 {
                    start(name, opened, &attributes, &mut page);
                }
                open.push(opened);
            }
            Token::Close(_) => {
                let Some(opened) = open.pop() else { continue };
                if hiding == 0 {
                    finish(opened, &mut page);
                }
                hiding -= usize::from(opened.is_hidden);
                if opened.is_signature && signatures.len() < signature::CONTAINERS_MAX {
                    signatures.push(opened.written_before..page.written());
                }
            }
        }
    }
    signature::marked(&page.finished(), &signatures)
}

fn opened<'a>(name: &str, attributes: &Attributes<'a>, hidden: Hidden, page: &Page) -> Opened<'a> {
    let style: String = value_of(attributes, "style").chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    let role = match name {
        _ if is_quote(name, attributes, &style) => Role::Quote,
        "ul" | "ol" => Role::List,
        "pre" => Role::Pre,
        "p" if value_of(attributes, "class").contains("MsoNormal") => Role::Line,
        _ => Role::Plain,
    };
    let is_signature = matches!(role, Role::Plain | Role::Pre) && signature::is_container(attributes);
    let breaks = match role {
        Role::Quote | Role::Line => 1,
        _ => breaks_around(name).max(u8::from(is_signature)),
    };
    Opened {
        role,
        is_hidden: hidden == Hidden::Skipped && HIDING_STYLES.iter().any(|hiding| hides(&style, hiding)),
        breaks,
        written_before: page.written(),
        is_signature,
        address: if name == "a" { value_of(attributes, "href") } else { "" },
    }
}

/// True when the style says exactly this: `max-height:0` but not `max-height:0.5em`.
fn hides(style: &str, hiding: &str) -> bool {
    style.split(';').any(|said| {
        said.strip_prefix(hiding)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("px") || rest.starts_with('!'))
    })
}

/// A blockquote is a quotation, unless the writer only pressed "indent".
fn is_quote(name: &str, attributes: &Attributes<'_>, style: &str) -> bool {
    let class = value_of(attributes, "class");
    if name == "blockquote" {
        let is_cited =
            class.contains("quote") && !class.contains("indent") || value_of(attributes, "type") == "cite";
        return is_cited || !(style.contains("border:none") || class.contains("indent"));
    }
    QUOTE_MARKS.iter().any(|mark| class.contains(mark) || value_of(attributes, "id").contains(mark))
}

/// Line ends before and after an element: 2 leaves a blank line.
fn breaks_around(name: &str) -> u8 {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "figure" => 2,
        "address" | "article" | "aside" | "blockquote" | "caption" | "center" | "dd" | "details" | "div"
        | "dt" | "figcaption" | "footer" | "header" | "li" | "main" | "nav" | "ol" | "pre" | "section"
        | "summary" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul" => 1,
        _ => 0,
    }
}

fn start(name: &str, opened: Opened<'_>, attributes: &Attributes<'_>, page: &mut Page) {
    page.part(opened.breaks);
    match (opened.role, name) {
        (Role::Quote, _) => page.open_quote(),
        (Role::Pre, _) => page.open_pre(),
        (Role::List, "ul") => page.open_list(None),
        (Role::List, _) => page.open_list(Some(value_of(attributes, "start").parse().unwrap_or(1))),
        (_, "td" | "th") => page.open_cell(),
        (_, "tr") => page.open_row(),
        (_, "li") => page.mark_item(),
        _ => {}
    }
}

fn finish(opened: Opened<'_>, page: &mut Page) {
    write_address(opened, page);
    page.part(opened.breaks);
    match opened.role {
        Role::Quote => page.close_quote(),
        Role::List => page.close_list(),
        Role::Pre => page.close_pre(),
        Role::Line if page.written() == opened.written_before => page.part(2),
        Role::Line | Role::Plain => {}
    }
}

/// The address of a link whose words do not say it already. A picture that links, and a link without words, stay as they
/// are: nobody wrote them.
fn write_address(opened: Opened<'_>, page: &mut Page) {
    let address = opened.address.strip_prefix("mailto:").unwrap_or(opened.address);
    let said = page.written_since(opened.written_before).trim();
    if said.len() > LINK_WORDS_BYTES_MAX {
        return;
    }
    let said = said.to_lowercase();
    let bare =
        address.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let bare = bare.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_lowercase();
    let is_plain = !bare.is_empty() && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_worded = said.contains(char::is_alphanumeric) && !said.starts_with('[') && !said.contains('\n');
    if is_plain && is_worded && address.len() <= ADDRESS_BYTES_MAX && !said.contains(&bare) {
        page.space();
        page.write("&lt;");
        page.write(address);
        page.write("&gt;");
    }
}

/// An emoji drawn as an image is written as itself, other images by their words in brackets, others not at all.
fn write_image(attributes: &Attributes<'_>, page: &mut Page) {
    let alt = value_of(attributes, "alt").trim();
    if alt.is_empty() {
        return;
    }
    if alt.is_ascii() || alt.chars().any(char::is_alphanumeric) {
        page.write("[");
        page.write(alt);
        page.write("]");
    } else {
        page.write(alt);
    }
}

fn value_of<'a>(attributes: &Attributes<'a>, name: &str) -> &'a str {
    attributes.iter().find(|(written, _)| *written == name).map_or("", |(_, value)| *value)
}
