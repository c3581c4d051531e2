import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const isPacked = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Writes so many incidents of about so many bytes of text, made of those that are there: as many of their requests as fit, with Ray
 * IDs of their own. Gives their bytes.
 */
export function generate(incidents, count, bytes, folder) {
  let total = 0;
  const usable = incidents
    .map(({ name, logs }) => ({ name, files: textsIn(logs) }))
    .filter(({ files }) => files.reduce((sum, { text }) => sum + text.length, 0) > bytes / 4);
  for (let number = 0; number < count; number++) {
    const { name, files } = usable[number % usable.length];
    const size = files.reduce((sum, { text }) => sum + text.length, 0);
    const round = String(Math.floor(number / usable.length)).padStart(4, '0');
    for (const { path, text, packed } of files) {
      // Larger ones lose lines evenly.
      const kept = size <= bytes ? text : thinned(text, bytes / size);
      // The last digits of every Ray ID, so that no incident is a copy of another.
      const own = Buffer.from(kept.replace(/\b([0-9a-f]{12})[0-9a-f]{4}(?=[-"\s])/g, `$1${round}`), 'latin1');
      const to = join(folder, `${name}-${round}`, 'logs', path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, packed ? gzipSync(own, { level: 1 }) : own);
      total += own.length;
    }
  }
  return total;
}

function textsIn(logs) {
  return readdirSync(logs, { recursive: true })
    .map(String)
    .filter((path) => statSync(join(logs, path)).isFile() && !/\.(?:png|jpe?g|har)$/.test(basename(path)))
    .map((path) => {
      const bytes = readFileSync(join(logs, path));
      const packed = isPacked(bytes);
      return { path, packed, text: (packed ? gunzipSync(bytes) : bytes).toString('latin1') };
    });
}

function thinned(text, part) {
  let due = 0;
  return text
    .split(/(?<=\n)/)
    .filter(() => {
      due += part;
      if (due < 1) return false;
      due -= 1;
      return true;
    })
    .join('');
}
