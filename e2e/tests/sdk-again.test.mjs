// What SDKs do again after the server died in the middle of a request.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startHoldfast } from "../lib/holdfast.mjs";
import { addFault } from "../lib/sandbox.mjs";
import { nodeSdk, payment } from "../lib/sdk.mjs";
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
  assert.deepEqual(data.map(({ amount, paid }) => [amount, paid]), [[2_500, true]]);
});

async function listed(holdfast) {
  return (await client(holdfast).paymentIntents.list({ limit: 10 })).data;
}

function client(holdfast, maxNetworkRetries = 0) {
  return nodeSdk(holdfast, { maxNetworkRetries });
}
