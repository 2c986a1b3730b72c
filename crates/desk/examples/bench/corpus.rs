//! Letters of customers, by a seed: French sentences of a shop's bad days, most short and a few very long, some with a
//! photo, some answering their own earlier letter.

/// A generator that is fast and always the same (xorshift64*, Vigna 2016).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Begins from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below another.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn is_in(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A length in the manner of Zipf: half of all are short, one in hundreds is long.
    fn sentences(&mut self) -> usize {
        let rank = 1 + self.below(400);
        (4 + 240 / rank).min(120)
    }
}

const WHO: [&str; 8] = [
    "Ma commande",
    "Le colis",
    "Le livreur",
    "Votre service",
    "La facture",
    "Le remboursement",
    "Mon contrat",
    "Le technicien",
];
const WHAT: [&str; 10] = [
    "n'est toujours pas arrivé chez moi",
    "a été annoncé pour mardi et rien n'est venu",
    "ne correspond pas du tout à ce que j'avais choisi",
    "reste sans réponse malgré trois relances",
    "a été débité deux fois sur mon compte",
    "est reparti sans sonner ni laisser d'avis",
    "porte un montant que je n'ai jamais accepté",
    "s'est cassé au bout de quatre jours",
    "devait être réglé sous huitaine selon votre conseillère",
    "n'apparaît plus dans mon espace",
];
const WISH: [&str; 6] = [
    "Je vous demande de me rembourser.",
    "Pouvez-vous me dire quand cela sera réglé ?",
    "Je souhaite un échange, s'il vous plaît.",
    "Merci de me rappeler avant vendredi.",
    "À défaut, je saisirai le médiateur.",
    "Je compte sur vous pour une vraie réponse.",
];
const SUBJECTS: [&str; 8] = [
    "Commande non reçue",
    "Colis abîmé",
    "Remboursement en attente",
    "Erreur de facturation",
    "Garantie refusée",
    "Rendez-vous manqué",
    "Résiliation non prise en compte",
    "Produit défectueux",
];
/// Letters of a hundred that answer an earlier one, and that bring a photo.
const ANSWERS_PERCENT: usize = 20;
const PHOTOS_PERCENT: usize = 15;
/// Bytes of a photo, before it is written in base64.
const PHOTO_BYTES: usize = 37_500;
/// How such a word ends.
pub const RARE_END: &str = "quatorze";
/// One letter in so many has a word that no other has.
pub const RARE_EVERY: usize = 100;

/// A letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who wrote it.
    pub from: String,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// The words of a customer, of two kilobytes or so.
pub fn words(dice: &mut Dice) -> String {
    let mut text = String::from("Bonjour,\r\n\r\n");
    for _ in 0..dice.sentences() {
        text.push_str(dice.pick(&WHO));
        text.extend([" MG-", &(10_000 + dice.below(90_000)).to_string(), " "]);
        text.push_str(dice.pick(&WHAT));
        text.push_str(".\r\n");
    }
    text.push_str(dice.pick(&WISH));
    text.push_str("\r\n\r\nCordialement\r\n");
    text
}

/// The word that stands in one letter alone.
pub fn rare(number: usize) -> String {
    format!("zephyr{number}{RARE_END}")
}

/// The end of that word in a copy of the letter.
pub fn rare_end(copy: usize) -> String {
    format!("{RARE_END}{copy}")
}

/// The letter with this number; the same number is always the same letter.
pub fn letter(number: usize) -> Letter {
    let mut dice = Dice::new(u64::try_from(number).unwrap_or_default() + 1);
    let is_answer = number > 50 && dice.is_in(ANSWERS_PERCENT);
    // Whoever answers does so some letters later.
    let first = if is_answer { number - 1 - dice.below(40) } else { number };
    let from = format!("client{first}@exemple.fr");
    let subject = dice.pick(&SUBJECTS);
    let mut text = words(&mut dice);
    if number.is_multiple_of(RARE_EVERY) {
        text.push_str(&rare(number));
    }
    let answers = if is_answer {
        format!("In-Reply-To: <l{first}@exemple.fr>\r\nReferences: <l{first}@exemple.fr>\r\n")
    } else {
        String::new()
    };
    let head = format!(
        "From: Client {first} <{from}>\r\nTo: bonjour@bench.example\r\nSubject: {subject} {number}\r\n\
         Message-ID: <l{number}@exemple.fr>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0100\r\n{answers}MIME-Version: 1.0\r\n"
    );
    let raw = if dice.is_in(PHOTOS_PERCENT) {
        with_photo(&head, &text, &mut dice)
    } else {
        format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}").into_bytes()
    };
    Letter { from, raw }
}

fn with_photo(head: &str, text: &str, dice: &mut Dice) -> Vec<u8> {
    let bytes: Vec<u8> = (0..PHOTO_BYTES / 8).flat_map(|_| dice.next().to_le_bytes()).collect();
    let mut raw = format!(
        "{head}Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {text}\r\n--B\r\nContent-Type: image/jpeg; name=\"photo.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"photo.jpg\"\r\n\r\n"
    );
    for line in data_encoding::BASE64.encode(&bytes).as_bytes().chunks(76) {
        raw.push_str(std::str::from_utf8(line).unwrap_or_default());
        raw.push_str("\r\n");
    }
    raw.push_str("--B--\r\n");
    raw.into_bytes()
}
