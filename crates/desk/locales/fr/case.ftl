# Status and nature.
status-new = Nouveau
status-open = En cours
status-waiting-customer = En attente du client
status-waiting-third-party = En attente d’un tiers
status-resolved = Solution proposée
status-closed-confirmed = Clos, confirmé
status-closed-lapsed = Clos sans réponse
nature-request = Demande
nature-complaint = Réclamation
nature-report = Signalement
nature-dispute = Contestation

# The list of cases.
list-label = Dossiers
list-unread = Message non lu :
list-act-by = À traiter :
list-assignee = Conseiller en charge :
list-nobody = Personne en charge
list-last-message = Dernier message du client :
pager-label = Pages
pager-previous = Page précédente
pager-next = Page suivante
volume-today = Journée chargée : { $today } nouveaux dossiers, contre { $usual } d’habitude à cette heure.
empty-mine = Vous êtes à jour
empty-mine-detail = Aucun dossier ne vous attend. Un coup d’œil à ceux qui n’ont pas encore de conseiller ?
empty-team = L’équipe est à jour
empty-team-detail = Aucun dossier ouvert dans vos équipes. Belle journée !
empty-unassigned = Chaque dossier a son conseiller
empty-unassigned-detail = Personne n’attend d’être pris en charge.
empty-waiting = Rien en attente
empty-waiting-detail = Aucun dossier n’attend la réponse d’un client ni l’action d’un tiers.
empty-all = Aucun dossier ouvert
empty-all-detail = Le premier message d’un client ouvrira le premier dossier.
empty-closed = Pas encore de dossier clos
empty-closed-detail = Les dossiers confirmés par les clients se retrouveront ici.

# One case.
case-back = Retour à la liste
case-reference = Référence :
case-act-by = À traiter :
case-details = Suivi et client
link-label = Rapprochement proposé
link-quotes-reference = Ce message cite le dossier { $reference } :
link-same-subject = Même personne, même sujet que le dossier { $reference } :
live-case-changed = Ce dossier vient de changer.

# The historique.
timeline-label = Historique
timeline-earlier = Afficher ce qui précède
message-from = Message de
message-to = Réponse à
message-recipient = à
message-other-person = Autre personne
message-automatic = Automatique
message-written-at = Daté du
message-quoted = Passage auquel il répond
message-folded = Messages précédents et signature
message-files = Pièces jointes
message-html = Voir la mise en page d’origine
message-html-title = Mise en page d’origine du message de
message-raw = Message brut (.eml)
message-proposal = Solution proposée au client
note-by = Note de
note-internal = Interne, ne part jamais
delivery-waiting = En file d’envoi
delivery-sent = Envoyé { $at }
delivery-delayed = Retardé : nouvel essai { $at }.
delivery-refused = Refusé : le client n’a pas reçu ce message.

# The composer.
composer-label = Écrire
composer-kind = Ce que vous écrivez
composer-reply = Répondre
composer-note = Note interne
composer-proposal = Proposer une solution
composer-page-only = sur sa page privée seulement : aucune adresse e-mail n’est connue
composer-to = À :
composer-reply-body = Votre réponse au client
composer-reply-placeholder = Écrivez votre réponse…
composer-note-body = Votre note interne
composer-note-placeholder = Ce que vos collègues doivent savoir…
composer-proposal-body = La solution que vous proposez
composer-proposal-placeholder = Ce que nous faisons, pour quand, et ce que le client recevra…
composer-proposal-hint = le client pourra confirmer ou rouvrir par son lien privé.
composer-then = Ensuite
composer-then-open = Le dossier reste à nous
composer-then-waiting = Attendre le client
composer-send = Envoyer
composer-add-note = Ajouter la note
composer-propose = Envoyer la solution
composer-draft-kept = Brouillon retrouvé.
tools-label = Mise en forme
tools-bold = Gras
tools-italic = Italique
tools-list = Liste
tools-numbers = Liste numérotée
tools-quote = Citation

# The side panel.
side-label = Suivi et client
side-next = Suite à donner
side-waits-for = En attente de
side-chase = Relance
side-team = Équipe
side-agent = Conseiller en charge
side-assign = Confier le dossier
side-clocks = Échéances
side-no-clock = Aucune échéance en cours.
side-customer = Client
side-other-cases = Ses autres dossiers
side-facts = Faits connus
side-opened = Ouvert
side-inbox = Reçu par
act-take = Je m’en occupe
act-open = Reprendre le dossier
act-wait-customer = Attendre le client
act-wait-third-party = Attendre un tiers
act-third-party-name = Qui doit agir ?
act-third-party-example = Transporteur, atelier, vendeur…
act-chase-on = Relancer le
act-wait-confirm = Mettre en attente
clock-first-reply = Première réponse
clock-next-update = Prochaines nouvelles

# What happened.
actor-customer = le client
actor-clock = l’échéance
actor-desk = Suivi
event-opened = Dossier ouvert par un message du client
event-threaded-answer = Message rattaché : il fait suite à un message de ce dossier
event-threaded-address = Message rattaché : il est arrivé à l’adresse signée du dossier
event-threaded-link = Message rattaché : il est arrivé par le lien privé du client
event-taken = { $who } s’en occupe
event-assigned = Dossier confié à { $to } par { $who }
event-team-assigned = Dossier confié à l’équipe { $team } par { $who }
event-unassigned = Dossier remis sans conseiller par { $who }
event-status = Statut « { $status } » par { $who }
event-waits-third-party = En attente de { $name }, à relancer le { $date }, par { $who }
event-nature = Nature corrigée en « { $nature } » par { $who }
event-solution-proposed = Solution proposée par { $who }
event-confirmed = Le client confirme que c’est réglé : dossier clos
event-reopened = Le client signale que ce n’est pas réglé : dossier rouvert
event-reminded = Rappel envoyé au client : une solution attend sa réponse
event-lapsed = Clos sans réponse du client, après un rappel
event-clock-broken = Échéance dépassée : { $clock }
event-mail-refused = Un de nos messages a été refusé : le client ne l’a pas reçu

# A customer.
customer-since = Client depuis le
customer-identities = Coordonnées
customer-cases = Dossiers
customer-no-case = Aucun dossier pour le moment.

# More about messages.
status-closed-merged = Réuni à un autre
message-pictures-hidden = Les images distantes sont masquées, pour que l’expéditeur ne sache pas quand vous lisez.
message-pictures = Afficher les images distantes
sender-verified = Adresse vérifiée : son domaine se porte garant du message
sender-doubtful = Expéditeur non confirmé par son domaine
sender-forged = Adresse sans doute usurpée
event-repeated-id = Ce message porte l’identifiant d’un autre, déjà reçu, avec un contenu différent
event-encrypted = Ce message est chiffré : Suivi n’a pas la clé et ne peut pas en montrer le texte
event-passed-on = Message du client transmis par { $who }
event-merged-into = Réuni au dossier { $reference } par { $who }
event-took-in = Le dossier { $reference } a été réuni à celui-ci par { $who }
event-merge-undone = Séparé du dossier { $reference } par { $who }

# Calls, promises, links.
event-called-us = Appel du client, pris par { $who }.
event-called-reached = { $who } a joint le client par téléphone.
event-called-absent = { $who } a appelé le client : pas de réponse.
event-called-voicemail = { $who } a appelé le client et laissé un message.
event-call-again = À rappeler { $at }.
event-committed = { $who } a promis : « { $promise } », pour { $at }.
event-commitment-kept = Promesse tenue : « { $promise } » ({ $who }).
event-links-revoked = { $who } a retiré les liens privés donnés jusqu’ici.
event-threaded-written-down = Noté pour le client.
clock-call-again = Rappeler le client
clock-commitment = Promesse faite au client
delivery-posted = Visible sur sa page de suivi : ce client n’a pas d’adresse e-mail
automatic-link = Nouveau lien de suivi, envoyé à la demande du client.
refusal-too-many-files = Dix fichiers et 20 Mo au plus par message.
refusal-no-call-date = La date du prochain appel est déjà passée.
refusal-no-due-date = Une promesse a besoin d’une date à venir.
refusal-too-many-commitments = Ce dossier a déjà douze promesses en cours : tenez-en une d’abord.
refusal-no-receipt-day = Le jour de réception doit être passé, et remonter à moins d’un an.
refusal-no-identity = Il faut au moins un moyen de répondre au client : adresse e-mail, téléphone ou référence.
address-claimed = non vérifiée
address-claimed-detail = Donnée dans un formulaire : rien ne prouve encore qu’elle est à cette personne.
file-add = Joindre des fichiers
file-add-hint = Dix fichiers, 20 Mo en tout au plus.
file-kept = Fichiers déjà joints
file-too-large = « { $name } » est trop lourd : { $max } Mo au plus pour tous les fichiers d’un message. Le reste est gardé.
file-infected = « { $name } » contient un virus : il n’a pas été pris. Le reste est gardé.
file-later = Les fichiers ne peuvent pas être reçus pour le moment. Vos mots sont gardés : réessayez dans quelques minutes.
