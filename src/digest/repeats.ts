import type { Format } from '../formats/format.ts';
import type { LineRanges } from '../input/line-ranges.ts';
import type { SourceFile } from '../input/source.ts';
import type { Digest } from './digest.ts';
import { EntryReader, type SourceEntry, textHash } from './entry-reader.ts';
import { type Overlap, overlapsIn, timesOf } from './overlaps.ts';
import type { ReadingOptions } from './read-source.ts';
import { type RowIdentity, SeenRequests } from './seen-requests.ts';

/** Entries of a source that another has, too, and that are to be read there alone. */
export interface Repeat {
  /** Index of the source. */
  readonly source: number;
  /** Sources that it overlaps with. */
  readonly others: readonly number[];
  /** Rows of an edge's export. */
  readonly exported: boolean;
  /** How many entries, and their lines. */
  readonly count: number;
  readonly lines: LineRanges;
}

/** Entries of all sources that are remembered at a time, at least: both come to what they share at about the same time. */
const REMEMBERED = 2 ** 20;
/** Fewer lines of a log may be the same by chance in two places: health checks of two machines in one second. */
const FEWEST_LINES = 8;
/** From the first to the last entry of a log that another has, too, this part of all is in both. */
const REPEATED_PART = 0.9;

/**
 * Finds the entries that stand in several sources. Reads only the sources of which a first reading shows that they overlap:
 * side by side, in the order of time, in memory that does not grow with them. An entry is found again where at most a million
 * others lie between its two places in that order.
 */
export async function findRepeats(
  sources: readonly SourceFile[],
  formats: readonly Format[],
  digest: Digest,
  options: Pick<ReadingOptions, 'forceFormat'>,
): Promise<readonly Repeat[]> {
  const repeats: Repeat[] = [];
  for (const overlap of overlapsIn(digest)) {
    const readers = readersOf(overlap, sources, digest, (file) => new EntryReader(file, formats, options.forceFormat));
    if (readers.length < 2 && !overlap.exported) continue;
    await readSideBySide(readers, overlap.exported);
    const indices = readers.map(({ source }) => source);
    for (const { source, reader } of readers) {
      if (reader === null || reader.repeated === 0) continue;
      const isCertain = reader.repeated >= FEWEST_LINES && reader.repeatedPart >= REPEATED_PART;
      if (!overlap.exported && !isCertain) continue;
      repeats.push({
        source,
        others: indices.filter((other) => other !== source),
        exported: overlap.exported,
        count: reader.repeated,
        lines: reader.repeatedLines(),
      });
    }
  }
  return repeats.sort((a, b) => a.source - b.source);
}

/** The sources without the lines that others have, too. */
export function withoutRepeats(sources: readonly SourceFile[], repeats: readonly Repeat[]): readonly SourceFile[] {
  const lines = new Map(repeats.map((repeat) => [repeat.source, repeat.lines]));
  return sources.map((source, index) => {
    const skips = lines.get(index);
    return skips === undefined ? source : { ...source, skips };
  });
}

/** A source of an overlap. Of two that come to an entry in one instant the one with the lower rank keeps it. */
interface Side {
  readonly source: number;
  readonly rank: number;
  /** When it begins, as it writes the time. */
  readonly firstMs: number;
  readonly open: () => EntryReader;
  /** Opened when its time comes: an export has thousands of objects. */
  reader: EntryReader | null;
}

/** Those that can be read again, in the order in which they begin. */
function readersOf(
  { sources: indices }: Overlap,
  sources: readonly SourceFile[],
  digest: Digest,
  open: (file: SourceFile) => EntryReader,
): Side[] {
  const entries = (index: number): number => digest.sources[index]?.records ?? 0;
  const byRank = [...indices].sort((a, b) => entries(b) - entries(a) || a - b);
  const firstMs = new Map<number, number>();
  for (const stream of digest.streams)
    for (const [source, times] of timesOf(stream))
      firstMs.set(source, Math.min(times.firstMs, firstMs.get(source) ?? Number.POSITIVE_INFINITY));
  return indices
    .flatMap((source): Side[] => {
      const file = sources[source];
      if (file === undefined || !file.reopens) return [];
      const begins = firstMs.get(source) ?? Number.NEGATIVE_INFINITY;
      return [{ source, rank: byRank.indexOf(source), firstMs: begins, open: () => open(file), reader: null }];
    })
    .sort((a, b) => a.firstMs - b.firstMs || a.rank - b.rank);
}

/** Reads the entries of all in the order of their times and marks those that were seen before. */
async function readSideBySide(sides: readonly Side[], exported: boolean): Promise<void> {
  const seen = new SeenRequests(REMEMBERED);
  const waiting = [...sides];
  const open: (Side & { readonly reader: EntryReader; readonly numbers: Numbers })[] = [];
  for (;;) {
    let next: (typeof open)[number] | undefined;
    for (const side of open) if (next === undefined || isBefore(side, next)) next = side;
    const first = waiting[0];
    if (first !== undefined && (next === undefined || first.firstMs <= (next.reader.current?.ms ?? 0))) {
      waiting.shift();
      first.reader = first.open();
      await first.reader.advance();
      if (first.reader.current !== null) open.push({ ...first, reader: first.reader, numbers: new Numbers() });
      continue;
    }
    if (next === undefined) return;
    const { reader } = next;
    if (reader.current !== null) {
      const identity = exported ? rowIdentity(reader.current) : next.numbers.lineIdentity(reader.current);
      reader.mark(identity !== null && seen.add(identity));
    }
    const more = reader.advance();
    if (more !== true) await more;
    if (reader.current === null) open.splice(open.indexOf(next), 1);
  }
}

type Open = Side & { readonly reader: EntryReader };

function isBefore(a: Open, b: Open): boolean {
  const [at, other] = [a.reader.current?.ms ?? 0, b.reader.current?.ms ?? 0];
  return at < other || (at === other && a.rank < b.rank);
}

/** What a row of an export is known by, its time to the second, which every export tells; null for one without a Ray ID. */
function rowIdentity({ record, ms }: SourceEntry): RowIdentity | null {
  if (record.kind !== 'request' || record.ray === undefined) return null;
  const { ray, stamp, parentRay, visitor } = record;
  const writtenMs = stamp.kind === 'utc' ? stamp.ms : ms;
  return { ray, ms: Math.floor(writtenMs / 1000) * 1000, parentRay, visitor };
}

/** Numbers the entries of a log that are alike and of one instant: a log may hold a line several times. */
class Numbers {
  private ms = Number.NaN;
  private readonly counts = new Map<string, number>();

  lineIdentity({ record, ms }: SourceEntry): RowIdentity {
    if (ms !== this.ms) this.counts.clear();
    this.ms = ms;
    const text = textHash(record);
    const number = this.counts.get(text) ?? 0;
    this.counts.set(text, number + 1);
    return {
      ray: text,
      ms: Number.isFinite(ms) ? ms : 0,
      parentRay: number === 0 ? undefined : `${number}`,
      visitor: true,
    };
  }
}
