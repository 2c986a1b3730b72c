//! Folding for comparison: lower case, no accents, plain quotes and spaces.
//!
//! Here: letters that French, English and their neighbours use. Not here: what the folded text is compared with.

/// The text in lower case without accents; ligatures are spelt out, typographic quotes, dashes and spaces become
/// plain ones, combining marks and invisible characters go. Used to compare, never to show.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter.to_ascii_lowercase());
        } else {
            push_folded(letter, &mut out);
        }
    }
    out
}

/// True for characters that take no room on a screen: they carry nothing a person can read.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}')
}

fn push_folded(letter: char, out: &mut String) {
    if is_invisible(letter) || ('\u{0300}'..='\u{036F}').contains(&letter) {
        return;
    }
    if letter.is_whitespace() {
        out.push(' ');
        return;
    }
    for lower in letter.to_lowercase() {
        match base(lower) {
            Some(plain) => out.push_str(plain),
            None if ('\u{0300}'..='\u{036F}').contains(&lower) => {}
            None => out.push(lower),
        }
    }
}

fn base(lower: char) -> Option<&'static str> {
    Some(match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ž' | 'ż' => "z",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        '’' | '‘' | '‛' | 'ʼ' | '´' | '′' => "'",
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '：' => ":",
        '…' => "...",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn accents_ligatures_and_typography_fold_away() {
        assert_eq!(folded("Cœur d’ÉTÉ\u{a0}: « ça » — ÿ"), "coeur d'ete : \" ca \" - y");
        assert_eq!(folded("e\u{301}te\u{301}"), "ete");
        assert_eq!(folded("İ\u{200b}x"), "ix");
        assert_eq!(folded("日本"), "日本");
    }
}
