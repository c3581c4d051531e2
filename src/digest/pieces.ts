import { detectDocument, detectLines } from '../formats/detect.ts';
import type { Format } from '../formats/format.ts';
import { looksBinary } from '../input/binary.ts';
import { detectEncoding } from '../input/encoding.ts';
import { decodeLine } from '../input/lines.ts';
import { rangeSource } from '../input/ranges.ts';
import { isGzip, isZstd } from '../input/small.ts';
import type { SourceFile } from '../input/source.ts';
import { firstLines, headOf } from './head.ts';
import type { ReadingOptions } from './read-source.ts';

/** A piece takes about a third of a second to read, so that threads end at about the same time. */
const PIECE_BYTES = 256 * 1024 * 1024;

/**
 * A large plain file whose rows stand alone, in pieces that can be read apart; any other source as it is. Always alike,
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
  if (isWhole || path === null || source.readWhole === undefined || !rowsStandAlone(path, source.label, formats))
    return [source];
  const count = Math.floor(bytes / pieceBytes);
  return Array.from({ length: count }, (_, i) =>
    // The last one has what was written since the file was found, too.
    rangeSource(source, path, {
      start: i * pieceBytes,
      end: i === count - 1 ? Number.MAX_SAFE_INTEGER : (i + 1) * pieceBytes,
    }),
  );
}

function rowsStandAlone(path: string, label: string, formats: readonly Format[]): boolean {
  const head = headOf(path);
  if (isGzip(head) || isZstd(head) || looksBinary(head) !== null) return false;
  const { encoding, markBytes } = detectEncoding(head);
  if (encoding !== 'utf-8' || markBytes > 0 || detectDocument(decodeLine(head), formats)) return false;
  const lines = firstLines(head);
  const found = detectLines(lines, formats, label);
  return found.length === 1 && found[0]?.rowsStandAlone === true && lines.every(({ wrapper }) => wrapper === null);
}
