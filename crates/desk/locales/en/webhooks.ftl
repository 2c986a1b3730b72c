# The programs that learn what happens
place-webhooks = Webhooks
webhooks-lead = Your other programs learn what happens in the cases, in order and without missing anything.
webhooks-api = Read the API
webhook-secret = Secret of
webhook-secret-once = It is shown only once: copy it into the program that receives. It signs every message (Standard Webhooks).
webhook-on = On
webhook-off = Off
webhook-failing = Failing
webhook-failed-off = Off after five days of failures
webhook-behind = { $count ->
    [one] one event to tell
   *[other] { $count } events to tell
}
webhook-again = next try
webhook-log = Latest tries
webhook-from = From event no. (optional)
webhook-replay = Tell again
webhook-switch-on = Switch on
webhook-switch-off = Switch off
webhook-remove = Remove
webhook-add = Add an address
webhook-name = Name
webhook-url = Address (https)
webhook-events = Events (all if empty)
webhook-words = The possible words
webhook-add-do = Add
webhook-problem-name = Give it a name.
webhook-problem-url = This address will not do: it needs https://, a host, and neither a name nor a password.
webhook-problem-events = One of these words is not the name of an event.
webhook-problem-taken = This name is taken.
done-webhook = Done.
