// The buyer takes more or fewer of what a shop lets be adjusted, before paying.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openCheckout, ordersOf, ownLine } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast, browser } = await stage();

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a buyer takes more of one thing and none of another: ${how}`, async () => {
        await take({ size, script, locale, how });
      });
    }
  }
}

/** More of the first line, none of the second: the total follows, and the order has the rest. */
async function take({ size, script, locale, how }) {
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = watchful(photographer(`quantities-${how}`), script);
  const session = await openCheckout(holdfast, {
    lines: [
      { seller: "Porto Prints", name: "Woodcut of a ship", price: 1_999, quantity: 2, upTo: 5 },
      { seller: "Noura's Kitchen", name: "Olive wood spoon", price: 710, upTo: 9 },
      { seller: "Noura's Kitchen", name: "Apron", price: 2_500 },
    ],
  });
  await page.goto(session.url);
  await buyer.comeTo(page, "checkout");
  await look(page, "page");
  const quantity = page.locator("input[type=number]");
  assert.equal(await quantity.count(), 2, "the apron's quantity is not asked");
  if (script) await buyer.enterCard(page, buyer.CARDS.plain);
  await buyer.changeTotal(page, () => set(page, 0, "4", script));
  assert.equal(await buyer.shownTotal(page), 4 * 1_999 + 710 + 2_500);
  if (script) {
    assert.equal(await quantity.first().evaluate((it) => it.matches(":focus")), true);
    assert.notEqual(await page.locator("#cc-number").inputValue(), "", "the card stays");
  }
  await look(page, "more");
  await buyer.changeTotal(page, () => page.locator(".quantity button:visible").last().click());
  assert.equal(await buyer.shownTotal(page), 4 * 1_999 + 2_500);
  await look(page, "fewer");
  if (script) {
    // More than the shop lets be taken changes nothing and is told.
    await set(page, 0, "6", script);
    await page.locator("#notice").waitFor();
    assert.equal(await quantity.first().inputValue(), "4");
    await look(page, "too-many");
  }
  await buyer.payWith(page, buyer.CARDS.plain);
  await buyer.comeTo(page, "paid");
  const { data } = await api(holdfast, "GET", `/v1/checkout/sessions/${session.id}/line_items`);
  assert.deepEqual(
    data.map((line) => [line.description, line.quantity]),
    [["Woodcut of a ship", 4], ["Apron", 1]],
  );
  const orders = await ordersOf(holdfast, session.id);
  const totals = orders.map((order) => order.amount_total).sort((one, two) => one - two);
  assert.deepEqual(totals, [2_500, 4 * 1_999]);
  await window.close();
}

/** Types a quantity into a line; without script its button is pressed. */
async function set(page, line, quantity, script) {
  const field = page.locator("input[type=number]").nth(line);
  await field.fill(quantity);
  if (script) await field.dispatchEvent("change");
  else await page.locator(".quantity:has(input[type=number]) button").nth(line).click();
}

test("a link lets its buyers adjust what it sells", async () => {
  const adjustable_quantity = { enabled: true, minimum: 1, maximum: 10 };
  const line_items = [{ ...ownLine("Market ticket", 1_200), adjustable_quantity }];
  const link = await api(holdfast, "POST", "/v1/payment_links", { line_items });
  const window = await openWindow(browser, { size: "phone" });
  const page = await window.newPage();
  await page.goto(link.url);
  await buyer.comeTo(page, "checkout");
  await buyer.changeTotal(page, () => set(page, 0, "3", true));
  await buyer.payWith(page, buyer.CARDS.plain);
  await buyer.comeTo(page, "paid");
  const found = { payment_link: link.id };
  const { data } = await api(holdfast, "GET", "/v1/checkout/sessions", found);
  assert.deepEqual([data[0].amount_total, data[0].payment_status], [3_600, "paid"]);
  await window.close();
});

holdAnswers(["checkout.session", "payment_link"]);
