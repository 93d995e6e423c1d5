// The scenario files of the Stripe CLI: each request succeeds, or fails as its file expects, and the
// event that the file is named after is emitted and delivered with a signature that the SDK accepts.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { all, api } from "../lib/api.mjs";
import { assertOfTheDialect } from "../lib/dialect.mjs";
import { startReceiver } from "../lib/receiver.mjs";
import { stageWithLine } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

const file = fileURLToPath(new URL("../data/stripe-cli-triggers.json", import.meta.url));
const { triggers } = JSON.parse(readFileSync(file, "utf8"));

const { holdfast, line } = await stageWithLine();
const stripe = client();

test("there are 35 scenarios", () => assert.equal(Object.keys(triggers).length, 35));

for (const [event, { fixtures }] of Object.entries(triggers)) {
  test(`scenario ${event}`, async () => {
    const receiver = await startReceiver();
    after(() => receiver.close());
    const hook = { url: receiver.url, enabled_events: [event] };
    const { id, secret } = await api(holdfast, "POST", "/v1/webhook_endpoints", hook);
    const known = new Set((await all(holdfast, "/v1/events", { type: event })).map(({ id }) => id));

    await perform(fixtures);

    const emitted = await until(`an event ${event}`, async () => {
      const events = await all(holdfast, "/v1/events", { type: event });
      return events.find(({ id }) => !known.has(id));
    });
    assert.ok(emitted.data.object.object, "the event holds its object");
    const { body, signature } = await receiver.next(event);
    assert.equal(stripe.webhooks.constructEvent(body, signature, secret).type, event);
    assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, secret));
    await api(holdfast, "DELETE", `/v1/webhook_endpoints/${id}`);
  });
}

test("every answer was of the dialect, in the events as well", async () => {
  await assertOfTheDialect(line, ["event", "payment_intent", "charge", "payment_link", "coupon"]);
});

/** Sends the requests of a chain one after another. */
async function perform(fixtures) {
  const answers = new Map();
  for (const { name, method, path, params = {}, expected_error_type: expected } of fixtures) {
    const verb = method.toUpperCase();
    const sent = filled(params, answers);
    const target = filled(path, answers);
    try {
      const answer = await send(verb, target, sent);
      answers.set(name, answer);
    } catch (error) {
      // An expected error may come or not: the CLI goes on in both cases.
      if (!expected) throw new Error(`${name}: ${method} ${path}: ${error.message}`);
      assert.equal(error.rawType, expected, `${name}: ${error.message}`);
      answers.set(name, error.raw);
    }
  }
}

/** Sends one request. What a list is read for may come later, as a complaint about a payment does. */
async function send(verb, target, params) {
  if (verb === "POST") return stripe.rawRequest(verb, target, params);
  // The SDK takes the parameters of anything but a POST in the address only.
  const address = withQuery(target, params);
  return until(`something in ${address}`, async () => {
    const answer = await stripe.rawRequest(verb, address);
    return answer.object === "list" && answer.data.length === 0 ? undefined : answer;
  });
}

/** A path with parameters, all of which are plain values in the scenarios' reads. */
function withQuery(path, params) {
  const query = new URLSearchParams(params).toString();
  return query === "" ? path : `${path}?${query}`;
}

/** A value with each `${name:field.of.answer}` in its texts filled in. */
function filled(value, answers) {
  if (typeof value === "string") {
    return value.replaceAll(/\$\{([^:}]+):([^}]+)\}/g, (whole, name, path) => {
      const found = path.split(".").reduce((inner, key) => inner?.[key], answers.get(name));
      assert.notEqual(found, undefined, `${whole} is in no earlier answer`);
      return found;
    });
  }
  if (value === null || typeof value !== "object") return value;
  const inner = Object.entries(value).map(([key, each]) => [key, filled(each, answers)]);
  return Array.isArray(value) ? inner.map(([, each]) => each) : Object.fromEntries(inner);
}

function client() {
  const { hostname, port } = new URL(holdfast.api);
  return new Stripe(holdfast.secret_key, { host: hostname, port, protocol: "http" });
}
