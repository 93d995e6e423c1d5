// The example shop, as a buyer uses it.

/** Puts products into the basket, each on its own page: `["azulejo-mug", "washi-notebook"]`. */
export async function fillBasket(page, holdfast, products) {
  for (const product of products) {
    await page.goto(`${holdfast.shop}/products/${product}`);
    await page.getByRole("button", { name: "Add to basket" }).click();
    await page.waitForURL("**/basket**");
  }
}

/** From the basket to the pay page. Returns the id of the checkout session. */
export async function checkOut(page, holdfast) {
  await page.goto(`${holdfast.shop}/basket`);
  await page.getByRole("button", { name: "Go to checkout" }).click();
  await page.waitForURL(`${holdfast.pay}/c/**`);
  return sessionOf(page);
}

/** The id of the checkout session that a pay page belongs to. */
export function sessionOf(page) {
  return new URL(page.url()).pathname.split("/")[2];
}
