import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { readSource } from './bytes.ts';
import { isGzip, isZstd } from './small.ts';
import type { SourceFile } from './source.ts';

/**
 * Files that are the beginning of another: a log that was copied while it was still written to, and is there again whole. Its
 * lines stand in both.
 */

/** Bytes of text that two files must share before more of them is read; shorter files are not looked at. */
const HEAD_BYTES = 4096;
/** A head of text fits into this much gzip data, and that of most logs into a quarter. */
const PACKED_HEAD_BYTES = 4096;
const USUAL_PACKED_BYTES = 1024;
/** A gzip file ends with the length of its text modulo 2^32 (RFC 1952, section 2.3.1). */
const LENGTH_BYTES = 4;

interface Candidate {
  readonly source: SourceFile;
  /** Of the text. */
  readonly bytes: number;
}

/**
 * The files on disk that are the beginning of another, each with the longest one that begins with it. Of most files the head
 * alone is read; of those that share one all of it, once. Memory does not grow with their size.
 */
export async function beginnings(sources: readonly SourceFile[]): Promise<ReadonlyMap<SourceFile, SourceFile>> {
  const byHead = new Map<string, Candidate[]>();
  for (const source of sources) {
    const found = headOf(source);
    if (found === null) continue;
    const candidate = { source, bytes: found.bytes };
    const alike = byHead.get(found.head);
    if (alike === undefined) byHead.set(found.head, [candidate]);
    else alike.push(candidate);
  }
  const wholes = new Map<SourceFile, SourceFile>();
  for (const alike of byHead.values()) {
    const lengths = [...new Set(alike.map(({ bytes }) => bytes))].sort((a, b) => a - b);
    if (lengths.length < 2) continue;
    const longestFirst: (Candidate & { readonly hashes: ReadonlyMap<number, string> })[] = [];
    for (const candidate of [...alike].sort((a, b) => b.bytes - a.bytes)) {
      const hashes = await hashesAt(candidate.source, lengths);
      const own = hashes.get(candidate.bytes);
      const whole = longestFirst.find(
        ({ bytes, hashes: known }) => bytes > candidate.bytes && known.get(candidate.bytes) === own,
      );
      if (own !== undefined && whole !== undefined) wholes.set(candidate.source, whole.source);
      longestFirst.push({ ...candidate, hashes });
    }
  }
  return wholes;
}

/** A hash of a file's first bytes of text, and how many it has in all; null where it is not looked at. */
function headOf({
  path,
  bytes,
  range,
  readWhole,
}: SourceFile): { readonly head: string; readonly bytes: number } | null {
  if (path === null || readWhole === undefined || range !== undefined || bytes < LENGTH_BYTES) return null;
  try {
    const file = openSync(path, 'r');
    try {
      const read = (length: number, at: number): Buffer => {
        const buffer = Buffer.alloc(length);
        return buffer.subarray(0, readSync(file, buffer, 0, length, at));
      };
      const start = read(PACKED_HEAD_BYTES, 0);
      if (isZstd(start)) return null;
      const packed = isGzip(start);
      const usual = packed ? unpacked(start.subarray(0, USUAL_PACKED_BYTES)) : start;
      const text = usual.length < HEAD_BYTES && packed ? unpacked(start) : usual;
      if (text.length < HEAD_BYTES) return null;
      const head = createHash('sha256').update(text.subarray(0, HEAD_BYTES)).digest('base64');
      return { head, bytes: packed ? read(LENGTH_BYTES, bytes - LENGTH_BYTES).readUInt32LE() : bytes };
    } finally {
      closeSync(file);
    }
  } catch {
    // It is told of where it is read.
    return null;
  }
}

/** The text of the beginning of gzip data. */
function unpacked(beginning: Buffer): Buffer {
  return gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH });
}

/** Hashes of the first bytes of a text, by how many; of as many as it has. */
async function hashesAt(source: SourceFile, lengths: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const hash = createHash('sha256');
  const hashes = new Map<number, string>();
  let done = 0;
  let next = 0;
  for await (const block of readSource(source)) {
    let from = 0;
    for (let length = lengths[next]; length !== undefined && length <= done + block.length; length = lengths[++next]) {
      hash.update(block.subarray(from, length - done));
      from = length - done;
      hashes.set(length, hash.copy().digest('base64'));
    }
    hash.update(block.subarray(from));
    done += block.length;
  }
  return hashes;
}
