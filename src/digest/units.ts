import type { Format } from '../formats/format.ts';
import { readAhead } from '../input/small.ts';
import type { SourceFile } from '../input/source.ts';
import { unpackedBytes } from '../input/unpacked.ts';
import type { Digest } from './digest.ts';
import { Merger } from './merge.ts';
import { digestSource, type OnRead, type ReadingOptions } from './read-source.ts';

/** What decides how sources are put together. */
type Sized = Pick<SourceFile, 'label' | 'bytes'>;

/** Sources that stand one after the other and are read in one go: one large one, a piece of it, or many small ones. */
export interface Unit<S extends Sized = SourceFile> {
  /** Index of the first source. */
  readonly first: number;
  readonly sources: readonly S[];
  /** What reading it costs: bytes after unpacking, about. */
  readonly weight: number;
}

/** Small sources are put together up to this weight. */
const UNIT_BYTES = 4e6;
/** Every source costs something, however small. */
const SOURCE_WEIGHT = 20_000;

/** Divides the sources, each of which `pieces` may divide further, always alike: the number of threads must not show in the result. */
export function unitsOf<S extends Sized>(sources: readonly S[], pieces: (source: S) => readonly S[]): Unit<S>[] {
  const units: Unit<S>[] = [];
  let open: { first: number; sources: S[]; weight: number } | null = null;
  for (const [index, source] of sources.entries()) {
    const parts = pieces(source);
    if (parts.length > 1) {
      for (const piece of parts) units.push({ first: index, sources: [piece], weight: piece.bytes });
      open = null;
      continue;
    }
    const weight = SOURCE_WEIGHT + unpackedBytes(source);
    if (open === null || open.weight + weight > UNIT_BYTES) {
      open = { first: index, sources: [], weight: 0 };
      units.push(open);
    }
    open.sources.push(source);
    open.weight += weight;
  }
  return units;
}

/**
 * Reads a unit's sources one after the other into one digest, with records that are not read yet (`UnreadKept`). `onRead` is told how far it is; `following` is the source that
 * is read behind them.
 */
export async function digestUnit(
  unit: Pick<Unit, 'first' | 'sources'>,
  formats: readonly Format[],
  options: ReadingOptions,
  onRead?: OnRead,
  following?: SourceFile,
): Promise<Digest> {
  const merger = new Merger();
  let done = 0;
  let singlesBefore = 0;
  let likely: string | null = null;
  for (const [i, source] of unit.sources.entries()) {
    const next = unit.sources[i + 1] ?? following;
    if (next !== undefined) readAhead(next);
    let singles = singlesBefore;
    const digest = await digestSource(
      source,
      unit.first + i,
      formats,
      { ...options, likely },
      (bytes, singlesOfSource) => {
        singles = singlesBefore + singlesOfSource;
        onRead?.(done + bytes, singles);
      },
    );
    likely = digest.format;
    merger.add({ sources: [digest], streams: digest.streams });
    done += source.bytes;
    singlesBefore = singles;
    onRead?.(done, singles);
  }
  return merger.unread();
}
