// What all tests of one file share: a Holdfast and a browser, both ended with the last test.

import { after } from "node:test";
import { startBrowser } from "./browser.mjs";
import { startHoldfast } from "./holdfast.mjs";
import { startLine } from "./line.mjs";

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

/**
 * The same for the SDKs, without a browser: the API is reached by a line that keeps its answers.
 *
 * @param {{flags?: string[]}} [wanted] flags of the program
 * @returns `holdfast`, and `line`, for `assertOfTheDialect` in the last test of the file
 */
export async function stageWithLine({ flags } = {}) {
  const { holdfast } = await stage({ browser: false, flags });
  const line = await startLine(holdfast.api);
  after(() => line.close());
  return { holdfast: { ...holdfast, api: line.api }, line };
}
