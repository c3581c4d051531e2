import type { Facts } from '../correlate/facts.ts';
import type { FixStep, MissingEvidence, Text } from './cause.ts';
import { upstreamOf } from './upstream.ts';

/**
 * Text that several causes share: how numbers of the incident are worded, commands that fetch or check something,
 * the usual wrong fixes. Log text that goes into a command is let through only where it is a plain name: a report's
 * commands are copied into a shell.
 */

/** Units of the other hops. */
const NOT_THE_APP = /nginx|apache|httpd|caddy|haproxy|cloudflared|mysql|maria|postgres|redis|memcached/;
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/;
const PLAIN_PATH = /^\/[A-Za-z0-9_./-]{0,200}$/;
const PLAIN_ADDRESS = /^[A-Za-z0-9.:[\]-]{3,128}$/;

/** Names that are written small at the beginning of a sentence, too. */
const SMALL_NAMES = /^(?:nginx|cloudflared|systemd|gunicorn|localhost|journald|php-fpm|mysqld|[a-z]+[_.($])/;

/** A clause as a sentence: with a capital, unless it begins with a name that is written small, and a full stop. */
export function asSentence(text: string): string {
  const capital = SMALL_NAMES.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return capital === '' || /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

function utc(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15
    ? `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    : 'today';
}

/** `--since` and `--until` for journalctl: two minutes before the first failure to one after the last, in UTC. */
export function around(facts: Facts): string {
  return `--since "${utc(facts.startMs - 120_000)}" --until "${utc(facts.endMs + 60_000)}"`;
}

/** "1 request", "357 requests", "357 of 1484 requests" (as far as the total is known). */
export function failedRequests(facts: Facts): string {
  if (facts.failed === 0) return 'an unknown number of requests';
  const all = facts.total;
  if (all !== null && all > facts.failed) return `${facts.failed} of ${all} requests`;
  return facts.failed === 1 ? '1 request' : `${facts.failed} requests`;
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

/** "on /checkout" where one path holds most failures, else nothing; begins with a space. */
export function onPath(facts: Facts): string {
  const path = facts.top('path');
  return path !== null && path.share >= 0.6 ? ` on ${path.value}` : '';
}

/** The host of the failed requests, fit for a command. */
export function hostInCommand(facts: Facts): string {
  const host = facts.top('host')?.value.replace(/:\d{1,5}$/, '') ?? '';
  return PLAIN_NAME.test(host) ? host : 'www.example.com';
}

/** The path of the failed requests, fit for a command. */
export function pathInCommand(facts: Facts): string {
  const path = facts.top('path')?.value ?? '';
  return PLAIN_PATH.test(path) ? path : '/';
}

/** `host:port` of the backend, fit for a command; `fallback` where it is a socket or not known. */
export function addressInCommand(facts: Facts, fallback = '127.0.0.1:3000'): string {
  const value = upstreamOf(facts, 'proxy') ?? '';
  return PLAIN_ADDRESS.test(value) && /:\d{1,5}$/.test(value) ? value : fallback;
}

/** Port of the backend, fit for a command. */
export function portInCommand(facts: Facts, fallback = '3000'): string {
  return /:(\d{1,5})$/.exec(addressInCommand(facts, `:${fallback}`))?.[1] ?? fallback;
}

/** Path of the backend's unix socket, fit for a command. */
export function socketInCommand(facts: Facts, fallback = '/run/php/php8.2-fpm.sock'): string {
  const path = /^unix:([^:]+)/.exec(upstreamOf(facts, 'proxy') ?? '')?.[1] ?? '';
  return PLAIN_PATH.test(path) ? path : fallback;
}

/** Whether the failing backend is PHP-FPM, by its socket, its port or its own lines. */
export function isPhpFpm(facts: Facts): boolean {
  const upstream = upstreamOf(facts, 'proxy') ?? '';
  if (/php|fpm/.test(upstream) || upstream.endsWith(':9000')) return true;
  let ownLines = false;
  for (const [id, seen] of facts.signals) {
    const scheme = seen.values.scheme;
    if (scheme !== undefined) return scheme === 'fastcgi';
    ownLines ||= id.startsWith('fpm.');
  }
  return ownLines;
}

/** Name of PHP-FPM's systemd unit on Debian (`php8.2-fpm`), by the socket's name where that tells the version. */
export function phpFpmUnit(facts: Facts): string {
  const version = /php(\d\.\d)/.exec(upstreamOf(facts, 'proxy') ?? '')?.[1];
  return version === undefined ? 'php8.2-fpm' : `php${version}-fpm`;
}

/** Unit of the application: named by the journal, by PHP-FPM's socket, or the stand-in `your-app`. */
export function appUnit(facts: Facts): string {
  if (isPhpFpm(facts)) return phpFpmUnit(facts);
  for (const [id, seen] of facts.signals) {
    if (!id.startsWith('unit.') || (seen.values.role !== 'app' && seen.values.role !== undefined)) continue;
    const unit = seen.subjects.find((s) => PLAIN_NAME.test(s) && !NOT_THE_APP.test(s));
    if (unit !== undefined) return unit.replace(/\.service$/, '');
  }
  return 'your-app';
}

/** journalctl of one unit around the burst. */
export function journalOf(unit: string | ((facts: Facts) => string)): Text {
  return (facts) => `journalctl -u ${typeof unit === 'string' ? unit : unit(facts)} ${around(facts)} -o short-iso`;
}

/** Asks the web server on this host itself, past Cloudflare. Run it on the origin. */
export function curlOriginCommand(facts: Facts): string {
  const host = hostInCommand(facts);
  return `curl -sk -o /dev/null -w '%{http_code} %{time_total}s\\n' --resolve ${host}:443:127.0.0.1 https://${host}${pathInCommand(facts)}`;
}

/** Size and number of PHP-FPM's workers, and the memory there is. */
export const FPM_SIZE_COMMAND =
  'ps -o rss= -p "$(pgrep -d, -f \'php-fpm: pool\')" | awk \'{s+=$1; n++} END {if (n) print n " workers, " s/n/1024 " MB each"}\'; free -m';

/** A step that tells the web server's answer from Cloudflare's. */
export const ASK_ORIGIN_STEP: FixStep = {
  text: 'Ask the web server on its own host, past Cloudflare. The same error there proves that Cloudflare only passes it on.',
  command: curlOriginCommand,
  risk: 'None: it only reads. -k leaves the certificate unchecked, so it says nothing about TLS.',
};

export const VERIFY_PAST_CLOUDFLARE =
  'On the origin: curl -sk --resolve <host>:443:127.0.0.1 https://<host>/ answers 200, first there and then through Cloudflare.';
export const VERIFY_ERROR_LOG_QUIET =
  'tail -f /var/log/nginx/error.log stays free of the line quoted as evidence for ten minutes of normal traffic.';
export const VERIFY_EDGE_5XX = 'In Cloudflare’s HTTP logs the rows with OriginResponseStatus 5xx stop.';

/** The order that the time limits on one request should have, from outside to inside. */
export const TIMEOUT_LADDER =
  'Keep the limits in order, the outer one longer: Cloudflare (120 s by its documents of 2026, 100 s before; Enterprise can raise it) > nginx proxy_read_timeout or fastcgi_read_timeout (60 s by default) > the application’s own limit (request_terminate_timeout of PHP-FPM, --timeout of gunicorn) > its database and API time-outs.';

export const AVOID_PURGE_CACHE =
  'Purging Cloudflare’s cache: it sends still more requests to the broken backend and takes away the pages that still work.';
export const AVOID_PAUSE_CLOUDFLARE =
  'Pausing Cloudflare or switching the record to DNS only: the fault is behind Cloudflare and stays, and the origin’s address becomes public.';
export const AVOID_RAISE_TIMEOUTS =
  'Raising time-outs: requests then wait longer and hold their worker or connection longer, so the queue grows. Above about 100 s Cloudflare gives up first (524).';
export const AVOID_RESTART_CLOUDFLARED =
  'Restarting cloudflared: the tunnel is up; what fails is the service behind it.';
export const AVOID_ONLY_RESTART =
  'Restarting and leaving it at that: the same state comes back, and the restart wipes out what could be looked at.';

/** nginx's error log around the burst. */
export const MISSING_NGINX_ERROR: MissingEvidence = {
  what: 'nginx error log of the minutes of the burst',
  why: 'its line names the reason of every 502 and 504 that nginx makes: refused, reset, timed out, too big',
  command: 'sudo zcat -f /var/log/nginx/error.log.1 /var/log/nginx/error.log > nginx-error.log',
  unless: { hop: 'proxy' },
};

/** nginx's access log with the fields that tell who made a status. */
export const MISSING_NGINX_TIMES: MissingEvidence = {
  what: 'nginx access log with $upstream_addr, $upstream_status, $upstream_header_time and $request_time',
  why: 'without $upstream_header_time a 502 of the application cannot be told from one that nginx made',
  command: 'sudo zcat -f /var/log/nginx/access.log.1 /var/log/nginx/access.log > nginx-access.log',
  unless: { signals: ['access.answered-5xx', 'access.no-answer-502', 'access.timeout-504', 'access.no-live-502'] },
};

/** The application's own log. */
export const MISSING_APP_LOG: MissingEvidence = {
  what: 'the application’s own log of the same minutes',
  why: 'nginx sees that the application failed, only the application can say why',
  command: journalOf(appUnit),
  unless: { hop: 'app' },
};

/** The kernel's log: memory kills, crashes, connection tables. */
export const MISSING_KERNEL_LOG: MissingEvidence = {
  what: 'kernel log of the origin',
  why: 'it shows processes killed for lack of memory, crashes and full connection tables',
  command: (facts) => `journalctl -k ${around(facts)} -o short-iso`,
  unless: { signals: ['kernel.oom-kill', 'kernel.segfault', 'kernel.conntrack-full', 'kernel.syn-flood'] },
};

/** systemd's lines about every service of the host. */
export const MISSING_JOURNAL: MissingEvidence = {
  what: 'journal of the origin (starts, stops and failures of services)',
  why: 'it dates restarts, deployments and crashes to the second',
  command: (facts) => `journalctl _PID=1 ${around(facts)} -o short-iso`,
  unless: { signals: ['unit.started', 'unit.stopped', 'unit.stopping', 'unit.exited', 'unit.killed', 'unit.failed'] },
};

/** Cloudflare's own rows. */
export const MISSING_EDGE_LOG: MissingEvidence = {
  what: 'Cloudflare HTTP request log (Logpush) with EdgeResponseStatus, OriginResponseStatus, OriginIP, EdgeColoCode and RayID',
  why: 'OriginResponseStatus tells whether the origin answered the error itself',
  command: null,
  unless: { hop: 'edge' },
};
