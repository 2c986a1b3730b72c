//! The words of which mail programs make their advertisements, folded.
//!
//! Here: lists. Not here: what proves an advertisement (see `advertisement`). A word belongs here only when no
//! complaint is made of it: all that stands in such a line beside these words is shown.

/// What must follow a beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    /// A device after "my", or a program.
    OwnDevice,
    /// A device or a program.
    Anything,
    /// A program: "with my telephone" may be how a parcel was sent.
    Program,
    /// A program and what it runs on.
    ForPlatform,
}

/// How an advertisement begins.
pub(super) struct Beginning {
    pub(super) words: &'static str,
    pub(super) object: Object,
}

const fn own(words: &'static str) -> Beginning {
    Beginning { words, object: Object::OwnDevice }
}

const fn any(words: &'static str) -> Beginning {
    Beginning { words, object: Object::Anything }
}

const fn program(words: &'static str) -> Beginning {
    Beginning { words, object: Object::Program }
}

const fn platform(words: &'static str) -> Beginning {
    Beginning { words, object: Object::ForPlatform }
}

/// A longer beginning stands before the shorter one that it goes on from.
pub(super) const BEGINNINGS: &[Beginning] = &[
    program("envoye de facon securisee avec"),
    own("envoye de mon"),
    own("envoye de ma"),
    own("envoye depuis mon"),
    own("envoye depuis ma"),
    own("envoye a partir de mon"),
    own("ce message a ete envoye depuis mon"),
    own("ce message a ete envoye de mon"),
    any("envoye de"),
    any("envoye depuis"),
    any("envoye a partir de"),
    any("envoye a partir d"),
    any("ce message a ete envoye depuis"),
    program("envoye avec"),
    any("envoye via"),
    program("envoye par"),
    platform("obtenir"),
    platform("obtenez"),
    platform("telecharger"),
    platform("telechargez"),
    any("provenance"),
    own("sent from my"),
    any("sent from"),
    program("sent with"),
    program("sent using"),
    any("sent via"),
    program("securely sent with"),
    platform("get"),
    own("gesendet von meinem"),
    own("gesendet von meiner"),
    own("gesendet diese nachricht wurde von meinem"),
    any("gesendet von"),
    program("gesendet mit"),
    platform("holen sie sich"),
    own("enviado desde mi"),
    any("enviado desde"),
    own("enviado do meu"),
    any("enviado do"),
    own("inviato dal mio"),
    any("inviato da"),
    own("verzonden vanaf mijn"),
    own("verstuurd vanaf mijn"),
    any("verzonden vanaf"),
    own("skickat fran min"),
    own("sendt fra min"),
];

/// Programs that nothing else is called after.
pub(super) const PROGRAMS: &str = "\
    airmail aol betterbird bluemail em emclient fairemail gmail gmx hotmail icloud infomaniak laposte \
    mailbird mailo mailspring outlook proton protonmail roundcube superhuman thunderbird tuta tutanota \
    yahoo zimbra zoho";

/// Programs called after other things; they count with a capital.
pub(super) const NAMED: &str = "\
    aqua boxer canary edison evolution front missive newton nine postbox spark spike";

/// Devices, and what runs on them.
pub(super) const DEVICES: &str = "\
    android apparaat appareil blackberry cellphone cellulare device dispositivo fairphone galaxy gerat \
    handy honor huawei imac ios ipad iphone ipod mac macbook macos mobile moto motorola movil nokia \
    oneplus oppo phone pixel poco portable realme redmi samsung smartphone tablet tablette telefon \
    telefonino telefono telefoon telephone wiko windows xiaomi xperia";

/// What a provider calls its program.
pub(super) const APPS: &str = "\
    app appli application messagerie webmail";

/// Whose program it is; alone they are firms, of which a customer may speak.
pub(super) const BRANDS: &str = "\
    bbox bouygues free freenet mail o2 orange red sfr sosh telekom vodafone";

/// All else that such lines hold: little words, names of models, excuses for mistakes.
const OTHERS: &str = "\
    a adresse air all an and any at auf avec bitte brevity brievete client com concision courriel \
    courrier d das de dem den depuis der desktop desole die du duos e edge email entschuldigen errors et \
    eventuelles excuse excuser excusez fautes flip fold for fr frappe from fur il in ipados it k kurze l \
    la le les lite ma max meine meinem merci mi mijn min mini mistakes mit mon my neo net network new \
    note nouvelle of on orthographe ou par para pardon pardonnez per phablet please plus por poste pour \
    prime pro s se secure securise securisee sie sm sorry spelling sur tab telecom the \
    tippfehler typo typos uber ultra un une van vanaf verizon veuillez via von voor web wireless \
    with x z";

/// True for a word that programs say.
pub(super) fn is_known(word: &str) -> bool {
    [PROGRAMS, NAMED, DEVICES, APPS, BRANDS, OTHERS].iter().any(|list| is_in(list, word))
}

/// True for a word of a list, whose words stand between spaces.
pub(super) fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// Whole lines that name no beginning.
pub(super) const SLOGANS: &[&str] =
    &["yahoo mail search organize conquer", "yahoo mail recherchez organisez maitrisez"];

/// What follows a program's name.
pub(super) const SLOGAN_TAILS: &[&str] = &[
    "the best free email app for work",
    "get your own encrypted ad free mailbox",
    "obtenez votre boite mail cryptee gratuite et sans publicite",
    "get the app",
];
