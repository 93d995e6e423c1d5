// Requests a second of making and of reading a payment, beside a bare handler with the same body.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { processesOf } from "../lib/memory.mjs";
import { until } from "../lib/wait.mjs";

/** Three short rounds turn about: what the machine does meanwhile slows both sides alike. */
const ROUNDS = ["--seconds", "1", "--rounds", "3", "--json"];
const LIMIT_MS = 120_000;

// Parts of a thousand. An unoptimised build on a busy machine reaches five times as much, so that
// only what makes every request several times as dear falls below.
for (const [mix, floorPermille] of [["create", 10], ["read", 20]]) {
  test(`${mix}: measured beside a bare handler`, async (context) => {
    const { report, log } = await bench(["--mix", mix, ...ROUNDS]);
    for (const side of ["holdfast", "bare"]) context.diagnostic(shown(mix, side, report[side]));
    const { holdfast, bare, ratio_permille: ratio } = report;
    context.diagnostic(`${mix}: ratio ${(ratio / 1_000).toFixed(3)}`);

    assert.deepEqual([report.mix, report.seconds, report.rounds], [mix, 1, 3]);
    for (const side of [holdfast, bare]) {
      const { done, errors, per_second, p50_us, p90_us, p99_us, p999_us } = side;
      assert.equal(errors, 0);
      assert.ok(done >= report.connections, `each connection was answered: ${done}`);
      assert.ok(per_second > 0);
      const times = [p50_us, p90_us, p99_us, p999_us];
      assert.ok(p50_us > 0);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
    assert.equal(ratio, Math.floor((holdfast.per_second * 1_000) / bare.per_second));
    assert.ok(ratio > floorPermille, `${ratio} of a thousand, not over ${floorPermille}`);
    assert.ok(ratio <= 1_000, `${ratio} of a thousand: nothing is quicker than doing nothing`);
    assert.ok(!log.includes('"message":"request"'), "a line for every request is logged");
  });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"]) {
  test(`nothing of it is left after ${signal}`, async () => {
    const child = spawn(process.env.HOLDFAST_BIN, ["bench", "--seconds", "60"], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
    let family = [];
    try {
      // The bare server is started last.
      await until("the measurement", async () => {
        family = processesOf(child.pid);
        return family.some(({ role }) => role === "bench-bare");
      });
      const roles = family.map(({ role }) => role).sort();
      const own = ["bench", "bench-bare", "dev"];
      assert.deepEqual(roles, [...own, "card-zone", "example-shop", "sandbox-network"].sort());
      child.kill(signal);
      assert.deepEqual(await ended, signal === "SIGKILL" ? [null, signal] : [1, null]);
      await until("the end of all", async () => !family.some(({ pid }) => isRunning(pid)));
      const folder = join(tmpdir(), `holdfast-bench-${child.pid}`);
      assert.equal(existsSync(folder), signal === "SIGKILL", "its folder");
      rmSync(folder, { recursive: true, force: true });
    } finally {
      for (const { pid } of family) if (isRunning(pid)) process.kill(pid, "SIGKILL");
    }
  });
}

/** Whether a process is there and not only remembered by its parent. */
function isRunning(pid) {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** What `holdfast bench` prints and logs. It and the servers that it starts end with this. */
async function bench(flags) {
  const how = { stdio: ["ignore", "pipe", "pipe"], detached: true };
  const child = spawn(process.env.HOLDFAST_BIN, ["bench", ...flags], how);
  const endAll = () => process.kill(-child.pid, "SIGKILL");
  const late = setTimeout(endAll, LIMIT_MS);
  const output = { stdout: "", stderr: "" };
  for (const name of Object.keys(output)) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  clearTimeout(late);
  assert.equal(code, 0, output.stderr);
  return { report: JSON.parse(output.stdout), log: output.stderr };
}

function shown(mix, side, { per_second, p50_us, p99_us }) {
  return `${mix}: ${side} ${per_second}/s, p50 ${p50_us} us, p99 ${p99_us} us`;
}
