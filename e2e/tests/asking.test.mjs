// What a shop asks on the pay page beside the card, and the texts that it adds: the buyer answers,
// is told what will not do, loses nothing of what was typed, and the shop learns the answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openAsking, ownLine, questions } from "../lib/api.mjs";
import { openWindow, photographer, watchful } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast, browser } = await stage();

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    for (const locale of ["en-US", "ar-EG"]) {
      const how = `${size}-${locale.slice(0, 2)}${script ? "" : "-without-script"}`;
      test(`a shop asks and is answered: ${how}`, async () => {
        const session = await openAsking(holdfast);
        await answer({ url: session.url, size, script, locale, how });
        await isAnswered(session.id);
      });
    }
  }
}

test("a link asks as well", async () => {
  const line_items = [ownLine("Market ticket", 1_200)];
  const wish = { line_items, ...questions(holdfast) };
  const link = await api(holdfast, "POST", "/v1/payment_links", wish);
  await answer({ url: link.url, size: "phone", script: true, locale: "en-US", how: "link" });
  const path = "/v1/checkout/sessions";
  const { data } = await api(holdfast, "GET", path, { payment_link: link.id });
  await isAnswered(data[0].id);
});

holdAnswers(["checkout.session", "event", "payment_link"]);

/** Answers too little, then what will not do, and then as the shop wants it; and pays. */
async function answer({ url, size, script, locale, how }) {
  const window = await openWindow(browser, { size, script, locale });
  const page = await window.newPage();
  const look = watchful(photographer(`asking-${how}`), script);
  await page.goto(url);
  await buyer.comeTo(page, "checkout");
  await look(page, "page");
  await buyer.enterCard(page, buyer.CARDS.plain);
  if (script) {
    // The browser sees to what is empty.
    await buyer.payButton(page).click();
    assert.equal(await page.locator("#buyer-name").evaluate((it) => it.validity.valid), false);
    assert.equal(await buyer.stateOf(page), "checkout");
  } else {
    await buyer.payButton(page).click();
    await buyer.comeTo(page, "confirm");
  }
  await page.locator("#buyer-name").fill("Mira B.");
  await page.locator("#own-1").fill("For Ada");
  await page.locator("#own-3").selectOption("m");
  await page.locator("#terms").check();
  await look(page, "answered");
  // What only the server sees: blanks are no name.
  await page.locator("#buyer-name").fill("   ");
  await buyer.payButton(page).click();
  await page.locator("#buyer-name-error:not(:empty)").waitFor();
  assert.equal(await page.locator("#own-1").inputValue(), "For Ada");
  assert.equal(await page.locator("#terms").isChecked(), true);
  assert.equal(await page.locator("#buyer-name").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#buyer-name").evaluate((it) => it.matches(":focus")), true);
  await look(page, "amended");
  await page.locator("#buyer-name").fill("Mira B.");
  await buyer.payButton(page).click();
  await buyer.comeTo(page, "paid");
  await window.close();
}

async function isAnswered(id) {
  const session = await api(holdfast, "GET", `/v1/checkout/sessions/${id}`);
  assert.deepEqual([session.status, session.payment_status], ["complete", "paid"]);
  const [engraving, room, size] = session.custom_fields;
  const values = [engraving.text.value, room.numeric.value, size.dropdown.value];
  assert.deepEqual(values, ["For Ada", null, "m"]);
  assert.deepEqual(session.consent, { promotions: "opt_out", terms_of_service: "accepted" });
  assert.equal(session.collected_information.individual_name, "Mira B.");
  assert.equal(session.customer_details.individual_name, "Mira B.");
  const { data } = await api(holdfast, "GET", "/v1/events", {
    type: "checkout.session.completed",
    limit: 100,
  });
  const told = data.map((event) => event.data.object).find((object) => object.id === id);
  assert.equal(told.custom_fields[0].text.value, "For Ada");
}
