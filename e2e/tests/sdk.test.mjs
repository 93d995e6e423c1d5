// The official SDKs, unmodified, with another address: what a marketplace's engineers already have
// works against Holdfast.

import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { startDroppingLine } from "../lib/dropping.mjs";
import { runPython } from "../lib/python.mjs";
import { startReceiver } from "../lib/receiver.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast } = await stage({ browser: false });
const stripe = client(new URL(holdfast.api).port);

test("Node: a seller and a checkout session are made and found again", async () => {
  const seller = await stripe.accounts.create({
    type: "express",
    country: "PT",
    email: "prints@example.com",
    business_profile: { name: "Porto Prints" },
    metadata: { shelf: "12" },
  });
  assert.match(seller.id, /^acct_/);
  const found = await stripe.accounts.retrieve(seller.id);
  assert.equal(found.business_profile.name, "Porto Prints");
  assert.deepEqual({ ...found.metadata }, { shelf: "12" });

  const line = { currency: "usd", unit_amount: 1_999, product_data: { name: "Woodcut & frame" } };
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [{ quantity: 2, seller: seller.id, price_data: line }],
    success_url: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
    client_reference_id: "basket-7",
    customer_email: "mira@example.com",
    metadata: { basket: "7" },
  });
  assert.match(session.id, /^cs_test_/);
  assert.equal(session.amount_total, 3_998);
  assert.equal(session.status, "open");
  assert.equal(session.payment_status, "unpaid");
  assert.ok(session.url.startsWith(`${holdfast.pay}/c/`));
  const again = await stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items"] });
  assert.equal(again.client_reference_id, "basket-7");
  assert.equal(again.line_items.data[0].description, "Woodcut & frame");
  assert.equal(again.line_items.data[0].quantity, 2);
});

test("Node: a payment is confirmed at once", async () => {
  const intent = await stripe.paymentIntents.create(payment("pm_card_visa"));
  assert.equal(intent.status, "succeeded");
  assert.equal(intent.amount_received, 4_200);
  assert.equal(intent.metadata.order, "42");
  const expand = ["latest_charge", "payment_method"];
  const found = await stripe.paymentIntents.retrieve(intent.id, { expand });
  assert.equal(found.latest_charge.payment_method_details.card.last4, "4242");
  assert.equal(found.payment_method.object, "payment_method");
  assert.equal(found.payment_method.card.last4, "4242");
});

test("Node: a bank that wants to see the buyer is an action, not an error", async () => {
  const intent = await stripe.paymentIntents.create({
    ...payment("pm_card_threeDSecureRequired"),
    return_url: "https://shop.example/back",
  });
  assert.equal(intent.status, "requires_action");
  assert.equal(intent.next_action.type, "redirect_to_url");
  assert.ok(intent.next_action.redirect_to_url.url.startsWith(holdfast.sandbox));
});

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

test("Node: an authorization is captured in part, and what is canceled cannot be", async () => {
  const held = await stripe.paymentIntents.create(manual());
  assert.equal(held.status, "requires_capture");
  assert.equal(held.amount_capturable, 4_200);
  const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 3_000 });
  assert.equal(captured.status, "succeeded");
  assert.equal(captured.amount_received, 3_000);
  assert.equal(captured.amount_capturable, 0);

  const other = await stripe.paymentIntents.create(manual());
  const canceled = await stripe.paymentIntents.cancel(other.id, {
    cancellation_reason: "requested_by_customer",
  });
  assert.equal(canceled.status, "canceled");
  const refused = await stripe.paymentIntents.capture(other.id).catch((error) => error);
  assert.ok(refused instanceof Stripe.errors.StripeInvalidRequestError, String(refused));
  assert.equal(refused.code, "payment_intent_unexpected_state");
  assert.equal(refused.payment_intent.status, "canceled");
});

test("Node: refunds give back a part, then the rest, and no more", async () => {
  const { id } = await stripe.paymentIntents.create(payment("pm_card_visa"));
  const part = await stripe.refunds.create({ payment_intent: id, amount: 1_200 });
  assert.equal(part.status, "succeeded");
  const rest = await stripe.refunds.create({ payment_intent: id });
  assert.equal(rest.amount, 3_000);
  const refused = await stripe.refunds.create({ payment_intent: id }).catch((error) => error);
  assert.equal(refused.code, "charge_already_refunded");
  const { data } = await stripe.refunds.list({ payment_intent: id });
  assert.deepEqual(data.map((refund) => refund.id), [rest.id, part.id]);
});

test("Node: lists are paged through without end in sight", async () => {
  const made = [];
  for (let count = 0; count < 7; count += 1) {
    made.unshift((await stripe.paymentIntents.create({ amount: 500, currency: "usd" })).id);
  }
  const listed = [];
  for await (const intent of stripe.paymentIntents.list({ limit: 3 })) {
    listed.push(intent.id);
    if (listed.length === made.length) break;
  }
  assert.deepEqual(listed, made);
  const none = await stripe.refunds.list({ limit: 0 });
  assert.deepEqual(none.data, []);
});

test("Node: what happened is in the events", async () => {
  const { id } = await stripe.paymentIntents.create(payment("pm_card_visa"));
  const { data } = await stripe.events.list({ type: "payment_intent.succeeded", limit: 1 });
  assert.equal(data[0].data.object.id, id);
  assert.equal(data[0].data.object.metadata.order, "42");
  const event = await stripe.events.retrieve(data[0].id);
  assert.equal(event.type, "payment_intent.succeeded");
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
  assert.equal(second.id, first.id);
  const other = await stripe.paymentIntents
    .create({ ...payment("pm_card_visa"), amount: 4_300 }, { idempotencyKey })
    .catch((error) => error);
  assert.ok(other instanceof Stripe.errors.StripeIdempotencyError, String(other));
});

test("Node: the SDK's own retry after a broken line does nothing twice", async () => {
  const newest = async () => (await stripe.paymentIntents.list({ limit: 100 })).data.length;
  const before = await newest();
  const line = await startDroppingLine(holdfast.api, 1);
  try {
    const intent = await client(line.port).paymentIntents.create(payment("pm_card_visa"));
    assert.equal(intent.status, "succeeded");
    assert.equal(line.passed, 2);
    assert.equal(await newest(), before + 1);
  } finally {
    line.close();
  }
});

test("Node: errors name the parameter and the request", async () => {
  const unknown = await stripe.paymentIntents
    .create({ amount: 500, currency: "usd", colour: "red" })
    .catch((error) => error);
  assert.equal(unknown.code, "parameter_unknown");
  assert.equal(unknown.param, "colour");
  assert.match(unknown.requestId, /^req_/);
  const missing = await stripe.paymentIntents.retrieve("pi_missing").catch((error) => error);
  assert.equal(missing.statusCode, 404);
  assert.equal(missing.code, "resource_missing");
  const stranger = client(new URL(holdfast.api).port, "sk_test_000000000000000000000000");
  const refused = await stranger.balance.retrieve().catch((error) => error);
  assert.ok(refused instanceof Stripe.errors.StripeAuthenticationError, String(refused));
});

test("Python: the same, as its SDK does it", async () => {
  const { code, output } = await runPython("payments.py", holdfast);
  assert.equal(code, 0, output);
  assert.match(output, /Ran \d+ tests/);
});

function client(port, key = holdfast.secret_key) {
  return new Stripe(key, { host: "127.0.0.1", port, protocol: "http", telemetry: false });
}

function payment(method) {
  return {
    amount: 4_200,
    currency: "usd",
    payment_method: method,
    payment_method_types: ["card"],
    confirm: true,
    metadata: { order: "42" },
  };
}

function manual() {
  return { ...payment("pm_card_visa"), capture_method: "manual" };
}
