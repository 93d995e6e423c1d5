// Debian's Chromium, driven by playwright-core, at the sizes of a phone and of a desk.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { resolve } = createRequire(import.meta.url);
const axeSource = readFileSync(resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(dirname(fileURLToPath(import.meta.url)), "..", "out");

/** How long a page may take for what it is asked: far more than it needs, on a busy machine too. */
const PATIENCE_MS = 20_000;

export const SIZES = {
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 900 } },
};

// Nothing may be looked up or fetched from outside this machine.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function startBrowser() {
  const executablePath = process.env.HOLDFAST_CHROMIUM || "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * A browser of a person of their own: no cookie of anybody else's.
 *
 * @param {import("playwright-core").Browser} browser the running browser
 * @param {object} [who] `size` of SIZES, `script: false` without JavaScript, `locale` such as
 *   `ar-EG`; everything else as Playwright has it
 */
export async function openWindow(browser, { size = "desktop", script = true, ...more } = {}) {
  const window = await browser.newContext({
    ...SIZES[size],
    javaScriptEnabled: script,
    locale: "en-US",
    ...more,
  });
  window.setDefaultTimeout(PATIENCE_MS);
  return window;
}

/** Takes numbered pictures of a story into `e2e/out`: `purchase-phone-03-bank.png`. */
export function photographer(story) {
  let number = 0;
  mkdirSync(pictures, { recursive: true });
  return async (page, what) => {
    number += 1;
    const name = `${story}-${String(number).padStart(2, "0")}-${what}.png`;
    await page.screenshot({ path: join(pictures, name), fullPage: true });
  };
}

/**
 * Collects what must not happen in a window: errors of scripts, messages of the console, breaches
 * of the content policy, and requests that leave this machine.
 *
 * @returns the list, to which lines are added as they happen
 */
export function watch(window) {
  const problems = [];
  window.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(`${message.page()?.url()} says: ${message.text()}`);
    }
  });
  window.on("weberror", (error) => problems.push(`a script failed: ${error.error().stack}`));
  window.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const inside = hostname === "127.0.0.1" || protocol === "data:";
    if (!inside) problems.push(`a request left this machine: ${request.url()}`);
  });
  return problems;
}

/** Everything that people may read in a window while it is open, as the pages change. */
export async function everyWord(window) {
  const words = [];
  await window.exposeBinding("hear", (_, text) => words.push(text));
  await window.addInitScript(() => {
    const tell = () => globalThis.hear(document.body.innerText);
    addEventListener("DOMContentLoaded", () => {
      tell();
      const changes = { childList: true, subtree: true, characterData: true };
      new MutationObserver(tell).observe(document.body, changes);
    });
  });
  return words;
}

/**
 * What axe finds wrong with a page at the size that it has now, as short lines.
 *
 * The pages forbid foreign scripts; what is evaluated by the debugger is none.
 */
export async function axeViolations(page) {
  const isThere = await page.evaluate(() => "axe" in globalThis);
  if (!isThere) await page.evaluate(`${axeSource}; undefined`);
  const { violations } = await page.evaluate(() =>
    // The style sheets are not fetched once more, which the pages' policy would forbid.
    globalThis.axe.run(document, { preload: false, resultTypes: ["violations"] }),
  );
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
  );
}

/** Where the links of a page lead to, and those of them that lead to no place in the page. */
export function linksOf(page) {
  return page.evaluate(() => {
    const links = Array.from(document.links, (link) => new URL(link.href));
    const isHere = ({ origin, pathname }) =>
      origin === location.origin && pathname === location.pathname;
    const away = links.filter((link) => !isHere(link)).map(String);
    const places = links.filter((link) => isHere(link) && link.hash).map((link) => link.hash);
    return { away, dead: places.filter((place) => !document.querySelector(place)) };
  });
}

/** Whether a page is wider than its window, so that people would have to scroll sideways. */
export function isTooWide(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth;
  });
}

/** Photographs a page and finds nothing that a person could not use. */
export function watchful(shoot, script = true) {
  return async (page, name) => {
    await shoot(page, name);
    assert.equal(await isTooWide(page), false, `${name} scrolls sideways`);
    if (script) assert.deepEqual(await axeViolations(page), [], name);
  };
}
