// The whole first tier by the official Python SDK; each answer is held to the dialect's schemas.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runPython } from "../lib/python.mjs";
import { stage } from "../lib/stage.mjs";

const { holdfast } = await stage({ browser: false });

test("Python: every operation of the first tier, with answers as the dialect has them", async () => {
  const { code, output } = await runPython("surface.py", holdfast, {
    HOLDFAST_PUBLISHABLE_KEY: holdfast.publishable_key,
    HOLDFAST_SANDBOX: holdfast.sandbox,
  });
  assert.equal(code, 0, output);
});
