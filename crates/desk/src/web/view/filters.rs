//! What templates may call on a value: icons, and HTML that is known to be safe.

#![expect(
    missing_docs,
    clippy::inline_always,
    reason = "askama::filter_fn writes a public struct and an inlined method of its own"
)]

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use askama::filters::{HtmlSafe, Safe};

use crate::web::view::Moment;

/// The drawings of Tabler Icons that we use: a name, a tab, SVG elements. See `assets/vendor/VENDOR.md`.
static DRAWINGS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor/tabler-icons.tsv"))
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// A decorative drawing that takes the colour of its text. Screen readers pass over it: words always stand beside it.
#[derive(Debug, Clone, Copy)]
pub struct Icon(&'static str);

impl Icon {
    /// The icon of that name; an unknown one draws nothing.
    pub fn named(name: &str) -> Self {
        Self(DRAWINGS.get(name).copied().unwrap_or_default())
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" width=\"18\" height=\"18\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" \
             stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">{}</svg>",
            self.0
        )
    }
}

impl HtmlSafe for Icon {}

/// `{{ "send"|icon }}` draws an icon.
#[askama::filter_fn]
pub fn icon(name: impl fmt::Display, _: &dyn askama::Values) -> askama::Result<Safe<Icon>> {
    Ok(Safe(Icon::named(&name.to_string())))
}

/// `{{ at|time }}` writes an instant as `<time>`, with the full date on hover.
#[askama::filter_fn]
pub fn time(moment: &Moment, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
    let [iso, exact, words] = [&moment.iso, &moment.exact, &moment.words].map(|text| escaped(text));
    Ok(Safe(format!("<time datetime=\"{iso}\" title=\"{exact}\">{words}</time>")))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// HTML that the desk's sanitiser has already cleaned; templates print it as it is.
#[derive(Debug, Clone, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Vouches for this HTML. Call it only on what comes out of the sanitiser.
    pub fn vouch(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for CleanHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for CleanHtml {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_named_in_a_template_is_drawn() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for before in text.split("\"|icon").take(text.matches("\"|icon").count()) {
                let name = before.rsplit('"').next().unwrap();
                assert!(DRAWINGS.contains_key(name), "{name} in {}", path.display());
            }
        }
    }

    #[test]
    fn every_icon_that_a_view_chooses_is_drawn() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/view");
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let sources = paths.map(|path| std::fs::read_to_string(path).unwrap()).collect::<String>();
        let choices = sources.split("pub fn icon(self)").chain(sources.split("pub fn icon(&self)"));
        for body in choices.filter(|text| text.starts_with(" -> &'static str")) {
            let body = body.split("\n    }\n").next().unwrap();
            for name in body.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(DRAWINGS.contains_key(name), "{name}");
            }
        }
    }
}
