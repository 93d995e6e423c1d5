// Runs every test against the binary that HOLDFAST_BIN names, and closes with one line of figures.
//
//   node e2e/run.mjs            all tests
//   node e2e/run.mjs purchase   only the files whose name contains "purchase"
//
// Every file starts the servers that it needs, on free ports and in a temporary folder, so that
// files may run side by side.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

/** Files that measure rates, or have to find memory clean in time: nothing runs beside them. */
const ALONE = ["bench", "canary"];
/** The longest, started first, so that none of them is waited for at the end. */
const LONGEST = ["openapi", "pages", "surface", "once"];
/** As many as the smallest machine has cores. */
const TOGETHER = 2;
const TIMEOUT_MS = 1_200_000;

const folder = join(dirname(fileURLToPath(import.meta.url)), "tests");
const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".test.mjs"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .map((file) => file.replace(".test.mjs", ""))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

let passed = 0;
let failed = 0;
await all(names.filter((name) => ALONE.includes(name)), 1);
await all(names.filter((name) => !ALONE.includes(name)), TOGETHER);
if (passed === 0) failed += 1;
// After the reporter's own summaries, so that this is the last line.
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs the files of these names, and counts. */
async function all(names, concurrency) {
  if (names.length === 0) return;
  const files = names.map((name) => join(folder, `${name}.test.mjs`));
  const stream = run({ files, concurrency, timeout: TIMEOUT_MS });
  /** Whether an event is about a test, not about a suite or a whole file. */
  const isTest = ({ name, details }) => details?.type !== "suite" && !files.includes(name);
  stream.on("test:pass", (event) => {
    passed += isTest(event) ? 1 : 0;
  });
  stream.on("test:fail", (event) => {
    // A file that could not even be started has failed as well.
    failed += isTest(event) || event.nesting === 0 ? 1 : 0;
  });
  for await (const text of stream.compose(spec())) process.stdout.write(text);
}

/** The place of a file in the line. */
function rank(name) {
  const at = LONGEST.indexOf(name);
  return at === -1 ? LONGEST.length : at;
}
