/**
 * Writes the logs of the benchmark: the same bytes on every machine, and beside each a file that says what was put in.
 *   node test/bench/generate.mjs <logpush|access|error|cloudflared> <bytes> <file> [share of failed requests]
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { openAccessLog } from './logs/access-log.mjs';
import { openCloudflaredJournal } from './logs/cloudflared-journal.mjs';
import { openDice } from './logs/dice.mjs';
import { openErrorLog } from './logs/error-log.mjs';
import { openLogpush } from './logs/logpush.mjs';
import { SPAN_SECONDS } from './logs/span.mjs';

const LOGS = {
  logpush: { open: openLogpush, ending: 'ndjson' },
  access: { open: openAccessLog, ending: 'access.log' },
  error: { open: openErrorLog, ending: 'error.log' },
  cloudflared: { open: openCloudflaredJournal, ending: 'journal.txt' },
};

const SEED = 502;
const PIECE_BYTES = 1 << 21;

/** Writes a log of at least `bytes` bytes; returns what was put in (see the `tally` of each log) and its exact size. */
export function writeLog(log, bytes, path, share = 0.02) {
  const { row, tally } = LOGS[log].open(openDice(SEED), share);
  const file = openSync(path, 'w');
  let written = 0;
  while (written < bytes) {
    const rows = [];
    let chars = 0;
    while (chars < PIECE_BYTES && written + chars < bytes) {
      const second = Math.min(SPAN_SECONDS - 1, Math.floor(((written + chars) / bytes) * SPAN_SECONDS));
      const text = row(second);
      rows.push(text);
      chars += text.length;
    }
    const piece = Buffer.from(rows.join(''));
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    written += piece.length;
  }
  closeSync(file);
  return { ...tally, bytes: written };
}

/** The generator's own text: a changed generator makes new data. */
async function generation() {
  const folder = join(import.meta.dirname, 'logs');
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all([
    readFile(join(import.meta.dirname, 'generate.mjs')),
    ...names.map((name) => readFile(join(folder, name))),
  ]);
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex').slice(0, 8);
}

/**
 * The data of a work: from the cache, or made now. Returns the file's path, its size, and what was put in.
 * `say` is told when something is made, as that takes a while.
 */
export async function dataOf({ log, bytes, share = 0.02, gzip = false, objects = 0 }, cache, say) {
  await mkdir(cache, { recursive: true });
  const name = `${log}-${bytes}-${share}-${await generation()}.${LOGS[log].ending}`;
  const plain = join(cache, name);
  const notes = `${plain}.truth.json`;
  const path = gzip ? `${plain}.gz` : objects > 0 ? `${plain}.objects` : plain;
  if (!existsSync(notes) || !existsSync(path)) {
    say(`making ${basename(path)}`);
    if (!existsSync(notes) || !existsSync(plain)) {
      await writeFile(notes, JSON.stringify(writeLog(log, bytes, `${plain}.part`, share)));
      renameSync(`${plain}.part`, plain);
    }
    if (gzip) {
      await pipeline(
        createReadStream(plain),
        createGzip({ level: 6, chunkSize: 1 << 20 }),
        createWriteStream(`${path}.part`),
      );
      renameSync(`${path}.part`, path);
    } else if (objects > 0) {
      await rm(`${path}.part`, { recursive: true, force: true });
      await writeObjects(plain, objects, `${path}.part`);
      renameSync(`${path}.part`, path);
    }
  }
  return { path, fileBytes: (await stat(path)).size, truth: JSON.parse(readFileSync(notes, 'utf8')) };
}

/** Writes the rows of a log into so many gzip objects in a folder, as Logpush puts them into a bucket: one every few seconds. */
async function writeObjects(plain, objects, folder) {
  await mkdir(folder);
  const rows = readFileSync(plain, 'utf8').split(/(?<=\n)/);
  const perObject = Math.ceil(rows.length / objects);
  for (let at = 0; at < rows.length; at += perObject) {
    const name = `${String(at).padStart(9, '0')}.log.gz`;
    await writeFile(join(folder, name), gzipSync(rows.slice(at, at + perObject).join('')));
  }
}

/** Removes the data made by `dataOf`. */
export async function removeData(cache) {
  for (const name of await readdir(cache)) {
    if (/\.(?:ndjson|log|txt)(?:\.gz|\.objects)?(?:\.part|\.truth\.json)?$/.test(name))
      await rm(join(cache, name), { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [log, bytes, path, share] = process.argv.slice(2);
  if (!(log in LOGS) || !(Number(bytes) > 0) || path === undefined) {
    process.stderr.write(
      'usage: node test/bench/generate.mjs <logpush|access|error|cloudflared> <bytes> <file> [share]\n',
    );
    process.exitCode = 2;
  } else process.stdout.write(`${JSON.stringify(writeLog(log, Number(bytes), path, Number(share ?? 0.02)))}\n`);
}
