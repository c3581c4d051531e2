import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { openDice } from '../logs/dice.mjs';
import { openObjects } from '../logs/objects.mjs';
import { cpuSecondsOf } from './program.mjs';

const OBJECT_BYTES = 300_000;
const AT_MOST = 1.15;
const ROUNDS = 3;
const SEED = 300;
const DAYS = 5;
/** Higher levels take longer to write than all that is measured; unpacking costs the same. */
const LEVEL = { level: 1 };
const TRIED_ROWS = 1000;
/** Packed at a time: twice as many as the usual number of processors in a small machine. */
const AT_A_TIME = 4;

/** Writes objects of 300 kB (gzip) by day into a folder, and the same bytes into one file; gives the bytes of both, packed and not. */
async function writeObjects(count, folder, single) {
  const tried = openObjects(openDice(SEED), TRIED_ROWS)(0, count);
  // As many rows as come to the size.
  const rows = Math.round((TRIED_ROWS * OBJECT_BYTES) / gzipSync(tried, LEVEL).length);
  const objectOf = openObjects(openDice(SEED), rows);
  const bytes = { packed: 0, text: 0 };
  for (let from = 0; from < count; from += AT_A_TIME) {
    const texts = Array.from({ length: Math.min(AT_A_TIME, count - from) }, (_, i) => objectOf(from + i, count));
    const objects = await Promise.all(texts.map((text) => promisify(gzip)(text, LEVEL)));
    for (const [i, object] of objects.entries()) {
      const number = from + i;
      const day = `202506${String(10 + Math.floor((number * DAYS) / count)).padStart(2, '0')}`;
      mkdirSync(join(folder, day), { recursive: true });
      writeFileSync(join(folder, day, `${day}T${String(number).padStart(6, '0')}Z.log.gz`), object);
      appendFileSync(single, object);
      bytes.packed += object.length;
      bytes.text += texts[i].length;
    }
  }
  return bytes;
}

/**
 * Logpush objects of 300 kB (gzip) by day, and the same bytes in one file: the time of both, in turns, the least of three
 * rounds; with one thread, where the two do the same work, and as the program comes.
 */
export async function manySmallObjects({ cache, program, objects }) {
  const folder = join(cache, 'objects');
  const single = join(cache, 'single');
  mkdirSync(single);
  const bytes = await writeObjects(objects, folder, join(single, 'rows.log.gz'));
  const told = [];
  for (const [how, jobs] of [
    ['one thread', ['--jobs', '1']],
    ['as it comes', []],
  ]) {
    const found = { many: [], one: [] };
    for (let round = 0; round < ROUNDS; round++) {
      found.one.push(cpuSecondsOf(program, [single, '--json', '-q', ...jobs]));
      found.many.push(cpuSecondsOf(program, [folder, '--json', '-q', ...jobs]));
    }
    for (const of of ['wall', 'cpu']) {
      const [many, one] = [found.many, found.one].map((times) => Math.min(...times.map((time) => time[of])));
      told.push({
        what: `${objects} objects, ${figure(bytes.packed)} packed, ${figure(bytes.text)} of text; ${how}, ${of}: ${many.toFixed(1)} s, one file: ${one.toFixed(1)} s: ${(many / one).toFixed(2)} times as long`,
        // Throughput is what is promised; processor time says where it comes from.
        holds: of === 'cpu' || many <= AT_MOST * one,
      });
    }
  }
  return told;
}

function figure(bytes) {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
