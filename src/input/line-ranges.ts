/** Lines by their numbers, from 1: the first and the last of each run, in ascending order. Plain data. */
export type LineRanges = readonly number[];

/** Looks up lines that are asked for in ascending order. */
export class LineCursor {
  private readonly ranges: LineRanges;
  private at = 0;

  constructor(ranges: LineRanges) {
    this.ranges = ranges;
  }

  /** First and last line of the run that holds this line, or of the next one behind it; null where there is none. */
  runFrom(line: number): readonly [number, number] | null {
    const { ranges } = this;
    while (this.at < ranges.length && (ranges[this.at + 1] ?? 0) < line) this.at += 2;
    const first = ranges[this.at];
    return first === undefined ? null : [first, ranges[this.at + 1] ?? first];
  }

  has(line: number): boolean {
    const run = this.runFrom(line);
    return run !== null && run[0] <= line;
  }
}
