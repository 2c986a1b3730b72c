# The outbox.
outbox-lead = Les messages en route vers les clients. Ce qui est bloqué vient en premier.
outbox-empty = Rien en attente de départ
outbox-empty-detail = Tous les messages sont partis.
outbox-written = écrit
outbox-tries = { $count ->
    [one] 1 essai
   *[other] { $count } essais
}
outbox-retry = Réessayer maintenant

# Letters kept aside.
letters-lead = Les courriers que Suivi n’a pas pu ranger dans un dossier. Rien n’est perdu : chacun est gardé tel qu’il est arrivé.
letters-empty = Aucun courrier écarté
letters-no-subject = (sans objet)
letters-no-sender = Expéditeur illisible
letters-replay = Traiter de nouveau
kept-unreadable = Ce courrier n’a pas pu être lu comme un e-mail.
kept-loop = C’est l’un de nos propres messages, revenu.
kept-automatic = Message automatique, sans réponse à donner.

# The demonstration's postbox.
postbox-lead = Dans la démonstration, aucun e-mail ne part vraiment : les voici.
postbox-empty = La boîte est vide
postbox-empty-detail = Répondez à un dossier : le message apparaîtra ici.
postbox-links = Liens du message
postbox-text = Texte
postbox-html = Mise en page
postbox-headers = En-têtes

# The shelves of letters kept aside.
shelves-label = Courriers écartés, par raison
shelf-quarantine = À examiner
shelf-quarantine-lead = Suivi n’a pas su lire ces courriers, ou à qui répondre. Ouvrez-les ; après une correction, traitez-les de nouveau.
shelf-quarantine-empty = Rien à examiner : tout ce qui est arrivé a pu être lu.
shelf-junk = Indésirables
shelf-junk-lead = Jamais de réponse à ces courriers, mais rien n’est perdu : ouvrez un dossier si l’un d’eux vient d’un client.
shelf-junk-empty = Aucun courrier indésirable.
shelf-machines = Écrits par des machines
shelf-machines-lead = Avis de non-remise, absences, lettres d’information, accusés de lecture : aucun dossier auquel les rattacher, et personne à qui répondre.
shelf-machines-empty = Aucun message de machine.
letters-open-case = Ouvrir un dossier
letters-accept = Toujours accepter
letters-accept-detail = Ouvrir un dossier, et ne plus jamais prendre cette adresse pour un indésirable
kept-junk = Un filtre, ou l’une de vos règles, le tient pour indésirable.
letters-alert = Courriers à examiner, expéditeurs sans doute usurpés et avis de non-remise des deux dernières semaines
kept-forged = Le domaine de l’expéditeur affirme que ce message ne vient pas de lui : adresse sans doute usurpée.
rules-title = Vos règles
rules-lead = Une adresse (luc@promo.example), un domaine (promo.example) ou des mots de l’objet. La réponse d’un client à l’un de ses dossiers n’est jamais tenue pour indésirable.
rules-pattern = Expéditeur ou mots de l’objet
rules-example = promo.example
rules-verdict = Ce courrier est
rules-verdict-junk = toujours indésirable
rules-verdict-accept = toujours accepté
rules-add = Ajouter la règle
rules-remove = Supprimer la règle
rule-junk = toujours indésirable ({ $field })
rule-accept = toujours accepté ({ $field })
rule-address = adresse
rule-domain = domaine
rule-subject = objet
