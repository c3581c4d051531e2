const LF = 10;
const CR = 13;

/** Told where a line begins and ends, without what ends it, and its number. */
type TakeLine = (start: number, end: number, number: number) => void;

/**
 * Goes through the lines of `bytes[start, end)`, the first of which has this number; how many there are. As `LineReader`: a
 * carriage return belongs to a line's end only before a line feed, which the last line may lack.
 */
export function eachLine(bytes: Buffer, start: number, end: number, number: number, take: TakeLine): number {
  let next = number;
  for (let at = start; at < end; next++) {
    const feed = bytes.indexOf(LF, at);
    const hasEnd = feed !== -1 && feed < end;
    const lineEnd = hasEnd ? feed : end;
    take(at, hasEnd && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd, next);
    at = lineEnd + 1;
  }
  return next - number;
}
