# What the desk says no to.
refusal-not-allowed = Your role or team does not allow this.
refusal-empty = There is nothing to send: write a few words.
refusal-too-long = This text is too long to keep. Shorten it, or send it in two parts.
refusal-no-address = This customer has no address to write to.
refusal-closed = This case is closed. Take it up again first.
refusal-nothing-proposed = No solution is waiting for an answer in this case.
refusal-no-chase-date = To wait for a third party, give its name and a date to come when you will chase it.
refusal-not-in-team = That person does not belong to the team you chose.
refusal-no-reason = Say in a few words why you correct the nature of this case.
refusal-conflict = Somebody else was changing this case at the same moment. See where it stands, then try again.
refusal-not-signed-in = Sign in first.
refusal-unreadable = This request could not be read. Go back, then try again.
refusal-identity-taken = Somebody else is known by this address or number.
refusal-no-inbox = No inbox of yours has this address.
refusal-no-scope = The token is not good for this: it lacks the scope { $scope }.
refusal-too-many = Too many requests. Try again in { $seconds } s.
refusal-wrong-type = The body is not of a kind that is read here. Send application/json.
refusal-changed = The case has changed since you read it. Read it again, then decide.
refusal-key-reused = This Idempotency-Key was used for another request. Choose a new one.
refusal-written-meanwhile = The case changed while you were writing: read what has just arrived. Your text is kept; send it again if it still fits.

# What was just done.
done-reply = Reply sent.
done-note = Note added.
done-proposal = Solution sent to the customer.
done-assignment = Case handed over.
done-status = Status changed.
done-nature = Nature corrected.
done-retry = The message will be sent again.
done-replay = The letter is back in the queue: it will be read in a moment.

# Who works here.
role-agent = Agent
role-lead = Team lead
role-admin = Administrator

# What the desk writes by itself, as told on the timeline.
automatic-acknowledgement = Acknowledgement of receipt, with the customer’s private link.
automatic-reminder = Reminder: a solution is waiting for the customer’s answer.

# More of what happens.
event-threaded-same-problem = Message added: the same person describes the same problem
event-withheld = Automatic message held back, so that two machines do not answer each other for ever
event-mail-delayed = One of our messages could not be handed over yet: it is being tried again
event-link-proposed = May belong with case { $reference }
link-answers-by-stranger = This message answers a mail of case { $reference }, but comes from somebody else:
link-address-by-stranger = This message was sent to the address of case { $reference }, but comes from somebody else:
link-long-closed = This message answers case { $reference }, closed long ago:
clock-next-reply = Next reply
clock-chase-third-party = Chasing the third party
clock-confirm-reminder = Reminder to the customer
clock-confirm-lapse = Closing without an answer
kept-bounce = Delivery report that belongs to no case.
kept-receipt = A read receipt that belongs to no case.
kept-invitation = A calendar message (invitation or answer) that belongs to no case.
kept-list = Newsletter or mailing list.
kept-no-sender = It names nobody to answer to.
customer-messages = { $count ->
    [one] 1 message exchanged
   *[other] { $count } messages exchanged
}
postbox-from = From
postbox-to = To
postbox-reply-to = Reply to
postbox-message-id = Identifier

# Correcting the nature.
side-nature = Correct the nature
side-nature-to = This case is a
side-nature-reason = Why?
side-nature-change = Correct

# Who wrote a delivery report.
message-by-server = Mail server

# Merging two cases.
refusal-no-merge = These two cases cannot be merged: check the reference.
refusal-other-customer = These two cases belong to two customers: merged, each would read the other’s messages.
refusal-not-merged = This case is not merged into another one.
refusal-merged-away = This case goes on in another one: everything happens there from now on.
done-merge = Cases merged: you are in the one that goes on.
done-unmerge = The two cases are separate again.
done-rule = Rule added.
done-rule-removed = Rule removed.
link-forged-sender = This message pointed to case { $reference }, but nothing vouches for its sender:
merged-label = Case merged into another one
merged-into = This case goes on in another one:
merged-hidden = a case that you may not see.
merge-do = Merge the cases
merge-undo = Separate again
side-merge = Merge into another case
side-merge-into = Reference of the case that goes on
side-merge-detail = This one ends; its next messages go to the other. You can undo it.
undelivered-label = Message not delivered
undelivered-title = Our last message did not arrive.
undelivered-detail = The customer has not heard from us: write to another address, or call.
address-dead = no longer receives our mail
list-undelivered = Not delivered
list-undelivered-detail = Our last message did not arrive
