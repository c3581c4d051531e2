import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundBurst } from '../../src/bursts/burst.ts';
import { findBursts } from '../../src/bursts/find.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, inOrder, type LogSketch, row, steady, T0, timedOf } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60_000;

const PATHS = ['/', '/shop', '/cart', '/blog/hello', '/account', '/search'];
const good =
  (hop: 'edge' | 'proxy', fields: Partial<RequestRecord> = {}) =>
  (atMs: number, i: number) =>
    row(hop, atMs, {
      path: PATHS[i % PATHS.length] ?? '/',
      client: `192.0.2.${i % 200}`,
      originStatus: 200,
      ...fields,
    });
const bad = (hop: 'edge' | 'proxy', status: number, fields: Partial<RequestRecord> = {}) =>
  good(hop, { status, ...fields });

/** What the edge writes for an answer of 502 that the origin gave. */
const FROM_ORIGIN = { signal: 'edge.origin-answered-5xx', originStatus: 502 } as const;
const NO_ORIGIN = { signal: 'edge.502-no-origin', originStatus: 0 } as const;

/** Ten minutes of an edge log at 12 requests/s in which these stretches (seconds) fail. */
function edgeWithOutages(...outages: readonly (readonly [from: number, to: number])[]): RequestRecord[] {
  const failing = (ms: number): boolean =>
    outages.some(([from, to]) => ms >= T0 + from * SECOND && ms < T0 + to * SECOND);
  return steady(T0, T0 + 10 * MINUTE, SECOND / 12, (ms, i) =>
    failing(ms) ? bad('edge', 502, FROM_ORIGIN)(ms, i) : good('edge')(ms, i),
  );
}

const find = (...logs: readonly LogSketch[]): FoundBurst[] => findBursts(timedOf(logs));
const seconds = (bursts: readonly FoundBurst[]): number[][] =>
  bursts.map(({ startMs, endMs }) => [Math.round((startMs - T0) / SECOND), Math.round((endMs - T0) / SECOND)]);

describe('an outage', () => {
  it('is one burst from its first to its last failed answer', () => {
    const found = find({ hop: 'edge', records: edgeWithOutages([200, 260]) });
    expect(seconds(found)).toEqual([[200, 260]]);
    expect(found[0]).toMatchObject({ kind: 'gateway', madeBy: 'origin', failed: 720, total: 720, estimated: false });
  });

  it('is found wherever it lies and however long it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 540 }), fc.integer({ min: 5, max: 300 }), (from, length) => {
        const to = Math.min(600, from + length);
        const records = edgeWithOutages([from, to]);
        const found = find({ hop: 'edge', records });
        expect(seconds(found)).toEqual([[from, to]]);
        expect(found[0]?.failed).toBe(records.filter(({ status }) => status === 502).length);
      }),
      { numRuns: 25 },
    );
  });

  it('longer than the log is a burst without any calm stretch', () => {
    const records = steady(T0, T0 + 5 * MINUTE, 250, bad('edge', 502, FROM_ORIGIN));
    const found = find({ hop: 'edge', records });
    expect(found).toHaveLength(1);
    expect(found[0]?.failed).toBe(records.length);
  });

  it('in which half of the requests fail, from the log’s first line to its last, is one burst', () => {
    const records = steady(T0, T0 + 5 * MINUTE, 250, (ms, i) =>
      i % 2 === 0 ? bad('edge', 502, FROM_ORIGIN)(ms, i) : good('edge')(ms, i),
    );
    expect(find({ hop: 'edge', records })).toHaveLength(1);
  });

  it('26 s after another at 12 requests/s is a second burst', () => {
    expect(seconds(find({ hop: 'edge', records: edgeWithOutages([200, 220], [246, 270]) }))).toEqual([
      [200, 220],
      [246, 270],
    ]);
  });

  it('in a log of error lines alone is counted by its lines, as a lower bound', () => {
    const records = steady(T0, T0 + 30 * SECOND, 500, (ms) => clue('nginx.connect-refused', ms, { path: '/shop' }));
    const [burst, ...others] = find({ hop: 'proxy', records });
    expect(others).toEqual([]);
    expect(burst).toMatchObject({ madeBy: 'origin', failed: 60, total: null });
    expect(burst?.witness.knowsTotals).toBe(false);
  });
});

describe('no burst', () => {
  it('is a steady low rate of errors', () => {
    const records = steady(T0, T0 + 20 * MINUTE, 100, (ms, i) =>
      i % 100 === 50 ? bad('edge', 502, FROM_ORIGIN)(ms, i) : good('edge')(ms, i),
    );
    expect(find({ hop: 'edge', records })).toEqual([]);
  });

  it('are single strays hours apart', () => {
    const records = inOrder(
      steady(T0, T0 + 180 * MINUTE, SECOND, good('edge')),
      steady(T0 + 7 * MINUTE, T0 + 180 * MINUTE, 40 * MINUTE, bad('edge', 502, FROM_ORIGIN)),
    );
    expect(find({ hop: 'edge', records })).toEqual([]);
  });

  it('are scanners that are refused on paths that never succeed', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 200, good('proxy')),
      steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 100, (ms, i) =>
        row('proxy', ms, { status: 403, path: `/wp-admin/${i}.php`, client: `203.0.113.${i % 50}` }),
      ),
    );
    expect(find({ hop: 'proxy', records })).toEqual([]);
  });

  it('is one visitor who is refused on a page that others get', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 200, good('proxy')),
      steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 100, (ms) =>
        row('proxy', ms, { status: 403, path: '/shop', client: '203.0.113.9' }),
      ),
    );
    expect(find({ hop: 'proxy', records })).toEqual([]);
  });

  it('are visitors who hang up', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 200, good('proxy')),
      steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 100, (ms) =>
        row('proxy', ms, { status: 499, path: '/shop', signal: 'access.client-abort' }),
      ),
    );
    expect(find({ hop: 'proxy', records })).toEqual([]);
  });

  it('are Early Hints rows and health checks, which no visitor sees', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 200, good('edge')),
      steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 100, (ms) => row('edge', ms, { status: 504, visitor: false })),
    );
    expect(find({ hop: 'edge', records })).toEqual([]);
  });

  it('are failures of the web server’s log that a covering edge log does not show', () => {
    const edge = steady(T0, T0 + 10 * MINUTE, 100, good('edge'));
    const proxy = inOrder(
      steady(T0, T0 + 10 * MINUTE, 100, good('proxy')),
      steady(
        T0 + 3 * MINUTE,
        T0 + 4 * MINUTE,
        100,
        bad('proxy', 502, { signal: 'access.no-answer-502', path: '/internal' }),
      ),
    );
    expect(find({ hop: 'edge', records: edge }, { hop: 'proxy', records: proxy })).toEqual([]);
    expect(find({ hop: 'proxy', records: proxy })).toHaveLength(1);
  });
});

describe('what an application never saw', () => {
  it('is a burst of the web server’s error log, however well the application’s own log looks', () => {
    const app = steady(T0, T0 + 10 * MINUTE, 500, (ms) => row('app', ms, { status: 200 }));
    const errors = steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 500, (ms) => clue('nginx.premature-header', ms));
    expect(find({ hop: 'app', records: app }, { hop: 'proxy', records: errors })).toMatchObject([{ failed: 120 }]);
  });
});

describe('refusals', () => {
  it('that hit many visitors on pages that are served at other times are a burst', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 200, good('edge')),
      steady(T0 + 3 * MINUTE, T0 + 4 * MINUTE, 100, bad('edge', 403, { signal: 'edge.waf-block' })),
    );
    expect(find({ hop: 'edge', records })).toMatchObject([{ kind: 'blocked', failed: 600 }]);
  });
});

describe('counts', () => {
  const outage = (i: number, ms: number): boolean => ms >= T0 + 3 * MINUTE && ms < T0 + 4 * MINUTE && i % 2 === 0;
  const edgeRows = (): RequestRecord[] =>
    steady(T0, T0 + 10 * MINUTE, 100, (ms, i) =>
      outage(i, ms) ? bad('edge', 502, FROM_ORIGIN)(ms, i) : good('edge')(ms, i),
    );
  const proxyRows = (): RequestRecord[] =>
    steady(T0, T0 + 10 * MINUTE, 100, (ms, i) =>
      outage(i, ms) ? bad('proxy', 502, { signal: 'access.no-answer-502' })(ms, i) : good('proxy')(ms, i),
    );

  it('of a complete edge log are the edge’s', () => {
    const found = find({ hop: 'edge', records: edgeRows() }, { hop: 'proxy', records: proxyRows() });
    expect(found).toMatchObject([{ failed: 300, estimated: false, witness: { hop: 'edge' } }]);
  });

  it('of a sampled edge log are taken from the access log that saw the same failures', () => {
    const sampled = edgeRows().filter((_, i) => (i * 7919) % 100 < 25);
    const found = find({ hop: 'edge', records: sampled }, { hop: 'proxy', records: proxyRows() });
    expect(found).toMatchObject([{ failed: 300, estimated: false, witness: { hop: 'proxy' }, madeBy: 'origin' }]);
  });

  it('of a sampled edge log are scaled up where the access log cannot have the failures', () => {
    const rows = edgeRows().map((record) => (record.status === 502 ? { ...record, ...NO_ORIGIN } : record));
    const reached = proxyRows().filter(({ status }) => status === 200);
    const sampled = rows.filter((_, i) => (i * 7919) % 100 < 25);
    const [burst] = find({ hop: 'edge', records: sampled }, { hop: 'proxy', records: reached });
    expect(burst).toMatchObject({ estimated: true, madeBy: 'edge', witness: { hop: 'edge' } });
    expect(burst?.sampleRate).toBeCloseTo(0.25, 1);
    expect(Math.abs((burst?.failed ?? 0) - 300)).toBeLessThan(60);
  });

  it('of an outage with more failures than are kept as records are exact', () => {
    const records = inOrder(
      steady(T0, T0 + MINUTE, 100, good('edge')),
      steady(T0 + MINUTE, T0 + 3 * MINUTE, 2, (ms, i) => bad('edge', 502, { ...FROM_ORIGIN, path: `/p/${i}` })(ms, i)),
      steady(T0 + 3 * MINUTE, T0 + 5 * MINUTE, 100, good('edge')),
    );
    const [burst, ...others] = find({ hop: 'edge', records });
    expect(others).toEqual([]);
    expect(burst?.total).toBe(60_000);
    expect(Math.abs((burst?.failed ?? 0) - 60_000)).toBeLessThan(1200);
    expect(burst?.estimated).toBe(true);
    expect(seconds(burst ? [burst] : [])).toEqual([[60, 180]]);
  });
});

describe('faults of several groups', () => {
  it('at once are told apart: an origin that fails on one path and a colo of the edge', () => {
    const records = inOrder(
      steady(T0, T0 + 10 * MINUTE, 50, (ms, i) => good('edge', { colo: i % 5 === 0 ? 'FRA' : 'LHR' })(ms, i)),
      steady(T0 + 4 * MINUTE, T0 + 6 * MINUTE, 500, (ms) =>
        row('edge', ms, { status: 502, path: '/checkout', colo: 'LHR', ...FROM_ORIGIN }),
      ),
      steady(T0 + 4.5 * MINUTE, T0 + 6.5 * MINUTE, 400, bad('edge', 502, { colo: 'FRA', ...NO_ORIGIN })),
    );
    const found = find({ hop: 'edge', records });
    expect(found.map(({ madeBy, failed }) => [madeBy, failed])).toEqual([
      ['origin', 240],
      ['edge', 300],
    ]);
  });

  it('one 520 at the start of many 521s belongs to them', () => {
    const records = inOrder(
      steady(T0, T0 + 3 * MINUTE, 100, good('edge')),
      [row('edge', T0 + 3 * MINUTE, { status: 520, signal: 'edge.520', originStatus: 0 })],
      steady(T0 + 3 * MINUTE + 500, T0 + 4 * MINUTE, 100, bad('edge', 521, { signal: 'edge.521', originStatus: 0 })),
      steady(T0 + 4 * MINUTE, T0 + 8 * MINUTE, 100, good('edge')),
    );
    const found = find({ hop: 'edge', records });
    expect(found).toHaveLength(1);
    expect(found[0]?.failed).toBe(596);
    expect(found[0]?.failures[0]?.status).toBe(520);
  });

  const answered = (fromMs: number, toMs: number) => steady(fromMs, toMs, 100, bad('edge', 502, FROM_ORIGIN));
  const refused = (fromMs: number, toMs: number) =>
    steady(fromMs, toMs, 100, bad('edge', 521, { signal: 'edge.521', originStatus: 0 }));
  const around = (...faults: ReturnType<typeof answered>[]) =>
    inOrder(
      steady(T0, T0 + 3 * MINUTE, 100, good('edge')),
      ...faults,
      steady(T0 + 4 * MINUTE, T0 + 8 * MINUTE, 100, good('edge')),
    );
  const from = T0 + 3 * MINUTE;

  it('are two where one comes when the other is over, and both went on for a while', () => {
    const records = around(answered(from, from + 20 * SECOND), refused(from + 20 * SECOND, T0 + 4 * MINUTE));
    expect(find({ hop: 'edge', records }).map(({ failed, failures }) => [failed, failures[0]?.status])).toEqual([
      [200, 502],
      [400, 521],
    ]);
  });

  it('are one where the first is only how the other began', () => {
    const records = around(answered(from, from + 2 * SECOND), refused(from + 2 * SECOND, T0 + 4 * MINUTE));
    expect(find({ hop: 'edge', records }).map(({ failed }) => failed)).toEqual([600]);
  });

  it('are one where both statuses come all the while', () => {
    const records = around(answered(from, T0 + 4 * MINUTE), refused(from, T0 + 4 * MINUTE));
    expect(find({ hop: 'edge', records }).map(({ failed }) => failed)).toEqual([1200]);
  });

  it('the 502 of the edge and the lines of the web server are one burst, counted once', () => {
    const edge = edgeWithOutages([200, 260]);
    const lines = steady(T0 + 200 * SECOND, T0 + 260 * SECOND, SECOND / 12, (ms) =>
      clue('nginx.connect-refused', ms, { path: '/shop' }),
    );
    const found = find({ hop: 'edge', records: edge }, { hop: 'proxy', records: lines });
    expect(found).toMatchObject([{ failed: 720, witness: { hop: 'edge' } }]);
  });
});

describe('hosts behind one server', () => {
  const TEN_MINUTES = T0 + 10 * MINUTE;
  const shop = edgeWithOutages([200, 260]).map((record) => ({ ...record, host: 'shop.example.com' }));
  const ofHost = (host: string, everyMs: number, fields: Partial<RequestRecord> = {}, from = T0, to = TEN_MINUTES) =>
    steady(from, to, everyMs, (ms, i) => bad('edge', 502, { host, ...FROM_ORIGIN, ...fields })(ms, i));

  it('are told apart where one fails all day and the other for a minute', () => {
    const records = inOrder(shop, ofHost('old.example.com', 4 * SECOND));
    const hosts = find({ hop: 'edge', records }).map(
      ({ failures }) => new Set(failures.map(({ row }) => row?.record.host)),
    );
    expect(hosts).toContainEqual(new Set(['shop.example.com']));
    expect(seconds(find({ hop: 'edge', records }))).toContainEqual([200, 260]);
  });

  it('are one burst where they fail together', () => {
    const blog = ofHost('blog.example.com', 500, {}, T0 + 200 * SECOND, T0 + 260 * SECOND);
    const found = find({ hop: 'edge', records: inOrder(shop, blog) });
    expect(seconds(found)).toEqual([[200, 260]]);
    expect(found[0]?.failed).toBe(720 + blog.length);
  });

  it('do not give their strays to the burst of another', () => {
    const stray = bad('edge', 502, { host: 'old.example.com', ...NO_ORIGIN })(T0 + 230 * SECOND, 0);
    const own = bad('edge', 502, { host: 'shop.example.com', ...NO_ORIGIN })(T0 + 231 * SECOND, 0);
    const found = find({ hop: 'edge', records: inOrder(shop, [stray, own]) });
    expect(found.map(({ failed }) => failed)).toEqual([721]);
  });
});
