import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maximalSegments } from '../../src/bursts/maximal-segments.ts';
import { findSegments } from '../../src/bursts/segments.ts';
import { aboveUsual } from '../../src/bursts/usual-rate.ts';
import { MIN_FAILURES } from '../../src/vocabulary/hops.ts';
import { inGoodTime } from '../in-good-time.ts';
import { plainAboveUsual, plainSegments, type Tick, ticksOf } from './plain-segments.ts';

/**
 * Maximal scoring subsequences by their recursive definition (Ruzzo and Tompa 1999): the highest-scoring stretch (the
 * shortest of equal ones, the first of these), then the same in what lies left and right of it.
 */
function byDefinition(scores: readonly number[], from = 0, to = scores.length - 1): { from: number; to: number }[] {
  let best: { from: number; to: number; score: number } | null = null;
  for (let i = from; i <= to; i++) {
    let score = 0;
    for (let j = i; j <= to; j++) {
      score += scores[j] ?? 0;
      if (score <= 0) continue;
      const better = !best || score > best.score || (score === best.score && j - i < best.to - best.from);
      if (better) best = { from: i, to: j, score };
    }
  }
  if (!best) return [];
  return [
    ...byDefinition(scores, from, best.from - 1),
    { from: best.from, to: best.to },
    ...byDefinition(scores, best.to + 1, to),
  ];
}

function segmentsOf(scores: readonly number[]): { from: number; to: number }[] {
  const through = Float64Array.from(scores);
  for (let i = 1; i < scores.length; i++) through[i] = (through[i - 1] ?? 0) + (scores[i] ?? 0);
  return maximalSegments(
    through.map((sum, i) => sum - (scores[i] ?? 0)),
    through,
  );
}

const ticksFrom = (counts: readonly (readonly [number, number])[]): Tick[] =>
  counts.map(([failed, fine], second) => ({ second, failed, fine }));

describe('maximal scoring segments', () => {
  it('are those of the definition', () => {
    // Whole numbers, so that sums are exact; no zero, whose place in a segment the definition leaves open.
    const score = fc.integer({ min: -6, max: 6 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(fc.array(score, { maxLength: 14 }), (scores) => {
        const total = (found: readonly { from: number; to: number }[]): number[] =>
          found.map(({ from, to }) => scores.slice(from, to + 1).reduce((a, b) => a + b, 0));
        const found = segmentsOf(scores);
        const wanted = byDefinition(scores);
        expect(total(found)).toEqual(total(wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it('never overlap, begin and end with a gain, and cannot be lengthened or shortened with profit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 60 }), (scores) => {
        const found = segmentsOf(scores);
        const sum = (from: number, to: number): number => scores.slice(from, to + 1).reduce((a, b) => a + b, 0);
        let after = -1;
        for (const { from, to } of found) {
          expect(from).toBeGreaterThan(after);
          after = to;
          expect(scores[from]).toBeGreaterThan(0);
          expect(scores[to]).toBeGreaterThan(0);
          for (let i = from; i < to; i++) {
            expect(sum(from, i)).toBeGreaterThan(0);
            expect(sum(i + 1, to)).toBeGreaterThan(0);
          }
        }
        const inside = found.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
        for (let i = 0; i < scores.length; i++) if (!inside.includes(i)) expect(scores[i]).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('stretches in which failures stand out', () => {
  const second = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30 }));

  it('lie apart, in order, begin and end with a failure and hold as many as they say', () => {
    fc.assert(
      fc.property(fc.array(second, { maxLength: 80 }), (counts) => {
        const ticks = ticksFrom(counts);
        let after = -1;
        for (const { from, to, failed } of findSegments(ticksOf(ticks))) {
          expect(from).toBeGreaterThan(after);
          after = to;
          expect(ticks[from]?.failed).toBeGreaterThan(0);
          expect(ticks[to]?.failed).toBeGreaterThan(0);
          expect(failed).toBe(ticks.slice(from, to + 1).reduce((sum, tick) => sum + tick.failed, 0));
          expect(failed).toBeGreaterThanOrEqual(MIN_FAILURES);
        }
      }),
    );
  });

  /** A log of calm and trouble by turns: of each second what failed, what went well and the idle seconds before it. */
  const phase = fc.record({
    seconds: fc.integer({ min: 1, max: 90 }),
    failed: fc.constantFrom(0, 0, 0.01, 0.1, 0.5, 1, 3, 20),
    fine: fc.constantFrom(0, 0, 0.2, 1, 5, 40),
    idle: fc.constantFrom(0, 0, 0, 0.2, 1, 12),
  });
  const traffic = fc
    .tuple(fc.array(phase, { maxLength: 14 }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })))
    .map(([phases, chance]) => {
      const about = (mean: number): number => Math.floor(mean * 2 * chance.next().value + chance.next().value);
      return phases.flatMap(({ seconds, failed, fine, idle }) =>
        Array.from({ length: seconds }, () => ({ failed: about(failed), fine: about(fine), idle: about(idle) })),
      );
    });

  function ticksIn(log: readonly { failed: number; fine: number; idle: number }[], idleWeight: number): Tick[] {
    let second = 1_700_000_000;
    const ticks = log.map(({ failed, fine, idle }): Tick => {
      second += 1 + idle;
      return { second, failed, fine: fine + idle * idleWeight };
    });
    return ticks.filter(({ failed, fine }) => failed > 0 || fine > 0);
  }

  it('are those of a search second by second, in a log of requests', () => {
    fc.assert(
      fc.property(traffic, (log) => {
        // An eighth, of which sums are exact in any order: blocks are compared by them.
        const ticks = ticksIn(log, 0.125);
        expect(ends(findSegments(ticksOf(ticks)))).toEqual(ends(plainSegments(ticks)));
      }),
      { numRuns: 1500 },
    );
  });

  it('are those of a search second by second, in a log of error lines', () => {
    fc.assert(
      fc.property(traffic, (log) => {
        const ticks = ticksIn(
          log.map((second) => ({ ...second, fine: 0 })),
          1,
        );
        expect(ends(findSegments(aboveUsual(ticksOf(ticks))))).toEqual(ends(plainSegments(plainAboveUsual(ticks))));
      }),
      { numRuns: 1500 },
    );
  });

  it('are none where nothing failed, and none in nothing', () => {
    expect(findSegments(ticksOf([]))).toEqual([]);
    expect(findSegments(ticksOf(ticksFrom(Array.from({ length: 500 }, () => [0, 12] as const))))).toEqual([]);
  });

  it('are found once per outage in a week of one short outage a minute, in good time', () => {
    const minutes = 7 * 24 * 60;
    const ticks: Tick[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      for (let s = 0; s < 60; s++)
        ticks.push({ second: minute * 60 + s, failed: s < 5 ? 12 : 0, fine: s < 5 ? 0 : 12 });
    }
    expect(inGoodTime(() => findSegments(ticksOf(ticks)))).toHaveLength(minutes);
  });

  it('are sought in good time among half a million strays', () => {
    const ticks = ticksFrom(Array.from({ length: 1_000_000 }, (_, i) => [i % 2, 40] as const));
    expect(inGoodTime(() => findSegments(ticksOf(ticks)))).toEqual([]);
  });
});

const ends = (found: readonly { from: number; to: number; failed: number }[]) =>
  found.map(({ from, to, failed }) => ({ from, to, failed }));
