import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** How often memory is looked at. */
const LOOK_EVERY_MS = 50;

/** A key that all batches of a check share: without it a visitor has another name in each. */
export function keyIn(folder) {
  const path = join(folder, 'redact.key');
  writeFileSync(path, 'a key for the checks of batches\n');
  return path;
}

/**
 * Runs the program to its end. Gives its exit code, what it wrote, its wall time, and the highest sum of the memory of all its
 * processes in MB (10^6 bytes; on Linux, else null).
 */
export async function run(program, args) {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, peakMB] = ['', '', null];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const looking = setInterval(() => {
    const now = memoryOf(child.pid);
    if (now !== null) peakMB = Math.max(peakMB ?? 0, now);
  }, LOOK_EVERY_MS);
  const code = await new Promise((done) => child.on('close', done));
  clearInterval(looking);
  return { code, stdout, stderr, seconds: (performance.now() - started) / 1000, peakMB };
}

/** Memory of a process and those it started; null where the system does not tell. */
function memoryOf(pid) {
  try {
    const kB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return (kB * 1024) / 1e6 + children.reduce((sum, child) => sum + (memoryOf(child) ?? 0), 0);
  } catch {
    return null;
  }
}

/** Seconds of processor time of a command and its children. */
export function cpuSecondsOf(program, args) {
  const script = `
    const { spawnSync } = require('node:child_process');
    const started = process.hrtime.bigint();
    const before = process.resourceUsage();
    spawnSync(process.execPath, ${JSON.stringify([program, ...args])}, { stdio: 'ignore' });
    console.log(Number(process.hrtime.bigint() - started) / 1e9);`;
  // GNU time tells the processor time of children; the shell's own word does everywhere.
  const out = execFileSync('bash', ['-c', `times; exec 3>&1; "$0" -e "$1" 1>&3; times`, process.execPath, script], {
    encoding: 'utf8',
  });
  const seconds = [...out.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest));
  const wall = Number(/^\d+\.\d+$/m.exec(out)?.[0]);
  const [, , userBefore, systemBefore, , , userAfter, systemAfter] = seconds;
  return { cpu: userAfter + systemAfter - userBefore - systemBefore, wall };
}

/** All files beneath a folder: bytes, or with `stamps` their times of change. */
export function filesIn(root, stamps = false) {
  return new Map(
    readdirSync(root, { recursive: true })
      .map(String)
      .sort()
      .filter((name) => statSync(join(root, name)).isFile())
      .map((name) => [
        name,
        stamps
          ? String(statSync(join(root, name), { bigint: true }).ctimeNs)
          : readFileSync(join(root, name), 'latin1'),
      ]),
  );
}

/** The names of files in which two folders differ. */
export function differences(a, b) {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** What an index says of its incidents, by their names as `nameOf` gives them. */
export function verdictsOf(out, nameOf = (name) => name) {
  const { incidents } = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8'));
  return new Map(
    incidents.map(({ name, verdict, failed, start, end }) => [
      nameOf(name),
      JSON.stringify([verdict?.place, verdict?.cause, verdict?.confidence, failed, start, end]),
    ]),
  );
}
