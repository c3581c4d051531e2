import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yearWarnings } from '../../src/clock/assumed-year.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import type { TimedStream } from '../../src/clock/timeline.ts';
import type { ClueRecord, RequestRecord, Stamp } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** How a machine's clock stands, and which stamps its logs write. */
interface Machine {
  readonly offsetMinutes: number;
  readonly skewSeconds: number;
}

/** One request as it truly was. */
interface Event {
  readonly atMs: number;
  readonly path: string;
  readonly ray: string;
  readonly failed: boolean;
}

/** Ten minutes of irregular traffic from a seed, of which the fifth minute fails. */
function trafficOf(seed: number, paths: number): Event[] {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const events: Event[] = [];
  for (let at = T0; at < T0 + 10 * MINUTE; at += 100 + next(900)) {
    const failed = at >= T0 + 5 * MINUTE && at < T0 + 6 * MINUTE;
    const ray = (next(2 ** 31) * 4096 + events.length).toString(16).padStart(16, '0');
    events.push({ atMs: at, path: `/page/${next(paths)}`, ray, failed });
  }
  return events;
}

const wholeSecond = (ms: number): number => Math.floor(ms / SECOND) * SECOND;
const wall = (ms: number, { offsetMinutes, skewSeconds }: Machine): number =>
  wholeSecond(ms + skewSeconds * SECOND) + offsetMinutes * MINUTE;

const edgeLog = (events: readonly Event[]): LogSketch => ({
  hop: 'edge',
  records: events.map(({ atMs, path, ray, failed }) =>
    row('edge', atMs, {
      path,
      ray,
      status: failed ? 502 : 200,
      ...(failed ? { signal: 'edge.origin-answered-5xx' } : {}),
    }),
  ),
});

/** Its rows' texts are their true times. */
const accessLog = (events: readonly Event[], machine: Machine, withRays: boolean): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  records: events.map(({ atMs, path, ray, failed }): RequestRecord => {
    const stamp: Stamp = {
      kind: 'utc',
      ms: wall(atMs, machine) - machine.offsetMinutes * MINUTE,
      offsetMinutes: machine.offsetMinutes,
    };
    return row('proxy', 0, {
      stamp,
      path,
      status: failed ? 502 : 200,
      text: String(atMs),
      ...(withRays ? { ray } : {}),
    });
  }),
});

const errorLog = (events: readonly Event[], machine: Machine): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-error',
  records: events
    .filter(({ failed }) => failed)
    .map(({ atMs, path }): ClueRecord => {
      const stamp: Stamp = { kind: 'local', ms: wall(atMs, machine) };
      return clue('nginx.connect-refused', 0, { stamp, path, method: 'GET', text: String(atMs) });
    }),
});

const streamOf = (streams: readonly TimedStream[], format: string): TimedStream => {
  const found = streams.find(({ stream }) => stream.format === format);
  if (!found) throw new Error(`no stream of ${format}`);
  return found;
};

/** Largest error in seconds of a stream's records, whose text is their true time. */
function worstError({ failures, sample, clues }: TimedStream): number {
  const lines = [...clues.values()].flatMap(({ kept }) => [...kept]);
  const errors = [...failures, ...sample, ...lines].map(({ record, atMs }) => Math.abs(atMs - Number(record.text)));
  expect(errors.length).toBeGreaterThan(0);
  return errors.reduce((a, b) => Math.max(a, b), 0) / SECOND;
}

const machine = fc.record({
  offsetMinutes: fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
  skewSeconds: fc.integer({ min: -300, max: 300 }),
});
const seed = fc.nat();

describe('an origin whose clock is wrong and whose error log writes no zone', () => {
  // Stamps are cut to whole seconds, so that a right clock still shows every record up to a second early.
  it('is set right within a second by Ray IDs that both sides log', () => {
    fc.assert(
      fc.property(seed, machine, (from, origin) => {
        const events = trafficOf(from, 300);
        const streams = setClocks(
          digestOf([edgeLog(events), accessLog(events, origin, true), errorLog(events, origin)]),
          {},
        );
        expect(worstError(streamOf(streams, 'nginx-access'))).toBeLessThanOrEqual(1);
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(1);
        expect(streamOf(streams, 'nginx-access').clock.method).toBe('ray-id');
        expect(streamOf(streams, 'nginx-error').clock).toMatchObject({
          method: 'sibling',
          zoneOffsetMinutes: origin.offsetMinutes,
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is set right within two seconds by the requests alone', () => {
    fc.assert(
      fc.property(seed, machine, (from, origin) => {
        const events = trafficOf(from, 300);
        const streams = setClocks(
          digestOf([edgeLog(events), accessLog(events, origin, false), errorLog(events, origin)]),
          {},
        );
        expect(worstError(streamOf(streams, 'nginx-access'))).toBeLessThanOrEqual(2);
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(2);
        expect(streamOf(streams, 'nginx-access').clock.method).toBe('request');
      }),
      { numRuns: 40 },
    );
  });

  it('is set right within two seconds by its error lines alone', () => {
    fc.assert(
      fc.property(seed, machine, (from, origin) => {
        const events = trafficOf(from, 60);
        const streams = setClocks(digestOf([edgeLog(events), errorLog(events, origin)]), {});
        const { clock } = streamOf(streams, 'nginx-error');
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(2);
        expect(clock.method).toBe('request');
        if (Math.abs(origin.skewSeconds) < 299) expect(clock.zoneOffsetMinutes).toBe(origin.offsetMinutes);
      }),
      { numRuns: 40 },
    );
  });

  it('on one busy page only is set right to the quarter of an hour by the shape of its failures', () => {
    const origin = { offsetMinutes: 330, skewSeconds: 0 };
    const events = trafficOf(7, 1);
    const { clock } = streamOf(setClocks(digestOf([edgeLog(events), errorLog(events, origin)]), {}), 'nginx-error');
    expect(clock).toMatchObject({ method: 'shape', zoneOffsetMinutes: 330 });
  });

  it('is read as UTC and said to be assumed where nothing tells the zone', () => {
    const origin = { offsetMinutes: 330, skewSeconds: 0 };
    const [only] = setClocks(digestOf([errorLog(trafficOf(7, 60), origin)]), {});
    expect(only?.clock).toMatchObject({ method: 'assumed', zone: 'UTC', zoneOffsetMinutes: 0, skewSeconds: 0 });
    expect(only?.clock.uncertaintySeconds).toBeGreaterThanOrEqual(12 * 3600);
  });

  it('and its web server’s right clock do not move an edge log', () => {
    const events = trafficOf(7, 300);
    const origin = { offsetMinutes: -300, skewSeconds: 120 };
    const streams = setClocks(digestOf([edgeLog(events), accessLog(events, origin, true)]), {});
    const edge = streamOf(streams, 'edge-log');
    expect(edge.failures.map(({ atMs }) => atMs)).toEqual(
      events.filter(({ failed }) => failed).map(({ atMs }) => atMs),
    );
    expect(edge.clock).toMatchObject({ method: 'explicit', skewSeconds: 0 });
  });
});

describe('what the user says', () => {
  const events = trafficOf(11, 60);

  it('about the zone wins over what the requests tell', () => {
    const digest = digestOf([edgeLog(events), errorLog(events, { offsetMinutes: 330, skewSeconds: 0 })]);
    const { clock } = streamOf(setClocks(digest, { tz: '+02:00' }), 'nginx-error');
    expect(clock).toMatchObject({ method: 'option', zone: '+02:00', zoneOffsetMinutes: 120 });
  });

  it('about the zone leaves stamps alone that write their own', () => {
    const digest = digestOf([edgeLog(events), accessLog(events, { offsetMinutes: 60, skewSeconds: 0 }, true)]);
    const access = streamOf(setClocks(digest, { tz: 'America/New_York' }), 'nginx-access');
    expect(worstError(access)).toBeLessThanOrEqual(1);
  });

  it('may be a name: summer time is followed', () => {
    const stamp = (text: string): Stamp => ({ kind: 'local', ms: Date.parse(`${text}Z`) });
    const records = ['2025-03-30T01:59:00', '2025-03-30T03:01:00'].map((text) =>
      clue('nginx.connect-refused', 0, { stamp: stamp(text), text: String(Date.parse(`${text}Z`)) }),
    );
    const [log] = setClocks(digestOf([{ hop: 'proxy', records }]), { tz: 'Europe/Berlin' });
    const times = [...(log?.clues.get('nginx.connect-refused')?.kept ?? [])].map(({ atMs }) =>
      new Date(atMs).toISOString(),
    );
    expect(times).toEqual(['2025-03-30T00:59:00.000Z', '2025-03-30T01:01:00.000Z']);
  });

  it('about the year wins over what other logs tell', () => {
    const records = [clue('unit.stopped', 0, { stamp: { kind: 'yearless', ms: Date.UTC(2000, 2, 4, 9) } })];
    const streams = setClocks(digestOf([edgeLog(events), { hop: 'host', records }]), { year: 2023, tz: 'UTC' });
    const journal = streamOf(streams, 'host-log');
    expect(new Date(journal.firstMs).toISOString()).toBe('2023-03-04T09:00:00.000Z');
    expect(journal.clock.year).toEqual({ value: 2023, method: 'option' });
  });
});

describe('a journal that writes no year', () => {
  const journal = (...walls: readonly number[]): LogSketch => ({
    hop: 'host',
    records: walls.map((ms) => clue('unit.stopped', 0, { stamp: { kind: 'yearless', ms } })),
  });
  const edgeAt = (ms: number): LogSketch => ({ hop: 'edge', records: [row('edge', ms), row('edge', ms + MINUTE)] });

  it('has the year of the other logs', () => {
    const streams = setClocks(digestOf([edgeAt(Date.UTC(2024, 5, 1)), journal(Date.UTC(2000, 5, 1))]), {});
    expect(streamOf(streams, 'host-log').clock.year).toEqual({ value: 2024, method: 'other logs' });
  });

  it('runs over New Year: December is the year before January', () => {
    const december = Date.UTC(2000, 11, 31, 23, 59);
    const january = Date.UTC(2000, 0, 1, 0, 1);
    const streams = setClocks(digestOf([edgeAt(Date.UTC(2025, 0, 1)), journal(december, january)]), {});
    const log = streamOf(streams, 'host-log');
    expect([log.firstMs, log.lastMs].map((ms) => new Date(ms).toISOString())).toEqual([
      '2024-12-31T23:59:00.000Z',
      '2025-01-01T00:01:00.000Z',
    ]);
  });

  it('alone is read as some year, and that is said', () => {
    const [log] = setClocks(digestOf([journal(Date.UTC(2000, 5, 1))]), {});
    expect(log?.clock.year?.method).toBe('assumed');
    expect(yearWarnings(log ? [log] : [])).toEqual([expect.stringContaining('--year')]);
    expect(Number.isNaN(log?.firstMs)).toBe(false);
  });
});

describe('a log that has another zone than its machine’s other logs', () => {
  const host: Machine = { offsetMinutes: 120, skewSeconds: 0 };

  it('is read by its requests, not by its neighbour’s zone', () => {
    fc.assert(
      fc.property(seed, machine, (from, own) => {
        const events = trafficOf(from, 60);
        const streams = setClocks(
          digestOf([edgeLog(events), accessLog(events, host, true), errorLog(events, own)]),
          {},
        );
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(2);
        expect(worstError(streamOf(streams, 'nginx-access'))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });

  it('is read by the shape of its trouble where its lines name no page', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: -48, max: 56 }), (from, quarters) => {
        const events = trafficOf(from, 60);
        const bare = errorLog(events, { offsetMinutes: quarters * 15, skewSeconds: 0 });
        const records = bare.records.map(({ path: _, method: __, ...rest }) => rest as ClueRecord);
        const streams = setClocks(digestOf([edgeLog(events), accessLog(events, host, true), { ...bare, records }]), {});
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(3);
      }),
      { numRuns: 40 },
    );
  });

  it('and tells nothing of itself is not set against the others while two zones are expected', () => {
    const events = trafficOf(3, 60);
    const quiet: LogSketch = {
      hop: 'app',
      format: 'php-fpm',
      records: [clue('fpm.ready', 0, { stamp: { kind: 'local', ms: T0 } })],
    };
    const container = errorLog(events, { offsetMinutes: 0, skewSeconds: 0 });
    const streams = setClocks(digestOf([edgeLog(events), accessLog(events, host, true), container, quiet]), {});
    expect(streamOf(streams, 'php-fpm').clock).toMatchObject({
      adrift: 'zone',
      alternatives: [{ zoneOffsetMinutes: 0 }],
    });
  });
});

describe('a log whose clock alone is off', () => {
  it('is moved alone: those of its machine keep theirs', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: -300, max: 300 }), (from, skewSeconds) => {
        const events = trafficOf(from, 60);
        const right: Machine = { offsetMinutes: 60, skewSeconds: 0 };
        const off: Machine = { offsetMinutes: 60, skewSeconds };
        const logs = [edgeLog(events), accessLog(events, off, true), errorLog(events, right)];
        const streams = setClocks(digestOf(logs), {});
        expect(worstError(streamOf(streams, 'nginx-access'))).toBeLessThanOrEqual(1);
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 40 },
    );
  });

  it('is set right by the shape of its failures where nothing names a request', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: -300, max: 300 }), (from, skewSeconds) => {
        const events = trafficOf(from, 60);
        const bare = errorLog(events, { offsetMinutes: 0, skewSeconds });
        const records = bare.records.map(({ path: _, method: __, ...rest }) => rest as ClueRecord);
        const streams = setClocks(digestOf([edgeLog(events), { ...bare, records }]), {});
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(10);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a log that covers several years and writes none', () => {
  it('has them counted back from the time of the other logs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 364 }), (yearsBack, day) => {
        // A line every 20 days up to the incident, against a plain count of the years.
        const end = Date.UTC(2025, 0, 1) + day * 24 * HOUR;
        const times: number[] = [];
        for (let ms = end; ms > end - yearsBack * 366 * 24 * HOUR; ms -= 20 * 24 * HOUR) times.unshift(ms);
        const yearless = (ms: number): number => {
          const d = new Date(ms);
          return Date.UTC(2000, d.getUTCMonth(), d.getUTCDate());
        };
        const records = times.map((ms) =>
          clue('unit.stopped', 0, { stamp: { kind: 'yearless', ms: yearless(ms) }, text: String(ms) }),
        );
        const edge: LogSketch = { hop: 'edge', records: [row('edge', end), row('edge', end + MINUTE)] };
        const log = streamOf(setClocks(digestOf([edge, { hop: 'host', records }]), { tz: 'UTC' }), 'host-log');
        expect(worstError(log)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a change of summer time inside a log', () => {
  it('is found from the requests where no other log of the machine writes a zone', () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(60, 30), fc.constantFrom(1, -1), (from, step, direction) => {
        const events = trafficOf(from, 60).filter(({ failed }) => failed);
        const change = T0 + 5 * MINUTE + 30 * SECOND;
        const records = events.map(({ atMs, path }) => {
          const offset = 60 + (atMs < change ? 0 : direction * step);
          return clue('nginx.connect-refused', 0, {
            stamp: { kind: 'local', ms: wholeSecond(atMs) + offset * MINUTE },
            path,
            method: 'GET',
            text: String(atMs),
          });
        });
        const log: LogSketch = { hop: 'proxy', format: 'nginx-error', records };
        const streams = setClocks(digestOf([edgeLog(trafficOf(from, 60)), log]), {});
        expect(worstError(streamOf(streams, 'nginx-error'))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 40 },
    );
  });

  it('is followed by the zone that another log of the same machine writes', () => {
    // Europe, 26 October 2025: 03:00 +02:00 becomes 02:00 +01:00 at 01:00 UTC.
    const change = Date.UTC(2025, 9, 26, 1);
    const offsetAt = (ms: number): number => (ms < change ? 120 : 60);
    const instants = Array.from({ length: 240 }, (_, i) => change - 2 * HOUR + i * MINUTE);
    const access: LogSketch = {
      hop: 'proxy',
      format: 'nginx-access',
      records: instants.map((ms) =>
        row('proxy', 0, { stamp: { kind: 'utc', ms, offsetMinutes: offsetAt(ms) }, text: String(ms) }),
      ),
    };
    const errors: LogSketch = {
      hop: 'proxy',
      format: 'nginx-error',
      records: instants.map((ms) =>
        clue('nginx.connect-refused', 0, {
          stamp: { kind: 'local', ms: ms + offsetAt(ms) * MINUTE },
          text: String(ms),
        }),
      ),
    };
    const log = streamOf(setClocks(digestOf([access, errors]), {}), 'nginx-error');
    expect(log.clock).toMatchObject({ method: 'sibling', zoneOffsetMinutes: 60 });
    expect(worstError(log)).toBe(0);
  });

  it('is followed by the zone that the user names', () => {
    const change = Date.UTC(2025, 9, 26, 1);
    const instants = Array.from({ length: 240 }, (_, i) => change - 2 * HOUR + i * MINUTE);
    const records = instants.map((ms) =>
      clue('nginx.connect-refused', 0, {
        stamp: { kind: 'local', ms: ms + (ms < change ? 120 : 60) * MINUTE },
        text: String(ms),
      }),
    );
    const [log] = setClocks(digestOf([{ hop: 'proxy', records }]), { tz: 'Europe/Berlin' });
    expect(log && worstError(log)).toBe(0);
  });
});
