import { createHash } from 'node:crypto';
import { type ChecksumAside, checksumAside } from './checksum.ts';
import { gunzip, PIECE_BYTES, type UnpackReport } from './gunzip.ts';
import { isGzip, isZstd, readSmall, ZSTD_SIGNATURE } from './small.ts';
import type { SourceFile } from './source.ts';
import { nextTurn } from './turn.ts';
import { unzstd } from './zstd.ts';

/** No log shrinks to less than the 500th part; what does is made to fill memory or time. Asked of what is large. */
export const MOST_RATIO = 500;
export const RATIO_FROM_BYTES = 256 * 1024 * 1024;

/** What can be unpacked. */
type Packing = 'gzip' | 'zstd';

export interface ReadOptions {
  /** Most bytes of one read; 1 MiB if not given. */
  readonly blockBytes?: number;
  /** Also computes the SHA-256 of the bytes as they lie on disk. */
  readonly sha256?: boolean;
  /** May compute it in another thread. */
  readonly sha256Aside?: boolean;
}

/** What reading a source came to; complete when the bytes have been read to their end. */
export interface ReadSummary {
  /** Bytes read as they lie on disk. */
  readonly bytes: number;
  /** Those of them whose text has been handed over: packed bytes are read ahead of what they give. */
  readonly passedBytes: number;
  /** Bytes handed over, after unpacking. */
  readonly unpackedBytes: number;
  /** How it was packed; null for plain bytes. */
  readonly packing: Packing | null;
  /** Compressed bytes that gave nothing. */
  readonly lostBytes: number;
  /** Everything the source holds was handed over: not cut, not damaged, no read error. Garbage behind good packed data is no damage. */
  readonly complete: boolean;
  /** Hexadecimal; null where it was not asked for or the bytes were not read to their end. */
  readonly sha256: string | null;
  /** What was wrong, in plain words, without the name of the source. */
  readonly warnings: readonly string[];
}

/** The unpacked bytes of a source; to be read once. A block holds good until the next one is asked for. */
export interface SourceBytes extends AsyncIterable<Buffer> {
  /** What reading has come to so far. */
  summary(): ReadSummary;
}

/**
 * Opens a source: plain bytes, or gzip or zstd told by its signature whatever the file is called. Damage, cut data and read errors end the
 * bytes early and stand in the summary; nothing is thrown for them.
 */
export function readSource(source: SourceFile, options: ReadOptions = {}): SourceBytes {
  const hash = options.sha256 === true ? createHash('sha256') : null;
  let aside: ChecksumAside | null = null;
  const report: UnpackReport = { usedBytes: 0, lostBytes: 0, damaged: 0, mismatched: 0, cut: false };
  let bytes = 0;
  let unpackedBytes = 0;
  let packing: Packing | null = null;
  let sha256: string | null = null;
  let readError: string | null = null;
  let isBomb = false;

  async function* raw(): AsyncGenerator<Buffer> {
    try {
      for await (const block of source.open(options.blockBytes)) {
        bytes += block.length;
        if (aside === null) hash?.update(block);
        yield block;
      }
      sha256 = aside === null ? (hash?.digest('hex') ?? null) : await aside.of(bytes);
    } catch (error) {
      readError = error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, '') : 'unknown error';
    } finally {
      aside?.stop();
    }
  }

  async function* unpacked(): AsyncGenerator<Buffer> {
    const small = options.blockBytes === undefined ? await readSmall(source) : null;
    if (small !== null) {
      bytes = small.bytes.length;
      report.usedBytes = bytes;
      unpackedBytes = small.text.length;
      if (small.gzip) packing = 'gzip';
      sha256 = hash?.update(small.bytes).digest('hex') ?? null;
      // Thousands of these must not keep signals and progress waiting.
      await nextTurn();
      if (small.text.length > 0) yield small.text;
      return;
    }
    const { head, rest } = await splitHead(raw(), ZSTD_SIGNATURE.length);
    const packed = join(head, rest);
    if (isGzip(head)) packing = 'gzip';
    else if (isZstd(head)) packing = 'zstd';
    // To unpack keeps another processor busy as it is.
    else if (hash !== null && options.sha256Aside === true) aside = checksumAside(source);
    for await (const block of unpack(packed)) {
      unpackedBytes += block.length;
      yield block;
      if (packing === null) report.usedBytes = unpackedBytes;
      if (packing === null || unpackedBytes <= RATIO_FROM_BYTES || unpackedBytes <= MOST_RATIO * bytes) continue;
      isBomb = true;
      return;
    }
  }

  function unpack(packed: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
    if (packing === 'zstd') return unzstd(packed, report);
    if (packing !== 'gzip') return packed;
    const reopen = source.reopens ? () => untilError(source.open(options.blockBytes)) : null;
    return gunzip(packed, report, reopen, options.blockBytes ?? PIECE_BYTES);
  }

  return {
    [Symbol.asyncIterator]: () => unpacked(),
    summary: () => {
      const warnings = packing === null ? [] : [...unpackWarnings(report, packing)];
      if (readError !== null) warnings.push(`reading stopped after ${bytes} bytes: ${readError}`);
      if (isBomb)
        warnings.push(
          `it unpacks to more than ${MOST_RATIO} times its size, as no log does: reading stopped after ${unpackedBytes} bytes of text`,
        );
      const damaged = isBomb || report.damaged > 0 || report.mismatched > 0 || report.cut || readError !== null;
      return {
        bytes,
        passedBytes: report.usedBytes,
        unpackedBytes,
        packing,
        lostBytes: report.lostBytes,
        complete: !damaged,
        sha256,
        warnings,
      };
    },
  };
}

/** The blocks up to an error: a second reading gives what it can. */
async function* untilError(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* blocks;
  } catch {
    // The first reading has reported what there is to report.
  }
}

/** Reads blocks until `count` bytes are there (or the end): those blocks in one, and what follows. */
async function splitHead(
  blocks: AsyncGenerator<Buffer>,
  count: number,
): Promise<{ readonly head: Buffer; readonly rest: AsyncGenerator<Buffer> }> {
  let head = Buffer.alloc(0);
  while (head.length < count) {
    const next = await blocks.next();
    if (next.done === true) break;
    // The first block is used as it is; only blocks of a byte or so have to be put together.
    if (head.length === 0 && next.value.length >= count) return { head: next.value, rest: blocks };
    head = Buffer.concat([head, next.value]);
  }
  return { head, rest: blocks };
}

async function* join(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function* unpackWarnings(report: UnpackReport, packing: Packing): Generator<string> {
  const { lostBytes, damaged, mismatched, cut } = report;
  const lost = `${lostBytes} compressed bytes gave no text`;
  if (damaged > 0)
    yield `the ${packing} data is damaged in ${damaged === 1 ? 'one place' : `${damaged} places`}: ${lost}`;
  else if (lostBytes > 0 && !cut) yield `there is something else than ${packing} data between or behind it: ${lost}`;
  if (cut) yield `the ${packing} data is cut off: its end is missing, all before it was read (${lost})`;
  if (mismatched > 0) yield `the ${packing} checksum does not agree with the text: some of it may be wrong`;
}
