// The API's description of itself: valid, and true of thousands of generated requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runPython } from "../lib/python.mjs";
import { stage } from "../lib/stage.mjs";

// Without limits: a request that is turned away for its number says nothing about its answer, and
// two requests of each operation knock without a key.
const flags = ["--requests-per-second", "0"];
const { holdfast } = await stage({ browser: false, flags });

test("/openapi.json is valid, and no answer contradicts it", async () => {
  const { code, output } = await runPython("openapi.py", holdfast);
  assert.equal(code, 0, output);
});
