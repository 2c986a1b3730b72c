//! What stands in an element that a mail program made for a signature: a signature, or words that a customer typed in it.
//!
//! Here: the verdict. Not here: the elements (see `html`). In doubt it is no signature: a name alone stays as well, as it
//! does in plain text.

use super::program_words::is_in;
use super::{card, opening};
use crate::copied::line::Line;

/// Written lines of a signature.
const LINES_MAX: usize = 12;
/// Lines above that are searched for the writer's words.
const ABOVE_LINES_MAX: usize = 80;
/// Words of a line above that says more than a greeting.
const SAID_WORDS_MIN: usize = 3;
/// Blank lines below that are passed.
const BLANKS_MAX: usize = 12;

/// Words of people who say something; names, titles and addresses do without.
const SPEAKING: &str = "\
    je j mon ma mes moi me nous notre nos vous votre vos il elle ils elles on ce cet cette ca qui que \
    est sont etait ai ont avez ete fait fonctionne marche arrive recu ne pas plus jamais rien toujours encore merci svp \
    appelez rappelez i my we us our you your it this that they who is are was were has have had do does did not no never \
    still please thanks call can could will would works broken ich mein meine wir sie es ist sind nicht bitte danke";

/// True when these lines are a signature and stand where one stands: below words of the writer's own, above history or
/// at the end. They hold a way to reach the writer, and nothing but lines of a business card.
pub(crate) fn is_signature(above: &str, inside: &str, below: &str) -> bool {
    let inside: Vec<Line<'_>> =
        inside.lines().map(Line::of).filter(|line| !line.is_blank()).take(LINES_MAX + 1).collect();
    let is_short = !inside.is_empty() && inside.len() <= LINES_MAX;
    let is_of_signature = |line: &Line<'_>| !line.is_quoted() && card::is_of_card(*line) && !speaks(*line);
    if !is_short || !inside.iter().all(is_of_signature) || !inside.iter().any(|line| card::is_contact(*line))
    {
        return false;
    }
    let mut above: Vec<Line<'_>> = above.lines().rev().take(ABOVE_LINES_MAX).map(Line::of).collect();
    above.reverse();
    let last = above.iter().rev().find(|line| !line.is_blank());
    let is_marked = last.into_iter().chain(inside.first()).any(|line| line.bare == "--");
    !is_marked && above.iter().any(|line| says(*line)) && !card::is_wished(&above) && is_over(below)
}

/// "Bonjour Madame Dupont," says nothing yet.
fn says(line: Line<'_>) -> bool {
    let words = line.bare.split_whitespace().count();
    !line.is_quoted() && words >= SAID_WORDS_MIN && !line.bare.ends_with(',')
}

fn speaks(line: Line<'_>) -> bool {
    let folded = line.folded();
    folded.split(|c: char| !c.is_alphanumeric()).any(|word| is_in(SPEAKING, word))
}

/// True when nothing of the writer's stands directly below.
fn is_over(below: &str) -> bool {
    let lines: Vec<Line<'_>> = below.split_inclusive('\n').take(2 * ABOVE_LINES_MAX).map(Line::of).collect();
    let blanks = lines.iter().take(BLANKS_MAX).take_while(|line| line.is_blank()).count();
    lines.get(blanks).is_none_or(|line| line.is_quoted() || opening::at(&lines, blanks).is_some())
}
