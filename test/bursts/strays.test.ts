import { expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { timedOf } from '../correlate/logs-of.ts';
import { originFails } from '../correlate/scenes-of.ts';

/** A burst of an origin's 502s, in which every hundredth failure is of another kind. */
const counted = (stray: Partial<RequestRecord>, address: string | undefined): number => {
  const usual = { path: '/', ...(address !== undefined && { upstream: address }) };
  const log = originFails({ good: usual, bad: (i) => (i % 100 === 50 ? { path: '/', ...stray } : usual) });
  return Math.max(...findBursts(timedOf([log])).map(({ failed }) => failed));
};

const ORIGIN = '203.0.113.5';

it('what Cloudflare made before it asked the origin is no failure of the origin', () => {
  expect(counted({ originStatus: 0, signal: 'edge.502-no-origin' }, ORIGIN)).toBe(297);
});

it('what it made after it asked the origin is', () => {
  expect(counted({ originStatus: 0, status: 520, signal: 'edge.520', upstream: ORIGIN }, ORIGIN)).toBe(300);
});

it('and behind a tunnel, where no row names an address, both may be the same fault', () => {
  expect(counted({ originStatus: 0, signal: 'edge.502-no-origin' }, undefined)).toBe(300);
});
