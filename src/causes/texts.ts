import type { Facts } from '../correlate/facts.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { FixStep, MissingEvidence, Text } from './cause.ts';
import {
  around,
  curlOriginCommand,
  hostInCommand,
  isPhpFpm,
  logpull,
  MOST,
  pastCloudflare,
  urlInCommand,
} from './commands.ts';
import { appLog } from './runtimes.ts';
import { upstreamOf } from './upstream.ts';
import { errorLog, ofWebServer, webServer } from './web-servers.ts';

/**
 * Text that several causes share: how numbers of the incident are worded, the usual checks and wrong fixes, the logs to ask for.
 */

/** Names that are written small at the beginning of a sentence, too. */
const SMALL_NAMES = /^(?:nginx|cloudflared|systemd|gunicorn|localhost|journald|php-fpm|mysqld|[a-z]+[_.($])/;

/** A clause as a sentence: with a capital, unless it begins with a name that is written small, and a full stop. */
export function asSentence(text: string): string {
  const capital = SMALL_NAMES.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return capital === '' || /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** "1,484" */
export function counted(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The status that most of the failed requests were answered with; “an error” where no row shows one. */
export function usualStatus({ statuses }: Facts): string {
  const [most] = [...statuses].sort(([, a], [, b]) => b - a);
  return most === undefined ? 'an error' : String(most[0]);
}

/** "1 request", "357 requests", "357 of 1,484 requests", "all 12 requests"; only "requests" where the number is not known. */
export function failedRequests({ failed, total }: Facts): string {
  if (failed === 0) return 'requests';
  if (total !== null && total > failed) return `${counted(failed)} of ${counted(total)} requests`;
  if (failed === 1) return '1 request';
  return total === failed ? `all ${counted(failed)} requests` : `${counted(failed)} requests`;
}

/** The same in brackets, "(357 requests on /checkout)", or nothing where the number is not known; begins with a space. */
export function failedInBrackets(facts: Facts): string {
  return facts.failed === 0 ? '' : ` (${failedRequests(facts)}${onPath(facts)})`;
}

/** The same at the beginning of a sentence. */
export function failedRequestsFirst(facts: Facts): string {
  const text = failedRequests(facts);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Seconds of a time in milliseconds: "30 s", "0.4 s". */
export function seconds(ms: number): string {
  const s = ms / 1000;
  return `${s >= 10 ? Math.round(s) : Math.round(s * 10) / 10} s`;
}

/** Address or socket of the backend that fails, or "the application". */
export function backend(facts: Facts): string {
  return upstreamOf(facts, 'proxy') ?? 'the application';
}

/** The same at the beginning of a sentence. */
export function backendFirst(facts: Facts): string {
  return upstreamOf(facts, 'proxy') ?? 'The application';
}

/** The same as a place where somebody listens. */
export function backendAddress(facts: Facts): string {
  return upstreamOf(facts, 'proxy') ?? 'the application’s address';
}

/** "on /checkout" where one path holds most failures, else nothing; begins with a space. */
export function onPath(facts: Facts): string {
  const path = facts.top('path');
  return path !== null && path.share >= MOST ? ` on ${path.value}` : '';
}

/** A warning where the failed requests are not those that curl sends; begins with a space. */
export function notAGet(facts: Facts): string {
  const method = facts.top('method');
  return method === null ||
    method.share < MOST ||
    /^(?:GET|HEAD)$/.test(method.value) ||
    !/^[A-Z]{3,10}$/.test(method.value)
    ? ''
    : ` The failing requests are ${method.value}, and this one is a GET: send what a real one sends, in a way that changes nothing.`;
}

/** A step that tells the web server's answer from Cloudflare's. */
export const ASK_ORIGIN_STEP: FixStep = {
  text: 'Ask the web server on its own host, past Cloudflare. The same error there proves that Cloudflare only passes it on.',
  command: curlOriginCommand,
  risk: 'None: it only reads. -k leaves the certificate unchecked, so it says nothing about TLS.',
};

export const VERIFY_PAST_CLOUDFLARE: Text = (facts) =>
  `On the origin, curl -skI ${pastCloudflare(facts)} answers; then the same page through Cloudflare.`;
export const VERIFY_ERROR_LOG_QUIET: Text = (facts) =>
  `tail -f ${errorLog(facts)} stays free of the line quoted as evidence for ten minutes of normal traffic.`;
/** The visitors' own way: through Cloudflare. */
export const VERIFY_THROUGH_CLOUDFLARE: Text = (facts) =>
  `curl -sI ${urlInCommand(`https://${hostInCommand(facts)}`, facts)} no longer answers an error.`;
export const VERIFY_EDGE_5XX = 'In Cloudflare’s HTTP logs the rows with OriginResponseStatus 5xx stop.';

function secondsOf(facts: Facts, signals: readonly SignalId[], name: string): number | null {
  for (const signal of signals) {
    const value = Number(facts.signals.get(signal)?.values[name] ?? Number.NaN);
    if (Number.isFinite(value) && value > 0) return value;
  }
  return null;
}

/** The limits that were met in this incident, outermost first: "nginx gave up after 60 s". */
function limitsMet(facts: Facts): string[] {
  const has = (...signals: SignalId[]): boolean => signals.some((signal) => facts.signals.has(signal));
  const timer = secondsOf(facts, ['derived.timer'], 'afterSeconds');
  const edge = secondsOf(facts, ['derived.edge-time-limit'], 'afterSeconds');
  const fpm = secondsOf(facts, ['fpm.exec-timeout'], 'slowSeconds');
  const php = secondsOf(facts, ['php.execution-time'], 'limitSeconds');
  return [
    ...(edge === null ? [] : [`Cloudflare gave up after ${edge} s`]),
    ...(timer !== null && edge === null && has('nginx.timeout-header', 'access.timeout-504')
      ? [`the web server gave up after ${timer} s`]
      : []),
    ...(fpm === null ? [] : [`PHP-FPM ended requests after ${Math.round(fpm)} s`]),
    ...(timer !== null && has('gunicorn.worker-timeout', 'uwsgi.harakiri', 'app.worker-timeout')
      ? [`the application server ended its workers after ${timer} s`]
      : []),
    ...(php === null ? [] : [`PHP’s max_execution_time was ${php} s`]),
  ];
}

/** The order that the time limits on one request should have, from outside to inside, and those met in this incident. */
export function timeoutLadder(facts: Facts): string {
  const php = isPhpFpm(facts);
  const own = php
    ? 'PHP-FPM’s request_terminate_timeout (off by default)'
    : 'the application’s own limit (gunicorn --timeout: 30 s)';
  const met = limitsMet(facts);
  return `Keep the time limits in order, each longer than the one inside it: Cloudflare (120 s by its documents of 2026, 100 s before; only Enterprise can raise it) > ${webServer(facts) === 'nginx' ? `nginx ${php ? 'fastcgi_read_timeout' : 'proxy_read_timeout'} (60 s by default)` : `${webServer(facts)}’s limit on a backend`} > ${own} > time-outs of its database and API calls. cloudflared sets no limit on an answer.${met.length === 0 ? '' : ` Here ${met.join(', and ')}.`}`;
}

export const AVOID_PURGE_CACHE =
  'Purging Cloudflare’s cache: it sends still more requests to the broken backend and takes away the pages that still work.';
export const AVOID_MANY_CHANGES =
  'Changing several things at once: one change, then look at the rate of errors. Else nobody knows what helped, or what made it worse.';
export const AVOID_PAUSE_CLOUDFLARE =
  'Pausing Cloudflare or switching the record to DNS only: the fault is behind Cloudflare and stays, and the origin’s address becomes public.';
export const AVOID_RAISE_TIMEOUTS =
  'Raising time-outs: requests then wait longer and hold their worker or connection longer, so the queue grows. Above about 100 s Cloudflare gives up first (524).';
/** Said where a tunnel stands before the origin. */
export const AVOID_RESTART_CLOUDFLARED: Text = (facts) =>
  facts.signals.size === 0 || [...facts.signals.keys()].some((id) => /^cloudflared\.|^derived\.tunnel/.test(id))
    ? 'Restarting cloudflared: what fails is the service behind it, and a restart cuts the tunnel as well.'
    : '';
export const AVOID_ONLY_RESTART =
  'Restarting and leaving it at that: the same state comes back, and the restart wipes out what could be looked at.';

/** The web server's error log around the burst. */
export const MISSING_NGINX_ERROR: MissingEvidence = {
  what: 'the web server’s error log of the minutes of the burst',
  why: 'the web server writes the reason of every 502 and 504 that it makes: refused, reset, timed out, too big',
  command: ofWebServer('fetchErrors'),
  unless: { hop: 'proxy' },
};

/** The web server's access log with the fields that tell who made a status. */
export const MISSING_NGINX_TIMES: MissingEvidence = {
  what: 'the web server’s access log with the backend’s address, status and times (nginx: $upstream_addr, $upstream_status, $upstream_header_time and $request_time)',
  why: 'without what the backend answered, its own 502 cannot be told from one that the web server made',
  command: ofWebServer('fetchAccess'),
  unless: { signals: ['access.answered-5xx', 'access.no-answer-502', 'access.timeout-504', 'access.no-live-502'] },
};

/** The application's own log. */
export const MISSING_APP_LOG: MissingEvidence = {
  what: 'the application’s own log of the same minutes',
  why: 'the web server sees that the application failed; only the application can say why',
  command: appLog,
  unless: { hop: 'app' },
};

/** The kernel's log: memory kills, crashes, connection tables. */
export const MISSING_KERNEL_LOG: MissingEvidence = {
  what: 'the origin’s kernel log',
  why: 'it shows processes killed for lack of memory, crashes and full connection tables',
  command: (facts) => `journalctl -k ${around(facts)} -o short-iso`,
  unless: { signals: ['kernel.oom-kill', 'kernel.segfault', 'kernel.conntrack-full', 'kernel.syn-flood'] },
};

/** systemd's lines about every service of the host. */
export const MISSING_JOURNAL: MissingEvidence = {
  what: 'the origin’s journal (starts, stops and failures of services)',
  why: 'it dates restarts, deployments and crashes to the second',
  command: (facts) => `journalctl _PID=1 ${around(facts)} -o short-iso`,
  unless: { signals: ['unit.started', 'unit.stopped', 'unit.stopping', 'unit.exited', 'unit.killed', 'unit.failed'] },
};

/** Cloudflare's own rows. */
export const MISSING_EDGE_LOG: MissingEvidence = {
  what: 'Cloudflare HTTP request log (Logpush) with EdgeResponseStatus, OriginResponseStatus, OriginIP, EdgeColoCode and RayID',
  why: 'OriginResponseStatus tells whether the origin answered the error itself',
  command: logpull,
  unless: { hop: 'edge' },
};
