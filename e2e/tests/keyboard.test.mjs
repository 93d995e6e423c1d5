// The pay page without a mouse, and the card form under people's fingers: errors where they belong,
// numbers as they are copied, dates as they are typed, right to left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openCheckout } from "../lib/api.mjs";
import { isTooWide, openWindow } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { press, tabTo } from "../lib/keys.mjs";
import * as buyer from "../lib/pay.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast, browser } = await stage();

test("a purchase with the keyboard alone, the focus always visible", async () => {
  await inWindow({}, async (page) => {
    await page.goto(`${holdfast.shop}/`);
    await press(page, await tabTo(page, "link", "Azulejo mug"), "Enter");
    await press(page, await tabTo(page, "button", "Add to basket"), "Enter");
    await page.waitForURL("**/basket**");
    await press(page, await tabTo(page, "button", "Go to checkout"), "Enter");
    await buyer.comeTo(page, "checkout");

    await tabTo(page, "radio", /^Standard/);
    await buyer.changeTotal(page, () => page.keyboard.press("ArrowDown"));
    assert.ok(await page.getByRole("radio", { name: /^Express/ }).isChecked());
    assert.equal(await buyer.shownTotal(page), 2_800 + 1_490);
    await tabTo(page, "textbox", "Card number");
    await page.keyboard.type(buyer.CARDS.asksForCode.number);
    await tabTo(page, "textbox", "Expiry date");
    await page.keyboard.type("1230");
    await tabTo(page, "textbox", "Security code");
    await page.keyboard.type("123");
    await press(page, await tabTo(page, "button", "Pay $42.90"), "Enter");

    await buyer.comeToBank(page, holdfast);
    const phone = await page.context().newPage();
    await phone.goto(`${holdfast.sandbox}/`);
    const code = await phone.locator("#phone li .code").first().innerText();
    await phone.close();
    // The bank's page begins in the field of the code.
    await page.keyboard.type(code);
    await page.keyboard.press("Enter");
    await buyer.comeTo(page, "paid");
    await press(page, await tabTo(page, "link", /^Follow the order/), "Enter");
    await buyer.comeTo(page, "order");
    await press(page, await tabTo(page, "link", "Cancel the order"), "Enter");
    await page.getByRole("heading", { name: "Cancel this order?" }).waitFor();
    await tabTo(page, "button", /ancel/);
  });
});

test("errors come once a field is left, next to it, and the first gets the focus", async () => {
  await onPayPage({}, async (page) => {
    const [number, exp, code] = ["number", "exp", "csc"].map((id) => page.locator(`#cc-${id}`));
    await number.pressSequentially("4242424242424241");
    assert.equal(await error(page, number), null, "not while it is being typed");
    await exp.focus();
    assert.equal(await error(page, number), "This card number is not right. Check its digits.");
    await exp.pressSequentially("13/30");
    await code.focus();
    assert.equal(await error(page, exp), "Enter the month as 01 to 12.");
    await code.pressSequentially("12");
    await page.locator("#cc-name").focus();
    assert.match(await error(page, code), /^Enter the 3 digits/);

    await buyer.payButton(page).click();
    assert.equal(await focused(page), "cc-number");
    await number.fill("4242424242424242");
    assert.equal(await error(page, number), null, "a field that was put right says nothing more");
    await buyer.payButton(page).click();
    assert.equal(await focused(page), "cc-exp");
    await exp.fill("01/20");
    assert.equal(await error(page, exp), "This date is over. Check it, or use another card.");
    await exp.fill("");
    await buyer.payButton(page).click();
    assert.equal(await focused(page), "cc-exp");
    assert.match(await error(page, exp), /^Enter the month and the year/);
    assert.equal(await buyer.stateOf(page), "checkout");
  });
});

test("without script the card zone's errors come back to their fields", async () => {
  await onPayPage({ script: false }, async (page) => {
    await buyer.enterCard(page, { number: "4242424242424241", exp: "13/30", code: "12" });
    await buyer.payButton(page).click();
    await page.waitForURL("**/card?errors=**");
    assert.match(await error(page, page.locator("#cc-number")), /is not right/);
    assert.match(await error(page, page.locator("#cc-exp")), /01 to 12/);
    assert.match(await error(page, page.locator("#cc-csc")), /3 digits/);
    assert.equal(await focused(page), "cc-number");
    assert.doesNotMatch(page.url(), /4242|13%2F30/);
  });
});

test("numbers may be pasted with spaces and dashes, and are grouped as on the card", async () => {
  const permissions = ["clipboard-read", "clipboard-write"];
  await onPayPage({ permissions }, async (page) => {
    const number = page.locator("#cc-number");
    for (const [pasted, shown] of [
      ["4242-4242-4242-4242", "4242 4242 4242 4242"],
      [" 4242 4242\u00a042424242 ", "4242 4242 4242 4242"],
      ["3782-822463-10005", "3782 822463 10005"],
      ["٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", "4242 4242 4242 4242"],
    ]) {
      await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
      await number.fill("");
      await number.press("Control+V");
      assert.equal(await number.inputValue(), shown);
    }
    await number.fill("");
    await number.pressSequentially("378282246310005");
    assert.equal(await number.inputValue(), "3782 822463 10005");
    assert.equal(await page.locator("#cc-brand").textContent(), "Card type: American Express");
  });
});

for (const script of [true, false]) {
  const how = script ? "" : ", without script";
  test(`the expiry may be typed in any usual way and pays${how}`, async () => {
    for (const exp of ["1/30", "012030", "01 / 2030"]) {
      await onPayPage({ script }, async (page) => {
        await page.locator("#cc-number").fill("4242 4242-4242 4242");
        await page.locator("#cc-exp").pressSequentially(exp);
        await page.locator("#cc-csc").fill("123");
        await buyer.payNow(page);
        await buyer.comeTo(page, "paid");
      });
    }
  });
}

test("the smallest phone needs no sideways scrolling and has large targets", async () => {
  const viewport = { width: 320, height: 568 };
  await onPayPage({ size: "phone", viewport }, async (page) => {
    assert.equal(await isTooWide(page), false);
    await buyer.enterCard(page, { number: "4242424242424241", exp: "13/30", code: "1" });
    await page.locator("#cc-name").focus();
    assert.equal(await isTooWide(page), false, "with every error shown");
    for (const target of await page.locator("button:visible, .box input, .choice").all()) {
      const { height } = await target.boundingBox();
      assert.ok(height >= 44, `${height} px: ${await target.evaluate((e) => e.outerHTML)}`);
    }
    for (const input of await page.locator(".box input").all()) {
      const size = await input.evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
      assert.ok(size >= 16, "phones zoom into smaller text");
    }
  });
});

test("the Arabic pay page runs from right to left, its card fields do not", async () => {
  await onPayPage({ locale: "ar-EG" }, async (page) => {
    const direction = (locator) => locator.evaluate((e) => getComputedStyle(e).direction);
    assert.equal(await direction(page.locator("body")), "rtl");
    for (const id of ["cc-number", "cc-exp", "cc-csc"]) {
      assert.equal(await direction(page.locator(`#${id}`)), "ltr", id);
    }
    const button = await buyer.payButton(page).boundingBox();
    const form = await page.locator("#card").boundingBox();
    const label = await page.locator('label[for="cc-number"]').boundingBox();
    const right = form.x + form.width;
    assert.ok(right - (label.x + label.width) < 24, "labels stand at the right edge");
    assert.ok(button.width > form.width * 0.8);
    await buyer.payWith(page, buyer.CARDS.plain);
    await buyer.comeTo(page, "paid");
    assert.equal(await direction(page.locator("body")), "rtl");
  });
});

holdAnswers(["checkout.session"]);

/** What stands next to a field that is marked as wrong and described by it; null where nothing. */
async function error(page, field) {
  const id = `${await field.getAttribute("id")}-error`;
  const text = (await page.locator(`#${id}`).innerText()).trim();
  const isInvalid = (await field.getAttribute("aria-invalid")) === "true";
  assert.equal(isInvalid, text !== "", `${id} and aria-invalid agree`);
  assert.ok((await field.getAttribute("aria-describedby")).split(" ").includes(id));
  return text === "" ? null : text;
}

function focused(page) {
  return page.evaluate(() => document.activeElement?.id);
}

/** Runs `act` with a fresh session's pay page in a window of its own. */
async function onPayPage(who, act) {
  const session = await openCheckout(holdfast);
  await inWindow(who, async (page) => {
    await page.goto(session.url);
    await act(page);
  });
}

async function inWindow(who, act) {
  const window = await openWindow(browser, who);
  try {
    await act(await window.newPage());
  } finally {
    await window.close();
  }
}
