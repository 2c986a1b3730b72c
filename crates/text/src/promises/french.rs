//! How French letters promise, and what only looks like it. Patterns run over folded text: no accents, lower case.

use std::sync::LazyLock;

use regex::Captures;

use super::readers::{date, end_of_month, end_of_week, named_day, part_of_today, weekday};
use super::when::{Day, Unit, When, minute_of, number, number_pattern};
use super::{About, Act, Time, Tongue, any_of, pattern};

/// The language's turns, compiled once.
pub(super) fn tongue() -> &'static Tongue {
    static TONGUE: LazyLock<Tongue> = LazyLock::new(build);
    &TONGUE
}

/// The small words that stand between who acts and a French verb.
const SMALL: &str = r"(?:(?:vous|nous|me|m'|le|la|les|l'|en|y|ne|n'|lui|leur|s'|se)\s*){0,4}";
const ADVERBS: &str = r"(?:(?:bien|donc|alors|ainsi|aussi|egalement|tres|rapidement|vite|personnellement|directement|intégralement|integralement|entierement|automatiquement|evidemment|naturellement|prochainement|bientot|tout de suite|immediatement|de nouveau|a nouveau|encore|systematiquement|effectivement|rapidement|d'ailleurs|par ailleurs|sous peu)\s+){0,2}";
/// Beginnings of the future of verbs that do something for a customer.
const FUTURE: &str = r"(?:r?appeller|recontacter|contacter|rembourser|recrediter|crediter|r?enverr|renverr|re?expedier|expedier|livrer|relivrer|reviendr|repondr|traiter|procederi?|proceder|effectuer|resilier|annuler|r?echanger|remplacer|reparer|programmer|reprogrammer|verser|virer|regulariser|corriger|appliquer|informer|tiendr|fer|donner|transmettr|relancer|verifier|etudier|examiner|adresser|apporter|proposer|prendr|confirmer|indemniser|dedommager|joindr|ecrir|deposer|organiser|planifier|interviendr|passer|mettr|remettr|emettr|activer|retablir|debloquer|cloturer|supprimer|offrir|accorder|fournir|communiquer|occuper|charger|engager|assurer|veiller|regler|resoudr|deduir|lancer|partager|suivr|finaliser|receptionner|avertir|previendr|preciser|majorer|reserver|annoncer|ouvrir|ferai|recupererai?)";
/// Infinitives after *je vais*.
const INFINITIVE: &str = r"(?:r?appeler|recontacter|contacter|rembourser|recrediter|crediter|r?envoyer|re?expedier|expedier|livrer|relivrer|revenir|repondre|traiter|proceder|effectuer|resilier|annuler|r?echanger|remplacer|reparer|programmer|reprogrammer|verser|virer|regulariser|corriger|appliquer|informer|tenir|faire|donner|transmettre|relancer|verifier|etudier|examiner|adresser|apporter|proposer|prendre|confirmer|indemniser|dedommager|joindre|ecrire|deposer|organiser|planifier|intervenir|passer|mettre|remettre|emettre|activer|retablir|debloquer|cloturer|supprimer|offrir|accorder|fournir|communiquer|m'occuper|occuper|charger|engager|assurer|veiller|regler|resoudre|deduire|lancer|finaliser|avertir|prevenir|preciser|ouvrir|recuperer)";
/// What is done to a customer: *vous serez …*
const DONE_TO_YOU: &str = r"(?:rembourse|r?appele|re?contacte|contacte|joint|livre|recredite|credite|informe|indemnise|averti|prevenu|notifie|dedommage|tenu|regle|avise|alerte|servi|debite de moins|defraye|reembauche)(?:e|s|es)?";
/// What is done to a thing: *votre colis sera …*
const DONE_TO_IT: &str = r"(?:rembourse|r?envoye|re?expedie|expedie|livre|relivre|recredite|credite|verse|effectue|emis|emise|traite|regle|resolu|repare|remplace|r?echange|annule|resilie|pris en compte|prise en compte|prise? en charge|cloture|regularise|corrige|retabli|mis en place|mise en place|mis a jour|mise a jour|remis|rendu|re?programme|programme|planifie|adresse|fait|active|debloque|vire|deduit|applique|etudie|examine|effectif|effective|transmis|transmise|disponible|operationnel|operationnelle|realise|finalise|restitue|offert|offerte|accorde|communique|donne|apporte|poste|depose|supprime|desactive|prete?|de retour|actif|active|reparti|majore|recalcule|rectifie|lance|propose|trouve|presente|garanti|recontacte)(?:e|s|es)?";
/// Verbs of people sent by the desk: *un technicien …ra*
const THEY_WILL: &str = r"(?:(?:vous|y|en|le|la|les|l'|lui|se)\s*){0,3}(?:r?appellera|recontactera|contactera|reviendra|repondra|prendra contact|prendra rendez-vous|prendra attache|passera|interviendra|viendra|presentera|livrera|effectuera|ecrira|traitera|fera|tiendra|remboursera|enverra|renverra|repartira|informera|confirmera|communiquera|remplacera|reparera|rapportera|deposera|apportera|recuperera|procedera|examinera|etudiera|reglera|adressera|joindra|proposera|donnera|retablira|s'occupera|occupera|reviendront|rappelleront|contacteront|recontacteront|repondront|traiteront|prendront contact|interviendront|feront|tiendront|va vous (?:r?appeler|recontacter|contacter|repondre|ecrire|rembourser|envoyer|livrer|joindre|tenir)|va (?:prendre contact|revenir vers|intervenir|passer|traiter|etudier|proceder|reprendre)|vont vous (?:r?appeler|recontacter|contacter|repondre|joindre))\b";
/// Verbs of things: *votre colis arrivera*
const IT_WILL: &str = r"(?:(?:vous|y|en|lui)\s*){0,2}(?:arrivera|arriveront|partira|partiront|parviendra|parviendront|apparaitra|apparaitront|fonctionnera|interviendra|aura lieu|prendra effet|marchera|quittera|va arriver|va partir|vont arriver|va vous parvenir|va apparaitre|reprendra)\b";
/// Present tenses that mean the near future, after *je* or *on*, and after *nous*.
const I_DO: &str = r"(?:r?appelle|reviens vers|revient vers|re?contacte|tiens (?:au courant|informee?s?)|occupe|charge|fais le necessaire|fais (?:un|le) point|engage a|promets de|assure de vous|reponds|ecris|donne (?:des|une|de mes))\b";
const WE_DO: &str = r"(?:rappelons|appelons|revenons vers|recontactons|contactons|tenons (?:au courant|informee?s?)|occupons|chargeons|faisons le necessaire|faisons (?:un|le) point|engageons a|promettons de|repondons|ecrivons|donnons (?:des|une|de nos))\b";
/// Present tenses that are a promise only with a time to come.
const I_DO_THEN: &str = r"(?:rembourse|r?envoie|re?expedie|expedie|livre|fais (?:parvenir|partir|envoyer|livrer|virer|suivre|rembourser|passer|verifier)|procede|effectue|traite|verse|vire|annule|resilie|remplace|echange|repare|programme|passe|joins|credite|recredite|regle|regularise|relance|verifie|transmets|adresse|lance|rends|active|retablis|mets|depose|vois avec|termine|finalise)\b";
const WE_DO_THEN: &str = r"(?:remboursons|r?envoyons|re?expedions|expedions|livrons|faisons (?:parvenir|partir|envoyer|livrer|virer|suivre)|procedons|effectuons|traitons|versons|virons|annulons|resilions|remplacons|echangeons|reparons|programmons|passons|joignons|creditons|recreditons|reglons|regularisons|relancons|verifions|transmettons|adressons|lancons|activons|retablissons|mettons|deposons|terminons|finalisons)\b";

const VOIDS: &[&str] = &[
    r"\b(?:si|s'il|s'ils|a condition|sous reserve|a moins|au cas ou|en cas|pourvu que|dans le cas ou|dans l'hypothese|tant que|selon que)\b",
    r"\b(?:des que|des lors|des qu'|une fois|lorsque|lorsqu'|quand|sitot|aussitot que|aussitot que|apres que)\b",
    r"\b(?:des|apres|a|suite a|sur) (?:la |sa |leur |votre |bonne )?(?:reception|retour|validation|acceptation|expertise|presentation|envoi de votre|verification de votre)\b",
    r"\ba (?:compter|partir) (?:de|du) (?:la |sa |votre |l')?(?:reception|retour|date|envoi|signature|validation|acceptation|depot|remise)",
    r"\b(?:a|ont|avait|avaient|avez|aviez|avions|avais|m'a|m'ont) (?:bien |pourtant |deja |toujours |egalement )?(?:promis|assure|affirme|dit|indique|annonce|ecrit|garanti|explique|repondu|precise|certifie|soutenu|raconte|pretendu|confirme)(?:e|s|es)? (?:que|qu'|de|par)",
    r"\b(?:vous|il|elle|ils|elles|votre \w+|le \w+) (?:nous |me |m'|vous )?(?:dites|dit|disent|indiquez|indique|ecrivez|ecrit|affirmez|affirme|pensez|pense|pretendez|pretend|expliquez|explique|demandez|demande|croyez|croit|craignez|redoutez|precisez|mentionnez|evoquez|rapportez|souhaitez|souhaite|attendez|reclamez|exigez|voulez) (?:que|qu'|a ce que)",
    r"\b(?:esper(?:e|ons|ant)|souhait(?:e|ons|ez|erais|erions|ant)|aimer(?:ais|ions|iez)|voudr(?:ais|ions|iez)|prefer(?:ez|erions)) (?:que|qu'|pouvoir|vous)",
    r"\b(?:peut-etre|probablement|sans doute|en principe|normalement|theoriquement|en theorie|eventuellement|vraisemblablement|a priori|sauf (?:imprevu|erreur|retard|contretemps))\b",
    r"\b(?:selon vous|d'apres vous|selon (?:lui|elle|eux|le|la|votre)|d'apres (?:lui|elle|le|la|votre)|soi-disant|il paraissait|parait-il)\b",
    r"\b(?:voulez|souhaitez|preferez|aimeriez|faut|faudrait|desirez|propose|proposons|attendant|temps)(?:-vous)? que (?:je|nous|l'on)\b",
    r"\bpour que\b|\bafin que\b|\bavant que\b|\bjusqu'a ce que\b",
    r"\bau lieu de\b|\bil (?:est|etait|a ete) prevu que\b|\bil faudrait\b|\bil aurait fallu\b",
    r"\bje (?:vous )?rappelle (?:que|qu')",
];

const EXCUSED: &[&str] = &[
    r"\bmeme si\b",
    r"\bsi (?:rapidement|vite|longtemps|longue|long)\b",
    r"\bn'hesitez pas[^.]*",
    r"\bdes que possible\b",
    r"\bdes que (?:je |j'|nous |on )(?:en |l')?(?:ai|aurai|avons|aurons|saurai|saurons|sais|savons|a|aura|obtiens|obtiendrai|obtenons|recois des nouvelles|dispose)\b(?: recu| obtenu)? (?:du|une|des|un|plus|davantage|de|la|leur|sa|l'|d')",
    r"\bs'il vous plait\b",
    r"\bs'il te plait\b",
    r"\bsi vite que possible\b",
    r"\bune fois (?:encore|de plus|par|pour toutes)\b",
    r"\ba retour de courrier\b",
    r"\bpar retour\b",
    r"\bsi besoin\b",
];

const DENIALS: &[&str] = &[
    r"\b(?:ne|n')\s*(?:[\w'-]+\s+){1,6}?(?:pas|plus|jamais|aucun|aucune|rien|guere|point)\b",
    r"\b(?:aucun|aucune|nul|nulle)\b[^,;]*\b(?:ne|n')",
    r"\b(?:hier|avant-hier|il y a|autrefois|auparavant|la semaine derniere|la semaine passee|le mois dernier|depuis)\b",
    r"\bpas (?:avant|question|possible|de remboursement|d'echange)\b",
    r"\b(?:impossible|incapables?) de\b",
    r"\brappel(?:le|ons) (?:que\b|qu'|votre|vos|notre|nos|ci-|(?:le |la |les |l')(?:regle|procedure|delai|condition|montant|numero|reference|terme|demarche|loi|contrat|possibilite|existence|necessite|importance|texte|principe|date|adresse|coordonnees))",
    r"\b(?:auriez|aurions|aurait|aurais|auraient) (?:deja |bien )?du\b",
];

fn build() -> Tongue {
    Tongue {
        voids: any_of(VOIDS),
        excused: any_of(EXCUSED),
        breaks: pattern(
            r"[,;:(]\s|\s(?:mais|car|puisque|cependant|toutefois|en revanche) |\s(?:et|puis) (?:je|j'|nous|vous|votre|vos|on|un|une|le|la|notre|mon)\b",
        ),
        denials: any_of(DENIALS),
        affirmed: pattern(
            r"\b(?:ne|n')\s*(?:vous )?manqu(?:erai|erons|ons|e) pas (?:de|d')|\bne (?:vous )?(?:inquietez|faites|preoccupez|souciez)[^,;.]*|\bn'hesitez pas[^,;.]*|\bpas de (?:souci|probleme|panique)s?\b|\bne (?:sera|serez|seront) (?:rembourse|livre)\w* que\b",
        ),
        others: pattern(
            r"\b(?:transporteur|banque|la poste|chronopost|colissimo|dhl|ups|fedex|mondial relay|dpd|gls|assureur|assurance|mediateur|vendeur|fabricant|constructeur|marque|notaire|huissier|mairie|prefecture|tribunal|syndic|bailleur|partenaire|fournisseur|prestataire externe|ancien operateur|nouvel operateur|autre operateur|marketplace|paypal|garage|hotel|voisin|mari|femme|fils|fille|medecin|avocat|concurrent|il|elle|ils|elles|client|cliente)\b",
        ),
        acts: acts(),
        times: times(),
        about: vec![
            (
                pattern(
                    r"\brembours|\b(?:re)?credit(?:e|er)|\bvir(?:er|ement)|\bvers(?:er|ement|e)\b|\bindemnis|\bdedommag|\bavoir de\b|\bcheque\b|\bgeste commercial",
                ),
                About::Refund,
            ),
            (
                pattern(r"\bresili|\bannul|\bretractation|\bdesabonn|\bdesinscri|\bcloture"),
                About::Cancellation,
            ),
            (
                pattern(
                    r"\bechang|\bremplac|\brepar|\brechang|\bnouve(?:l|au) (?:appareil|produit|article|modele)|\btechnicien|\bdepann|\bintervention|\binterviendr|\bretabli",
                ),
                About::Exchange,
            ),
            (
                pattern(
                    r"\blivr|\bcolis|\bexpedi|\benvo(?:yer|ie|i|yons)|\benverr|\bparvenir|\bcommande|\brenvo|\brenverr|\barriver|\bcourrier\b|\bposte\b",
                ),
                About::Delivery,
            ),
            (
                pattern(
                    r"\brappel|\bappel|\bcontact|\brepon|\brevien|\breven|\bnouvelles|\binform|\bcourant|\becri|\bjoin|\bretour|\bpoint\b|\btiend|\bprevien",
                ),
                About::Contact,
            ),
        ],
    }
}

fn acts() -> Vec<Act> {
    let turn = |text: String, needs_time, names_actor, is_at_once| Act {
        turn: pattern(&text),
        needs_time,
        names_actor,
        is_at_once,
    };
    let subject = r"(?P<who>(?:\b(?:votre|vos|le|la|les|l'|un|une|ce|cet|cette|notre|nos|mon|ma|du|quelqu'un|chaque|tout|toute)\b)(?:[^,;:.?!]|[,.]\d){0,70}?)";
    vec![
        // These endings are the first person's alone, with or without its pronoun beside them.
        turn(format!(r"(?:\b(?:je\b|j'|j|vous|et)\s*)?{SMALL}\b{FUTURE}ai\b"), false, false, false),
        turn(format!(r"(?:\b(?:nous|vous|et)\s+)?{SMALL}\b{FUTURE}ons\b"), false, false, false),
        turn(format!(r"\bon\s+{SMALL}{FUTURE}a\b"), false, false, false),
        turn(format!(r"\b(?:je\s+{SMALL}vais|nous\s+{SMALL}allons|on\s+{SMALL}va)\s+{ADVERBS}{SMALL}{INFINITIVE}\b"), false, false, false),
        turn(format!(r"\b(?:je|nous|on)\s+ne\s+(?:vous )?manqu(?:erai|erons|era|e|ons) pas (?:de |d'){SMALL}{INFINITIVE}\b"), false, false, false),
        turn(format!(r"\b(?:je\b|j'|j|on)\s*{SMALL}{I_DO}"), false, false, false),
        turn(format!(r"\bnous\s+{SMALL}{WE_DO}"), false, false, false),
        turn(format!(r"\b(?:je\b|j'|j|on)\s*{SMALL}{I_DO_THEN}"), true, false, false),
        turn(format!(r"\bnous\s+{SMALL}{WE_DO_THEN}"), true, false, false),
        turn(r"\bvous (?:ne )?(?:serez|allez etre) ".to_owned() + ADVERBS + DONE_TO_YOU + r"\b", false, false, false),
        turn(r"\bvous (?:recevrez|allez recevoir|obtiendrez)\b".to_owned(), false, false, false),
        turn(r"\bvous (?:aurez|allez avoir)\s+(?:une|un|de|des|nos|votre|vos|le|la|les)?\s*(?:mes |nos )?(?:reponse|retour|nouvelles|remboursement|colis|solution|confirmation|appel|commande|compensation|avoir|explication|technicien|ligne)".to_owned(), false, false, false),
        turn(format!(r"{subject}\b(?:sera|seront|va(?: vous)? etre|vont(?: vous)? etre)\s+(?:(?:vous|lui)\s+)?{ADVERBS}{DONE_TO_IT}\b"), false, true, false),
        turn(format!(r"\b(?:il|elle|ils|elles|ceci|cela|tout|et)\s+(?:(?:vous|lui)\s+)?(?:sera|seront)\s+{ADVERBS}{DONE_TO_IT}\b"), false, false, false),
        turn(r"\b(?:sera|seront) (?:chez vous|a votre disposition|de retour)\b".to_owned(), false, false, false),
        turn(r"\b(?:confirme|confirmons) (?:le|la|l'|votre|notre)\s?(?:passage|livraison|rendez-vous|intervention|visite|rappel|remboursement|venue|envoi|enlevement)\b".to_owned(), true, false, false),
        turn(format!(r"{subject}\b(?:vous sera|vous seront|vous est)\s+{ADVERBS}{DONE_TO_IT}\b"), false, true, false),
        turn(format!(r"{subject}\s{THEY_WILL}"), false, true, false),
        turn(format!(r"{subject}\s{IT_WILL}"), false, true, false),
        turn(format!(r"{subject}\b(?:est|sont)\s+{ADVERBS}(?:prevu|programme|planifie|attendu|fixe)(?:e|s|es)?\b"), true, true, false),
        turn(r"\b(?:votre|la|l'|cette)\s*(?:demande de |demande d')?(?:resiliation|annulation|retractation|desabonnement|desinscription|opposition|cloture)[^,;:.?!]{0,50}?\best (?:bien |desormais |donc |maintenant |effectivement )*(?:prise? en compte|enregistree?|validee?|confirmee?|effective|effectif|actee?)\b".to_owned(), false, false, true),
        turn(r"^(?:votre |le |un |une )?(?:remboursement|reponse|livraison|envoi|expedition|rappel|retour|virement|remplacement|intervention)(?: \w+){0,5}?\s(?:sous|dans|avant|d'ici|au plus tard|demain|prevue?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b".to_owned(), true, true, false),
    ]
}

fn times() -> Vec<Time> {
    let number = number_pattern();
    let day = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche";
    let month = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|janv|fevr|avr|juil|sept|oct|nov|dec";
    let before =
        r"(?P<before>(?:et ce |ce |au plus tard |d'ici |d'ici a |pour |des |jusqu'a |jusqu'au )?avant )";
    let by = r"(?:au plus tard |d'ici |d'ici a |pour |des |courant |dans le courant de |au cours de |avant |et ce |en |vers )*";
    let part = r"(?:\s*,?\s*(?:(?P<noon>(?:avant |a |vers )?midi|(?:dans la |au |en fin de |en )?matin(?:ee)?)|(?P<afternoon>(?:dans l')?apres-midi|(?:en )?fin d'apres-midi|(?:en )?fin de journee)|(?P<evening>(?:au )?soir|dans la (?:soiree|journee))|(?P<until>(?:avant|a|vers|pour|jusqu'a|entre \d{1,2} ?h(?:\d\d)? et|des) (?P<h>\d{1,2}) ?(?:h|heures|:) ?(?P<m>\d\d)?)))?";
    let time = |text: String, read: fn(&Captures<'_>) -> Option<When>| Time { turn: pattern(&text), read };
    vec![
        time(format!(r"\b(?P<time>(?:(?:au plus tard|au maximum|maximum|endeans|et ce) )*(?:sous|dans|d'ici|en|avant|endeans|dans les|sous les)\s+(?:(?:un|le|des|les|l')\s*)?(?:delais? (?:maximum |maximal |moyen |estime )?(?:de |d')|moins de |environ |maximum |plus tard )*(?:les |ces )?(?:prochaine?s? )?(?:(?:{number})\s*(?:a|ou|-|et)\s*)?(?P<count>{number})\s*(?:prochaine?s? )?(?P<unit>minutes?|min|mn|heures?|h|jours?|j|semaines?|mois|ans?|annees?)(?P<sort> (?:de )?(?:ouvre|ouvree|ouvrable|calendaire|franc|plein|ouvert)(?:e|s|es)?)?)\b"), within),
        time(r"\b(?P<time>(?:sous|dans|d'ici|avant) (?:une |la |un )?(?:(?P<eight>huitaine)|(?P<fifteen>quinzaine)|(?P<ten>dizaine de jours)|(?P<hour>l'heure|heure))(?: de jours)?)\b".to_owned(), rounded),
        time(r"\b(?P<time>dans l'heure)\b".to_owned(), |_| Some(When::Within { count: 1, unit: Unit::Hours })),
        time(format!(r"(?P<time>{by}(?:(?:entre \d{{1,2}} ?h(?:eures)? ?(?:\d\d)? et |avant |a |vers )(?:(?P<midday>midi)|(?P<h2>\d{{1,2}}) ?h(?:eures)? ?(?P<m2>\d\d)?) )?\b(?P<day>apres-demain|demain|aujourd'hui|ce jour)\b{part}(?: meme| au plus tard)?)"), named_day),
        time(format!(r"(?P<time>(?:{before}|{by})(?:le |la |au )?(?:(?:{day}) )?(?:le )?(?P<date>1er|\d{{1,2}}) (?P<month>{month})\b\.?(?: (?P<year>20\d\d))?{part}(?: au plus tard)?)"), date),
        time(format!(r"(?P<time>(?:{before}|{by})(?:le |au )?(?:(?:{day}) )?(?P<date>\d{{1,2}})/(?P<monthno>\d{{1,2}})(?:/(?P<year>(?:20)?\d\d))?\b{part}(?: au plus tard)?)"), date),
        time(format!(r"(?P<time>(?:{before}|{by})(?:le |ce |au )?\b(?P<weekday>{day})\b(?P<nextweek> (?:de la semaine prochaine|en huit))?(?: prochain)?(?: (?P<date2>\d{{1,2}})(?: (?:au plus tard))?)?{part}(?: au plus tard)?)"), weekday),
        time(r"(?P<time>(?:au plus tard |d'ici |avant |pour |a |en |dans |des |courant )*(?:la |le )?\bfin de (?:la |cette )?semaine(?P<next> prochaine)?(?: au plus tard)?)\b".to_owned(), end_of_week),
        time(r"(?P<time>(?:au plus tard |d'ici |avant |des |au |en |le |dans le |dans les )*\b(?:debut|premiers jours) de (?:la )?semaine(?P<next> prochaine)?)\b".to_owned(), |found| {
            Some(When::on(Day::EarlyInWeek(u32::from(found.name("next").is_some()))))
        }),
        time(r"(?P<time>(?:au plus tard |d'ici |avant |pour |a |en |dans |des |courant )*(?:la |le )?\bfin (?:du |de |de ce )(?:mois(?P<nextmonth> prochain)?|(?P<month>janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)|l'(?P<year>annee)))\b".to_owned(), end_of_month),
        time(r"(?P<time>(?:au plus tard |d'ici |avant |en |a )*\bfin (?P<month>janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre))\b".to_owned(), end_of_month),
        time(r"(?P<time>(?:au plus tard |d'ici |avant |en |dans |au cours de |au courant de |dans le courant de |courant |des |le courant de )*(?:la |cette )\bsemaine(?P<next> prochaine| qui vient)?)\b".to_owned(), end_of_week),
        time(r"(?P<time>(?:courant|en cours de|dans le courant de) (?:la )?semaine(?P<next> prochaine)?)\b".to_owned(), end_of_week),
        time(r"(?P<time>(?:d'ici |dans |au cours de |courant |dans le courant d[eu] |avant )*(?:le |du |ce )\bmois(?P<nextmonth> prochain)?(?:-ci)?)\b".to_owned(), end_of_month),
        time(r"\b(?P<time>(?:avant |d'ici |dans |des |pour )?(?:(?P<noon>ce matin|la matinee|midi)|(?P<afternoon>cet(?:te)? apres-midi|l'apres-midi|la fin de (?:la )?journee|(?:en )?fin de journee)|(?P<evening>ce soir|la soiree|la journee)))\b".to_owned(), part_of_today),
        time(r"\b(?P<time>(?:avant|a) (?P<h>\d{1,2}) ?h(?:eures)? ?(?P<m>\d\d)?(?: aujourd'hui| ce jour)?)\b".to_owned(), |found| {
            let minute = minute_of(found.name("h")?.as_str(), found.name("m").map(|text| text.as_str()), None)?;
            Some(When::Day { day: Day::InDays(0), minute: Some(minute), is_before: false })
        }),
    ]
}

fn within(found: &Captures<'_>) -> Option<When> {
    let count = number(found.name("count")?.as_str())?;
    // "avant 17 h" is a time of the day.
    if found.name("time")?.as_str().starts_with("avant") && found.name("unit")?.as_str().starts_with('h') {
        return None;
    }
    let sort = found
        .name("sort")
        .map_or("", |sort| sort.as_str().trim_start().trim_start_matches("de ").trim_start());
    let unit = match found.name("unit")?.as_str() {
        "min" | "mn" | "minute" | "minutes" => Unit::Minutes,
        // "24 heures ouvrées" is said of the next working day, not of three days of opening.
        "h" | "heure" | "heures" if sort.starts_with("ouv") && count % 24 == 0 => {
            return Some(When::Within { count: count / 24, unit: Unit::BusinessDays });
        }
        "h" | "heure" | "heures" if sort.starts_with("ouv") => Unit::OpenHours,
        "h" | "heure" | "heures" => Unit::Hours,
        "j" | "jour" | "jours" => match sort {
            sort if sort.starts_with("ouvrable") => Unit::OuvrableDays,
            sort if sort.starts_with("ouv") => Unit::BusinessDays,
            _ => Unit::Days,
        },
        "semaine" | "semaines" => Unit::Weeks,
        "mois" => Unit::Months,
        _ => Unit::Years,
    };
    Some(When::Within { count, unit })
}

fn rounded(found: &Captures<'_>) -> Option<When> {
    let days = [("eight", 8), ("fifteen", 15), ("ten", 10)];
    let count = days.into_iter().find(|(name, _)| found.name(name).is_some()).map(|(_, count)| count);
    match count {
        Some(count) => Some(When::Within { count, unit: Unit::Days }),
        None => found.name("hour").map(|_| When::Within { count: 1, unit: Unit::Hours }),
    }
}
