// The official Node SDK, unmodified but for the address, and what its calls are held against.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Stripe from "stripe";

const tier1 = new URL("../data/tier-1.json", import.meta.url);
const OPERATIONS = JSON.parse(readFileSync(tier1, "utf8")).operations;

/** The SDK at `api`, with `more` of its own options. */
export function nodeSdk({ api, secret_key }, more = {}) {
  const { hostname: host, port } = new URL(api);
  return new Stripe(secret_key, { host, port, protocol: "http", telemetry: false, ...more });
}

/** The operations of the first tier that no call of `sdk` from now on was answered for. */
export function watchForgotten(sdk) {
  const forgotten = new Set(OPERATIONS);
  sdk.on("response", ({ method, path, status }) => {
    if (status === 200) forgotten.delete(operation(method, path));
  });
  return forgotten;
}

/** The row of the table that a request belongs to; a path without a name in braces goes first. */
function operation(method, path) {
  const asked = `${method} ${path.split("?")[0]}`;
  const matches = OPERATIONS.filter((row) => {
    const pattern = row.replaceAll(/\{\w+\}/g, "[^/]+");
    return new RegExp(`^${pattern}$`).test(asked);
  });
  return matches.find((row) => row === asked) ?? matches[0];
}

/** Checks the fields of `actual` that `expected` names, and no others. */
export function assertHas(actual, expected) {
  assert.deepEqual(picked(actual, expected), expected);
}

/** What is in `actual` of the shape of `expected`. */
function picked(actual, expected) {
  if (actual === null || typeof actual !== "object") return actual;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return actual;
    return expected.map((inner, at) => picked(actual[at], inner));
  }
  if (expected === null || typeof expected !== "object") return actual;
  const inner = Object.entries(expected).map(([key, each]) => [key, picked(actual[key], each)]);
  return Object.fromEntries(inner);
}

/** The ids of a list's rows, in its order. */
export function ids({ data }) {
  return data.map(({ id }) => id);
}

/** The parameters of a payment of 25 dollars that is confirmed at once. */
export function payment(method = "pm_card_visa", more = {}) {
  return {
    amount: 2_500,
    currency: "usd",
    payment_method: method,
    payment_method_types: ["card"],
    confirm: true,
    ...more,
  };
}
