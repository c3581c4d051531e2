import { describe, expect, it } from 'vitest';
import { longestSilence } from '../../src/correlate/silence.ts';
import { type LogSketch, row, steady, T0, timedOf } from './logs-of.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Ten minutes of a day with four requests a second, and ten of a night with one a minute and a half. */
const log = (...silences: readonly (readonly [fromS: number, toS: number])[]): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  records: [
    ...steady(T0, T0 + 10 * MINUTE, SECOND / 4, (ms) => ms).filter(
      (ms) => !silences.some(([from, to]) => ms > T0 + from * SECOND && ms < T0 + to * SECOND),
    ),
    ...steady(T0 + 20 * MINUTE, T0 + 30 * MINUTE, 90 * SECOND, (ms) => ms),
  ].map((ms) => row('proxy', ms)),
});
const silenceOf = (sketch: LogSketch) => timedOf([sketch]).map(longestSilence)[0];

describe('the silence of a request log', () => {
  it('is where its own pace of that time misses most, not where it is longest', () => {
    expect(silenceOf(log([200, 330]))).toEqual({ fromMs: T0 + 200 * SECOND, toMs: T0 + 330 * SECOND });
  });

  it('is none where there are several', () => {
    expect(silenceOf(log([100, 230], [300, 430]))).toBeNull();
  });
});
