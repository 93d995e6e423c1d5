// What a shop says of a basket, and what the buyer then sees and pays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openCheckout, ordersOf } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast, browser } = await stage();

/** A way to ship; `estimate` as the API takes it. */
function way(name, amount, estimate) {
  const fixed_amount = { amount, currency: "usd" };
  const delivery_estimate = estimate;
  return { shipping_rate_data: { display_name: name, fixed_amount, delivery_estimate } };
}

const days = (unit, value) => ({ unit, value });
const WAYS = [
  way("Post", 490, { minimum: days("business_day", 3), maximum: days("business_day", 5) }),
  way("Courier", 1_490, { maximum: days("day", 1) }),
  way("Pick up", 0),
];
const SAID = {
  "en-US": ["3 to 5 business days", "Up to 1 day"],
  "ar-EG": ["من 3 إلى 5 أيام عمل", "خلال يوم واحد على الأكثر"],
};

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a buyer reads how long the parcel takes, chooses and pays: ${how}`, async () => {
        await ship({ size, script, locale, how });
      });
    }
  }
}

/** The estimate of each way stands beside it, that of the chosen one in the sum. */
async function ship({ size, script, locale, how }) {
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = watchful(photographer(`shipping-${how}`), script);
  const session = await openCheckout(holdfast, { more: { shipping_options: WAYS } });
  await page.goto(session.url);
  await buyer.comeTo(page, "checkout");
  const [post, courier] = SAID[locale];
  const choices = page.locator("#shipping .choice");
  assert.deepEqual(
    (await choices.locator(".quiet").allInnerTexts()).map(bare),
    [post, courier],
    "the third says nothing",
  );
  const sum = page.locator(".totals dt .quiet");
  assert.equal(bare(await sum.innerText()), post);
  await look(page, "page");
  await buyer.changeTotal(page, async () => {
    await choices.nth(1).locator("input").check();
    if (!script) await page.locator("#shipping button").click();
  });
  assert.equal(bare(await page.locator(".totals dt .quiet").innerText()), courier);
  await look(page, "courier");
  const expand = ["shipping_cost.shipping_rate"];
  const path = `/v1/checkout/sessions/${session.id}`;
  const { shipping_cost: cost } = await api(holdfast, "GET", path, { expand });
  assert.deepEqual(cost.shipping_rate.delivery_estimate, {
    minimum: null,
    maximum: { unit: "day", value: 1 },
  });
  await buyer.payWith(page, buyer.CARDS.plain);
  await buyer.comeTo(page, "paid");
  const [order] = await ordersOf(holdfast, session.id);
  const price = 1_999;
  assert.deepEqual([order.amount_shipping, order.amount_total], [1_490, price + 1_490]);
  const paid = await api(holdfast, "GET", path);
  assert.deepEqual([paid.amount_total, paid.payment_status], [price + 1_490, "paid"]);
  assert.equal(paid.shipping_cost.shipping_rate, cost.shipping_rate.id);
  await window.close();
}

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a buyer's card is not taken, and another one is: ${how}`, async () => {
        await pay({ size, script, locale, how });
      });
    }
  }
}

/** The page says which cards are not taken, refuses one of them, and charges the next. */
async function pay({ size, script, locale, how }) {
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = watchful(photographer(`blocked-${how}`), script);
  const restrictions = {
    brands_blocked: ["american_express", "discover_global_network"],
    funding_types_blocked: ["prepaid"],
  };
  const session = await openCheckout(holdfast, {
    more: { payment_method_options: { card: { restrictions } } },
  });
  await page.goto(session.url);
  await buyer.comeTo(page, "checkout");
  assert.deepEqual(
    await page
      .locator(".brands svg")
      .evaluateAll((icons) => icons.map((icon) => icon.getAttribute("aria-label"))),
    ["Visa", "Mastercard"],
  );
  assert.match(await page.locator("#not-taken").innerText(), /American Express.*Discover.*[^ ]+/);
  await look(page, "page");
  await buyer.payWith(page, buyer.CARDS.amex);
  await page.locator("#notice").waitFor();
  await look(page, "refused");
  const path = `/v1/checkout/sessions/${session.id}`;
  assert.equal((await api(holdfast, "GET", path)).payment_intent, null, "no bank was asked");
  await buyer.payWith(page, buyer.CARDS.plain);
  await buyer.comeTo(page, "paid");
  assert.equal((await api(holdfast, "GET", path)).payment_status, "paid");
  await window.close();
}

/** A text without the marks of its direction. */
const bare = (text) => text.replace(/[\u2068\u2069]/g, "").trim();

holdAnswers(["checkout.session"]);
