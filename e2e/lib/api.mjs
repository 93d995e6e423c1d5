// The public API over plain HTTP, to set a scene and to check how it ended.

import { randomUUID } from "node:crypto";
import { keep } from "./dialect.mjs";
import { until } from "./wait.mjs";

/**
 * Calls the API with the shop's secret key.
 *
 * @param {object} holdfast the handle of a running Holdfast
 * @param {string} method `GET`, `POST` or `DELETE`
 * @param {string} path such as `/v1/orders`
 * @param {object} [params] nested objects and arrays, sent in brackets
 * @param {{account?: string}} [as] on whose behalf
 */
export async function api(holdfast, method, path, params = {}, as = {}) {
  const form = new URLSearchParams(pairs(params));
  const headers = { authorization: `Bearer ${holdfast.secret_key}` };
  if (as.account) headers["stripe-account"] = as.account;
  let url = holdfast.api + path;
  let body;
  if (method === "POST") {
    headers["idempotency-key"] = randomUUID();
    headers["content-type"] = "application/x-www-form-urlencoded";
    body = form.toString();
  } else if (form.size > 0) {
    url += `?${form}`;
  }
  const answer = await fetch(url, { method, headers, body });
  const text = await answer.text();
  keep(`${method} ${path}`, text);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** All objects of a list, newest first. */
export async function all(holdfast, path, params = {}) {
  const found = [];
  for (;;) {
    const after = found.length > 0 ? { starting_after: found.at(-1).id } : {};
    const list = await api(holdfast, "GET", path, { limit: 100, ...params, ...after });
    found.push(...list.data);
    if (!list.has_more) return found;
  }
}

/** What a shop may ask on the pay page beside the card, and the texts that it may add. */
export function questions(holdfast) {
  const label = (custom) => ({ type: "custom", custom });
  const message = (text) => ({ message: text });
  const option = (value) => ({ value, label: `Size ${value}` });
  return {
    custom_fields: [
      { key: "engraving", type: "text", label: label("Engraving"), text: { maximum_length: 12 } },
      { key: "room", type: "numeric", label: label("Room"), optional: true },
      {
        key: "size",
        type: "dropdown",
        label: label("Size"),
        dropdown: { options: ["s", "m", "l"].map(option) },
      },
    ],
    custom_text: {
      submit: message("Made to order.\nIt takes two weeks."),
      after_submit: message(`Questions? [Write to us](${holdfast.shop}/).`),
      shipping_address: message("We ship to every country but our own."),
      terms_of_service_acceptance: message(`I accept the [terms of sale](${holdfast.shop}/).`),
    },
    consent_collection: { terms_of_service: "required", promotions: "auto" },
    name_collection: {
      business: { enabled: true, optional: true },
      individual: { enabled: true },
    },
    payment_intent_data: { setup_future_usage: "off_session" },
  };
}

/** What a shop may ask about places: where the goods go, and where the cardholder lives. */
export const addresses = {
  shipping_address_collection: { allowed_countries: ["DE", "AE", "US"] },
  billing_address_collection: "required",
  phone_number_collection: { enabled: true },
  custom_text: { shipping_address: { message: "We ship from Porto, on Mondays." } },
};

/** Opens a checkout session that asks all of it. */
export function openAsking(holdfast) {
  return openCheckout(holdfast, { more: questions(holdfast) });
}

/** The account of a seller of this name, made when there is none. */
export async function sellerNamed(holdfast, name) {
  const accounts = await all(holdfast, "/v1/accounts");
  const known = accounts.find((account) => account.business_profile.name === name);
  return known ?? api(holdfast, "POST", "/v1/accounts", { business_profile: { name } });
}

/**
 * Opens a checkout session as a shop would.
 *
 * @param {object} holdfast the handle of a running Holdfast
 * @param {object} [wish] `lines`: objects of `seller` (a name), `name`, `price` in cents,
 *   `quantity`, `upTo` for as many as the buyer may take, `noCards`; further parameters of the API in `more`
 */
export async function openCheckout(holdfast, { lines = [{}], more = {} } = {}) {
  const items = [];
  for (const line of lines) {
    const seller = await sellerNamed(holdfast, line.seller ?? "Porto Prints");
    items.push({
      quantity: line.quantity ?? 1,
      seller: seller.id,
      price_data: {
        currency: "usd",
        unit_amount: line.price ?? 1_999,
        product_data: { name: line.name ?? "Woodcut of a ship" },
      },
      ...(line.upTo ? { adjustable_quantity: { enabled: true, maximum: line.upTo } } : {}),
      ...(line.noCards ? { excluded_payment_method_types: ["card"] } : {}),
    });
  }
  return api(holdfast, "POST", "/v1/checkout/sessions", {
    mode: "payment",
    line_items: items,
    success_url: `${holdfast.shop}/thanks?session={CHECKOUT_SESSION_ID}`,
    cancel_url: `${holdfast.shop}/basket?cancelled=1`,
    ...more,
  });
}

/** Opens a session at which the buyer's card is saved and nothing is charged. */
export function openSetup(holdfast, more = {}) {
  return api(holdfast, "POST", "/v1/checkout/sessions", {
    mode: "setup",
    success_url: `${holdfast.shop}/thanks?session={CHECKOUT_SESSION_ID}`,
    cancel_url: `${holdfast.shop}/basket?cancelled=1`,
    ...more,
  });
}

/** A line that the shop itself sells. */
export function ownLine(name, price) {
  const price_data = { currency: "usd", unit_amount: price, product_data: { name } };
  return { quantity: 1, price_data };
}

/** The orders that a checkout session was split into. */
export function ordersOf(holdfast, session) {
  return all(holdfast, "/v1/orders", { checkout_session: session });
}

/** Moves Holdfast's clock, and with it the sandbox's, until all that comes due has been done. */
export async function passTime(holdfast, { hours }) {
  const { id, frozen_time: now } = await clockAtRest(holdfast);
  const path = `/v1/test_helpers/test_clocks/${id}/advance`;
  await api(holdfast, "POST", path, { frozen_time: now + hours * 3_600 });
  await clockAtRest(holdfast);
}

/** Waits until the clock has arrived where it was moved to. */
export function clockAtRest(holdfast) {
  return until("the clock", async () => {
    const [clock] = await all(holdfast, "/v1/test_helpers/test_clocks");
    return clock.status === "ready" && clock;
  });
}

/** `{a: {b: [1]}}` as `a[b][0]=1`. */
function pairs(value, name = "") {
  if (value === undefined) return [];
  if (value === null || typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    pairs(inner, name === "" ? key : `${name}[${key}]`),
  );
}
