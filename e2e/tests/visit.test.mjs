// What a buyer may come to the pay page for besides a basket of sellers' goods: to have a card
// saved, to buy from the shop itself, and by a link.

import assert from "node:assert/strict";
import { test } from "node:test";
import { all, api, openCheckout, openSetup, ownLine } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { minor } from "../lib/money.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const TICKET = 1_200;
const EMAIL = "mira@example.com";
/** A price with its currency, in either language. */
const PRICE = /US\$|USD|\$\s?\d/;

const { holdfast, browser } = await stage();

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a card is saved: ${how}`, () => save({ size, script, locale, how }));
    }
  }
}

/** The bank declines one card, asks about the next, and nothing is charged. */
async function save({ size, script, locale, how }) {
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = script ? watchful(photographer(`save-${how}`)) : async () => {};
  const session = await openSetup(holdfast, { customer_creation: "always" });
  await page.goto(session.url);
  await buyer.comeTo(page, "checkout");
  assert.doesNotMatch(await page.locator("main").innerText(), PRICE, "nothing is charged");
  if (script) await refusesWithoutAddress(page);
  await look(page, "page");
  await give(page, buyer.CARDS.noFunds, script);
  await page.locator("#notice").waitFor();
  await look(page, "declined");
  await give(page, buyer.CARDS.asksForCode, script);
  await buyer.comeToBank(page, holdfast);
  const { phone, code } = await buyer.readCode(page);
  await phone.close();
  await buyer.enterCode(page, code);
  await buyer.comeTo(page, "paid");
  await look(page, "saved");
  assert.doesNotMatch(await page.locator("main").innerText(), PRICE);
  const back = await page.locator("a.major").getAttribute("href");
  assert.equal(back, `${holdfast.shop}/thanks?session=${session.id}`);
  await isKept(session);
  await window.close();
}

/** With script the address is asked for before a card is sent anywhere. */
async function refusesWithoutAddress(page) {
  await buyer.enterCard(page, buyer.CARDS.plain);
  await buyer.payButton(page).click();
  assert.equal(await page.locator("#buyer-email").evaluate((it) => it.validity.valid), false);
  assert.equal(await buyer.stateOf(page), "checkout");
}

/** Gives card and address; without script the address is asked for on the second page. */
async function give(page, card, script) {
  await buyer.enterCard(page, card);
  if (script) await page.locator("#buyer-email").fill(EMAIL);
  await buyer.payButton(page).click();
  if (script) return;
  await buyer.comeTo(page, "confirm");
  await page.locator("#buyer-email").fill(EMAIL);
  await buyer.payButton(page).click();
}

async function isKept({ id }) {
  const path = `/v1/checkout/sessions/${id}`;
  const session = await api(holdfast, "GET", path, { expand: ["setup_intent", "customer"] });
  assert.equal(session.status, "complete");
  assert.equal(session.payment_status, "no_payment_required");
  assert.equal(session.setup_intent.status, "succeeded");
  assert.equal(session.customer.email, EMAIL);
  assert.equal(session.customer_details.email, EMAIL);
  const cards = await all(holdfast, `/v1/customers/${session.customer.id}/payment_methods`);
  assert.deepEqual([cards.length, cards[0].card.last4], [1, "3184"]);
  // One customer, though two cards were tried.
  const same = await all(holdfast, "/v1/checkout/sessions", { customer: session.customer.id });
  assert.equal(same.length, 1);
}

for (const size of ["phone", "desktop"]) {
  test(`the shop itself sells: ${size}`, async () => {
    const window = await openWindow(browser, { size });
    const page = await window.newPage();
    const look = watchful(photographer(`own-sale-${size}`));
    const more = { line_items: [ownLine("Market ticket", TICKET)] };
    const session = await openCheckout(holdfast, { more });
    await page.goto(session.url);
    assert.equal(await buyer.shownTotal(page), TICKET);
    assert.doesNotMatch(await page.locator("main").innerText(), /[Ss]eller|parcel/);
    await look(page, "page");
    await buyer.payWith(page, buyer.CARDS.plain);
    await buyer.comeTo(page, "paid");
    assert.doesNotMatch(await page.locator("main").innerText(), /[Ss]eller|parcel/);
    assert.equal(minor(await page.locator(".grand strong").innerText()), TICKET);
    await look(page, "paid");
    await window.close();
  });

  test(`a link sells again and again: ${size}`, async () => {
    const look = watchful(photographer(`link-${size}`));
    const link = await api(holdfast, "POST", "/v1/payment_links", {
      line_items: [ownLine("Market ticket", TICKET)],
      restrictions: { completed_sessions: { limit: 2 } },
      after_completion: {
        type: "hosted_confirmation",
        hosted_confirmation: { custom_message: "See you at the market." },
      },
    });
    for (const visit of ["first", "second"]) {
      const window = await openWindow(browser, { size });
      const page = await window.newPage();
      await page.goto(link.url);
      assert.equal(await buyer.shownTotal(page), TICKET);
      await look(page, `${visit}-page`);
      await buyer.payWith(page, buyer.CARDS.plain);
      await buyer.comeTo(page, "paid");
      await page.getByText("See you at the market.").waitFor();
      await look(page, `${visit}-paid`);
      await window.close();
    }
    const paid = await all(holdfast, "/v1/checkout/sessions", { payment_link: link.id });
    assert.deepEqual(
      paid.map(({ amount_total, status }) => [amount_total, status]),
      [
        [TICKET, "complete"],
        [TICKET, "complete"],
      ],
    );
    // Sold as often as it may be.
    const window = await openWindow(browser, { size });
    const page = await window.newPage();
    await page.goto(link.url);
    await buyer.comeTo(page, "closed");
    await look(page, "sold-out");
    await window.close();
  });
}

holdAnswers(["checkout.session"]);
