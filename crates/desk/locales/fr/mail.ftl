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
letters-empty-detail = Tout ce qui est arrivé a trouvé son dossier.
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
