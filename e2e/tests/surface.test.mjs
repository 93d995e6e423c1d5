// The whole first tier by the official SDKs, unmodified but for the address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runPython } from "../lib/python.mjs";
import { nodeSdk, watchForgotten } from "../lib/sdk.mjs";
import { stage } from "../lib/stage.mjs";
import { aftermath } from "../sdk/node/aftermath.mjs";
import { buyers } from "../sdk/node/buyers.mjs";
import { payments } from "../sdk/node/payments.mjs";
import { sellers } from "../sdk/node/sellers.mjs";

const { holdfast } = await stage({ browser: false });
// A limit of requests is met again and again here, and SDKs wait and repeat.
const stripe = nodeSdk(holdfast, { maxNetworkRetries: 5 });
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
