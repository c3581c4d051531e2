import { ByteCursor } from './cursor.ts';
import type { UnpackReport } from './gunzip.ts';

/**
 * Unpacks Zstandard (RFC 8878). Frames and blocks are walked here, so that every byte is accounted for and damage costs no
 * more than its frame; what a block holds is worked out by fzstd, which is the same in every version of Node.
 */

const MAGIC = 0xfd2fb528;
/** Frames that hold no text: sixteen magic numbers, then a length. */
const SKIPPABLE = 0x184d2a5;
const WORD_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;

/** Bytes of a dictionary's number and of the content's size, by their flags (RFC 8878, section 3.1.1.1.1). */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;
const TYPE_RLE = 1;
const TYPE_RESERVED = 3;
/** No block holds more (RFC 8878, section 3.1.1.2.4). */
const MAX_BLOCK_BYTES = 1 << 17;
/** Twice what zstd itself accepts unless told otherwise: a frame can ask for any amount of memory. */
const MAX_WINDOW_BYTES = 2 ** 28;
/** Unpacked bytes that are handed over when a frame is so short that the decoder must be told of its end. */
const NO_BYTES = Buffer.alloc(0);

interface FrameHeader {
  readonly bytes: Buffer;
  readonly hasChecksum: boolean;
  readonly readable: boolean;
}

/** Unpacks all frames. What is cut or damaged stands in `report`. Throws what `blocks` throws. */
export async function* unzstd(blocks: AsyncIterable<Buffer>, report: UnpackReport): AsyncGenerator<Buffer> {
  const cursor = new ByteCursor(blocks);
  try {
    for (;;) {
      const start = cursor.offset;
      const magic = await cursor.take(WORD_BYTES);
      if (magic === null) {
        report.cut ||= cursor.offset > start;
        report.lostBytes += cursor.offset - start;
        return;
      }
      const number = magic.readUInt32LE(0);
      if (number === MAGIC) {
        if (!(yield* frame(cursor, magic, report))) return;
      } else if (number >>> 4 === SKIPPABLE) {
        if (!(await skipFrame(cursor))) {
          report.cut = true;
          return;
        }
      } else {
        await loseRest(cursor, start, report);
        return;
      }
    }
  } finally {
    await cursor.close();
  }
}

/** Unpacks one frame; false where nothing can follow it: cut, or no telling where it ends. */
async function* frame(cursor: ByteCursor, magic: Buffer, report: UnpackReport): AsyncGenerator<Buffer, boolean> {
  let settled = cursor.offset - WORD_BYTES;
  const cut = (): false => {
    report.cut = true;
    report.lostBytes += cursor.offset - settled;
    return false;
  };
  const header = await takeHeader(cursor, magic);
  if (header === null) return cut();
  const out: Buffer[] = [];
  const { Decompress } = await import('fzstd');
  const decoder = new Decompress((bytes) => out.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  let sound = header.readable;
  if (!sound) report.damaged++;
  for (let before = header.bytes; ; before = NO_BYTES) {
    const head = await cursor.take(BLOCK_HEADER_BYTES);
    if (head === null) return cut();
    const word = head.readUIntLE(0, BLOCK_HEADER_BYTES);
    const isLast = (word & 1) === 1;
    const type = (word >>> 1) & 3;
    const size = word >>> 3;
    if (type === TYPE_RESERVED || size > MAX_BLOCK_BYTES) {
      if (sound) report.damaged++;
      await loseRest(cursor, settled, report);
      return false;
    }
    const content = await cursor.take(type === TYPE_RLE ? 1 : size);
    if (content === null) return cut();
    const checksum = isLast && header.hasChecksum ? await cursor.take(WORD_BYTES) : NO_BYTES;
    if (sound) {
      try {
        // The decoder waits for a checksum but does not look at it.
        decoder.push(Buffer.concat([before, head, content, checksum ?? Buffer.alloc(WORD_BYTES)]), isLast);
      } catch {
        sound = false;
        report.damaged++;
      }
      for (const bytes of out) if (bytes.length > 0) yield bytes;
      out.length = 0;
    }
    if (!sound) report.lostBytes += cursor.offset - settled;
    settled = cursor.offset;
    report.usedBytes = settled;
    if (checksum === null) return cut();
    if (isLast) return true;
  }
}

/** The rest of a frame's header; null where it is cut. */
async function takeHeader(cursor: ByteCursor, magic: Buffer): Promise<FrameHeader | null> {
  const descriptor = await cursor.take(1);
  if (descriptor === null) return null;
  const flags = descriptor[0] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryBytes = DICTIONARY_BYTES[flags & 3] ?? 0;
  const sizeBytes = flags >>> 6 === 0 && isSingle ? 1 : (SIZE_BYTES[flags >>> 6] ?? 0);
  const rest = await cursor.take((isSingle ? 0 : 1) + dictionaryBytes + sizeBytes);
  if (rest === null) return null;
  const windowBytes = isSingle ? sizeOf(rest.subarray(dictionaryBytes)) : windowOf(rest[0] ?? 0);
  const isReserved = (flags & 8) !== 0;
  return {
    bytes: Buffer.concat([magic, descriptor, rest]),
    hasChecksum: (flags & 4) !== 0,
    readable:
      !isReserved &&
      rest
        .subarray(isSingle ? 0 : 1)
        .subarray(0, dictionaryBytes)
        .every(isZero) &&
      windowBytes <= MAX_WINDOW_BYTES,
  };
}

function isZero(byte: number): boolean {
  return byte === 0;
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function sizeOf(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE(0));
  return bytes.length === 0 ? 0 : bytes.readUIntLE(0, bytes.length);
}

/** Passes over a frame that holds no text; false where it is cut. */
async function skipFrame(cursor: ByteCursor): Promise<boolean> {
  const length = await cursor.take(WORD_BYTES);
  if (length === null) return false;
  const end = cursor.offset + length.readUInt32LE(0);
  await cursor.skipTo(end);
  return cursor.offset === end;
}

/** Passes over everything that is left: nothing says where another frame might begin. */
async function loseRest(cursor: ByteCursor, from: number, report: UnpackReport): Promise<void> {
  await cursor.skipTo(Number.POSITIVE_INFINITY);
  report.lostBytes += cursor.offset - from;
}
