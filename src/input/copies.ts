import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { beginnings } from './beginnings.ts';
import { readSource } from './bytes.ts';
import { isGzip } from './small.ts';
import type { InputProblem, SourceFile } from './source.ts';

/**
 * Files that hold the same bytes as another, or its beginning, packed or not: a rotation that was copied and compressed, an archive beside the
 * folder it was unpacked to. Their lines must count once.
 */

/** A file that is left out, and the one that is read in its place. */
export interface Copy {
  readonly source: SourceFile;
  readonly of: SourceFile;
  /** The other goes on behind it. */
  readonly isBeginning: boolean;
}

/** What a copy is told by. */
export interface CopyLabels {
  readonly source: Pick<SourceFile, 'label'>;
  readonly of: Pick<SourceFile, 'label'>;
  readonly isBeginning: boolean;
}

/** Why a copy is not read. */
export function copyProblem({ source, of, isBeginning }: CopyLabels): InputProblem {
  const what = isBeginning ? 'the beginning' : 'the same content';
  return {
    path: source.label,
    reason: `${what} ${isBeginning ? 'of' : 'as'} ${of.label}, which is read; counted once`,
    named: false,
  };
}

/** One warning for all copies; none where there are none. */
export function copyWarnings(copies: readonly CopyLabels[]): string[] {
  const [first] = copies;
  if (first === undefined) return [];
  const example = `${first.source.label} (as ${first.of.label})`;
  return [
    copies.length === 1
      ? `a file holds nothing that another does not and is counted once: ${example}`
      : `${copies.length} files hold nothing that others do not and are counted once, as listed under what was skipped: ${example} and so on`,
  ];
}

/** Less than this can be the same by chance in two places: one line that two machines wrote in the same second. */
const SURELY_ONE_BYTES = 1024;
/** Most files of one size differ in their beginning. */
const HEAD_BYTES = 4096;

/**
 * Parts copies from what is read: of files with the same bytes after unpacking that one stays which lies in the fewest
 * folders, and of these the first; of files on disk one of which begins with the other, the longer. Only files of one size are looked into, and only those with one beginning are read to their
 * end; memory does not grow with their size.
 */
export async function withoutCopies(
  sources: readonly SourceFile[],
): Promise<{ readonly sources: readonly SourceFile[]; readonly copies: readonly Copy[] }> {
  const bySize = new Map<number, SourceFile[]>();
  const checksums = new Map<SourceFile, number>();
  // A packed file in an archive is known by its packed size alone.
  const byBothSizes = sources.some(({ readWhole }) => readWhole === undefined);
  for (const source of sources) {
    if (!source.reopens || source.range !== undefined || source.bytes === 0) continue;
    const trailer = gzipTrailer(source);
    if (trailer !== null) checksums.set(source, trailer.checksum);
    const unpacked = trailer?.unpackedBytes ?? source.bytes;
    for (const size of byBothSizes ? new Set([source.bytes, unpacked]) : [unpacked]) {
      const same = bySize.get(size);
      if (same === undefined) bySize.set(size, [source]);
      else same.push(source);
    }
  }
  const order = new Map(sources.map((source, i) => [source, i]));
  const originals = new Map<SourceFile, SourceFile>();
  for await (const group of equalFiles(bySize.values(), checksums)) {
    const equal = [...group].sort((a, b) => depthOf(a) - depthOf(b) || (order.get(a) ?? 0) - (order.get(b) ?? 0));
    for (const [i, copy] of equal.entries()) {
      const original = equal.slice(0, i).find((other) => isCopy(copy, other));
      if (original !== undefined) originals.set(copy, original);
    }
  }
  const wholes = await beginnings(sources.filter((source) => !originals.has(source)));
  return {
    sources: sources.filter((source) => !originals.has(source) && !wholes.has(source)),
    copies: sources.flatMap((source) => {
      let of = originals.get(source);
      // Found under one of its sizes, an original may itself be a copy under the other.
      for (let next = of && originals.get(of); next; next = originals.get(next)) of = next;
      const read = wholes.get(of ?? source) ?? of;
      return read === undefined ? [] : [{ source, of: read, isBeginning: read !== of }];
    }),
  };
}

/** Files of one size whose bytes are equal: told apart by checksum, then by their beginning, then by all of them. */
async function* equalFiles(
  bySize: Iterable<readonly SourceFile[]>,
  checksums: ReadonlyMap<SourceFile, number>,
): AsyncGenerator<readonly SourceFile[]> {
  for (const sameSize of bySize) {
    for (const candidates of byChecksum(sameSize, checksums)) {
      for (const alike of await groupsBy(candidates, (source) => fingerprint(source, HEAD_BYTES)))
        yield* await groupsBy(alike, (source) => fingerprint(source));
    }
  }
}

/** Whether equal bytes mean one file: those of one folder do, those of two where there are enough of them. */
function isCopy(a: SourceFile, b: SourceFile): boolean {
  return Math.max(a.bytes, b.bytes) >= SURELY_ONE_BYTES || folderOf(a) === folderOf(b);
}

/** A copy lies deeper than its original, in `backup/` or in an archive. */
function depthOf({ label }: SourceFile): number {
  return label.split('/').length;
}

function folderOf({ label }: SourceFile): string {
  return label.slice(0, label.lastIndexOf('/') + 1);
}

/** Groups of two and more with the same key; what has no key is left out. */
async function groupsBy(
  sources: readonly SourceFile[],
  keyOf: (source: SourceFile) => Promise<string | null>,
): Promise<readonly SourceFile[][]> {
  if (sources.length < 2) return [];
  const keys = new Map<SourceFile, string>();
  for (const source of sources) {
    const key = await keyOf(source);
    if (key !== null) keys.set(source, key);
  }
  return groupedBy([...keys.keys()], (source) => keys.get(source));
}

function groupedBy<K>(sources: readonly SourceFile[], keyOf: (source: SourceFile) => K): readonly SourceFile[][] {
  const groups = new Map<K, SourceFile[]>();
  for (const source of sources) {
    const key = keyOf(source);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [source]);
    else group.push(source);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Hash of the unpacked bytes, of all or of so many; null where they cannot be read to their end. */
async function fingerprint(source: SourceFile, most = Number.POSITIVE_INFINITY): Promise<string | null> {
  const hash = createHash('sha256');
  let left = most;
  const bytes = readSource(source);
  for await (const block of bytes) {
    hash.update(block.length > left ? block.subarray(0, left) : block);
    left -= block.length;
    if (left <= 0) break;
  }
  if (left > 0 && !bytes.summary().complete) return null;
  return hash.digest('hex');
}

/** Where all are gzip files, those with one checksum; it is of the text, so that it parts the many exports of about one size. */
function byChecksum(
  sources: readonly SourceFile[],
  checksums: ReadonlyMap<SourceFile, number>,
): Iterable<readonly SourceFile[]> {
  if (sources.length < 2) return [];
  if (!sources.every((source) => checksums.has(source))) return [sources];
  return groupedBy(sources, (source) => checksums.get(source) ?? 0);
}

/** A gzip file ends with the CRC-32 of its text and its length modulo 2^32 (RFC 1952, section 2.3.1). */
const TRAILER_BYTES = 8;
const CHECKSUM_BYTES = 4;
const SIGNATURE_BYTES = 2;

interface Trailer {
  readonly checksum: number;
  readonly unpackedBytes: number;
}

/** The end of a gzip file on disk; null for all others. */
function gzipTrailer({ path, bytes, readWhole }: SourceFile): Trailer | null {
  if (path === null || readWhole === undefined || bytes < TRAILER_BYTES + SIGNATURE_BYTES) return null;
  try {
    const file = openSync(path, 'r');
    try {
      const ends = Buffer.alloc(TRAILER_BYTES);
      readSync(file, ends, 0, SIGNATURE_BYTES, 0);
      if (!isGzip(ends.subarray(0, SIGNATURE_BYTES))) return null;
      readSync(file, ends, 0, TRAILER_BYTES, bytes - TRAILER_BYTES);
      return { checksum: ends.readUInt32LE(0), unpackedBytes: ends.readUInt32LE(CHECKSUM_BYTES) };
    } finally {
      closeSync(file);
    }
  } catch {
    // It is told of where it is read.
    return null;
  }
}
