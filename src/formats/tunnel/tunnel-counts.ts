import {
  MOST_CLASSES,
  MOST_ERRORS,
  type NotedHalf,
  openTunnelCounter,
  type SaidOfLine,
  type TunnelCounter,
} from '../../scan/tunnel-counter.ts';
import {
  LONGEST_ERROR,
  SAID_NOTHING,
  SAID_ORIGIN,
  SAID_OTHER,
  SAID_TRANSPORT,
  STOP_FULL,
  STOP_SAID,
} from '../../scan/tunnel-numbers.ts';
import type { Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { SharedSink } from '../format.ts';
import { hangsOnState } from './cloudflared-match.ts';
import type { Said } from './cloudflared-meaning.ts';
import { addressOf, type DebugRequests, NO_RAY } from './debug-requests.ts';
import { FIELD_NAMES } from './field-bytes.ts';
import { blanked, freeDigits } from './free-digits.ts';
import { LEVELS, type LinePrefix } from './line-prefix.ts';
import { lineRecord } from './line-record.ts';
import type { AlikeErrors, RequestHalf } from './request-pairs.ts';
import type { KnownSaid } from './said-memo.ts';
import { DIALLING } from './tunnel-state.ts';

const MINUTE_MS = 60_000;
const LEVEL_BYTES = 4;
/** More pairs of clocks than these are not looked at. */
const CLOCK_PAIRS = 64;
const NONE_FREE = new Uint8Array();
const ALL_FREE = new Uint8Array(LONGEST_ERROR).fill(255);
const WORDS = { levels: LEVELS.map(([word]) => `${word} `), fields: FIELD_NAMES };

/** What of a log's reading decides whether the two lines of a failed request may be counted at once. */
export interface PairedReading {
  readonly requests: DebugRequests;
  /** How many more lines may wait for others without some being let go. */
  readonly room: number;
  /** How many lines wait. */
  readonly waiting: number;
  /** As in `RequestPairs`. */
  onWaiting(alike: (error: string) => AlikeErrors | null, tell: (like: AlikeErrors) => void): void;
  /** Takes a line of a failed request. */
  pair(half: RequestHalf): void;
}

interface RequestClass {
  readonly signal: SignalId;
  readonly level: number;
}

/** Lets lines of one reader that need not be read as text be read from bytes (`TunnelCounter`), in their order. */
export class TunnelCounts {
  private readonly sink: SharedSink;
  private readonly tunnel: PairedReading;
  private readonly counter: TunnelCounter;
  private prefix: LinePrefix | null = null;
  /** Those that differ from it by their level alone, and itself. */
  private readonly followed = new Set<LinePrefix>();
  /** The prefix up to the level, which the counter knows. */
  private base: Buffer | null = null;
  /** Whether it stopped at a line that says what it does not know. */
  private isUnknown = false;
  /** By their number less 1. */
  private readonly classes: RequestClass[] = [];
  /** Errors by their number less 1, and by their texts with zeros for digits: as long as the log is read, as lines of them may wait. */
  private readonly errors: AlikeErrors[] = [];
  private readonly errorIds = new Map<string, number>();
  /** By class the heaviest weight that was told: the sample is as thin as that wherever a stretch has a line. */
  private readonly heaviest: number[] = [];
  /** Number of the line from which the counter was asked to read, and how many of the requests that it noted were taken over. */
  private number = 0;
  private talks = 0;
  /** How many lines of failed requests of this machine it has handed over. */
  private halves = 0;
  private readonly give = (group: number, requests: number): void => {
    const known = this.classes[group - 1];
    if (known === undefined || this.prefix === null) return;
    const { stamp, outerStamp, server } = this.prefix;
    this.sink.countClue(
      {
        stamp,
        signal: known.signal,
        level: LEVELS[known.level]?.[1],
        ...(outerStamp && { outerStamp }),
        ...(server !== undefined && { server }),
      },
      requests,
    );
  };
  private readonly giveHalf = (half: NotedHalf): void => {
    this.halves++;
    this.takeTalks(half.talks);
    const known = this.classes[half.group - 1];
    const { prefix, tunnel } = this;
    if (known === undefined || prefix === null) return;
    const { signal, level } = known;
    const { stamp, outerStamp, server, wrapper } = prefix;
    const { isOrigin, text, error, hash, dest } = half;
    const line = this.number + half.line;
    const found = isOrigin ? NO_RAY : tunnel.requests.rayOf(addressOf(dest));
    tunnel.pair({
      side: isOrigin ? 'origin' : 'transport',
      error,
      line,
      stamp,
      outerStamp,
      server,
      connection: half.connection === '' ? undefined : half.connection,
      namesHost: !isOrigin,
      counted: { signal, level: LEVELS[level]?.[1], hash },
      like: this.errors[half.errorId - 1],
      record: () => lineRecord(text, line, wrapper, null, found),
    });
  };

  private constructor(sink: SharedSink, tunnel: PairedReading, counter: TunnelCounter) {
    this.sink = sink;
    this.tunnel = tunnel;
    this.counter = counter;
    tunnel.onWaiting(
      (error) => this.errors[this.errorIdOf(error) - 1] ?? null,
      (like) => {
        if (counter.isOf(this)) counter.waitingIs(this.errors.indexOf(like) + 1, like.waiting > 0);
      },
    );
  }

  /** Null where the counter cannot run. */
  static open(sink: SharedSink, tunnel: PairedReading): TunnelCounts | null {
    const counter = openTunnelCounter(WORDS);
    return counter && new TunnelCounts(sink, tunnel, counter);
  }

  /** Takes whole lines, of at most `COUNTER_BYTES`. */
  load(lines: Uint8Array): void {
    if (this.counter.isNewTo(this)) this.forget();
    this.counter.load(lines);
  }

  /** Whether lines of this prefix are of another time or writer than those that it reads. */
  isOther(prefix: LinePrefix): boolean {
    return !this.followed.has(prefix) && this.base?.equals(baseOf(prefix)) !== true;
  }

  /**
   * Reads from `at` on lines with this prefix, but for their level, the first of them being of this number. How many lines it has
   * read; it stopped at `this.at`.
   */
  run(at: number, number: number, prefix: LinePrefix): number {
    this.isUnknown = false;
    const { counter, tunnel } = this;
    if (!this.follow(prefix)) return 0;
    this.number = number;
    let from = at;
    for (;;) {
      const stop = counter.run(from, tunnel.room);
      const { lines } = counter;
      counter.drain(this.give);
      this.talks = 0;
      counter.takeNoted(this.giveHalf);
      this.takeTalks(counter.takeTalks());
      this.number += lines;
      from = counter.at;
      if (stop === STOP_FULL && lines > 0) {
        this.weigh();
        continue;
      }
      this.isUnknown = stop === STOP_SAID;
      return this.number - number;
    }
  }

  get at(): number {
    return this.counter.at;
  }

  /** The reader has handed over the line at which it stopped. */
  leave(): void {
    this.isUnknown = false;
  }

  /** The reader has read the line at which it stopped: what that says; `error` is null where it has none. */
  learn(known: KnownSaid, error: string | null, hasDest: boolean, level: number): void {
    if (!this.isUnknown) return;
    this.isUnknown = false;
    const told = this.saidOf(known, error, hasDest, level);
    if (told === null || !this.counter.learn(told)) this.forget();
  }

  /** What the counter is told of it; null where it knows too many already. */
  private saidOf(
    { said, message }: KnownSaid,
    error: string | null,
    hasDest: boolean,
    level: number,
  ): SaidOfLine | null {
    // An error that stands in the message (lines of 2021) is not compared by bytes.
    const isOther = hangsOnState(message) || (said.kind === 'request' && error === null);
    const kind = isOther ? SAID_OTHER : kindOf(said, message, hasDest);
    const plain = { kind, group: 0, errorId: 0, bare: 0 };
    if (error === null || kind === SAID_NOTHING) return { ...plain, free: NONE_FREE };
    // What is read otherwise may be more than what must be.
    if (said.kind !== 'request' || kind === SAID_OTHER)
      return { ...plain, free: quoted(ALL_FREE.subarray(0, error.length)) };
    const errorId = this.errorIdOf(said.error);
    if (errorId === 0) return { ...plain, kind: SAID_OTHER, free: quoted(ALL_FREE.subarray(0, error.length)) };
    const group = this.classOf(said.meaning.signal, level);
    if (group < 0) return null;
    const bare = 1 + error.length - said.error.length;
    return { kind, group, errorId, bare, free: quoted(freeDigits(message, error)) };
  }

  /** Lines may have been kept: which ones are wanted may be others from now on. */
  weigh(): void {
    if (this.prefix === null) return;
    const { ms, server, outerStamp } = this.prefix;
    const minute = Math.floor(ms / MINUTE_MS);
    const isOrdered = this.isOrdered(outerStamp);
    this.classes.forEach(({ signal }, i) => {
      const weight = isOrdered ? 1 : this.sink.clueWeight(signal, minute, server);
      const heaviest = isOrdered ? 1 : Math.max(weight, this.heaviest[i] ?? 1);
      this.heaviest[i] = heaviest;
      this.counter.weigh(i + 1, weight, heaviest);
    });
  }

  /** Whether requests must be handed over one by one in their order: the clocks of the first ones are held against each other. */
  private isOrdered(outerStamp: Stamp | undefined): boolean {
    if (outerStamp?.kind !== 'local' && outerStamp?.kind !== 'yearless') return false;
    return this.halves - this.tunnel.waiting < 2 * CLOCK_PAIRS;
  }

  /** Takes over the requests that the counter has noted, up to so many. */
  private takeTalks(end: number): void {
    this.tunnel.requests.addNoted(this.counter.talks, this.talks, end);
    this.talks = end;
  }

  private follow(prefix: LinePrefix): boolean {
    if (this.followed.has(prefix)) return true;
    const base = baseOf(prefix);
    const isSame = this.base?.equals(base) === true;
    if (!isSame) this.followed.clear();
    if (!isSame && !this.counter.prefixIs(base, prefix.textAt)) return false;
    this.followed.add(prefix);
    if (isSame) return true;
    this.base = base;
    if (this.prefix?.server !== prefix.server) {
      this.heaviest.length = 0;
      this.halves = 0;
    }
    this.prefix = prefix;
    this.weigh();
    return true;
  }

  private forget(): void {
    this.classes.length = 0;
    this.heaviest.length = 0;
    this.prefix = null;
    this.followed.clear();
    this.base = null;
    this.counter.forget();
    this.errors.forEach(({ waiting }, i) => {
      this.counter.waitingIs(i + 1, waiting > 0);
    });
  }

  /** Number of a class; -1 where there are too many. */
  private classOf(signal: SignalId, level: number): number {
    const known = this.classes.findIndex((other) => other.signal === signal && other.level === level);
    if (known >= 0) return known + 1;
    if (this.classes.length === MOST_CLASSES) return -1;
    this.classes.push({ signal, level });
    this.weigh();
    return this.classes.length;
  }

  /** Number of an error, whatever its digits; 0 where there are too many. */
  private errorIdOf(error: string): number {
    const text = blanked(error);
    const known = this.errorIds.get(text);
    if (known !== undefined) return known;
    if (this.errors.length === MOST_ERRORS) return 0;
    const id = this.errors.push({ waiting: 0 });
    this.errorIds.set(text, id);
    return id;
  }
}

/** A prefix up to its level. */
function baseOf({ known: { bytes } }: LinePrefix): Buffer {
  return bytes.subarray(0, bytes.length - LEVEL_BYTES);
}

/** Of a text in quotes what is told of it without them. */
function quoted(free: Uint8Array): Uint8Array {
  const all = new Uint8Array(free.length + 2);
  all.set(free, 1);
  return all;
}

function kindOf(said: Said, message: string, hasDest: boolean): number {
  if (said.kind === 'talk') return hasDest || message.startsWith(DIALLING) ? SAID_OTHER : SAID_NOTHING;
  if (said.kind !== 'request') return SAID_OTHER;
  if (said.side === 'origin') return hasDest ? SAID_OTHER : SAID_ORIGIN;
  return hasDest ? SAID_TRANSPORT : SAID_OTHER;
}
