// What the pages may load, where they may send, and who may show them.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { openCheckout, ordersOf } from "../lib/api.mjs";
import { openWindow, watch } from "../lib/browser.mjs";
import { ship } from "../lib/console.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { payQuietly } from "../lib/quiet.mjs";
import { moveClock, witness } from "../lib/sandbox.mjs";
import { checkOut, fillBasket } from "../lib/shop.mjs";
import { stage } from "../lib/stage.mjs";

/** The limit of the pay page's HTML as it travels. */
const PAY_PAGE_GZIP_BYTES_MAX = 30 * 1024;
/** Every product of the shop that can be paid by card. */
const WHOLE_SHOP = [
  "azulejo-mug",
  "washi-notebook",
  "table-runner",
  "paper-lantern",
  "serving-bowl",
  "wool-cushion",
  "tile-set",
];

const { holdfast, browser } = await stage();
const window = await openWindow(browser);

test("a purchase breaks no policy, logs no error and asks nobody outside", async () => {
  const problems = watch(window);
  const page = await window.newPage();
  await fillBasket(page, holdfast, ["azulejo-mug"]);
  const session = await checkOut(page, holdfast);
  await buyer.chooseShipping(page, "Express");
  await buyer.payWith(page, buyer.CARDS.asksForCode);
  await buyer.comeToBank(page, holdfast);
  const { phone, code } = await buyer.readCode(page);
  await buyer.enterCode(page, code);
  await buyer.comeTo(page, "paid");
  await page.getByRole("link", { name: "Back to Bazaar" }).click();
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();

  const [order] = await ordersOf(holdfast, session);
  await ship(page, holdfast, order.id, { carrier: "Kite Post", tracking: "HF1" });
  await page.goto(order.url);
  await page.getByRole("button", { name: /^Extend by/ }).click();
  await page.getByText("The protection is extended.").waitFor();
  await page.getByRole("link", { name: "Open a claim" }).click();
  await page.getByRole("radio", { name: "It arrived damaged" }).check();
  await page.getByLabel("What happened?").fill("A corner is bent.");
  await page.getByRole("button", { name: "Open the claim" }).click();
  await page.getByText("Your claim is open.").waitFor();
  await page.goto(`${holdfast.console}/orders/${order.id}`);
  await page.getByRole("radio", { name: "The buyer, all of it" }).check();
  await page.getByRole("button", { name: "Rule", exact: true }).click();
  await page.getByText("The claim is ruled.").waitFor();
  await moveClock(phone, holdfast, 1);
  assert.deepEqual(problems, []);
});

test("the pay page is light, with everything that the shop sells in the basket", async () => {
  const page = await window.newPage();
  await fillBasket(page, holdfast, WHOLE_SHOP);
  await checkOut(page, holdfast);
  const html = await (await fetch(page.url())).text();
  for (const product of ["Azulejo mug", "Four painted tiles"]) assert.match(html, RegExp(product));
  const bytes = gzipSync(html).length;
  assert.ok(bytes <= PAY_PAGE_GZIP_BYTES_MAX, `${bytes} bytes`);
});

test("no other site can show the pay page or the bank's page in a frame", async () => {
  const session = await openCheckout(holdfast);
  const asked = await openCheckout(holdfast);
  await payQuietly(asked, "tok_threeDSecureRequired");
  const bank = (await witness(holdfast)).at(-1).challenge.url;
  const thief = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<iframe src="${session.url}"></iframe><iframe src="${bank}"></iframe>`);
  });
  await new Promise((resolve) => thief.listen(0, "127.0.0.1", resolve));
  try {
    const page = await window.newPage();
    await page.goto(`http://127.0.0.1:${thief.address().port}/`);
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    assert.equal(frames.length, 2);
    for (const frame of frames) {
      assert.match(frame.url(), /^chrome-error:/);
      assert.equal(await frame.locator("form").count(), 0);
    }
  } finally {
    thief.close();
  }
});

test("the pages' headers allow no script but the pay page's own, and no frame", async () => {
  const session = await openCheckout(holdfast);
  const pages = [session.url, `${holdfast.console}/`, `${holdfast.sandbox}/`, `${holdfast.shop}/`];
  for (const url of pages) {
    const { headers } = await fetch(url);
    const policy = headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'/, url);
    assert.match(policy, /frame-ancestors 'none'/, url);
    assert.doesNotMatch(policy, /unsafe/, url);
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1];
    assert.equal(scripts, url === session.url ? "'self'" : undefined, url);
    assert.equal(headers.get("x-content-type-options"), "nosniff", url);
    assert.match(headers.get("cache-control"), /no-store/, url);
  }
  assert.equal((await fetch(session.url)).headers.get("referrer-policy"), "no-referrer");
});

holdAnswers(["checkout.session"]);
