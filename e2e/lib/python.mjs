// Scripts in Python against a running Holdfast.

import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs `e2e/sdk/<name>` with the interpreter that has the packages. */
export async function runPython(name, holdfast, more = {}) {
  const script = fileURLToPath(new URL(`../sdk/${name}`, import.meta.url));
  const made = join(homedir(), ".cache/holdfast/venv/bin/python");
  const { api = "", secret_key = "" } = holdfast;
  const env = { ...process.env, HOLDFAST_API: api, HOLDFAST_SECRET_KEY: secret_key, ...more };
  const child = spawn(process.env.HOLDFAST_PYTHON || made, [script], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { code, output };
}
