import type { TimedStream } from '../clock/timeline.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { Service } from './outages.ts';

const NO_BACKEND: readonly SignalId[] = [
  'nginx.connect-refused',
  'nginx.connect-refused-sync',
  'nginx.connect-unix-missing',
  'nginx.connect-unix-refused',
  'apache.backend-refused',
  'apache.socket-missing',
  'proxy.backend-refused',
  'proxy.not-connected',
  'proxy.socket-missing',
];
const NO_SERVICE_OF_TUNNEL: readonly SignalId[] = [
  'cloudflared.inner-refused',
  'cloudflared.inner-refused-windows',
  'cloudflared.inner-refused-unix',
  'cloudflared.inner-unix-missing',
];

/** What those who ask a service say while nobody is there, at once and with each request. */
const NOBODY_THERE: Readonly<Record<Service, readonly SignalId[]>> = {
  tunnel: ['edge.530', 'edge.530-1033'],
  proxy: ['edge.521', ...NO_SERVICE_OF_TUNNEL],
  fpm: NO_BACKEND,
  app: [...NO_BACKEND, ...NO_SERVICE_OF_TUNNEL],
  db: ['php.db-refused', 'app.db-error'],
  host: [],
};
/** Fewer may have been sent to another one. */
const FEWEST = 5;

/** Whether some logs say of a service that nobody is there, from the begin of a time to its end, give or take `slackMs`. */
export function isMissedThroughout(
  service: Service,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  streams: readonly TimedStream[],
  slackMs: number,
): boolean {
  const [fromMs, toMs] = [startMs - slackMs, endMs + slackMs];
  const signals = new Set(NOBODY_THERE[service]);
  let [firstMs, lastMs, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const add = (ms: number, times: number): void => {
    firstMs = Math.min(firstMs, ms);
    lastMs = Math.max(lastMs, ms);
    count += times;
  };
  for (const timed of streams) {
    for (const signal of signals)
      timed.clues.get(signal)?.seconds.each((second, times) => add(second * 1000, times), fromMs, toMs);
    if (timed.stream.requestCount === 0) continue;
    const isMiss = timed.cells.kinds.map(({ signal }) => signal !== null && signals.has(signal));
    timed.cells.between(fromMs, toMs).each((atMs, times, kind) => {
      if (isMiss[kind]) add(atMs, times);
    });
  }
  return count >= FEWEST && firstMs <= startMs + slackMs && lastMs >= endMs - slackMs;
}
