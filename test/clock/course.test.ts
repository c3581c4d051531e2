import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeWarnings } from '../../src/clock/changes.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import { courseOf } from '../../src/clock/course.ts';
import type { TimedStream } from '../../src/clock/timeline.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Event {
  readonly atMs: number;
  readonly path: string;
  readonly ray: string;
  readonly failed: boolean;
}

/** Irregular traffic, of which the last tenth fails. */
function trafficOf(seed: number, lastMs: number, meanMs: number): Event[] {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const events: Event[] = [];
  for (let at = T0; at < T0 + lastMs; at += 1 + next(2 * meanMs)) {
    const ray = (next(2 ** 31) * 4096 + events.length).toString(16).padStart(16, '0');
    events.push({ atMs: at, path: `/page/${next(300)}`, ray, failed: at > T0 + 0.9 * lastMs });
  }
  return events;
}

/** How much a clock is ahead at a true instant. */
type Ahead = (trueMs: number) => number;

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
const shown = (atMs: number, ahead: Ahead): number => Math.floor((atMs + ahead(atMs)) / SECOND) * SECOND;
/** Rows whose text is their true time. */
const accessRows = (events: readonly Event[], ahead: Ahead, withRays: boolean): RequestRecord[] =>
  events.map(({ atMs, path, ray, failed }) =>
    row('proxy', 0, {
      stamp: { kind: 'utc', ms: shown(atMs, ahead), offsetMinutes: 0 },
      path,
      status: failed ? 502 : 200,
      text: String(atMs),
      ...(withRays ? { ray } : {}),
    }),
  );
const accessLog = (events: readonly Event[], ahead: Ahead, withRays: boolean, name?: string): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  records: accessRows(events, ahead, withRays),
  ...(name === undefined ? {} : { name }),
});
/** Error lines of a machine two hours east, without a zone; their texts are their true times. */
const errorLog = (events: readonly Event[], ahead: Ahead): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-error',
  records: events
    .filter(({ failed }) => failed)
    .map(({ atMs, path }) =>
      clue('nginx.connect-refused', 0, {
        stamp: { kind: 'local', ms: shown(atMs, ahead) + 2 * HOUR },
        method: 'GET',
        path,
        text: String(atMs),
      }),
    ),
});

/** The largest error of a log's times, in seconds, apart from the nearest lines to a change. */
function errorsOf(timed: TimedStream, isNearChange: (trueMs: number) => boolean = () => false): number {
  const lines = [...timed.failures, ...timed.sample, ...[...timed.clues.values()].flatMap(({ kept }) => kept)];
  return Math.max(
    ...lines
      .filter(({ record }) => !isNearChange(Number(record.text)))
      .map(({ record, atMs }) => Math.abs(atMs - Number(record.text)) / SECOND),
  );
}
const originOf = (logs: readonly LogSketch[]): TimedStream[] =>
  setClocks(digestOf(logs), {}).filter(({ stream }) => stream.hop !== 'edge');

const steps = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
  beforeS: fc.integer({ min: -200, max: 200 }),
  byS: fc.integer({ min: 10, max: 300 }).chain((size) => fc.constantFrom(size, -size)),
  part: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
  withRays: fc.boolean(),
});

describe('a clock that was set in the middle of a log', () => {
  const traffic = (seed: number): Event[] => trafficOf(seed, 20 * MINUTE, 600);

  it('is set right before and after', () => {
    fc.assert(
      fc.property(steps, ({ seed, beforeS, byS, part, withRays }) => {
        const events = traffic(seed);
        const changeMs = T0 + part * 20 * MINUTE;
        const ahead: Ahead = (ms) => (beforeS + (ms >= changeMs ? byS : 0)) * SECOND;
        const [timed] = originOf([edgeLog(events), accessLog(events, ahead, withRays)]);
        if (!timed) throw new Error('no log');
        // Where a clock is set back it shows the same times twice.
        const openMs = 15 * SECOND + Math.max(0, -byS * SECOND);
        expect(errorsOf(timed, (ms) => Math.abs(ms - changeMs) < openMs)).toBeLessThanOrEqual(2.5);
      }),
      { numRuns: 25 },
    );
  });

  it('is told, with both errors', () => {
    const events = traffic(5);
    const logs = [edgeLog(events), accessLog(events, (ms) => (ms < T0 + 10 * MINUTE ? 0 : 30 * SECOND), true)];
    expect(changeWarnings(digestOf(logs), setClocks(digestOf(logs), {}))).toEqual([
      expect.stringMatching(/^\/proxy-1\.log: its clock was set .*09:10:\d\d UTC.* it was right, then 30 s ahead\./),
    ]);
  });

  it('is not found in a clock that was right or wrong all the time', () => {
    fc.assert(
      fc.property(steps, ({ seed, beforeS, withRays }) => {
        const events = traffic(seed);
        const logs = [edgeLog(events), accessLog(events, () => beforeS * SECOND, withRays), errorLog(events, () => 0)];
        expect(originOf(logs).map(({ clock }) => clock.course)).toEqual([undefined, undefined]);
        expect(changeWarnings(digestOf(logs), originOf(logs))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('is not found where the edge’s log is a sample', () => {
    const events = traffic(9);
    const some = events.filter((_, i) => i % 10 === 0);
    const [timed] = originOf([edgeLog(some), accessLog(events, () => 7 * SECOND, false)]);
    expect(Math.abs((timed?.clock.skewSeconds ?? 0) - 7)).toBeLessThanOrEqual(1);
    expect(timed?.clock.course).toBeUndefined();
  });

  it('moves the lines of a log without a zone, too', () => {
    const events = trafficOf(3, 20 * MINUTE, 200);
    const changeMs = T0 + 19 * MINUTE;
    const ahead: Ahead = (ms) => (ms < changeMs ? 0 : 40 * SECOND);
    const [timed] = originOf([edgeLog(events), errorLog(events, ahead)]);
    if (!timed) throw new Error('no log');
    expect(timed.clock.zoneOffsetMinutes).toBe(120);
    expect(errorsOf(timed, (ms) => Math.abs(ms - changeMs) < 5 * SECOND)).toBeLessThanOrEqual(2.5);
  });
});

describe('a log that tells nothing of its clock', () => {
  it('is set right with that of its machine, before and after the change', () => {
    const events = trafficOf(31, 20 * MINUTE, 400);
    const changeMs = T0 + 12 * MINUTE;
    const ahead: Ahead = (ms) => (ms < changeMs ? 20 : 65) * SECOND;
    const times = [4, 8, 15, 19].map((minute) => T0 + minute * MINUTE);
    const pool: LogSketch = {
      hop: 'app',
      format: 'php-fpm',
      records: times.map((ms) =>
        clue('fpm.max-children', 0, { stamp: { kind: 'utc', ms: shown(ms, ahead) }, text: String(ms) }),
      ),
    };
    const logs = [edgeLog(events), accessLog(events, ahead, true), pool];
    const own = originOf(logs).find(({ stream }) => stream.hop === 'app');
    if (!own) throw new Error('no log');
    expect(errorsOf(own)).toBeLessThanOrEqual(2);
    // Said once, of the log that shows it.
    expect(changeWarnings(digestOf(logs), originOf(logs))).toHaveLength(1);
  });
});

describe('a clock that runs away', () => {
  it('is followed: a second in an hour stays within two', () => {
    const events = trafficOf(11, 24 * HOUR, 20 * SECOND);
    const ahead: Ahead = (ms) => (ms - T0) / 3600;
    for (const withRays of [true, false]) {
      const logs = [edgeLog(events), accessLog(events, ahead, withRays)];
      const [timed] = originOf(logs);
      if (!timed) throw new Error('no log');
      expect(errorsOf(timed)).toBeLessThanOrEqual(3.5);
      expect(changeWarnings(digestOf(logs), originOf(logs))).toEqual([
        expect.stringMatching(
          /its clock ran away while it was written: first it was right, at the end 2[0-4] s ahead\./,
        ),
      ]);
    }
  });
});

describe('rotated files of one log', () => {
  it('have each their own clock where they were written by different ones', () => {
    const events = trafficOf(21, 20 * MINUTE, 400);
    const half = events.length / 2;
    const [older, newer] = [events.slice(0, half), events.slice(half)];
    const logs = [
      edgeLog(events),
      accessLog(older, () => -70 * SECOND, true, 'access.log'),
      accessLog(newer, () => 50 * SECOND, true, 'access.log'),
    ];
    const timed = originOf(logs);
    expect(timed).toHaveLength(1);
    expect(Math.max(...timed.map((one) => errorsOf(one)))).toBeLessThanOrEqual(1);
    expect(changeWarnings(digestOf(logs), timed)).toEqual([]);
  });

  it('have it even where the first lines of one tell nothing', () => {
    const byMs = 9 * HOUR + 82 * SECOND;
    const reference = Array.from({ length: 400 }, (_, i) => ({
      key: `/page/${i}`,
      ms: T0 + i * 7 * SECOND + (i % 5) * SECOND,
    }));
    const own = reference.map(({ key, ms }, i) => {
      const source = i < 200 ? 0 : 1;
      // What others asked for at another time.
      const isOther = source === 1 && i < 245;
      return { key, ms: isOther ? ms + ((i * 7919) % 5000) * SECOND : ms + source * byMs, source, line: i };
    });
    const course = courseOf(own, reference, 0, false, () => true);
    expect(new Map(course?.map(({ source, skewMs }) => [source, skewMs]))).toEqual(
      new Map([
        [0, 0],
        [1, byMs],
      ]),
    );
  });
});
