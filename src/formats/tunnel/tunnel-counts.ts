import { MOST_CLASSES, MOST_ERRORS, openTunnelCounter, type TunnelCounter } from '../../scan/tunnel-counter.ts';
import {
  SAID_NOTHING,
  SAID_ORIGIN,
  SAID_OTHER,
  SAID_TRANSPORT,
  STOP_FULL,
  STOP_SAID,
} from '../../scan/tunnel-numbers.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { SharedSink } from '../format.ts';
import { hangsOnState } from './cloudflared-match.ts';
import type { Said } from './cloudflared-meaning.ts';
import type { DebugRequests } from './debug-requests.ts';
import { FIELD_NAMES } from './field-bytes.ts';
import { LEVELS, type LinePrefix } from './line-prefix.ts';
import type { KnownSaid } from './said-memo.ts';
import { DIALLING } from './tunnel-state.ts';

const MINUTE_MS = 60_000;
const LEVEL_BYTES = 4;
const WORDS = { levels: LEVELS.map(([word]) => `${word} `), fields: FIELD_NAMES };

/** What of a log's reading decides whether the two lines of a failed request may be counted at once. */
export interface PairedReading {
  readonly requests: DebugRequests;
  /** Whether lines may still wait for others without some being let go. */
  readonly mayWait: boolean;
  waitsFor(error: string): boolean;
  /** Calls this whenever a line with an error begins to wait, or none does any more. */
  onWaiting(tell: (error: string, waits: boolean) => void): void;
}

interface RequestClass {
  readonly signal: SignalId;
  readonly level: number;
}

/** Lets lines of one reader that tell no more than that they were be read from bytes (`TunnelCounter`), in their order. */
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
  private readonly errorIds = new Map<string, number>();
  private readonly give = (group: number, requests: number): void => {
    const known = this.classes[group - 1];
    if (known === undefined || this.prefix === null) return;
    const { stamp, wrapper } = this.prefix;
    const outerStamp = wrapper === null || wrapper.stamp.kind === 'none' ? undefined : wrapper.stamp;
    const server = wrapper?.server;
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

  private constructor(sink: SharedSink, tunnel: PairedReading, counter: TunnelCounter) {
    this.sink = sink;
    this.tunnel = tunnel;
    this.counter = counter;
    tunnel.onWaiting((error, waits) => {
      const id = this.errorIds.get(error);
      if (id !== undefined && counter.isOf(this)) counter.waitingIs(id, waits);
    });
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

  /** Reads from `at` on, behind a line with this prefix that the reader has read. How many lines it has read; it stopped at `this.at`. */
  run(at: number, prefix: LinePrefix): number {
    this.isUnknown = false;
    if (!this.tunnel.mayWait || !this.follow(prefix)) return 0;
    const { counter } = this;
    let lines = 0;
    let from = at;
    for (;;) {
      const stop = counter.run(from);
      lines += counter.lines;
      from = counter.at;
      this.tunnel.requests.addNoted(counter.talks, counter.takeTalks());
      counter.drain(this.give);
      if (stop === STOP_FULL) continue;
      this.isUnknown = stop === STOP_SAID;
      return lines;
    }
  }

  get at(): number {
    return this.counter.at;
  }

  /** The reader has handed over the line at which it stopped. */
  leave(): void {
    this.isUnknown = false;
  }

  /** The reader has read the line at which it stopped: what that says. */
  learn({ said, message }: KnownSaid, hasDest: boolean, level: number): void {
    if (!this.isUnknown) return;
    this.isUnknown = false;
    const kind = hangsOnState(message) ? SAID_OTHER : kindOf(said, message, hasDest);
    const isRequest = said.kind === 'request' && (kind === SAID_ORIGIN || kind === SAID_TRANSPORT);
    const group = isRequest ? this.classOf(said.meaning.signal, level) : 0;
    const errorId = isRequest ? this.errorIdOf(said.error) : 0;
    const isTaught = group >= 0 && errorId >= 0 && this.counter.learn(kind, group, errorId);
    if (!isTaught) this.forget();
  }

  /** Lines may have been kept: which ones are wanted may be others from now on. */
  weigh(): void {
    if (this.prefix === null) return;
    const { ms, wrapper } = this.prefix;
    const minute = Math.floor(ms / MINUTE_MS);
    this.classes.forEach(({ signal }, i) => {
      this.counter.weigh(i + 1, this.sink.clueWeight(signal, minute, wrapper?.server));
    });
  }

  private follow(prefix: LinePrefix): boolean {
    if (this.followed.has(prefix)) return true;
    const { bytes } = prefix.known;
    const base = bytes.subarray(0, bytes.length - LEVEL_BYTES);
    const isSame = this.base?.equals(base) === true;
    if (!isSame) this.followed.clear();
    if (!isSame && !this.counter.prefixIs(base, prefix.textAt)) return false;
    this.followed.add(prefix);
    if (isSame) return true;
    this.base = base;
    this.prefix = prefix;
    this.weigh();
    return true;
  }

  private forget(): void {
    this.classes.length = 0;
    this.errorIds.clear();
    this.prefix = null;
    this.followed.clear();
    this.base = null;
    this.counter.forget();
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

  /** Number of an error; -1 where there are too many. */
  private errorIdOf(error: string): number {
    const known = this.errorIds.get(error);
    if (known !== undefined) return known;
    const id = this.errorIds.size + 1;
    if (id > MOST_ERRORS) return -1;
    this.errorIds.set(error, id);
    this.counter.waitingIs(id, this.tunnel.waitsFor(error));
    return id;
  }
}

function kindOf(said: Said, message: string, hasDest: boolean): number {
  if (said.kind === 'talk') return hasDest || message.startsWith(DIALLING) ? SAID_OTHER : SAID_NOTHING;
  if (said.kind !== 'request') return SAID_OTHER;
  if (said.side === 'origin') return hasDest ? SAID_OTHER : SAID_ORIGIN;
  return hasDest ? SAID_TRANSPORT : SAID_OTHER;
}
