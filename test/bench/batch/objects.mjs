import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDice } from '../logs/dice.mjs';
import { openLogpush } from '../logs/logpush.mjs';
import { SPAN_SECONDS } from '../logs/span.mjs';
import { cpuSecondsOf } from './program.mjs';

const OBJECT_BYTES = 300_000;
const AT_MOST = 1.15;
const ROUNDS = 3;
const SEED = 300;

/** Logpush objects of 300 kB (gzip) by day, and the same bytes in one file: the time of both. */
export async function manySmallObjects({ cache, program, objects }) {
  const folder = join(cache, 'objects');
  const single = join(cache, 'single', 'rows.log.gz');
  mkdirSync(join(cache, 'single'));
  const { row } = openLogpush(openDice(SEED), 0.02);
  let rows = 1000;
  for (let number = 0; number < objects; number++) {
    const second = Math.floor((number / objects) * SPAN_SECONDS);
    let text = '';
    for (let i = 0; i < rows; i++) text += row(second);
    const packed = gzipSync(text, { level: 6 });
    // As many rows as come to the size.
    if (number === 0) rows = Math.round((rows * OBJECT_BYTES) / packed.length);
    const day = `202503${String(4 + Math.floor((number * 5) / objects)).padStart(2, '0')}`;
    mkdirSync(join(folder, day), { recursive: true });
    writeFileSync(join(folder, day, `${day}T${String(number).padStart(6, '0')}Z.log.gz`), packed);
    appendFileSync(single, packed);
  }
  const found = { objects: [], single: [] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const kind of ['single', 'objects']) {
      const args = [kind === 'single' ? join(cache, 'single') : folder, '--json', '-q', '--jobs', '1'];
      const times = cpuSecondsOf(program, args);
      if (round > 0) found[kind].push(times);
    }
  const least = (kind, of) => Math.min(...found[kind].map((times) => times[of]));
  return ['wall', 'cpu'].map((of) => {
    const [many, one] = [least('objects', of), least('single', of)];
    return {
      what: `${objects} objects: ${many.toFixed(1)} s (${of}), one file: ${one.toFixed(1)} s: ${(many / one).toFixed(2)} times as long`,
      holds: many <= AT_MOST * one,
    };
  });
}
