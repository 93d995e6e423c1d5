// Where the goods go and where the cardholder lives, asked on the pay page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addresses, api, openCheckout, ordersOf } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

const { holdfast, browser } = await stage();

const SHIPPED = {
  name: "Mira B. ميرا",
  country: "US",
  line1: "1 Long Street",
  // As long as it may be, and without a place to break it.
  line2: "x".repeat(200),
  city: "San Francisco",
  state: "CA",
  postal_code: "94103",
};
const BILLED = {
  country: "AE",
  line1: "شارع الشيخ زايد 7",
  line2: null,
  city: null,
  state: "دبي",
  postal_code: null,
};
const PHONE = "+1 415 555 0100";

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    // Each language once with script and once without.
    const locale = (size === "phone") === script ? "ar-EG" : "en-US";
    const how = `${size}${script ? "" : "-plain"}`;
    test(`a buyer says where the goods go and who pays: ${how}, ${locale}`, async () => {
      const session = await openCheckout(holdfast, { more: addresses });
      await withPage({ url: session.url, size, script, locale }, (page) => say(page, how, script));
      await isSaid(session.id);
    });
  }
}

test("one address is enough where both are the same", async () => {
  const { phone_number_collection: _, ...more } = addresses;
  const session = await openCheckout(holdfast, { more });
  await withPage({ url: session.url }, async (page) => {
    await buyer.comeTo(page, "checkout");
    await fill(page, "ship", SHIPPED);
    assert.equal(await page.locator("#bill-same").isChecked(), true);
    assert.equal(await page.locator("#bill-line1").isVisible(), false);
    await buyer.payWith(page, buyer.CARDS.noFunds);
    await page.locator("#notice").waitFor();
    assert.equal(await page.locator("#ship-city").inputValue(), SHIPPED.city);
    await buyer.payWith(page, buyer.CARDS.plain);
    await buyer.comeTo(page, "paid");
  });
  const { name: _name, ...address } = SHIPPED;
  const { customer_details } = await api(holdfast, "GET", `/v1/checkout/sessions/${session.id}`);
  assert.deepEqual(customer_details.address, address);
});

holdAnswers(["charge", "checkout.session", "payment_intent"]);

/** Says too little, then what will not do, and then all of it; and pays. */
async function say(page, how, script) {
  const look = watchful(photographer(`addresses-${how}`), script);
  await buyer.comeTo(page, "checkout");
  await look(page, "page");
  await buyer.enterCard(page, buyer.CARDS.plain);
  if (script) {
    // The browser sees to what is empty.
    await buyer.payButton(page).click();
    assert.equal(await page.locator("#ship-name").evaluate((it) => it.validity.valid), false);
  } else {
    await buyer.payButton(page).click();
    await buyer.comeTo(page, "confirm");
  }
  await fill(page, "ship", { ...SHIPPED, state: "" });
  await page.locator("#buyer-phone").fill(PHONE);
  await look(page, "shipping");
  // Only the server knows what an address of a country needs.
  await buyer.payButton(page).click();
  await isWrong(page, "ship-state");
  assert.equal(await page.locator("#ship-line2").inputValue(), SHIPPED.line2);
  assert.equal(await page.locator("#ship-country").inputValue(), SHIPPED.country);
  await look(page, "state-missing");
  await page.locator("#ship-state").fill(SHIPPED.state);
  await page.locator("#bill-same").uncheck();
  await buyer.payButton(page).click();
  await isWrong(page, "bill-country");
  await look(page, "billing-missing");
  await fill(page, "bill", BILLED);
  await look(page, "billing");
  await buyer.payButton(page).click();
  await buyer.comeTo(page, "paid");
}

/** A field has what is wrong with it beside it, and the focus. */
async function isWrong(page, id) {
  await page.locator(`#${id}-error:not(:empty)`).waitFor();
  const field = page.locator(`#${id}`);
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.equal(await field.getAttribute("aria-describedby"), `${id}-error`);
  assert.equal(await field.evaluate((it) => it.matches(":focus")), true);
}

async function fill(page, which, address) {
  for (const [part, value] of Object.entries(address)) {
    const field = page.locator(`#${which}-${part.replace("_", "-")}`);
    if (part === "country") await field.selectOption(value);
    else await field.fill(value ?? "");
  }
}

async function isSaid(id) {
  const { name, ...shipped } = SHIPPED;
  const path = `/v1/checkout/sessions/${id}`;
  const session = await api(holdfast, "GET", path, { expand: ["payment_intent.latest_charge"] });
  assert.deepEqual(session.collected_information.shipping_details, { name, address: shipped });
  assert.deepEqual(session.customer_details.address, BILLED);
  assert.equal(session.customer_details.phone, PHONE);
  const { shipping, latest_charge: charge } = session.payment_intent;
  for (const to of [shipping, charge.shipping]) {
    assert.deepEqual([to.name, to.phone, to.address], [name, PHONE, shipped]);
  }
  assert.deepEqual(charge.billing_details.address, BILLED);
  const orders = await until("the order", async () => {
    const orders = await ordersOf(holdfast, id);
    return orders.length > 0 && orders;
  });
  assert.deepEqual(orders[0].shipping.address, shipped);
}

async function withPage({ url, ...who }, act) {
  const window = await openWindow(browser, who);
  const page = await window.newPage();
  await page.goto(url);
  await act(page);
  await window.close();
}
