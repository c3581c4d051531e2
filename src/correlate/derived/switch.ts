import type { TimedRequest } from '../../clock/timeline.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import { rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { writtenWithin } from '../row-times.ts';
import { pattern, quoted, type Scene } from '../scene.ts';

/** Whether the web server says how these requests failed: Apache, HAProxy and Envoy answer 503 for a backend that is away. */
function isExplained(known: ReadonlyMap<string, SignalFact>): boolean {
  return [...known.values()].some(({ signal, strength }) => {
    const { hop, role, status } = SIGNALS[signal];
    const isLine = /^(?:nginx|apache|proxy)\./.test(signal);
    return isLine && hop === 'proxy' && role === 'request' && (status ?? 503) >= 500 && strength >= 0.5;
  });
}

/** Files, and what a switch lets through: checks, the page of who may log in. */
const PASSES_SWITCH = /\.\w{2,5}$|\b(?:health|ping|status|live|ready|metrics|admin|login|maintenance|cron|webhook)/i;
const PAGES_SERVED = { fewest: 5, share: 0.1 } as const;

/** Whether pages were answered with 200 in the midst of the failures. */
export function arePagesServed(scene: Scene, fine: readonly TimedRequest[], failed: number): boolean {
  const pages = writtenWithin(fine, scene.firstRequestMs + 1000, scene.endMs - 1000).filter(
    ({ record: { status, path } }) => status === 200 && path !== undefined && !PASSES_SWITCH.test(path),
  );
  return pages.length >= Math.max(PAGES_SERVED.fewest, PAGES_SERVED.share * failed);
}

/** Formats of servers that answer 503 themselves where their backend is away or marked down; nginx answers 502. */
const ANSWERS_503: ReadonlySet<string> = new Set([
  'apache-error',
  'caddy',
  'caddy-access',
  'haproxy',
  'lighttpd',
  'squid',
  'traefik',
  'traefik-access',
  'varnish',
  'varnish-requests',
]);
/** A whole URL in a request line: varnishncsa puts it together so. */
const WHOLE_URL = /"[A-Z]{3,10} https?:\/\//;

/** Whether a 503 of the server that wrote these rows may come of its backend as well as of a switch. */
function mayBeBackends(scene: Scene, failed: readonly TimedRequest[]): boolean {
  const isOne = scene.streams.some(({ stream: { hop, format } }) => hop === 'proxy' && ANSWERS_503.has(format));
  return isOne || failed.every(({ record }) => WHOLE_URL.test(record.text));
}

/** How surely the same small 503 for all pages is a switch. */
function strengthOf(scene: Scene, known: ReadonlyMap<string, SignalFact>, failed: readonly TimedRequest[]): number {
  if (known.has('access.own-503')) return 1;
  return mayBeBackends(scene, failed) ? 0.3 : 0.5;
}

/**
 * Every dynamic request gets the same small 503 at once, without an upstream and without a limit's line: a switch. Where no row says that
 * nobody was asked, a server that answers 503 for its dead backend (Apache, HAProxy, an ingress) looks the same.
 */
export function uniform503(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const { failed, fine } = rowsOf(scene);
  if (failed.length < 5 || failed.some(({ record }) => record.status !== 503)) return [];
  if (scene.madeBy === 'edge' || scene.madeBy === 'worker') return [];
  if (known.has('nginx.shm-node') || known.has('nginx.no-endpoint') || isExplained(known)) return [];
  // Where neither size nor duration is told, nothing says that the answers were small and quick; where other pages are served, none is off.
  if (failed.every(({ record }) => record.bytes === undefined && record.durationMs === undefined)) return [];
  if (arePagesServed(scene, fine, failed.length)) return [];
  const durations = failed.map(({ record }) => record.durationMs ?? 0).sort((a, b) => a - b);
  const sizes = new Set(failed.map(({ record }) => record.bytes));
  const quick = (durations[Math.floor(durations.length * 0.9)] ?? 0) < 300;
  const strength = strengthOf(scene, known, failed);
  return quick && sizes.size <= Math.max(3, failed.length * 0.05)
    ? [pattern('derived.uniform-503', { count: failed.length, lines: quoted(failed), strength })]
    : [];
}
