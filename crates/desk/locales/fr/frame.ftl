# What surrounds every screen.
skip-to-content = Aller au contenu
close = Fermer
theme = Apparence
theme-auto = Comme l’appareil
theme-light = Claire
theme-dark = Sombre
menu-of = Menu de
sign-out = Se déconnecter
nav-cases = Listes de dossiers
nav-places = Autres espaces

# The lists of cases and the other places.
view-mine = Mes dossiers
view-team = Mon équipe
view-unassigned = Sans conseiller
view-waiting = En attente
view-all = Tous les dossiers
view-closed = Clos
place-cases = Dossiers
place-outbox = Envois
place-letters = Courriers écartés
place-accounts = Messagerie
place-postbox = Boîte de démo
count-thousand-plus = 1 000+
count-late = { $count } en retard

# The keys.
keys-title = Raccourcis clavier
keys-escape = Échap
keys-move = Dossier suivant, dossier précédent
keys-open = Ouvrir le dossier
keys-back = Revenir à la liste
keys-reply = Répondre au client
keys-note = Écrire une note interne
keys-propose = Proposer une solution
keys-send = Envoyer ce qui est écrit
keys-leave = Quitter la zone de saisie
keys-help = Afficher cette aide
