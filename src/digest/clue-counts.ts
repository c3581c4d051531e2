import type { ClueRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import {
  type ClueRule,
  type ClueSample,
  chosenOf,
  isChosen,
  stretchesOf,
  stretchOf,
  thinnedClues,
  wholeSample,
} from './clue-sample.ts';
import type { ClueSeries, Kept } from './digest.ts';
import { addAll, addTo, countsOf, type SecondList } from './second-list.ts';
import { UnreadKept } from './unread.ts';
import { minuteOf, stampMs } from './written-time.ts';

/** A record, or how to read it once it is sure to be kept; nothing where no record comes of it. */
export type ClueSource = ClueRecord | (() => ClueRecord | undefined);

interface Held {
  readonly hash: number;
  /** Minute of its written time; NaN if undated. */
  readonly minute: number;
  readonly segment: number;
  readonly clue: ClueSource;
}

interface OpenSeries {
  count: number;
  /** As in `ClueSeries`, without `earlier`. */
  readonly perSecond: SecondList[];
  /** By segment what came after lines of a later time, to be added many at once. */
  readonly earlier: Map<number, number>[];
  held: Held[];
  readonly sample: ClueSample;
  /** How many of the held are chosen for their hash. */
  chosen: number;
  /** Stretches of which a line is held, once the signal is thinned out. */
  stretches: Set<number>;
}

/** So many seconds wait to be added at least, and a quarter of those that they are added to. */
const LEAST_EARLIER = 4096;

const NONE: Pick<OpenSeries, 'sample' | 'stretches'> = { sample: wholeSample(), stretches: new Set() };

/** The clues of one stream while it is read: exact counts by signal and second, and the records kept of each signal. */
export class ClueCounts {
  private readonly series = new Map<SignalId, OpenSeries>();
  private readonly levels = new Map<string, { count: number }>();
  private readonly source: number;
  private readonly rule: ClueRule;
  private readonly samples: ReadonlyMap<SignalId, Readonly<ClueSample>>;

  /** `samples`: how thin the lines of signals are already; what they would not keep need not be read. */
  constructor(source: number, rule: ClueRule, samples: ReadonlyMap<SignalId, Readonly<ClueSample>> = new Map()) {
    this.source = source;
    this.rule = rule;
    this.samples = samples;
  }

  /** Whether a line of this signal is to be kept. */
  wants(signal: SignalId, minute: number, hash: number): boolean {
    return hash % this.weight(signal, minute) === 0;
  }

  /** A line of this signal and minute is to be kept where this divides its hash. */
  weight(signal: SignalId, minute: number): number {
    const { sample, stretches } = this.series.get(signal) ?? NONE;
    return stretches.has(stretchOf(minute, sample)) ? sample.weight : 1;
  }

  /** Counts lines that are not kept and are alike. */
  count(signal: SignalId, level: string | undefined, segment: number, stamp: Stamp, lines = 1): void {
    this.note(this.seriesOf(signal), level, segment, stamp, lines);
  }

  /** Counts a line and keeps it, as long as it is among those to be kept. */
  keep(
    signal: SignalId,
    level: string | undefined,
    segment: number,
    stamp: Stamp,
    hash: number,
    clue: ClueSource,
  ): void {
    const series = this.seriesOf(signal);
    this.note(series, level, segment, stamp, 1);
    const minute = minuteOf(stampMs(stamp));
    const { sample, stretches } = series;
    series.held.push({ hash, minute, segment, clue });
    if (isChosen(hash, sample)) series.chosen++;
    if (sample.weight > 1) stretches.add(stretchOf(minute, sample));
    const { whole, sampled } = this.rule;
    if (sample.weight === 1 ? series.chosen <= whole : Math.max(series.chosen, stretches.size) <= sampled) return;
    series.held = thinnedClues(series.held, sample, this.rule, minuteOfHeld);
    series.chosen = chosenOf(series.held, sample);
    series.stretches = stretchesOf(series.held, sample, minuteOfHeld);
  }

  /** The series of all signals; nothing may be added after. */
  close(): Map<SignalId, ClueSeries> {
    const closed = new Map<SignalId, ClueSeries>();
    for (const [signal, series] of this.series) {
      series.earlier.forEach((_, segment) => {
        addEarlier(series, segment);
      });
      const { count, perSecond, held, sample } = series;
      const kept: Kept<ClueRecord>[] = [];
      for (const { segment, hash, minute, clue } of held) {
        const place = { source: this.source, segment, hash };
        kept.push(
          typeof clue === 'function'
            ? new UnreadKept<ClueRecord>({ read: clue }, place, { minute })
            : { record: clue, ...place },
        );
      }
      closed.set(signal, { signal, count, perSecond, kept, sample });
    }
    return closed;
  }

  /** Lines by level. */
  closedLevels(): Map<string, number> {
    return new Map([...this.levels].map(([level, { count }]) => [level, count]));
  }

  private seriesOf(signal: SignalId): OpenSeries {
    let series = this.series.get(signal);
    if (series === undefined) {
      series = {
        count: 0,
        perSecond: [],
        earlier: [],
        held: [],
        sample: { ...(this.samples.get(signal) ?? wholeSample()) },
        chosen: 0,
        stretches: new Set(),
      };
      this.series.set(signal, series);
    }
    return series;
  }

  private note(series: OpenSeries, level: string | undefined, segment: number, stamp: Stamp, lines: number): void {
    series.count += lines;
    if (stamp.kind !== 'none') {
      const second = Math.floor(stamp.ms / 1000);
      if (!addTo(countsOf(series.perSecond, segment), second, lines)) noteEarlier(series, segment, second, lines);
    }
    if (level === undefined) return;
    const known = this.levels.get(level);
    if (known === undefined) this.levels.set(level, { count: lines });
    else known.count += lines;
  }
}

function minuteOfHeld({ minute }: Held): number {
  return minute;
}

function noteEarlier(series: OpenSeries, segment: number, second: number, lines: number): void {
  const { perSecond, earlier } = series;
  while (earlier.length <= segment) earlier.push(new Map());
  const counts = earlier[segment];
  counts?.set(second, (counts.get(second) ?? 0) + lines);
  const most = Math.max(LEAST_EARLIER, countsOf(perSecond, segment).seconds.length / 4);
  if (counts !== undefined && counts.size >= most) addEarlier(series, segment);
}

function addEarlier({ perSecond, earlier }: OpenSeries, segment: number): void {
  const counts = earlier[segment] ?? new Map<number, number>();
  const seconds = [...counts.keys()].sort((a, b) => a - b);
  addAll(countsOf(perSecond, segment), { seconds, counts: seconds.map((second) => counts.get(second) ?? 0) });
  counts.clear();
}
