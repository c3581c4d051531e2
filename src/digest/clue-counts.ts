import type { ClueRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import {
  type ClueRule,
  type ClueSample,
  isChosen,
  type Sampled,
  stretchOf,
  thinnedClues,
  wholeSample,
} from './clue-sample.ts';
import type { ClueSeries, Kept } from './digest.ts';
import { UnreadKept } from './unread.ts';
import { minuteOf, stampMs } from './written-time.ts';

/** A record, or how to read it once it is sure to be kept; nothing where no record comes of it. */
export type ClueSource = ClueRecord | (() => ClueRecord | undefined);

interface Held extends Sampled {
  readonly segment: number;
  readonly clue: ClueSource;
}

interface OpenSeries {
  count: number;
  /** As in `ClueSeries`, without what is not yet put into the maps. */
  readonly perSecond: Map<number, number>[];
  /** Segment, second and count of what is not: lines come in the order of time, those of one second one after the other. */
  readonly latest: number[];
  /** How many numbers of `latest` are in use. */
  fill: number;
  held: Held[];
  readonly sample: ClueSample;
  /** How many of the held are chosen for their hash. */
  chosen: number;
  /** Stretches of which a line is held, once the signal is thinned out. */
  stretches: Set<number>;
}

/** Counts go into the maps many at once: a log has dozens of signals, and maps that take turns are read from slow memory each time. */
const MOST_LATEST = 3 * 1024;

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
    return stretches.has(stretchOf({ hash: 0, minute }, sample)) ? sample.weight : 1;
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
    const line = { hash, minute: minuteOf(stampMs(stamp)), segment, clue };
    const { sample, stretches } = series;
    series.held.push(line);
    if (isChosen(line, sample)) series.chosen++;
    if (sample.weight > 1) stretches.add(stretchOf(line, sample));
    const { whole, sampled } = this.rule;
    if (sample.weight === 1 ? series.chosen <= whole : Math.max(series.chosen, stretches.size) <= sampled) return;
    series.held = thinnedClues(series.held, sample, this.rule, (held) => held);
    series.chosen = series.held.filter((held) => isChosen(held, sample)).length;
    series.stretches = new Set(series.held.map((held) => stretchOf(held, sample)));
  }

  /** The series of all signals; nothing may be added after. */
  close(): Map<SignalId, ClueSeries> {
    const closed = new Map<SignalId, ClueSeries>();
    for (const [signal, series] of this.series) {
      putLatest(series);
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
        latest: [],
        fill: 0,
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
      const { latest, fill } = series;
      if (fill > 0 && latest[fill - 2] === second && latest[fill - 3] === segment) {
        latest[fill - 1] = (latest[fill - 1] ?? 0) + lines;
      } else {
        if (fill === MOST_LATEST) putLatest(series);
        latest[series.fill++] = segment;
        latest[series.fill++] = second;
        latest[series.fill++] = lines;
      }
    }
    if (level === undefined) return;
    const known = this.levels.get(level);
    if (known === undefined) this.levels.set(level, { count: lines });
    else known.count += lines;
  }
}

/** Puts the latest counts into the maps of their segments. */
function putLatest(series: OpenSeries): void {
  const { perSecond, latest, fill } = series;
  for (let i = 0; i < fill; i += 3) addTo(perSecond, latest[i] ?? 0, latest[i + 1] ?? 0, latest[i + 2] ?? 0);
  series.fill = 0;
}

/** Counts in a second of a segment. */
export function addTo(perSecond: Map<number, number>[], segment: number, second: number, count: number): void {
  // No holes: the counts are written down as a list.
  while (perSecond.length <= segment) perSecond.push(new Map());
  const counts = perSecond[segment];
  counts?.set(second, (counts.get(second) ?? 0) + count);
}
