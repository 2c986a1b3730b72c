# La recherche
search-title = Recherche
search-label = Mots, client, référence, numéro…
search-do = Chercher
search-count = { $count ->
    [0] Aucun résultat
    [one] Un résultat, dans les messages, les notes et les clients que vous pouvez voir
   *[other] { $count } résultats, du plus récent au plus ancien
}
search-many = Plus de { $count } résultats, du plus récent au plus ancien : ajoutez un mot pour resserrer
search-nothing = Rien de tel
search-nothing-detail = Essayez avec moins de mots, ou un autre mot pour la même chose. Vous ne voyez que les dossiers de vos équipes.
search-only-excluded = Dites aussi ce qui doit s’y trouver : une recherche ne peut pas être faite d’exclusions seulement.
search-too-long = C’est trop long pour une recherche : gardez les mots qui comptent, 16 au plus.
search-received = Message du client
search-note = Note interne
search-written = Réponse
search-customer = Client
search-help = Comment chercher
search-help-words = Tous les mots, sans égard aux accents ni aux terminaisons : « colis cassés » est trouvé aussi.
search-help-phrase = Entre guillemets, les mots se suivent.
search-help-without = Un tiret devant un mot l’exclut.
search-help-number = Téléphones et références dans toutes les écritures.
keys-search = Chercher
