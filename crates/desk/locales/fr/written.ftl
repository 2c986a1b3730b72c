# The mails that the desk writes by itself, and what it adds to those that people write.
written-hello = Bonjour,
written-receipt = Nous avons bien reçu votre message. Il est enregistré sous la référence { $reference }, et une personne de { $brand } va le lire.
written-receipt-delay = Vous aurez une réponse au plus tard le { $at }.
written-receipt-soon = Vous aurez une réponse dès la prochaine ouverture de notre service.
written-receipt-add = Un détail à ajouter, une photo, un numéro de commande ? Répondez simplement à cet e-mail : tout restera dans le même dossier.
written-proposal-ask = Cette solution vous convient-elle ? Dites-le-nous en un clic. Si ce n’est pas le cas, nous reprenons votre dossier.
written-reminder = Nous vous avons proposé une solution pour le dossier { $reference } et nous aimerions savoir si tout est réglé. Sans nouvelles de votre part, nous considérerons dans quelques jours que c’est le cas. Vous pourrez toujours rouvrir votre dossier.
written-link-follow = Suivre votre dossier
written-link-decide = Voir la solution et nous répondre
written-team = L’équipe { $brand }
written-foot = Dossier { $reference }. Pour nous répondre, répondez à cet e-mail. Le lien ci-dessus vous est personnel : ne le transmettez pas.
written-link = Vous nous avez demandé un nouveau lien pour suivre votre dossier { $reference }. Le voici. Si ce n’était pas vous, vous pouvez ignorer ce message.
