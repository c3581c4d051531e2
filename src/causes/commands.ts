import type { Facts } from '../correlate/facts.ts';
import { SIGNALS } from '../vocabulary/signals.ts';
import type { Text } from './cause.ts';
import { upstreamOf } from './upstream.ts';

/**
 * What goes into commands and pieces of configuration: names, addresses and paths of this incident, and stand-ins where no line
 * names them. Log text is let through only where it is a plain name: a report's commands are copied into a shell.
 */

/** A value that holds this part of the failed requests stands for them. */
export const MOST = 0.6;

/** Units of the other hops. */
const NOT_THE_APP = /nginx|apache|httpd|caddy|haproxy|cloudflared|mysql|maria|postgres|redis|memcached/;
/** A name of a service, container or host that is fit for a shell. */
export const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,127}$/;
const PLAIN_PATH = /^\/[A-Za-z0-9_./-]{0,200}$/;
const IP_ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]{2,39})$/i;
const PLAIN_ADDRESS = /^[A-Za-z0-9.:[\]-]{3,128}$/;

/** A moment as texts show it: `2026-11-20 08:22:37 UTC`. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * `--since` and `--until` for journalctl: two minutes before the first failure to one after the last by the origin's own
 * clock, the lines in UTC; the whole day where the time is not known, and the shell's year where no log tells one.
 */
export function around(facts: Facts): string {
  const span = spanAround(facts);
  if (span === null) return '--since today --utc';
  const [since, until] = span.map((ms) => inShellYear(facts, utc(ms)));
  return `--since "${since}" --until "${until}" --utc`;
}

/** The same for `docker logs`; a day where the time is not known. */
export function dockerAround(facts: Facts): string {
  const span = spanAround(facts);
  if (span === null) return '--since 24h';
  const [since, until] = span.map((ms) => inShellYear(facts, `${new Date(ms).toISOString().slice(0, 19)}Z`));
  return `--since ${since} --until ${until}`;
}

function spanAround({ startMs, endMs, originSkewMs: skewMs = 0 }: Facts): readonly [number, number] | null {
  const known = [startMs, endMs].every((ms) => Number.isFinite(ms) && Math.abs(ms) < 8e15);
  return known ? [startMs + skewMs - 120_000, endMs + skewMs + 60_000] : null;
}

function inShellYear({ isYearKnown = true }: Facts, time: string): string {
  return isYearKnown ? time : time.replace(/^\d{4}/, '$(date +%Y)');
}

const LONGEST_LOGPULL_MS = 3_600_000;

/** Cloudflare's Logpull of the burst: at most an hour at once, up to seven days back. */
export function logpull(facts: Facts): string {
  const fromMs = facts.startMs - 120_000;
  const isKnown =
    facts.isYearKnown !== false && [fromMs, facts.endMs].every((ms) => Number.isFinite(ms) && Math.abs(ms) < 8e15);
  const second = (ms: number): string => `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  const [from, to] = isKnown
    ? [second(fromMs), second(Math.min(facts.endMs + 60_000, fromMs + LONGEST_LOGPULL_MS))]
    : ['<from>', '<to>'];
  const fields =
    'EdgeStartTimestamp,EdgeEndTimestamp,RayID,ClientRequestHost,ClientRequestMethod,ClientRequestPath,EdgeResponseStatus,OriginResponseStatus,OriginIP,EdgeColoCode,EdgePathingSrc,EdgePathingStatus';
  // Written so that the masking of tokens and query values leaves it whole.
  return `curl -sG --oauth2-bearer "$CLOUDFLARE_API_TOKEN" https://api.cloudflare.com/client/v4/zones/<zone-id>/logs/received -d start=${from} -d end=${to} -d timestamps=rfc3339 -d fields=${fields} > edge.ndjson`;
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

/** Shows who listens at the backend's port or socket, and how many connections wait there. */
export function listenersOf(facts: Facts): string {
  return (upstreamOf(facts, 'proxy') ?? '').startsWith('unix:')
    ? `sudo ss -lxnp | grep -F ${socketInCommand(facts)}`
    : `sudo ss -ltnp '( sport = :${portInCommand(facts)} )'`;
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

/** The application's unit, container or pod as lines about it name it, fit for a command; null where none does. */
export function namedUnit(facts: Facts): string | null {
  const own = isPhpFpm(facts) ? 'fpm' : 'app';
  for (const [id, seen] of facts.signals) {
    const { role = 'app' } = seen.values;
    if (!id.startsWith('unit.') || (role !== 'app' && role !== own)) continue;
    const unit = seen.subjects.find((s) => PLAIN_NAME.test(s) && !NOT_THE_APP.test(s));
    if (unit !== undefined) return unit.replace(/\.service$/, '');
  }
  return null;
}

/** Unit of the application, fit for systemctl, or the stand-in `<unit>`. */
export function appUnit(facts: Facts): string {
  return isPhpFpm(facts) ? phpFpmUnit(facts) : (namedUnit(facts) ?? '<unit>');
}

/** journalctl of one unit around the burst. */
export function journalOf(unit: string): Text {
  return (facts) => `journalctl -u ${unit} ${around(facts)} -o short-iso`;
}

/** PHP-FPM's own log as Debian names it. */
export function fpmLog(facts: Facts): string {
  return `/var/log/php${phpVersion(facts) ?? '*'}-fpm.log`;
}

/** Who started and stopped services in that time: systemd, sudo, and the upgrades of packages. */
export function whoChanged(facts: Facts): string {
  return `journalctl _PID=1 + _COMM=sudo ${around(facts)} -o short-iso; tail -n 20 /var/log/apt/history.log`;
}

/** The service that cloudflared dials, as an address (`http://127.0.0.1:8080`), where its lines name one. */
export function tunnelService(facts: Facts): string | null {
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

export const REAL_IP_RISK =
  'A range that is missing is still counted as one visitor: look at the file that it prints (15 ranges of IPv4 and 7 of IPv6 in 2026). Never trust the header from everybody, or visitors choose their address.';
