// The main story: a buyer pays once for the goods of two sellers with a card whose bank asks for a
// code. Both ship; the buyer confirms one order, and time releases the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { all, api, ordersOf } from "../lib/api.mjs";
import { openWindow, photographer } from "../lib/browser.mjs";
import { journalOf, orderFacts, platformFees, sellerBalances, ship } from "../lib/console.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { minor, platformFee, splitByLargestRemainder } from "../lib/money.mjs";
import * as buyer from "../lib/pay.mjs";
import { moveClock, witness } from "../lib/sandbox.mjs";
import { checkOut, fillBasket } from "../lib/shop.mjs";
import { stage } from "../lib/stage.mjs";
import { until } from "../lib/wait.mjs";

// As the shop's catalogue has them, in cents.
const MUG = { slug: "azulejo-mug", seller: "Lisbon Ceramics", price: 2_800 };
const NOTEBOOK = { slug: "washi-notebook", seller: "Kyoto Paper", price: 1_850 };
const STANDARD = 490;
const EXPRESS = 1_490;
/** Shipped and never reported as delivered: the buyer is protected for 60 days. */
const PROTECTION_DAYS = 60;

const { holdfast, browser } = await stage();

for (const size of ["phone", "desktop"]) {
  for (const script of [true, false]) {
    const how = `${size}${script ? "" : "-without-script"}`;
    test(`a purchase from basket to balance: ${how}`, () => purchase({ size, script, how }));
  }
}

holdAnswers(["balance", "payment_intent"]);

async function purchase({ size, script, how }) {
  const expected = expectation();
  const operator = await openWindow(browser, { size, script });
  const office = await operator.newPage();
  const before = await books(office, holdfast);
  const window = await openWindow(browser, { size, script });
  const page = await window.newPage();
  const shoot = script ? photographer(`purchase-${how}`) : async () => {};

  const session = await buy(page, holdfast, expected, shoot);
  const orders = await ordersBySeller(holdfast, session);
  for (const { seller } of [MUG, NOTEBOOK]) {
    assert.equal(orders[seller].amount_shipping, expected[seller].shipping);
    assert.equal(orders[seller].amount_total, expected[seller].total);
  }

  await shipBoth(office, holdfast, orders, shoot);
  await confirmReceipt(page, holdfast, orders[MUG.seller], shoot);
  await letProtectionEnd(page, holdfast, orders[NOTEBOOK.seller], shoot);

  const after = await books(office, holdfast);
  await shoot(office, "balances");
  checkBooks(before, after, expected);
  await checkJournal(office, holdfast, orders, expected, shoot);
  await checkWitness(holdfast, orders[MUG.seller].payment_intent, expected);
  await window.close();
  await operator.close();
}

/** What the terms of the marketplace say: the arithmetic of this purchase, in cents. */
function expectation() {
  const items = [MUG.price, NOTEBOOK.price];
  const [mugShipping, notebookShipping] = splitByLargestRemainder(EXPRESS, items);
  const part = (price, shipping) => {
    const total = price + shipping;
    const fee = platformFee(total);
    return { shipping, total, fee, net: total - fee };
  };
  // By hand: 1490 x 2800 / 4650 = 897.2, 1490 x 1850 / 4650 = 592.8; the cent goes to the latter.
  assert.deepEqual([mugShipping, notebookShipping], [897, 593]);
  return {
    total: MUG.price + NOTEBOOK.price + EXPRESS,
    [MUG.seller]: part(MUG.price, mugShipping),
    [NOTEBOOK.seller]: part(NOTEBOOK.price, notebookShipping),
  };
}

/** From the shop to the paid page. Returns the checkout session's id. */
async function buy(page, holdfast, expected, shoot) {
  await page.goto(`${holdfast.shop}/`);
  await shoot(page, "shop");
  await fillBasket(page, holdfast, [MUG.slug, NOTEBOOK.slug]);
  await shoot(page, "basket");
  const session = await checkOut(page, holdfast);
  assert.equal(await buyer.shownTotal(page), MUG.price + NOTEBOOK.price + STANDARD);
  await shoot(page, "pay-page");
  await buyer.chooseShipping(page, "Express");
  assert.equal(await buyer.shownTotal(page), expected.total, "the total before paying");
  await buyer.enterCard(page, buyer.CARDS.asksForCode);
  await shoot(page, "card-entered");
  await buyer.payNow(page);

  await buyer.comeToBank(page, holdfast);
  await shoot(page, "bank");
  const { phone, code } = await buyer.readCode(page);
  await shoot(phone, "phone");
  await phone.close();
  await buyer.enterCode(page, code);

  await buyer.comeTo(page, "paid");
  await shoot(page, "paid");
  assert.equal(minor(await page.locator(".grand strong").innerText()), expected.total);
  assert.equal(await page.getByRole("link", { name: "Follow the order" }).count(), 2);
  await page.getByRole("link", { name: "Back to Bazaar" }).click();
  await page.getByRole("heading", { name: "Thank you!" }).waitFor();
  assert.equal(await page.locator(".order").count(), 2);
  await shoot(page, "thanks");
  return session;
}

async function ordersBySeller(holdfast, session) {
  const accounts = await all(holdfast, "/v1/accounts");
  const names = new Map(accounts.map((a) => [a.id, a.business_profile.name]));
  const orders = await ordersOf(holdfast, session);
  assert.equal(orders.length, 2);
  return Object.fromEntries(orders.map((order) => [names.get(order.seller), order]));
}

/** Both sellers ship, and their parts of the payment are captured. */
async function shipBoth(office, holdfast, orders, shoot) {
  for (const [seller, order] of Object.entries(orders)) {
    const tracking = `HF${order.amount_total}`;
    await ship(office, holdfast, order.id, { carrier: "Kite Post", tracking });
    await shoot(office, `console-shipped-${seller.split(" ")[0].toLowerCase()}`);
    const facts = await until(`the capture for ${seller}`, async () => {
      const facts = await orderFacts(office, holdfast, order.id);
      return facts["Money is"] === "held" && facts;
    });
    assert.equal(minor(facts.Held), order.amount_total);
    assert.equal(facts["Tracking number"], tracking);
  }
}

async function confirmReceipt(page, holdfast, order, shoot) {
  await page.goto(order.url);
  await page.getByText("Kite Post").waitFor();
  await shoot(page, "order-shipped");
  await page.getByRole("link", { name: "I have my parcel" }).click();
  await shoot(page, "order-confirm");
  await page.getByRole("button", { name: "Yes, I have everything" }).click();
  await page.getByText("Thank you. The seller is being paid.").waitFor();
  await page.getByText("You confirmed that it arrived.").waitFor();
  await shoot(page, "order-completed");
}

async function letProtectionEnd(page, holdfast, order, shoot) {
  const page2 = await page.context().newPage();
  await moveClock(page2, holdfast, PROTECTION_DAYS - 1);
  assert.equal((await api(holdfast, "GET", `/v1/orders/${order.id}`)).status, "shipped");
  await moveClock(page2, holdfast, 2);
  await shoot(page2, "clock-moved");
  await page2.close();
  await until("the end of the protection", async () => {
    await page.goto(order.url);
    return page.getByText("The protection ended without a claim.").isVisible();
  });
  await shoot(page, "order-released");
}

/** The balances and fees as the console and the API give them, which must agree. */
async function books(office, holdfast) {
  const sellers = await sellerBalances(office, holdfast);
  const accounts = await all(holdfast, "/v1/accounts");
  for (const { id, business_profile } of accounts) {
    const balance = await api(holdfast, "GET", "/v1/balance", {}, { account: id });
    const { held, available } = sellers[business_profile.name];
    assert.equal(inDollars(balance.available), available, business_profile.name);
    assert.equal(inDollars(balance.pending), held, business_profile.name);
  }
  return { sellers, fees: await platformFees(office, holdfast) };
}

function inDollars(funds) {
  return funds.find((sum) => sum.currency === "usd")?.amount ?? 0;
}

function checkBooks(before, after, expected) {
  let fees = 0;
  for (const { seller } of [MUG, NOTEBOOK]) {
    const was = before.sellers[seller] ?? { held: 0, available: 0, fees: 0 };
    const { net, fee } = expected[seller];
    const now = { held: was.held, available: was.available + net, fees: was.fees + fee };
    assert.deepEqual(after.sellers[seller], now, seller);
    fees += fee;
  }
  assert.equal(after.fees, before.fees + fees, "the platform's fees");
}

/** Four entries: each part is captured into held funds, and released less the fee. */
async function checkJournal(office, holdfast, orders, expected, shoot) {
  const entries = [MUG.seller, NOTEBOOK.seller].flatMap((seller) => {
    const { id, seller: account } = orders[seller];
    const { total, fee, net } = expected[seller];
    return [
      [`credit held:${id} ${total}`, `debit processor_clearing ${total}`],
      [
        `credit platform_fees ${fee}`,
        `credit seller_available:${account} ${net}`,
        `debit held:${id} ${total}`,
      ],
    ];
  });
  const posted = await journalOf(office, holdfast, orders[MUG.seller].payment_intent);
  await shoot(office, "payment");
  assert.deepEqual(posted.map(String).sort(), entries.map(String).sort());
}

/** The sandbox's own ledger knows of one authorization, all of it captured, in two parts. */
async function checkWitness(holdfast, payment, expected) {
  const intent = await api(holdfast, "GET", `/v1/payment_intents/${payment}`);
  assert.equal(intent.status, "succeeded");
  assert.equal(intent.amount_received, expected.total);
  const newest = (await witness(holdfast)).at(-1);
  assert.equal(newest.card.last4, "3184");
  assert.equal(newest.amount, expected.total);
  assert.equal(newest.captured, expected.total);
  assert.equal(newest.refunded, 0);
  const parts = newest.captures.map((capture) => capture.amount).sort((a, b) => b - a);
  assert.deepEqual(parts, [expected[MUG.seller].total, expected[NOTEBOOK.seller].total]);
}
