// Fresh card numbers go through every way that a card can go; then nobody has them.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SIZES } from "../lib/browser.mjs";
import { foundInFiles, foundInMemory, processesOf } from "../lib/memory.mjs";
import { openCheckout } from "../lib/api.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { comeTo, comeToBank, enterCard, enterCode, payButton, payWith, readCode } from "../lib/pay.mjs";
import { network } from "../lib/sandbox.mjs";
import { stage } from "../lib/stage.mjs";

/** The card zone's memory has to be clean within this time. */
const ZONE_PATIENCE_MS = 60_000;
/** The published ranges of fresh numbers: their first digits and their length. */
const RANGES = {
  approves: ["40009900", 16],
  declines: ["40009901", 16],
  asksForCode: ["40009902", 16],
  mastercard: ["51009900", 16],
  amex: ["34009900", 15],
  discover: ["60119900", 16],
};

const { holdfast, browser } = await stage();
const used = [];

/** A number of a range that was never used before. */
function fresh(range) {
  const [prefix, length] = RANGES[range];
  let digits = prefix;
  while (digits.length < length - 1) digits += randomInt(10);
  const number = digits + checkDigit(digits);
  used.push(number);
  return number;
}

function checkDigit(digits) {
  const doubled = [...digits].reverse().map((digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return value > 9 ? value - 9 : value;
  });
  return (10 - (doubled.reduce((sum, value) => sum + value, 0) % 10)) % 10;
}

/** The codes are as fresh as three digits can be: what is searched for is how they travel. */
const code = String(randomInt(100, 1_000));
const amexCode = String(randomInt(1_000, 10_000));

/** The digits as they stand, and as people group them. */
function spellings(number) {
  const groups = number.length === 15 ? [4, 10] : [4, 8, 12];
  const parts = [0, ...groups].map((start, index) => number.slice(start, groups[index]));
  return [number, parts.join(" "), parts.join("+"), parts.join("%20"), parts.join("-")];
}

/** Everything that must be nowhere. */
function needles() {
  const codes = [code, amexCode].flatMap((digits) => [
    `cvc]=${digits}`,
    `cvc%5D=${digits}`,
    `cvc":"${digits}"`,
    `cvc": "${digits}"`,
  ]);
  return [...used.flatMap(spellings), ...codes];
}

async function visit(session, options = {}) {
  const context = await browser.newContext({ ...SIZES.phone, ...options });
  const page = await context.newPage();
  await page.goto(session.url);
  return { context, page };
}

/** Posts to the card zone as the pay page does. */
function post(fields, headers = {}) {
  return fetch(`${holdfast.card}/v1/tokens`, {
    method: "POST",
    headers: { origin: holdfast.pay, "content-type": "application/x-www-form-urlencoded", ...headers },
    body: typeof fields === "string" ? fields : new URLSearchParams(fields),
    redirect: "manual",
  });
}

function form(number, more = {}) {
  const key = holdfast.publishable_key;
  return { key, "card[number]": number, "card[exp]": "12/30", "card[cvc]": code, ...more };
}

test("paid through the page, with and without script", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const session = await openCheckout(holdfast);
    const { context, page } = await visit(session, { javaScriptEnabled });
    await payWith(page, { number: fresh("approves"), code });
    assert.equal(await comeTo(page, "paid"), "paid");
    await context.close();
  }
});

test("declined, then paid with an American Express card", async () => {
  const { context, page } = await visit(await openCheckout(holdfast));
  await payWith(page, { number: fresh("declines"), code });
  await page.locator("#notice").waitFor();
  await payWith(page, { number: fresh("amex"), code: amexCode });
  assert.equal(await comeTo(page, "paid"), "paid");
  await context.close();
});

test("asked for a code", async () => {
  const { context, page } = await visit(await openCheckout(holdfast));
  await payWith(page, { number: fresh("asksForCode"), code });
  await comeToBank(page, holdfast);
  const { phone, code: sent } = await readCode(page);
  await phone.close();
  await enterCode(page, sent);
  assert.equal(await comeTo(page, "paid"), "paid");
  await context.close();
});

test("malformed, on the page and at the zone", async () => {
  const { context, page } = await visit(await openCheckout(holdfast));
  const right = fresh("approves");
  // A wrong check digit: a digit too few would be right by chance, once in ten times.
  const mistyped = `${right.slice(0, 15)}${(Number(right[15]) + 1) % 10}`;
  used.push(mistyped);
  await enterCard(page, { number: mistyped, exp: "13/30", code });
  await payButton(page).click();
  await page.locator("#cc-number[aria-invalid=true]").waitFor();
  await context.close();

  const number = fresh("mastercard");
  const rows = [
    [post(form(number, { "card[exp]": "01/20" })), 402],
    [post(form(number, { "card[cvc]": "12" })), 402],
    [post(form(number, { key: "pk_test_wrong" })), 401],
    [post(form(number, { surprise: "1" })), 400],
    [post(`${new URLSearchParams(form(number))}&card%5Bnumber%5D=${fresh("discover")}`), 400],
    [post(form(fresh("approves"), { "card[name]": number })), 402],
    [post(form(number), { origin: "http://evil.example" }), 403],
    [post(JSON.stringify(form(number)), { "content-type": "application/json" }), 415],
  ];
  for (const [index, [answer, status]] of rows.entries()) {
    const { status: actual } = await answer;
    assert.equal(actual, status, `row ${index}`);
  }
});

test("faulted and timed out at the network", async () => {
  const faults = ["error_before", "error_after", "reset_before", "reset_after", "truncated"];
  const rows = [...faults.map((fault) => ({ fault })), { fault: "timeout_after", delay_ms: 6_000 }];
  for (const row of rows) {
    await network(holdfast, "POST", "/faults", { operation: "token", times: 1, ...row });
    const answer = await post(form(fresh("approves")));
    assert.ok(answer.status === 502 || answer.status === 504, `${row.fault}: ${answer.status}`);
    assert.ok(!needles().some((needle) => answer.headers.get("location")?.includes(needle)));
  }
  const { context, page } = await visit(await openCheckout(holdfast));
  await network(holdfast, "POST", "/faults", {
    operation: "authorize",
    fault: "timeout_after",
    times: 1,
    delay_ms: 12_000,
  });
  await payWith(page, { number: fresh("approves"), code });
  await page.locator('main[data-state="paid"]').waitFor({ timeout: 60_000 });
  await context.close();
});

test("the memory of every process but the card zone has none of it", () => {
  const family = processesOf(holdfast.pid);
  const roles = family.map(({ role }) => role);
  for (const role of ["dev", "sandbox-network", "example-shop"]) assert.ok(roles.includes(role), role);
  // A search that finds nothing proves something only if it finds what is there.
  const control = holdfast.publishable_key;
  const [parent] = family;
  assert.deepEqual(foundInMemory(parent.pid, [control]), [control]);
  for (const { pid, role } of family.filter(({ role }) => role !== "card-zone")) {
    assert.deepEqual(foundInMemory(pid, needles()), [], role);
  }
});

test("the card zone's own memory has none of it a minute later", async () => {
  const deadline = Date.now() + ZONE_PATIENCE_MS;
  for (;;) {
    const zones = processesOf(holdfast.pid).filter(({ role }) => role === "card-zone");
    const found = zones.flatMap(({ pid }) => foundInMemory(pid, needles()));
    if (zones.length > 0 && found.length === 0) break;
    assert.ok(Date.now() < deadline, `still there: ${found.length} needles`);
    await sleep(250);
  }
});

test("a number sent to the API by mistake is refused and kept nowhere", async () => {
  const { api, secret_key: key } = holdfast;
  const number = fresh("approves");
  const grouped = spellings(number)[1];
  const send = (path, body, headers = {}) =>
    fetch(api + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, ...headers },
      body: body === undefined ? undefined : new URLSearchParams(body),
    });
  const intent = { amount: "100", currency: "usd" };
  const sent = [
    send("/v1/payment_intents", { ...intent, description: `my card is ${number}` }),
    send("/v1/payment_intents", { ...intent, "metadata[card]": grouped }),
    send("/v1/payment_intents", { ...intent, [`metadata[${number}]`]: "x" }),
    send("/v1/payment_intents", { ...intent, [number]: "x" }),
    send("/v1/payment_intents", { ...intent, "payment_method_data[card][number]": number }),
    send("/v1/payment_intents", intent, { "idempotency-key": number }),
    send("/v1/accounts", { "business_profile[name]": number }),
    send(`/v1/payment_intents/${number}`),
    send(`/v1/orders?seller=${number}`),
  ];
  for (const answer of await Promise.all(sent)) {
    assert.equal(answer.status, 400);
    assert.ok(!(await answer.text()).includes(number));
  }
});

test("the data folder and the logs have none of it", async () => {
  const session = await openCheckout(holdfast);
  const control = foundInFiles(holdfast.folder, [session.id]);
  assert.ok(control.some((hit) => hit.includes(".sqlite")), "the search finds what is there");
  assert.deepEqual(foundInFiles(holdfast.folder, needles()), []);
});

holdAnswers(["checkout.session"]);
