//! Words that any two letters share: function words, greetings, formulas, in French and English.
//!
//! Here: what is noise for likeness. Not here: stop words of search, which must find everything.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Folded words that say nothing about the problem: articles, pronouns, prepositions, auxiliaries, greetings, formulas.
static NOISE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    [FRENCH, FRENCH_FORMULAS, ENGLISH, ENGLISH_FORMULAS].into_iter().flat_map(str::split_whitespace).collect()
});

const FRENCH: &str = "
    le la les un une des du de au aux et ou ni mais donc or car je tu il elle on nous vous ils elles
    me te se moi toi lui leur eux ce cet cette ces ca cela ceci mon ma mes ton ta tes son sa ses
    notre nos votre vos leurs qui que quoi dont qu quel quelle dans sur sous par pour avec sans chez
    vers en entre depuis pendant avant apres ne pas plus rien jamais toujours encore deja aussi tres
    trop bien tout tous toute toutes si est suis es sommes etes sont etait etre ete ai as avons avez
    ont avait avoir eu fait faire faites peux pouvez peut voudrais veux dois doit alors comme quand
    ici meme afin aucun aucune autre vraiment lors aujourd hui non oui
";

const FRENCH_FORMULAS: &str = "
    bonjour bonsoir madame monsieur mesdames messieurs merci svp cordialement salutations sentiments
    veuillez agreer attente reponse retour avance cdt bjr slt salut client cliente service message
    mail courriel contacte contacter vouloir prie plait remercie ecris ecrire permets reviens numero
";

const ENGLISH: &str = "
    the an and or but so i you he she it we they him her us them my your his its our their this that
    these those who which what to of in at by for with without from since until into is am are was
    were be been being have has had do does did done will would can could should may might must not
    no yet still never always again also very too just only now then there here if as than any some
    all get got when how why where about don didn doesn isn hasn haven ve ll re
";

const ENGLISH_FORMULAS: &str = "
    hello hi dear sir madam team thanks thank please regards kind best sincerely faithfully customer
    writing write reply answer forward look hear contact number
";

/// True for a folded word that may tell one problem from another: not noise, not a single letter.
pub(super) fn is_content(word: &str) -> bool {
    word.chars().nth(1).is_some() && !NOISE.contains(word)
}
