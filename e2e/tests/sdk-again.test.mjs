// What SDKs do again: after the server died in the middle of a request, and after a limit.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import Stripe from "stripe";
import { startHoldfast } from "../lib/holdfast.mjs";
import { runPython } from "../lib/python.mjs";
import { addFault } from "../lib/sandbox.mjs";
import { until } from "../lib/wait.mjs";

test("Node: a request that a kill -9 cuts off is repeated by the SDK and done once", async () => {
  const first = await startHoldfast();
  const { folder, portBase } = first;
  // The bank is slow, so that the payment is on disk and under way when the power goes.
  await addFault(first, { operation: "authorize", fault: "slow", delay_ms: 3_000 });
  const idempotencyKey = "basket-9";
  const paying = client(first, 8).paymentIntents.create(payment(), { idempotencyKey });
  await until("the payment", async () => (await listed(first)).length === 1);
  await first.kill();
  const second = await startHoldfast({ folder, portBase });
  after(() => second.stop());

  const paid = await paying;
  const again = await client(second).paymentIntents.create(payment(), { idempotencyKey });
  assert.equal(again.id, paid.id);
  const state = async () => (await client(second).paymentIntents.retrieve(paid.id)).status;
  await until("the charge", async () => (await state()) === "succeeded");
  assert.deepEqual((await listed(second)).map(({ id }) => id), [paid.id]);
  const { data } = await client(second).charges.list({ payment_intent: paid.id });
  assert.deepEqual(data.map(({ amount, paid }) => [amount, paid]), [[4_200, true]]);
});

test("Node and Python: too many requests are an error of their own kind", async () => {
  const limited = await startHoldfast({ flags: ["--requests-per-second", "1"] });
  after(() => limited.stop());
  const tries = Array.from({ length: 12 }, () => client(limited).balance.retrieve());
  const ends = await Promise.allSettled(tries);
  const reasons = ends.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  assert.ok(reasons.length > 0 && reasons.length < tries.length, `${reasons.length} turned away`);
  for (const reason of reasons) {
    assert.ok(reason instanceof Stripe.errors.StripeRateLimitError, String(reason));
    assert.deepEqual([reason.statusCode, reason.code], [429, "rate_limit"]);
  }
  const { code, output } = await runPython("limited.py", limited);
  assert.equal(code, 0, output);
});

async function listed(holdfast) {
  return (await client(holdfast).paymentIntents.list({ limit: 10 })).data;
}

function client({ api, secret_key }, maxNetworkRetries = 0) {
  const { hostname: host, port } = new URL(api);
  const how = { host, port, protocol: "http", telemetry: false, maxNetworkRetries };
  return new Stripe(secret_key, how);
}

function payment() {
  return {
    amount: 4_200,
    currency: "usd",
    payment_method: "pm_card_visa",
    payment_method_types: ["card"],
    confirm: true,
  };
}
