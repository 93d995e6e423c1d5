// Answers against the schemas of the dialect: those that passed a line, and those of plain calls.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runPython } from "./python.mjs";

/** What plain calls of this file were answered. */
const kept = [];
let areHeld = false;

/**
 * Checks, strictly, every object of the answers that passed a line.
 *
 * @param {{answers: object[]}} line what `startLine` gave
 * @param {string[]} words what is in `object` of objects that must be among them
 */
export async function assertOfTheDialect(line, words) {
  areHeld = true;
  const folder = mkdtempSync(join(tmpdir(), "holdfast-answers-"));
  const answers = join(folder, "answers.json");
  try {
    writeFileSync(answers, JSON.stringify(line.answers));
    const { code, output } = await runPython("answers.py", {}, { HOLDFAST_ANSWERS: answers });
    assert.equal(code, 0, output);
    const { checked, faults } = JSON.parse(output);
    assert.deepEqual(faults, []);
    assert.deepEqual(words.filter((word) => !checked[word]), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps the answer to a plain call, as it came, until the last test of the file holds it. */
export function keep(asked, body) {
  kept.push({ asked, body });
}

/**
 * Holds what plain calls are answered to the dialect: the last test of each file that makes any.
 *
 * @param {string[]} words what is in `object` of objects that must be among them
 */
export function holdAnswers(words) {
  test("every answer was of the dialect", () => assertOfTheDialect({ answers: kept }, words));
}

// A file that forgets it fails as a whole.
process.once("exit", () => {
  if (kept.length === 0 || areHeld) return;
  process.stderr.write("plain calls were answered, and nobody holds the answers: holdAnswers()\n");
  process.exitCode = 1;
});
