// Where bytes are found: in the memory of processes, and in the files of a folder.

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

/** The most that is read at once, with some overlap so that nothing is cut in two. */
const CHUNK = 16 * 1024 * 1024;
const OVERLAP = 256;

/** The processes of a program: the one with `pid` and all that descend from it. */
export function processesOf(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(all.map((id) => [id, parentOf(id)]));
  const family = [pid];
  for (const id of family) {
    for (const [child, parent] of parents) if (parent === id) family.push(child);
  }
  return family.map((id) => ({ pid: id, role: roleOf(id) })).filter(({ role }) => role !== null);
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return NaN;
  }
}

/** The command that the program was started with, `dev` for the parent. */
function roleOf(pid) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return words[1] ?? "";
  } catch {
    return null;
  }
}

/** Which of `needles` stand anywhere in a process's memory. */
export function foundInMemory(pid, needles) {
  const found = new Set();
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const [start, end] of readableRegions(pid)) searchRegion(memory, start, end, needles, found);
  } finally {
    closeSync(memory);
  }
  return [...found];
}

function readableRegions(pid) {
  const lines = readFileSync(`/proc/${pid}/maps`, "utf8").split("\n");
  const regions = lines.map((line) => /^([0-9a-f]+)-([0-9a-f]+) r\S* \S+ \S+ \S+\s*(.*)$/.exec(line));
  // The kernel's own pages cannot be read this way, and hold nothing of ours.
  const ours = regions.filter((match) => match && !/^\[v(var|syscall|dso)/.test(match[3]));
  return ours.map((match) => [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`)]);
}

function searchRegion(memory, start, end, needles, found) {
  const buffer = Buffer.allocUnsafe(CHUNK + OVERLAP);
  for (let at = start; at < end; at += BigInt(CHUNK)) {
    const left = Number(end - at);
    const length = Math.min(left, CHUNK + OVERLAP);
    let read = 0;
    try {
      read = readSync(memory, buffer, 0, length, at);
    } catch {
      continue; // A region that went away, or whose pages were never there.
    }
    search(buffer.subarray(0, read), needles, found);
  }
}

function search(bytes, needles, found) {
  for (const needle of needles) if (bytes.includes(needle)) found.add(needle);
}

/** Which of `needles` stand in which file below `folder`. */
export function foundInFiles(folder, needles) {
  const hits = [];
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, String(name));
    if (!statSync(path).isFile()) continue;
    const found = new Set();
    search(readFileSync(path), needles, found);
    for (const needle of found) hits.push(`${needle} in ${name}`);
  }
  return hits;
}
