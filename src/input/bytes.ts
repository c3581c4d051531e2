import { createHash } from 'node:crypto';
import { type GunzipReport, gunzip } from './gunzip.ts';
import type { SourceFile } from './source.ts';

export interface ReadOptions {
  /** Most bytes of one read; 1 MiB if not given. */
  readonly blockBytes?: number;
  /** Also computes the SHA-256 of the bytes as they lie on disk. */
  readonly sha256?: boolean;
}

/** What reading a source came to; complete when the bytes have been read to their end. */
export interface ReadSummary {
  /** Bytes read as they lie on disk. */
  readonly bytes: number;
  /** Bytes handed over, after unpacking. */
  readonly unpackedBytes: number;
  readonly gzip: boolean;
  /** Compressed bytes that gave nothing. */
  readonly lostBytes: number;
  /** Everything the source holds was handed over: not cut, not damaged, no read error. Garbage behind good gzip data is no damage. */
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
 * Opens a source: plain bytes, or gzip told by its signature whatever the file is called. Damage, cut data and read errors end the
 * bytes early and stand in the summary; nothing is thrown for them.
 */
export function readSource(source: SourceFile, options: ReadOptions = {}): SourceBytes {
  const hash = options.sha256 === true ? createHash('sha256') : null;
  const report: GunzipReport = { lostBytes: 0, damaged: 0, mismatched: 0, cut: false };
  let bytes = 0;
  let unpackedBytes = 0;
  let gzip = false;
  let sha256: string | null = null;
  let readError: string | null = null;

  async function* raw(): AsyncGenerator<Buffer> {
    try {
      for await (const block of source.open(options.blockBytes)) {
        bytes += block.length;
        hash?.update(block);
        yield block;
      }
      sha256 = hash?.digest('hex') ?? null;
    } catch (error) {
      readError = error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, '') : 'unknown error';
    }
  }

  async function* unpacked(): AsyncGenerator<Buffer> {
    const { head, rest } = await splitHead(raw(), GZIP_SIGNATURE.length);
    gzip = head.subarray(0, GZIP_SIGNATURE.length).equals(GZIP_SIGNATURE);
    const reopen = source.reopens ? () => untilError(source.open(options.blockBytes)) : null;
    for await (const block of gzip ? gunzip(join(head, rest), report, reopen) : join(head, rest)) {
      unpackedBytes += block.length;
      yield block;
    }
  }

  return {
    [Symbol.asyncIterator]: () => unpacked(),
    summary: () => {
      const warnings = [...gzipWarnings(report)];
      if (readError !== null) warnings.push(`reading stopped after ${bytes} bytes: ${readError}`);
      const damaged = report.damaged > 0 || report.mismatched > 0 || report.cut || readError !== null;
      return { bytes, unpackedBytes, gzip, lostBytes: report.lostBytes, complete: !damaged, sha256, warnings };
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

const GZIP_SIGNATURE = Buffer.from([0x1f, 0x8b]);

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

function* gzipWarnings(report: GunzipReport): Generator<string> {
  const { lostBytes, damaged, mismatched, cut } = report;
  const lost = `${lostBytes} compressed bytes gave no text`;
  if (damaged > 0) yield `the gzip data is damaged in ${damaged === 1 ? 'one place' : `${damaged} places`}: ${lost}`;
  else if (lostBytes > 0 && !cut) yield `there is something else than gzip data between or behind it: ${lost}`;
  if (cut) yield `the gzip data is cut off: its end is missing, all before it was read (${lost})`;
  if (mismatched > 0) yield 'the gzip checksum does not agree with the text: some of it may be wrong';
}
