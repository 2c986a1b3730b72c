# The mails that the desk writes by itself, and what it adds to those that people write.
written-hello = Hello,
written-receipt = We have received your message. It is filed under the reference { $reference }, and a person at { $brand } will read it.
written-receipt-delay = You will have an answer by { $at } at the latest.
written-receipt-soon = You will have an answer as soon as our desk opens again.
written-receipt-add = Anything to add, such as a photo or an order number? Just answer this e-mail: everything stays in the same case.
written-proposal-ask = Does this solution work for you? Tell us in one click. If it does not, we take your case up again.
written-reminder = We proposed a solution for case { $reference } and would like to know whether everything is settled. If we do not hear from you, we will take it in a few days that it is. You can still reopen your case afterwards.
written-link-follow = Follow your case
written-link-decide = See the solution and answer
written-team = The { $brand } team
written-foot = Case { $reference }. To reply, just answer this e-mail. The link above is yours alone: please do not pass it on.
written-link = You asked us for a new link to follow your case { $reference }. Here it is. If it was not you, you can ignore this message.
