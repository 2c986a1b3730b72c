//! "Mes réponses en rouge dans votre message": a writer who says to answer inside the quoted text, where nothing but
//! colour tells whose words are whose.
//!
//! Here: that one sentence speaks of the writer's own answers and of a place. Not here: what is shown then (see `walk`).
//! An announcement that is missed hides answers, one that is imagined shows history: sentences are judged kindly.

use super::program_words::is_in as is_among;
use crate::fold::folded;

/// Words before an answer that say whose it is.
const BEFORE_MAX: usize = 4;

/// Answers, folded.
const ANSWERS: &str = "\
    reponse reponses commentaire commentaires remarques annotations precisions answer answers reply replies response \
    responses comments remarks annotations antwort antworten anmerkungen kommentare";
/// Verbs of answering, which count after "I".
const VERBS: &str = "\
    reponds repondu repondrai repondons commente annote answer answered reply replied respond responded commented \
    antworte geantwortet";
const FIRST_PERSON: &str = "je j nous i we ich wir";

/// Words before an answer that is somebody else's, or awaited: "merci de votre réponse", "en réponse à", "no reply".
const NOT_OWN: &str = "\
    votre vos ta tes sa ses leur leurs quelle your their his her what une un aucune sans pas ni no any a an without never \
    merci thanks thank suite concernant regarding about attends attendons attente waiting wait awaiting expect need want \
    veux voudrais demande ihre deine keine eine danke";

/// Where the answers are, folded, words alone.
const PLACES: &[&str] = &[
    "en rouge",
    "en bleu",
    "en vert",
    "en orange",
    "en violet",
    "en gras",
    "en italique",
    "en majuscules",
    "en couleur",
    "ci dessous",
    "ci apres",
    "plus bas",
    "dans votre",
    "dans vos",
    "dans le texte",
    "dans le corps",
    "dans le mail",
    "dans le message",
    "dans le fil",
    "sous chaque",
    "apres chaque",
    "a la suite de chaque",
    "in red",
    "in blue",
    "in green",
    "in orange",
    "in purple",
    "in bold",
    "in italics",
    "in capitals",
    "in caps",
    "in colour",
    "in color",
    "highlighted",
    "below",
    "inline",
    "in line",
    "in the text",
    "in the body",
    "in the mail",
    "in the email",
    "in the message",
    "in your",
    "under each",
    "after each",
    "in rot",
    "in blau",
    "in grun",
    "unten",
    "im text",
];

/// True for a text in which one sentence announces answers inside the quotation.
pub(super) fn is_in(text: &str) -> bool {
    text.split("\n\n").any(|paragraph| {
        let folded = folded(paragraph);
        folded.split(['.', '!', '?']).any(announces)
    })
}

fn announces(sentence: &str) -> bool {
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let spaced = format!(" {} ", words.join(" "));
    PLACES.iter().any(|place| spaced.contains(&format!(" {place} ")))
        && (0..words.len()).any(|place| is_own_answer(&words, place))
}

/// "mes réponses", "answers", "je réponds"; not "votre réponse", "en réponse à", "I need a reply".
fn is_own_answer(words: &[&str], place: usize) -> bool {
    let before = &words[place.saturating_sub(BEFORE_MAX)..place];
    let (word, last) = (words[place], before.last().copied().unwrap_or_default());
    let is_mine = ["mes", "ma", "nos", "my", "our", "meine", "unsere"].contains(&last);
    let is_elses = before.iter().any(|word| is_among(NOT_OWN, word)) || matches!(last, "en" | "in");
    let is_verb = is_among(VERBS, word) && before.iter().any(|word| is_among(FIRST_PERSON, word));
    // In French, "comment" asks how.
    let is_answer = is_among(ANSWERS, word) || (word == "comment" && last == "my");
    (is_answer && is_mine) || ((is_answer || is_verb) && !is_elses)
}
