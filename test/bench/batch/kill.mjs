import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { openDice } from '../logs/dice.mjs';
import { generate } from './generated.mjs';
import { differences, filesIn, keyIn, run } from './program.mjs';

const COUNT = 60;
const INCIDENT_BYTES = 3e5;
const SEED = 9;
const LOOK_EVERY_MS = 5;
const MOST_LATE_MS = 150;

/** How many incidents are done. */
function doneIn(out) {
  const folder = join(out, 'incidents');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => existsSync(join(folder, name, 'state.json'))).length;
}

/** A batch that is killed at random moments again and again and then goes on: the same bytes as of one that was let be. */
export async function killedAndResumed({ incidents, cache, program, kills }) {
  const logs = join(cache, 'logs');
  generate(incidents, COUNT, INCIDENT_BYTES, logs);
  const key = keyIn(cache);
  const args = (out) => [
    'batch',
    logs,
    '--out',
    out,
    '--redact-key',
    key,
    '--jobs',
    '2',
    '--formats',
    'html,json,md,csv,txt',
  ];
  const whole = join(cache, 'whole');
  await run(program, args(whole));
  const expected = filesIn(whole);
  const dice = openDice(SEED);
  const told = [];
  for (let kill = 0; kill < kills; kill++) {
    const out = join(cache, `killed-${kill}`);
    const after = dice.int(COUNT);
    const lateMs = dice.int(MOST_LATE_MS);
    const child = spawn(process.execPath, [program, ...args(out)], { stdio: 'ignore', detached: true });
    const ended = new Promise((done) => child.on('close', (_, signal) => done(signal)));
    // How fast the machine is shows in what is done, not in the clock.
    while (child.exitCode === null && doneIn(out) < after) await wait(LOOK_EVERY_MS);
    await wait(lateMs);
    // All of its processes at once, as when the machine dies.
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It was done before.
    }
    const signal = await ended;
    const { code } = await run(program, args(out));
    const other = differences(expected, filesIn(out));
    told.push({
      what: `killed ${lateMs} ms after ${after} incidents (${signal ?? 'done before'}), resumed (exit code ${code}): ${other.length} of ${expected.size} files differ${other.length > 0 ? `: ${other.slice(0, 3)}` : ''}`,
      holds: other.length === 0,
    });
  }
  return told;
}
