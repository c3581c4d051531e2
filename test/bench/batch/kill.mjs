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

/** Ways to end a batch: the signal, and whether all of its processes get it. */
const ENDS = {
  kill: { what: 'killed', signal: 'SIGKILL', toAll: true, left: true },
  /** As a terminal does. */
  interrupt: { what: 'interrupted', signal: 'SIGINT', toAll: true, left: false },
  terminate: { what: 'terminated', signal: 'SIGTERM', toAll: false, left: false },
};
const STOPS_WITHIN_MS = 1000;

/**
 * A batch that is ended at random moments of the time that an undisturbed one takes, each time a running one, and then goes
 * on: the same bytes as of the one that was let be. Asked to end, it does within a second and leaves nothing half written.
 */
export async function killedAndResumed({ incidents, cache, program, kills }) {
  const logs = join(cache, 'logs');
  generate(incidents, COUNT, INCIDENT_BYTES, logs);
  const formats = 'html,json,md,csv,txt';
  const options = ['--redact-key', keyIn(cache), '--jobs', '2', '--formats', formats];
  const args = (out) => ['batch', logs, '--out', out, ...options];
  const whole = join(cache, 'whole');
  const { seconds } = await run(program, args(whole));
  const expected = filesIn(whole);
  const dice = openDice(SEED);
  let spanMs = Math.round(seconds * 1000);
  const told = [];
  for (const { what, signal, toAll, left } of Object.values(ENDS)) {
    let [ended, missed] = [0, 0];
    while (ended < kills && missed < MOST_MISSED) {
      const out = join(cache, 'ended');
      rmSync(out, { recursive: true, force: true });
      const afterMs = dice.int(spanMs);
      const end = await endedAfter(afterMs, signal, toAll, program, args(out));
      if (end.by !== signal) {
        missed++;
        // The machine is faster than it was.
        spanMs = afterMs;
        continue;
      }
      ended++;
      const done = doneIn(out);
      const halves = existsSync(out) ? [...filesIn(out).keys()].filter((name) => name.endsWith('.part')) : [];
      const { code } = await run(program, args(out));
      const other = differences(expected, filesIn(out));
      told.push({
        what: `${what} after ${afterMs} of ${spanMs} ms with ${done} of ${COUNT} incidents done, ended ${end.inMs} ms later with ${halves.length} files half written, resumed (exit code ${code}): ${other.length} of ${expected.size} files differ${other.length > 0 ? `: ${other.slice(0, 3)}` : ''}`,
        holds: other.length === 0 && code === 0 && (left || (halves.length === 0 && end.inMs <= STOPS_WITHIN_MS)),
      });
    }
    told.push({ what: `${ended} running batches were ${what}; ${missed} were done before`, holds: ended === kills });
  }
  return told;
}

/** Starts the program and sends it a signal, or it and all that it started at once; gives what ended it, and how soon. */
async function endedAfter(ms, signal, toAll, program, args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore', detached: true });
  const ended = new Promise((done) => child.on('exit', (_, by) => done(by)));
  await Promise.race([wait(ms), ended]);
  const sent = performance.now();
  try {
    process.kill(toAll ? -child.pid : child.pid, signal);
  } catch {
    // It was done before.
  }
  const by = await ended;
  return { by, inMs: Math.round(performance.now() - sent) };
}
