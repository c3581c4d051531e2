import {
  type EntryCounter,
  type EntryKind,
  type EntryTexts,
  MOST_CLASSES,
  openEntryCounter,
} from '../../scan/entry-counter.ts';
import { CLIENT_CLOUDFLARE, CLIENT_OTHER, CLIENT_SELF, STOP_KIND } from '../../scan/entry-numbers.ts';
import { IPV4_PREFIXES, IPV6_PREFIXES } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockSink } from '../format.ts';
import { LEVEL_BYTES } from './error-head.ts';
import { CONTEXTS } from './error-message.ts';
import { STDERR_START } from './error-stderr.ts';
import { FURTHER_LINES, PHP_SAYS, PHP_WORD, rankedSignal, saidTexts } from './fastcgi-said.ts';
import type { Whose } from './nginx-classify.ts';
import { certainSignal, ERRNOS, HELD, LEVELS, STARTS } from './nginx-matcher.ts';
import { PHASE_TEXTS } from './nginx-phases.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Behind the beginnings of the table: of what such an entry says bytes alone do not tell. */
const STDERR = STARTS.length;
/** What the counter holds lines against; made once, when the first log of nginx's errors is read. */
const entryTexts = (): EntryTexts => ({
  levels: LEVEL_BYTES,
  messages: [...STARTS.map(bytesOf), STDERR_START],
  steps: PHASE_TEXTS.map(([text]) => bytesOf(text)),
  contexts: CONTEXTS,
  words: HELD.map((words) => bytesOf(` ${words}`)),
  errnos: ERRNOS,
  passedOn: {
    beginning: Buffer.concat([STDERR_START, bytesOf(PHP_SAYS)]),
    said: PHP_WORD.length,
    further: FURTHER_LINES.map(bytesOf),
    texts: saidTexts().map(({ text, rank }) => ({ text: bytesOf(text), rank })),
  },
  ranges: { four: IPV4_PREFIXES, six: IPV6_PREFIXES },
});

const WHOSE: Readonly<Record<number, Whose>> = {
  [CLIENT_SELF]: 'self',
  [CLIENT_CLOUDFLARE]: 'cloudflare',
  [CLIENT_OTHER]: 'other',
};
const ALL = Object.values(WHOSE);

/** What entries of one class count as. */
interface ErrorClass {
  readonly signal: SignalId;
  readonly level: number;
}

/** The classes by their number less 1; all readers of a thread share the counter, so these, too. */
const classes: ErrorClass[] = [];

/**
 * Lets entries of one reader that only count be counted from bytes (`EntryCounter`). What is counted waits until the reader
 * meets an earlier time or another minute, or drains it: so segments are those of the order in which the entries stand.
 */
export class ErrorCounts {
  private readonly sink: BlockSink;
  private readonly counter: EntryCounter;
  /** Start of the minute whose entries are counted. */
  private minuteMs = Number.NaN;
  /** Time of the latest one that waits. */
  private latestMs = Number.NaN;
  private readonly give = (group: number, second: number, entries: number): void => {
    const known = classes[group - 1];
    if (known === undefined) return;
    const stamp = { kind: 'local', ms: this.minuteMs + second * SECOND_MS } as const;
    this.sink.countClue({ stamp, signal: known.signal, level: LEVELS[known.level] }, entries);
  };

  private constructor(sink: BlockSink, counter: EntryCounter) {
    this.sink = sink;
    this.counter = counter;
  }

  /** Null where the counter cannot run. */
  static open(sink: BlockSink): ErrorCounts | null {
    const counter = openEntryCounter(entryTexts);
    return counter && new ErrorCounts(sink, counter);
  }

  /** Takes whole lines, of at most `COUNTER_BYTES`. */
  load(lines: Uint8Array): void {
    this.minuteMs = Number.NaN;
    this.counter.load(lines);
  }

  /** The reader is about to count an entry of this time itself. */
  meet(ms: number): void {
    if (ms < this.latestMs || ms >= this.minuteMs + MINUTE_MS) this.drain();
  }

  /** Gives what waits. */
  drain(): void {
    if (Number.isNaN(this.latestMs)) return;
    this.counter.drain(classes.length, this.give);
    this.latestMs = Number.NaN;
  }

  /**
   * Counts entries from `at` on, which stand behind one of this time that the reader has counted itself. `minute` is how its
   * minute is written, `minuteMs` where that begins. Gives how many lines they have; it stopped at the one at `this.at`.
   */
  run(at: number, ms: number, minute: Uint8Array, minuteMs: number): number {
    if (minuteMs !== this.minuteMs) {
      this.minuteMs = minuteMs;
      this.counter.minuteIs(minute);
      for (let group = 1; group <= classes.length; group++) this.weighClass(group);
    }
    const { counter } = this;
    const stop = counter.run(at, (ms - minuteMs) / SECOND_MS);
    if (stop === STOP_KIND) this.learn();
    if (counter.entries > 0) this.latestMs = minuteMs + counter.second * SECOND_MS;
    return counter.lines;
  }

  get at(): number {
    return this.counter.at;
  }

  /** An entry of a signal was kept: others of it may be wanted from now on. */
  kept(signal: SignalId): void {
    for (let group = 1; group <= classes.length; group++)
      if (classes[group - 1]?.signal === signal) this.weighClass(group);
  }

  private weighClass(group: number): void {
    const { signal } = classes[group - 1] ?? {};
    if (signal !== undefined) this.counter.weigh(group, this.sink.clueWeight(signal, this.minuteMs / MINUTE_MS));
  }

  /** Teaches the counter the kind of the entry at which it stopped. */
  private learn(): void {
    const { counter } = this;
    const { kind } = counter;
    const asked = WHOSE[kind.client];
    const signals = new Set((asked === undefined ? ALL : [asked]).map((whose) => signalOf(kind, whose)));
    if (signals.size > 1) counter.learnToAskClient();
    else for (const signal of signals) counter.learn(signal === undefined ? 0 : this.classOf(signal, kind.level));
  }

  /** Number of a class; 0 where there are too many. */
  private classOf(signal: SignalId, level: number): number {
    const known = classes.findIndex((other) => other.signal === signal && other.level === level);
    if (known >= 0) return known + 1;
    if (classes.length === MOST_CLASSES) return 0;
    classes.push({ signal, level });
    this.weighClass(classes.length);
    return classes.length;
  }
}

/** The signal of every entry of a kind that a client caused; undefined where it hangs on more than that. */
function signalOf({ message, step, level, errno, words, rank }: EntryKind, whose: Whose): SignalId | undefined {
  if (rank !== undefined) return rankedSignal(rank);
  if (message === STDERR) return undefined;
  const held = words.map((index) => HELD[index] ?? '');
  return certainSignal(message, step, level, ERRNOS[errno] ?? -1, held, whose);
}
