// The pay page, the page of the buyer's bank, and the phone, as a buyer uses them.

import { minor } from "./money.mjs";

/** Published test cards. */
export const CARDS = {
  plain: { number: "4242424242424242" },
  asksForCode: { number: "4000002760003184" },
  noFunds: { number: "4000000000009995" },
  amex: { number: "378282246310005", code: "1234" },
};

/** The state that a page of Holdfast says it is in: `checkout`, `confirm`, `paid` and so on. */
export function stateOf(page) {
  return page.locator("main").getAttribute("data-state");
}

/** Waits until a page of Holdfast has come to one of `states`, and returns which. */
export async function comeTo(page, ...states) {
  const wanted = states.map((state) => `main[data-state="${state}"]`).join(", ");
  return page.locator(wanted).first().getAttribute("data-state");
}

/** The total that the pay page shows at its top and repeats in the button, in cents. */
export async function shownTotal(page) {
  const top = minor(await page.locator(".grand strong").innerText());
  const button = minor(await payButton(page).innerText());
  if (top !== button) throw new Error(`the total is ${top}, and ${button} in the button`);
  return top;
}

/** Chooses a way to ship at another price; without script the total is updated by hand. */
export async function chooseShipping(page, name) {
  await changeTotal(page, async () => {
    await page.getByRole("radio", { name }).check();
    const update = page.getByRole("button", { name: "Update the total" });
    if (await update.isVisible()) await update.click();
  });
}

/** Does what changes the total, and waits until the page shows the new one. */
export async function changeTotal(page, act) {
  const total = page.locator(".grand strong");
  const before = await total.innerText();
  await act();
  await total.filter({ hasNotText: before }).waitFor();
}

/** The button that pays, whose text names the total, or that has the card saved. */
export function payButton(page) {
  return page.getByRole("button", { name: /^(Pay|Book|Donate|Save|ادفع|احجز|تبرّع|احفظ)/ });
}

/** Fills the card form in. */
export async function enterCard(page, { number, exp = "12/30", code = "123" }) {
  await page.locator("#cc-number").fill(number);
  await page.locator("#cc-exp").fill(exp);
  await page.locator("#cc-csc").fill(code);
}

/** Pays with a card, up to whichever page comes then. */
export async function payWith(page, card) {
  await enterCard(page, card);
  await payNow(page);
}

/** Presses Pay; where no script runs, the total is confirmed on a page of its own. */
export async function payNow(page) {
  const hasScript = (await page.locator("html.js").count()) > 0;
  await payButton(page).click();
  if (hasScript) return;
  await comeTo(page, "confirm");
  await payButton(page).click();
}

/** Reads the code on the buyer's phone, by the link on the bank's page, in a tab of its own. */
export async function readCode(page) {
  const [phone] = await Promise.all([
    page.waitForEvent("popup"),
    page.locator('a[href$="#phone"]').click(),
  ]);
  const code = await phone.locator("#phone li .code").first().innerText();
  return { phone, code };
}

/** Waits for the page of the buyer's bank. */
export async function comeToBank(page, holdfast) {
  await page.waitForURL(`${holdfast.sandbox}/challenge/**`);
}

/** Gives the bank the code. */
export async function enterCode(page, code) {
  await page.locator("#code").fill(code);
  await page.locator("form button.main").click();
}
