// Every kind of error that a server can cause in the official SDKs, met in each of them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import Stripe from "stripe";
import { assertOfTheDialect } from "../lib/dialect.mjs";
import { startHoldfast } from "../lib/holdfast.mjs";
import { startLine } from "../lib/line.mjs";
import { runPython } from "../lib/python.mjs";
import { addFault, clearFaults } from "../lib/sandbox.mjs";
import { assertHas, nodeSdk, payment } from "../lib/sdk.mjs";
import { stageWithLine } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

const { holdfast, line } = await stageWithLine();
const hurried = await startHoldfast({ flags: ["--requests-per-second", "1"] });
after(() => hurried.stop());
const hurriedLine = await startLine(hurried.api);
after(() => hurriedLine.close());
const limited = { ...hurried, api: hurriedLine.api };
const dead = await startLine(holdfast.api, Infinity);
after(() => dead.close());

const stripe = client();

/** What is done, the class of the error, and what the error says. */
const ERRORS = [
  [
    "a bank that declines",
    () => stripe.paymentIntents.create(payment("pm_card_chargeDeclinedInsufficientFunds")),
    "StripeCardError",
    {
      statusCode: 402,
      code: "card_declined",
      decline_code: "insufficient_funds",
      payment_intent: { status: "requires_payment_method" },
    },
  ],
  [
    "a parameter that is missing",
    () => stripe.paymentIntents.create({ amount: 100 }),
    "StripeInvalidRequestError",
    { statusCode: 400, code: "parameter_missing", param: "currency" },
  ],
  [
    "an object that is not there",
    () => stripe.charges.retrieve("ch_0000000000000000000000"),
    "StripeInvalidRequestError",
    { statusCode: 404, code: "resource_missing", param: "id" },
  ],
  [
    "a key of other parameters",
    async () => {
      const idempotencyKey = "node-reused";
      await stripe.customers.create({ name: "Ada" }, { idempotencyKey });
      return stripe.customers.create({ name: "Bo" }, { idempotencyKey });
    },
    "StripeIdempotencyError",
    { statusCode: 400, code: "idempotency_key_reused", rawType: "idempotency_error" },
  ],
  [
    "an API key of nobody",
    () => client({ secret_key: "sk_test_000000000000000000000000000000" }).balance.retrieve(),
    "StripeAuthenticationError",
    { statusCode: 401, rawType: "invalid_request_error" },
  ],
  [
    "a key for browsers",
    () => client({ secret_key: holdfast.publishable_key }).balance.retrieve(),
    "StripePermissionError",
    { statusCode: 403, code: "secret_key_required" },
  ],
  [
    "an account of nobody",
    () => stripe.balance.retrieve({}, { stripeAccount: "acct_0000000000000000000000" }),
    "StripePermissionError",
    { statusCode: 403, code: "account_invalid" },
  ],
  [
    "a request that is still under way",
    sameTwice,
    "StripeAPIError",
    { statusCode: 409, code: "idempotency_key_in_use" },
  ],
];

/** Classes that no answer of Holdfast's causes, and why. */
const NEVER = [
  [/^StripeError$/, "the class that the others are made of"],
  [/^Stripe(OAuth|Invalid(Client|Grant|Scope)|Unsupported)/, "of OAuth, which Holdfast has not"],
  [/^(?!Stripe)/, "of the API's second version, which Holdfast has not"],
];

/** Classes that a test below, or another file, meets in a way of its own. */
const ELSEWHERE = [
  "StripeRateLimitError",
  "StripeConnectionError",
  // sdk.test.mjs, with a webhook that was delivered.
  "StripeSignatureVerificationError",
];

for (const [what, call, name, says] of ERRORS) {
  test(`Node: ${what} is a ${name}`, async () => {
    const error = await failure(call);
    assert.equal(error.constructor, Stripe.errors[name], String(error));
    assertHas(error, says);
    assert.match(error.requestId, /^req_/);
  });
}

test("Node: too many requests are a StripeRateLimitError", async () => {
  const impatient = nodeSdk(limited, { maxNetworkRetries: 0 });
  const tries = Array.from({ length: 12 }, () => impatient.balance.retrieve());
  const ends = await Promise.allSettled(tries);
  const reasons = ends.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  assert.ok(reasons.length > 0 && reasons.length < tries.length, `${reasons.length} turned away`);
  for (const reason of reasons) {
    assert.equal(reason.constructor, Stripe.errors.StripeRateLimitError, String(reason));
    assertHas(reason, { statusCode: 429, code: "rate_limit" });
  }
});

test("Node: an answer that never comes is a StripeConnectionError", async () => {
  const error = await failure(() => client({ api: dead.api }).balance.retrieve());
  assert.equal(error.constructor, Stripe.errors.StripeConnectionError, String(error));
  assert.equal(error.statusCode, undefined);
});

test("Node: no class of error was forgotten", () => {
  const met = [...ERRORS.map(([, , name]) => name), ...ELSEWHERE];
  const classes = Object.keys(Stripe.errors).filter((name) => name.endsWith("Error"));
  const others = classes.filter((name) => !NEVER.some(([names]) => names.test(name)));
  assert.deepEqual(others.sort(), [...new Set(met)].sort());
});

test("Python: every class of error, too", async () => {
  // A payment takes long enough for others to be sent under its key.
  await addFault(holdfast, { operation: "authorize", fault: "slow", times: 9, delay_ms: 1_000 });
  const { code, output } = await runPython("errors.py", holdfast, {
    HOLDFAST_PUBLISHABLE_KEY: holdfast.publishable_key,
    HOLDFAST_LIMITED_API: limited.api,
    HOLDFAST_LIMITED_KEY: limited.secret_key,
    HOLDFAST_DEAD_API: dead.api,
  });
  assert.equal(code, 0, output);
});

test("every answer was of the dialect", async () => {
  const answers = [line, hurriedLine, dead].flatMap((line) => line.answers);
  await assertOfTheDialect({ answers }, ["payment_intent", "customer", "balance"]);
});

/** The SDK without repeats of its own, which would hide what is to be seen. */
function client(other = {}) {
  return nodeSdk({ ...holdfast, ...other }, { maxNetworkRetries: 0 });
}

async function failure(call) {
  return call().then(
    () => assert.fail("no error came"),
    (error) => error,
  );
}

/** Sends a payment again while the bank still thinks about it; fails as the second one does. */
async function sameTwice() {
  const idempotencyKey = "node-under-way";
  await addFault(holdfast, { operation: "authorize", fault: "slow", delay_ms: 3_000 });
  const first = stripe.paymentIntents.create(payment(), { idempotencyKey });
  try {
    await until("the first request", async () => {
      const { data } = await stripe.paymentIntents.list({ limit: 1 });
      return data[0]?.status === "processing";
    });
    return await stripe.paymentIntents.create(payment(), { idempotencyKey });
  } finally {
    assert.equal((await first).status, "succeeded");
    await clearFaults(holdfast);
  }
}
