//! What people write in forms, made into what the law of the desk takes.

use casework::wording::TEXT_BYTES_MAX;
use casework::write::Words;
use serde::Deserialize;

/// A message, a note or a proposed solution.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Written {
    /// A word of the page that the form stood on.
    #[serde(default)]
    pub act: String,
    /// The last entry of the timeline that was on screen.
    pub seen: Option<u32>,
    /// Plain text; the fallback where there is no rich text.
    #[serde(default)]
    pub body: String,
    /// Rich text.
    #[serde(default)]
    pub body_html: String,
    /// What the case does afterwards.
    #[serde(default)]
    pub then: String,
}

impl Written {
    /// What was written, as plain text: what goes back into the form.
    pub fn plain(&self) -> String {
        if self.body.trim().is_empty() { self.words().text } else { self.body.clone() }
    }

    /// What makes two posts of a form the same act: the page it stood on, the kind, and what was written. Somebody who
    /// goes back and writes something else acts again.
    pub fn as_one_act(&self, kind: &str) -> String {
        if self.act.is_empty() { String::new() } else { format!("{}\n{kind}\n{}", self.act, self.plain()) }
    }

    /// The words, safe to store, to show and to send.
    pub fn words(&self) -> Words {
        let is_within = self.body_html.len() <= 4 * TEXT_BYTES_MAX;
        let rich = if is_within { text::html::composed(&self.body_html) } else { String::new() };
        let text = text::html::to_text(&rich);
        if !text.trim().is_empty() {
            return Words { text, html: Some(rich), files: Vec::new() };
        }
        let text = self.body.replace("\r\n", "\n").trim().to_owned();
        let html = text::html::from_plain(&text);
        Words { text, html: Some(html), files: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(body: &str, body_html: &str) -> Words {
        Written { body: body.to_owned(), body_html: body_html.to_owned(), ..Written::default() }.words()
    }

    #[test]
    fn rich_text_is_cleaned_and_plain_text_stands_in() {
        let rich = words("x", "<div>Bonjour <b onclick=\"x()\">vous</b><script>x()</script></div>");
        assert_eq!(rich.text.trim(), "Bonjour vous");
        let html = rich.html.unwrap();
        assert!(
            html.contains("<b>vous</b>") && !html.contains("onclick") && !html.contains("script"),
            "{html}"
        );
        let plain = words("a <b>\r\nc", " <div><br></div> ");
        assert_eq!(plain.text, "a <b>\nc");
        assert_eq!(plain.html.as_deref(), Some("<p>a &lt;b&gt;<br>\nc</p>\n"));
        assert_eq!(words("  \n", "").text, "");
    }
}
