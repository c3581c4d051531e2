import { describe, expect, it } from 'vitest';
import { setClocks } from '../../src/clock/clocks.ts';
import type { TimedStream } from '../../src/clock/timeline.ts';
import { yearsOf } from '../../src/clock/year.ts';
import type { Segment } from '../../src/digest/digest.ts';
import { mergeDigests } from '../../src/digest/merge.ts';
import type { ClueRecord, Stamp } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, sourceDigestOf, steady, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const inYear2000 = (ms: number): number => {
  const date = new Date(ms);
  return Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) + (ms % DAY);
};
/** A line whose text is its true time. */
const line = (trueMs: number, stamp: Stamp, fields: Partial<ClueRecord> = {}): ClueRecord =>
  clue('nginx.connect-refused', 0, { stamp, text: String(trueMs), ...fields });
const worstError = ({ clues }: TimedStream): number =>
  Math.max(
    ...[...clues.values()].flatMap(({ kept }) =>
      kept.map(({ record, atMs }) => Math.abs(atMs - Number(record.text)) / SECOND),
    ),
  );
const edgeFrom = (fromMs: number, toMs: number): LogSketch => ({
  hop: 'edge',
  records: steady(fromMs, toMs, MINUTE, (ms) => row('edge', ms)),
});

describe('29 February in a log that writes no year', () => {
  const yearless = (...days: readonly string[]): Segment => {
    const times = days.map((day) => Date.parse(`2000-${day}T12:00:00Z`));
    return {
      kind: 'yearless',
      source: 0,
      firstMs: times[0] ?? Number.NaN,
      lastMs: times.at(-1) ?? Number.NaN,
      entries: days.length,
    };
  };
  const yearAt = (reference: string, ...segments: readonly Segment[]) =>
    yearsOf(segments, () => Date.parse(`${reference}T00:00:00Z`));

  it('is that of a leap year, the nearest to the other logs', () => {
    expect(yearAt('2024-03-01', yearless('02-28', '02-29'))).toEqual([2024]);
    expect(yearAt('2025-02-27', yearless('02-20', '02-29'))).toEqual([2024]);
    expect(yearAt('2027-01-10', yearless('02-29', '03-02'))).toEqual([2028]);
    expect(yearAt('2026-01-10', yearless('02-29', '03-02'))).toEqual([2024]);
    expect(yearAt('2101-01-10', yearless('02-29', '03-02'))).toEqual([2104]);
  });

  it('tells the years of what comes before and after', () => {
    expect(yearAt('2025-02-01', yearless('12-20', '12-31'), yearless('01-01', '02-29'))).toEqual([2023, 2024]);
  });

  it('is no other day than before it where the year has none', () => {
    expect(yearAt('2025-03-01', yearless('02-28', '03-01'))).toEqual([2025]);
  });
});

describe('the hour that a clock change leaves out', () => {
  // Europe, 30 March 2025: 02:00 +01:00 becomes 03:00 +02:00 at 01:00 UTC.
  const change = Date.UTC(2025, 2, 30, 1);
  const offsetAt = (ms: number): number => (ms < change ? 60 : 120);
  const instants = steady(change - 2 * HOUR, change + 2 * HOUR, MINUTE, (ms) => ms);
  const wall = (ms: number): number => ms + offsetAt(ms) * MINUTE;
  const access: LogSketch = {
    hop: 'proxy',
    format: 'nginx-access',
    records: instants.map((ms) => row('proxy', 0, { stamp: { kind: 'utc', ms, offsetMinutes: offsetAt(ms) } })),
  };

  it.each(['local', 'yearless'] as const)('is followed in a log with %s stamps', (kind) => {
    const errors: LogSketch = {
      hop: 'proxy',
      format: 'nginx-error',
      records: instants.map((ms) => line(ms, { kind, ms: kind === 'local' ? wall(ms) : inYear2000(wall(ms)) })),
    };
    for (const [logs, tz] of [
      [[access, errors], undefined],
      [[errors, edgeFrom(change, change + HOUR)], 'Europe/Berlin'],
    ] as const) {
      const streams = setClocks(digestOf(logs), { tz });
      const [own] = streams.filter(({ stream }) => stream.format === 'nginx-error');
      expect(own && worstError(own)).toBe(0);
    }
  });
});

describe('a journal whose prefix is in another zone than what the program writes in its lines', () => {
  it('has the zone that both tell, over New Year and without a year', () => {
    const newYear = Date.UTC(2026, 0, 1);
    const instants = steady(newYear - HOUR, newYear + HOUR, 5 * MINUTE, (ms) => ms);
    const hours = 9;
    const outer = (ms: number): Stamp => ({ kind: 'yearless', ms: inYear2000(ms + hours * HOUR) });
    const tunnel: LogSketch = {
      hop: 'tunnel',
      server: 'web-01',
      records: instants.map((ms) =>
        clue('cloudflared.edge-retry', 0, { stamp: { kind: 'utc', ms }, outerStamp: outer(ms), text: String(ms) }),
      ),
    };
    const host: LogSketch = {
      hop: 'host',
      format: 'journal',
      server: 'web-01',
      records: instants.map((ms) => clue('unit.restart-scheduled', 0, { stamp: outer(ms), text: String(ms) })),
    };
    const streams = setClocks(digestOf([edgeFrom(newYear - HOUR, newYear + HOUR), tunnel, host]), {});
    for (const own of streams.filter(({ stream }) => stream.hop !== 'edge')) expect(worstError(own)).toBe(0);
    expect(streams.find(({ stream }) => stream.hop === 'host')?.clock.method).toBe('inner');
  });
});

describe('two hosts in one file', () => {
  it('have each their own zone and skew', () => {
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const requests = Array.from({ length: 400 }, (_, i) => ({
      ms: T0 + i * 900 + next(800),
      path: `/page/${next(60)}`,
      isFirst: next(2) === 0,
    }));
    const edge: LogSketch = {
      hop: 'edge',
      records: requests.map(({ ms, path }) => row('edge', ms, { path, status: 502, originStatus: 502 })),
    };
    const hosts = [
      { server: 'web-1', aheadMs: 2 * HOUR + 20 * SECOND, isFirst: true },
      { server: 'web-2', aheadMs: -5 * HOUR - 75 * SECOND, isFirst: false },
    ];
    const digests = hosts.map(({ server, aheadMs, isFirst }) =>
      sourceDigestOf(
        {
          hop: 'proxy',
          format: 'nginx-error',
          server,
          records: requests
            .filter((request) => request.isFirst === isFirst)
            .map(({ ms, path }) =>
              line(
                ms,
                { kind: 'yearless', ms: inYear2000(Math.floor((ms + aheadMs) / SECOND) * SECOND) },
                { method: 'GET', path },
              ),
            ),
        },
        1,
      ),
    );
    const [first] = digests;
    if (!first) throw new Error('no log');
    const file = { ...first, streams: digests.flatMap(({ streams }) => streams) };
    const streams = setClocks(mergeDigests([sourceDigestOf(edge, 0), file]), {});
    for (const { server, aheadMs } of hosts) {
      const own = streams.find(({ stream }) => stream.server === server);
      if (!own) throw new Error(server);
      expect(own.clock.zoneOffsetMinutes * MINUTE + own.clock.skewSeconds * SECOND).toBeGreaterThan(aheadMs - 1500);
      expect(worstError(own)).toBeLessThanOrEqual(2);
    }
  });
});
