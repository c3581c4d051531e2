import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { ByteCursor } from './cursor.ts';
import { gathered } from './gathered.ts';
import { Inflater } from './inflate.ts';

/** What unpacking met with; filled while it goes on. */
export interface UnpackReport {
  /** Bytes as they lie whose text has been handed over; of the last few a part may be missing. */
  usedBytes: number;
  /** Compressed bytes that gave no text: behind damage, or garbage between and after the members. */
  lostBytes: number;
  /** Places where the data was damaged. */
  damaged: number;
  /** Members whose checksum or length did not agree. */
  mismatched: number;
  /** The last member has no end. */
  cut: boolean;
}

/**
 * 4 MiB of output at a time: in each round zlib waits a third of a millisecond, for the main thread and then for its own. 1.5 GB take
 * a twentieth longer with 2 MiB, and a seventh with 1 MiB.
 */
const CHUNK_BYTES = 1 << 22;
/** The same for one member of many. Where damage cannot be looked at again (standard input), the text of a round is lost with it. */
const MEMBER_CHUNK_BYTES = 1 << 19;
const SMALLEST_CHUNK_BYTES = 1 << 14;

/** zlib gives nothing of the round in which it meets damage. Where that is, it gets so few bytes at a time: only their text is lost. */
const CAREFUL_BYTES = 64;

/** Flags of a member's header (RFC 1952, section 2.3.1). */
const FLAG_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
const RESERVED_FLAGS = 0xe0;

/** Compressed bytes for zlib at a time: each piece ends with a short round. */
export const PIECE_BYTES = 1 << 19;

type Ending = 'complete' | 'cut' | 'damaged';

/** Compressed bytes, by their offsets. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const NOWHERE: Span = { start: 0, end: 0 };

interface Body {
  /** Offset of the deflate data. */
  readonly start: number;
  ending: Ending;
  bytes: number;
  crc: number;
  /** What zlib got when it failed. */
  damage: Span;
}

function bodyAt(start: number): Body {
  return { start, ending: 'cut', bytes: 0, crc: 0, damage: NOWHERE };
}

/** Logs shrink to about a tenth: a small member gets memory of its own size, a large one big chunks (measured four times faster than small ones). */
function chunkBytesFor(compressedBytes: number, most: number): number {
  return Math.min(most, Math.max(SMALLEST_CHUNK_BYTES, 16 * compressedBytes));
}

/**
 * Unpacks gzip: any number of members, zeros or garbage around them. Where data is damaged, gives all before the damage and goes on
 * with the next member. `reopen` gives the same blocks once more, to save what stands right before the damage; null where that
 * cannot be. zlib gets `pieceBytes` at a time. Throws what `blocks` throws.
 */
export async function* gunzip(
  blocks: AsyncIterable<Buffer>,
  report: UnpackReport,
  reopen: (() => AsyncIterable<Buffer>) | null,
  pieceBytes: number,
): AsyncGenerator<Buffer> {
  const pieces = gathered(blocks, pieceBytes);
  if (reopen === null) {
    yield* unpackMembers(pieces, report, null, NOWHERE);
    return;
  }
  const cursor = new ByteCursor(pieces);
  let given: number | null;
  try {
    given = yield* gunzipWhole(cursor, report);
    // Sizes and checksums are of all bytes.
    if (given !== null) await cursor.skipTo(Number.POSITIVE_INFINITY);
  } finally {
    await cursor.close();
  }
  if (given === null) return;
  const careful = { start: report.usedBytes, end: report.usedBytes + pieceBytes };
  yield* without(given, unpackMembers(reopen(), report, reopen, careful));
}

/** All but the first bytes. */
async function* without(bytes: number, blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const block of blocks) {
    if (left < block.length) yield block.subarray(left);
    left = Math.max(0, left - block.length);
  }
}

/**
 * Unpacks gzip as zlib does by itself, which sums up on its own threads: on the main one that is a twelfth of the time for 1.5 GB.
 * Returns null where all was whole, with nothing around it; else how many bytes it gave, which are the first ones.
 */
async function* gunzipWhole(cursor: ByteCursor, report: UnpackReport): AsyncGenerator<Buffer, number | null> {
  if (!(await cursor.more())) return 0;
  const inflater = new Inflater(createGunzip({ chunkSize: chunkBytesFor(cursor.rest().length, CHUNK_BYTES) }));
  let given = 0;
  try {
    for await (const out of inflater.writeAll(cursor.pieces())) {
      given += out.length;
      report.usedBytes = inflater.used;
      yield out;
    }
    report.usedBytes = inflater.used;
    return inflater.failed || inflater.used < cursor.offset ? given : null;
  } finally {
    inflater.close();
  }
}

/** Unpacks member by member; `careful`: where damage is likely, and zlib gets little at a time. */
async function* unpackMembers(
  blocks: AsyncIterable<Buffer>,
  report: UnpackReport,
  reopen: (() => AsyncIterable<Buffer>) | null,
  careful: Span,
): AsyncGenerator<Buffer> {
  const cursor = new ByteCursor(blocks);
  try {
    let members = 0;
    // Up to here every byte is accounted for.
    let settled = 0;
    let lost = false;
    for (;;) {
      const { found, garbage } = await cursor.skipToMember();
      const start = found ? cursor.offset - MAGIC_BYTES : cursor.offset;
      report.usedBytes = start;
      if (lost || garbage) report.lostBytes += start - settled;
      settled = start;
      if (!found) {
        if (members === 0 && start < MAGIC_BYTES) report.cut = true;
        else if (members === 0) report.damaged++;
        return;
      }
      members++;

      let ending = await skipHeader(cursor);
      if (ending === 'complete') {
        const body = bodyAt(cursor.offset);
        yield* inflateBody(cursor, body, careful);
        ending = body.ending === 'complete' ? await checkTrailer(cursor, body, report) : body.ending;
        const isCareless = body.damage.end - body.damage.start > CAREFUL_BYTES;
        if (isCareless && reopen !== null) await cursor.skipTo(yield* salvage(reopen(), body));
        settled = cursor.offset;
        lost = ending === 'damaged';
      } else lost = true;
      if (ending === 'cut') report.cut = true;
      if (ending === 'damaged') report.damaged++;
    }
  } finally {
    await cursor.close();
  }
}

/** The signature and the method, which is always deflate. */
const MAGIC_BYTES = 3;

/** Passes over the rest of a member's header. */
async function skipHeader(cursor: ByteCursor): Promise<Ending> {
  const fixed = await cursor.take(7);
  if (fixed === null) return 'cut';
  const flags = fixed[0] ?? 0;
  if ((flags & RESERVED_FLAGS) !== 0) return 'damaged';
  if ((flags & FLAG_EXTRA) !== 0) {
    const length = await cursor.take(2);
    if (length === null || (await cursor.take(length.readUInt16LE(0))) === null) return 'cut';
  }
  if ((flags & FLAG_NAME) !== 0 && !(await cursor.skipPastZero())) return 'cut';
  if ((flags & FLAG_COMMENT) !== 0 && !(await cursor.skipPastZero())) return 'cut';
  if ((flags & FLAG_CRC) !== 0 && (await cursor.take(2)) === null) return 'cut';
  return 'complete';
}

/** Compares what was unpacked with the checksum and length behind it. */
async function checkTrailer(cursor: ByteCursor, body: Body, report: UnpackReport): Promise<Ending> {
  const trailer = await cursor.take(8);
  if (trailer === null) return 'cut';
  if (trailer.readUInt32LE(0) !== body.crc || trailer.readUInt32LE(4) !== body.bytes % 2 ** 32) report.mismatched++;
  return 'complete';
}

/** Unpacks a member's deflate data and leaves the cursor behind what was used of it. */
async function* inflateBody(cursor: ByteCursor, body: Body, careful: Span): AsyncGenerator<Buffer> {
  const chunkSize = chunkBytesFor(cursor.rest().length, MEMBER_CHUNK_BYTES);
  const inflater = new Inflater(createInflateRaw({ chunkSize }));
  try {
    while (await cursor.more()) {
      const start = cursor.offset;
      const piece = cursor.rest().subarray(0, bytesAt(start, careful));
      for await (const out of inflater.write(piece)) {
        body.crc = crc32(out, body.crc);
        body.bytes += out.length;
        yield out;
      }
      cursor.skip(inflater.used);
      if (inflater.failed) {
        body.ending = 'damaged';
        body.damage = { start, end: start + piece.length };
      } else if (inflater.used < piece.length) body.ending = 'complete';
      else continue;
      return;
    }
  } finally {
    inflater.close();
  }
}

/** How many bytes zlib gets at this offset. */
function bytesAt(offset: number, careful: Span): number {
  if (offset < careful.start) return careful.start - offset;
  return offset < careful.end ? CAREFUL_BYTES : Number.POSITIVE_INFINITY;
}

/** Unpacks a damaged member again, carefully where it is damaged, and gives what the first pass did not; returns the offset it came to. */
async function* salvage(blocks: AsyncIterable<Buffer>, first: Body): AsyncGenerator<Buffer, number> {
  const cursor = new ByteCursor(blocks);
  try {
    await cursor.skipTo(first.start);
    yield* without(first.bytes, inflateBody(cursor, bodyAt(first.start), first.damage));
    return cursor.offset;
  } finally {
    await cursor.close();
  }
}
