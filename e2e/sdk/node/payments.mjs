// Payments from the intent to the refund, the bank's question in between, and checkout sessions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { passChallenge } from "../../lib/sandbox.mjs";
import { assertHas, ids, payment } from "../../lib/sdk.mjs";
import { until } from "../../lib/wait.mjs";

export function payments(stripe, holdfast) {
  test("Node: a payment is made, changed, confirmed, listed and searched for", async () => {
    const made = await stripe.paymentIntents.create({ amount: 900, currency: "usd" });
    assertHas(made, { status: "requires_payment_method", amount: 900, amount_received: 0 });
    assert.ok(made.client_secret.startsWith(`${made.id}_secret_`));
    const change = { amount: 950, metadata: { order: "node-7" }, description: "Lamps" };
    assertHas(await stripe.paymentIntents.update(made.id, change), { id: made.id, ...change });
    const payment_method = "pm_card_visa";
    const paid = await stripe.paymentIntents.confirm(made.id, { payment_method });
    assertHas(paid, { status: "succeeded", amount_received: 950, ...change });
    const expand = ["latest_charge", "payment_method"];
    assertHas(await stripe.paymentIntents.retrieve(made.id, { expand }), {
      payment_method: { object: "payment_method", card: { brand: "visa", last4: "4242" } },
      latest_charge: {
        object: "charge",
        amount: 950,
        paid: true,
        payment_intent: made.id,
        payment_method_details: { type: "card", card: { last4: "4242" } },
      },
    });
    const newest = await stripe.paymentIntents.list({ limit: 1 });
    assert.deepEqual([ids(newest), newest.has_more], [[made.id], true]);
    const query = "metadata['order']:'node-7' AND status:'succeeded'";
    const found = await until("the payment in the search", async () => {
      const found = await stripe.paymentIntents.search({ query });
      return found.data.length > 0 && found;
    });
    assert.deepEqual([found.object, ids(found)], ["search_result", [made.id]]);
  });

  test("Node: a bank that asks the buyer is answered, and the payment goes on", async () => {
    const asked = await stripe.paymentIntents.create(
      payment("pm_card_threeDSecure2Required", { return_url: `${holdfast.shop}/back` }),
    );
    assertHas(asked, { status: "requires_action", next_action: { type: "redirect_to_url" } });
    const { url, return_url } = asked.next_action.redirect_to_url;
    assert.equal(return_url, `${holdfast.shop}/back`);
    await passChallenge(holdfast, url);
    const paid = await until("the payment", async () => {
      const found = await stripe.paymentIntents.retrieve(asked.id, { expand: ["latest_charge"] });
      return found.status === "succeeded" && found;
    });
    const { card } = paid.latest_charge.payment_method_details;
    assertHas(card.three_d_secure, { authentication_flow: "challenge", result: "authenticated" });
  });

  test("Node: an authorization is captured in part, another one canceled", async () => {
    const manual = payment("pm_card_visa", { capture_method: "manual" });
    const held = await stripe.paymentIntents.create(manual);
    assertHas(held, { status: "requires_capture", amount_capturable: 2_500, amount_received: 0 });
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 2_000 });
    assertHas(taken, { status: "succeeded", amount_capturable: 0, amount_received: 2_000 });
    const charge = await stripe.charges.retrieve(taken.latest_charge);
    assertHas(charge, { amount: 2_500, amount_captured: 2_000, amount_refunded: 500 });

    const other = await stripe.paymentIntents.create(manual);
    const cancellation_reason = "requested_by_customer";
    const gone = await stripe.paymentIntents.cancel(other.id, { cancellation_reason });
    assertHas(gone, { status: "canceled", cancellation_reason, amount_capturable: 0 });
    assert.ok(gone.canceled_at >= gone.created);
  });

  test("Node: refunds give back a part and then the rest of a charge", async () => {
    const { id: payment_intent } = await stripe.paymentIntents.create(payment());
    const { data } = await stripe.charges.list({ payment_intent });
    assertHas(data, [{ payment_intent, amount: 2_500, captured: true, refunded: false }]);
    const charge = data[0].id;
    const wish = { payment_intent, amount: 700, reason: "duplicate" };
    const part = await stripe.refunds.create(wish);
    assertHas(part, { ...wish, status: "succeeded", charge, currency: "usd" });
    const rest = await stripe.refunds.create({ charge });
    assertHas(rest, { payment_intent, amount: 1_800, reason: null });
    const noted = await stripe.refunds.update(rest.id, { metadata: { clerk: "4" } });
    assertHas(noted, { id: rest.id, amount: 1_800, metadata: { clerk: "4" } });
    assertHas(await stripe.refunds.retrieve(part.id), { ...wish, charge });
    assert.deepEqual(ids(await stripe.refunds.list({ payment_intent })), [rest.id, part.id]);
    assert.deepEqual(ids(await stripe.refunds.list({ limit: 0 })), []);
    const after = await stripe.charges.retrieve(charge, { expand: ["refunds"] });
    assertHas(after, { amount_refunded: 2_500, refunded: true });
    assert.deepEqual(ids(after.refunds), [rest.id, part.id]);
  });

  test("Node: a checkout session is opened for a seller's goods, read and ended", async () => {
    const seller = await stripe.accounts.create({ type: "express", country: "PT" });
    const price_data = {
      currency: "usd",
      unit_amount: 1_999,
      product_data: { name: "Woodcut & frame" },
    };
    const wish = {
      mode: "payment",
      success_url: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
      client_reference_id: "basket-7",
      customer_email: "mira@example.com",
      metadata: { basket: "7" },
    };
    const line_items = [{ quantity: 2, seller: seller.id, price_data }];
    const made = await stripe.checkout.sessions.create({ ...wish, line_items });
    const open = { ...wish, status: "open", payment_status: "unpaid", amount_total: 3_998 };
    assertHas(made, open);
    assert.match(made.id, /^cs_test_/);
    assert.ok(made.url.startsWith(`${holdfast.pay}/c/`));
    assertHas(await stripe.checkout.sessions.retrieve(made.id), { id: made.id, ...open });
    const { data } = await stripe.checkout.sessions.listLineItems(made.id);
    const line = { description: "Woodcut & frame", quantity: 2, amount_total: 3_998 };
    assertHas(data, [{ object: "item", ...line, price: { unit_amount: 1_999 } }]);
    const ended = await stripe.checkout.sessions.expire(made.id);
    assertHas(ended, { id: made.id, status: "expired", payment_status: "unpaid", url: null });
  });
}
