// Runs every test against the binary that HOLDFAST_BIN names, and closes with one line of figures.
//
//   node e2e/run.mjs            all tests
//   node e2e/run.mjs purchase   only the files whose name contains "purchase"
//
// Every file starts the servers that it needs, on free ports and in a temporary folder.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "tests");
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()
  .map((name) => join(folder, name));

let passed = 0;
let failed = 0;
const stream = run({ files, concurrency: 1, timeout: 600_000 });
stream.on("test:pass", (event) => {
  passed += isTest(event) ? 1 : 0;
});
stream.on("test:fail", (event) => {
  // A file that could not even be started has failed as well.
  failed += isTest(event) || event.nesting === 0 ? 1 : 0;
});
stream.compose(spec()).pipe(process.stdout);
stream.on("end", () => {
  // After the reporter's own summary, so that this is the last line.
  setImmediate(() => {
    if (passed === 0) failed += 1;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
});

/** Whether an event is about a test, not about a suite or a whole file. */
function isTest(event) {
  const isSuite = event.details?.type === "suite";
  const isFile = files.includes(event.name);
  return !isSuite && !isFile;
}
