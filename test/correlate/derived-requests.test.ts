import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, factsIn, inOrder, type LogSketch, row, steady, T0 } from './logs-of.ts';
import { END, edgeFails, lines, MINUTE, originFails, requests, SECOND, START, throughout } from './scenes-of.ts';

/** What the requests of one burst add up to: a scene that shows it and one that does not. */
interface Scenes {
  readonly signal: SignalId;
  readonly shownWhen: string;
  readonly shown: readonly LogSketch[];
  readonly notWhen: string;
  readonly not: readonly LogSketch[];
}

const colo = (bad: string): LogSketch =>
  edgeFails('edge.502-no-origin', 502, {
    good: (i) => ({ colo: ['FRA', 'LHR', 'CDG'][i % 3] ?? '' }),
    bad: { colo: bad },
    fails: (i) => i % 3 === 0,
  });
const everyColo = edgeFails('edge.502-no-origin', 502, {
  good: (i) => ({ colo: ['FRA', 'LHR', 'CDG'][i % 3] ?? '' }),
  bad: (i) => ({ colo: ['FRA', 'LHR', 'CDG'][i % 3] ?? '' }),
});

const HOUR = 60 * MINUTE;
const THEN = { startMs: START - MINUTE, endMs: END + HOUR };
/** A page that tells of an incident of these data centres (none: of a service). */
const incident = (values: Readonly<Record<string, string | number>>, subject = 'Elevated errors'): LogSketch =>
  lines('edge', [
    clue('status.incident', START, {
      stamp: { kind: 'none' },
      subject,
      values: { impact: 'minor', ...values },
    }),
  ]);

const onPath = (path: string, pages = 4): LogSketch =>
  originFails({
    good: (i) => ({ path: [path, '/', '/shop', '/cart'][i % pages] ?? '/' }),
    bad: { path },
    fails: (i) => i % pages === 0,
  });

/** Half of the requests fail, whose paths are these in turn; the others are for pages elsewhere. */
const onPaths = (failing: readonly string[]): LogSketch =>
  originFails({
    good: (i) => ({ path: [failing[i % failing.length], '/', '/shop/tea', '/cart'][i % 4] ?? '/' }),
    bad: (i) => ({ path: failing[i % failing.length] ?? '/' }),
    fails: (i) => i % 2 === 0,
  });

const methods = (bad: string): LogSketch =>
  originFails({
    good: (i) => ({ method: i % 4 === 0 ? bad : 'GET' }),
    bad: { method: bad },
    fails: (i) => i % 4 === 0,
  });

const withStatic = (staticFails: boolean): LogSketch =>
  originFails({
    good: (i) => ({ path: i % 3 === 0 ? '/app.css' : '/shop' }),
    bad: (i) => ({ path: i % 3 === 0 ? '/app.css' : '/shop' }),
    fails: (i) => staticFails || i % 3 !== 0,
  });

const backends = (otherAnswers: boolean): LogSketch =>
  requests('proxy', {
    good: (i) => ({ upstream: otherAnswers && i % 2 === 1 ? '192.0.2.2:3000' : '192.0.2.1:3000' }),
    bad: { upstream: '192.0.2.1:3000', signal: 'access.no-answer-502' },
    fails: (i) => i % 2 === 0,
  });

const took = (durationMs: (i: number) => number): LogSketch =>
  originFails({ bad: (i) => ({ durationMs: durationMs(i) }) });

/** The web server's access log beside an edge log: with the failing requests, without them, or silent in the burst. */
const sameInAccessLog = requests('proxy', { bad: { signal: 'access.no-answer-502' } });
const fineInAccessLog = requests('proxy', { bad: { status: 200 } });
const silentAccessLog = requests('proxy', { bad: null });
const halfFailing = edgeFails('edge.521', 521, { fails: (i) => i % 2 === 0 });

const worker = (childStatus: number): LogSketch => {
  const rays = (i: number): string => i.toString(16).padStart(16, '0');
  const parents = edgeFails('edge.worker-5xx', 500, { bad: (i) => ({ ray: rays(i) }) });
  const children = steady(
    START,
    END,
    200,
    (ms, i): RequestRecord =>
      row('edge', ms, {
        visitor: childStatus < 500,
        parentRay: rays(i + 3000),
        status: childStatus,
        path: '/api',
      }),
  );
  return { ...parents, records: inOrder(parents.records, children) };
};

const traffic = (perSecondBefore: number): LogSketch => {
  const { records, ...log } = originFails();
  const earlier = steady(T0 - 10 * MINUTE, T0, 200, (ms) => row('edge', ms));
  const rise = steady(START - MINUTE, START, SECOND / perSecondBefore, (ms) => row('edge', ms));
  return { ...log, records: inOrder(earlier, records, rise) };
};

/** With what is served beside it all the same, by the row’s number. */
const maintenance = (bytes: (i: number) => number, served: (i: number) => string | null = () => null): LogSketch =>
  requests('proxy', {
    good: (i) => ({ path: served(i) ?? '/' }),
    bad: (i) => ({ status: 503, signal: 'access.own-503', durationMs: 2, bytes: bytes(i) }),
    fails: (i) => served(i) === null,
  });

const refusals = (status: 403 | 429): LogSketch =>
  requests('proxy', { bad: (i) => ({ status, signal: 'access.refused-403', client: `192.0.2.${i % 99}` }) });

const TYPES = [
  { path: '/', contentType: 'text/html; charset=UTF-8' },
  { path: '/app.css', contentType: 'text/css' },
  { path: '/logo.png', contentType: 'image/png' },
] as const;
const byType = (fails: (i: number) => boolean): LogSketch =>
  originFails({
    good: (i) => TYPES[i % 3] ?? {},
    bad: (i) => ({ path: TYPES[i % 3]?.path ?? '/', contentType: 'text/html' }),
    fails: (i) => fails(i % 3),
  });

/** Eight of Cloudflare’s addresses in two data centres; those that `fails` names are refused. */
const fromEdgeServers = (fails: (i: number) => boolean): LogSketch => {
  const address = (i: number) => ({ edgeServer: `172.71.0.${i % 8}`, colo: i % 2 === 0 ? 'FRA' : 'AMS' });
  return edgeFails('edge.521', 521, { good: address, bad: address, fails });
};

const captured = (fields: Partial<RequestRecord>): LogSketch => ({
  hop: 'client',
  format: 'har',
  records: steady(START, END, 5 * SECOND, (ms) => row('client', ms, { status: 503, signal: 'har.app-5xx', ...fields })),
});

const SCENES: readonly Scenes[] = [
  {
    signal: 'derived.compressed-only',
    shownWhen: 'pages and style sheets fail, pictures do not',
    shown: [byType((type) => type < 2)],
    notWhen: 'pages fail and files do not',
    not: [byType((type) => type === 0)],
  },
  {
    signal: 'derived.compressed-only',
    shownWhen: 'pages and style sheets fail, pictures do not',
    shown: [byType((type) => type < 2)],
    notWhen: 'pictures fail, too',
    not: [byType(() => true)],
  },
  {
    signal: 'derived.some-edge-servers',
    shownWhen: 'two of eight addresses are refused and the others get through',
    shown: [fromEdgeServers((i) => i % 8 === 1 || i % 8 === 2)],
    notWhen: 'every address is refused half of the time',
    not: [fromEdgeServers((i) => (i * 7) % 11 < 5)],
  },
  {
    signal: 'derived.some-edge-servers',
    shownWhen: 'one address of a data centre is refused',
    shown: [fromEdgeServers((i) => i % 8 === 1)],
    notWhen: 'those refused are one data centre',
    not: [fromEdgeServers((i) => i % 2 === 1)],
  },
  {
    signal: 'derived.retry-after',
    shownWhen: 'a capture’s 503s carry the header',
    shown: [originFails({ bad: { status: 503 } }), captured({ retryAfter: true })],
    notWhen: 'they do not',
    not: [originFails({ bad: { status: 503 } }), captured({})],
  },
  {
    signal: 'derived.retry-after',
    shownWhen: 'a capture’s 503s carry the header',
    shown: [originFails({ bad: { status: 503 } }), captured({ retryAfter: true })],
    notWhen: 'Cloudflare made those answers itself',
    not: [originFails({ bad: { status: 503 } }), captured({ retryAfter: true, signal: 'har.blank-edge' })],
  },
  {
    signal: 'derived.one-colo',
    shownWhen: 'all failures are in one of three data centres',
    shown: [colo('FRA')],
    notWhen: 'all three fail',
    not: [everyColo],
  },
  {
    signal: 'derived.status-names-colo',
    shownWhen: 'an incident of the failing data centre was written up ten minutes after it began',
    shown: [colo('FRA'), incident({ colos: 'AMS,FRA', startMs: START + 10 * MINUTE, endMs: END + HOUR })],
    notWhen: 'the incident is of another data centre',
    not: [colo('FRA'), incident({ ...THEN, colos: 'AMS' })],
  },
  {
    signal: 'derived.status-names-colo',
    shownWhen: 'the incident is not over yet',
    shown: [colo('FRA'), incident({ colos: 'FRA', startMs: START })],
    notWhen: 'the incident was over an hour before',
    not: [colo('FRA'), incident({ colos: 'FRA', startMs: START - 2 * HOUR, endMs: START - HOUR })],
  },
  {
    signal: 'derived.status-names-colo',
    shownWhen: 'the edge made the errors',
    shown: [colo('FRA'), incident({ ...THEN, colos: 'FRA' })],
    notWhen: 'the origin answered them itself',
    not: [originFails({ good: { colo: 'FRA' }, bad: { colo: 'FRA' } }), incident({ ...THEN, colos: 'FRA' })],
  },
  {
    signal: 'derived.status-names-service',
    shownWhen: 'an incident of the network falls into the same time',
    shown: [everyColo, incident({ ...THEN, components: 'CDN/Cache' })],
    notWhen: 'it is about the dashboard',
    not: [everyColo, incident({ ...THEN, components: 'Dashboard' })],
  },
  {
    signal: 'derived.all-colos',
    shownWhen: 'three data centres fail alike',
    shown: [everyColo],
    notWhen: 'one of three fails',
    not: [colo('FRA')],
  },
  {
    signal: 'derived.one-path',
    shownWhen: 'one page of four fails',
    shown: [onPath('/checkout')],
    notWhen: 'that page is all the traffic there is',
    not: [onPath('/checkout', 1)],
  },
  {
    signal: 'derived.one-area',
    shownWhen: 'several pages below one part of the site fail',
    shown: [onPaths(['/api/items', '/api/stock', '/api/price', '/api/cart', '/api/user'])],
    notWhen: 'pages of several parts fail',
    not: [onPaths(['/api/items', '/blog/tea', '/account/orders'])],
  },
  {
    signal: 'derived.all-paths',
    shownWhen: 'every page fails',
    shown: [originFails()],
    notWhen: 'one page of four fails',
    not: [onPath('/checkout')],
  },
  {
    signal: 'derived.one-method',
    shownWhen: 'only POST fails',
    shown: [methods('POST')],
    notWhen: 'every request is a GET',
    not: [originFails()],
  },
  {
    signal: 'derived.only-options',
    shownWhen: 'only CORS preflights fail',
    shown: [methods('OPTIONS')],
    notWhen: 'only POST fails',
    not: [methods('POST')],
  },
  {
    signal: 'derived.static-ok',
    shownWhen: 'style sheets are served while pages fail',
    shown: [withStatic(false)],
    notWhen: 'style sheets fail, too',
    not: [withStatic(true)],
  },
  {
    signal: 'derived.intermittent',
    shownWhen: 'every third request to the same pages fails',
    shown: [originFails({ fails: (i) => (i * 7) % 3 === 0, good: { path: '/shop' }, bad: { path: '/shop' } })],
    notWhen: 'all fail',
    not: [originFails()],
  },
  {
    signal: 'derived.everything-fails',
    shownWhen: 'no page that fails also succeeds',
    shown: [originFails()],
    notWhen: 'every third request to the same pages fails',
    not: [originFails({ fails: (i) => (i * 7) % 3 === 0, good: { path: '/shop' }, bad: { path: '/shop' } })],
  },
  {
    signal: 'derived.one-upstream',
    shownWhen: 'one backend of two fails while the other answers',
    shown: [backends(true)],
    notWhen: 'there is only one backend',
    not: [backends(false)],
  },
  {
    signal: 'derived.timer',
    shownWhen: 'all failures take sixty seconds',
    shown: [took((i) => 60_000 + (i % 5))],
    notWhen: 'they take one to sixty seconds',
    not: [took((i) => 1000 + ((i * 7919) % 59_000))],
  },
  {
    signal: 'derived.instant',
    shownWhen: 'the failures take some milliseconds',
    shown: [took((i) => i % 20)],
    notWhen: 'they take seconds',
    not: [took(() => 3000)],
  },
  {
    signal: 'derived.edge-time-limit',
    shownWhen: 'the failures take 100 s',
    shown: [took((i) => 100_200 + (i % 9) * 50)],
    notWhen: 'they take 60 s',
    not: [took(() => 60_000)],
  },
  {
    signal: 'derived.reached-origin',
    shownWhen: 'the web server logged the same failures',
    shown: [originFails(), sameInAccessLog],
    notWhen: 'its access log has only good answers',
    not: [edgeFails('edge.521', 521), fineInAccessLog],
  },
  {
    signal: 'derived.not-in-origin-log',
    shownWhen: 'the access log has none of the failures',
    shown: [edgeFails('edge.521', 521), silentAccessLog],
    notWhen: 'the web server logged the same failures',
    not: [originFails(), sameInAccessLog],
  },
  {
    signal: 'derived.reached-origin',
    shownWhen: 'Cloudflare gave up waiting and the web server logged that its client left',
    shown: [edgeFails('edge.524', 524), requests('proxy', { bad: { status: 499, signal: 'access.client-abort' } })],
    notWhen: 'its access log is silent',
    not: [edgeFails('edge.524', 524), silentAccessLog],
  },
  {
    signal: 'derived.answered-at-origin',
    shownWhen: 'Cloudflare could not use the good answers that the web server logged',
    shown: [
      originFails({ bad: { originStatus: 200, signal: 'edge.refused-origin-answer' } }),
      requests('proxy', { bad: { status: 200 } }),
    ],
    notWhen: 'the web server logged the same failures',
    not: [originFails(), sameInAccessLog],
  },
  {
    signal: 'derived.origin-fine-meanwhile',
    shownWhen: 'the web server answers the other half well',
    shown: [halfFailing, requests('proxy', { bad: null, fails: (i) => i % 2 === 0 })],
    notWhen: 'it is silent',
    not: [edgeFails('edge.521', 521), silentAccessLog],
  },
  {
    signal: 'derived.access-log-stops',
    shownWhen: 'the web server writes no line in the burst',
    shown: [edgeFails('edge.521', 521), silentAccessLog],
    notWhen: 'it writes some',
    not: [halfFailing, requests('proxy', { bad: null, fails: (i) => i % 2 === 0 })],
  },
  {
    signal: 'derived.origin-log-silent',
    shownWhen: 'the web server’s error log covers the time and has no line',
    shown: [edgeFails('edge.521', 521), lines('proxy')],
    notWhen: 'it has a line for every failure',
    not: [originFails(), lines('proxy', throughout('nginx.connect-refused'))],
  },
  {
    signal: 'derived.worker-child-failed',
    shownWhen: 'the Worker’s own requests fail',
    shown: [worker(502)],
    notWhen: 'they succeed',
    not: [worker(200)],
  },
  {
    signal: 'derived.worker-children-fine',
    shownWhen: 'the Worker’s own requests succeed',
    shown: [worker(200)],
    notWhen: 'they fail',
    not: [worker(502)],
  },
  {
    signal: 'derived.traffic-spike',
    shownWhen: 'traffic rose fivefold in the minute before',
    shown: [traffic(25)],
    notWhen: 'it rose by a fifth',
    not: [traffic(1)],
  },
  {
    signal: 'derived.behind-tunnel',
    shownWhen: 'good answers carry no origin address',
    shown: [originFails()],
    notWhen: 'they carry one',
    not: [originFails({ good: { upstream: '203.0.113.5' } })],
  },
  {
    signal: 'derived.direct-origin',
    shownWhen: 'good answers carry the origin’s address',
    shown: [originFails({ good: { upstream: '203.0.113.5' } })],
    notWhen: 'they carry an address of the tunnel’s own network',
    not: [originFails({ good: { upstream: 'fd10:aec2:5dae::1' } })],
  },
  {
    signal: 'derived.uniform-503',
    shownWhen: 'every page is the same small 503 at once',
    shown: [maintenance(() => 512)],
    notWhen: 'the 503s are of all sizes',
    not: [maintenance((i) => 512 + (i % 97))],
  },
  {
    signal: 'derived.uniform-503',
    shownWhen: 'only files are served beside it',
    shown: [
      maintenance(
        () => 512,
        (i) => (i % 5 === 0 ? '/logo.svg' : null),
      ),
    ],
    notWhen: 'another page is served all the while',
    not: [
      maintenance(
        () => 512,
        (i) => (i % 5 === 0 ? '/shop' : null),
      ),
    ],
  },
  {
    signal: 'derived.dependency-each',
    shownWhen: 'the application says of each failed request that another service failed it',
    shown: [originFails({ fails: (i) => i % 2 === 0 }), lines('app', throughout('app.http-dependency'))],
    notWhen: 'no page at all is answered: it may do nothing but pass requests on',
    not: [originFails(), lines('app', throughout('app.http-dependency'))],
  },
  {
    signal: 'derived.dependency-each',
    shownWhen: 'it has two lines for each',
    shown: [
      originFails({ fails: (i) => i % 2 === 0 }),
      lines('app', throughout('app.http-dependency')),
      lines('app', throughout('app.http-dependency')),
    ],
    notWhen: 'it says so all day',
    not: [
      originFails({ fails: (i) => i % 2 === 0 }),
      lines(
        'app',
        steady(T0, END, SECOND / 4, (ms) => clue('app.http-dependency', ms)),
      ),
    ],
  },
  {
    signal: 'derived.too-many-requests',
    shownWhen: 'the origin refuses with 429',
    shown: [refusals(429)],
    notWhen: 'it refuses with 403',
    not: [refusals(403)],
  },
  {
    signal: 'derived.uniform-503',
    shownWhen: 'a harmless line stands beside them',
    shown: [maintenance(() => 512), lines('proxy', [clue('nginx.more-data', START)])],
    notWhen: 'Apache says for each that PHP-FPM’s socket is not there',
    not: [maintenance(() => 512), lines('proxy', throughout('apache.socket-missing'))],
  },
];

describe.each(SCENES)('$signal', ({ signal, shownWhen, shown, notWhen, not }) => {
  it(`is seen when ${shownWhen}`, () => {
    expect(factsIn(shown).signals.has(signal)).toBe(true);
  });

  it(`is not seen when ${notWhen}`, () => {
    expect(factsIn(not).signals.has(signal)).toBe(false);
  });
});

describe('the facts of a burst', () => {
  it('count its failures by status and name the most frequent value of a dimension', () => {
    const facts = factsIn([
      originFails({ bad: (i) => ({ status: i % 3 === 0 ? 504 : 502, host: 'www.example.com' }) }),
    ]);
    expect([...facts.statuses].sort()).toEqual([
      [502, 200],
      [504, 100],
    ]);
    expect(facts.failed).toBe(300);
    expect(facts.top('host')).toMatchObject({ value: 'www.example.com', failed: 300, share: 1 });
    expect(facts.top('upstream')).toBeNull();
  });

  it('set the share of the failures against the share of the traffic', () => {
    const top = factsIn([colo('FRA')]).top('colo');
    expect(top).toMatchObject({ value: 'FRA', share: 1 });
    expect(top?.trafficShare).toBeCloseTo(1 / 3, 1);
    expect(
      factsIn([lines('proxy', throughout('nginx.connect-refused', { host: 'a.example.com' }))]).top('host'),
    ).toMatchObject({
      value: 'a.example.com',
      trafficShare: null,
    });
  });

  it('say which hops’ logs cover it, and only those', () => {
    const short = { ...lines('tunnel'), records: [clue('cloudflared.proc-start', T0)] };
    const facts = factsIn([originFails(), lines('proxy'), short]);
    expect([...facts.covered].sort()).toEqual(['edge', 'proxy']);
  });

  it('give a line that accounts for few of the failures little weight, and one that accounts for all its full weight', () => {
    const few = throughout('nginx.resolve-nx').slice(0, 4);
    const facts = factsIn([originFails(), lines('proxy', throughout('nginx.connect-refused'), few)]);
    expect(facts.signals.get('nginx.connect-refused')).toMatchObject({ share: 1, strength: 1, count: 300 });
    expect(facts.signals.get('nginx.resolve-nx')?.strength ?? 0).toBeLessThan(0.2);
  });

  it('give a process’s line no weight that is as frequent without any failures', () => {
    const always = steady(T0, T0 + 20 * MINUTE, 5 * SECOND, (ms) => clue('fpm.max-children', ms));
    expect(factsIn([originFails(), lines('app', always)]).signals.get('fpm.max-children')?.strength).toBe(0);
    const once = [clue('fpm.max-children', START + SECOND)];
    expect(factsIn([originFails(), lines('app', once)]).signals.get('fpm.max-children')?.strength).toBe(1);
  });

  it('let what the application says weigh little where the requests never reached the web server', () => {
    const fatal = lines('app', throughout('php.fatal'));
    const strength = (edge: LogSketch): number => factsIn([edge, fatal]).signals.get('php.fatal')?.strength ?? 0;
    expect(strength(edgeFails('edge.521', 521))).toBeLessThan(0.2);
    expect(strength(originFails())).toBe(1);
  });
});
