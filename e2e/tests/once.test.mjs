// One charge, however the buyer clicks, reloads, goes back or opens tabs, and whatever the bank's
// line does meanwhile.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { all, api, openCheckout, ordersOf, passTime } from "../lib/api.mjs";
import { everyWord, openWindow } from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import * as buyer from "../lib/pay.mjs";
import { addFault, clearFaults, witness } from "../lib/sandbox.mjs";
import { checkOut, fillBasket, sessionOf } from "../lib/shop.mjs";
import { stage } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

/** Words that tell a buyer that the payment came to nothing. */
const FAILED = /did not go through|not been charged|declined|failed/i;

const { holdfast, browser } = await stage();

afterEach(() => clearFaults(holdfast));

for (const script of [true, false]) {
  const how = script ? "" : ", without script";

  test(`a double click on Pay is one payment${how}`, async () => {
    await withPayPage({ script }, async ({ page, charged }) => {
      await buyer.enterCard(page, buyer.CARDS.plain);
      if (!script) await toConfirmation(page);
      await buyer.payButton(page).dblclick();
      await buyer.comeTo(page, "paid");
      await charged.once();
    });
  });

  test(`a reload while the bank is being asked is one payment${how}`, async () => {
    await withPayPage({ script }, async ({ page, session, charged }) => {
      await addFault(holdfast, { operation: "authorize", fault: "slow", delay_ms: 1_500 });
      await buyer.enterCard(page, buyer.CARDS.plain);
      if (!script) await toConfirmation(page);
      await startPaying(page, session);
      await reloadAtOnce(page);
      await buyer.comeTo(page, "paid");
      await charged.once();
    });
  });

  test(`two tabs that pay at once are one payment${how}`, async () => {
    await withPayPage({ script }, async ({ window, page, charged }) => {
      await addFault(holdfast, { operation: "authorize", fault: "slow", delay_ms: 500 });
      const tabs = [page, await window.newPage()];
      await tabs[1].goto(page.url());
      for (const tab of tabs) {
        await buyer.enterCard(tab, buyer.CARDS.plain);
        if (!script) await toConfirmation(tab);
      }
      await Promise.all(tabs.map((tab) => buyer.payButton(tab).click()));
      for (const tab of tabs) await buyer.comeTo(tab, "paid");
      await charged.once();
    });
  });

  test(`going back from the bank's page and paying again is one payment${how}`, async () => {
    await withPayPage({ script }, async ({ page, charged }) => {
      await buyer.payWith(page, buyer.CARDS.asksForCode);
      await buyer.comeToBank(page, holdfast);
      await page.goBack();
      await buyer.comeTo(page, "challenge");
      await page.getByRole("link", { name: "Go to your bank" }).click();
      await buyer.comeToBank(page, holdfast);
      const { code } = await buyer.readCode(page);
      await buyer.enterCode(page, code);
      await buyer.comeTo(page, "paid");
      await page.goBack();
      await page.goBack();
      await charged.once();
    });
  });

  test(`another card pays after a declined one${how}`, async () => {
    await withPayPage({ script }, async ({ page, charged }) => {
      await buyer.payWith(page, buyer.CARDS.noFunds);
      const notice = page.locator("#notice");
      await notice.waitFor();
      assert.match(await notice.innerText(), /not enough money available on this card/);
      assert.match(await notice.innerText(), /You have not been charged/);
      if (script) await keptAllButTheCode(page, buyer.CARDS.noFunds);
      await buyer.payWith(page, buyer.CARDS.plain);
      await buyer.comeTo(page, "paid");
      await charged.once({ asked: 2 });
    });
  });

  test(`an unknown outcome is waited for and never called failed${how}`, async () => {
    await withPayPage({ script }, async ({ window, page, session, charged }) => {
      const words = script ? await everyWord(window) : [];
      await page.reload();
      const second = await window.newPage();
      await second.goto(page.url());
      // The bank does as it is asked, its answer is lost, and so are those to all who ask again.
      const lost = { operation: "authorize", fault: "timeout_after", delay_ms: 1_500 };
      await addFault(holdfast, lost);
      await addFault(holdfast, { operation: "lookup", fault: "error_before", times: 1_000 });
      await buyer.enterCard(page, buyer.CARDS.plain);
      if (!script) await toConfirmation(page);
      await startPaying(page, session);
      await second.reload();
      await buyer.comeTo(second, "waiting");
      await second.getByRole("heading", { name: "Checking with your bank" }).waitFor();
      assert.doesNotMatch(await second.locator("main").innerText(), FAILED);
      await clearFaults(holdfast);
      await buyer.comeTo(page, "paid");
      await buyer.comeTo(second, "paid");
      for (const text of words) assert.doesNotMatch(text, FAILED);
      await charged.once();
    });
  });
}

test("two quick presses of Enter are one payment", async () => {
  await withPayPage({}, async ({ page, charged }) => {
    await buyer.enterCard(page, buyer.CARDS.plain);
    await page.locator("#cc-csc").focus();
    await Promise.all([page.keyboard.press("Enter"), page.keyboard.press("Enter")]);
    await buyer.comeTo(page, "paid");
    await charged.once();
  });
});

test("back to the shop and through the checkout again is one payment", async () => {
  const charged = await charges();
  await inWindow({}, async (window) => {
    const page = await window.newPage();
    await fillBasket(page, holdfast, ["azulejo-mug"]);
    const session = await checkOut(page, holdfast);
    await buyer.payWith(page, buyer.CARDS.plain);
    await buyer.comeTo(page, "paid");
    await page.goBack();
    await page.waitForURL(`${holdfast.shop}/basket**`);
    await page.getByRole("button", { name: "Go to checkout" }).click();
    await page.getByRole("heading", { name: "Thank you!" }).waitFor();
    assert.match(page.url(), new RegExp(session));
    await charged.once();
  });
});

test("a page left open in another tab says that it was paid, and charges nothing", async () => {
  await withPayPage({ script: false }, async ({ window, page, charged }) => {
    const stale = await window.newPage();
    await stale.goto(page.url());
    await buyer.enterCard(stale, buyer.CARDS.plain);
    await toConfirmation(stale);
    await buyer.payWith(page, buyer.CARDS.plain);
    await buyer.comeTo(page, "paid");
    await buyer.payButton(stale).click();
    await buyer.comeTo(stale, "paid");
    await stale.getByText("You have not been charged again.").waitFor();
    await page.reload();
    assert.equal(await buyer.stateOf(page), "paid");
    await charged.once();
  });
});

test("a wrong secret in the address opens nothing", async () => {
  await withPayPage({}, async ({ page }) => {
    const url = page.url();
    const other = url.endsWith("a") ? "b" : "a";
    for (const wrong of [url.slice(0, -1) + other, url.slice(0, -1), url.replace(/[^/]+$/, "x")]) {
      const answer = await page.goto(wrong);
      assert.equal(answer.status(), 404, wrong);
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      assert.equal(await page.locator("form").count(), 0);
    }
  });
});

test("a product that excludes cards says why there is no card form", async () => {
  await inWindow({}, async (window) => {
    const page = await window.newPage();
    await fillBasket(page, holdfast, ["gift-card", "azulejo-mug"]);
    await page.getByText("cannot be paid for by card").waitFor();
    await checkOut(page, holdfast);
    await page.getByText("This product may not be paid by card:").waitFor();
    const reason = page.locator(".alert");
    assert.match(await reason.innerText(), /Gift card in an envelope/);
    assert.doesNotMatch(await reason.innerText(), /Azulejo mug/);
    assert.equal(await page.locator("#card, #pay, #cc-number").count(), 0);
  });
});

// The last test of the file: it moves the clock of all of them.
test("a session that has expired takes no card, in a page opened before either", async () => {
  await withPayPage({}, async ({ page, charged }) => {
    await buyer.enterCard(page, buyer.CARDS.plain);
    await passTime(holdfast, { hours: 25 });
    await buyer.payButton(page).click();
    await buyer.comeTo(page, "closed");
    await page.getByRole("heading", { name: "This payment page has expired" }).waitFor();
    await page.getByRole("link", { name: "Back to Bazaar" }).waitFor();
    await page.reload();
    assert.equal(await buyer.stateOf(page), "closed");
    const { status } = await api(holdfast, "GET", `/v1/checkout/sessions/${sessionOf(page)}`);
    assert.equal(status, "expired");
    await charged.never();
  });
});

holdAnswers(["checkout.session"]);

/** Runs `act` with a fresh session's pay page in a window of its own. */
async function withPayPage(who, act) {
  const session = await openCheckout(holdfast);
  const charged = await charges(session.id);
  await inWindow(who, async (window) => {
    const page = await window.newPage();
    await page.goto(session.url);
    await act({ window, page, session, charged });
  });
}

async function inWindow(who, act) {
  const window = await openWindow(browser, who);
  try {
    await act(window);
  } finally {
    await window.close();
  }
}

/** Without script: from the card form to the page that asks once more. */
async function toConfirmation(page) {
  await buyer.payButton(page).click();
  await buyer.comeTo(page, "confirm");
}

/** Clicks on Pay, and comes back once Holdfast is about to ask the bank. */
async function startPaying(page, session) {
  await buyer.payButton(page).click({ noWaitAfter: true });
  await until("the payment", async () => {
    const { payment_intent } = await api(holdfast, "GET", `/v1/checkout/sessions/${session.id}`);
    return payment_intent;
  });
}

/** Reloads a page that is on its way to another one. */
async function reloadAtOnce(page) {
  try {
    await page.reload();
  } catch (error) {
    // The browser has given one of the two up for the other; Playwright takes that for an error.
    if (!/ERR_ABORTED/.test(error.message)) throw error;
  }
}

async function keptAllButTheCode(page, card) {
  const number = await page.locator("#cc-number").inputValue();
  assert.equal(number.replaceAll(" ", ""), card.number);
  assert.equal(await page.locator("#cc-exp").inputValue(), "12 / 30");
  assert.equal(await page.locator("#cc-csc").inputValue(), "");
}

/** Counts what the network authorizes from now on, and the payments and orders made of it. */
async function charges(session) {
  const earlier = (await witness(holdfast)).length;
  const payments = (await all(holdfast, "/v1/payment_intents")).length;
  const since = async () => (await witness(holdfast)).slice(earlier);
  return {
    async once({ asked = 1 } = {}) {
      const authorizations = await since();
      const standing = authorizations.filter(({ status }) => status === "approved");
      assert.equal(authorizations.length, asked, "the questions to the bank");
      assert.equal(standing.length, 1, "the authorizations that stand");
      const now = await all(holdfast, "/v1/payment_intents");
      assert.equal(now.length, payments + 1, "the payments");
      assert.equal(now[0].amount, standing[0].amount);
      assert.equal(now[0].status, "requires_capture");
      if (session) assert.equal((await ordersOf(holdfast, session)).length, 1);
    },
    async never() {
      assert.deepEqual(await since(), []);
    },
  };
}
