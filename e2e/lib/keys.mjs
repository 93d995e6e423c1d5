// A person who has no mouse: everything is reached with Tab and done with the keys.

import assert from "node:assert/strict";

/** More stops than any page has. */
const STOPS_MAX = 120;

/**
 * Presses Tab until the focus is on the element of this role and name, and checks at each stop
 * that the focus can be seen. Returns the element.
 */
export async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
  await wanted.waitFor();
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    await page.keyboard.press("Tab");
    await assertVisibleFocus(page);
    if (await wanted.evaluate((element) => element === document.activeElement)) return wanted;
  }
  throw new Error(`Tab never comes to the ${role} ${name} of ${page.url()}`);
}

/** Presses a key on the element that has the focus. */
export async function press(page, element, key) {
  assert.ok(await element.evaluate((e) => e === document.activeElement), "has the focus");
  await page.keyboard.press(key);
}

/** Whether the element with the focus is on the screen and has a ring around it. */
async function assertVisibleFocus(page) {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { isPage: true };
    const isRinged = (box) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(box);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    };
    // A field or a link may show its focus on the box that it stands in.
    let ringed = false;
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      ringed ||= isRinged(box);
    }
    const box = element.getBoundingClientRect();
    const onScreen =
      box.width > 0 &&
      box.bottom > 0 &&
      box.top < innerHeight &&
      box.right > 0 &&
      box.left < innerWidth;
    return { ringed, onScreen, html: element.outerHTML.slice(0, 160) };
  });
  if (seen.isPage) return;
  assert.ok(seen.ringed, `the focus cannot be seen: ${seen.html}`);
  assert.ok(seen.onScreen, `the focus is off the screen: ${seen.html}`);
}
