import { expect } from 'vitest';

/**
 * Megabytes of anything take well below a second on a quiet machine, and minutes where the work grows with the square of the length.
 * What lies between is room for machines that are slow or busy otherwise.
 */
const GOOD_TIME_MS = 10_000;

/** What a piece of work gives, which must not take far longer than it should. */
export function inGoodTime<T>(work: () => T): T {
  const startMs = performance.now();
  const done = work();
  expect(performance.now() - startMs).toBeLessThan(GOOD_TIME_MS);
  return done;
}
