// Customers, their cards, and cards kept for later.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertHas, ids, payment } from "../../lib/sdk.mjs";

/** More than two full pages of a list, and a part of a third. */
const OVER_TWO_PAGES = 251;

export function buyers(stripe) {
  test("Node: a customer is made, changed, found by address and deleted", async () => {
    const made = await stripe.customers.create({
      email: "noor@shop.example",
      name: "Noor",
      phone: "+49 341 1234567",
      address: { line1: "Gasse 1", city: "Leipzig", country: "DE" },
      metadata: { shelf: "12", row: "3" },
    });
    const address = { line1: "Gasse 1", city: "Leipzig", country: "DE", postal_code: null };
    assertHas(made, { object: "customer", email: "noor@shop.example", name: "Noor", address });
    const changed = await stripe.customers.update(made.id, { name: "Nour", metadata: { row: "" } });
    assertHas(changed, { id: made.id, name: "Nour", phone: "+49 341 1234567" });
    assert.deepEqual({ ...changed.metadata }, { shelf: "12" });
    const found = await stripe.customers.retrieve(made.id);
    assertHas(found, { name: "Nour", email: "noor@shop.example", address });
    const listed = await stripe.customers.list({ email: "noor@shop.example" });
    assert.deepEqual(ids(listed), [made.id]);
    const gone = await stripe.customers.del(made.id);
    assertHas(gone, { id: made.id, object: "customer", deleted: true });
    assert.equal((await stripe.customers.retrieve(made.id)).deleted, true);
  });

  test("Node: more than 250 objects are paged through, the newest first", async () => {
    const email = "pages@shop.example";
    const made = [];
    for (let count = 0; count < OVER_TWO_PAGES; count += 1) {
      made.unshift((await stripe.customers.create({ email })).id);
    }
    const listed = [];
    for await (const { id } of stripe.customers.list({ email, limit: 100 })) listed.push(id);
    assert.deepEqual(listed, made);
  });

  test("Node: a card is made, attached, noted, listed and detached", async () => {
    const customer = (await stripe.customers.create({ name: "Mira" })).id;
    const made = await stripe.paymentMethods.create({
      type: "card",
      card: { token: "tok_mastercard" },
      billing_details: { name: "Mira M." },
    });
    const card = { brand: "mastercard", last4: "4444" };
    assertHas(made, { type: "card", customer: null, card, billing_details: { name: "Mira M." } });
    const attached = await stripe.paymentMethods.attach(made.id, { customer });
    assertHas(attached, { id: made.id, customer, card });
    await stripe.paymentMethods.update(made.id, { metadata: { nick: "red" } });
    const found = await stripe.paymentMethods.retrieve(made.id);
    assertHas(found, { customer, card, metadata: { nick: "red" } });
    const type = "card";
    assert.deepEqual(ids(await stripe.paymentMethods.list({ customer, type })), [made.id]);
    assert.deepEqual(ids(await stripe.customers.listPaymentMethods(customer)), [made.id]);
    assertHas(await stripe.paymentMethods.detach(made.id), { id: made.id, customer: null });
    assert.deepEqual(ids(await stripe.customers.listPaymentMethods(customer)), []);
  });

  test("Node: a card is set up, and pays while its holder is away", async () => {
    const customer = (await stripe.customers.create({ name: "Bo" })).id;
    const made = await stripe.setupIntents.create({
      customer,
      payment_method_types: ["card"],
      payment_method: "pm_card_visa",
      usage: "off_session",
    });
    assertHas(made, { status: "requires_confirmation", customer, usage: "off_session" });
    const { id, payment_method: card } = await stripe.setupIntents.confirm(made.id);
    const expand = ["payment_method"];
    const kept = await stripe.setupIntents.retrieve(id, { expand });
    assertHas(kept, { status: "succeeded", payment_method: { id: card, customer } });
    const away = payment(card, { customer, off_session: true });
    const paid = await stripe.paymentIntents.create(away);
    assertHas(paid, { status: "succeeded", customer, payment_method: card });

    const open = await stripe.setupIntents.create({ payment_method_types: ["card"] });
    const cancellation_reason = "abandoned";
    const canceled = await stripe.setupIntents.cancel(open.id, { cancellation_reason });
    assertHas(canceled, { status: "canceled", cancellation_reason });
  });

  test("Node: a card is kept by paying with it", async () => {
    const customer = (await stripe.customers.create({ name: "Ada" })).id;
    const keep = payment("pm_card_visa", { customer, setup_future_usage: "off_session" });
    const { payment_method: card } = await stripe.paymentIntents.create(keep);
    assert.deepEqual(ids(await stripe.customers.listPaymentMethods(customer)), [card]);
    const away = payment(card, { customer, off_session: true });
    assertHas(await stripe.paymentIntents.create(away), { status: "succeeded", customer });
  });
}
