// Publishable keys made by the API open the card zone, and stop to when they are replaced or
// revoked, while its process runs and when it is replaced.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { api } from "../lib/api.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { stage } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

/** How long a key may go on after it was revoked. */
const WITHIN_MS = 2_000;

const { holdfast } = await stage({ browser: false });

test("a key opens the card zone from its making to its end", async () => {
  const unknown = await tokenise("pk_test_1234567890abcdefghijklmnop");
  assert.deepEqual([unknown.status, unknown.error.code], [401, "invalid_api_key"]);

  const made = await make({ kind: "publishable" });
  const before = Date.now();
  await until("the new key to open the card zone", () => opens(made.secret));
  assert.ok(Date.now() - before < WITHIN_MS, "within two seconds");
  const { token } = await tokenise(made.secret);
  const charged = await api(holdfast, "POST", "/v1/payment_intents", {
    amount: 700,
    currency: "usd",
    confirm: true,
    payment_method: token,
  });
  assert.equal(charged.status, "succeeded");

  const path = `/v1/api_keys/${made.id}`;
  const next = await api(holdfast, "POST", `${path}/rotate`, { expire_previous_in: 600 });
  await until("the next key to open it as well", () => opens(next.secret));
  assert.ok(await opens(made.secret), "both count while they overlap");

  await api(holdfast, "POST", `${path}/revoke`);
  await closesInTime([made.secret, next.secret]);
  assert.deepEqual(await tokenise(made.secret), unknown, "like a key that nobody has");
  assert.ok(await opens(holdfast.publishable_key), "the others go on");
});

test("a replaced key stops when the overlap is over", async () => {
  const made = await make({ kind: "publishable" });
  await until("the key", () => opens(made.secret));
  const path = `/v1/api_keys/${made.id}/rotate`;
  const next = await api(holdfast, "POST", path, { expire_previous_in: 3 });
  await until("the next key", () => opens(next.secret));
  await until("the end of the overlap", async () => !(await opens(made.secret)));
  const last = await api(holdfast, "POST", path);
  await closesInTime([next.secret]);
  await until("the last key", () => opens(last.secret));
});

test("only publishable keys open it", async () => {
  const secret = await make({ kind: "secret" });
  const marker = await make({ kind: "publishable" });
  await until("a key that was made later", () => opens(marker.secret));
  assert.equal(await opens(secret.secret), false);
  assert.equal(await opens(holdfast.secret_key), false);
});

test("a card zone that takes another's place knows the keys of now", async () => {
  const [kept, gone] = [await make({ kind: "publishable" }), await make({ kind: "publishable" })];
  await until("both keys", async () => (await opens(kept.secret)) && (await opens(gone.secret)));
  await api(holdfast, "POST", `/v1/api_keys/${gone.id}/revoke`);
  await closesInTime([gone.secret]);
  // It is replaced ten seconds after its first card.
  const over = Date.now() + 12_000;
  while (Date.now() < over) {
    assert.ok(await opens(kept.secret), "never refused meanwhile");
    assert.equal(await opens(gone.secret), false);
    // Fewer than one address may post.
    await sleep(100);
  }
});

holdAnswers(["payment_intent"]);

function make(params) {
  return api(holdfast, "POST", "/v1/api_keys", params);
}

async function opens(key) {
  const { status } = await tokenise(key);
  assert.ok(status === 200 || status === 401, `${status}`);
  return status === 200;
}

async function closesInTime(keys) {
  const asked = Date.now();
  for (const key of keys) await until("the end of a key", async () => !(await opens(key)));
  assert.ok(Date.now() - asked < WITHIN_MS, `${Date.now() - asked} ms`);
}

/** Posts a card as a page does. */
async function tokenise(key) {
  const card = { "card[number]": "4242424242424242", "card[exp]": "12 / 40", "card[cvc]": "123" };
  const body = new URLSearchParams({ key, ...card });
  const answer = await fetch(`${holdfast.card}/v1/tokens`, { method: "POST", body });
  const json = await answer.json();
  return { status: answer.status, token: json.id, error: json.error };
}
