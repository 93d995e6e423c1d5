// What comes after a payment: complaints, events, and the endpoints that they are told to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertHas, ids, payment } from "../../lib/sdk.mjs";
import { until } from "../../lib/wait.mjs";

export function aftermath(stripe) {
  test("Node: a dispute is answered with evidence and won", async () => {
    const dispute = await complaint(stripe);
    const evidence = { uncategorized_text: "winning_evidence" };
    const answered = await stripe.disputes.update(dispute.id, { evidence, submit: true });
    assertHas(answered, { id: dispute.id, evidence, evidence_details: { submission_count: 1 } });
    await ended(stripe, dispute, "won");
  });

  test("Node: a dispute is accepted and lost", async () => {
    const dispute = await complaint(stripe);
    assertHas(await stripe.disputes.close(dispute.id), { id: dispute.id });
    await ended(stripe, dispute, "lost");
    assertHas(await stripe.charges.retrieve(dispute.charge), { disputed: true, amount: 2_500 });
  });

  test("Node: an endpoint is made, changed and deleted; its secret is told once", async () => {
    const wish = { url: "http://127.0.0.1:9/hook", enabled_events: ["charge.succeeded"] };
    const made = await stripe.webhookEndpoints.create({ ...wish, description: "Books" });
    assertHas(made, { ...wish, description: "Books", status: "enabled" });
    assert.match(made.secret, /^whsec_/);
    const enabled_events = ["charge.refunded"];
    const change = { enabled_events, disabled: true };
    const changed = await stripe.webhookEndpoints.update(made.id, change);
    assertHas(changed, { enabled_events, status: "disabled", secret: undefined });
    const found = await stripe.webhookEndpoints.retrieve(made.id);
    assertHas(found, { url: wish.url, enabled_events, secret: undefined });
    assert.deepEqual(ids(await stripe.webhookEndpoints.list({ limit: 1 })), [made.id]);
    const gone = await stripe.webhookEndpoints.del(made.id);
    assertHas(gone, { id: made.id, object: "webhook_endpoint", deleted: true });
    assert.ok(!ids(await stripe.webhookEndpoints.list()).includes(made.id));
  });

  test("Node: what happened is in the events", async () => {
    const metadata = { order: "42" };
    const { id } = await stripe.paymentIntents.create(payment("pm_card_visa", { metadata }));
    const type = "payment_intent.succeeded";
    const { data } = await stripe.events.list({ type, limit: 1 });
    const about = { object: { id, object: "payment_intent", status: "succeeded", metadata } };
    assertHas(data, [{ object: "event", type, data: about }]);
    assertHas(await stripe.events.retrieve(data[0].id), { id: data[0].id, type, data: about });
  });
}

/** The dispute that the bank opens about a payment with a card made for it. */
async function complaint(stripe) {
  const paid = await stripe.paymentIntents.create(payment("pm_card_createDispute"));
  const dispute = await until("the dispute", async () => {
    const { data } = await stripe.disputes.list({ payment_intent: paid.id });
    return data[0];
  });
  const { latest_charge: charge, id: payment_intent } = paid;
  assertHas(dispute, { charge, payment_intent, amount: 2_500, status: "needs_response" });
  return dispute;
}

function ended(stripe, { id }, wanted) {
  return until(`the dispute ${wanted}`, async () => {
    const { status } = await stripe.disputes.retrieve(id);
    return status === wanted;
  });
}
