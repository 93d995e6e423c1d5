// Purchases without a browser: the pay page's plain forms, posted as a browser without script
// posts them. For scenes that a test only wants to find in place.

import { api, openCheckout, ordersOf } from "./api.mjs";
import { until } from "./wait.mjs";

/**
 * Posts *Pay now* with a token of the sandbox, such as `tok_visa`.
 *
 * @returns the state of the page that came, and its address
 */
export async function payQuietly(session, token) {
  const path = new URL(session.url);
  const page = await (await fetch(`${path}/card?token=${token}`)).text();
  const field = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1];
  const fields = { token, attempt: field("attempt"), total: field("total") };
  return stateAfter(await post(`${path}/pay`, fields));
}

/** A session paid with a card that asks for nothing, and its orders. */
export async function paidCheckout(holdfast, wish) {
  const session = await openCheckout(holdfast, wish);
  await payQuietly(session, "tok_visa");
  const orders = await until("the orders", async () => {
    const orders = await ordersOf(holdfast, session.id);
    return orders.length > 0 && orders;
  });
  return { session, orders };
}

/** An order whose seller has shipped it, its part of the payment captured. */
export async function shippedOrder(holdfast, wish) {
  const { orders } = await paidCheckout(holdfast, wish);
  const parcel = { carrier: "Kite Post", tracking_number: "HF123" };
  await api(holdfast, "POST", `/v1/orders/${orders[0].id}/ship`, parcel);
  return until("the capture", async () => {
    const order = await api(holdfast, "GET", `/v1/orders/${orders[0].id}`);
    return order.held_funds && order;
  });
}

/** Posts a form as a page of ours does. */
export function post(url, fields = {}) {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields) });
}

async function stateAfter(answer) {
  const page = await answer.text();
  const state = /<main[^>]*data-state="(\w+)"/.exec(page)?.[1];
  if (!state) throw new Error(`${answer.url}: ${answer.status} ${page.slice(0, 400)}`);
  return { state, url: answer.url };
}
