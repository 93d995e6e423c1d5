// The whole first tier by the official SDKs, unmodified but for the address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertOfTheDialect } from "../lib/dialect.mjs";
import { runPython } from "../lib/python.mjs";
import { nodeSdk, watchForgotten } from "../lib/sdk.mjs";
import { stageWithLine } from "../lib/stage.mjs";
import { aftermath } from "../sdk/node/aftermath.mjs";
import { buyers } from "../sdk/node/buyers.mjs";
import { payments } from "../sdk/node/payments.mjs";
import { sellers } from "../sdk/node/sellers.mjs";

// Without limits, which errors.test.mjs meets: SDKs wait at them, and this is many requests.
const flags = ["--requests-per-second", "0"];
const { holdfast, line } = await stageWithLine({ flags });
const stripe = nodeSdk(holdfast, { maxNetworkRetries: 0 });
/** Objects of the first tier that the dialect has a schema for. */
const OBJECTS = [
  "account",
  "account_link",
  "application_fee",
  "balance",
  "balance_transaction",
  "charge",
  "checkout.session",
  "customer",
  "dispute",
  "event",
  "payment_intent",
  "payment_method",
  "payout",
  "refund",
  "setup_intent",
  "transfer",
  "transfer_reversal",
  "webhook_endpoint",
];

const forgotten = watchForgotten(stripe);

for (const tests of [buyers, payments, sellers, aftermath]) tests(stripe, holdfast);

test("Node: no operation of the first tier was forgotten", () => {
  assert.deepEqual([...forgotten], []);
});

test("Python: every operation of the first tier, answered as the dialect says", async () => {
  const { code, output } = await runPython("surface.py", holdfast, {
    HOLDFAST_SANDBOX: holdfast.sandbox,
  });
  assert.equal(code, 0, output);
});

test("every answer was of the dialect", async () => {
  await assertOfTheDialect(line, OBJECTS);
});
