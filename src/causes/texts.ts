import type { Facts } from '../correlate/facts.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { FixStep, MissingEvidence, Text } from './cause.ts';
import { upstreamOf } from './upstream.ts';

/**
 * Text that several causes share: how numbers of the incident are worded, commands that fetch or check something,
 * the usual wrong fixes. Log text that goes into a command is let through only where it is a plain name: a report's
 * commands are copied into a shell.
 */

/** A value that holds this part of the failed requests stands for them. */
const MOST = 0.6;

/** Units of the other hops. */
const NOT_THE_APP = /nginx|apache|httpd|caddy|haproxy|cloudflared|mysql|maria|postgres|redis|memcached/;
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/;
const PLAIN_PATH = /^\/[A-Za-z0-9_./-]{0,200}$/;
const IP_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]{2,39})$/i;
const PLAIN_ADDRESS = /^[A-Za-z0-9.:[\]-]{3,128}$/;

/** Names that are written small at the beginning of a sentence, too. */
const SMALL_NAMES = /^(?:nginx|cloudflared|systemd|gunicorn|localhost|journald|php-fpm|mysqld|[a-z]+[_.($])/;

/** A clause as a sentence: with a capital, unless it begins with a name that is written small, and a full stop. */
export function asSentence(text: string): string {
  const capital = SMALL_NAMES.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return capital === '' || /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * `--since` and `--until` for journalctl: two minutes before the first failure to one after the last, in UTC; the whole day
 * where the time is not known.
 */
export function around({ startMs, endMs }: Facts): string {
  const known = [startMs, endMs].every((ms) => Number.isFinite(ms) && Math.abs(ms) < 8.64e15);
  return known ? `--since "${utc(startMs - 120_000)}" --until "${utc(endMs + 60_000)}"` : '--since today';
}

/** "1,484" */
export function counted(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 request", "357 requests", "357 of 1,484 requests"; only "requests" where the number is not known. */
export function failedRequests({ failed, total }: Facts): string {
  if (failed === 0) return 'requests';
  if (total !== null && total > failed) return `${counted(failed)} of ${counted(total)} requests`;
  return failed === 1 ? '1 request' : `${counted(failed)} requests`;
}

/** The same at the beginning of a sentence. */
export function failedRequestsFirst(facts: Facts): string {
  return facts.failed === 0 ? 'Requests' : failedRequests(facts);
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
  return path !== null && path.share >= MOST ? ` on ${path.value}` : '';
}

/** The host of the failed requests, fit for a command. */
export function hostInCommand(facts: Facts): string {
  const host = facts.top('host')?.value.replace(/:\d{1,5}$/, '') ?? '';
  return PLAIN_NAME.test(host) ? host : 'www.example.com';
}

/** Paths without their varying parts, as facts have them: `*` stands for a part. */
const PATH_TEMPLATE = /^\/[A-Za-z0-9_.*/-]{0,200}$/;

/** The path of most failed requests, fit for a command within quotes; varying parts are the stand-in `<…>`. Else `/`. */
function pathOf(facts: Facts): string {
  const path = facts.top('path');
  return path !== null && path.share >= MOST && PATH_TEMPLATE.test(path.value)
    ? path.value.replaceAll('*', '<...>')
    : '/';
}

/** An address with the path of the failed requests, fit for a command: in quotes where parts of it have to be filled in. */
export function urlInCommand(base: string, facts: Facts): string {
  const url = base + pathOf(facts);
  return url.includes('<') ? `'${url}'` : url;
}

/** The path of the failed requests as a prefix for `location`: up to the first varying part. */
export function locationInConfig(facts: Facts, fallback: string): string {
  const prefix = pathOf(facts).split('<')[0] ?? '/';
  return prefix === '/' ? fallback : prefix;
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

/** `host:port` of the backend, fit for a command; `fallback` where it is a socket or not known. */
export function addressInCommand(facts: Facts, fallback = '127.0.0.1:3000'): string {
  const value = upstreamOf(facts, 'proxy') ?? '';
  return PLAIN_ADDRESS.test(value) && /:\d{1,5}$/.test(value) ? value : fallback;
}

/** The origin's address as Cloudflare's rows name it, fit for a command, or the stand-in `<origin address>`. */
export function originAddress(facts: Facts): string {
  const value = facts.top('upstream')?.value ?? '';
  return IP_ADDRESS.test(value) ? value : '<origin address>';
}

/** The Worker's script as its trace events name it, fit for a command, or the stand-in `<worker>`. */
export function workerInCommand(facts: Facts): string {
  for (const [id, { values }] of facts.signals) {
    const script = String(values.script ?? '');
    if (id.startsWith('worker.') && PLAIN_NAME.test(script)) return script;
  }
  return '<worker>';
}

/** Port of the backend, fit for a command. */
export function portInCommand(facts: Facts, fallback = '3000'): string {
  return /:(\d{1,5})$/.exec(addressInCommand(facts, `:${fallback}`))?.[1] ?? fallback;
}

/** Path of the backend's unix socket, fit for a command; Debian keeps a link of that name for every PHP version. */
export function socketInCommand(facts: Facts, fallback = '/run/php/php-fpm.sock'): string {
  const path = /^unix:([^:]+)/.exec(upstreamOf(facts, 'proxy') ?? '')?.[1] ?? '';
  return PLAIN_PATH.test(path) ? path : fallback;
}

/** The backend as `upstream { server … }` writes it: its address, or its socket with `unix:`. */
export function serverInConfig(facts: Facts): string {
  const upstream = upstreamOf(facts, 'proxy') ?? '';
  return upstream.startsWith('unix:') ? `unix:${socketInCommand(facts)}` : addressInCommand(facts);
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

const PHP_VERSION = /php-?(?:fpm-?)?(\d\.\d)/i;

/** PHP's version as Debian's names have it (`8.2`): by the failing socket, a unit, a process. Null where nothing tells it. */
export function phpVersion(facts: Facts): string | null {
  const named = [upstreamOf(facts, 'proxy') ?? '', ...[...facts.signals.values()].flatMap(({ subjects }) => subjects)];
  for (const name of named) {
    const version = PHP_VERSION.exec(name)?.[1];
    if (version !== undefined) return version;
  }
  return null;
}

/** PHP-FPM's unit, fit for systemctl and journalctl; a pattern, which both take, where the version is not known. */
export function phpFpmUnit(facts: Facts): string {
  const version = phpVersion(facts);
  return version === null ? "'php*-fpm'" : `php${version}-fpm`;
}

/** The application's unit as the journal names it, or PHP-FPM's; null where nothing names one. */
function knownUnit(facts: Facts): string | null {
  if (isPhpFpm(facts)) return phpFpmUnit(facts);
  for (const [id, seen] of facts.signals) {
    if (!id.startsWith('unit.') || (seen.values.role !== 'app' && seen.values.role !== undefined)) continue;
    const unit = seen.subjects.find((s) => PLAIN_NAME.test(s) && !NOT_THE_APP.test(s));
    if (unit !== undefined) return unit.replace(/\.service$/, '');
  }
  return null;
}

/** Unit of the application, fit for systemctl, or the stand-in `<unit>`. */
export function appUnit(facts: Facts): string {
  return knownUnit(facts) ?? '<unit>';
}

/** How the application's service is: its state, or where its name is not known, what has failed and what runs. */
export function appState(facts: Facts): string {
  const unit = knownUnit(facts);
  return unit === null
    ? 'systemctl --no-pager --failed; systemctl --no-pager list-units --type=service --state=running'
    : `systemctl --no-pager status ${unit}`;
}

/** journalctl of one unit around the burst. */
export function journalOf(unit: string): Text {
  return (facts) => `journalctl -u ${unit} ${around(facts)} -o short-iso`;
}

/** PHP-FPM's own log as Debian names it. */
export function fpmLog(facts: Facts): string {
  return `/var/log/php${phpVersion(facts) ?? '*'}-fpm.log`;
}

/**
 * The application's own lines around the burst: PHP-FPM's log file, the journal of its unit, or what all services printed
 * where no line names the unit.
 */
export function appLog(facts: Facts): string {
  if (isPhpFpm(facts)) return `sudo grep -hE 'WARNING|ERROR|ALERT' ${fpmLog(facts)} | tail -n 50`;
  const unit = knownUnit(facts);
  return unit === null
    ? `journalctl _TRANSPORT=stdout ${around(facts)} -o short-iso`
    : `journalctl -u ${unit} ${around(facts)} -o short-iso`;
}

/** Who started and stopped services in that time: systemd, sudo, and the upgrades of packages. */
export function whoChanged(facts: Facts): string {
  return `journalctl _PID=1 + _COMM=sudo ${around(facts)} -o short-iso; tail -n 20 /var/log/apt/history.log`;
}

/** Whether the failing web server is Apache: only Apache's lines speak of it. */
function isApache(facts: Facts): boolean {
  const spoken = [...facts.signals.keys()];
  return spoken.some((id) => id.startsWith('apache.')) && !spoken.some((id) => id.startsWith('nginx.'));
}

/** The web server's error log as Debian names it. */
export function errorLog(facts: Facts): string {
  return isApache(facts) ? '/var/log/apache2/error.log' : '/var/log/nginx/error.log';
}

/** The service that cloudflared dials, as an address (`http://127.0.0.1:8080`), where its lines name one. */
function tunnelService(facts: Facts): string | null {
  for (const [id, { values }] of facts.signals) {
    if (!id.startsWith('cloudflared.') || SIGNALS[id].role !== 'request') continue;
    const address = String(values.upstream ?? '');
    if (PLAIN_ADDRESS.test(address)) return `${values.scheme === 'https' ? 'https' : 'http'}://${address}`;
  }
  return null;
}

/** The site as the origin itself serves it, past Cloudflare, for curl: where it listens for Cloudflare, or for cloudflared. */
export function pastCloudflare(facts: Facts): string {
  const host = hostInCommand(facts);
  const service = tunnelService(facts);
  return service === null
    ? `--resolve ${host}:443:127.0.0.1 ${urlInCommand(`https://${host}`, facts)}`
    : `-H 'Host: ${host}' ${urlInCommand(service, facts)}`;
}

/** Asks the web server on this host itself, past Cloudflare. Run it on the origin. */
export function curlOriginCommand(facts: Facts): string {
  return `curl -sk -o /dev/null -w '%{http_code} %{time_total}s\\n' ${pastCloudflare(facts)}`;
}

/**
 * Counts the application's workers, measures them and says how many fit into the memory that they have and that is free,
 * with a fifth left over.
 */
export function workerSizeCommand(facts: Facts): string {
  const workers = isPhpFpm(facts) ? 'php-fpm: poo[l]' : '[g]unicorn|[u]wsgi|[u]vicorn|[p]uma|[n]ode';
  return `ps -eo rss=,args= | awk '/${workers}/ {s+=$1; n++} END {while ((getline line < "/proc/meminfo") > 0) if (line ~ /^MemAvailable/) {split(line, m, " "); a=m[2]} if (n) printf "%d workers of %d MB; memory for %d\\n", n, s/n/1024, 0.8*(a+s)/(s/n); else print "no worker runs"}'`;
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
    ...(timer !== null && has('gunicorn.worker-timeout', 'uwsgi.harakiri')
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
  return `Keep the time limits in order, each longer than the one inside it: Cloudflare (120 s by its documents of 2026, 100 s before; only Enterprise can raise it) > nginx ${php ? 'fastcgi_read_timeout' : 'proxy_read_timeout'} (60 s by default) > ${own} > time-outs of its database and API calls. cloudflared sets no limit on an answer.${met.length === 0 ? '' : ` Here ${met.join(', and ')}.`}`;
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

/** nginx's error log around the burst. */
export const MISSING_NGINX_ERROR: MissingEvidence = {
  what: 'the web server’s error log of the minutes of the burst',
  why: 'nginx writes the reason of every 502 and 504 that it makes: refused, reset, timed out, too big',
  command: (facts) => `sudo zcat -f ${errorLog(facts)}.1 ${errorLog(facts)} > web-server-error.log`,
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
  command: null,
  unless: { hop: 'edge' },
};
