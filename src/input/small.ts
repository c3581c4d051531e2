import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import type { SourceFile } from './source.ts';

/** Files up to this size are read and unpacked at once: exports come as thousands of them, and a stream for each costs six times as much (measured). */
const SMALL_BYTES = 1 << 20;
/** More than this is unpacked piece by piece, so that a small file of one repeated byte cannot fill the memory. */
const MOST_UNPACKED_BYTES = 1 << 24;
const MIN_CHUNK_BYTES = 1024;
/** Packed data of this size is unpacked beside the main thread; less is done sooner than asked for. */
const BESIDE_FROM_BYTES = 1 << 15;
/** Length of the text, modulo 2^32, in the last bytes of a gzip file (RFC 1952, section 2.3.1). */
const LENGTH_BYTES = 4;

const GZIP_SIGNATURE = Buffer.from([0x1f, 0x8b]);
export const ZSTD_SIGNATURE = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

export function isGzip(head: Buffer): boolean {
  return head.subarray(0, GZIP_SIGNATURE.length).equals(GZIP_SIGNATURE);
}

export function isZstd(head: Buffer): boolean {
  return head.subarray(0, ZSTD_SIGNATURE.length).equals(ZSTD_SIGNATURE);
}

/** A small file's bytes as they lie on disk, and what they hold. */
export interface SmallFile {
  readonly bytes: Buffer;
  readonly text: Buffer;
  readonly gzip: boolean;
}

const ahead = new WeakMap<SourceFile, Promise<SmallFile | null>>();

/** Begins to unpack a small file that is read next, beside what the main thread does until then. */
export function readAhead(source: SourceFile): void {
  const isWorthIt = source.bytes >= BESIDE_FROM_BYTES && source.bytes <= SMALL_BYTES;
  if (isWorthIt && source.readWhole !== undefined && !ahead.has(source)) ahead.set(source, read(source));
}

/**
 * Reads a small file at once. Null where it is not that simple: large, not on disk, unreadable, packed otherwise, cut,
 * damaged, or with anything behind its gzip data; reading it piece by piece then says what is the matter.
 */
export function readSmall(source: SourceFile): Promise<SmallFile | null> {
  const begun = ahead.get(source) ?? read(source);
  ahead.delete(source);
  return begun;
}

async function read(source: SourceFile): Promise<SmallFile | null> {
  if (source.readWhole === undefined || source.bytes > SMALL_BYTES) return null;
  try {
    const bytes = source.readWhole();
    if (isZstd(bytes)) return null;
    if (!isGzip(bytes)) return { bytes, text: bytes, gzip: false };
    const text = await gunzipWhole(bytes);
    return text === null ? null : { bytes, text, gzip: true };
  } catch {
    return null;
  }
}

/** The text of gzip data that is nothing but sound members; null where bytes follow them. Throws for all other faults. */
async function gunzipWhole(bytes: Buffer): Promise<Buffer | null> {
  if (bytes.length < LENGTH_BYTES) return null;
  const length = bytes.readUInt32LE(bytes.length - LENGTH_BYTES);
  const chunkSize = Math.min(MOST_UNPACKED_BYTES, Math.max(MIN_CHUNK_BYTES, length + 1));
  // With `info`, zlib tells how much of the input it used: it passes over garbage behind the last member in silence.
  const options = { chunkSize, maxOutputLength: MOST_UNPACKED_BYTES, info: true };
  const isBeside = bytes.length >= BESIDE_FROM_BYTES;
  const done: unknown = isBeside ? await promisify(gunzip)(bytes, options) : gunzipSync(bytes, options);
  if (typeof done !== 'object' || done === null || !('buffer' in done) || !('engine' in done)) return null;
  const { buffer, engine } = done;
  if (typeof engine !== 'object' || engine === null || !('bytesWritten' in engine)) return null;
  return Buffer.isBuffer(buffer) && engine.bytesWritten === bytes.length ? buffer : null;
}
