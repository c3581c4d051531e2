import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MOST = 10;
/** What V8 calls the time in which no script ran. */
const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** Runs the program once under V8's profiler; returns where its CPU time went: the ten heaviest functions, as lines. */
export function profileOf(program, args, folder) {
  rmSync(folder, { recursive: true, force: true });
  const node = ['--cpu-prof', '--cpu-prof-dir', folder, program, ...args];
  const { status } = spawnSync(process.execPath, node, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  const selfMicros = new Map();
  // One profile for each thread.
  for (const name of readdirSync(folder))
    addSelfTimes(JSON.parse(readFileSync(join(folder, name), 'utf8')), selfMicros);
  const busy = [...selfMicros].filter(([name]) => !IDLE.has(name.split(' ')[0]));
  const total = busy.reduce((sum, [, micros]) => sum + micros, 0);
  return busy
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([name, micros]) => {
      const share = ((100 * micros) / total).toFixed(1);
      return `${share.padStart(5)} %  ${(micros / 1000).toFixed(0).padStart(6)} ms  ${name}`;
    });
}

function addSelfTimes({ nodes, samples, timeDeltas }, selfMicros) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  samples.forEach((id, i) => {
    const name = names.get(id);
    selfMicros.set(name, (selfMicros.get(name) ?? 0) + timeDeltas[i]);
  });
}

/** With the column, as the whole bundle may stand on one line. */
function nameOf({ functionName, url, lineNumber, columnNumber }) {
  const file = url.startsWith('file:') ? basename(fileURLToPath(url)) : url;
  return file === ''
    ? functionName || '(anonymous)'
    : `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}:${columnNumber + 1}`;
}
