import { detectDocument, detectLines } from '../formats/detect.ts';
import type { Format } from '../formats/format.ts';
import { looksBinary } from '../input/binary.ts';
import { cutsOf } from '../input/cuts.ts';
import { detectEncoding } from '../input/encoding.ts';
import { decodeLine } from '../input/lines.ts';
import { rangeSource } from '../input/ranges.ts';
import { isGzip, isZstd } from '../input/small.ts';
import type { SourceFile } from '../input/source.ts';
import { firstLines, headOf } from './head.ts';
import type { ReadingOptions } from './read-source.ts';

/** A piece takes about a fifth of a second to read, so that threads end at about the same time. */
const PIECE_BYTES = 128 * 1024 * 1024;

/**
 * A large plain file in pieces that can be read apart, where its format says how; any other source as it is. Always alike,
 * whatever the number of threads. Throws nothing: a file that cannot be read is told of where it is read.
 */
export function piecesOf(
  source: SourceFile,
  formats: readonly Format[],
  options: ReadingOptions & { readonly pieceBytes?: number | undefined },
): readonly SourceFile[] {
  const { path, bytes } = source;
  const pieceBytes = options.pieceBytes ?? PIECE_BYTES;
  // A checksum is of all bytes in order, and lines that are skipped are counted from the first one.
  const isWhole =
    bytes < 2 * pieceBytes || options.sha256 || options.forceFormat !== undefined || source.skips !== undefined;
  if (isWhole || path === null || source.readWhole === undefined) return [source];
  const begins = entryBegins(path, source.label, formats);
  if (begins === undefined) return [source];
  try {
    const cuts = [0, ...cutsOf(path, bytes, Math.floor(bytes / pieceBytes), begins)];
    // The last one has what was written since the file was found, too.
    return cuts.map((start, i) => rangeSource(source, path, { start, end: cuts[i + 1] ?? Number.MAX_SAFE_INTEGER }));
  } catch {
    return [source];
  }
}

/** What tells the lines before which an unwrapped log of a single format may be cut; undefined for all else. */
function entryBegins(path: string, label: string, formats: readonly Format[]): ((line: Buffer) => boolean) | undefined {
  const head = headOf(path);
  if (isGzip(head) || isZstd(head) || looksBinary(head) !== null) return undefined;
  const { encoding, markBytes } = detectEncoding(head);
  if (encoding !== 'utf-8' || markBytes > 0 || detectDocument(decodeLine(head), formats)) return undefined;
  const lines = firstLines(head);
  const found = detectLines(lines, formats, label);
  return found.length === 1 && lines.every(({ wrapper }) => wrapper === null) ? found[0]?.entryBegins : undefined;
}
