// The reference of the API: pages for people, with no script, that nobody is shut out of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axeViolations, isTooWide, openWindow } from "../lib/browser.mjs";
import { stage } from "../lib/stage.mjs";

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 900 };

const { holdfast, browser } = await stage();
const document = await (await fetch(`${holdfast.api}/openapi.json`)).json();

test("the pages of the reference are accessible, narrow enough and without script", async () => {
  const window = await openWindow(browser);
  const page = await window.newPage();
  const policies = new Set();
  page.on("response", (answer) => policies.add(answer.headers()["content-security-policy"]));
  const faults = [];
  const pages = ["/docs", "/docs/errors", "/docs/payment_intents", "/docs/objects/PaymentIntent"];
  for (const path of [...pages, "/docs/nothing"]) {
    await page.setViewportSize(DESKTOP);
    await page.goto(holdfast.api + path);
    const found = await axeViolations(page);
    await page.setViewportSize(PHONE);
    found.push(...(await axeViolations(page)).map((line) => `phone: ${line}`));
    if (await isTooWide(page)) found.push("scrolls sideways at 320 pixels");
    if ((await page.locator("script").count()) > 0) found.push("has a script");
    faults.push(...found.map((line) => `${path}: ${line}`));
  }
  await window.close();
  assert.deepEqual(faults, []);
  for (const policy of policies) assert.match(policy, /^default-src 'none'; style-src 'self'/);
});

test("every resource and every object has its page", async () => {
  const names = Object.keys(document.components.schemas).map((name) => `objects/${name}`);
  const resources = document.tags.map(({ name }) => name);
  for (const name of [...resources, ...names]) {
    const answer = await fetch(`${holdfast.api}/docs/${name}`);
    assert.equal(answer.status, 200, name);
  }
  const home = await (await fetch(`${holdfast.api}/docs`)).text();
  for (const path of Object.keys(document.paths)) assert.ok(home.includes(path), path);
});

test("an error leads to the place that explains its code", async () => {
  const headers = { Authorization: `Bearer ${holdfast.secret_key}` };
  const refused = await fetch(`${holdfast.api}/v1/payment_intents`, { method: "POST", headers });
  const { error } = await refused.json();
  assert.equal(error.doc_url, `${holdfast.api}/docs/errors#parameter_missing`);
  const page = await (await fetch(error.doc_url)).text();
  for (const { code } of document["x-error-codes"]) assert.ok(page.includes(`id="${code}"`), code);
});
