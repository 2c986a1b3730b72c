//! What people write: problems in French and English, agents' sentences. Every problem has an order number of its own, by
//! which a mail that says it to somebody else is found out; every note has a mark that must never leave.

use crate::dice::Dice;

/// What every order number begins with.
pub const ORDER: &str = "MG-";
/// What every note carries.
pub const NOTE: &str = "NOTE-INTERNE-";

/// A kind of problem: subject and text; `{}` is the order number.
type Kind = (&'static str, &'static str);

const FRENCH: [Kind; 7] = [
    (
        "Colis en retard",
        "Bonjour,\nMon colis {} devait arriver mardi dernier et je n'ai rien reçu. Le suivi ne bouge plus depuis une semaine.\nMerci de me répondre.",
    ),
    (
        "Bouilloire en panne",
        "Bonjour,\nLa bouilloire {} achetée en janvier fait disjoncter toute la maison. Je demande son échange.",
    ),
    (
        "Remboursement",
        "Madame, Monsieur,\nVous m'aviez promis le remboursement de {} il y a trois semaines et mon compte n'est toujours pas crédité.",
    ),
    (
        "Mauvaise taille",
        "Bonjour, les chaussures de la commande {} sont deux tailles trop petites, comment les renvoyer sans frais ?",
    ),
    (
        "Facture fausse",
        "Bonjour,\nLa facture {} compte deux fois les frais de port. Pouvez-vous la corriger et me rendre la différence ?",
    ),
    (
        "Vendeur désagréable",
        "J'ai été très mal reçue au magasin de Lyon en venant chercher {}. Votre vendeur m'a ri au nez. C'est inadmissible.",
    ),
    (
        "Abonnement",
        "Je souhaite résilier l'abonnement {} ; le bouton du site affiche une erreur depuis lundi.",
    ),
];
const ENGLISH: [Kind; 4] = [
    (
        "Parcel never arrived",
        "Hello,\nThe parcel {} was due last week and has not come. The tracking page says nothing new.",
    ),
    (
        "Broken lamp",
        "Hi, the lamp from order {} arrived with a cracked shade and I would like a replacement, please.",
    ),
    ("Charged twice", "Hello,\nMy card was charged two times for {}. Please send the second amount back."),
    ("Wrong colour", "Good morning, I ordered the blue curtains ({}) and received the red ones. What now?"),
];
const MORE: [&str; 6] = [
    "J'ajoute que c'est urgent, nous partons samedi.",
    "Voici ce que vous demandez : je l'ai commandé sur le site.",
    "Toujours rien de nouveau de mon côté.",
    "Ce n'est pas acceptable, je veux parler à un responsable.",
    "Merci beaucoup, j'attends de vos nouvelles.",
    "As you asked, here is what I know about it.",
];
const ANSWERS: [&str; 4] = [
    "Je vérifie auprès du transporteur et je reviens vers vous demain.",
    "Nous avons bien retrouvé votre commande et préparons la suite.",
    "Could you tell us which shop you bought it from?",
    "Un collègue du dépôt regarde cela cet après-midi.",
];

/// A problem as its owner tells it.
pub struct Telling {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// How many kinds of problem there are in a language.
pub fn kinds(is_french: bool) -> usize {
    if is_french { FRENCH.len() } else { ENGLISH.len() }
}

/// Tells a problem of a kind.
pub fn tell(is_french: bool, kind: usize, order: &str) -> Telling {
    let (subject, text) = if is_french { FRENCH[kind % FRENCH.len()] } else { ENGLISH[kind % ENGLISH.len()] };
    Telling { subject: subject.to_owned(), text: text.replace("{}", order) }
}

/// Something to add to a problem.
pub fn more(dice: &mut Dice) -> &'static str {
    MORE[dice.index(MORE.len())]
}

/// What an agent answers about an order.
pub fn answer(dice: &mut Dice, order: &str) -> String {
    format!("Bonjour,\n\n{} Votre référence : {order}.", ANSWERS[dice.index(ANSWERS.len())])
}

/// All order numbers in a text.
pub fn orders_in(text: &str) -> Vec<String> {
    let ends = |c: char| !c.is_ascii_digit();
    text.split(ORDER)
        .skip(1)
        .map(|rest| format!("{ORDER}{}", rest.split(ends).next().unwrap_or_default()))
        .collect()
}
