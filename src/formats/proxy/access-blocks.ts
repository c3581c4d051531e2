import { addBytes, addText, finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { BlockReader, BlockSink } from '../format.ts';
import { type Layout, type LayoutField, learnLayout, ROLE } from './access-blocks-layout.ts';
import { hostOf } from './access-row.ts';
import { accessSignal } from './access-signal.ts';
import { parseClf } from './access-time.ts';

/**
 * Reads access rows straight from their bytes. Counts those that went well and are written in a known layout; all others,
 * and whatever it is not sure of, it hands over.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const DASH = 45;
const ZERO = 48;
const COLON = 58;
const QUESTION = 63;
const HASH = 35;
const DOT = 46;
const SLASH = 47;
const OPEN = 91;
const CLOSE = 93;
const BACKSLASH = 92;

/** What becomes of a line. */
const COUNTED = 0;
/** A row of an access log whatever else it may be, for the ordinary way. */
const ROW = 1;
/** A line that the reader does not know: it may belong to another format. */
const UNKNOWN = 2;
type Verdict = typeof COUNTED | typeof ROW | typeof UNKNOWN;

/** Rows are looked for marks of pasting in pieces of about this size, which stay in the processor's cache. */
const PIECE_BYTES = 128 * 1024;
/** The ordinary way reads no more of a line than twice this. */
const LONGEST_ROW = 32_768;
/** As `LineReader` cuts them. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Log formats that one file may mix. */
const MOST_LAYOUTS = 4;
/** Rows from which a layout is tried to be learned. */
const MOST_LESSONS = 200;
/** Length of `20/Nov/2026:03:14:38 -0500`. */
const TIME_BYTES = 26;
const RAY_BYTES = 16;
/** Length of a Ray ID with its colo. */
const RAY_COLO_BYTES = 20;
const LETTERS = 26;
const LONGEST_METHOD = 22;
/** Hosts remembered as they are written. */
const MOST_HOSTS = 1000;

/** Texts that the unwrapper takes out of a line or turns into others: terminal colours, HTML's quotes. */
const REWRITTEN = ['\u001b', '#033[', '&quot;'].map((text) => Buffer.from(text, 'latin1'));

/** By status: 1 where a row with it has no signal and is no failure, whatever its other fields say. */
const GOOD_STATUS = new Uint8Array(1000);
for (let status = 0; status < GOOD_STATUS.length; status++) {
  const good = accessSignal({ status }) === undefined && failureKind(status) === null;
  // Of a 400 the request line tells whether it was TLS.
  GOOD_STATUS[status] = good && status !== 400 ? 1 : 0;
}

/** Bits of `CLASS`: what a byte may be part of. */
const IN_WORD = 1;
const IN_USER = 2;
const IN_PATH = 4;
const IN_RAY = 8;
const IN_ADDRESS = 16;
const IN_METHOD = 32;
const IN_VALUE = 64;
const CLASS = new Uint8Array(256);
for (let byte = 0x21; byte < 0x7f; byte++) {
  const char = String.fromCharCode(byte);
  CLASS[byte] =
    (/[^",;=[\]|\\]/.test(char) ? IN_WORD : 0) |
    (/[\w.@-]/.test(char) ? IN_USER : 0) |
    (/[^"?#]/.test(char) ? IN_PATH : 0) |
    (/[\da-f]/.test(char) ? IN_RAY : 0) |
    (/[\da-fA-F]/.test(char) ? IN_ADDRESS : 0) |
    (/[A-Z_-]/.test(char) ? IN_METHOD : 0) |
    (char === '"' ? 0 : IN_VALUE);
}
CLASS[SPACE] = IN_VALUE;

/** Opens the block reader of access logs (`BlockReader`). */
export function openAccessBlocks(sink: BlockSink): BlockReader {
  return new AccessBlocks(sink);
}

class AccessBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly layouts: Layout[] = [];
  private lessons = 0;
  /** A line that may be another format's went by: until the next row is read the ordinary way, that format is asked first. */
  private strayed = true;
  // The last time read; rows come many to a second.
  private readonly time = new Uint8Array(TIME_BYTES);
  private ms = 0;
  private offsetMinutes = 0;
  private timeHash = '';
  // What the row at hand says.
  private status = 0;
  private rayAt = -1;
  private colo = '';
  private hostAt = -1;
  private hostEnd = 0;
  private serverNameAt = -1;
  private serverNameEnd = 0;
  private upstreamStatus = 0;
  private headerCame = false;
  private readonly colos: string[] = [];
  private readonly hosts = new Map<string, string>();

  constructor(sink: BlockSink) {
    this.sink = sink;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    let at = start;
    let next = number;
    while (at < end) {
      const stop = pieceEnd(bytes, at, end);
      next = this.readPiece(bytes, at, stop, next);
      at = stop;
    }
    return next - number;
  }

  private readPiece(bytes: Buffer, start: number, end: number, number: number): number {
    const rewritten = hasRewritten(bytes.subarray(start, end));
    let next = number;
    for (let at = start; at < end; ) {
      const found = bytes.indexOf(LF, at);
      const hasEnd = found !== -1 && found < end;
      const lineEnd = hasEnd ? found : end;
      // As `LineReader`: a carriage return belongs to the line's end only before a line feed.
      const stop = hasEnd && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
      const known = stop - at <= LONGEST_ROW && !(rewritten && hasRewritten(bytes.subarray(at, stop)));
      const verdict = known ? this.readRow(bytes, at, stop) : UNKNOWN;
      if (verdict !== COUNTED) this.handOver(bytes, at, stop, next, verdict);
      next++;
      at = lineEnd + 1;
    }
    return next;
  }

  private handOver(bytes: Buffer, start: number, end: number, number: number, verdict: Verdict): void {
    this.strayed = verdict === UNKNOWN;
    this.sink.line(bytes.subarray(start, Math.min(end, start + LONGEST_LINE)), number);
  }

  /** Counts a row, or says what it is. */
  private readRow(bytes: Buffer, start: number, end: number): Verdict {
    let at = addressEnd(bytes, start, end);
    if (at < 0 || bytes[at] !== SPACE || bytes[at + 1] !== DASH || bytes[at + 2] !== SPACE) return UNKNOWN;
    at += 3;
    while (((CLASS[bytes[at] ?? 0] ?? 0) & IN_USER) !== 0) at++;
    const timeAt = at + 2;
    const requestAt = timeAt + TIME_BYTES + 3;
    if (requestAt >= end || bytes[at] !== SPACE || bytes[at + 1] !== OPEN || bytes[at - 1] === SPACE) return UNKNOWN;
    if (bytes[requestAt - 3] !== CLOSE || bytes[requestAt - 2] !== SPACE || bytes[requestAt - 1] !== QUOTE)
      return UNKNOWN;
    if (!this.readTime(bytes, timeAt)) return UNKNOWN;
    const requestEnd = bytes.indexOf(QUOTE, requestAt);
    const statusAt = requestEnd + 2;
    const statusEnd = statusAt + 3;
    if (requestEnd < 0 || statusEnd > end) return UNKNOWN;
    if (bytes[requestEnd - 1] === BACKSLASH || bytes[requestEnd + 1] !== SPACE) return UNKNOWN;
    const status = threeDigits(bytes, statusAt);
    if (status < 0 || (statusEnd < end && bytes[statusEnd] !== SPACE)) return UNKNOWN;
    this.status = status;
    const layout = this.findLayout(bytes, statusEnd, end);
    if (layout === null) return UNKNOWN;
    return GOOD_STATUS[status] === 1 && this.count(bytes, requestAt, requestEnd, layout) ? COUNTED : ROW;
  }

  /** Reads the time unless it is the last row's. */
  private readTime(bytes: Buffer, at: number): boolean {
    const { time } = this;
    // The seconds differ first.
    let i = TIME_BYTES - 1;
    while (i >= 0 && bytes[at + i] === time[i]) i--;
    if (i < 0) return true;
    const stamp = parseClf(bytes.toString('latin1', at, at + TIME_BYTES));
    if (stamp?.kind !== 'utc' || stamp.offsetMinutes === undefined || Number.isNaN(stamp.ms)) return false;
    for (let j = 0; j < TIME_BYTES; j++) time[j] = bytes[at + j] ?? 0;
    this.ms = stamp.ms;
    this.offsetMinutes = stamp.offsetMinutes;
    this.timeHash = ` ${stamp.ms}`;
    return true;
  }

  /** The layout of `bytes[start, end)`, the fields after the status, which are read on the way; null where they have none. */
  private findLayout(bytes: Buffer, start: number, end: number): Layout | null {
    for (const layout of this.layouts) if (this.readFields(bytes, start, end, layout)) return layout;
    if (this.layouts.length === MOST_LAYOUTS || this.lessons === MOST_LESSONS) return null;
    this.lessons++;
    const layout = learnLayout(bytes.toString('latin1', start, end));
    if (layout === null || !this.readFields(bytes, start, end, layout)) return null;
    this.layouts.push(layout);
    return layout;
  }

  private readFields(bytes: Buffer, start: number, end: number, { fields }: Layout): boolean {
    this.rayAt = -1;
    this.colo = '';
    this.upstreamStatus = 0;
    this.headerCame = false;
    this.hostAt = -1;
    this.serverNameAt = -1;
    let at = start;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      if (field === undefined) return false;
      const { lead, quoted, role } = field;
      for (let j = 0; j < lead.length; j++) if (bytes[at + j] !== lead[j]) return false;
      at += lead.length;
      const valueEnd = quoted ? quotedEnd(bytes, at, field) : wordEnd(bytes, at, end);
      if (valueEnd < 0 || valueEnd > end) return false;
      if (role !== ROLE.other && !this.note(bytes, at, valueEnd, field)) return false;
      at = quoted ? valueEnd + 1 : valueEnd;
      if (at > end || (at < end && bytes[at] !== SPACE)) return false;
    }
    return at === end;
  }

  /** Takes up what a field says; false where the ordinary way may see more in it. */
  private note(bytes: Buffer, start: number, end: number, { role }: LayoutField): boolean {
    switch (role) {
      case ROLE.bare:
        // A word that begins so is a list's separator.
        return bytes[start] !== COLON && !looksLikeRay(bytes, start, end);
      case ROLE.bareRay:
        return !looksLikeRay(bytes, start, end) || (this.rayAt < 0 && this.noteRay(bytes, start, end));
      case ROLE.ray:
        this.rayAt = -1;
        this.colo = '';
        return isDash(bytes, start, end) || this.noteRay(bytes, start, end);
      case ROLE.upstreamStatus:
        this.upstreamStatus = end - start === 3 ? threeDigits(bytes, start) : 0;
        return this.upstreamStatus > 0 || isDash(bytes, start, end);
      case ROLE.headerTime:
        return this.noteHeaderTime(bytes, start, end);
      case ROLE.host:
        this.hostAt = start;
        this.hostEnd = end;
        return isPlain(bytes, start, end);
      case ROLE.serverName:
        this.serverNameAt = start;
        this.serverNameEnd = end;
        return isPlain(bytes, start, end);
      case ROLE.status:
        return end - start === 3 && this.status === threeDigits(bytes, start);
      default:
        return false;
    }
  }

  private noteRay(bytes: Buffer, start: number, end: number): boolean {
    for (let i = start; i < start + RAY_BYTES; i++) if (((CLASS[bytes[i] ?? 0] ?? 0) & IN_RAY) === 0) return false;
    this.rayAt = start;
    if (end - start === RAY_BYTES) return true;
    if (end - start !== RAY_COLO_BYTES || bytes[start + RAY_BYTES] !== DASH) return false;
    const a = (bytes[end - 3] ?? 0) - 65;
    const b = (bytes[end - 2] ?? 0) - 65;
    const c = (bytes[end - 1] ?? 0) - 65;
    if (a < 0 || b < 0 || c < 0 || a >= LETTERS || b >= LETTERS || c >= LETTERS) return false;
    const index = (a * LETTERS + b) * LETTERS + c;
    let colo = this.colos[index];
    if (colo === undefined) {
      colo = bytes.toString('latin1', end - 3, end);
      this.colos[index] = colo;
    }
    this.colo = colo;
    return true;
  }

  /** The host as the ordinary way takes it from the row. */
  private hostOf(bytes: Buffer): string {
    const host = this.hostAt < 0 ? '' : bytes.toString('latin1', this.hostAt, this.hostEnd);
    const serverName = this.serverNameAt < 0 ? '' : bytes.toString('latin1', this.serverNameAt, this.serverNameEnd);
    const written = `${host} ${serverName}`;
    const known = this.hosts.get(written);
    if (known !== undefined) return known;
    const name = hostOf({ host, serverName }) ?? '';
    if (this.hosts.size >= MOST_HOSTS) this.hosts.clear();
    this.hosts.set(written, name);
    return name;
  }

  private noteHeaderTime(bytes: Buffer, start: number, end: number): boolean {
    this.headerCame = false;
    if (isDash(bytes, start, end)) return true;
    for (let i = start; i < end; i++) if (digit(bytes, i) > 9 && bytes[i] !== DOT) return false;
    this.headerCame = digit(bytes, start) <= 9 && end > start;
    return true;
  }

  /** Counts a row whose fields were read; false where it must be handed over. */
  private count(bytes: Buffer, requestAt: number, requestEnd: number, layout: Layout): boolean {
    if (this.strayed) return false;
    let hash: number;
    if (this.rayAt >= 0) hash = addBytes(HASH_START, bytes, this.rayAt, this.rayAt + RAY_BYTES);
    else {
      const pathEnd = layout.namesRequest ? -1 : plainPathEnd(bytes, requestAt, requestEnd);
      if (pathEnd < 0) return false;
      hash = addText(addBytes(HASH_START, bytes, requestAt, pathEnd), this.timeHash);
    }
    if (this.sink.wantsRequest(finishHash(hash))) return false;
    this.sink.count({
      ms: this.ms,
      offsetMinutes: this.offsetMinutes,
      status: this.status,
      reached: this.headerCame && this.upstreamStatus >= 100,
      colo: this.colo,
      host: layout.namesHost ? this.hostOf(bytes) : '',
    });
    return true;
  }
}

/** End of a piece of whole lines. */
function pieceEnd(bytes: Buffer, start: number, end: number): number {
  if (end - start <= PIECE_BYTES) return end;
  const last = bytes.lastIndexOf(LF, start + PIECE_BYTES);
  if (last >= start) return last + 1;
  const next = bytes.indexOf(LF, start + PIECE_BYTES);
  return next === -1 || next >= end ? end : next + 1;
}

function hasRewritten(bytes: Buffer): boolean {
  return REWRITTEN.some((mark) => bytes.includes(mark));
}

/** End of the IPv4 or IPv6 address that begins a row, -1 where none does. */
function addressEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  for (let group = 0; group < 4; group++) {
    const from = at;
    while (digit(bytes, at) <= 9) at++;
    if (at === from || at - from > 3) return ipv6End(bytes, start, end);
    if (group < 3 && bytes[at++] !== DOT) return ipv6End(bytes, start, end);
  }
  return at;
}

/** Groups of up to four digits; with fewer than three colons it may be a clock. */
function ipv6End(bytes: Buffer, start: number, end: number): number {
  let colons = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) {
      colons++;
      digits = 0;
    } else if (((CLASS[byte] ?? 0) & IN_ADDRESS) === 0) return colons >= 3 && colons <= 7 ? at : -1;
    else if (++digits > 4) return -1;
  }
  return -1;
}

/** End of a bare value, -1 where it is written as only the tokenizer reads it. */
function wordEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && ((CLASS[bytes[at] ?? 0] ?? 0) & IN_WORD) !== 0) at++;
  return at === start ? -1 : at;
}

/** Index of the quote that ends a value, -1 where that is not sure. */
function quotedEnd(bytes: Buffer, start: number, { long }: LayoutField): number {
  let at = start;
  if (long) at = bytes.indexOf(QUOTE, start);
  else while (bytes[at] !== QUOTE && ((CLASS[bytes[at] ?? 0] ?? 0) & IN_VALUE) !== 0) at++;
  return at < 0 || bytes[at] !== QUOTE || bytes[at - 1] === BACKSLASH ? -1 : at;
}

/** End of `METHOD /path` within a request line; -1 where they are not written plainly. */
function plainPathEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (((CLASS[bytes[at] ?? 0] ?? 0) & IN_METHOD) !== 0) at++;
  if (at - start < 2 || at - start > LONGEST_METHOD || bytes[at] !== SPACE || bytes[at + 1] !== SLASH) return -1;
  at++;
  while (((CLASS[bytes[at] ?? 0] ?? 0) & IN_PATH) !== 0) at++;
  const byte = bytes[at];
  return at <= end && (at === end || byte === SPACE || byte === QUESTION || byte === HASH) ? at : -1;
}

/** Whether a value has the length and the dash of a Ray ID with its colo. */
function looksLikeRay(bytes: Buffer, start: number, end: number): boolean {
  return end - start === RAY_COLO_BYTES && bytes[start + RAY_BYTES] === DASH;
}

function isDash(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === DASH;
}

/** Whether a value has printable ASCII only, and nothing that is escaped. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (((CLASS[bytes[i] ?? 0] ?? 0) & IN_WORD) === 0) return false;
  return true;
}

function digit(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) - ZERO) >>> 0;
}

/** A number of exactly three digits, or -1. */
function threeDigits(bytes: Buffer, at: number): number {
  const a = digit(bytes, at);
  const b = digit(bytes, at + 1);
  const c = digit(bytes, at + 2);
  return a > 9 || b > 9 || c > 9 ? -1 : a * 100 + b * 10 + c;
}
