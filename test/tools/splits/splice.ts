import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Move, movedBytes, movedText } from './moved.ts';

/**
 * Several incidents in one long archive, one after the other: as the logs of one machine, whose rotations hold one incident
 * each, or side by side as the logs of several machines.
 */
export type Layout = 'one machine' | 'machines';

/** An incident and where it goes. */
export interface Piece {
  readonly id: string;
  /** Its folder of logs. */
  readonly logs: string;
  readonly move: Move;
  /** Names of its machines; side by side with others they are others. */
  readonly servers: readonly string[];
}

/** What log rotation appends to a name. */
const ROTATED = /^(.*?)(?:\.(\d{1,3}))?(\.gz)?$/;
/** The text that is moved; all else is copied. */
const NO_TEXT = /\.(?:png|jpe?g|gif|webp)$/i;

/** Writes the archive of these incidents, the oldest first, as a folder. */
export function splice(pieces: readonly Piece[], layout: Layout, out: string): void {
  if (layout === 'machines') {
    for (const piece of pieces)
      for (const [name, bytes] of filesOf(piece, true)) write(join(out, `site-${piece.id}`, name), bytes);
    return;
  }
  /** Rotated pieces of a log by its name, the oldest first. */
  const logs = new Map<string, Buffer[]>();
  for (const piece of pieces) {
    const rotated: { base: string; age: number; bytes: Buffer }[] = [];
    for (const [name, bytes] of filesOf(piece, false)) {
      const folder = dirname(name) === '.' ? '' : `${dirname(name)}/`;
      // Exports, notes and recordings stand alone.
      if (
        name.includes('http_requests/') ||
        !/(?:\.log|\.txt|\.ndjson)(?:\.|$)/.test(name) ||
        basename(name) === 'notes.txt'
      )
        write(join(out, `${folder}${basename(name) === name ? `${piece.id}-${name}` : basename(name)}`), bytes);
      else {
        const [, base = name, age = '0'] = ROTATED.exec(name) ?? [];
        rotated.push({ base, age: Number(age), bytes });
      }
    }
    rotated.sort((a, b) => b.age - a.age);
    for (const { base, bytes } of rotated) {
      const known = logs.get(base);
      if (known === undefined) logs.set(base, [bytes]);
      else known.push(bytes);
    }
  }
  for (const [base, parts] of logs)
    for (const [i, bytes] of parts.entries()) {
      const age = parts.length - 1 - i;
      const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
      const text = packed ? gunzipSync(bytes) : bytes;
      if (age < 2) write(join(out, age === 0 ? base : `${base}.1`), text);
      else write(join(out, `${base}.${age}.gz`), gzipSync(text, { level: 1 }));
    }
}

function* filesOf({ id, logs, move, servers }: Piece, renames: boolean): Generator<readonly [string, Buffer]> {
  const later = movedText(move);
  const moved = (text: string): string =>
    renames ? servers.reduce((named, server) => named.replaceAll(server, `${server}-${id}`), later(text)) : later(text);
  for (const entry of readdirSync(logs, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(logs.length + 1);
    const bytes = readFileSync(path);
    yield NO_TEXT.test(name) ? [name, bytes] : [moved(name), movedBytes(bytes, moved)];
  }
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
