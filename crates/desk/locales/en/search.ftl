# The search
search-title = Search
search-label = Words, customer, reference, number…
search-do = Search
search-count = { $count ->
    [0] No result
    [one] One result, in the messages, notes and customers you may see
   *[other] { $count } results, newest first
}
search-many = More than { $count } results, newest first: add a word to narrow them down
search-nothing = Nothing like it
search-nothing-detail = Try fewer words, or another word for the same thing. You see only your teams’ cases.
search-only-excluded = Say also what must be in it: a search cannot be made of exclusions alone.
search-too-long = That is too long for a search: keep the words that matter, 16 at most.
search-received = Customer’s message
search-note = Internal note
search-written = Reply
search-customer = Customer
search-help = How to search
search-help-words = All of the words, whatever their accents and endings: “colis cassés” is found too.
search-help-phrase = In quotes, the words stand in a row.
search-help-without = A hyphen before a word leaves it out.
search-help-number = Phone numbers and references in every spelling.
keys-search = Search
