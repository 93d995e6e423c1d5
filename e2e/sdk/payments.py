"""The official Python SDK, unmodified, against a running Holdfast.

HOLDFAST_API is the address of its API and HOLDFAST_SECRET_KEY a secret key of it.
"""

import json
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

PATIENCE_SECONDS = 20

stripe.api_base = os.environ["HOLDFAST_API"]
stripe.api_key = os.environ["HOLDFAST_SECRET_KEY"]
stripe.enable_telemetry = False


def payment(method, **more):
    """The parameters of a payment that is confirmed at once."""
    return {
        "amount": 4_200,
        "currency": "usd",
        "payment_method": method,
        "payment_method_types": ["card"],
        "confirm": True,
        "metadata": {"order": "42"},
        **more,
    }


class Payments(unittest.TestCase):
    def test_seller_and_checkout_session(self):
        seller = stripe.Account.create(
            type="express",
            country="BE",
            business_profile={"name": "Ghent Glass"},
        )
        self.assertEqual(stripe.Account.retrieve(seller.id).business_profile.name, "Ghent Glass")
        session = stripe.checkout.Session.create(
            mode="payment",
            line_items=[
                {
                    "quantity": 2,
                    "seller": seller.id,
                    "price_data": {
                        "currency": "usd",
                        "unit_amount": 1_999,
                        "product_data": {"name": "Blue carafe + stopper"},
                    },
                }
            ],
            success_url="https://shop.example/thanks",
        )
        self.assertEqual(session.amount_total, 3_998)
        found = stripe.checkout.Session.retrieve(session.id, expand=["line_items"])
        self.assertEqual(found.line_items.data[0].description, "Blue carafe + stopper")

    def test_session_with_a_discount(self):
        coupon = stripe.Coupon.create(percent_off=12.5, duration="once")
        code = stripe.PromotionCode.create(promotion={"type": "coupon", "coupon": coupon.id})
        line = {
            "quantity": 2,
            "price_data": {
                "currency": "usd",
                "unit_amount": 1_000,
                "product_data": {"name": "Blue carafe"},
            },
        }
        session = stripe.checkout.Session.create(
            mode="payment",
            line_items=[line],
            discounts=[{"promotion_code": code.id}],
            success_url="https://shop.example/thanks",
            expand=["line_items", "total_details.breakdown"],
        )
        self.assertEqual((session.amount_subtotal, session.amount_total), (2_000, 1_750))
        self.assertEqual(session.discounts[0].promotion_code, code.id)
        self.assertEqual(session.line_items.data[0].amount_discount, 250)
        taken = session.total_details.breakdown.discounts[0]
        self.assertEqual((taken.amount, taken.discount.source.coupon), (250, coupon.id))
        with self.assertRaises(stripe.InvalidRequestError) as caught:
            stripe.checkout.Session.create(
                mode="payment", line_items=[line], discounts=[{"coupon": "none"}]
            )
        self.assertEqual(caught.exception.code, "resource_missing")
        self.assertEqual(caught.exception.param, "discounts[0][coupon]")

    def test_confirmed_at_once(self):
        intent = stripe.PaymentIntent.create(**payment("pm_card_mastercard"))
        self.assertEqual(intent.status, "succeeded")
        found = stripe.PaymentIntent.retrieve(intent.id, expand=["latest_charge"])
        self.assertEqual(found.latest_charge.payment_method_details.card.brand, "mastercard")

    def test_declined(self):
        with self.assertRaises(stripe.CardError) as caught:
            stripe.PaymentIntent.create(**payment("pm_card_visa_chargeDeclined"))
        error = caught.exception
        self.assertEqual(error.http_status, 402)
        self.assertEqual(error.code, "card_declined")
        self.assertEqual(error.error.decline_code, "generic_decline")
        self.assertEqual(error.error.payment_intent.status, "requires_payment_method")

    def test_captured_and_canceled(self):
        held = stripe.PaymentIntent.create(**payment("pm_card_visa", capture_method="manual"))
        self.assertEqual(held.status, "requires_capture")
        captured = stripe.PaymentIntent.capture(held.id, amount_to_capture=3_000)
        self.assertEqual(captured.amount_received, 3_000)
        other = stripe.PaymentIntent.create(**payment("pm_card_visa", capture_method="manual"))
        self.assertEqual(stripe.PaymentIntent.cancel(other.id).status, "canceled")

    def test_refunded(self):
        intent = stripe.PaymentIntent.create(**payment("pm_card_visa"))
        refund = stripe.Refund.create(payment_intent=intent.id, amount=1_200)
        self.assertEqual(refund.status, "succeeded")
        rest = stripe.Refund.create(payment_intent=intent.id)
        self.assertEqual(rest.amount, 3_000)
        with self.assertRaises(stripe.InvalidRequestError) as caught:
            stripe.Refund.create(payment_intent=intent.id)
        self.assertEqual(caught.exception.code, "charge_already_refunded")

    def test_list_is_paged_through(self):
        made = [stripe.PaymentIntent.create(amount=500, currency="usd").id for _ in range(5)]
        listed = []
        for intent in stripe.PaymentIntent.list(limit=2).auto_paging_iter():
            listed.append(intent.id)
            if len(listed) == len(made):
                break
        self.assertEqual(listed, list(reversed(made)))

    def test_events(self):
        intent = stripe.PaymentIntent.create(**payment("pm_card_visa"))
        events = stripe.Event.list(type="payment_intent.succeeded", limit=1)
        self.assertEqual(events.data[0].data.object.id, intent.id)

    def test_webhook_signature(self):
        with Receiver() as receiver:
            endpoint = stripe.WebhookEndpoint.create(
                url=receiver.url, enabled_events=["payment_intent.succeeded"]
            )
            intent = stripe.PaymentIntent.create(**payment("pm_card_visa"))
            body, signature = receiver.first()
            event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
            self.assertEqual(event.data.object.id, intent.id)
            with self.assertRaises(stripe.SignatureVerificationError):
                stripe.Webhook.construct_event(body, signature, "whsec_another")
            stripe.WebhookEndpoint.delete(endpoint.id)

    def test_idempotent_retry(self):
        first = stripe.PaymentIntent.create(**payment("pm_card_visa"), idempotency_key="python-42")
        second = stripe.PaymentIntent.create(**payment("pm_card_visa"), idempotency_key="python-42")
        self.assertEqual(first.last_response.body, second.last_response.body)
        said = [made.last_response.headers.get("Idempotent-Replayed") for made in (first, second)]
        self.assertEqual(said, [None, "true"])
        with self.assertRaises(stripe.IdempotencyError):
            stripe.PaymentIntent.create(
                amount=4_300, currency="usd", idempotency_key="python-42"
            )

    def test_client_of_its_own(self):
        client = stripe.StripeClient(
            os.environ["HOLDFAST_SECRET_KEY"],
            base_addresses={"api": os.environ["HOLDFAST_API"]},
        )
        intent = client.v1.payment_intents.create(params=payment("pm_card_visa"))
        self.assertEqual(client.v1.payment_intents.retrieve(intent.id).status, "succeeded")
        self.assertIsInstance(client.v1.balance.retrieve().available, list)


class Receiver:
    """Listens on a free port of this machine and keeps the first delivery."""

    def __init__(self):
        self._came = threading.Event()
        self._delivery = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not outer._came.is_set():
                    outer._delivery = (body.decode(), self.headers["Stripe-Signature"])
                    outer._came.set()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def first(self):
        if not self._came.wait(PATIENCE_SECONDS):
            raise AssertionError("no webhook came")
        body, signature = self._delivery
        json.loads(body)
        return body, signature


if __name__ == "__main__":
    unittest.main()
