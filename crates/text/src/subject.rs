//! Subjects made comparable: the words without the prefixes that mail programs pile up.
//!
//! Here: prefixes and tags of replies, forwards and "external" warnings. Not here: case references (casework reads them).

/// Prefixes that say reply or forward, folded, without their colon. Languages: French, English, German, Dutch, Swedish,
/// Norwegian, Danish, Spanish, Portuguese, Italian.
const PREFIXES: &[&str] = &[
    "re",
    "ref",
    "rep",
    "reponse",
    "tr",
    "transf",
    "transfert",
    "fwd",
    "fw",
    "wg",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "vb",
    "doorst",
    "rv",
    "res",
    "enc",
    "rif",
    "fs",
    "i",
];

/// Those of the prefixes that say forward.
const FORWARDS: &[&str] = &["tr", "transf", "transfert", "fwd", "fw", "wg", "rv", "i", "enc", "doorst", "vb"];

/// Tags that mail gateways put in front, folded, without their brackets.
const TAGS: &[&str] =
    &["externe", "external", "ext", "externe mail", "email externe", "external email", "extern", "externo"];

/// Longest prefix looked at, in letters; a colon further on belongs to the subject.
const PREFIX_LETTERS_MAX: usize = 12;

/// The subject without repeated reply and forward prefixes ("Re:", "RE :", `Re[2]:`, "TR:", "Fwd:", "Réf :",
/// `[EXTERNE]`), its spaces collapsed. Case and accents stay. Empty when nothing else was written.
pub fn plain(subject: &str) -> String {
    let mut rest = subject.trim_start();
    while let Some(shorter) = without_tag(rest).or_else(|| without_prefix(rest)) {
        rest = shorter.trim_start();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True when the outermost prefix says that the letter was passed on: "TR: RE: Panne" is a forward, "RE: TR: Panne" the
/// answer to one. Warnings of gateways before the prefix do not count; Mozilla's old `[Fwd: Panne]` does.
pub fn is_forward(subject: &str) -> bool {
    outermost(subject).is_some_and(|word| FORWARDS.contains(&word.as_str()))
}

/// True when the outermost prefix says that the letter answers another.
pub fn is_reply(subject: &str) -> bool {
    outermost(subject).is_some_and(|word| !FORWARDS.contains(&word.as_str()))
}

/// The first prefix, folded, without its count.
fn outermost(subject: &str) -> Option<String> {
    let mut rest = subject.trim_start();
    while let Some(shorter) = without_tag(rest) {
        rest = shorter.trim_start();
    }
    rest = rest.strip_prefix('[').unwrap_or(rest);
    without_prefix(rest)?;
    let (colon, _) = rest.char_indices().find(|(_, letter)| matches!(letter, ':' | '：'))?;
    let word = crate::fold::folded(&rest[..colon]);
    Some(without_count(word.trim()).to_owned())
}

fn without_tag(subject: &str) -> Option<&str> {
    let inside = subject.strip_prefix('[')?;
    let (end, _) = inside.char_indices().take(20).find(|(_, letter)| *letter == ']')?;
    let tag = crate::fold::folded(inside[..end].trim());
    TAGS.contains(&tag.as_str()).then(|| &inside[end + 1..])
}

fn without_prefix(subject: &str) -> Option<&str> {
    let (colon, mark) =
        subject.char_indices().take(PREFIX_LETTERS_MAX).find(|(_, letter)| matches!(letter, ':' | '：'))?;
    let word = crate::fold::folded(&subject[..colon]);
    PREFIXES.contains(&without_count(word.trim())).then(|| &subject[colon + mark.len_utf8()..])
}

/// "re[2]", "re(3)" and "re^4" count their repetitions: the word alone is the prefix.
fn without_count(word: &str) -> &str {
    let bare = word.trim_end_matches([']', ')']).trim_end_matches(|c: char| c.is_ascii_digit());
    match bare.strip_suffix(['[', '(', '^']) {
        Some(counted) => counted.trim_end(),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_forward, is_reply, plain};

    #[test]
    fn prefixes_and_tags_go_and_words_stay() {
        let table = [
            ("Re: Re : RE: Colis perdu", "Colis perdu"),
            ("TR: Fwd: [EXTERNE] WG: AW:  Colis   perdu ", "Colis perdu"),
            ("Réf : SV: Panne", "Panne"),
            ("RE\u{a0}: Panne", "Panne"),
            ("Re[2]: Re(3): Re^4: Panne", "Panne"),
            ("[external] re:panne", "panne"),
            ("[Suivi] Panne", "[Suivi] Panne"),
            ("Retard : 3 jours", "Retard : 3 jours"),
            ("Re", "Re"),
            ("Re:", ""),
            ("", ""),
            ("  \t ", ""),
            ("Commande : re: rien", "Commande : re: rien"),
            ("：rien", "：rien"),
            ("Re：panne", "panne"),
        ];
        for (subject, expected) in table {
            assert_eq!(plain(subject), expected, "{subject:?}");
        }
    }

    #[test]
    fn the_outermost_prefix_tells_a_forward() {
        let forwards = [
            "TR: Panne",
            "Tr : Panne",
            "Fwd: Panne",
            "Fwd : Panne",
            "FW: Panne",
            "FW: RE: FW: Panne",
            "WG: AW: Panne",
            "RV: Panne",
            "I: Panne",
            "TR\u{a0}: Panne",
            "[EXTERNE] TR: Panne",
            "[Fwd: Panne]",
            "Fwd[2]: Panne",
            "Doorst: Panne",
            "fwd:",
        ];
        for subject in forwards {
            assert!(is_forward(subject) && !is_reply(subject), "{subject:?}");
        }
        for subject in
            ["Re: Panne", "RE: TR: Panne", "Réf : Fwd: Panne", "AW: WG: Panne", "[EXTERNE] Re: Fwd: x"]
        {
            assert!(is_reply(subject) && !is_forward(subject), "{subject:?}");
        }
        for subject in
            ["", "Panne", "Train en retard : 3 h", "TRAIN: panne", "Transport : Fwd: x", "tr", "[Suivi] x"]
        {
            assert!(!is_forward(subject) && !is_reply(subject), "{subject:?}");
        }
    }

    #[test]
    fn ten_thousand_prefixes_are_one_walk() {
        assert_eq!(plain(&"Re: ".repeat(100_000)), "");
    }
}
