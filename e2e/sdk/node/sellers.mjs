// Sellers and their money: accounts, transfers, balances and payouts, also in a seller's name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertHas, ids, payment } from "../../lib/sdk.mjs";

export function sellers(stripe, holdfast) {
  test("Node: a seller is made, changed, listed and led to its own pages", async () => {
    const made = await stripe.accounts.create({
      type: "express",
      country: "US",
      email: "ada@shop.example",
      business_profile: { name: "Lamps" },
      metadata: { shelf: "12" },
    });
    assertHas(made, { object: "account", type: "express", country: "US", payouts_enabled: false });
    assert.ok(made.requirements.currently_due.includes("external_account"));
    const business_profile = { name: "Ada's Lamps" };
    assertHas(await stripe.accounts.update(made.id, { business_profile }), { business_profile });
    const found = await stripe.accounts.retrieve(made.id);
    assertHas(found, { email: "ada@shop.example", business_profile, metadata: { shelf: "12" } });
    assert.deepEqual(ids(await stripe.accounts.list({ limit: 1 })), [made.id]);

    const own = await stripe.accounts.retrieveCurrent();
    assert.match(own.id, /^acct_/);
    assert.notEqual(own.id, made.id);
    const seen = await stripe.accounts.retrieveCurrent({}, { stripeAccount: made.id });
    assertHas(seen, { id: made.id, business_profile });

    const link = await stripe.accountLinks.create({
      account: made.id,
      type: "account_onboarding",
      refresh_url: "https://shop.example/again",
      return_url: "https://shop.example/back",
    });
    assert.equal(link.expires_at - link.created, 600);
    const login = await stripe.accounts.createLoginLink(made.id);
    assertHas([link, login], [{ object: "account_link" }, { object: "login_link" }]);
    for (const { url } of [link, login]) assert.ok(url.startsWith(`${holdfast.console}/`), url);
  });

  test("Node: a transfer reaches the seller, and a part of it comes back", async () => {
    const { seller, transfer, charge } = await paidSeller(stripe);
    const sent = { amount: 2_000, destination: seller, source_transaction: charge };
    assertHas(transfer, { ...sent, currency: "usd", amount_reversed: 0, reversed: false });
    const description = "Lamps";
    assertHas(await stripe.transfers.update(transfer.id, { description }), { description });
    assertHas(await stripe.transfers.retrieve(transfer.id), { ...sent, description });
    assert.deepEqual(ids(await stripe.transfers.list({ destination: seller })), [transfer.id]);

    const back = await stripe.transfers.createReversal(transfer.id, { amount: 500 });
    assertHas(back, { object: "transfer_reversal", amount: 500, transfer: transfer.id });
    const metadata = { why: "broken" };
    const noted = await stripe.transfers.updateReversal(transfer.id, back.id, { metadata });
    assertHas(noted, { id: back.id, metadata });
    const found = await stripe.transfers.retrieveReversal(transfer.id, back.id);
    assertHas(found, { amount: 500, metadata });
    assert.deepEqual(ids(await stripe.transfers.listReversals(transfer.id)), [back.id]);
    const after = await stripe.transfers.retrieve(transfer.id);
    assertHas(after, { amount_reversed: 500, reversed: false });
    assert.equal(await owned(stripe, seller), 1_500);
  });

  test("Node: every movement of the platform's balance is in its history", async () => {
    const { charge, transfer } = await paidSeller(stripe);
    const before = await owned(stripe);
    const { id: source } = await stripe.refunds.create({ charge, amount: 100 });
    assert.equal(await owned(stripe), before - 100);
    const { data } = await stripe.balanceTransactions.list({ source });
    assertHas(data, [{ object: "balance_transaction", type: "refund", amount: -100, source }]);
    const found = await stripe.balanceTransactions.retrieve(transfer.balance_transaction);
    assertHas(found, { type: "transfer", amount: -2_000, fee: 0, net: -2_000 });
    // The SDK has no method for the older names, which older integrations still call.
    const older = "/v1/balance/history";
    const listed = await stripe.rawRequest("GET", `${older}?source=${source}`);
    assert.deepEqual(ids(listed), ids({ data }));
    const same = await stripe.rawRequest("GET", `${older}/${data[0].id}`);
    assertHas(same, { id: data[0].id, amount: -100 });
  });

  test("Node: a seller's money is paid out in its name, at once or not after all", async () => {
    const { seller } = await paidSeller(stripe);
    const inName = { stripeAccount: seller };
    await stripe.accounts.createExternalAccount(seller, { external_account: "btok_us" });
    const wish = { amount: 600, currency: "usd" };
    const slow = await stripe.payouts.create(wish, inName);
    assertHas(slow, { ...wish, status: "pending", method: "standard", type: "bank_account" });
    assert.equal(await owned(stripe, seller), 1_400);
    const canceled = await stripe.payouts.cancel(slow.id, {}, inName);
    assertHas(canceled, { id: slow.id, status: "canceled" });
    assert.equal(await owned(stripe, seller), 2_000);

    const fast = await stripe.payouts.create({ ...wish, method: "instant" }, inName);
    assertHas(fast, { ...wish, method: "instant" });
    assert.ok(["in_transit", "paid"].includes(fast.status), fast.status);
    const found = await stripe.payouts.retrieve(fast.id, { expand: ["destination"] }, inName);
    assertHas(found, { ...wish, destination: { object: "bank_account", account: seller } });
    assert.deepEqual(ids(await stripe.payouts.list({}, inName)), [fast.id, slow.id]);
    // In the platform's own name there is no such payout.
    const stranger = await stripe.payouts.retrieve(fast.id).catch((error) => error);
    assertHas(stranger, { statusCode: 404, code: "resource_missing" });
  });

  test("Node: a fee is kept from a payment to a seller, and given back with it", async () => {
    const { id: destination } = await stripe.accounts.create({ type: "express", country: "US" });
    const split = { application_fee_amount: 300, transfer_data: { destination } };
    const paid = await stripe.paymentIntents.create(payment("pm_card_visa", split));
    assertHas(paid, split);
    const expand = ["transfer", "application_fee"];
    const charge = await stripe.charges.retrieve(paid.latest_charge, { expand });
    assertHas(charge, {
      application_fee: { amount: 300, account: destination, refunded: false },
      transfer: { amount: 2_500, destination, reversed: false },
    });
    assert.equal(await owned(stripe, destination), 2_200);
    await stripe.refunds.create({
      payment_intent: paid.id,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    assert.equal(await owned(stripe, destination), 0);
  });
}

/** A seller who has 20 of the 25 dollars of a payment that is settled at once. */
async function paidSeller(stripe) {
  const seller = await stripe.accounts.create({ type: "express", country: "US" });
  const paid = await stripe.paymentIntents.create(payment("pm_card_bypassPending"));
  const charge = paid.latest_charge;
  const transfer = await stripe.transfers.create({
    amount: 2_000,
    currency: "usd",
    destination: seller.id,
    source_transaction: charge,
  });
  return { seller: seller.id, charge, transfer };
}

/** All dollars that a seller, or without one the platform, has: available and not yet. */
async function owned(stripe, seller) {
  const inName = seller ? { stripeAccount: seller } : {};
  const { available, pending } = await stripe.balance.retrieve({}, inName);
  const dollars = [...available, ...pending].filter(({ currency }) => currency === "usd");
  return dollars.reduce((sum, { amount }) => sum + amount, 0);
}
