import { closeSync, openSync, readSync } from 'node:fs';

const LF = 10;
/** So much is looked through for a line to cut before, and if it holds none, more and more up to the second. */
const FIRST_LOOK_BYTES = 64 * 1024;
const LAST_LOOK_BYTES = 4 * 1024 * 1024;

/**
 * Where a file of so many bytes may be cut into about equal parts: at the first line behind each part's end that `begins`
 * holds good of (the line comes without its line feed). Fewer parts where no such line is near. Throws the system's error
 * where the file cannot be read.
 */
export function cutsOf(path: string, bytes: number, parts: number, begins: (line: Buffer) => boolean): number[] {
  const cuts: number[] = [];
  const file = openSync(path, 'r');
  try {
    for (let part = 1; part < parts; part++) {
      const from = Math.floor((bytes * part) / parts);
      const cut = from > (cuts.at(-1) ?? 0) ? lineFrom(file, from - 1, begins) : null;
      if (cut !== null) cuts.push(cut);
    }
  } finally {
    closeSync(file);
  }
  return cuts;
}

/** Where the first such line begins whose line before ends at `from` or behind; null where none is near. */
function lineFrom(file: number, from: number, begins: (line: Buffer) => boolean): number | null {
  for (let look = FIRST_LOOK_BYTES; look <= LAST_LOOK_BYTES; look *= 8) {
    const memory = Buffer.allocUnsafeSlow(look);
    const held = memory.subarray(0, readSync(file, memory, 0, look, from));
    let feed = held.indexOf(LF);
    while (feed !== -1) {
      const next = held.indexOf(LF, feed + 1);
      if (next !== -1 && begins(held.subarray(feed + 1, next))) return from + feed + 1;
      feed = next;
    }
    if (held.length < look) return null;
  }
  return null;
}
