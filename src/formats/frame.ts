import type { Wrapper } from './format.ts';

/** What stands around a line in its wrapper, as it does around many lines. */
export interface Frame {
  /** How the line stands in it: as it is, as a string of JSON, or as one that ends with a line feed. */
  readonly inside: 'text' | 'json' | 'json-line';
  /** What a journal's text has between the time and the line, where that says who wrote it, as the wrapper does; else null. */
  readonly head: string | null;
  /** That of the line from which it was learned. */
  readonly wrapper: Wrapper | null;
  /** Puts where the line stands into `place`; false where the frame is not around `bytes[start, end)`. */
  find(bytes: Buffer, start: number, end: number, place: Place): boolean;
  /** The wrapper of `bytes[start, end)`, which this frame is around. */
  wrapperIn(bytes: Buffer, start: number, end: number): Wrapper | null;
}

/** Where a line stands in its frame; where that has a `head`, also the time of its wrapper. */
export interface Place {
  from: number;
  to: number;
  ms: number;
}

/** The wrapper at another time. A copy that begins with `...` has a hidden class of its own, which is slow to make: times are many. */
export function atTime(wrapper: Wrapper, ms: number): Wrapper {
  return Object.assign({}, wrapper, { stamp: Object.assign({}, wrapper.stamp, { ms }) });
}
