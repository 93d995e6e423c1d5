"""Every operation of the first tier by the official Python SDK, unmodified but for the address.

HOLDFAST_API is the address of the API, HOLDFAST_SECRET_KEY and HOLDFAST_PUBLISHABLE_KEY keys of it,
HOLDFAST_SANDBOX the outside world's. Every answer is held against the schemas of the dialect.
"""

import os
import re
import time
import unittest
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import stripe
from line import Line

LINE = Line(os.environ["HOLDFAST_API"])
SANDBOX = os.environ["HOLDFAST_SANDBOX"]
PATIENCE_SECONDS = 20

stripe.api_base = LINE.address
stripe.api_key = os.environ["HOLDFAST_SECRET_KEY"]
stripe.enable_telemetry = False
# A limit of requests is met again and again here, and SDKs wait and repeat.
stripe.max_network_retries = 5


def pay(method="pm_card_visa", **more):
    return stripe.PaymentIntent.create(
        **{
            "amount": 2_500,
            "currency": "usd",
            "payment_method": method,
            "payment_method_types": ["card"],
            "confirm": True,
            **more,
        }
    )


def until(what, look):
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come")


def pass_challenge(url):
    """Does what a buyer does at the bank's page: reads the code on the phone and gives it."""
    phone = urlopen(f"{SANDBOX}/?lang=en").read().decode()
    code = re.search(r'class="code[^"]*"[^>]*>\s*([0-9]+)', phone).group(1)
    form = urlencode({"code": code, "lang": "en"}).encode()
    try:
        urlopen(Request(url, data=form), timeout=20)
    except OSError:
        # Where the bank sends the buyer back to need not be there.
        pass


class Customers(unittest.TestCase):
    def test_life_of_a_customer(self):
        made = stripe.Customer.create(
            email="salma@shop.example",
            name="Salma",
            phone="+49 341 1234567",
            address={"line1": "Gasse 1", "city": "Leipzig", "country": "DE"},
            metadata={"shelf": "12"},
        )
        self.assertIsInstance(made, stripe.Customer)
        changed = stripe.Customer.modify(made.id, name="Salma B.", metadata={"shelf": ""})
        self.assertEqual((changed.name, changed.metadata.to_dict()), ("Salma B.", {}))
        listed = stripe.Customer.list(email="salma@shop.example", limit=3)
        self.assertIn(made.id, [row.id for row in listed.data])
        gone = stripe.Customer.delete(made.id)
        self.assertTrue(gone.deleted)
        self.assertTrue(stripe.Customer.retrieve(made.id).deleted)

    def test_pages_over_250(self):
        tag = f"page{time.time_ns()}@shop.example"
        made = [stripe.Customer.create(email=tag).id for _ in range(250)]
        listed = [
            row.id for row in stripe.Customer.list(email=tag, limit=100).auto_paging_iter()
        ]
        self.assertEqual(listed, list(reversed(made)))

    def test_methods_of_a_customer(self):
        customer = stripe.Customer.create(name="Mira")
        method = stripe.PaymentMethod.attach("pm_card_visa", customer=customer.id)
        self.assertEqual((method.customer, method.card.last4), (customer.id, "4242"))
        stripe.PaymentMethod.modify(method.id, metadata={"a": "1"})
        self.assertEqual(stripe.PaymentMethod.retrieve(method.id).metadata["a"], "1")
        rows = stripe.PaymentMethod.list(customer=customer.id, type="card").data
        self.assertEqual([row.id for row in rows], [method.id])
        rows = stripe.Customer.list_payment_methods(customer.id).data
        self.assertEqual([row.id for row in rows], [method.id])
        self.assertIsNone(stripe.PaymentMethod.detach(method.id).customer)


class SavedCards(unittest.TestCase):
    def test_setup_then_off_session(self):
        customer = stripe.Customer.create(name="Bo")
        setup = stripe.SetupIntent.create(
            customer=customer.id,
            payment_method_types=["card"],
            payment_method="pm_card_visa",
            usage="off_session",
        )
        setup = stripe.SetupIntent.confirm(setup.id)
        self.assertEqual(setup.status, "succeeded")
        self.assertEqual(stripe.SetupIntent.retrieve(setup.id).id, setup.id)
        paid = pay(setup.payment_method, customer=customer.id, off_session=True)
        self.assertEqual((paid.status, paid.customer), ("succeeded", customer.id))
        open_setup = stripe.SetupIntent.create(payment_method_types=["card"])
        self.assertEqual(stripe.SetupIntent.cancel(open_setup.id).status, "canceled")

    def test_saved_by_paying(self):
        customer = stripe.Customer.create(name="Ada")
        paid = pay(customer=customer.id, setup_future_usage="off_session")
        again = pay(paid.payment_method, customer=customer.id, off_session=True)
        self.assertEqual(again.status, "succeeded")


class Payments(unittest.TestCase):
    def test_challenge_end_to_end(self):
        asked = pay("pm_card_threeDSecure2Required", return_url="http://127.0.0.1:9/back")
        self.assertEqual(asked.status, "requires_action")
        pass_challenge(asked.next_action.redirect_to_url.url)

        def is_paid():
            return stripe.PaymentIntent.retrieve(asked.id).status == "succeeded"

        until("the payment", is_paid)
        found = stripe.PaymentIntent.retrieve(asked.id, expand=["latest_charge"])
        secure = found.latest_charge.payment_method_details.card.three_d_secure
        self.assertEqual(secure.result, "authenticated")

    def test_states(self):
        made = stripe.PaymentIntent.create(amount=900, currency="usd", metadata={"k": "v"})
        self.assertEqual(made.status, "requires_payment_method")
        confirmed = stripe.PaymentIntent.confirm(made.id, payment_method="pm_card_visa")
        self.assertEqual(confirmed.status, "succeeded")
        held = pay(capture_method="manual")
        self.assertEqual(stripe.PaymentIntent.capture(held.id).status, "succeeded")
        other = pay(capture_method="manual")
        gone = stripe.PaymentIntent.cancel(other.id, cancellation_reason="abandoned")
        self.assertEqual((gone.status, gone.cancellation_reason), ("canceled", "abandoned"))
        listed = stripe.PaymentIntent.list(limit=3)
        self.assertEqual([row.id for row in listed.data], [other.id, held.id, made.id])

    def test_charges_and_refunds(self):
        paid = pay()
        charge = stripe.Charge.retrieve(paid.latest_charge)
        self.assertEqual((charge.payment_intent, charge.paid), (paid.id, True))
        rows = stripe.Charge.list(payment_intent=paid.id).data
        self.assertEqual([row.id for row in rows], [charge.id])
        refund = stripe.Refund.create(payment_intent=paid.id, amount=500, metadata={"a": "1"})
        self.assertEqual(stripe.Refund.retrieve(refund.id).amount, 500)
        self.assertEqual(stripe.Refund.list(payment_intent=paid.id).data[0].id, refund.id)
        self.assertEqual(stripe.Charge.retrieve(charge.id).amount_refunded, 500)


class Sellers(unittest.TestCase):
    def test_life_of_a_seller(self):
        seller = stripe.Account.create(
            type="express", country="US", email="ada@shop.example", metadata={"a": "1"}
        )
        changed = stripe.Account.modify(seller.id, business_profile={"name": "Ada's Lamps"})
        self.assertEqual(changed.business_profile.name, "Ada's Lamps")
        self.assertIn(seller.id, [row.id for row in stripe.Account.list(limit=5).data])
        self.assertTrue(stripe.Account.retrieve().id.startswith("acct_"))
        link = stripe.AccountLink.create(
            account=seller.id,
            type="account_onboarding",
            refresh_url="https://shop.example/again",
            return_url="https://shop.example/back",
        )
        self.assertTrue(link.url.startswith("http"))
        own = stripe.Balance.retrieve(stripe_account=seller.id)
        self.assertEqual(own.object, "balance")
        self.assertEqual(stripe.Payout.list(stripe_account=seller.id).data, [])

    def test_nobodys_account(self):
        with self.assertRaises(stripe.PermissionError) as caught:
            stripe.Balance.retrieve(stripe_account="acct_0000000000000000000000")
        self.assertEqual(caught.exception.error.code, "account_invalid")


class Transfers(unittest.TestCase):
    def test_transfer_and_reversal(self):
        seller = stripe.Account.create(type="express", country="US")
        charge = pay("pm_card_bypassPending", amount=3_000).latest_charge
        transfer = stripe.Transfer.create(
            amount=2_000,
            currency="usd",
            destination=seller.id,
            source_transaction=charge,
            metadata={"order": "7"},
        )
        self.assertEqual(transfer.source_transaction, charge)
        changed = stripe.Transfer.modify(transfer.id, description="lamps")
        self.assertEqual(stripe.Transfer.retrieve(transfer.id).description, changed.description)
        rows = stripe.Transfer.list(destination=seller.id).data
        self.assertEqual([row.id for row in rows], [transfer.id])
        back = stripe.Transfer.create_reversal(transfer.id, amount=500)
        self.assertEqual((back.amount, back.transfer), (500, transfer.id))
        rows = stripe.Transfer.list_reversals(transfer.id).data
        self.assertEqual([row.id for row in rows], [back.id])
        self.assertEqual(stripe.Transfer.retrieve(transfer.id).amount_reversed, 500)
        own = stripe.Balance.retrieve(stripe_account=seller.id)
        has = sum(part.amount for part in [*own.available, *own.pending])
        self.assertEqual(has, 1_500)

    def test_destination_charge_with_a_fee(self):
        seller = stripe.Account.create(type="express", country="US")
        paid = pay(
            amount=3_000, application_fee_amount=300, transfer_data={"destination": seller.id}
        )
        charge = stripe.Charge.retrieve(paid.latest_charge, expand=["transfer", "application_fee"])
        self.assertEqual(charge.transfer.destination, seller.id)
        self.assertEqual(charge.application_fee.amount, 300)
        stripe.Refund.create(
            payment_intent=paid.id, reverse_transfer=True, refund_application_fee=True
        )
        fee = stripe.ApplicationFee.retrieve(charge.application_fee.id)
        self.assertEqual((fee.refunded, fee.amount_refunded), (True, 300))
        self.assertTrue(stripe.Transfer.retrieve(charge.transfer.id).reversed)


class Disputes(unittest.TestCase):
    def complained(self):
        paid = pay("pm_card_createDispute")
        found = until(
            "the dispute", lambda: stripe.Dispute.list(payment_intent=paid.id, limit=1).data
        )
        self.assertEqual((found[0].status, found[0].amount), ("needs_response", 2_500))
        return found[0]

    def test_won(self):
        dispute = self.complained()
        stripe.Dispute.modify(
            dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True
        )
        until("the end", lambda: stripe.Dispute.retrieve(dispute.id).status == "won")

    def test_closed(self):
        dispute = self.complained()
        stripe.Dispute.close(dispute.id)
        until("the end", lambda: stripe.Dispute.retrieve(dispute.id).status == "lost")
        self.assertTrue(stripe.Charge.retrieve(dispute.charge).disputed)


class Webhooks(unittest.TestCase):
    def test_life_of_an_endpoint(self):
        made = stripe.WebhookEndpoint.create(
            url="http://127.0.0.1:9/hook", enabled_events=["charge.succeeded"], description="a"
        )
        self.assertTrue(made.secret.startswith("whsec_"))
        changed = stripe.WebhookEndpoint.modify(made.id, disabled=True)
        self.assertEqual(changed.status, "disabled")
        self.assertEqual(stripe.WebhookEndpoint.retrieve(made.id).url, made.url)
        self.assertIn(made.id, [row.id for row in stripe.WebhookEndpoint.list().data])
        self.assertTrue(stripe.WebhookEndpoint.delete(made.id).deleted)

    def test_events(self):
        paid = pay()
        events = stripe.Event.list(types=["payment_intent.succeeded"], limit=1)
        self.assertEqual(events.data[0].data.object.id, paid.id)
        found = stripe.Event.retrieve(events.data[0].id)
        self.assertIsInstance(found.data.object, stripe.PaymentIntent)


class Errors(unittest.TestCase):
    def check(self, kind, code, call):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        self.assertIs(type(error), kind)
        self.assertEqual(error.error.code if error.error else None, code)
        self.assertTrue(error.request_id.startswith("req_"))
        return error

    def test_card(self):
        error = self.check(
            stripe.CardError, "card_declined", lambda: pay("pm_card_chargeDeclinedInsufficientFunds")
        )
        self.assertEqual(error.error.decline_code, "insufficient_funds")
        self.assertEqual(error.error.payment_intent.status, "requires_payment_method")
        self.assertIn("/docs/errors#card_declined", error.error.doc_url)

    def test_invalid_request(self):
        error = self.check(
            stripe.InvalidRequestError,
            "parameter_missing",
            lambda: stripe.PaymentIntent.create(amount=100),
        )
        self.assertEqual(error.param, "currency")
        self.check(
            stripe.InvalidRequestError,
            "resource_missing",
            lambda: stripe.Charge.retrieve("ch_0000000000000000000000"),
        )

    def test_idempotency(self):
        key = f"key-{time.time_ns()}"
        first = stripe.PaymentIntent.create(amount=100, currency="usd", idempotency_key=key)
        again = stripe.PaymentIntent.create(amount=100, currency="usd", idempotency_key=key)
        self.assertEqual(first.id, again.id)
        self.check(
            stripe.IdempotencyError,
            "idempotency_key_reused",
            lambda: stripe.PaymentIntent.create(amount=101, currency="usd", idempotency_key=key),
        )

    def test_authentication(self):
        self.check(
            stripe.AuthenticationError,
            None,
            lambda: stripe.Balance.retrieve(api_key="sk_test_000000000000000000000000000000"),
        )

    def test_permission(self):
        self.check(
            stripe.PermissionError,
            "secret_key_required",
            lambda: stripe.Balance.retrieve(api_key=os.environ["HOLDFAST_PUBLISHABLE_KEY"]),
        )


class ZLast(unittest.TestCase):
    """Runs last: what was seen on the line."""

    def test_every_answer_was_of_the_dialect(self):
        self.assertEqual(sorted(set(LINE.faults))[:40], [])
        for word in ["payment_intent", "charge", "refund", "customer", "account", "event"]:
            self.assertGreater(LINE.checked.get(word, 0), 0, word)


if __name__ == "__main__":
    unittest.main()
