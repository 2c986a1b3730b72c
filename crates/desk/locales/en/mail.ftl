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
letters-empty-detail = Everything that came in has found its case.
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
