import { describe, expect, it } from 'vitest';
import { threadsFor, threadsForRest } from '../../src/digest/paying-threads.ts';

const MB = 1e6;
const ROW_BYTES = 1500;

describe('threads that pay', () => {
  it('takes more threads for several files where much lies beside the largest', () => {
    const weights = (...mb: number[]): { weight: number }[] => mb.map((size) => ({ weight: size * MB }));
    expect(threadsFor([])).toBe(0);
    expect(threadsFor(weights(1500))).toBe(0);
    expect(threadsFor(weights(1500, 90))).toBe(0);
    expect(threadsFor(weights(1500, 120, 130))).toBe(2);
  });

  it('reads a plain export alone whose rows are only counted, as long as it is not huge', () => {
    const mostlyCounted = { bytes: 128 * MB, singles: (0.03 * 128 * MB) / ROW_BYTES };
    expect(threadsForRest(1372 * MB, mostlyCounted)).toBe(0);
    expect(threadsForRest(3872 * MB, mostlyCounted)).toBe(0);
    expect(threadsForRest(10_000 * MB, mostlyCounted)).toBeGreaterThan(0);
  });

  it('takes another thread where most rows must be looked at', () => {
    const halfFailed = { bytes: 128 * MB, singles: (0.5 * 128 * MB) / ROW_BYTES };
    expect(threadsForRest(1372 * MB, halfFailed)).toBeGreaterThan(0);
    expect(threadsForRest(300 * MB, halfFailed)).toBe(0);
  });

  it('takes none while nothing was read', () => {
    expect(threadsForRest(1e12, { bytes: 0, singles: 0 })).toBe(0);
  });
});
