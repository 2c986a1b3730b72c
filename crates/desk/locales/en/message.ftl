# When a page cannot be shown.
message-not-found = This page does not exist
message-not-found-detail = The address may be incomplete, or the case has moved.
message-forbidden = This page is not open to you
message-forbidden-detail = If you think that is a mistake, ask your team lead for access.
message-failure = Something went wrong on our side
message-failure-detail = It has been recorded. What you were writing is kept in your browser: try again in a moment.
message-unavailable = One moment, please
message-unavailable-detail = Suivi cannot answer just now. Try again in a minute: nothing is lost.
message-expired-form = This form has expired
message-expired-form-detail = The page stayed open for too long. Go back, reload it and send again.
message-too-large = That is too large
message-too-large-detail = What you are sending is larger than we can take.
message-refused = That cannot be done
message-back = Go back
message-trace = Code to give us: { $trace }
