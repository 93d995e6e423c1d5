// The outside world: the sandbox network's witness and faults, and its page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clockAtRest } from "./api.mjs";

/** Calls the sandbox network as the processor's client does. */
export async function network(holdfast, method, path, body) {
  const keys = JSON.parse(readFileSync(join(holdfast.data, "dev-keys.json"), "utf8"));
  const headers = { authorization: `Bearer ${keys.network_key}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(holdfast.sandbox + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

/** Every authorization that the network knows, with what was taken and given back. */
export async function witness(holdfast) {
  return (await network(holdfast, "GET", "/network/ledger")).authorizations;
}

/** Lets the network misbehave for its next requests: `{ operation, fault, times, delay_ms }`. */
export function addFault(holdfast, fault) {
  return network(holdfast, "POST", "/faults", { times: 1, ...fault });
}

/** Lets the network behave again. */
export function clearFaults(holdfast) {
  return network(holdfast, "DELETE", "/faults");
}

/** Moves the clock by the form on the page of the outside world. */
export async function moveClock(page, holdfast, days) {
  await page.goto(`${holdfast.sandbox}/`);
  await page.getByLabel("Move forward by").fill(String(days));
  await page.getByLabel("Unit").selectOption("days");
  await page.getByRole("button", { name: "Move forward" }).click();
  await page.getByText("The clock was moved.").waitFor();
  await clockAtRest(holdfast);
}

/** Does what a buyer does at the bank's page: reads the code on the phone and gives it. */
export async function passChallenge(holdfast, url) {
  const phone = await (await fetch(`${holdfast.sandbox}/?lang=en`)).text();
  const code = /class="code[^"]*"[^>]*>\s*([0-9]+)/.exec(phone)[1];
  const body = new URLSearchParams({ code, lang: "en" });
  // Where the bank sends the buyer back to need not be there.
  await fetch(url, { method: "POST", body, redirect: "manual" });
}
