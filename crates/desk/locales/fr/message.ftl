# When a page cannot be shown.
message-not-found = Cette page n’existe pas
message-not-found-detail = L’adresse est peut-être incomplète, ou ce dossier a changé de place.
message-forbidden = Cette page ne vous est pas ouverte
message-forbidden-detail = Si vous pensez que c’est une erreur, demandez l’accès à votre responsable.
message-failure = Quelque chose n’a pas marché de notre côté
message-failure-detail = L’incident est noté. Ce que vous écriviez est gardé dans votre navigateur : réessayez dans un instant.
message-unavailable = Un instant, s’il vous plaît
message-unavailable-detail = Suivi ne peut pas répondre pour l’instant. Réessayez dans une minute : rien n’est perdu.
message-expired-form = Ce formulaire a expiré
message-expired-form-detail = La page est restée ouverte trop longtemps. Revenez en arrière, rechargez-la, puis envoyez de nouveau.
message-too-large = C’est trop volumineux
message-too-large-detail = Ce que vous envoyez dépasse la taille que nous pouvons recevoir.
message-refused = Ce n’est pas possible
message-back = Revenir
message-trace = Code à nous communiquer : { $trace }
