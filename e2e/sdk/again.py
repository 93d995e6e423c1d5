"""Pays twice under one key with the official Python SDK, which asks again where no answer comes.

HOLDFAST_API is the address of the API, HOLDFAST_SECRET_KEY a key of it, and HOLDFAST_PAYMENT the
parameters of the payment. Prints both answers, and what they say of being a repetition.
"""

import json
import os
import sys

import stripe

stripe.api_base = os.environ["HOLDFAST_API"]
stripe.api_key = os.environ["HOLDFAST_SECRET_KEY"]
stripe.enable_telemetry = False
stripe.max_network_retries = 8


def pay():
    made = stripe.PaymentIntent.create(**json.loads(os.environ["HOLDFAST_PAYMENT"]))
    answer = made.last_response
    return {
        "object": json.loads(answer.body),
        "replayed": answer.headers.get("Idempotent-Replayed"),
    }


json.dump([pay(), pay()], sys.stdout)
