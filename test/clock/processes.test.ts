import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setClocks } from '../../src/clock/clocks.ts';
import type { ReadStream } from '../../src/clock/events.ts';
import { sameDeaths } from '../../src/clock/processes.ts';
import { instantsOf } from '../../src/clock/written.ts';
import { UTC } from '../../src/clock/zones.ts';
import type { ClueRecord, Stamp } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, steady, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const read = (log: LogSketch): ReadStream => {
  const [stream] = digestOf([log]).streams;
  if (!stream) throw new Error('no stream');
  return { stream, toInstant: instantsOf(stream.segments, [], UTC, 0) };
};
const always = (): boolean => true;
const differenceOf = (left: LogSketch, ...right: readonly LogSketch[]): number | null => {
  const found = sameDeaths(read(left), right.map(read), always);
  return found === null ? null : found.differenceMs / SECOND;
};

/** The kernel's and PHP-FPM's word on the same workers. */
const kernel = (deaths: readonly (readonly [pid: string, seconds: number])[], by = 0): LogSketch => ({
  hop: 'host',
  records: deaths.map(([pid, s]) => clue('kernel.segfault', T0 + (s + by) * SECOND, { connection: pid })),
});
const pool = (deaths: readonly (readonly [pid: string, seconds: number])[], by = 0): LogSketch => ({
  hop: 'app',
  records: deaths.map(([pid, s]) => clue('fpm.child-segv', T0 + (s + by) * SECOND, { connection: pid })),
});
const resets = (...seconds: readonly number[]): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-error',
  records: seconds.map((s) => clue('nginx.recv-reset-header', T0 + s * SECOND)),
});

describe('processes that two logs tell of', () => {
  it('tell by their numbers how far the logs are apart', () => {
    const deaths = [
      ['4711', 3],
      ['4720', 40],
    ] as const;
    expect(differenceOf(kernel(deaths, 7200), pool(deaths))).toBe(7200);
    expect(differenceOf(kernel(deaths.slice(0, 1), 7200), pool(deaths))).toBeNull();
  });

  it('tell nothing where their numbers come again and again', () => {
    const chatter = ['101', '102'].flatMap((pid) => [1, 2, 3].map((s) => [pid, s * 60] as const));
    expect(differenceOf(kernel(chatter, 60), kernel(chatter))).toBeNull();
  });

  it('have no number in the web server’s log, which loses an answer with each: few meet one for one, at one difference', () => {
    const deaths = [9, 122, 123, 124].map((s, i) => [String(100 + i), s] as const);
    expect(differenceOf(pool(deaths, -99), resets(9, 123, 124))).toBe(-99);
    // Two stretches meet wherever one of them does.
    expect(differenceOf(pool(deaths.slice(1)), resets(9, 60))).toBeNull();
    expect(
      differenceOf(
        pool(
          [
            ['1', 10],
            ['2', 50],
            ['3', 90],
            ['4', 130],
          ].map(([p, s]) => [String(p), Number(s)] as const),
        ),
        resets(10, 50, 90, 130, 170, 210),
      ),
    ).toBeNull();
  });

  it('meet by their rhythm where they are many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: -50_000, max: 50_000 }), (seed, by) => {
        let state = seed;
        const next = (below: number): number => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return Math.floor((state / 2 ** 32) * below);
        };
        const seconds = Array.from({ length: 60 }, () => next(120)).sort((a, b) => a - b);
        const found = differenceOf(
          pool(
            seconds.map((s, i) => [String(100 + i), s] as const),
            by,
          ),
          resets(...seconds),
        );
        expect(found).toBe(by);
      }),
      { numRuns: 20 },
    );
  });

  it('place a log in any zone, with its minutes of error, beside a log of its machine that has its place', () => {
    const dying = steady(0, 40, 1, (i) => T0 + 5 * MINUTE + i * 2 * SECOND + ((i * i) % 7) * SECOND);
    const edge: LogSketch = {
      hop: 'edge',
      records: steady(T0, T0 + 10 * MINUTE, SECOND, (ms) => row('edge', ms, { path: `/page/${ms}`, ray: rayOf(ms) })),
    };
    const access: LogSketch = { ...edge, hop: 'proxy', format: 'nginx-access' };
    const lost: LogSketch = {
      hop: 'proxy',
      format: 'nginx-error',
      records: dying.map((ms, i) =>
        clue('nginx.recv-reset-header', ms, { connection: `1*${i}`, ray: rayOf(Math.floor(ms / SECOND) * SECOND) }),
      ),
    };
    fc.assert(
      fc.property(fc.integer({ min: -48, max: 56 }), fc.integer({ min: -290, max: 290 }), (quarters, seconds) => {
        const by = quarters * 15 * MINUTE + seconds * SECOND;
        const local = (records: readonly ClueRecord[]): ClueRecord[] =>
          records.map((record) => ({ ...record, stamp: { ...record.stamp, kind: 'local' } as Stamp }));
        const log: LogSketch = {
          hop: 'app',
          records: local(dying.map((ms, i) => clue('fpm.child-segv', ms + by, { connection: String(100 + i) }))),
        };
        const placed = setClocks(digestOf([edge, access, lost, log]), {}).find(
          ({ stream }) => stream.hop === 'app',
        )?.clock;
        expect(
          Math.abs((placed?.zoneOffsetMinutes ?? 0) * 60 + (placed?.skewSeconds ?? 0) - by / SECOND),
        ).toBeLessThanOrEqual(1);
        expect(placed).toMatchObject({ tied: true, method: 'process' });
      }),
      { numRuns: 20 },
    );
  });
});

function rayOf(ms: number): string {
  return ms.toString(16).padStart(16, '0');
}
