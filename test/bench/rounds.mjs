import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { inPath } from './peers.mjs';

/** Commands slower than this in the warm-up take part in two rounds only. */
const SLOW_MS = 5000;
const SLOW_ROUNDS = 2;
const TIMEOUT_MS = 600_000;

/** GNU time gives the peak memory and the CPU time of a child and of its children; without it there is neither. */
const GNU_TIME = inPath('time');

/**
 * Runs one command to its end. Returns its wall time, its CPU time and its peak memory in MB (10^6 bytes; null without GNU
 * time), its exit code and what it wrote to standard output.
 */
function runOnce(command, cache) {
  const outPath = join(cache, 'stdout');
  const usagePath = join(cache, 'usage');
  const out = openSync(outPath, 'w');
  const [program, ...args] = GNU_TIME ? [GNU_TIME, '-q', '-f', '%M %U %S', '-o', usagePath, ...command] : command;
  const started = process.hrtime.bigint();
  const { status } = spawnSync(program, args, { stdio: ['ignore', out, 'ignore'], timeout: TIMEOUT_MS });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  closeSync(out);
  const [peakKiB, userSeconds, systemSeconds] = GNU_TIME ? readFileSync(usagePath, 'utf8').split(' ').map(Number) : [];
  const peakMB = peakKiB === undefined ? null : (peakKiB * 1024) / 1e6;
  const cpuMs = userSeconds === undefined ? null : (userSeconds + systemSeconds) * 1000;
  return { wallMs, cpuMs, peakMB, status, output: () => readFileSync(outPath, 'utf8') };
}

/**
 * Runs commands in turn (A B C A B C ...), after one round to warm up, whose output is handed to `check(index, text)`.
 * Returns for each command its wall and CPU times by round and its highest peak memory, or the reason why it could not be measured.
 * The first command takes part in every round.
 */
export function runRounds(commands, rounds, cache, check) {
  const found = commands.map(() => ({ wallsMs: [], cpusMs: [], peakMB: null, problem: null }));
  const wanted = commands.map(() => rounds);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, command] of commands.entries()) {
      const measured = found[i];
      if (measured.problem !== null || round > wanted[i]) continue;
      const { wallMs, cpuMs, peakMB, status, output } = runOnce(command, cache);
      if (status !== 0) {
        measured.problem = `ended with ${status}`;
        continue;
      }
      if (peakMB !== null) measured.peakMB = Math.max(measured.peakMB ?? 0, peakMB);
      if (round > 0) {
        measured.wallsMs.push(wallMs);
        measured.cpusMs.push(cpuMs);
      } else {
        measured.problem = check(i, output());
        if (i > 0 && wallMs > SLOW_MS) wanted[i] = Math.min(rounds, SLOW_ROUNDS);
      }
    }
  }
  return found;
}

/** The middle value; the mean of both where there are two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of the ratios of each round in which both took part; null where a time is unknown or too short to divide by. */
export function ratioOf(timesMs, peerTimesMs) {
  const ratios = peerTimesMs.map((peerMs, round) =>
    timesMs[round] === null || !peerMs ? null : timesMs[round] / peerMs,
  );
  return ratios.includes(null) ? null : median(ratios);
}
