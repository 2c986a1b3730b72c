# Signing in.
sign-in-title = Bonjour !
sign-in-lead = Connectez-vous pour retrouver vos dossiers.
sign-in-email = Adresse e-mail
sign-in-password = Mot de passe
sign-in-button = Se connecter
sign-in-wrong = Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez.
sign-in-locked = Trop d’essais à la suite : par prudence, la connexion est suspendue pour cette adresse. Réessayez dans { $wait }.
sign-in-demo = Démonstration : les comptes à essayer
