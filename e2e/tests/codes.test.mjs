// The buyer types a promotion code, takes it away, types another, and pays what is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openCheckout, ordersOf } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast, browser } = await stage();

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a buyer types a promotion code: ${how}`, async () => {
        await type({ size, script, locale, how });
      });
    }
  }
}

/** A tenth is taken off 60.00: the order of each seller costs a tenth less. */
async function type({ size, script, locale, how }) {
  const code = `SPRING-${how}`.toUpperCase();
  const coupon = await api(holdfast, "POST", "/v1/coupons", { percent_off: 10 });
  const promotion = { type: "coupon", coupon: coupon.id };
  await api(holdfast, "POST", "/v1/promotion_codes", { promotion, code, max_redemptions: 1 });
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = watchful(photographer(`codes-${how}`), script);
  const session = await openCheckout(holdfast, {
    lines: [
      { seller: "Porto Prints", name: "Woodcut of a ship", price: 4_000 },
      { seller: "Noura's Kitchen", name: "Olive wood spoon", price: 2_000 },
    ],
    more: { allow_promotion_codes: true },
  });
  await page.goto(session.url);
  await buyer.comeTo(page, "checkout");
  await look(page, "field");
  const before = await buyer.shownTotal(page);
  await apply(page, "NONE");
  await page.locator("#notice").waitFor();
  assert.equal(await buyer.shownTotal(page), before);
  await look(page, "unknown");
  await buyer.changeTotal(page, () => apply(page, code.toLowerCase()));
  assert.equal(await buyer.shownTotal(page), before - 600);
  await look(page, "applied");
  await buyer.changeTotal(page, () => page.locator(".code-applied button").click());
  assert.equal(await buyer.shownTotal(page), before);
  await buyer.changeTotal(page, () => apply(page, code));
  await buyer.payWith(page, buyer.CARDS.plain);
  await buyer.comeTo(page, "paid");
  const paid = await api(holdfast, "GET", `/v1/checkout/sessions/${session.id}`);
  assert.equal(paid.total_details.amount_discount, 600);
  const orders = await ordersOf(holdfast, session.id);
  const discounts = orders.map((order) => order.amount_discount).sort((one, two) => one - two);
  assert.deepEqual(discounts, [200, 400]);
  const used = await api(holdfast, "GET", `/v1/coupons/${coupon.id}`);
  assert.equal(used.times_redeemed, 1);
  await page.goto(orders[0].url);
  await look(page, "order");
  await window.close();
}

async function apply(page, code) {
  await page.locator("#promotion-code").fill(code);
  await page.locator(".code-entry button").click();
}

holdAnswers(["checkout.session", "coupon", "promotion_code"]);
