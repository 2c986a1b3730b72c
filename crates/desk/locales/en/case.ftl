# Status and nature.
status-new = New
status-open = Open
status-waiting-customer = Waiting for the customer
status-waiting-third-party = Waiting for a third party
status-resolved = Solution proposed
status-closed-confirmed = Closed, confirmed
status-closed-lapsed = Closed, no answer
nature-request = Request
nature-complaint = Complaint
nature-report = Report
nature-dispute = Dispute

# The list of cases.
list-label = Cases
list-unread = Unread message:
list-act-by = Act by:
list-assignee = Assigned to:
list-nobody = Nobody in charge
list-last-message = Last message from the customer:
pager-label = Pages
pager-previous = Previous page
pager-next = Next page
volume-today = Busy day: { $today } new cases, against { $usual } on a usual day at this hour.
empty-mine = You are up to date
empty-mine-detail = No case is waiting for you. How about a look at the ones nobody has taken yet?
empty-team = The team is up to date
empty-team-detail = No open case in your teams. Have a good day!
empty-unassigned = Every case has somebody
empty-unassigned-detail = Nobody is waiting to be taken care of.
empty-waiting = Nothing is waiting
empty-waiting-detail = No case is waiting for a customer’s answer or for a third party.
empty-all = No open case
empty-all-detail = The first message from a customer will open the first case.
empty-closed = No closed case yet
empty-closed-detail = Cases that customers have confirmed will be found here.

# One case.
case-back = Back to the list
case-reference = Reference:
case-act-by = Due:
case-details = Follow-up and customer
link-label = Proposed link
link-quotes-reference = This message quotes case { $reference }:
link-same-subject = Same person and same subject as case { $reference }:
live-case-changed = This case has just changed.

# The historique.
timeline-label = Timeline
timeline-earlier = Show what came before
message-from = Message from
message-to = Reply to
message-recipient = to
message-other-person = Somebody else
message-automatic = Automatic
message-written-at = Dated
message-quoted = The passage that it answers
message-folded = Earlier messages and signature
message-files = Attachments
message-html = Show the original layout
message-html-title = Original layout of the message from
message-raw = Raw message (.eml)
message-proposal = Solution proposed to the customer
note-by = Note by
note-internal = Internal, never sent
delivery-waiting = Waiting to be sent
delivery-sent = Sent { $at }
delivery-delayed = Delayed: next try { $at }.
delivery-refused = Refused: the customer did not get this message.

# The composer.
composer-label = Write
composer-kind = What you are writing
composer-reply = Reply
composer-note = Internal note
composer-proposal = Propose a solution
composer-page-only = on their private page alone: no mail address is known
composer-to = To:
composer-reply-body = Your reply to the customer
composer-reply-placeholder = Write your reply…
composer-note-body = Your internal note
composer-note-placeholder = What your colleagues should know…
composer-proposal-body = The solution you propose
composer-proposal-placeholder = What we do, by when, and what the customer will get…
composer-proposal-hint = the customer can confirm or reopen through their private link.
composer-then = Then
composer-then-open = The case stays with us
composer-then-waiting = Wait for the customer
composer-send = Send
composer-add-note = Add the note
composer-propose = Send the solution
composer-draft-kept = Draft restored.
tools-label = Formatting
tools-bold = Bold
tools-italic = Italic
tools-list = List
tools-numbers = Numbered list
tools-quote = Quote

# The side panel.
side-label = Follow-up and customer
side-next = What comes next
side-waits-for = Waiting for
side-chase = Chase
side-team = Team
side-agent = Assigned to
side-assign = Hand over
side-clocks = Clocks
side-no-clock = No clock is running.
side-customer = Customer
side-other-cases = Their other cases
side-facts = Known facts
side-opened = Opened
side-inbox = Received by
act-take = I’ll take it
act-open = Take it up again
act-wait-customer = Wait for the customer
act-wait-third-party = Wait for a third party
act-third-party-name = Who has to act?
act-third-party-example = Carrier, workshop, seller…
act-chase-on = Chase on
act-wait-confirm = Set to waiting
clock-first-reply = First reply
clock-next-update = Next news

# What happened.
actor-customer = the customer
actor-clock = the clock
actor-desk = Suivi
event-opened = Case opened by a message from the customer
event-threaded-answer = Message joined: it follows a message of this case
event-threaded-address = Message joined: it came to the case’s signed address
event-threaded-link = Message joined: it came through the customer’s private link
event-taken = { $who } is taking care of it
event-assigned = Case handed to { $to } by { $who }
event-team-assigned = Case handed to the team { $team } by { $who }
event-unassigned = Case left without anybody in charge by { $who }
event-status = Status “{ $status }” by { $who }
event-waits-third-party = Waiting for { $name }, to chase on { $date }, by { $who }
event-nature = Nature corrected to “{ $nature }” by { $who }
event-solution-proposed = Solution proposed by { $who }
event-confirmed = The customer confirms that it is solved: case closed
event-reopened = The customer says that it is not solved: case reopened
event-reminded = Reminder sent to the customer: a solution awaits their answer
event-lapsed = Closed without an answer from the customer, after a reminder
event-clock-broken = Limit passed: { $clock }
event-mail-refused = One of our messages was refused: the customer did not get it

# A customer.
customer-since = Customer since
customer-identities = Contact details
customer-cases = Cases
customer-no-case = No case so far.

# More about messages.
status-closed-merged = Merged
message-pictures-hidden = Remote pictures are hidden, so that the sender does not learn when you read.
message-pictures = Show remote pictures
sender-verified = Verified address: its domain vouches for the message
sender-doubtful = Sender not confirmed by its domain
sender-forged = Probably a forged address
event-repeated-id = This message has the id of another one, received before, with different content
event-encrypted = This message is encrypted: Suivi does not have the key and cannot show its text
event-passed-on = Customer’s message passed on by { $who }
event-merged-into = Merged into case { $reference } by { $who }
event-took-in = Case { $reference } was merged into this one by { $who }
event-merge-undone = Separated from case { $reference } by { $who }

# Calls, promises, links.
event-called-us = Call from the customer, taken by { $who }.
event-called-reached = { $who } reached the customer by phone.
event-called-absent = { $who } called the customer: no answer.
event-called-voicemail = { $who } called the customer and left a message.
event-call-again = To be called again { $at }.
event-committed = { $who } promised: “{ $promise }”, for { $at }.
event-commitment-kept = Promise kept: “{ $promise }” ({ $who }).
event-links-revoked = { $who } withdrew the private links given out so far.
event-threaded-written-down = Written down for the customer.
clock-call-again = Call the customer again
clock-commitment = Promise to the customer
delivery-posted = Shown on their tracking page: this customer has no mail address
automatic-link = A new tracking link, sent because the customer asked for it.
refusal-too-many-files = Ten files and 20 MB at most in one message.
refusal-no-call-date = The date of the next call has passed already.
refusal-no-due-date = A promise needs a date to come.
refusal-too-many-commitments = This case has twelve open promises already: keep one first.
refusal-no-receipt-day = The day of receipt must have passed, less than a year ago.
refusal-no-identity = There must be a way to answer the customer: a mail address, a phone number or a reference.
address-claimed = not verified
address-claimed-detail = Given in a form: nothing proves yet that it belongs to this person.
file-add = Attach files
file-add-hint = Ten files, 20 MB in all at most.
file-kept = Files attached so far
file-too-large = “{ $name }” is too large: { $max } MB at most for all files of a message. The rest is kept.
file-infected = “{ $name }” holds a virus: it was not taken. The rest is kept.
file-later = Files cannot be taken in right now. Your words are kept: try again in a few minutes.
