import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { adriftWarnings, movedWarnings } from '../../src/clock/adrift.ts';
import type { TimedStream } from '../../src/clock/timeline.ts';
import { partDisplaced } from '../../src/correlate/displaced.ts';
import { type ClueRecord, NO_STAMP, type Stamp } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, digestOf, inOrder, type LogSketch, row, steady, T0, timedOf } from './logs-of.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DOWN = T0 + 10 * MINUTE;
const UP = DOWN + 35 * SECOND;
const END = T0 + 20 * MINUTE;

/** The edge's log, with a burst of 530 of its own. */
const edge: LogSketch = {
  hop: 'edge',
  records: steady(T0, END, SECOND / 4, (ms) =>
    row(
      'edge',
      ms,
      ms >= DOWN && ms < UP ? { status: 530, originStatus: 0, signal: 'edge.530' } : { originStatus: 200 },
    ),
  ),
};

/** The same, of a failure that does not say who was away. */
const vague: LogSketch = {
  ...edge,
  records: edge.records.map((record) =>
    record.kind === 'request' && record.status === 530
      ? { ...record, status: 502, signal: 'edge.502-no-origin' as const }
      : record,
  ),
};

/** Lines of a tunnel that lost its one connection for a time. */
const lost = (fromMs: number, toMs: number): ClueRecord[] => [
  clue('cloudflared.proc-sigterm', fromMs),
  clue('cloudflared.proc-start', toMs - 2 * SECOND),
  clue('cloudflared.edge-reg', toMs, { connection: '0' }),
];
const tunnel = (...outages: readonly (readonly ClueRecord[])[]): LogSketch => ({
  hop: 'tunnel',
  records: inOrder([clue('cloudflared.edge-reg', T0, { connection: '0' })], ...outages),
});
/** The web server's stop and start, and its requests. */
const journal = (fromMs: number, toMs: number): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-error',
  records: [clue('nginx.sig-stop', fromMs), clue('nginx.start', toMs)],
});
const access = (isAway: boolean): LogSketch => ({
  hop: 'proxy',
  format: 'nginx-access',
  records: steady(T0, END, SECOND / 4, (ms) => ms)
    .filter((ms) => !isAway || ms < DOWN || ms >= UP)
    .map((ms) => row('proxy', ms)),
});

const part = (streams: readonly TimedStream[]) => partDisplaced({ placed: streams, adrift: [] }, findBursts(streams));
const adriftOf = (...logs: readonly LogSketch[]): string[] =>
  part(timedOf(logs)).adrift.map(({ stream }) => stream.hop);
/** Logs that are read elsewhere than they say, and how far ahead their clocks are taken to be. */
const movedOf = (...logs: readonly LogSketch[]): [hop: string, seconds: number][] =>
  part(timedOf(logs)).placed.flatMap(({ stream, clock }) =>
    clock.moved === undefined ? [] : [[stream.hop, clock.zoneOffsetMinutes * 60 + clock.skewSeconds]],
  );

describe('an outage that a log tells of at another time than the edge', () => {
  it('tells the place of that log, wherever up to five minutes of clock error put it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), fc.boolean(), (size, isBehind) => {
        const by = (isBehind ? -size : size) * SECOND;
        const { placed, adrift } = part(timedOf([edge, tunnel(lost(DOWN + by, UP + by))]));
        expect(adrift).toEqual([]);
        const [, moved] = placed;
        expect(Math.abs((moved?.clock.skewSeconds ?? 0) * SECOND - by)).toBeLessThanOrEqual(SECOND);
        const [regained] = moved?.clues.get('cloudflared.edge-reg')?.kept.slice(1) ?? [];
        expect(Math.abs((regained?.atMs ?? 0) - UP)).toBeLessThanOrEqual(SECOND);
        expect(moved?.clock.alternatives[0]).toMatchObject({ zoneOffsetMinutes: 0, skewSeconds: 0 });
      }),
    );
  });

  it('is said, with what can be done', () => {
    const logs = [edge, tunnel(lost(DOWN + 2 * MINUTE, UP + 2 * MINUTE))];
    const { placed, adrift } = part(timedOf(logs));
    expect(adriftWarnings(digestOf(logs), adrift)).toEqual([]);
    expect(movedWarnings(digestOf(logs), placed)).toEqual([
      expect.stringMatching(
        /^\/tunnel-1\.log: its clock is probably 2 min ahead, .* Check the clock of its machine\.$/,
      ),
    ]);
  });

  it('sets that log adrift where any zone might put it there, and no request log was silent', () => {
    const stopped = journal(DOWN + 2 * MINUTE, UP + 2 * MINUTE);
    const zoneless: LogSketch = {
      ...stopped,
      records: stopped.records.map((record) => ({ ...record, stamp: { ...record.stamp, kind: 'local' } as Stamp })),
    };
    expect(adriftOf(edge, zoneless)).toEqual(['proxy']);
    expect(adriftOf(edge, zoneless, access(true))).toEqual([]);
  });

  it('is the same one where the clocks agree, give or take what stamps and visitors explain', () => {
    for (const by of [-4, 0, 4]) expect(adriftOf(edge, tunnel(lost(DOWN + by * SECOND, UP + by * SECOND)))).toEqual([]);
  });

  it('is another one where the log tells of the burst, too', () => {
    expect(adriftOf(edge, tunnel(lost(DOWN, UP), lost(DOWN + 2 * MINUTE, UP + 2 * MINUTE)))).toEqual([]);
  });

  it('is another one where it lasts longer or shorter, or no wrong clock puts it there', () => {
    expect(adriftOf(edge, tunnel(lost(DOWN + 2 * MINUTE, UP + 3 * MINUTE)))).toEqual([]);
    expect(adriftOf(edge, tunnel(lost(DOWN + 2 * MINUTE, UP + 2 * MINUTE - 15 * SECOND)))).toEqual([]);
    expect(adriftOf(edge, tunnel(lost(DOWN + 7 * MINUTE, UP + 7 * MINUTE)))).toEqual([]);
  });

  it('is another one where the clock of its log is known by its own lines', () => {
    const streams = timedOf([edge, tunnel(lost(DOWN + 2 * MINUTE, UP + 2 * MINUTE))]);
    const tied = streams.map((timed): TimedStream => ({ ...timed, clock: { ...timed.clock, tied: true } }));
    expect(part(tied).adrift).toEqual([]);
  });

  it('is the web server’s only where that answered nothing in the burst', () => {
    const stopped = journal(DOWN + 2 * MINUTE, UP + 2 * MINUTE);
    expect(movedOf(edge, stopped, access(true))).toEqual([['proxy', 2 * 60]]);
    expect(movedOf(edge, stopped, access(false))).toEqual([]);
    expect(adriftOf(edge, stopped, access(false))).toEqual([]);
  });

  it('is another one where its log has seen the burst and nobody was served at its own time: then it is set adrift', () => {
    const asleep = (from: number, to: number): LogSketch => ({
      ...vague,
      records: vague.records.filter(({ stamp }) => stamp.kind === 'none' || stamp.ms < from || stamp.ms > to),
    });
    const by = 3 * MINUTE;
    const log: LogSketch = {
      hop: 'tunnel',
      records: inOrder(
        [clue('cloudflared.edge-reg', T0, { connection: '0' }), clue('cloudflared.edge-reg', END, { connection: '0' })],
        lost(DOWN + by, UP + by),
      ),
    };
    expect(movedOf(vague, log)).toEqual([['tunnel', 3 * 60]]);
    expect(movedOf(asleep(DOWN + by, UP + by), log)).toEqual([]);
    expect(adriftOf(asleep(DOWN + by, UP + by), log)).toEqual(['tunnel']);
  });

  it('is that of what the web server asks where this answered for it', () => {
    const away = (by: number): LogSketch => ({
      hop: 'app',
      records: [clue('fpm.terminating', DOWN + by), clue('fpm.ready', UP + by)],
    });
    const answering = failing([DOWN, UP]);
    expect(movedOf(answering, away(0))).toEqual([]);
    expect(movedOf(answering, away(90 * SECOND))).toEqual([['app', 90]]);
    expect(movedOf(edge, away(90 * SECOND))).toEqual([]);
    const apart: LogSketch = {
      ...away(90 * SECOND),
      records: [clue('fpm.terminating', DOWN + 90 * SECOND), clue('fpm.ready', UP + 110 * SECOND)],
    };
    expect(movedOf(answering, apart)).toEqual([]);
  });

  it('may lie elsewhere where most of both is at one time: then it stays and that is said', () => {
    const [stayed] = part(timedOf([vague, tunnel(lost(DOWN + 12 * SECOND, UP + 12 * SECOND))])).placed.slice(1);
    expect(stayed?.clock).toMatchObject({
      skewSeconds: 0,
      uncertaintySeconds: 12,
      alternatives: [{ skewSeconds: 12 }],
    });
    expect(stayed?.clock.moved).toBeUndefined();
  });

  it('cannot be there where visitors are told to the last second that nobody is there, and others are served meanwhile', () => {
    for (const seconds of [-25, -12, 12, 25])
      expect(movedOf(edge, tunnel(lost(DOWN + seconds * SECOND, UP + seconds * SECOND)))).toEqual([
        ['tunnel', seconds],
      ]);
  });

  it('has its place in any zone where those who ask for the service find nobody for as long', () => {
    const away = (by: number): LogSketch => {
      const records = [clue('fpm.terminating', DOWN + by), clue('fpm.ready', UP + by)];
      return {
        hop: 'app',
        records: records.map((record) => ({ ...record, stamp: { ...record.stamp, kind: 'local' } as Stamp })),
      };
    };
    const asking = (signal: SignalId): LogSketch => ({
      hop: 'proxy',
      format: 'nginx-error',
      records: steady(DOWN, UP, SECOND / 4, (ms) => clue(signal, ms)),
    });
    const answering = failing([DOWN, UP]);
    fc.assert(
      fc.property(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -300, max: 300 }), (quarters, seconds) => {
        const by = quarters * 15 * MINUTE + seconds * SECOND;
        fc.pre(Math.abs(by) > 2 * MINUTE);
        const [[hop, place = 0] = ['none']] = movedOf(answering, asking('nginx.connect-unix-missing'), away(by));
        expect([hop, Math.abs(place - by / SECOND) <= 1]).toEqual(['app', true]);
      }),
      { numRuns: 30 },
    );
    const elsewhere = away(3 * 60 * MINUTE);
    expect(movedOf(answering, asking('nginx.timeout-header'), elsewhere)).toEqual([]);
    expect(adriftOf(answering, asking('nginx.timeout-header'), elsewhere)).toEqual(['app']);
  });

  it('is one of several: together they have one place, where all of them meet bursts that last as long', () => {
    const times = [DOWN, DOWN + 40 * SECOND, DOWN + 115 * SECOND];
    const crashing = (by: number): LogSketch => ({
      hop: 'app',
      records: times.flatMap((ms) => [clue('app.crash', ms + by), clue('app.start', ms + 9 * SECOND + by)]),
    });
    const bursts = failing(...times.map((ms) => [ms, ms + 9 * SECOND] as const));
    expect(movedOf(bursts, crashing(0))).toEqual([]);
    for (const seconds of [-290, -40, 19, 35, 115, 200])
      expect(movedOf(bursts, crashing(seconds * SECOND))).toEqual([['app', seconds]]);
  });

  it('is one of several that meet more bursts in more places than one: then its log is set adrift', () => {
    const times = [0, 1, 2, 3, 4].map((n) => DOWN + n * 40 * SECOND);
    const bursts = failing(...times.map((ms) => [ms, ms + 9 * SECOND] as const));
    const crashing = (by: number): LogSketch => ({
      hop: 'app',
      records: times.slice(0, 2).flatMap((ms) => [clue('app.crash', ms + by), clue('app.start', ms + 9 * SECOND + by)]),
    });
    expect(movedOf(bursts, crashing(40 * SECOND))).toEqual([]);
    expect(adriftOf(bursts, crashing(40 * SECOND))).toEqual([]);
    expect(movedOf(bursts, crashing(20 * SECOND))).toEqual([]);
    expect(adriftOf(bursts, crashing(20 * SECOND))).toEqual(['app']);
  });

  it('is the time in which a firewall dropped the packets of those that nobody answered', () => {
    const unreached: LogSketch = {
      ...edge,
      records: steady(T0, END, SECOND / 4, (ms) =>
        row(
          'edge',
          ms,
          ms >= DOWN + 15 * SECOND && ms < UP + 15 * SECOND
            ? { status: 522, originStatus: 0, signal: 'edge.522-connect', durationMs: 15 * SECOND }
            : { originStatus: 200 },
        ),
      ),
    };
    const dropped = (by: number): LogSketch => ({
      hop: 'host',
      records: steady(DOWN + by, UP + 14 * SECOND + by, SECOND, (ms) => clue('kernel.packet-dropped', ms)),
    });
    expect(movedOf(unreached, dropped(0))).toEqual([]);
    const [[, seconds = 0] = []] = movedOf(unreached, dropped(90 * SECOND));
    expect(Math.abs(seconds - 90)).toBeLessThanOrEqual(3);
    expect(movedOf(edge, dropped(200 * SECOND))).toEqual([]);
    // Most of both is at one time, but others were served while all is said to have been dropped.
    for (const by of [-25, -12, 12, 25]) {
      const [[, moved = 0] = []] = movedOf(unreached, dropped(by * SECOND));
      expect(Math.abs(moved - by)).toBeLessThanOrEqual(3);
    }
  });
});

/** The edge's log, in which the origin answers 502 for as long. */
const failing = (...bursts: readonly (readonly [fromMs: number, toMs: number])[]): LogSketch => ({
  hop: 'edge',
  records: steady(T0, END, SECOND / 4, (ms) => {
    const isFailed = bursts.some(([from, to]) => ms >= from && ms < to);
    return row('edge', ms, {
      originStatus: isFailed ? 502 : 200,
      ...(isFailed ? { status: 502, signal: 'edge.origin-answered-5xx' } : {}),
    });
  }),
});
const pool = (...times: readonly number[]): LogSketch => ({
  hop: 'app',
  records: times.map((ms) => clue('fpm.child-segv', ms)),
});

describe('trouble that a log tells of beside the burst', () => {
  const burst: LogSketch = failing([DOWN, UP]);

  it('sets that log adrift where a wrong clock explains all of it, and that is said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 70, max: 295 }), fc.boolean(), (size, isBehind) => {
        const by = (isBehind ? -size : size) * SECOND;
        const logs = [burst, pool(DOWN + 1 * SECOND + by, DOWN + 9 * SECOND + by)];
        const { adrift } = part(timedOf(logs));
        expect(adrift.map(({ stream }) => stream.hop)).toEqual(['app']);
        expect(adriftWarnings(digestOf(logs), adrift)).toEqual([
          expect.stringMatching(/^\/app-1\.log: its clock is probably wrong, .* all the trouble/),
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('is none where somebody stopped a service after the burst: that is what people do about it', () => {
    const stop = (ms: number): LogSketch => ({ hop: 'app', records: [clue('gunicorn.stop', ms)] });
    expect(part(timedOf([burst, stop(UP + 20 * SECOND)])).adrift).toEqual([]);
    expect(part(timedOf([burst, pool(UP + 20 * SECOND)])).adrift).toHaveLength(1);
  });

  it('has its place where it rises and falls with the failures, or with what another log of the inside tells', () => {
    const dying = [3, 4, 9, 11, 12, 13, 19, 24, 26, 30, 31].map((s) => DOWN + s * SECOND);
    const served: LogSketch = {
      ...burst,
      records: inOrder(
        steady(T0, END, SECOND / 4, (ms) => row('edge', ms, { originStatus: 200 })),
        dying.flatMap((ms) =>
          [0, 1, 2].map(() => row('edge', ms, { status: 502, originStatus: 502, signal: 'edge.origin-answered-5xx' })),
        ),
      ),
    };
    expect(movedOf(served, pool(...dying))).toEqual([]);
    expect(movedOf(served, pool(...dying.map((ms) => ms + 200 * SECOND)))).toEqual([['app', 200]]);
    const beside: LogSketch = {
      hop: 'host',
      records: dying.map((ms) => clue('kernel.segfault', ms)),
    };
    expect(movedOf(burst, beside, pool(...dying.map((ms) => ms + 200 * SECOND)))).toEqual([['app', 200]]);
  });

  it('of one moment lies upon some burst in one zone or another: that is told of, and its clock is not called wrong', () => {
    const local = (...times: readonly number[]): LogSketch => {
      const log = pool(...times);
      return {
        ...log,
        records: log.records.map((record) => ({ ...record, stamp: { ...record.stamp, kind: 'local' } as Stamp })),
      };
    };
    const by = 3 * 60 * MINUTE + 20 * SECOND;
    const [single] = part(timedOf([burst, local(DOWN + by)])).placed.filter(({ stream }) => stream.hop === 'app');
    expect(single?.clock).toMatchObject({ uncertaintySeconds: 0, alternatives: [{ zoneOffsetMinutes: 180 }] });
    const two = failing([DOWN, UP], [DOWN + 5 * MINUTE, DOWN + 6 * MINUTE]);
    expect(adriftOf(two, local(DOWN + by, DOWN + 5 * MINUTE + by))).toEqual(['app']);
    // Half of it is nothing to call a clock wrong for, and still is told.
    const [half] = part(timedOf([burst, local(DOWN + by, DOWN + by + 60 * MINUTE)])).placed.filter(
      ({ stream }) => stream.hop === 'app',
    );
    expect(half?.clock.alternatives).toHaveLength(1);
  });

  it('may have led to it within a minute', () => {
    for (const seconds of [-50, -20, 1]) expect(adriftOf(burst, pool(DOWN + seconds * SECOND))).toEqual([]);
  });

  it('is told to lie elsewhere where it might have begun the burst, and is used', () => {
    const alternatives = (...logs: readonly LogSketch[]) =>
      part(timedOf(logs)).placed.flatMap(({ clock }) => clock.alternatives.map(({ skewSeconds }) => skewSeconds));
    expect(alternatives(burst, pool(DOWN - 40 * SECOND))).toEqual([-40]);
    expect(alternatives(burst, pool(DOWN + 20 * SECOND))).toEqual([20]);
    expect(alternatives(burst, pool(DOWN + 1 * SECOND))).toEqual([]);
  });

  it('is other trouble where no one clock error explains most of it', () => {
    expect(adriftOf(burst, pool(T0 + MINUTE, T0 + 4 * MINUTE, DOWN + 2 * MINUTE, DOWN + 8 * MINUTE))).toEqual([]);
    expect(adriftOf(burst, pool(DOWN + 8 * MINUTE))).toEqual([]);
  });

  it('says nothing of the clock where most of the trouble has no time: containers keep errors without, and starts with one', () => {
    const { records, ...log } = pool(DOWN + 100 * SECOND);
    const undated = steady(0, 20, 1, () => clue('app.db-error', T0, { stamp: NO_STAMP }));
    expect(adriftOf(burst, { ...log, records })).toEqual(['app']);
    expect(adriftOf(burst, { ...log, records: [...undated, ...records] })).toEqual([]);
  });

  it('may have begun when nobody came', () => {
    const asleep: LogSketch = {
      ...burst,
      records: burst.records.filter(
        ({ stamp }) => stamp.kind !== 'none' && (stamp.ms >= DOWN || stamp.ms < DOWN - 4 * MINUTE),
      ),
    };
    expect(adriftOf(burst, pool(DOWN - 3 * MINUTE))).toEqual(['app']);
    expect(adriftOf(asleep, pool(DOWN - 3 * MINUTE))).toEqual([]);
  });

  it('belongs to the failures that the log itself counts', () => {
    const own: LogSketch = {
      hop: 'tunnel',
      records: inOrder(
        [clue('cloudflared.edge-reg', T0, { connection: '0' }), clue('cloudflared.proc-sigterm', DOWN + 3 * MINUTE)],
        steady(DOWN + 3 * MINUTE, DOWN + 4 * MINUTE, SECOND / 4, (ms) => clue('cloudflared.inner-refused', ms)),
      ),
    };
    const other: LogSketch = {
      hop: 'proxy',
      format: 'nginx-error',
      records: steady(DOWN, UP, SECOND / 4, (ms) => clue('nginx.connect-refused', ms)),
    };
    expect(adriftOf(own, other)).toEqual([]);
  });

  it('of several bursts need only miss their beginnings', () => {
    const starts = [DOWN, DOWN + 40 * SECOND, DOWN + 110 * SECOND];
    const bursts = failing(...starts.map((ms) => [ms, ms + 8 * SECOND] as const));
    expect(adriftOf(bursts, pool(...starts))).toEqual([]);
    expect(adriftOf(bursts, pool(...starts.map((ms) => ms + 18 * SECOND)))).toEqual(['app']);
  });
});

describe('a silence of the web server without an edge log', () => {
  const refused = (fromMs: number, toMs: number): LogSketch => ({
    hop: 'tunnel',
    records: inOrder(
      [clue('cloudflared.edge-reg', T0, { connection: '0' })],
      steady(fromMs, toMs, SECOND / 4, (ms) => clue('cloudflared.inner-refused', ms)),
      [clue('cloudflared.edge-reg', END, { connection: '0' })],
    ),
  });

  it('belongs to the refusals of the tunnel that last as long: these are read on the web server’s clock', () => {
    expect(movedOf(access(true), refused(DOWN, UP))).toEqual([]);
    expect(movedOf(access(true), refused(DOWN + 2 * SECOND, UP - SECOND))).toEqual([]);
    for (const seconds of [-200, -20, 5, 9, 60]) {
      const [[hop, place = 0] = ['none']] = movedOf(
        access(true),
        refused(DOWN + seconds * SECOND, UP + seconds * SECOND),
      );
      expect([hop, Math.abs(place - seconds) <= 1]).toEqual(['tunnel', true]);
    }
  });

  it('is the outage that lasts as long: nobody got through to it', () => {
    const outages = [
      (by: number): LogSketch => tunnel(lost(DOWN + by, UP + by)),
      (by: number): LogSketch => journal(DOWN + by, UP + by),
    ];
    for (const outage of outages) {
      expect(movedOf(access(true), outage(0))).toEqual([]);
      for (const seconds of [-200, -40, -20, 12, 60, 250]) {
        const [[, place = 0] = []] = movedOf(access(true), outage(seconds * SECOND));
        expect(Math.abs(place - seconds)).toBeLessThanOrEqual(2);
      }
      expect(movedOf(access(false), outage(MINUTE))).toEqual([]);
    }
    // Another outage than the one in which visitors were missed.
    expect(movedOf(access(true), tunnel(lost(DOWN + MINUTE, DOWN + MINUTE + 12 * SECOND)))).toEqual([]);
  });

  it('sets its log adrift where it is longer, so that its place is not told to some seconds', () => {
    const shorter = refused(DOWN + MINUTE + 5 * SECOND, UP + MINUTE - 4 * SECOND);
    expect(movedOf(access(true), shorter)).toEqual([]);
    expect(adriftOf(access(true), shorter)).toEqual(['proxy']);
  });

  it('is another one where it lasts longer or shorter, or there is none', () => {
    expect(adriftOf(access(true), refused(DOWN + MINUTE, UP + 2 * MINUTE))).toEqual([]);
    expect(adriftOf(access(true), refused(DOWN + MINUTE, DOWN + MINUTE + 10 * SECOND))).toEqual([]);
    expect(adriftOf(access(false), refused(DOWN + MINUTE, UP + MINUTE))).toEqual([]);
  });
});
