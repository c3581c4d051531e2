import type { RequestRecord } from '../../vocabulary/records.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import { rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { pathTemplate } from '../path-template.ts';
import { cluesDuring, cluesOf, during, pattern, quoted, type Scene } from '../scene.ts';
import { deriveAppProcesses } from './app-processes.ts';
import { fastcgiBackend, otherBackend, seldomPhp } from './backend-kind.ts';
import { ownConnection } from './own-connection.ts';
import { arePagesServed, uniform503 } from './switch.ts';

const MOST = 0.6;
const NEARLY_ALL = 0.9;

/** What the application's lines add up to: a pool without free workers, workers that wait, one plugin, ::1, a switch. */
export function deriveApplication(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const silent = dependencySilent(scene, known);
  const other = otherBackend(scene, known);
  return [
    ...(seldomPhp(scene, known) ? [] : pool(known, other)),
    ...other,
    ...fastcgiBackend(known),
    ...saysWhy(known),
    ...(silent.length > 0 ? silent : poolFull(known)),
    ...poolOfNothing(known),
    ...errorsOfRequests(scene, known),
    ...diesWithout(known),
    ...waiting(scene),
    ...dependencyEach(scene, known),
    ...plugin(scene),
    ...deriveAppProcesses(scene, known),
    ...ipv6(scene),
    ...uniform503(scene, known),
    ...retryAfter(scene),
    ...tooMany(scene),
    ...tooLate(scene, known),
    ...addressChanged(scene),
    ...ownConnection(scene),
    ...workedBefore(scene),
  ];
}

const POOL_LINES = ['fpm.max-children', 'fpm.listen-queue', 'fpm.max-children-ondemand'] as const;
const WAITING_LINES = ['nginx.timeout-header', 'nginx.connect-unix-backlog', 'access.timeout-504'] as const;

/** What PHP and applications say of a server that they need and that does not answer. */
const UNANSWERED_LINES = [
  'php.db-refused',
  'php.db-dns',
  'php.db-gone',
  'php.db-greeting',
  'php.redis',
  'php.http-dep',
  'php.http-dep-fatal',
  'app.db-error',
  'app.cache-error',
  'app.http-dependency',
] as const;
/** As many such lines for the failed requests say what the workers waited for. */
const NAMED = 0.2;

/** Many of the requests that came to an end tell that a server did not answer: what used the workers up is waiting for that. */
function dependencySilent({ failed }: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const lines = UNANSWERED_LINES.reduce((sum, signal) => sum + (known.get(signal)?.count ?? 0), 0);
  return lines > 0 && lines >= NAMED * failed ? [pattern('derived.dependency-silent')] : [];
}

/** An application logs an error for as many of the failed requests, or more: these are their errors. */
const LOGGED = 0.6;
/** Without any time they may be those of other days: but hardly one, two or three of each failed request. */
const MOST_UNDATED = 3.4;
const UNDATED_STRENGTH = 0.8;
/** Where the times do not part them, fewer lines about a server are enough to doubt that the errors are the application's own. */
const NAMED_AT_ALL = 0.1;

const SERVER_LINES = [...UNANSWERED_LINES, 'app.db-pool', 'app.db-too-many'] as const;

/** As many errors of the application as answers of 500, and no server that it names: it says itself what became of each of them. */
function errorsOfRequests({ failed, failures }: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const errors = known.get('app.error');
  if (errors === undefined || errors.count < LOGGED * failed || failed < FEWEST_LOGGED) return [];
  const isUndated = errors.firstMs === null;
  if (isUndated && errors.count > MOST_UNDATED * failed) return [];
  const named = SERVER_LINES.reduce((sum, signal) => sum + (known.get(signal)?.count ?? 0), 0);
  if (named >= (isUndated ? NAMED_AT_ALL : NAMED) * failed) return [];
  const answers = closesOnError(known, errors) ? [500, 502] : [500];
  const own = failures.filter(({ row }) => answers.includes(row?.record.status ?? 0)).length;
  if (own < LOGGED * failures.length) return [];
  const { count, lines, firstMs, lastMs } = errors;
  const strength = isUndated ? UNDATED_STRENGTH : 1;
  return [pattern('derived.errors-of-requests', { strength, count, lines, firstMs, lastMs })];
}

/** uWSGI gives no answer where the application's callable raises before its headers: nginx makes a 502 of the connection that ends. */
function closesOnError(known: ReadonlyMap<string, SignalFact>, errors: SignalFact): boolean {
  return errors.subjects.includes('uwsgi') && (known.get('nginx.premature-header')?.share ?? 0) >= LOGGED;
}

/** Fewer may be chance. */
const FEWEST_LOGGED = 5;

const SERVICE_LINES = ['app.db-error', 'app.db-pool', 'app.db-too-many', 'app.cache-error'] as const;

/** All that an application says of a server that it needs are its last words: it ends without it, and each new start ends so, too. */
function diesWithout(known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const last = SERVICE_LINES.flatMap((signal) => known.get(signal) ?? []).filter(({ values }) => values.ends === 1);
  const [first] = last.sort((a, b) => b.count - a.count);
  if (first === undefined || first.count < 2) return [];
  const { strength, count, lines, firstMs, lastMs } = first;
  return [pattern('derived.dies-without-server', { strength, count, lines, firstMs, lastMs })];
}

/** So many failed connections for each request that waited for one say why the pool had none. */
const CONNECTIONS_FAILED = 0.1;

/** A pool of connections that ran dry while new connections failed: each holds its place until its time-out is over. */
function poolOfNothing(known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const waited = known.get('app.db-pool');
  const failed = known.get('app.db-error');
  if (waited === undefined || failed === undefined || failed.count < CONNECTIONS_FAILED * waited.count) return [];
  return [
    pattern('derived.pool-waits-for-database', {
      strength: Math.min(waited.strength, failed.strength),
      count: failed.count,
      lines: failed.lines.slice(0, 1),
      firstMs: failed.firstMs,
      lastMs: failed.lastMs,
    }),
  ];
}

/** What an application says once of each request that another service failed, and what would say more of why. */
const FAILED_BY_SERVICE = ['app.http-dependency', 'php.http-dep', 'php.http-dep-fatal'] as const;
const SAYS_MORE = [
  'app.db-error',
  'app.db-too-many',
  'app.cache-error',
  'app.out-of-memory',
  'app.too-many-files',
] as const;
/**
 * Fewer lines or failures may have met by chance. Retries and two lines for one request make more than one for each, a server that logs
 * the requests of another once more makes fewer.
 */
const EACH = { fewest: 5, least: 0.45, most: 4 } as const;

/**
 * Such lines in the time of the failures, or without any time, for nearly every one that failed; and hardly any else. Where no page
 * at all is answered any more, the application may do nothing but pass requests on, and the service be the site itself.
 */
function dependencyEach(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const facts = FAILED_BY_SERVICE.flatMap((signal) => known.get(signal) ?? []);
  const failed = Math.max(scene.failed, rowsOf(scene).failed.length);
  if (arePages(scene) && !arePagesServed(scene, rowsOf(scene).fine, failed)) return [];
  if (failed < EACH.fewest || SAYS_MORE.some((signal) => known.has(signal))) return [];
  const count = facts.reduce((sum, fact) => sum + fact.count, 0);
  const before = facts.reduce((sum, fact) => sum + fact.before, 0);
  if (count < EACH.least * failed || count > EACH.most * failed || before > count / 2) return [];
  const { lines = [], firstMs = null, lastMs = null } = facts[0] ?? {};
  return [pattern('derived.dependency-each', { count, lines: lines.slice(0, 1), firstMs, lastMs })];
}

/** Whether more pages than one failed. */
function arePages(scene: Scene): boolean {
  return (
    new Set(rowsOf(scene).failed.map(({ record: { path } }) => (path === undefined ? '' : pathTemplate(path)))).size > 1
  );
}

/** The pool's own line and the requests that wait: together they decide, unless only one page waits. */
function poolFull(known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const own = POOL_LINES.flatMap((signal) => known.get(signal) ?? []);
  const waiting = Math.max(...WAITING_LINES.map((signal) => known.get(signal)?.share ?? 0));
  if (own.length === 0 || waiting < 0.3 || known.has('derived.one-path')) return [];
  const { values, lines, firstMs, lastMs } = own[0] ?? {};
  return [
    pattern('derived.pool-full', {
      strength: Math.min(1, waiting / 0.5),
      ...(values && { values }),
      ...(lines && { lines }),
      firstMs: firstMs ?? null,
      lastMs: lastMs ?? null,
    }),
  ];
}

/**
 * Time-outs on cheap and expensive paths alike: requests wait for a worker (nginx section 5). An application of another
 * kind that answers nobody may as well hang as a whole.
 */
function pool(known: ReadonlyMap<string, SignalFact>, other: readonly SignalFact[]): SignalFact[] {
  if (other.length > 0) return [];
  const timeouts = Math.max(known.get('nginx.timeout-header')?.share ?? 0, known.get('access.timeout-504')?.share ?? 0);
  return timeouts >= 0.5 && known.has('derived.all-paths')
    ? [pattern('derived.pool-exhausted', { strength: timeouts })]
    : [];
}

/** Error lines of the web server, each about one request, that account for most of the failures. */
function saysWhy(known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const lines = [...known.values()].filter(
    ({ signal }) => /^(?:nginx|apache|proxy)\./.test(signal) && SIGNALS[signal].role === 'request',
  );
  const share = lines.reduce((sum, fact) => sum + fact.share, 0);
  return share >= 0.3 ? [pattern('derived.web-server-says-why', { strength: Math.min(1, share / 0.5) })] : [];
}

const WAITS = [
  ['http', 'derived.waits-for-dependency'],
  ['database', 'derived.waits-for-database'],
] as const;

/** Most of the stacks stand in a call to another server, or in a query. */
function waiting(scene: Scene): SignalFact[] {
  const traces = cluesDuring(scene, ['fpm.slow-trace']);
  return WAITS.flatMap(([waitsFor, signal]) => {
    const waits = traces.filter(({ record }) => record.values?.waitsFor === waitsFor);
    return waits.length > 0 && waits.length / traces.length >= MOST
      ? [pattern(signal, { count: waits.length, lines: quoted(waits), values: { waitsFor } })]
      : [];
  });
}

/** Most fatal errors name one plugin or theme. */
function plugin(scene: Scene): SignalFact[] {
  const fatal = cluesDuring(scene, [
    'php.fatal',
    'php.uncaught',
    'php.parse',
    'php.undef-fn',
    'php.require',
    'php.memory-limit',
    'php.execution-time',
  ]);
  const counts = new Map<string, number>();
  for (const { record } of fatal) {
    const name = record.values?.plugin;
    if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const best = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  if (!best || best[1] / fatal.length < MOST) return [];
  const lines = fatal.filter(({ record }) => record.values?.plugin === best[0]);
  return [
    pattern('derived.plugin', {
      count: best[1],
      lines: quoted(lines),
      values: { ...lines[0]?.record.values, plugin: best[0] },
    }),
  ];
}

const isIpv6Localhost = (address: string | undefined): boolean => address?.startsWith('[::1]') ?? false;

function ipv6(scene: Scene): SignalFact[] {
  const refused = cluesDuring(scene, [
    'nginx.connect-refused',
    'nginx.connect-refused-sync',
    'cloudflared.inner-refused',
    // Where IPv6 is off, as in most containers, the loopback has no ::1, and the kernel says EADDRNOTAVAIL of it.
    'nginx.connect-ports-exhausted',
    'proxy.ports-exhausted',
  ]);
  const six = refused.filter(({ record }) => isIpv6Localhost(record.upstream));
  return refused.length > 0 && six.length === refused.length
    ? [pattern('derived.ipv6-localhost', { count: six.length, lines: quoted(six) })]
    : [];
}

/** Nearly all refusals of the origin are 429, which says that there were too many requests (RFC 6585 section 4). */
function tooMany(scene: Scene): SignalFact[] {
  const { failed } = rowsOf(scene);
  if (scene.madeBy === 'edge' || scene.madeBy === 'worker') return [];
  const refused = failed.filter(({ record }) => record.status === 429);
  return refused.length > 0 && refused.length >= NEARLY_ALL * failed.length
    ? [pattern('derived.too-many-requests', { count: refused.length, lines: quoted(refused) })]
    : [];
}

/** Rows that say what the next hop did: with these the status is known to be its own, or the reason is told. */
const TELLING_ROWS = ['access.answered-5xx', 'access.timeout-504', 'edge.504-no-origin'] as const;

/** Nearly all failures of the origin are 504, which says that somebody there waited in vain (RFC 9110 section 15.6.5). */
function tooLate(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const { failed } = rowsOf(scene);
  if (scene.madeBy === 'edge' || scene.madeBy === 'worker' || TELLING_ROWS.some((signal) => known.has(signal)))
    return [];
  const late = failed.filter(({ record }) => record.status === 504);
  return late.length > 0 && late.length >= NEARLY_ALL * failed.length
    ? [pattern('derived.gateway-timeouts', { count: late.length, lines: quoted(late), strength: 0.8 })]
    : [];
}

/** The 503s that came from behind Cloudflare say when to come back, as a capture or curl shows: a switch's page does. */
function retryAfter(scene: Scene): SignalFact[] {
  const answers = scene.streams
    .filter(({ stream }) => stream.hop === 'client')
    .flatMap(({ failures }) => failures)
    .filter(({ record, atMs }) => record.status === 503 && during(scene, atMs) && !isOfEdge(record));
  const saying = answers.filter(({ record }) => record.retryAfter);
  return saying.length > 0 && saying.length >= NEARLY_ALL * answers.length
    ? [pattern('derived.retry-after', { count: saying.length, lines: quoted(saying) })]
    : [];
}

/** Cloudflare's own refusals carry the header, too (cloudflare-exports 3.2). */
function isOfEdge({ signal }: RequestRecord): boolean {
  const madeBy = signal === undefined ? undefined : SIGNALS[signal].madeBy;
  return madeBy === 'edge' || madeBy === 'worker';
}

/** The address that refuses is not the one that answered before or answers later. */
function addressChanged(scene: Scene): SignalFact[] {
  const refused = cluesDuring(scene, ['nginx.connect-refused', 'nginx.connect-no-route', 'nginx.timeout-connect']);
  if (refused.length === 0) return [];
  const bad = new Set(refused.map(({ record }) => record.upstream));
  const good = new Set(
    scene.streams
      .filter(({ stream }) => stream.hop === 'proxy')
      .flatMap(({ sample }) =>
        sample.flatMap(({ record }) => (record.status < 400 && record.upstream !== undefined ? [record.upstream] : [])),
      ),
  );
  const port = (address: string | undefined): string => /:(\d+)$/.exec(address ?? '')?.[1] ?? '';
  const moved =
    bad.size === 1 &&
    // The same host under its other address: see ipv6().
    !isIpv6Localhost([...bad][0]) &&
    good.size > 0 &&
    ![...bad].some((address) => address === undefined || good.has(address)) &&
    [...good].some((address) => port(address) !== '' && port(address) === port([...bad][0]));
  return moved
    ? [
        pattern('derived.address-changed', {
          lines: quoted(refused.slice(0, 2)),
          values: { upstream: [...bad][0] ?? '', answered: [...good][0] ?? '' },
        }),
      ]
    : [];
}

const BEFORE_MS = 600_000;

/** The backend that fails now answered in the minutes before, and nobody reloaded the web server since. */
function workedBefore(scene: Scene): SignalFact[] {
  const lines = cluesDuring(scene, [
    'nginx.tls-wrong-version',
    'nginx.tls-upstream-other',
    'nginx.connect-refused',
    'nginx.resolve-nx',
  ]);
  const bad = new Set(lines.flatMap(({ record }) => (record.upstream === undefined ? [] : [record.upstream])));
  if (scene.isExcerpt || bad.size === 0) return [];
  const changed =
    cluesOf(
      scene,
      ['nginx.sig-reload', 'nginx.start'],
      (ms) => ms <= scene.startMs && ms >= scene.startMs - BEFORE_MS,
    ).at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
  const good = scene.streams
    .filter(({ stream }) => stream.hop === 'proxy')
    .flatMap(({ sample }) =>
      sample.filter(
        ({ record, atMs }) =>
          record.status < 400 &&
          record.upstream !== undefined &&
          bad.has(record.upstream) &&
          atMs < scene.firstRequestMs &&
          atMs > Math.max(changed, scene.firstRequestMs - BEFORE_MS),
      ),
    );
  return good.length >= 3
    ? [pattern('derived.upstream-worked-before', { count: good.length, lines: quoted(good.slice(-2)) })]
    : [];
}
