import { SIGNALS } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { pattern, quoted, type Scene, thoseDuring } from '../scene.ts';

/** A port where no pool listens: FPM's have 9000 by custom, further ones beside it, or a socket, whose name may be anybody's. */
const OTHER_PORT = /:(?!9\d{3}$)\d{1,5}$/;
/** Servers that run no PHP, by the beginning of what they say. */
const OTHER_SERVERS = ['gunicorn.', 'uwsgi.'] as const;

/**
 * A backend that is no PHP-FPM: error lines of nginx and of reverse proxies name another protocol than FastCGI, or no line names
 * any and the rows of the failed requests name a port where no pool listens, or another server writes beside it.
 */
export function otherBackend(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  if ([...known.keys()].some((signal) => signal.startsWith('fpm.'))) return [];
  const named = [...known.values()].filter(
    ({ signal, values }) => /^(?:nginx|proxy)\./.test(signal) && values.scheme !== undefined,
  );
  if (named.length > 0) {
    return named.some(({ values }) => values.scheme === 'fastcgi')
      ? []
      : [pattern('derived.other-backend', { count: named.length, lines: named[0]?.lines.slice(0, 1) ?? [] })];
  }
  const rows = scene.streams
    .filter(({ stream }) => stream.hop === 'proxy')
    .flatMap(({ failures }) => thoseDuring(scene, failures))
    .filter(({ record }) => record.upstream !== undefined);
  if (rows.length > 0 && rows.every(({ record }) => OTHER_PORT.test(record.upstream ?? '')))
    return [pattern('derived.other-backend', { count: rows.length, lines: quoted(rows.slice(0, 1)) })];
  const others = [...known.values()].filter(({ signal }) => OTHER_SERVERS.some((server) => signal.startsWith(server)));
  return others.length > 0
    ? [pattern('derived.other-backend', { count: others.length, lines: others[0]?.lines.slice(0, 1) ?? [] })]
    : [];
}

const tellsFailure = (signal: SignalFact['signal']): boolean =>
  SIGNALS[signal].role === 'request' && ((SIGNALS[signal].status ?? 0) >= 500 || SIGNALS[signal].cut === true);

/** A FastCGI backend, where all that the web server's lines about failed requests name speak it. */
export function fastcgiBackend(known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const named = [...known.values()].filter(
    ({ signal, values }) => tellsFailure(signal) && signal.startsWith('nginx.') && values.scheme !== undefined,
  );
  return named.length > 0 && named.every(({ values }) => values.scheme === 'fastcgi')
    ? [pattern('derived.fastcgi-backend', { count: named.length, lines: named[0]?.lines.slice(0, 1) ?? [] })]
    : [];
}

/** Servers whose backends speak HTTP, or, as Caddy's, PHP-FPM's protocol only now and then. */
const SPEAK_HTTP: ReadonlySet<string> = new Set([
  'caddy-access',
  'envoy',
  'haproxy',
  'squid',
  'traefik-access',
  'varnish-requests',
]);

/** Whether only such servers' rows show the failures and nothing of PHP is told: then a full pool of PHP-FPM is a guess. */
export function seldomPhp(scene: Scene, known: ReadonlyMap<string, SignalFact>): boolean {
  if ([...known.keys()].some((signal) => /^(?:fpm|php)\./.test(signal))) return false;
  const formats = scene.streams
    .filter(({ stream, failures }) => stream.hop === 'proxy' && thoseDuring(scene, failures).length > 0)
    .map(({ stream }) => stream.format);
  return formats.length > 0 && formats.every((format) => SPEAK_HTTP.has(format));
}
