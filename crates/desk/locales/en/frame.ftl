# What surrounds every screen.
skip-to-content = Skip to content
close = Close
theme = Appearance
theme-auto = Same as device
theme-light = Light
theme-dark = Dark
menu-of = Menu of
sign-out = Sign out
nav-cases = Case lists
nav-places = Other places

# The lists of cases and the other places.
view-mine = My cases
view-team = My team
view-unassigned = Unassigned
view-waiting = Waiting
view-all = All cases
view-closed = Closed
place-cases = Cases
place-outbox = Outbox
place-letters = Letters kept aside
place-accounts = Mailboxes
place-postbox = Demo postbox
count-thousand-plus = 1,000+
count-late = { $count } late

# The keys.
keys-title = Keyboard shortcuts
keys-escape = Esc
keys-move = Next case, previous case
keys-open = Open the case
keys-back = Back to the list
keys-reply = Reply to the customer
keys-note = Write an internal note
keys-propose = Propose a solution
keys-send = Send what is written
keys-leave = Leave the text field
keys-help = Show this help
