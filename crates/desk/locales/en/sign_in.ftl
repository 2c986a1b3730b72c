# Signing in.
sign-in-title = Hello!
sign-in-lead = Sign in to get back to your cases.
sign-in-email = E-mail address
sign-in-password = Password
sign-in-button = Sign in
sign-in-wrong = That address and that password do not go together. Check them and try again.
sign-in-locked = Too many tries in a row: to be safe, sign-in is paused for this address. Try again in { $wait }.
sign-in-demo = Demonstration: accounts to try
