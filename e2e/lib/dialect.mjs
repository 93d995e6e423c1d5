// Answers against the schemas of the dialect.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPython } from "./python.mjs";

/**
 * Checks, strictly, every object of the answers that passed a line.
 *
 * @param {{answers: object[]}} line what `startLine` gave
 * @param {string[]} words what is in `object` of objects that must be among them
 */
export async function assertOfTheDialect(line, words) {
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
