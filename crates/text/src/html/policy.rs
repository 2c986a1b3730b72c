//! What foreign and own HTML may contain: the two allow-lists, applied by ammonia.
//!
//! Here: tags, attributes, schemes, CSS properties. Not here: the sandbox and content policy of the page that shows it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::bounded::{Addresses, HTTPS, balanced, is_remote};
use super::tokens::{Token, Tokens};

const LINK_REL: &str = "noopener noreferrer nofollow";

const VIEW_TAGS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

const COMPOSED_TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h3",
    "h4",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "u",
    "ul",
];

const VIEW_ATTRIBUTES: &[&str] = &[
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "dir",
    "height",
    "lang",
    "rowspan",
    "start",
    "style",
    "title",
    "valign",
    "width",
];

/// CSS that formats words and boxes where they stand. Absent on purpose: position, z-index, transform, opacity, content,
/// filter, animation, and all that fetches.
const CSS_PROPERTIES: &[&str] = &[
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "overflow",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
];

/// CSS functions whose arguments are numbers only.
const CSS_FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// Whether images that lie elsewhere may be fetched: to fetch one tells its owner that, when and where the mail was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteImages {
    /// Their words stand in their place.
    Blocked,
    /// Somebody asked for them: those at `https` addresses are shown, without telling where from.
    Shown,
}

/// Foreign HTML for the sandboxed mail view: ordinary formatting and inline style stay; scripts, forms, identifiers and
/// everything fetched from elsewhere go. An image from elsewhere leaves its words; `cid:` images keep their address for
/// the desk to rewrite. Links open apart and tell nothing about us. Reads 8 MiB, gives about 1 MiB.
pub fn for_viewing(html: &str) -> String {
    for_viewing_with(html, RemoteImages::Blocked)
}

/// [`for_viewing`], with or without the images that lie elsewhere. Nothing but images at `https` addresses can ever be
/// fetched: no style, font, frame, background or `srcset`. The page that shows them must allow `img-src https:` in its
/// policy, and only then.
pub fn for_viewing_with(html: &str, images: RemoteImages) -> String {
    static BLOCKED: LazyLock<Builder<'static>> = LazyLock::new(|| viewing_policy(RemoteImages::Blocked));
    static SHOWN: LazyLock<Builder<'static>> = LazyLock::new(|| viewing_policy(RemoteImages::Shown));
    match images {
        RemoteImages::Blocked => BLOCKED.clean(&balanced(html, Addresses::Named)).to_string(),
        RemoteImages::Shown => SHOWN.clean(&balanced(html, Addresses::HttpsKept)).to_string(),
    }
}

/// True when [`RemoteImages::Shown`] would show an image that [`RemoteImages::Blocked`] does not: there is something to
/// ask for. Linear; reads what [`for_viewing`] reads.
pub fn has_remote_images(html: &str) -> bool {
    Tokens::of(&balanced(html, Addresses::HttpsKept))
        .any(|token| matches!(token, Token::Open("img", attributes) if is_remote(&attributes)))
}

/// What an agent wrote in the composer, reduced to the tags that the composer makes; links to http, https, mailto, tel.
/// Same bounds as [`for_viewing`].
pub fn composed(html: &str) -> String {
    static POLICY: LazyLock<Builder<'static>> = LazyLock::new(composed_policy);
    POLICY.clean(&balanced(html, Addresses::Kept)).to_string()
}

fn viewing_policy(images: RemoteImages) -> Builder<'static> {
    let mut policy = base_policy(VIEW_TAGS, &["http", "https", "mailto", "tel", "cid"]);
    policy
        .generic_attributes(VIEW_ATTRIBUTES.iter().copied().collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("font", HashSet::from(["color", "face", "size"])),
            ("img", HashSet::from(["alt", "src"])),
            ("ol", HashSet::from(["type"])),
        ]))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(match images {
            RemoteImages::Blocked => viewable,
            RemoteImages::Shown => viewable_with_images,
        });
    if images == RemoteImages::Shown {
        policy.set_tag_attribute_value("img", "referrerpolicy", "no-referrer");
    }
    policy
}

fn composed_policy() -> Builder<'static> {
    let mut policy = base_policy(COMPOSED_TAGS, &["http", "https", "mailto", "tel"]);
    policy.tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]));
    policy
}

/// Nothing allowed but these tags and schemes; no relative address, since there is nothing to be relative to.
fn base_policy(tags: &[&'static str], schemes: &[&'static str]) -> Builder<'static> {
    let mut policy = Builder::empty();
    policy
        .tags(tags.iter().copied().collect())
        .url_schemes(schemes.iter().copied().collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some(LINK_REL));
    policy
}

fn viewable<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") => has_scheme(value, "cid:").then_some(Cow::Borrowed(value)),
        ("a", "href") => (!has_scheme(value, "cid:")).then_some(Cow::Borrowed(value)),
        (_, "style") => Some(safe_style(value)).filter(|style| !style.is_empty()).map(Cow::Owned),
        _ => Some(Cow::Borrowed(value)),
    }
}

fn viewable_with_images<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") if has_scheme(value, HTTPS) => Some(Cow::Borrowed(value)),
        _ => viewable(element, attribute, value),
    }
}

fn has_scheme(address: &str, scheme: &str) -> bool {
    address.trim_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// The declarations that are allowed, and whose value is written in letters, numbers and colours only. No escape, no
/// comment, no nesting is understood: what would need them is dropped.
fn safe_style(style: &str) -> String {
    let mut kept = Vec::new();
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (property, value) = (property.trim().to_ascii_lowercase(), value.trim());
        if CSS_PROPERTIES.contains(&property.as_str()) && is_plain_css(value) {
            kept.push(format!("{property}:{value}"));
        }
    }
    kept.join(";")
}

fn is_plain_css(value: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "#.,%-+'\"!()_".contains(c);
    !value.is_empty()
        && value.chars().all(is_plain)
        && value.matches(['\'', '"']).count().is_multiple_of(2)
        && value.match_indices('(').all(|(at, _)| is_colour_function(&value[..at]))
}

fn is_colour_function(before: &str) -> bool {
    let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
    CSS_FUNCTIONS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::safe_style;

    #[test]
    fn style_keeps_formatting_and_nothing_that_fetches_or_moves() {
        let table = [
            ("color: red; position:fixed; FONT-SIZE:12.0pt", "color:red;font-size:12.0pt"),
            ("background:url(http://x/y)", ""),
            ("background: #fff url('x')", ""),
            ("background:URL ( x )", ""),
            ("color:rgb(1, 2, 3)", "color:rgb(1, 2, 3)"),
            ("width:expression(alert(1))", ""),
            ("color:r\\65 d; width:calc(100% - 1px)", ""),
            ("font-family:\"Segoe UI\",sans-serif", "font-family:\"Segoe UI\",sans-serif"),
            ("font-family:\"a;position:fixed;color:\"red", ""),
            ("color:/**/red; margin:0 auto !important", "margin:0 auto !important"),
        ];
        for (style, expected) in table {
            assert_eq!(safe_style(style), expected, "{style}");
        }
    }
}
