// Every page that people may come to, in every state that it has, for the checks that all of them
// must pass. A place is a name, how to get there, and whether a window without cookies is needed.

import { addresses, api, openAsking, openCheckout, openSetup, ownLine } from "./api.mjs";
import * as buyer from "./pay.mjs";
import { paidCheckout, payQuietly, post, shippedOrder } from "./quiet.mjs";
import { addFault, clearFaults } from "./sandbox.mjs";
import { until } from "./wait.mjs";

/**
 * Prepares the scenes and lists the places.
 *
 * Faults are left behind that keep one payment waiting for the bank.
 *
 * @returns {Promise<{name: string, go: (page) => Promise<void>, fresh?: boolean}[]>}
 */
export async function everyPlace(holdfast) {
  await clearFaults(holdfast);
  const places = [
    ...shopPlaces(holdfast),
    ...(await payPlaces(holdfast)),
    ...(await otherPayPlaces(holdfast)),
    ...(await bankPlaces(holdfast)),
    ...(await orderPlaces(holdfast)),
    ...(await receiptPlaces(holdfast)),
    ...(await consolePlaces(holdfast)),
    ...(await sellerPlaces(holdfast)),
    at("sandbox: the outside world", `${holdfast.sandbox}/`),
  ];
  // Last of all, because from here on nothing can be looked up.
  return [...places, ...(await waitingPlaces(holdfast))];
}

function shopPlaces(holdfast) {
  const { shop } = holdfast;
  const add = async (page, product) => {
    await page.goto(`${shop}/products/${product}`);
    await page.locator("form.buy button").click();
  };
  const places = [
    at("shop: goods", `${shop}/`),
    at("shop: product", `${shop}/products/serving-bowl`),
    at("shop: product without cards", `${shop}/products/gift-card`),
    at("shop: empty basket", `${shop}/basket`),
    place("shop: basket", async (page) => {
      await add(page, "gift-card");
      await add(page, "wool-cushion");
    }),
    place("shop: basket with a bad e-mail address", async (page) => {
      await add(page, "tile-set");
      await page.locator("#email").fill("mira at example");
      await page.locator('form[action="/checkout"]').evaluate((form) => {
        form.noValidate = true;
      });
      await page.locator('form[action="/checkout"] button').click();
      await page.locator("#email-bad").waitFor();
    }),
    place("shop: thanks", async (page) => {
      await add(page, "paper-lantern");
      await page.locator('form[action="/checkout"] button').click();
      await buyer.comeTo(page, "checkout");
      await payQuietly({ url: page.url() }, "tok_visa");
      await page.reload();
      await page.locator("a.major").click();
      await page.locator(".order").waitFor();
    }),
    at("shop: orders, none", `${shop}/orders`),
    at("shop: thanks for another's purchase", `${shop}/thanks?session=cs_test_other`),
    at("shop: webhooks", `${shop}/webhooks`),
    at("shop: no such page", `${shop}/nothing`),
  ];
  // The shop's pages depend on the basket and the purchases that a browser has.
  return places.map((place) => ({ ...place, fresh: true }));
}

async function payPlaces(holdfast) {
  const lines = [
    { name: "Woodcut of a ship", quantity: 2 },
    { seller: "Ghent Glass", name: "Blue carafe", price: 4_210 },
  ];
  const shipping = ["Standard", "Express"].map((name, index) => ({
    shipping_rate_data: {
      display_name: name,
      type: "fixed_amount",
      fixed_amount: { amount: 490 + 1_000 * index, currency: "usd" },
    },
  }));
  const open = await openCheckout(holdfast, { lines, more: { shipping_options: shipping } });
  const noCards = await openCheckout(holdfast, { lines: [{ name: "Voucher", noCards: true }] });
  const declined = await openCheckout(holdfast, { lines });
  await payQuietly(declined, "tok_visa_chargeDeclinedInsufficientFunds");
  const tooMany = await openCheckout(holdfast, { lines });
  await until("too many attempts", async () => {
    return (await payQuietly(tooMany, "tok_visa_chargeDeclined")).state === "closed";
  });
  const { session: paid } = await paidCheckout(holdfast, { lines });
  const expired = await openCheckout(holdfast, { lines });
  await api(holdfast, "POST", `/v1/checkout/sessions/${expired.id}/expire`);
  const errors = "number.incorrect_number,exp.expired_card,cvc.invalid_cvc,name.invalid_name";
  return [
    at("pay: card form", open.url, "checkout"),
    place("pay: errors after blur", async (page) => {
      await page.goto(open.url);
      await page.locator("#cc-number").fill("4242424242424241");
      await page.locator("#cc-exp").fill("13/30");
      await page.locator("#cc-csc").fill("1");
      await page.locator("#cc-name").focus();
      await page.locator("#cc-csc-error:not(:empty)").waitFor();
    }),
    at("pay: errors from the card zone", `${open.url}/card?errors=${errors}`, "checkout"),
    at("pay: card zone out of reach", `${open.url}/card?errors=form.processing_error`, "checkout"),
    at("pay: the total has changed", `${open.url}?notice=total_changed`, "checkout"),
    at("pay: confirmation", `${open.url}/card?token=tok_visa`, "confirm"),
    at("pay: no cards", noCards.url, "checkout"),
    at("pay: declined", declined.url, "checkout"),
    at("pay: too many declined cards", tooMany.url, "closed"),
    at("pay: expired", expired.url, "closed"),
    at("pay: paid", paid.url, "paid"),
    at("pay: paid before", `${paid.url}?again=1`, "paid"),
    at("pay: no such page", `${open.url}x`, "problem"),
  ];
}

/** The pay page where the shop itself sells, of a link, and where a card is saved. */
async function otherPayPlaces(holdfast) {
  const line_items = [ownLine("Market ticket", 1_200)];
  const wishes = { customer_creation: "always", phone_number_collection: { enabled: true } };
  const own = await openCheckout(holdfast, { more: { line_items, ...wishes } });
  const asking = await openAsking(holdfast);
  const addressed = await openCheckout(holdfast, { more: addresses });
  const paid = await openCheckout(holdfast, { more: { line_items } });
  await payQuietly(paid, "tok_visa");
  const link = await api(holdfast, "POST", "/v1/payment_links", {
    line_items,
    after_completion: {
      type: "hosted_confirmation",
      hosted_confirmation: { custom_message: "See you at the market." },
    },
  });
  const closed = await api(holdfast, "POST", "/v1/payment_links", { line_items });
  await api(holdfast, "POST", `/v1/payment_links/${closed.id}`, { active: false });
  const keep = await openSetup(holdfast, { customer_creation: "always" });
  const declined = await openSetup(holdfast);
  await payQuietly(declined, "tok_visa_chargeDeclined");
  const kept = await openSetup(holdfast);
  await payQuietly(kept, "tok_visa");
  const asked = await openSetup(holdfast);
  await payQuietly(asked, "tok_threeDSecureRequired");
  return [
    at("pay: the shop's own sale", own.url, "checkout"),
    at("pay: the shop asks and says", asking.url, "checkout"),
    at("pay: the shop asks and says, confirmation", `${asking.url}/card?token=tok_visa`, "confirm"),
    place("pay: answers will not do", async (page) => {
      await page.goto(`${asking.url}/card?token=tok_visa`);
      await page.locator("form").first().evaluate((form) => form.submit());
      await page.locator("#notice").waitFor();
    }),
    at("pay: addresses", addressed.url, "checkout"),
    place("pay: addresses will not do", async (page) => {
      await page.goto(`${addressed.url}/card?token=tok_visa`);
      await page.locator("#bill-same").uncheck();
      await page.locator("form").first().evaluate((form) => form.submit());
      await page.locator("#notice").waitFor();
    }),
    at("pay: the shop's own sale, confirmation", `${own.url}/card?token=tok_visa`, "confirm"),
    at("pay: the shop's own sale, paid", paid.url, "paid"),
    at("pay: a link", link.url, "checkout"),
    place("pay: a link, paid", async (page) => {
      await page.goto(link.url);
      await payQuietly({ url: page.url() }, "tok_visa");
      await page.reload();
      await page.locator(".message").waitFor();
    }),
    at("pay: a link that is closed", closed.url, "closed"),
    at("pay: save a card", keep.url, "checkout"),
    at("pay: save a card, confirmation", `${keep.url}/card?token=tok_visa`, "confirm"),
    at("pay: save a card, declined", declined.url, "checkout"),
    at("pay: save a card, the bank asks", asked.url, "challenge"),
    at("pay: a card is saved", kept.url, "paid"),
    at("pay: a card is saved already", `${kept.url}?again=1`, "paid"),
  ];
}

async function bankPlaces(holdfast) {
  const session = await openCheckout(holdfast);
  const { state } = await payQuietly(session, "tok_threeDSecureRequired");
  if (state !== "challenge") throw new Error(`the bank did not ask: ${state}`);
  const toBank = async (page) => {
    await page.goto(session.url);
    await page.locator("#bank").click();
    await buyer.comeToBank(page, holdfast);
  };
  return [
    at("pay: the bank asks", session.url, "challenge"),
    place("bank: code", toBank),
    place("bank: no code", async (page) => {
      await toBank(page);
      await page.locator("form button.main").click();
      await page.locator("#code-error").waitFor();
    }),
    place("bank: too early for another code", async (page) => {
      await toBank(page);
      await page.locator('form[action$="/resend"] button').click();
      await page.locator(".error, .note").first().waitFor();
    }),
    at("bank: no such page", `${holdfast.sandbox}/challenge/sbc_nothing`),
  ];
}

async function orderPlaces(holdfast) {
  const act = (order, action, fields) =>
    api(holdfast, "POST", `/v1/orders/${order.id}/${action}`, fields);
  // What a shop may well send: words that are longer than a phone is wide.
  const long = {
    lines: [{ seller: "Ghent Glass", name: "Carafe ".repeat(12).trim(), price: 4_210 }],
    more: { client_reference_id: "basket".repeat(12) },
  };
  const claim = { reason: "damaged", description: "A corner is bent, and the glass is broken." };
  const [waiting, canceled, asked] = await Promise.all(
    [1, 2, 3].map(async () => (await paidCheckout(holdfast)).orders[0]),
  );
  await act(canceled, "cancel");
  const [shipped, delivered, completed, claimed, ruled] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => shippedOrder(holdfast, long)),
  );
  await act(delivered, "deliver");
  await act(completed, "confirm_receipt");
  await act(claimed, "claim", claim);
  await act(ruled, "claim", claim);
  await act(ruled, "rule", { outcome: "split", refund_amount: 500 });
  await post(`${asked.url}/cancel`);
  return [
    at("order: to be shipped", waiting.url, "order"),
    at("order: cancel, the step before", `${waiting.url}/cancel`),
    at("order: cancellation asked for", asked.url, "order"),
    at("order: canceled", canceled.url, "order"),
    at("order: shipped", shipped.url, "order"),
    at("order: receipt, the step before", `${shipped.url}/receipt`),
    at("order: claim form", `${shipped.url}/claim`),
    place("order: claim form with errors", async (page) => {
      await page.goto(`${shipped.url}/claim`);
      const form = page.locator('form[action$="/claim"]');
      await form.evaluate((form) => {
        form.noValidate = true;
      });
      await form.locator("button").click();
      await page.locator("#reason-error:not(:empty)").waitFor();
    }),
    at("order: delivered", delivered.url, "order"),
    at("order: completed", completed.url, "order"),
    at("order: in claim", claimed.url, "order"),
    at("order: claim ruled", ruled.url, "order"),
    at("order: no such page", `${shipped.url}x`, "problem"),
    at("console: order to be shipped", `${holdfast.console}/orders/${waiting.id}`),
    at("console: order shipped", `${holdfast.console}/orders/${shipped.id}`),
    at("console: order in claim", `${holdfast.console}/orders/${claimed.id}`),
    place("console: ruling with a bad sum", async (page) => {
      await page.goto(`${holdfast.console}/orders/${claimed.id}`);
      await page.locator('input[name="ruling"][value="split"]').check();
      await page.locator("#to-buyer").fill("half");
      await page.locator('form[action$="/claim"] button').click();
      await page.locator("#to-buyer-error:not(:empty)").waitFor();
    }),
    at("console: order ruled", `${holdfast.console}/orders/${ruled.id}`),
    at("console: payment", `${holdfast.console}/payments/${completed.payment_intent}`),
  ];
}

/** Receipts in each state that a charge may have. */
async function receiptPlaces(holdfast) {
  const charge = async (payment) => {
    const path = `/v1/payment_intents/${payment}`;
    return (await api(holdfast, "GET", path, { expand: ["latest_charge"] })).latest_charge;
  };
  const refund = (payment, amount) =>
    api(holdfast, "POST", "/v1/refunds", { payment_intent: payment, amount });
  const lines = [
    { name: "Woodcut of a ship", quantity: 2 },
    { seller: "Ghent Glass", name: "Blue carafe", price: 4_210 },
  ];
  const own = async () => {
    const line_items = [ownLine("Market ticket", 1_200)];
    const session = await openCheckout(holdfast, { more: { line_items } });
    await payQuietly(session, "tok_visa");
    const path = `/v1/checkout/sessions/${session.id}`;
    const payment = (await api(holdfast, "GET", path)).payment_intent;
    // The session is over when the bank holds the money; it is taken a moment later.
    await until("the capture", async () => {
      const { status } = await api(holdfast, "GET", `/v1/payment_intents/${payment}`);
      return status === "succeeded";
    });
    return payment;
  };
  const sale = async (more) => {
    const card = { payment_method: "tok_visa", confirm: true };
    const form = { amount: 4_870, currency: "usd", ...card, ...more };
    return (await api(holdfast, "POST", "/v1/payment_intents", form)).id;
  };
  const held = (await paidCheckout(holdfast, { lines })).orders[0].payment_intent;
  const started = await paidCheckout(holdfast, { lines });
  await api(holdfast, "POST", `/v1/orders/${started.orders[0].id}/ship`);
  const partlyPaid = started.orders[0].payment_intent;
  const paid = await own();
  const partlyRefunded = await own();
  await refund(partlyRefunded, 300);
  await refund(partlyRefunded, 150);
  const refunded = await own();
  await refund(refunded);
  const released = await sale({ capture_method: "manual" });
  await api(holdfast, "POST", `/v1/payment_intents/${released}/cancel`);
  const described = await sale({
    description: "Repair of a brass lamp",
    amount_details: {
      discount_amount: 400,
      shipping: { amount: 500 },
      tax: { total_tax_amount: 770 },
    },
  });
  const places = { held, partlyPaid, paid, partlyRefunded, refunded, released, described };
  const all = Object.entries(places).map(async ([name, payment]) => {
    const { receipt_url } = await charge(payment);
    const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return at(`receipt: ${words}`, receipt_url, "receipt");
  });
  const wrong = `${(await charge(paid)).receipt_url}x`;
  return [...(await Promise.all(all)), at("receipt: no such page", wrong, "problem")];
}

async function consolePlaces(holdfast) {
  const { data } = await api(holdfast, "GET", "/v1/webhook_endpoints");
  const address = (path) => `${holdfast.console}${path}`;
  return [
    at("console: overview", address("/")),
    at("console: payments", address("/payments")),
    at("console: payments of one state", address("/payments?status=canceled")),
    at("console: orders", address("/orders")),
    at("console: orders of one state", address("/orders?status=refunded")),
    at("console: sellers", address("/sellers")),
    at("console: webhooks", address("/webhooks")),
    at("console: webhook endpoint", address(`/webhooks/${data[0].id}`)),
    at("console: events", address("/events")),
    at("console: no such page", address("/nothing")),
  ];
}

/** A seller's own pages. A link lets one browser in once, so that each visit takes a new one. */
async function sellerPlaces(holdfast) {
  const { id } = await api(holdfast, "POST", "/v1/accounts", {
    business_profile: { name: "Lamps for every room of the house" },
    external_account: "btok_us",
  });
  const questions = async (page) => {
    const { url } = await api(holdfast, "POST", "/v1/account_links", {
      account: id,
      type: "account_onboarding",
      refresh_url: `${holdfast.shop}/`,
      return_url: `${holdfast.shop}/`,
    });
    await page.goto(url);
    await page.locator("#number").waitFor();
  };
  const login = () => api(holdfast, "POST", `/v1/accounts/${id}/login_links`);
  const used = await login();
  await fetch(used.url, { redirect: "manual" });
  return [
    place("seller: questions", questions),
    place("seller: questions with mistakes", async (page) => {
      await questions(page);
      await page.locator("#email").fill("mira at example");
      await page.locator("#number").fill("42");
      await page.locator('form[action="/seller/onboarding"] button').click();
      await page.locator("#email-error:not(:empty)").waitFor();
    }),
    place("seller: money", async (page) => {
      await page.goto((await login()).url);
      await page.locator("h2").first().waitFor();
    }),
    at("seller: a link that is over", used.url),
    at("seller: nobody was let in", `${holdfast.console}/seller/enter/acl_nothing/x`),
  ];
}

/** A payment whose outcome stays unknown until the faults are cleared. */
async function waitingPlaces(holdfast) {
  const session = await openCheckout(holdfast);
  await addFault(holdfast, { operation: "authorize", fault: "error_after" });
  await addFault(holdfast, { operation: "lookup", fault: "error_before", times: 1_000 });
  const { state } = await payQuietly(session, "tok_visa");
  if (state !== "waiting") throw new Error(`the bank was not waited for: ${state}`);
  return [at("pay: waiting for the bank", session.url, "waiting")];
}

function place(name, go) {
  return { name, go };
}

/** A place that an address leads to; `state` is what a page of the buyers then says of itself. */
function at(name, url, state) {
  return place(name, async (page) => {
    await page.goto(url);
    if (state) await buyer.comeTo(page, state);
  });
}
