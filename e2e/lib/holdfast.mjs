// One Holdfast of its own for a test: free ports, a temporary folder, ended with the test.

import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Holdfast's ports are neighbours; there are this many places for them. */
const PORTS_OF_ONE = 6;
const FIRST_PORT = 9_000;
const PLACES = 1_150;
/** What the program says that finds somebody else on its ports, and how often others are tried. */
const TAKEN = "choose others with --port-base";
const PORT_TRIES = 5;
const PLACES_OF_A_FILE = 37;
let placesTried = 0;

const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 20_000;

/**
 * Starts the binary.
 *
 * @param {{folder?: string, portBase?: number, flags?: string[]}} [options] a folder and ports of
 *   an earlier start, and more flags of the program
 * @returns a handle with the ready file's keys, `folder`, `log`, `pid`, `stop()` and `kill()`
 */
export async function startHoldfast(options = {}, portTries = PORT_TRIES) {
  const program = process.env.HOLDFAST_BIN;
  if (!program) throw new Error("HOLDFAST_BIN names no program; cargo xtask test sets it");
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "holdfast-e2e-"));
  const portBase = options.portBase ?? (await freePorts());
  const readyFile = join(folder, `ready-${Date.now()}.json`);
  const log = join(folder, "holdfast.log");
  const data = join(folder, "data");
  const places = ["--port-base", String(portBase), "--data-dir", data, "--ready-file", readyFile];
  const flags = [...places, ...(options.flags ?? [])];
  const output = createWriteStream(log, { flags: "a" });
  await new Promise((resolve) => output.once("open", resolve));
  const child = spawn(program, ["dev", ...flags], { stdio: ["ignore", output, output] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  // A test file that ends early must leave nothing behind.
  const endWithFile = () => {
    child.kill("SIGKILL");
    if (!options.folder) rmSync(folder, { recursive: true, force: true });
  };
  const ends = ["exit", "uncaughtExceptionMonitor"];
  for (const end of ends) process.once(end, endWithFile);
  child.once("exit", () => ends.forEach((end) => process.off(end, endWithFile)));

  const handle = { folder, data, log, portBase, pid: child.pid };
  handle.kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  /** Stops in order; removes the folder unless it is wanted again. */
  handle.stop = async ({ keep = false } = {}) => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
    await ended;
    clearTimeout(late);
    output.end();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const last = readFileSync(log, "utf8").slice(-4_000);
      await handle.stop({ keep: options.folder !== undefined });
      if (options.portBase === undefined && portTries > 1 && last.includes(TAKEN)) {
        return startHoldfast(options, portTries - 1);
      }
      throw new Error(`Holdfast did not get ready:\n${last}`);
    }
    await sleep(20);
  }
  return Object.assign(handle, JSON.parse(readFileSync(readyFile, "utf8")));
}

/**
 * The first of six neighbouring ports that nobody listens on. They lie below those that systems
 * give to outgoing connections, one of which could take a port between this look and the start.
 */
export async function freePorts() {
  for (;;) {
    // Files that run side by side begin at places of their own, or both could find one free at
    // the same time.
    const place = (process.pid * PLACES_OF_A_FILE + placesTried) % PLACES;
    placesTried += 1;
    const base = FIRST_PORT + place * PORTS_OF_ONE;
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => isFree(base + n)));
    if (all.every(Boolean)) return base;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
