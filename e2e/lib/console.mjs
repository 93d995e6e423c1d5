// The console, as an operator uses it.

import { minor } from "./money.mjs";

/** Ships an order by its form. */
export async function ship(page, holdfast, order, { carrier, tracking }) {
  await page.goto(`${holdfast.console}/orders/${order}`);
  await page.getByLabel("Carrier").fill(carrier);
  await page.getByLabel("Tracking number").fill(tracking);
  await page.getByRole("button", { name: "Mark as shipped" }).click();
  await page.getByText("The order is shipped.").waitFor();
}

/** What the page of an order says about it: `{ "Held": "$36.97", ... }`. */
export async function orderFacts(page, holdfast, order) {
  await page.goto(`${holdfast.console}/orders/${order}`);
  const names = await page.locator("dl.facts dt").allTextContents();
  const values = await page.locator("dl.facts dd").allTextContents();
  return Object.fromEntries(names.map((name, place) => [name, values[place]]));
}

/** The sellers' balances in cents: `{ "Kyoto Paper": { held, available, fees } }`. */
export async function sellerBalances(page, holdfast) {
  await page.goto(`${holdfast.console}/sellers`);
  const rows = await page.locator("table tbody tr").all();
  const balances = {};
  for (const row of rows) {
    const name = await row.locator("th bdi").first().innerText();
    const sums = await row.locator("td.sum").allTextContents();
    const [held, available, fees] = sums.length > 0 ? sums.map(minor) : [0, 0, 0];
    balances[name] = { held, available, fees };
  }
  return balances;
}

/** The platform's fees in cents, by the first page. */
export async function platformFees(page, holdfast) {
  await page.goto(`${holdfast.console}/`);
  const table = page.getByRole("region", { name: "The platform's own balance" });
  if (!(await table.isVisible())) return 0;
  return minor(await table.locator("tbody tr td").nth(1).innerText());
}

/**
 * The journal entries of a payment: for each a list of lines such as
 * `debit processor_clearing 3697`, sorted.
 */
export async function journalOf(page, holdfast, payment) {
  await page.goto(`${holdfast.console}/payments/${payment}`);
  const entries = await page.locator("table.journal tbody").all();
  return Promise.all(entries.map(entryLines));
}

async function entryLines(entry) {
  const rows = await entry.locator("tr").all();
  const lines = rows.map(async (row) => {
    const [account, debit, credit] = await row.locator("td").allTextContents();
    return debit ? `debit ${account} ${minor(debit)}` : `credit ${account} ${minor(credit)}`;
  });
  return (await Promise.all(lines)).sort();
}
