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
import { type DebugRequests, type FoundRay, NO_RAY } from './debug-requests.ts';
import { FIELD_NAMES } from './field-bytes.ts';
import { blanked, freeDigits } from './free-digits.ts';
import { LineHalf } from './line-half.ts';
import { LEVELS, type LinePrefix } from './line-prefix.ts';
import type { AlikeErrors, RequestHalf } from './request-pairs.ts';
import type { KnownSaid } from './said-memo.ts';
import { DIALLING } from './tunnel-state.ts';

const MINUTE_MS = 60_000;
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
  /** Takes both lines of one, the line to be quoted first. */
  tell(quoted: RequestHalf, other: RequestHalf): void;
  /** How many requests were kept so far. */
  readonly kept: number;
}

interface RequestClass {
  readonly signal: SignalId;
  /** Index into `LEVELS`, and its name. */
  readonly levelIndex: number;
  readonly level: string | undefined;
}

/** Lets lines of one reader that need not be read as text be read from bytes (`TunnelCounter`), in their order. */
export class TunnelCounts {
  private readonly sink: SharedSink;
  private readonly tunnel: PairedReading;
  private readonly counter: TunnelCounter;
  /** That of the lines which the counter reads. */
  private prefix: LinePrefix | null = null;
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
  /** The first line of a request whose second comes next. */
  private first: LineHalf | null = null;
  /** The minute of which the counter knows what is wanted, and how many requests were kept by then. */
  private minute = Number.NaN;
  private kept = 0;
  private readonly give = (group: number, requests: number): void => {
    const known = this.classes[group - 1];
    if (known === undefined || this.prefix === null) return;
    const { stamp, outerStamp, server } = this.prefix;
    const { signal, level } = known;
    this.sink.countClue({ stamp, outerStamp, server, signal, level }, requests);
  };
  private readonly giveHalf = (noted: NotedHalf): void => {
    this.halves++;
    const known = this.classes[noted.group - 1];
    const { prefix, tunnel, first } = this;
    if (known === undefined || prefix === null) return;
    const found = noted.isOrigin ? NO_RAY : this.rayOf(noted);
    const number = this.number + noted.line;
    const wrapper = this.sink.wrapper?.(number) ?? prefix.wrapper;
    const half = new LineHalf(noted, number, prefix, wrapper, known, this.errors[noted.errorId - 1], found);
    if (first !== null) {
      this.first = null;
      // The line that names the request is quoted.
      if (half.namesHost) tunnel.tell(half, first);
      else tunnel.tell(first, half);
    } else if (noted.isPaired) this.first = half;
    else tunnel.pair(half);
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

  /** Reads from `at` on lines with this prefix, the first of them being of this number. How many lines it has read; it stopped at `this.at`. */
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
    this.minute = minute;
    this.kept = this.tunnel.kept;
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

  /** What is known of the request that a line names. */
  private rayOf(half: NotedHalf): FoundRay {
    this.takeTalks(half.talks);
    const { requests } = this.tunnel;
    return requests.has(half.addressHash) ? requests.rayOf(half.address) : NO_RAY;
  }

  private follow(prefix: LinePrefix): boolean {
    if (prefix === this.prefix) return true;
    if (!this.counter.prefixIs(prefix.known.bytes, prefix.textAt)) return false;
    const isOthers = this.prefix?.server !== prefix.server;
    if (isOthers) {
      this.heaviest.length = 0;
      this.halves = 0;
    }
    this.prefix = prefix;
    const isSame = !isOthers && Math.floor(prefix.ms / MINUTE_MS) === this.minute && this.tunnel.kept === this.kept;
    if (!isSame) this.weigh();
    return true;
  }

  private forget(): void {
    this.classes.length = 0;
    this.heaviest.length = 0;
    this.prefix = null;
    this.counter.forget();
    this.errors.forEach(({ waiting }, i) => {
      this.counter.waitingIs(i + 1, waiting > 0);
    });
  }

  /** Number of a class; -1 where there are too many. */
  private classOf(signal: SignalId, level: number): number {
    const known = this.classes.findIndex((other) => other.signal === signal && other.levelIndex === level);
    if (known >= 0) return known + 1;
    if (this.classes.length === MOST_CLASSES) return -1;
    this.classes.push({ signal, levelIndex: level, level: LEVELS[level]?.[1] });
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
