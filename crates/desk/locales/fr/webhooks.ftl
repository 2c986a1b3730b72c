# Les programmes qui apprennent ce qui se passe
place-webhooks = Webhooks
webhooks-lead = Vos autres programmes apprennent ce qui se passe dans les dossiers, dans l’ordre et sans rien manquer.
webhooks-api = Lire l’API
webhook-secret = Secret de
webhook-secret-once = Il n’est montré qu’une fois : copiez-le dans le programme qui reçoit. Il signe chaque envoi (Standard Webhooks).
webhook-on = Actif
webhook-off = Arrêté
webhook-failing = En échec
webhook-failed-off = Arrêté après cinq jours d’échec
webhook-behind = { $count ->
    [one] un événement à transmettre
   *[other] { $count } événements à transmettre
}
webhook-again = nouvel essai
webhook-log = Derniers essais
webhook-from = Reprendre à l’événement n° (facultatif)
webhook-replay = Relancer
webhook-switch-on = Reprendre
webhook-switch-off = Arrêter
webhook-remove = Supprimer
webhook-add = Ajouter une adresse
webhook-name = Nom
webhook-url = Adresse (https)
webhook-events = Événements (tous si vide)
webhook-words = Les mots possibles
webhook-add-do = Ajouter
webhook-problem-name = Donnez-lui un nom.
webhook-problem-url = Cette adresse ne convient pas : il faut https://, un nom d’hôte, et ni nom ni mot de passe.
webhook-problem-events = Un de ces mots n’est pas le nom d’un événement.
webhook-problem-taken = Ce nom est déjà pris.
done-webhook = C’est fait.
