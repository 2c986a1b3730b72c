# What the desk says no to.
refusal-not-allowed = Votre rôle ou votre équipe ne le permet pas.
refusal-empty = Il n’y a rien à envoyer : écrivez quelques mots.
refusal-too-long = Ce texte est trop long pour être gardé. Raccourcissez-le, ou envoyez-le en deux fois.
refusal-no-address = Ce client n’a pas d’adresse à laquelle écrire.
refusal-closed = Ce dossier est clos. Reprenez-le d’abord.
refusal-nothing-proposed = Aucune solution n’attend de réponse dans ce dossier.
refusal-no-chase-date = Pour attendre un tiers, il faut son nom et une date de relance à venir.
refusal-not-in-team = Cette personne ne fait pas partie de l’équipe choisie.
refusal-no-reason = Dites en quelques mots pourquoi vous corrigez la nature du dossier.
refusal-conflict = Quelqu’un d’autre modifiait ce dossier au même instant. Regardez où il en est, puis recommencez.
refusal-not-signed-in = Connectez-vous d’abord.
refusal-unreadable = Cette demande n’a pas pu être lue. Revenez en arrière, puis réessayez.
refusal-identity-taken = Quelqu’un d’autre est déjà connu par cette adresse ou ce numéro.
refusal-no-inbox = Aucune de vos boîtes n’a cette adresse.
refusal-no-scope = Ce jeton ne donne pas ce droit : il lui manque { $scope }.
refusal-too-many = Trop de demandes. Réessayez dans { $seconds } s.
refusal-wrong-type = Le contenu envoyé n’est pas d’un type lu ici. Envoyez application/json.
refusal-changed = Le dossier a changé depuis votre lecture. Relisez-le, puis décidez.
refusal-key-reused = Cette Idempotency-Key a déjà servi pour une autre demande. Choisissez-en une nouvelle.
refusal-written-meanwhile = Le dossier a changé pendant que vous écriviez : lisez ce qui vient d’arriver. Votre texte est gardé ; envoyez-le de nouveau s’il convient toujours.

# What was just done.
done-reply = Réponse envoyée.
done-note = Note ajoutée.
done-proposal = Solution envoyée au client.
done-assignment = Dossier confié.
done-status = Statut changé.
done-nature = Nature corrigée.
done-retry = Nouvel envoi demandé.
done-replay = Courrier remis dans la file : il sera lu dans un instant.

# Who works here.
role-agent = Conseiller
role-lead = Responsable d’équipe
role-admin = Administrateur

# What the desk writes by itself, as told on the timeline.
automatic-acknowledgement = Accusé de réception, avec le lien privé du client.
automatic-reminder = Rappel : une solution attend la réponse du client.

# More of what happens.
event-threaded-same-problem = Message rattaché : la même personne décrit le même problème
event-withheld = Message automatique retenu, pour que deux machines ne se répondent pas sans fin
event-mail-delayed = Un de nos messages n’a pas encore pu être remis : il est réessayé
event-link-proposed = Rapprochement proposé avec le dossier { $reference }
link-answers-by-stranger = Ce message répond à un mail du dossier { $reference }, mais vient d’une autre personne :
link-address-by-stranger = Ce message est arrivé à l’adresse du dossier { $reference }, mais vient d’une autre personne :
link-long-closed = Ce message répond au dossier { $reference }, clos depuis longtemps :
clock-next-reply = Réponse suivante
clock-chase-third-party = Relance du tiers
clock-confirm-reminder = Rappel au client
clock-confirm-lapse = Clôture sans réponse
kept-bounce = Avis de non-remise qui ne concerne aucun dossier.
kept-receipt = Accusé de lecture, sans dossier auquel le rattacher.
kept-invitation = Message d’agenda (invitation ou réponse), sans dossier auquel le rattacher.
kept-list = Lettre d’information ou liste de diffusion.
kept-no-sender = Il ne dit pas à qui répondre.
customer-messages = { $count ->
    [one] 1 message échangé
   *[other] { $count } messages échangés
}
postbox-from = De
postbox-to = À
postbox-reply-to = Réponse à
postbox-message-id = Identifiant

# Correcting the nature.
side-nature = Corriger la nature
side-nature-to = Ce dossier est une
side-nature-reason = Pourquoi ?
side-nature-change = Corriger

# Who wrote a delivery report.
message-by-server = Serveur de messagerie

# Merging two cases.
refusal-no-merge = Ces deux dossiers ne peuvent pas être réunis : vérifiez la référence.
refusal-other-customer = Ces deux dossiers sont ceux de deux clients : réunis, chacun lirait les messages de l’autre.
refusal-not-merged = Ce dossier n’est pas réuni à un autre.
refusal-merged-away = Ce dossier continue dans un autre : c’est là que tout se passe désormais.
done-merge = Dossiers réunis : vous êtes dans celui qui continue.
done-unmerge = Les deux dossiers sont de nouveau séparés.
done-rule = Règle ajoutée.
done-rule-removed = Règle supprimée.
link-forged-sender = Ce message citait le dossier { $reference }, mais rien ne garantit son expéditeur :
merged-label = Dossier réuni à un autre
merged-into = Ce dossier continue dans un autre :
merged-hidden = un dossier que vous ne pouvez pas voir.
merge-do = Réunir les dossiers
merge-undo = Séparer de nouveau
side-merge = Réunir à un autre dossier
side-merge-into = Référence du dossier qui continue
side-merge-detail = Celui-ci s’arrête, ses messages suivants iront dans l’autre. Vous pourrez revenir en arrière.
undelivered-label = Message non remis
undelivered-title = Notre dernier message n’est pas arrivé.
undelivered-detail = Le client n’a pas eu de nos nouvelles : écrivez-lui à une autre adresse, ou appelez-le.
address-dead = ne reçoit plus nos messages
list-undelivered = Non remis
list-undelivered-detail = Notre dernier message n’est pas arrivé
