// What all tests of one file share: a Holdfast and a browser, both ended with the last test.

import { after } from "node:test";
import { startBrowser } from "./browser.mjs";
import { startHoldfast } from "./holdfast.mjs";

/**
 * Sets the stage for the tests of the calling file: `const { holdfast } = await stage();`
 *
 * Awaited at the top of the file and not in a `before` hook, because at the top level several of
 * those run at the same time.
 *
 * @param {{browser?: boolean, flags?: string[]}} [wanted] `browser: false` where no page is opened,
 *   and flags of the program
 */
export async function stage({ browser = true, flags } = {}) {
  const holdfast = await startHoldfast({ flags });
  after(() => holdfast.stop());
  if (!browser) return { holdfast };
  const chromium = await startBrowser();
  after(() => chromium.close());
  return { holdfast, browser: chromium };
}
