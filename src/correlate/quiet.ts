import type { TimedStream } from '../clock/timeline.ts';
import { failureKind, MIN_FAILURES } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { webServerGap } from './derived/web-server-gap.ts';

/** Requests that a log must hold to say that nothing stands out. */
const ENOUGH_REQUESTS = 30;
/** Above this share of failures a log without a burst is no quiet log. */
const QUIET_SHARE = 0.05;
/** Logs with more entries than this, of which few tell of failures, are no pasted excerpt. */
const EXCERPT_ENTRIES = 60;
/** Part of the lines of a long log: with fewer bad ones than this nothing stands out in it. */
const BAD_SHARE = 0.2;

/**
 * Whether the logs would show gateway errors and show none that stand out: a request log with enough good answers, or a
 * long log of lines in which bad ones are the exception. A web server's own log has no line about requests that met a dead
 * worker or a closed port: where it tells of these and nothing outside it tells how they ended, it is not quiet.
 */
export function isQuiet(streams: readonly TimedStream[]): boolean {
  if (!streams.some(showsFailures)) return false;
  if (!seesWholeWay(streams) && (hasCrashed(streams) || webServerGap(streams) !== null)) return false;
  const unseen = seesWholeWay(streams) ? 0 : dropped(streams);
  if (unseen > 0 && droppedAtOnce(streams)) return false;
  if (isCaptureOfFailure(streams)) return false;
  const { requests, failed, lines, bad } = tallied(streams);
  if (requests + unseen >= ENOUGH_REQUESTS) return (failed + unseen) / (requests + unseen) < QUIET_SHARE;
  return requests + unseen + lines > EXCERPT_ENTRIES && bad < BAD_SHARE * lines && !failsAtOnce(streams);
}

/**
 * Whether the logs are long, would not show a failed request (an application's own, a database's, the host's) and hardly tell of
 * anything that costs requests: then they do not tell what happened, good or bad.
 */
export function isBlind(streams: readonly TimedStream[]): boolean {
  if (streams.some(showsFailures) || lost(streams) >= MIN_FAILURES) return false;
  const { requests, lines, bad } = tallied(streams);
  return requests + lines > EXCERPT_ENTRIES && bad < BAD_SHARE * lines && !failsAtOnce(streams);
}

/** Whether a request that the application did not answer would show in such a log. */
function showsFailures({ stream }: TimedStream): boolean {
  return stream.hop === 'proxy' || stream.hop === 'tunnel' || stream.hop === 'edge' || stream.hop === 'client';
}

/** What ends a process of the application or keeps it from starting: an orderly server says so of each, among much else. */
const LOST: readonly SignalId[] = [
  'app.crash',
  'app.out-of-memory',
  'app.worker-exit',
  'app.worker-timeout',
  'app.port-in-use',
  'gunicorn.worker-timeout',
  'gunicorn.worker-sigkill',
  'gunicorn.worker-crash',
  'gunicorn.boot-failed',
  'uwsgi.harakiri',
  'uwsgi.queue-full',
  'uwsgi.worker-crash',
  'uwsgi.respawns',
  'uwsgi.boot-failed',
  'kernel.oom-kill',
];

function lost(streams: readonly TimedStream[]): number {
  return streams.reduce(
    (sum, { clues }) => sum + LOST.reduce((n, signal) => n + (clues.get(signal)?.count ?? 0), 0),
    0,
  );
}

/** Requests and lines of the logs, and those of them that failed or tell of trouble. */
function tallied(streams: readonly TimedStream[]) {
  let [requests, failed, lines, bad] = [0, 0, 0, 0];
  for (const { cells, clues } of streams) {
    requests += cells.sum();
    failed += cells.sum(({ status, signal }) => {
      const kind = failureKind(status);
      return kind !== null && kind !== 'blocked' && (signal === null || SIGNALS[signal].role === 'request');
    });
    for (const [signal, { count }] of clues) {
      lines += count;
      const { role } = SIGNALS[signal];
      if (role === 'process' || (role === 'request' && !isRefusal(signal))) bad += count;
    }
  }
  return { requests, failed, lines, bad };
}

/** What an application says of a server that it needs. */
const SERVERS_AWAY: readonly SignalId[] = [
  'app.db-error',
  'app.db-too-many',
  'app.db-pool',
  'app.cache-error',
  'app.http-dependency',
];
/** So many within a minute are an outage, although an application that logs each step of each request has many calm lines beside. */
const FEWEST_AWAY = 5;
const AWAY_WITHIN_MS = 60_000;
/** They are this part of the entries of their time, or more. */
const AWAY_SHARE = 0.05;

/** Errors of its own are so many, and this part of the entries of their time, or more: many applications log one now and then. */
const FEWEST_ERRORS = 15;
const ERRORS_SHARE = 0.1;

const OUTAGES = [
  ...SERVERS_AWAY.map((signal) => ({ signal, fewest: FEWEST_AWAY, share: AWAY_SHARE })),
  { signal: 'app.error', fewest: FEWEST_ERRORS, share: ERRORS_SHARE },
] as const;

/**
 * Whether an application tells so often of one server that it needs, or of errors, and so close together, that its visitors met with
 * failures.
 */
function failsAtOnce(streams: readonly TimedStream[]): boolean {
  return streams.some(({ clues }) =>
    OUTAGES.some(({ signal, fewest, share }) => {
      const times = (clues.get(signal)?.kept ?? []).flatMap(({ atMs }) => (Number.isNaN(atMs) ? [] : [atMs]));
      times.sort((a, b) => a - b);
      const at = times.findIndex((ms, i) => (times[i + fewest - 1] ?? Infinity) - ms <= AWAY_WITHIN_MS);
      if (at === -1) return false;
      const fromMs = Math.floor((times[at] ?? 0) / 1000) * 1000;
      let [away, all] = [0, 0];
      for (const [other, { seconds }] of clues)
        seconds.each(
          (_, count) => {
            all += count;
            if (other === signal) away += count;
          },
          fromMs,
          fromMs + AWAY_WITHIN_MS,
        );
      return away >= fewest && away >= share * all;
    }),
  );
}

/** A browser's capture is made to show a failure: one in it is what it is about, however much else went well. */
function isCaptureOfFailure(streams: readonly TimedStream[]): boolean {
  return streams.some(
    ({ stream, failures }) =>
      stream.hop === 'client' &&
      failures.some(({ record }) => record.signal !== undefined && SIGNALS[record.signal].role === 'request'),
  );
}

const CRASHES: readonly SignalId[] = [
  'nginx.worker-signal',
  'nginx.worker-killed',
  'nginx.worker-fatal',
  'apache.child-crash',
  'proxy.child-crash',
];

/** Each such line is a visitor whose connection was dropped: no request log has a row of it. */
const DROPS: readonly SignalId[] = ['nginx.conn-limit-drop', 'nginx.proxy-protocol'];

function dropped(streams: readonly TimedStream[]): number {
  return streams.reduce(
    (sum, { clues }) => sum + DROPS.reduce((n, signal) => n + (clues.get(signal)?.count ?? 0), 0),
    0,
  );
}

/** Fewer visitors than this who were sent away without an answer are no outage. */
const FEWEST_DROPS = 10;
/** In an outage they are this part of all who came meanwhile, or more. */
const DROPPED_SHARE = 0.2;

/** Whether those who were dropped came so close together that a good part of that time's visitors were: hours of calm do not dilute it. */
function droppedAtOnce(streams: readonly TimedStream[]): boolean {
  const times = streams
    .flatMap(({ clues }) => DROPS.flatMap((signal) => clues.get(signal)?.kept ?? []))
    .flatMap(({ atMs }) => (Number.isNaN(atMs) ? [] : [atMs]));
  const drops = dropped(streams);
  if (times.length < FEWEST_DROPS) return false;
  const [firstMs, lastMs] = [Math.min(...times), Math.max(...times)];
  const served = streams.reduce((sum, { cells }) => sum + cells.between(firstMs, lastMs).sum(), 0);
  return drops / (drops + served) >= DROPPED_SHARE;
}

function hasCrashed(streams: readonly TimedStream[]): boolean {
  return streams.some(({ clues }) => CRASHES.some((signal) => clues.has(signal)));
}

/** Whether the logs include one in which errors of the edge and the tunnel would show, too: only these can say "nothing is wrong". */
export function seesWholeWay(streams: readonly TimedStream[]): boolean {
  return streams.some(({ stream }) => (stream.hop === 'edge' || stream.hop === 'client') && stream.requestCount > 0);
}

/** A 4xx answer of the web server: scanners meet it all day. A web application firewall's denial is told by its own line. */
function isRefusal(signal: SignalId): boolean {
  const { status } = SIGNALS[signal];
  return status !== undefined && status < 500 && !WAF_LINES.has(signal);
}

const WAF_LINES: ReadonlySet<SignalId> = new Set([
  'nginx.modsecurity-denied',
  'edge.waf-block',
  'edge.rate-limit',
  'har.waf-block',
  'har.rate-limit',
]);
const REFUSED_ROWS: ReadonlySet<SignalId> = new Set(['access.refused-403', 'edge.origin-refused-403']);

/** What people take for a failure in an application's log: it is none, whatever else that log would show. */
const LOOKS_BAD: ReadonlySet<SignalId> = new Set(['app.client-handshake']);

/** Ended before the service answered, by a visitor or, after its longest wait, by Cloudflare: only the edge's log tells which. */
const UNANSWERED: SignalId = 'cloudflared.ended-abruptly';

/** Whether some line of a log that would show gateway errors looked bad, and all that looked bad is known to be harmless. */
export function hasOnlyNoise(streams: readonly TimedStream[]): boolean {
  let noise = false;
  for (const timed of streams) {
    const { clues, failures } = timed;
    const wouldShow = showsFailures(timed);
    for (const signal of clues.keys()) {
      const { role, unknown } = SIGNALS[signal];
      if (role === 'process' || (role === 'request' && !isRefusal(signal))) return false;
      if (signal === UNANSWERED && !seesWholeWay(streams)) return false;
      if (LOOKS_BAD.has(signal)) noise = true;
      if (wouldShow && (role === 'noise' || role === 'request') && !unknown) noise = true;
    }
    for (const { record } of failures) {
      if (record.signal === undefined) continue;
      if (SIGNALS[record.signal].role === 'request' && !REFUSED_ROWS.has(record.signal) && !isRefusal(record.signal))
        return false;
      noise = true;
    }
  }
  return noise;
}
