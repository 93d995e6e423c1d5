// What holds for every page in every state: people who cannot see it, or read it from right to
// left, or on the smallest phone, can use it too, and it does nothing that its policy forbids.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axeViolations,
  isTooWide,
  linksOf,
  openWindow,
  photographer,
  watch,
} from "../lib/browser.mjs";
import { holdAnswers } from "../lib/dialect.mjs";
import { everyPlace } from "../lib/places.mjs";
import { stage } from "../lib/stage.mjs";

const SMALLEST = { width: 320, height: 640 };
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
/** Chromium reports the status of a page that says 404, 400 or 429 as an error of its own. */
const STATUS_REPORT = /the server responded with a status of 4\d\d/;

const { holdfast, browser } = await stage();
const places = await everyPlace(holdfast);
const links = new Set();

for (const { name, locale, lang, dir } of [
  { name: "English", locale: "en-US", lang: "en", dir: "ltr" },
  { name: "Arabic", locale: "ar-EG", lang: "ar", dir: "rtl" },
]) {
  test(`every page is accessible, narrow enough and lawful: ${name}`, async () => {
    const shoot = photographer(`page-${lang}`);
    const faults = [];
    let visit = await enter(locale);
    for (const { name, go, fresh } of places) {
      if (fresh) visit = await enter(locale, visit);
      const { page, problems } = visit;
      await page.setViewportSize(DESKTOP);
      await go(page).catch((error) => faults.push(`${name}: ${error.message}`));
      const found = [
        ...(await wrongLanguage(page, { lang, dir })),
        ...(await axeViolations(page)).map((line) => `desktop: ${line}`),
        ...(await atSize(page, PHONE, axeViolations)).map((line) => `phone: ${line}`),
        ...((await atSize(page, SMALLEST, isTooWide)) ? ["scrolls sideways at 320 pixels"] : []),
        ...problems.splice(0).filter((line) => !STATUS_REPORT.test(line)),
      ];
      faults.push(...found.map((line) => `${name}: ${line}`));
      const { away, dead } = await linksOf(page);
      away.forEach((link) => links.add(link));
      faults.push(...dead.map((place) => `${name}: a link leads to no ${place}`));
      await shoot(page, name.replaceAll(/[^a-z]+/g, "-"));
    }
    await visit.window.close();
    assert.deepEqual(faults, []);
  });
}

test("every link from one page to another leads there", async () => {
  assert.ok(links.size > 50, `${links.size} links`);
  const dead = [];
  for (const link of links) {
    const answer = await fetch(link);
    const text = await answer.text();
    const place = new URL(link).hash.slice(1);
    const isThere = place === "" || text.includes(`id="${place}"`);
    if (!answer.ok || !isThere) dead.push(`${answer.status} ${link}`);
  }
  assert.deepEqual(dead, []);
});

holdAnswers(["account", "checkout.session", "payment_link"]);

/** A page of a window without cookies, after the one before has been closed. */
async function enter(locale, before) {
  await before?.window.close();
  const window = await openWindow(browser, { locale });
  return { window, problems: watch(window), page: await window.newPage() };
}

async function atSize(page, size, look) {
  await page.setViewportSize(size);
  return look(page);
}

async function wrongLanguage(page, wanted) {
  const [lang, dir] = await page.evaluate(() => {
    const { lang, dir } = document.documentElement;
    return [lang, dir];
  });
  const isRight = lang === wanted.lang && dir === wanted.dir;
  return isRight ? [] : [`is in ${lang}, ${dir}, and not in ${wanted.lang}, ${wanted.dir}`];
}
