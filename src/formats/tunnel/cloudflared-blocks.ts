import { pieceEnd } from '../../scan/piece.ts';
import { COUNTER_BYTES } from '../../scan/tunnel-counter.ts';
import { clueHashOfBytes } from '../../vocabulary/hash.ts';
import type { ClueRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockReader, SharedSink } from '../format.ts';
import { BlockView, KnownBytes } from '../known-bytes.ts';
import type { Circumstances } from './cloudflared-match.ts';
import type { Said } from './cloudflared-meaning.ts';
import type { Meaning } from './cloudflared-record.ts';
import { addressOf, type FoundRay, LONGEST_TALK, NO_RAY } from './debug-requests.ts';
import { FieldBytes, tokenEnd } from './field-bytes.ts';
import { LEVEL_BYTES, LEVELS, type LinePrefix, LinePrefixes } from './line-prefix.ts';
import { lineRecord } from './line-record.ts';
import { type KnownSaid, SaidMemo } from './said-memo.ts';
import { type PairedReading, TunnelCounts } from './tunnel-counts.ts';

const LF = 10;
const CR = 13;
const BLANK = 32;
const MINUTE_MS = 60_000;
/** Debug lines are looked through for a header only so far; other lines of this length are rare. */
const LONGEST_LINE = LONGEST_TALK;
const DEBUG = 0;
const CONNECTIONS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const HTTPS = new KnownBytes(Buffer.from('https://', 'latin1'));
const HTTP = new KnownBytes(Buffer.from('http://', 'latin1'));

/** Messages after which later lines mean something else, or which the parser itself waits on. */
const TURNING: ReadonlySet<SignalId> = new Set<SignalId>([
  'cloudflared.proc-noingress',
  'cloudflared.proc-gostack',
  'cloudflared.noise-recovered',
  'cloudflared.proc-start',
  'cloudflared.noise-precheck',
]);
const LAST_WORDS = 'Initiating shutdown';

/** What block reader and parser share: the same pairs, the same state, whichever of them reads a line. */
export interface TunnelReading extends PairedReading {
  readonly isSettled: boolean;
  readonly state: {
    circumstances(connection: string | undefined): Circumstances;
    see(signal: SignalId | null, message: string, connection: string | undefined): void;
  };
  resume(ms: number): void;
}

/**
 * Reads cloudflared's log from bytes: lines of the console form of today, bare or behind one wrapper. What they say is
 * looked up by their message and error; state and pairs are those of the parser, which gets all other lines.
 */
export class CloudflaredBlocks implements BlockReader {
  private readonly sink: SharedSink;
  private readonly tunnel: TunnelReading;
  private readonly view = new BlockView();
  private readonly prefixes = new LinePrefixes();
  private readonly memo = new SaidMemo();
  private readonly fields = new FieldBytes();
  private readonly circumstances: (connection: string | undefined) => Circumstances;
  private readonly counts: TunnelCounts | null;
  /** That of the line before, if it was read from its bytes. */
  private latest: LinePrefix | null = null;

  /** Without `withCounter` it reads each line itself: the reference. */
  constructor(sink: SharedSink, tunnel: TunnelReading, withCounter: boolean) {
    this.sink = sink;
    this.tunnel = tunnel;
    this.counts = withCounter ? TunnelCounts.open(sink, tunnel) : null;
    this.circumstances = (connection) => tunnel.state.circumstances(connection);
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    let line = number;
    for (let at = start; at < end; ) {
      const stop = pieceEnd(bytes, at, end, COUNTER_BYTES);
      line = this.readPiece(bytes, at, stop, line);
      at = stop;
    }
    return line - number;
  }

  /** The number of the line behind the piece. */
  private readPiece(bytes: Buffer, start: number, end: number, number: number): number {
    // What lacks its line feed is read as it is.
    const counts = end - start <= COUNTER_BYTES && bytes[end - 1] === LF ? this.counts : null;
    let isLoaded = false;
    let line = number;
    for (let at = start; at < end; ) {
      if (counts !== null && this.latest !== null && this.tunnel.isSettled) {
        if (!isLoaded) counts.load(bytes.subarray(start, end));
        isLoaded = true;
        const read = counts.run(at - start, line, this.latest);
        if (read > 0) {
          this.sink.took(read);
          line += read;
          at = start + counts.at;
          if (at >= end) break;
        }
      }
      const feed = bytes.indexOf(LF, at);
      const lineEnd = feed < 0 || feed > end ? end : feed;
      if (isLoaded && this.turn(bytes, at, lineEnd)) continue;
      const textEnd = lineEnd < end && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
      this.latest = this.take(bytes, at, textEnd, line);
      if (this.latest !== null) this.sink.took();
      else {
        this.counts?.leave();
        this.sink.line(bytes.subarray(at, textEnd), line);
      }
      at = lineEnd + 1;
      line++;
    }
    return line;
  }

  /** Turns to lines of the prefix with which the one at `at` begins; false where those were read already, or may not be from bytes. */
  private turn(bytes: Buffer, at: number, end: number): boolean {
    const { counts, latest } = this;
    if (counts === null || latest === null || !this.tunnel.isSettled) return false;
    const prefix = this.prefixes.read(bytes, at, end);
    if (prefix === null || prefix === latest) return false;
    if (!this.sink.isAlone(prefix.isNamed)) return false;
    this.tunnel.resume(prefix.ms);
    this.latest = prefix;
    return true;
  }

  /** Reads a line and gives its prefix; null where it is not to be read from bytes. */
  private take(bytes: Buffer, start: number, end: number, number: number): LinePrefix | null {
    if (!this.tunnel.isSettled || end - start > LONGEST_LINE) return null;
    const prefix = this.prefixes.read(bytes, start, end);
    if (prefix === null || !this.sink.isAlone(prefix.isNamed)) return null;
    const at = start + prefix.known.length + LEVEL_BYTES;
    const { level } = this.prefixes;
    if (level === DEBUG) {
      // Behind more than one blank a request may follow, too.
      if (bytes[at] === BLANK) return null;
      if (isCapital(bytes[at] ?? 0)) return this.takeTalk(bytes, at, end, prefix) ? prefix : null;
    }
    if (!this.fields.read(bytes, at, end)) return null;
    const connection = this.connection(bytes);
    if (connection === null) return null;
    const known = this.memo.of(bytes, this.fields, level, this.circumstances, connection);
    if (known === null || !this.isPlain(bytes, known)) return null;
    this.tunnel.resume(prefix.ms);
    this.say(bytes, start, end, number, prefix, connection, known);
    this.counts?.learn(known, this.error(bytes), this.fields.destStart >= 0, level);
    return prefix;
  }

  /** `GET https://app.example.com/cart HTTP/1.1 …`: only its Ray ID may be asked for later. */
  private takeTalk(bytes: Buffer, at: number, end: number, prefix: LinePrefix): boolean {
    let i = at;
    while (i - at < 10 && isCapital(bytes[i] ?? 0)) i++;
    if (i - at < 3 || bytes[i] !== 0x20) return false;
    const view = this.view.of(bytes);
    const from = HTTPS.isAt(view, i + 1) ? i + 1 + HTTPS.length : HTTP.isAt(view, i + 1) ? i + 1 + HTTP.length : -1;
    if (from < 0) return false;
    const wordEnd = tokenEnd(bytes, from, end);
    let to = from;
    while (to < wordEnd && bytes[to] !== 0x3f && bytes[to] !== 0x23) to++;
    if (to === from) return false;
    this.tunnel.resume(prefix.ms);
    this.tunnel.requests.addBytes(bytes, end, from, to);
    return true;
  }

  /** The error as it is written between its quotes; null where there is none. */
  private error(bytes: Buffer): string | null {
    const { errorStart, errorEnd } = this.fields;
    return errorStart < 0 ? null : bytes.toString('latin1', errorStart + 1, errorEnd - 1);
  }

  /** The index of the connection; null where it is not written as cloudflared writes it. */
  private connection(bytes: Buffer): string | undefined | null {
    const { connectionStart: start, connectionEnd: end } = this.fields;
    if (start < 0) return undefined;
    const digit = bytes[start] ?? 0;
    if (end - start !== 1 || digit < 48 || digit > 57) return null;
    return CONNECTIONS[digit - 48];
  }

  /** Whether a line does no more than its record tells, and its record hangs on nothing but the line. */
  private isPlain(bytes: Buffer, { said, message }: KnownSaid): boolean {
    const { destStart, serviceStart } = this.fields;
    if (message === LAST_WORDS) return false;
    if (said.kind !== 'request') {
      return destStart < 0 && !(said.kind === 'message' && TURNING.has(said.match.row.signal));
    }
    if (said.side === 'origin' ? destStart >= 0 : serviceStart >= 0) return false;
    // `warp-routing` is no web service; quoted and empty values are rare.
    if (serviceStart >= 0) return isLetter(bytes[serviceStart] ?? 0) && bytes[serviceStart] !== 0x77;
    return destStart < 0 || this.hostStart(bytes) > 0;
  }

  /** Where the host of `dest` begins; -1 where it names none plainly. */
  private hostStart(bytes: Buffer): number {
    const { destStart, destEnd } = this.fields;
    let i = destStart;
    while (i < destEnd && isLetter(bytes[i] ?? 0)) i++;
    if (i === destStart || bytes[i] !== 0x3a || bytes[i + 1] !== 0x2f || bytes[i + 2] !== 0x2f) return -1;
    const first = bytes[i + 3] ?? 0;
    return i + 3 < destEnd && first !== 0x2f && first !== 0x3f && first !== 0x23 ? i + 3 : -1;
  }

  private say(
    bytes: Buffer,
    start: number,
    end: number,
    number: number,
    prefix: LinePrefix,
    connection: string | undefined,
    { said, message }: KnownSaid,
  ): void {
    const { sink } = this;
    const signal = signalOf(said);
    if (signal !== null) {
      const { stamp, outerStamp, server } = prefix;
      const textStart = start + prefix.textAt;
      const level = LEVELS[this.prefixes.level]?.[1];
      const hash = clueHashOfBytes(bytes, textStart, end);
      const isWanted = sink.wantsClue(signal, Math.floor(prefix.ms / MINUTE_MS), hash, server);
      if (said.kind === 'request') {
        const namesHost = this.fields.destStart >= 0;
        // A line that names the request is the quoted one: where it is not wanted its record never will be.
        const isDropped = namesHost && !isWanted && server !== undefined;
        const record = isDropped ? noRecord : this.recorder(bytes, textStart, end, number, prefix, null);
        const counted = { signal, level, hash };
        const { side, error } = said;
        this.tunnel.pair({
          side,
          error,
          line: number,
          stamp,
          outerStamp,
          server,
          connection,
          namesHost,
          counted,
          record,
        });
        this.counts?.weigh();
      } else {
        const clue = { stamp, outerStamp, server, signal, level };
        if (!isWanted) sink.countClue(clue);
        else {
          const caught = said.kind === 'message' ? said.match.values : {};
          const meaning = { signal, caught };
          sink.keepClue(clue, hash, this.recorder(bytes, textStart, end, number, prefix, meaning));
        }
      }
    }
    this.tunnel.state.see(said.kind === 'message' ? said.match.row.signal : null, message, connection);
  }

  /** Reads the record of a line when it is asked for, from a copy of the line; `meaning` is null for a failed request's. */
  private recorder(
    bytes: Buffer,
    start: number,
    end: number,
    number: number,
    prefix: LinePrefix,
    meaning: Meaning | null,
  ): () => ClueRecord | undefined {
    const text = bytes.toString('latin1', start, end);
    const wrapper = this.sink.wrapper?.(number) ?? prefix.wrapper;
    const found = this.fields.destStart < 0 ? NO_RAY : this.rayOfDest(bytes);
    return () => lineRecord(text, number, wrapper, meaning, found);
  }

  /** The Ray ID that a debug line before this one gave for the same host and path. */
  private rayOfDest(bytes: Buffer): FoundRay {
    const dest = bytes.toString('latin1', this.hostStart(bytes), this.fields.destEnd);
    return this.tunnel.requests.rayOf(addressOf(dest));
  }
}

function noRecord(): undefined {
  return undefined;
}

/** The signal under which a line counts; null where it tells nothing. */
function signalOf(said: Said): SignalId | null {
  if (said.kind === 'request') return said.meaning.signal;
  if (said.kind === 'message') return said.match.row.signal;
  return said.kind === 'error' ? 'cloudflared.other-error' : null;
}

function isCapital(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

function isLetter(byte: number): boolean {
  return byte >= 97 && byte <= 122;
}
