// What SDKs do again after an answer was lost, on the line or with the server that died.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertOfTheDialect } from "../lib/dialect.mjs";
import { startHoldfast } from "../lib/holdfast.mjs";
import { startLine } from "../lib/line.mjs";
import { runPython } from "../lib/python.mjs";
import { addFault, witness } from "../lib/sandbox.mjs";
import { nodeSdk, payment } from "../lib/sdk.mjs";
import { until } from "../lib/wait.mjs";

/** More than a server needs to come back. */
const RETRIES = 8;
const KEY = "basket-9";
/** The lines that answers came on. */
const lines = [];

/** Each pays twice under [`KEY`] and tells both answers: `object`, and `replayed` of the header. */
const SDKS = { Node: payTwiceByNode, Python: payTwiceByPython };

for (const [name, payTwice] of Object.entries(SDKS)) {
  test(`${name}: a request whose answer is lost is repeated by the SDK and done once`, async () => {
    const holdfast = await startHoldfast();
    after(() => holdfast.stop());
    const line = held(await startLine(holdfast.api, 1));
    const [lost, again] = await payTwice({ ...holdfast, api: line.api });
    assert.equal(line.passed, 3);
    // Both are the answer that was kept when it was sent into the void.
    assert.deepEqual([lost.replayed, again.replayed], ["true", "true"]);
    assert.deepEqual(again.object, lost.object);
    assert.equal(lost.object.status, "succeeded");
    await assertPaidOnce(holdfast, lost.object.id);
  });

  test(`${name}: a request that a kill -9 cuts off is repeated and done once`, async () => {
    const first = await startHoldfast();
    const { folder, portBase } = first;
    // The bank is slow, so that the payment is on disk and under way when the power goes.
    await addFault(first, { operation: "authorize", fault: "slow", delay_ms: 3_000 });
    const line = held(await startLine(first.api));
    const paying = payTwice({ ...first, api: line.api });
    await until("the payment", async () => (await listed(first)).length === 1);
    await first.kill();
    const second = await startHoldfast({ folder, portBase });
    after(() => second.stop());

    const [cut, again] = await paying;
    // Nobody had answered the first one yet: whoever came back did, and kept it.
    assert.deepEqual([cut.replayed, again.replayed], [null, "true"]);
    assert.deepEqual(again.object, cut.object);
    await assertPaidOnce(second, cut.object.id);
  });
}

test("every answer was of the dialect, a lost one too", async () => {
  assert.equal(lines.length, 4);
  const answers = lines.flatMap((line) => line.answers);
  await assertOfTheDialect({ answers }, ["payment_intent"]);
});

/** There is this payment and no other, charged once, here and at the bank. */
async function assertPaidOnce(holdfast, id) {
  const sdk = nodeSdk(holdfast);
  const state = async () => (await sdk.paymentIntents.retrieve(id)).status;
  await until("the charge", async () => (await state()) === "succeeded");
  assert.deepEqual(await listed(holdfast), [id]);
  const { data } = await sdk.charges.list({ limit: 10 });
  const charges = data.map(({ payment_intent: of, amount, paid }) => [of, amount, paid]);
  assert.deepEqual(charges, [[id, 2_500, true]]);
  assert.equal((await witness(holdfast)).length, 1);
}

/** A line that is closed with the file, and whose answers are looked at in its last test. */
function held(line) {
  after(() => line.close());
  lines.push(line);
  return line;
}

async function listed(holdfast) {
  const { data } = await nodeSdk(holdfast).paymentIntents.list({ limit: 10 });
  return data.map(({ id }) => id);
}

async function payTwiceByNode(holdfast) {
  const sdk = nodeSdk(holdfast, { maxNetworkRetries: RETRIES });
  const pay = async () => {
    const made = await sdk.paymentIntents.create(payment(), { idempotencyKey: KEY });
    const replayed = made.lastResponse.headers["idempotent-replayed"] ?? null;
    return { object: JSON.parse(JSON.stringify(made)), replayed };
  };
  return [await pay(), await pay()];
}

async function payTwiceByPython(holdfast) {
  const more = { HOLDFAST_PAYMENT: JSON.stringify({ ...payment(), idempotency_key: KEY }) };
  const { code, output } = await runPython("again.py", holdfast, more);
  assert.equal(code, 0, output);
  return JSON.parse(output);
}
