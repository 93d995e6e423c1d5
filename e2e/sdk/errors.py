"""Every class of error that a server can cause in the official Python SDK.

HOLDFAST_API is the address of the API, HOLDFAST_SECRET_KEY and HOLDFAST_PUBLISHABLE_KEY keys of it;
its bank takes a second for each payment. HOLDFAST_LIMITED_API, with HOLDFAST_LIMITED_KEY, answers
one read a second, and HOLDFAST_DEAD_API no request at all.
"""

import inspect
import os
import threading
import time
import unittest

import stripe

TRIES = 20
PATIENCE_SECONDS = 20
TOGETHER = 6

stripe.api_base = os.environ["HOLDFAST_API"]
stripe.api_key = os.environ["HOLDFAST_SECRET_KEY"]
stripe.enable_telemetry = False
stripe.max_network_retries = 0

# Classes that no answer of Holdfast's causes: those that others are made of; and, by the list of
# classes in the SDK, all from this one on are of the API's second version, which Holdfast has not.
BASES = {"StripeError", "StripeErrorWithParamCode"}
FIRST_OF_VERSION_2 = "AlreadyCanceledError"
# payments.py meets it with a webhook that was delivered.
ELSEWHERE = {"SignatureVerificationError"}


def pay(**more):
    return stripe.PaymentIntent.create(
        **{
            "amount": 2_500,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "confirm": True,
            **more,
        }
    )


class Errors(unittest.TestCase):
    met = set(ELSEWHERE)

    def check(self, kind, status, code, call):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        self.assertIs(type(error), kind)
        said = error.error.code if error.error else None
        self.assertEqual((error.http_status, said), (status, code))
        if status:
            self.assertTrue(error.request_id.startswith("req_"))
        self.met.add(kind.__name__)
        return error

    def test_card(self):
        method = "pm_card_chargeDeclinedInsufficientFunds"
        error = self.check(
            stripe.CardError, 402, "card_declined", lambda: pay(payment_method=method)
        )
        self.assertEqual(error.error.decline_code, "insufficient_funds")
        self.assertIsInstance(error.error.payment_intent, stripe.PaymentIntent)
        self.assertEqual(error.error.payment_intent.status, "requires_payment_method")
        self.assertIn("/docs/errors#card_declined", error.error.doc_url)

    def test_invalid_request(self):
        error = self.check(
            stripe.InvalidRequestError,
            400,
            "parameter_missing",
            lambda: stripe.PaymentIntent.create(amount=100),
        )
        self.assertEqual(error.param, "currency")
        self.check(
            stripe.InvalidRequestError,
            404,
            "resource_missing",
            lambda: stripe.Charge.retrieve("ch_0000000000000000000000"),
        )

    def test_idempotency(self):
        key = f"key-{time.time_ns()}"
        stripe.Customer.create(name="Ada", idempotency_key=key)
        self.check(
            stripe.IdempotencyError,
            400,
            "idempotency_key_reused",
            lambda: stripe.Customer.create(name="Bo", idempotency_key=key),
        )

    def test_authentication(self):
        key = "sk_test_000000000000000000000000000000"
        self.check(
            stripe.AuthenticationError, 401, None, lambda: stripe.Balance.retrieve(api_key=key)
        )

    def test_permission(self):
        key = os.environ["HOLDFAST_PUBLISHABLE_KEY"]
        self.check(
            stripe.PermissionError,
            403,
            "secret_key_required",
            lambda: stripe.Balance.retrieve(api_key=key),
        )
        self.check(
            stripe.PermissionError,
            403,
            "account_invalid",
            lambda: stripe.Balance.retrieve(stripe_account="acct_0000000000000000000000"),
        )

    def test_still_under_way(self):
        # The bank takes a second for the one of them that is done.
        key = f"key-{time.time_ns()}"
        failures = together(lambda: pay(idempotency_key=key))
        self.assertEqual(len(failures), TOGETHER - 1)
        for failure in failures:

            def again(failure=failure):
                raise failure

            self.check(stripe.APIError, 409, "idempotency_key_in_use", again)

    def test_too_many_requests(self):
        api = os.environ["HOLDFAST_LIMITED_API"]
        key = os.environ["HOLDFAST_LIMITED_KEY"]
        client = stripe.StripeClient(key, base_addresses={"api": api})

        def hurry():
            for _ in range(TRIES):
                client.v1.balance.retrieve()

        self.check(stripe.RateLimitError, 429, "rate_limit", hurry)

    def test_no_answer(self):
        api = os.environ["HOLDFAST_DEAD_API"]
        client = stripe.StripeClient(stripe.api_key, base_addresses={"api": api})
        self.check(stripe.APIConnectionError, None, None, client.v1.balance.retrieve)

    def test_zz_none_was_forgotten(self):
        """Runs last, by its name."""
        classes = [
            name
            for name, kind in vars(stripe.error).items()
            if inspect.isclass(kind)
            and issubclass(kind, stripe.StripeError)
            and kind.__module__ == stripe.error.__name__
        ]
        first = classes.index(FIRST_OF_VERSION_2)
        self.assertEqual(self.met, set(classes[:first]) - BASES)


def together(call):
    """What calls sent at the same time failed with."""
    start = threading.Barrier(TOGETHER)
    failures = []

    def one():
        start.wait(PATIENCE_SECONDS)
        try:
            call()
        except stripe.StripeError as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return failures


if __name__ == "__main__":
    unittest.main()
