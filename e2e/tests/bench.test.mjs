// Requests a second of making and of reading a payment, beside a bare handler with the same body.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { processesOf } from "../lib/memory.mjs";
import { until } from "../lib/wait.mjs";

/** Three short rounds turn about: what the machine does meanwhile slows both sides alike. */
const ROUNDS = ["--duration", "1", "--rounds", "3", "--json"];
const LIMIT_MS = 120_000;

// Parts of a thousand. An unoptimised build on a busy machine reaches five times as much, so that
// only what makes every request several times as dear falls below.
for (const [mix, floorPermille] of [["create", 10], ["read", 20]]) {
  test(`${mix}: measured beside a bare handler`, async (context) => {
    const { report, log } = await bench(["--mix", mix, ...ROUNDS]);
    for (const side of ["holdfast", "bare"]) context.diagnostic(shown(mix, side, report[side]));
    const { holdfast, bare, ratio_permille: ratio } = report;
    context.diagnostic(`${mix}: ratio ${(ratio / 1_000).toFixed(3)}`);

    assert.deepEqual([report.mix, report.duration_s, report.rounds], [mix, 1, 3]);
    for (const side of [holdfast, bare]) isWhole(side, report.connections);
    assert.equal(report.each_round.length, 3);
    assert.equal(report.payments, mix === "read" ? 0 : report.requests);
    assert.equal(ratio, Math.floor((holdfast.per_second * 1_000) / bare.per_second));
    assert.ok(ratio > floorPermille, `${ratio} of a thousand, not over ${floorPermille}`);
    assert.ok(ratio <= 1_000, `${ratio} of a thousand: nothing is quicker than doing nothing`);
    assert.ok(!log.includes('"message":"request"'), "a line for every request is logged");
  });
}

test("life: from the basket to the seller's money, at a rate", async (context) => {
  const flags = ["--mix", "life", "--rate", "20", "--connections", "4", "--duration", "2", "--json"];
  const { report } = await bench([...flags, "--rounds", "1", "--alone"]);
  const { holdfast, each_round: rounds, memory_kib: memory } = report;
  context.diagnostic(shown("life", "holdfast", holdfast));
  isWhole(holdfast, 4);
  // 20 a second for 2 s were due, whether or not all of them could be begun.
  assert.equal(holdfast.done + holdfast.unsent, 40);
  assert.deepEqual([report.payments, report.requests], [holdfast.done, 5 * holdfast.done]);
  assert.deepEqual([report.bare, report.ratio_permille, rounds[0].bare], [null, null, null]);
  const roles = ["bench", "card-zone", "dev", "example-shop", "sandbox-network"];
  assert.deepEqual(Object.keys(rounds[0].cpu_ms).sort(), roles);
  assert.ok(rounds[0].cpu_ms.dev > 0);
  assert.ok(memory.at_rest > 0 && memory.largest >= memory.at_start && memory.at_end > 0);
  assert.ok(report.ready_ms > 0);
  assert.deepEqual([report.version, report.store, report.nodes, report.rate], [2, "sqlite", 1, 20]);
});

test("a folder is filled with payments as good as real ones", async (context) => {
  const folder = join(tmpdir(), `holdfast-filled-${process.pid}`);
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const where = ["--data-dir", folder];
  const filled = JSON.parse(run(["bench", "--mix", "life", "--fill", "2000", "--json", ...where]));
  assert.ok(filled.payments >= 2_000, `${filled.payments}`);
  // Pages, rows, lists, books: all that an operator would look through.
  assert.equal(run(["check", ...where]).trim(), "all is well");
  const short = ["--duration", "1", "--rounds", "1", "--json", "--alone"];
  const { report } = await bench(["--mix", "pay", ...short, ...where]);
  isWhole(report.holdfast, 1);
  assert.equal(run(["check", ...where]).trim(), "all is well");
});

for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"]) {
  test(`nothing of it is left after ${signal}`, async () => {
    const child = spawn(process.env.HOLDFAST_BIN, ["bench", "--duration", "60"], { stdio: "ignore" });
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

/** What a command of the program prints. */
function run(words) {
  const how = { encoding: "utf8", timeout: LIMIT_MS, stdio: ["ignore", "pipe", "inherit"] };
  return execFileSync(process.env.HOLDFAST_BIN, words, how);
}

/** That the figures are there, of answers without an error. */
function isWhole(side, connections) {
  const { done, requests, errors, errors_by, per_second, p50_us, p90_us, p99_us, p999_us } = side;
  assert.deepEqual([errors, errors_by], [0, {}]);
  assert.ok(done >= connections && requests >= done, `each connection was answered: ${done}`);
  assert.ok(per_second > 0 && p50_us > 0);
  const times = [p50_us, p90_us, p99_us, p999_us];
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
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
