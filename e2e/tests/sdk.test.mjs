// What the official SDKs do beside their calls: signatures of webhooks and repeated requests. Each
// operation by itself is in surface.test.mjs, lost answers in sdk-again.test.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { assertOfTheDialect } from "../lib/dialect.mjs";
import { runPython } from "../lib/python.mjs";
import { startReceiver } from "../lib/receiver.mjs";
import { nodeSdk, payment as base } from "../lib/sdk.mjs";
import { stageWithLine } from "../lib/stage.mjs";

const { holdfast, line } = await stageWithLine();
const stripe = nodeSdk(holdfast);

test("Node: a decline is a card error that holds the payment", async () => {
  const refused = await stripe.paymentIntents
    .create(payment("pm_card_visa_chargeDeclinedInsufficientFunds"))
    .catch((error) => error);
  assert.ok(refused instanceof Stripe.errors.StripeCardError, String(refused));
  assert.equal(refused.statusCode, 402);
  assert.equal(refused.code, "card_declined");
  assert.equal(refused.decline_code, "insufficient_funds");
  assert.equal(refused.payment_intent.status, "requires_payment_method");
  assert.equal(refused.payment_intent.last_payment_error.decline_code, "insufficient_funds");
  const { id } = refused.payment_intent;
  const paid = await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
  assert.equal(paid.status, "succeeded");
});

test("Node: what is canceled cannot be captured, and the error holds the payment", async () => {
  const held = { ...payment("pm_card_visa"), capture_method: "manual" };
  const { id } = await stripe.paymentIntents.create(held);
  await stripe.paymentIntents.cancel(id);
  const refused = await stripe.paymentIntents.capture(id).catch((error) => error);
  assert.ok(refused instanceof Stripe.errors.StripeInvalidRequestError, String(refused));
  assert.equal(refused.code, "payment_intent_unexpected_state");
  assert.equal(refused.payment_intent.status, "canceled");
});

test("Node: what was given back whole is not given back again", async () => {
  const { id } = await stripe.paymentIntents.create(payment("pm_card_visa"));
  await stripe.refunds.create({ payment_intent: id });
  const refused = await stripe.refunds.create({ payment_intent: id }).catch((error) => error);
  assert.equal(refused.code, "charge_already_refunded");
});

test("Node: a webhook is delivered, and the SDK believes its signature and no other", async () => {
  const receiver = await startReceiver();
  try {
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ["payment_intent.succeeded"],
    });
    const { id } = await stripe.paymentIntents.create(payment("pm_card_visa"));
    const { body, signature } = await receiver.next("payment_intent.succeeded");
    const event = stripe.webhooks.constructEvent(body, signature, endpoint.secret);
    assert.equal(event.data.object.id, id);
    const construct = (text, secret) => () => {
      stripe.webhooks.constructEvent(text, signature, secret);
    };
    const Refused = Stripe.errors.StripeSignatureVerificationError;
    assert.throws(construct(body, "whsec_another"), Refused);
    assert.throws(construct(body.replace("4200", "9900"), endpoint.secret), Refused);
    const { deleted } = await stripe.webhookEndpoints.del(endpoint.id);
    assert.equal(deleted, true);
  } finally {
    receiver.close();
  }
});

test("Node: a retry under the same key is answered the same and does nothing twice", async () => {
  const idempotencyKey = "basket-42";
  const first = await stripe.paymentIntents.create(payment("pm_card_visa"), { idempotencyKey });
  const second = await stripe.paymentIntents.create(payment("pm_card_visa"), { idempotencyKey });
  assert.deepEqual(second, first);
  assert.equal(first.lastResponse.headers["idempotent-replayed"], undefined);
  assert.equal(second.lastResponse.headers["idempotent-replayed"], "true");
  const other = await stripe.paymentIntents
    .create({ ...payment("pm_card_visa"), amount: 4_300 }, { idempotencyKey })
    .catch((error) => error);
  assert.ok(other instanceof Stripe.errors.StripeIdempotencyError, String(other));
});

test("Node: errors name the parameter and the request", async () => {
  const unknown = await stripe.paymentIntents
    .create({ amount: 500, currency: "usd", colour: "red" })
    .catch((error) => error);
  assert.equal(unknown.code, "parameter_unknown");
  assert.equal(unknown.param, "colour");
  assert.match(unknown.requestId, /^req_/);
});

test("Python: the same, as its SDK does it", async () => {
  const { code, output } = await runPython("payments.py", holdfast);
  assert.equal(code, 0, output);
  assert.match(output, /Ran \d+ tests/);
});

test("every answer was of the dialect", async () => {
  await assertOfTheDialect(line, ["payment_intent", "refund", "webhook_endpoint"]);
});

function payment(method) {
  return base(method, { amount: 4_200, metadata: { order: "42" } });
}
