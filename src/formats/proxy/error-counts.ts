import {
  type EntryCounter,
  type EntryKind,
  type EntryTexts,
  MOST_CLASSES,
  type NotedEntry,
  openEntryCounter,
} from '../../scan/entry-counter.ts';
import { CLIENT_CLOUDFLARE, CLIENT_OTHER, CLIENT_SELF, STOP_FULL, STOP_KIND } from '../../scan/entry-numbers.ts';
import { IPV4_PREFIXES, IPV6_PREFIXES } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockSink, CountedClue } from '../format.ts';
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

/** Entries that are alike, while they are counted. */
interface Counted extends CountedClue {
  readonly stamp: { readonly kind: 'local'; ms: number };
  signal: SignalId;
  level: string | undefined;
}

/** The classes by their number less 1; all readers of a thread share the counter, so these, too. */
const classes: ErrorClass[] = [];

/** Keeps an entry that is wanted: its text, one character per byte, and the number of its first line. */
type KeepEntry = (clue: CountedClue, hash: number, text: string, number: number) => void;

/**
 * Lets entries of one reader that bytes alone tell be counted from bytes (`EntryCounter`), and kept where they are wanted. What is
 * counted waits until the reader meets an earlier time or another minute, or drains it: so segments are those of the order in
 * which the entries stand.
 */
export class ErrorCounts {
  private readonly sink: BlockSink;
  private readonly counter: EntryCounter;
  private readonly keep: KeepEntry;
  /** By class the heaviest weight that was told: the sample is as thin as that wherever a stretch has a line. */
  private readonly heaviest: number[] = [];
  /** Number of the line from which the counter was asked to read. */
  private number = 0;
  /** Signals of which entries were kept: others of them may be wanted from now on. */
  private readonly kept = new Set<SignalId>();
  /** Start of the minute whose entries are counted. */
  private minuteMs = Number.NaN;
  /** Time of the latest one that waits. */
  private latestMs = Number.NaN;
  /** What is counted at the moment: one object for all, as there are many. */
  private readonly counted: Counted = { stamp: { kind: 'local', ms: 0 }, signal: 'nginx.other', level: undefined };
  private readonly give = (group: number, second: number, entries: number): void => {
    const known = classes[group - 1];
    if (known === undefined) return;
    const { counted } = this;
    counted.signal = known.signal;
    counted.level = LEVELS[known.level];
    counted.stamp.ms = this.minuteMs + second * SECOND_MS;
    this.sink.countClue(counted, entries);
  };
  private readonly giveNoted = (noted: NotedEntry): void => {
    const { hash } = noted;
    const clue = this.clueOf(noted.group, noted.second);
    if (clue === null) return;
    if (this.sink.wantsClue(clue.signal, this.minuteMs / MINUTE_MS, hash)) {
      this.keep(clue, hash, noted.text, this.number + noted.line);
      this.kept.add(clue.signal);
    } else this.sink.countClue(clue);
  };

  private constructor(sink: BlockSink, counter: EntryCounter, keep: KeepEntry) {
    this.sink = sink;
    this.counter = counter;
    this.keep = keep;
  }

  /** Null where the counter cannot run. */
  static open(sink: BlockSink, keep: KeepEntry): ErrorCounts | null {
    const counter = openEntryCounter(entryTexts);
    return counter && new ErrorCounts(sink, counter, keep);
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
   * Counts and keeps entries from `at` on, which stand behind one of this time that the reader has counted itself, in the line of
   * this number. `minute` is how its minute is written, `minuteMs` where that begins. Gives how many lines they have; it stopped at
   * the one at `this.at`.
   */
  run(at: number, number: number, ms: number, minute: Uint8Array, minuteMs: number): number {
    if (minuteMs !== this.minuteMs) {
      this.minuteMs = minuteMs;
      this.counter.minuteIs(minute);
      for (let group = 1; group <= classes.length; group++) this.weighClass(group);
    }
    const { counter } = this;
    this.number = number;
    let from = at;
    let second = (ms - minuteMs) / SECOND_MS;
    for (;;) {
      const stop = counter.run(from, second);
      counter.takeNotes(this.giveNoted);
      for (const signal of this.kept) this.hasKept(signal);
      this.kept.clear();
      this.number += counter.lines;
      if (counter.entries > 0) this.latestMs = minuteMs + counter.second * SECOND_MS;
      from = counter.at;
      second = counter.second;
      if (stop === STOP_FULL) continue;
      if (stop === STOP_KIND) this.learn();
      return this.number - number;
    }
  }

  get at(): number {
    return this.counter.at;
  }

  /** An entry of a signal was kept: others of it may be wanted from now on. */
  hasKept(signal: SignalId): void {
    for (let group = 1; group <= classes.length; group++)
      if (classes[group - 1]?.signal === signal) this.weighClass(group);
  }

  private weighClass(group: number): void {
    const { signal } = classes[group - 1] ?? {};
    if (signal === undefined) return;
    const weight = this.sink.clueWeight(signal, this.minuteMs / MINUTE_MS);
    const heaviest = Math.max(weight, this.heaviest[group] ?? 1);
    this.heaviest[group] = heaviest;
    this.counter.weigh(group, weight, heaviest);
  }

  /** What an entry of a class counts as; null where there is no such class. */
  private clueOf(group: number, second: number): CountedClue | null {
    const known = classes[group - 1];
    if (known === undefined) return null;
    const stamp = { kind: 'local', ms: this.minuteMs + second * SECOND_MS } as const;
    return { stamp, signal: known.signal, level: LEVELS[known.level] };
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
