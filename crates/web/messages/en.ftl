### The texts of the pages in English. Each key stands in every language's file.
### Words for buyers are plain: no card-industry terms, and each refusal says what to do next.

## Every page

skip = Skip to the content
test-mode = Test mode: no real money moves
languages = Language
footer = Payments by Holdfast
footer-console = Holdfast console. It asks for no login and is therefore served to this machine only.
date = { $day } { $month } { $year }
date-time = { $date }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
days-left =
    { $days ->
        [0] over
        [one] { $days } day left
       *[other] { $days } days left
    }
problem-not-found = There is no such page
problem-not-found-lead = Check that the whole address was copied. A link to pay comes from the shop; start again there if this one does not work.
problem-form = That form could not be read
problem-form-lead = Nothing was changed. Go back, load the page again and send it once more.
field-malformed = The field “{ $field }” holds what this page does not send.
field-too-long = The field “{ $field }” is longer than { $max } bytes.
field-twice = The field “{ $field }” came more than once.
problem-foreign = That did not come from this page
problem-foreign-lead = Another site tried to send this form in your name, so nothing was done. Open the page yourself and try again.
problem-busy = Too busy right now
problem-busy-lead = Nothing was changed. Try again in a moment.
problem-too-many = Too many requests from your network
problem-too-many-lead = Nothing was changed. Wait a few seconds, then load the page again.
problem-failure = Something broke on our side
problem-failure-lead = Load the page again to see how things stand. You are never charged twice for the same purchase.

## The pay page

pay-title = Pay { $shop }
total = Total
items = Items
shipping = Shipping
free = Free
basket =
    { $count ->
        [one] { $count } item
       *[other] { $count } items
    }
sold-by = Sold by
back-to-shop = Back to { $shop }
shipping-choice = Shipping
delivery-between = { $least } to { $most }
delivery-from = { $least } or more
delivery-within = Up to { $most }
delivery-exactly = About { $most }
hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
business-days =
    { $count ->
        [one] { $count } business day
       *[other] { $count } business days
    }
weeks =
    { $count ->
        [one] { $count } week
       *[other] { $count } weeks
    }
months =
    { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
quantity = Quantity
quantity-of = Quantity of { $product }
quantity-remove = Remove
quantity-remove-of = Remove { $product }
code-label = Promotion code
code-apply = Apply
code-applied = Promotion code
code-remove-of = Remove the promotion code { $code }
code-unknown = There is no such promotion code
code-over = This promotion code is no longer valid
code-basket = This promotion code is not for what is in the basket
code-first = This promotion code is for a first purchase only
shipping-update = Update the total
method = Payment method
method-card = Credit or debit card
method-none = This basket cannot be paid by card
method-none-lead =
    { $count ->
        [one] This product may not be paid by card:
       *[other] These products may not be paid by card:
    }
method-none-advice = Go back to the shop, take it out of the basket and pay for the rest by card.
brands = Accepted cards
cards-not-taken = Not accepted here:
cards-credit = credit cards
cards-debit = debit cards
cards-prepaid = prepaid cards
comma = ,
card-blocked = This card cannot be used here
card-blocked-lead = The shop does not accept cards of this kind. Use another card.
brand-found = Card type:
card-number = Card number
card-exp = Expiry date
card-exp-hint = Month / year
card-code = Security code
card-code-hint = On the back; Amex: front
card-name = Name on card
optional = (optional)
card-sealed = Your card details go only to the card service. The shop never sees them.
card-test-only = In test mode it takes the published test cards only.
pay-button = Pay { $total }
book-button = Book for { $total }
donate-button = Donate { $total }
busy = Asking your bank…
confirm-next = Next you see the total once more. Nothing is charged before you confirm it there.
promise-shop = Your bank is asked for { $total } and for nothing more.
keep-title = Save a card for { $shop }
keep-lead = Your card is saved for later purchases. Nothing is charged now.
keep-button = Save the card
keep-promise = Nothing is charged. Your bank may want to know that it is you.
keep-next = Next you confirm that the card is to be saved.
keep-confirm = Confirm that the card is to be saved
keep-declined = The card could not be saved
kept = Your card is saved
kept-lead = Nothing was charged.
kept-again = The card was already saved. Nothing was charged.
kept-at = Saved on
promise = Your bank sets { $total } aside. Each seller is paid only once you have your parcel.
card-error-number-invalid = Enter the whole card number.
card-error-number-incorrect = This card number is not right. Check its digits.
card-error-brand = Cards of this type are not accepted. Use Visa, Mastercard, American Express or Discover.
card-error-month = Enter the month as 01 to 12.
card-error-year = Enter the month and the year, such as 09 / 30.
card-error-expired = This date is over. Check it, or use another card.
card-error-code = Enter the 3 digits on the back (Amex: 4 on the front).
card-error-name = This name is too long.
card-error-processing = The card service could not be reached. Nothing was charged. Try again in a moment.
not-charged = You have not been charged.
declined = The payment did not go through
decline-funds = Your bank says that there is not enough money available on this card. Use another card, or try again once there is.
decline-expired = Your bank says that this card has expired. Check the expiry date, or use another card.
decline-code = The security code is not the right one. Enter your card again with the code that is printed on it.
decline-number = Your bank does not know this card number. Enter it again, or use another card.
decline-not-allowed = This card cannot be used for this purchase. Use another card, or ask your bank.
decline-too-often = This card has been used too often in a short time. Use another card, or try again tomorrow.
decline-later = Your bank could not answer. Try again in a few minutes, or use another card.
decline-not-authenticated = Your bank could not confirm that it is you. Try again and follow its steps to the end, or use another card.
decline-no-reason = Your bank declined and gave no reason. Use another card, or call the number on the back of your card.
total-changed = The total has changed
total-changed-lead = Something in this purchase was changed in the meantime, perhaps in another tab. Check the new total, then pay.
entry-over = Enter your card once more
entry-over-lead = The card details were used or have waited too long.
shipping-not-chosen = Choose the shipping first
shipping-not-chosen-lead = Then the total is complete and you can pay.
shipping-refused = The shipping could not be changed
shipping-refused-lead = Choose one of the ways below.
quantity-refused = The quantity could not be changed
quantity-refused-lead = Choose one that the page offers.
details-missing = Something is missing
details-missing-lead = Look at the marked fields, then send it again.
buyer-email = E-mail address
buyer-phone = Phone number
buyer-name = Your full name
buyer-business = Company name
address-shipping = Shipping address
address-billing = Billing address
address-same = The same as the shipping address
address-country = Country or territory
address-line1 = Street and number
address-line2 = Apartment, floor or building
address-city = City or town
address-region = State or province
address-state = State
address-emirate = Emirate
address-postal-code = Postal code
address-zip = ZIP code
ask-choose = Choose one
ask-missing = Fill this in.
ask-email = This is not an e-mail address.
ask-phone = This is not a phone number.
ask-short = { $count ->
    [one] Write at least one character.
   *[other] Write at least { $count } characters.
}
ask-long = { $count ->
    [one] Write one character at most.
   *[other] Write { $count } characters at most.
}
ask-digits = Write digits only.
ask-card = This looks like a card number. It belongs in the card’s own field only.
ask-terms = Tick the box to go on.
terms-accept = I accept the shop’s terms.
news-wanted = { $shop } may send me news and offers by e-mail.
card-reuse = { $shop } keeps your card for later payments that you agree to.
confirm = Confirm your payment
confirm-lead = Your card details are complete. Nothing has been charged yet.
other-card = Use another card
ending-in = ending in
waiting = Checking with your bank
waiting-lead = This usually takes a few seconds. The page goes on by itself; you are not charged twice if you load it again.
waiting-slow = Your bank is taking longer than usual, and we do not know its answer yet.
waiting-slow-advice = You can close this page and open it again later. Do not pay a second time elsewhere: this payment may still go through, and if it does not, nothing is charged.
returning = Taking you back to the shop
look-again = Look again now
challenge = Your bank wants to know that it is you
challenge-lead = On your bank's own page you enter a code that the bank sends you. Then you come back here.
challenge-until = Your bank waits until { $time }.
challenge-go = Go to your bank
closed-expired = This payment page has expired
closed-expired-lead = Nothing was charged. Go back to the shop to start again; your basket may still be there.
closed-canceled = This purchase was canceled
closed-canceled-lead = Nothing was charged.
closed-attempts = Too many cards were declined
closed-attempts-lead = To protect cardholders this page takes no further cards. Nothing was charged. Go back to the shop to start again.
paid = Paid, thank you
paid-lead = We hold your money until the parcels arrive. Each seller has been asked to ship.
paid-lead-shop = The shop has been told that you have paid.
paid-again = This purchase was already paid. You have not been charged again.
paid-at = Paid on
paid-with = Card
reference = Reference
orders-count =
    { $count ->
        [one] { $count } order
       *[other] { $count } orders
    }
ships-by = To be shipped by { $date }
order-open = Follow the order
order-links-advice = Keep these links: anyone who has one can see and change that order.

## The order page

order-title = Your order from { $seller }
order-number = Order
order-lines = What was bought
order-awaiting-shipment = Waiting to be shipped
order-awaiting-shipment-lead = The seller is preparing your parcel. If it is not shipped in time, the order is canceled and you get your money back.
order-shipped = Shipped
order-shipped-lead = Your parcel is on its way. We hold your money until you confirm that it arrived, or until the protection ends.
order-delivered = Delivered
order-delivered-lead = Your parcel is reported as delivered. We hold your money until you confirm it, or until the protection ends.
order-completed = Completed
order-completed-lead = The seller has been paid.
order-canceled = Canceled
order-canceled-lead = You do not pay for this order. What your bank had set aside or taken goes back to your card.
order-in-claim = In claim
order-in-claim-lead = Your claim is being looked at. We hold the money until it is decided.
order-refunded = Refunded
order-refunded-lead = The money for this order went back to your card. Banks take 3 to 10 days to show it.
canceled-by-buyer = You canceled it.
canceled-by-seller = The seller canceled it.
canceled-by-platform = The marketplace canceled it.
canceled-not-shipped = It was not shipped in time.
canceled-authorization-ending = It was not shipped before your bank's hold ended.
canceled-refunded = It was refunded before it was shipped.
completed-confirmed = You confirmed that it arrived.
completed-protection-ended = The protection ended without a claim.
completed-ruling = Your claim was decided.
completed-operator = The marketplace released the money.
timeline = What has happened
step-ahead = still to come
step-paid = Paid
step-shipped = Shipped
step-delivered = Delivered
step-completed = Completed, seller paid
step-extended = Protection extended
step-cancel-requested = Cancellation requested
step-canceled = Canceled
step-claim-opened = Claim opened
step-claim-ruled = Claim decided
step-refunded = Refunded
ship-by = Ship by
shipped-on = Shipped on
delivered-on = Delivered on
carrier = Carrier
tracking = Tracking number
protection-ends = Protected until
refunded = Refunded
cancel-asked = Cancellation requested
cancel-answer-by = the seller may object until { $date }
actions = What you can do
do-confirm = I have my parcel
do-confirm-lead = Everything is there and as it should be? Then let the seller be paid. You are asked once more first.
do-extend =
    { $days ->
        [one] Extend by { $days } day
       *[other] Extend by { $days } days
    }
do-extend-lead = Still waiting? Extend the protection to { $date }. It costs nothing, and the seller is paid that much later.
do-claim = Open a claim
do-claim-lead = It did not arrive, or is not what you bought? Open a claim: the money stays here until it is decided.
do-cancel = Cancel the order
do-cancel-lead = Changed your mind? As long as it is not shipped, you can ask for it to be canceled.
receipt = Do you have your parcel?
receipt-lead = Check first that everything is there and as it was described.
receipt-effect = When you confirm, { $amount } goes to { $seller }. This cannot be undone, and you can then no longer open a claim here.
receipt-yes = Yes, I have everything
receipt-no = Not yet
cancel = Cancel this order?
cancel-at-once = The order is canceled at once. This cannot be undone.
cancel-asks =
    { $hours ->
        [one] The seller has { $hours } hour to object, for example because the parcel is already on its way. Without an answer the order is canceled.
       *[other] The seller has { $hours } hours to object, for example because the parcel is already on its way. Without an answer the order is canceled.
    }
cancel-refund = Once it is canceled, you get { $amount } back on the card you paid with.
cancel-yes = Cancel the order
cancel-ask = Ask for cancellation
cancel-no = Keep the order
open-claim = Open a claim
open-claim-lead = { $amount } stays here until the marketplace has decided, for you, for the seller, or in part for each. You can then no longer confirm receipt.
open-claim-yes = Open the claim
open-claim-no = Back to the order
claim-question = What is wrong?
claim-reason-missing = Choose what is wrong.
claim-not-received = It did not arrive
claim-not-as-described = It is not as described
claim-damaged = It arrived damaged
claim-other = Something else
claim-description = What happened?
claim-description-hint = Both the seller and the marketplace read this. At most { $max } characters.
claim-description-missing = Write what happened, in a sentence or two.
claim-description-long = Shorten it to at most { $max } characters.
claim = Claim
claim-reason = Reason
claim-opened = Opened on
claim-ruled = Decided on
claim-to-buyer = To the buyer
claim-to-seller = To the seller
notice-confirmed = Thank you. The seller is being paid.
notice-extended = The protection is extended.
notice-canceled = The order is canceled.
notice-cancel-requested = The seller has been asked to cancel.
notice-claimed = Your claim is open.
notice-not-possible = That is no longer possible: the order has changed. Below you see how it stands now.

## The receipt

receipt-title = Receipt from { $shop }
receipt-link = See the receipt
receipt-date = Date
receipt-number = Receipt number
receipt-statement = On your statement
receipt-for = For
receipt-sum-paid = Paid
receipt-sum-held = Set aside
receipt-authorized = Set aside, not charged
receipt-authorized-lead = Your bank has set this sum aside on your card. Nothing has been taken yet.
receipt-partly-paid = Paid in part
receipt-partly-paid-lead = The rest is set aside on your card until it is taken or let go.
receipt-paid = Paid
receipt-paid-lead = Thank you. Nothing more is owed for this.
receipt-partly-refunded = Refunded in part
receipt-partly-refunded-lead = Part of what you paid goes back to your card. Banks take 3 to 10 days to show it.
receipt-refunded = Refunded
receipt-refunded-lead = All that you paid goes back to your card. Banks take 3 to 10 days to show it.
receipt-released = Not charged
receipt-released-lead = Nothing was taken from your card, and your bank no longer sets anything aside for this.
receipt-account = On your card
receipt-held = Set aside, not yet taken
receipt-let-go = Let go without being taken
receipt-charged = Taken from your card
receipt-given-back = Refunded
receipt-disputed = Taken back by your bank
receipt-net = You have paid
returns = Money back
returns-more = Only the latest are listed here. The sums above count them all.
return-refunded = Refunded
return-refunding = Refund on its way
return-released = No longer set aside
return-releasing = Being let go
receipt-advice = Anyone who has this page's address can see this receipt, and can do nothing else with it.
discount = Discount
tax = Tax

## The console

console = Console
sections = Sections
now = Time:
nav-home = Overview
nav-payments = Payments
nav-orders = Orders
nav-sellers = Sellers
nav-webhooks = Webhooks
console-shipped = The order is shipped. Its part of the payment is being captured.
console-delivered = The order is delivered.
console-canceled = The order is canceled. Its money goes back to the buyer.
console-ruled = The claim is ruled.
console-not-possible = Nothing was done: the order has changed since the page was loaded.
console-resent = The event is sent to the endpoint once more.
console-not-resent = Nothing was sent: the endpoint is switched off.
console-not-capturable = Nothing was done: the bank's hold on the card is over or used up, so that the money for this order can no longer be taken.
api-reference = API reference
api-errors = Error codes
example-shop = Example shop
sandbox = Sandbox: phones, banks, clock
unknown-outcomes = unknown outcomes
unknown-since = oldest since { $date }
unknown-lead = It is not known whether the bank said yes. The processor is asked until it says so; do not charge this buyer in another way meanwhile.
to-ship = orders to ship
open-claims = open claims
deliveries-retrying = webhook deliveries being retried
deliveries-failed =
    { $count ->
        [one] { $count } given up
       *[other] { $count } given up
    }
endpoints-count =
    { $count ->
        [one] { $count } endpoint
       *[other] { $count } endpoints
    }
money-now = Money now
no-money = No money has moved yet.
on-cards = On buyers' cards, not captured
currency = Currency
held = Held
to-release = Of that, not frozen
sellers-available = Available to sellers
available = Available
fees = Platform fees
pending = Pending
own-balance = The platform's own balance
own-balance-lead = Available can be transferred or paid out, with the fees in it. Pending is what is held for orders and what the processor has not settled yet.
balances = Balances
all-sellers = All sellers
all-payments = All payments
recent-payments = Latest payments
no-payments = No payments.
no-orders = No orders.
no-sellers = No sellers.
no-balance = nothing yet
seller-bank-refused = account { $last4 } refused by its bank
no-events = No events.
no-attempts = No card has been tried.
no-journal = Nothing has been posted. A hold on a card is no entry; a capture is.
move = Movement
moves = Captured, held, given back
no-moves = Nothing has been captured.
move-capture = Capture
move-held = Held funds
move-refund = Refund
move-reversal = Hold released
move-succeeded = Done
move-failed = Failed
move-is-held = Held
move-frozen = Frozen
move-settled = Settled
no-endpoints = No webhook endpoints.
webhooks-lead = Counted over the latest { $count } deliveries of each endpoint.
no-deliveries = No deliveries.
sellers-lead = Held is captured and not released yet. Available is released, less the platform's fees.
payment = Payment
order = Order
seller = Seller
account = Account
status = Status
amount = Amount
card = Card
created = Created
ends = Ends
id = Id
all = All
filter = Filter
pages = Pages
newer = Newer
older = Older
session = Checkout session
shop-reference = Shop's reference
capturable = On the card, not captured
captured = Captured
released = Released
fee = Fee
funding = Money is
funding-authorized = set aside on the card
funding-capturing = being captured
funding-held = held
funding-returning = on its way back
funding-returned = back with the buyer
funding-capture-failed = not captured
capture-failed-lead = The capture failed ({ $code }). The parcel may be on its way without its money: speak to the seller.
attempts = Attempts
attempt = Attempt
journal = Journal
entry = Entry
debit = Debit
credit = Credit
events = Events
event = Event
payment-requires-payment-method = Needs a card
payment-requires-confirmation = Not confirmed
payment-requires-action = At the bank's page
payment-processing = Being asked
payment-requires-capture = Authorized
payment-succeeded = Captured
payment-canceled = Canceled
attempt-sending = Being asked
attempt-unknown = Unknown
attempt-challenged = At the bank's page
attempt-authorized = Approved
attempt-declined = Declined
ship = Ship
ship-lead = Its part of the payment is captured now, and the protection clock starts.
ship-yes = Mark as shipped
ship-too-long = At most 80 characters each.
deliver = Deliver
deliver-lead = The buyer then has until the end of the protection to object.
deliver-yes = Mark as delivered
cancel-order = Cancel
cancel-order-lead = The buyer gets this order's money back. This cannot be undone.
cancel-order-yes = Cancel the order
rule = Rule the claim
rule-question = Who gets the { $amount } that is held?
rule-buyer = The buyer, all of it
rule-seller = The seller, all of it
rule-split = Split it
rule-to-buyer = The buyer's part in { $currency }
rule-to-buyer-hint = Only for a split. The seller gets the rest, less the platform's fee.
rule-split-no-sum = Enter a sum, such as 12.50.
rule-split-range = Enter more than nothing and less than all that is held.
rule-yes = Rule
endpoint = Endpoint
enabled = Enabled
disabled = Disabled
delivered = Delivered
retrying = Being retried
failed = Given up
deliveries = Deliveries
delivery-pending = Waiting
delivery-retrying = Being retried
delivery-delivered = Delivered
delivery-failed = Given up
tries = Tries
answers = Answers
no-answer = no answer
took-ms = after { $ms } ms
resend-yes = Send again
next-try = Next try

## The pages of a seller
seller-link-over = This link no longer works
seller-link-over-lead = It was used already, or its time is up. Ask the marketplace for a new one.
seller-onboarding = Sell on the marketplace
seller-onboarding-lead = Tell us who you are and where your money goes. You can change it later.
seller-name = Your name or the name of your shop
seller-country = Country of your bank
seller-email = E-mail address
seller-bank = Bank account for your payouts
seller-bank-kept = The account that ends in { $last4 } stays unless you enter another one.
seller-routing = Bank number
seller-routing-hint = Routing number, sort code, BSB or bank code. Leave it empty for an IBAN.
seller-number = Account number or IBAN
seller-number-hint = Only test accounts are taken here. No real account number is ever kept.
seller-test-accounts = Test accounts that you may use
seller-save = Save and go on
seller-name-missing = Enter your name or the name of your shop.
seller-country-missing = Choose a country.
seller-email-wrong = Enter an e-mail address, such as name@shop.example.
seller-routing-missing = Enter the number of the bank: accounts in this country have one.
seller-routing-unknown = This is not the test bank of the country. Take one from the list below.
seller-number-missing = Enter the number of your account.
seller-number-unknown = This is not a test account of the country. Take one from the list below.
seller-done = You are ready to sell
seller-done-lead = Your answers are saved. You are being taken back to the marketplace.
seller-home = Your money
seller-paying = On its way to your bank
seller-bank-ends = Payouts go to the account that ends in { $last4 }.
seller-bank-stopped = The bank of the account that ends in { $last4 } has refused a payout. Nothing is paid to it any more; ask the marketplace for a link to name another one.
seller-no-bank = There is no bank account to pay out to yet.
seller-payouts = Payouts
seller-no-payouts = No payouts yet.
payout-pending = leaves soon, expected on
payout-in-transit = on its way, expected on
payout-paid = arrived on
payout-failed = came back; it was expected on
payout-canceled = was called off; it was expected on
country-au = Australia
country-at = Austria
country-be = Belgium
country-ca = Canada
country-fi = Finland
country-fr = France
country-de = Germany
country-gr = Greece
country-ie = Ireland
country-it = Italy
country-jp = Japan
country-nl = Netherlands
country-pt = Portugal
country-es = Spain
country-gb = United Kingdom
country-us = United States
