"""The official Python SDK at a Holdfast that answers one read a second.

HOLDFAST_API is the address of its API and HOLDFAST_SECRET_KEY a secret key of it.
"""

import os
import unittest

import stripe

TRIES = 20

stripe.api_base = os.environ["HOLDFAST_API"]
stripe.api_key = os.environ["HOLDFAST_SECRET_KEY"]
stripe.enable_telemetry = False
stripe.max_network_retries = 0


class Limited(unittest.TestCase):
    def test_too_many_requests(self):
        with self.assertRaises(stripe.RateLimitError) as caught:
            for _ in range(TRIES):
                stripe.Balance.retrieve()
        error = caught.exception
        self.assertEqual((error.http_status, error.error.code), (429, "rate_limit"))


if __name__ == "__main__":
    unittest.main()
