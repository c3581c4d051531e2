import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { openDice } from '../logs/dice.mjs';
import { generate } from './generated.mjs';
import { differences, filesIn, keyIn, run } from './program.mjs';

const COUNT = 60;
const INCIDENT_BYTES = 3e5;
const SEED = 9;
/** Runs that were done before their moment came count for nothing; so many of them, and the moments are wrong. */
const MOST_MISSED = 20;

/** How many incidents are done. */
function doneIn(out) {
  const folder = join(out, 'incidents');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => existsSync(join(folder, name, 'state.json'))).length;
}

/**
 * A batch that is killed at random moments of the time that an undisturbed one takes, each time a running one, and then goes
 * on: the same bytes as of the one that was let be.
 */
export async function killedAndResumed({ incidents, cache, program, kills }) {
  const logs = join(cache, 'logs');
  generate(incidents, COUNT, INCIDENT_BYTES, logs);
  const formats = 'html,json,md,csv,txt';
  const told = ['--redact-key', keyIn(cache), '--jobs', '2', '--formats', formats];
  const args = (out) => ['batch', logs, '--out', out, ...told];
  const whole = join(cache, 'whole');
  const { seconds } = await run(program, args(whole));
  const expected = filesIn(whole);
  const dice = openDice(SEED);
  const held = [];
  let missed = 0;
  while (held.length < kills && missed < MOST_MISSED) {
    const out = join(cache, 'killed');
    rmSync(out, { recursive: true, force: true });
    const afterMs = dice.int(Math.round(seconds * 1000));
    if ((await killedAfter(afterMs, program, args(out))) !== 'SIGKILL') {
      missed++;
      continue;
    }
    const done = doneIn(out);
    const { code } = await run(program, args(out));
    const other = differences(expected, filesIn(out));
    held.push({
      what: `killed after ${afterMs} of ${Math.round(seconds * 1000)} ms with ${done} of ${COUNT} incidents done, resumed (exit code ${code}): ${other.length} of ${expected.size} files differ${other.length > 0 ? `: ${other.slice(0, 3)}` : ''}`,
      holds: other.length === 0 && code === 0,
    });
  }
  return [
    ...held,
    { what: `${held.length} running batches were killed; ${missed} were done before`, holds: held.length === kills },
  ];
}

/** Starts the program and kills it and all that it started at once, as when the machine dies; gives what ended it. */
async function killedAfter(ms, program, args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore', detached: true });
  const ended = new Promise((done) => child.on('close', (_, signal) => done(signal)));
  await Promise.race([wait(ms), ended]);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It was done before.
  }
  return ended;
}
