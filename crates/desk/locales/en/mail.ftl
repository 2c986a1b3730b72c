# The outbox.
outbox-lead = Messages on their way to customers. What is stuck comes first.
outbox-empty = Nothing waiting to leave
outbox-empty-detail = Every message has left.
outbox-written = written
outbox-tries = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
outbox-retry = Try again now

# Letters kept aside.
letters-lead = Letters that Suivi could not put into a case. Nothing is lost: each is kept as it came.
letters-empty = No letter kept aside
letters-no-subject = (no subject)
letters-no-sender = Unreadable sender
letters-replay = Try to read it again
kept-unreadable = This letter could not be read as an e-mail.
kept-loop = It is one of our own messages, come back.
kept-automatic = An automatic message that calls for no answer.

# The demonstration's postbox.
postbox-lead = In the demonstration no e-mail really leaves: here they are.
postbox-empty = The postbox is empty
postbox-empty-detail = Reply to a case: the message will show up here.
postbox-links = Links in the message
postbox-text = Text
postbox-html = Layout
postbox-headers = Headers

# The shelves of letters kept aside.
shelves-label = Letters kept aside, by reason
shelf-quarantine = To look at
shelf-quarantine-lead = Suivi could not read these letters, or tell whom to answer. Open them; once the cause is mended, handle them again.
shelf-quarantine-empty = Nothing to look at: all that came in could be read.
shelf-junk = Junk
shelf-junk-lead = These letters are never answered, but nothing is lost: open a case if one of them is from a customer.
shelf-junk-empty = No junk.
shelf-machines = Written by machines
shelf-machines-lead = Delivery reports, absences, newsletters, read receipts: no case they belong to, and nobody to answer.
shelf-machines-empty = No message from a machine.
letters-open-case = Open a case
letters-accept = Always accept
letters-accept-detail = Open a case, and never take this address for junk again
kept-junk = A filter, or one of your rules, takes it for junk.
letters-alert = Letters to look at, senders that are probably forged and delivery reports of the last two weeks
kept-forged = The sender’s domain says that this message is not from there: the address is probably forged.
rules-title = Your rules
rules-lead = An address (luc@promo.example), a domain (promo.example) or words of the subject. A customer’s answer in one of their cases is never taken for junk.
rules-pattern = Sender, or words of the subject
rules-example = promo.example
rules-verdict = Such letters are
rules-verdict-junk = always junk
rules-verdict-accept = always accepted
rules-add = Add the rule
rules-remove = Remove the rule
rule-junk = always junk ({ $field })
rule-accept = always accepted ({ $field })
rule-address = address
rule-domain = domain
rule-subject = subject
