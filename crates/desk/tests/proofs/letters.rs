//! Letters of many customers with many problems, small and large, first ones and answers.

use super::dice::Dice;
use super::recorder::Receipt;
use super::stage::INBOX;

/// A letter to deliver.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its `Message-ID` without brackets.
    pub id: String,
    /// The `Message-ID` of the first letter whose receipt it answers.
    pub answers_first: Option<String>,
    /// Who writes.
    pub from: String,
    /// To which address.
    pub to: String,
    /// The letter, ending in CR LF.
    pub bytes: Vec<u8>,
}

/// Problems that nobody would take for one another.
const PROBLEMS: [(&str, &str); 10] = [
    (
        "Colis jamais arrivé",
        "Mon colis devait être livré mardi et le transporteur ne sait pas où il se trouve.",
    ),
    (
        "Facture fausse",
        "La facture du mois compte deux abonnements alors que j'ai résilié le second en janvier.",
    ),
    (
        "Ligne en panne",
        "Ma ligne téléphonique ne donne plus aucune tonalité depuis l'orage et la box clignote.",
    ),
    (
        "Chaussures abîmées",
        "Les semelles se décollent après trois sorties, je demande un échange ou une réparation.",
    ),
    (
        "Remboursement",
        "Vous aviez promis de rembourser l'acompte sous dix jours et mon compte n'a rien reçu.",
    ),
    ("Mot de passe", "Impossible d'entrer dans mon espace personnel, le code secret par SMS n'arrive pas."),
    (
        "Train en retard",
        "Arrivée à Lyon avec trois heures de retard, ma correspondance pour Genève était perdue.",
    ),
    (
        "Canapé mauvais coloris",
        "Le canapé commandé en bleu nuit est vert olive, le livreur a refusé de le reprendre.",
    ),
    ("Assurance scolaire", "Le dossier d'assurance de ma fille reste bloqué faute d'attestation du lycée."),
    ("Vendeur impoli", "En boutique un vendeur m'a raccompagnée à la porte en riant devant ma poussette."),
];
/// Size of the file in a large letter, in bytes: with base64 above the 64 KiB that are kept in a row.
const FILE_BYTES: u64 = 60_000;

/// The first letter about the `nth` problem of a customer.
pub fn first(customer: u32, nth: u32, is_large: bool, dice: &Dice) -> Mail {
    let (subject, text) = PROBLEMS[(customer + 3 * nth) as usize % PROBLEMS.len()];
    let id = format!("{customer}.{nth}.{:x}@client.example", dice.below(u64::MAX));
    let from = format!("client{customer}@client.example");
    let text =
        format!("Bonjour,\r\n\r\n{text}\r\nDossier {}.\r\n\r\nClient {customer}\r\n", dice.below(1_000_000));
    let head = format!(
        "From: Client {customer} <{from}>\r\nTo: <{INBOX}>\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n\
         Date: Tue, 3 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    );
    let bytes = if is_large { with_file(&head, &text, dice) } else { plain(&head, &text) };
    Mail { id, answers_first: None, from, to: INBOX.to_owned(), bytes }
}

/// A customer's answer to a receipt, as a mail program writes it.
pub fn answer(first: &Mail, receipt: &Receipt, dice: &Dice) -> Mail {
    let id = format!("re.{:x}@client.example", dice.below(u64::MAX));
    let text = format!("Merci, j'ajoute que le numéro est {}.\r\n", dice.below(1_000_000));
    let head = format!(
        "From: <{}>\r\nTo: <{}>\r\nSubject: Re: votre accusé\r\nMessage-ID: <{id}>\r\nIn-Reply-To: <{}>\r\n\
         References: <{}> <{}>\r\nDate: Tue, 3 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n",
        first.from, receipt.reply_to, receipt.id, first.id, receipt.id
    );
    Mail {
        id,
        answers_first: Some(first.id.clone()),
        from: first.from.clone(),
        to: receipt.reply_to.clone(),
        bytes: plain(&head, &text),
    }
}

/// A small letter of a customer of its own, with this text.
pub fn simple(name: &str, text: &str) -> Mail {
    let from = format!("{name}@client.example");
    let id = format!("{name}@client.example");
    let head = format!(
        "From: <{from}>\r\nTo: <{INBOX}>\r\nSubject: {name}\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\n"
    );
    Mail { bytes: plain(&head, &format!("{text}\r\n")), id, answers_first: None, from, to: INBOX.to_owned() }
}

fn plain(head: &str, text: &str) -> Vec<u8> {
    format!("{head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}")
        .into_bytes()
}

fn with_file(head: &str, text: &str, dice: &Dice) -> Vec<u8> {
    let file: Vec<u8> = (0..FILE_BYTES).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
    let file = data_encoding::BASE64_MIME.encode(&file);
    format!(
        "{head}Content-Type: multipart/mixed; boundary=coupe\r\n\r\n--coupe\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--coupe\r\n\
         Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=photo.jpg\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n--coupe--\r\n"
    )
    .into_bytes()
}
