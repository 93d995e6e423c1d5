// Waits for states, never for durations.

import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 20_000;

/**
 * Looks until `look` finds something, and returns that.
 *
 * @param {string} what what is waited for, for the message when it does not come
 * @param {() => Promise<unknown>} look answers something truthy once it is there
 */
export async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
