//! The language of a text: French, English, another, or not enough letters to say.
//!
//! Here: the guess and its floor. Not here: what the desk does with it (templates, routing).

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::fold::folded;

/// A language the desk answers in, or the code of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
    /// Another language: its ISO 639-1 code in lower case.
    Other(&'static str),
}

impl Language {
    /// ISO 639-1 code in lower case.
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
            Self::Other(code) => code,
        }
    }
}

/// Fewer letters than this say nothing certain ("ok merci").
const LETTERS_MIN: usize = 12;

/// The guess reads no further than this.
const CHARS_MAX: usize = 4_000;

/// Up to this many letters, everyday words weigh more than letter statistics, which need length.
const SHORT_LETTERS_MAX: usize = 160;

/// Up to this many letters, a third language in Latin letters is as likely a few French words out of context.
const CERTAIN_LETTERS_MIN: usize = 32;

/// Everyday words of French, folded; with the spellings of text messages. None is an everyday word of English, Spanish or Italian.
const FRENCH: &str = "
    je j elle nous vous ils les une des du et est pas mon ma mes votre vos qui quand pour avec dans
    sur ne n c d l ce cette mais ou au aux ai ete suis bonjour bonsoir merci rien toujours depuis
    jamais colis commande remboursement livraison facture slt bjr bsr cdt svp stp pb jai chui
    jattends pk pourkoi kan ki keske tjrs tjs mrc rdv vs ns pr ds bcp tt ca recu ressu koi c'est
    j'ai ya ke qd dpuis jms
";

/// Everyday words of English, folded; with the spellings of text messages. None is an everyday word of French, Spanish or Italian.
const ENGLISH: &str = "
    the i you she we they is are was were my your our and of to in it that this for with have has
    had not but what when where why how been be will would can could from still please hello hi
    thanks thank order parcel refund since never received u ur pls plz thx wanna gonna dont cant i'm
    don't waiting nothing where's didn't isn't
";

/// The language the text is written in; `None` when too few letters say it: under 12, or under 32 that look like a third
/// language in Latin letters. Addresses and numbers are not read as words.
/// Letter statistics decide (the whichlang model); in short texts everyday words speak first, because customers write
/// without accents and in text-message French, which letter statistics take for other languages.
pub fn of(text: &str) -> Option<Language> {
    let words = words_of(text);
    let letters = words.iter().map(|word| word.chars().filter(|c| c.is_alphabetic()).count()).sum::<usize>();
    if letters < LETTERS_MIN {
        return None;
    }
    if letters <= SHORT_LETTERS_MAX
        && let Some(language) = by_everyday_words(&words)
    {
        return Some(language);
    }
    let guess = by_letters(&words.join(" "));
    let is_certain =
        letters > CERTAIN_LETTERS_MIN || !matches!(guess, Language::Other(code) if is_latin(code));
    is_certain.then_some(guess)
}

fn is_latin(code: &str) -> bool {
    matches!(code, "de" | "es" | "it" | "nl" | "pt" | "sv" | "tr" | "vi")
}

fn words_of(text: &str) -> Vec<String> {
    let head: String = text.chars().take(CHARS_MAX).collect();
    head.split_whitespace()
        .filter(|word| !word.contains('@') && !word.contains("://") && !word.starts_with("www."))
        .map(ToOwned::to_owned)
        .collect()
}

/// A clear majority of everyday words: at least two, and twice as many as the other language has.
fn by_everyday_words(words: &[String]) -> Option<Language> {
    static EVERYDAY: LazyLock<[HashSet<&'static str>; 2]> =
        LazyLock::new(|| [FRENCH, ENGLISH].map(|words| words.split_whitespace().collect()));
    let [of_french, of_english] = &*EVERYDAY;
    let (mut french, mut english) = (0_usize, 0_usize);
    for word in words {
        let word = folded(word);
        for piece in pieces(&word) {
            french += usize::from(of_french.contains(piece));
            english += usize::from(of_english.contains(piece));
        }
    }
    match (french, english) {
        (f, e) if f >= 2 && f >= 2 * e => Some(Language::French),
        (f, e) if e >= 2 && e >= 2 * f => Some(Language::English),
        _ => None,
    }
}

/// A word as written, and what stands around its apostrophe: "j'attends" is "j" and "attends".
fn pieces(word: &str) -> impl Iterator<Item = &str> {
    let whole = word.trim_matches(|c: char| !c.is_alphanumeric());
    let parts = whole.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let contraction = (whole.contains('\'')).then_some(whole);
    parts.chain(contraction)
}

fn by_letters(text: &str) -> Language {
    use whichlang::Lang;
    Language::Other(match whichlang::detect_language(text) {
        Lang::Fra => return Language::French,
        Lang::Eng => return Language::English,
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    })
}

#[cfg(test)]
mod tests {
    use super::{Language, of};

    #[test]
    fn french_english_and_others_are_told_apart() {
        let table = [
            ("Bonjour, je n'ai toujours pas reçu mon colis.", Some(Language::French)),
            ("Bonjour, je n'ai toujours pas recu ma commande passee le 3 novembre", Some(Language::French)),
            ("COLIS JAMAIS ARRIVE, REMBOURSEZ MOI SVP", Some(Language::French)),
            ("slt jai pa ressu mon coli c pa normal", Some(Language::French)),
            ("bjr ya tjrs rien dpuis lundi, pk ?", Some(Language::French)),
            ("Votre livreur a cassé le portail", Some(Language::French)),
            ("J'attends depuis trois semaines", Some(Language::French)),
            ("Panne totale internet", Some(Language::French)),
            ("Mein Paket ist weg", None),
            ("Where is my refund? I have been waiting for two weeks.", Some(Language::English)),
            ("hi where is ur driver pls", Some(Language::English)),
            ("Nothing works since yesterday", Some(Language::English)),
            (
                "Ich habe mein Paket immer noch nicht bekommen und warte seit zwei Wochen",
                Some(Language::Other("de")),
            ),
            ("Todavía no he recibido mi pedido y nadie contesta al teléfono", Some(Language::Other("es"))),
            (
                "Non ho ancora ricevuto il mio ordine e nessuno risponde al telefono",
                Some(Language::Other("it")),
            ),
            (
                "Ik heb mijn pakket nog steeds niet ontvangen en niemand neemt de telefoon op",
                Some(Language::Other("nl")),
            ),
            ("我的包裹还没有收到，请尽快处理这个问题谢谢", Some(Language::Other("zh"))),
            ("ok merci", None),
            ("06 12 34 56 78", None),
            ("https://exemple.fr/commande/retard/colis contact@exemple.fr", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(of(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_mail_is_read_by_its_letters() {
        let french = "La box clignote en orange depuis mardi matin. Le technicien devait passer entre huit heures et midi, \
                      personne n'est venu. Le service m'a promis un rappel qui n'a jamais eu lieu.";
        assert_eq!(of(french), Some(Language::French));
        let english = "The router has been blinking orange since Tuesday morning. The engineer was supposed to come between \
                       eight and noon, nobody showed up. Support promised a call that never came.";
        assert_eq!(of(english), Some(Language::English));
    }
}
