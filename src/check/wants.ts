import { APACHE_WANTED } from './apache.ts';
import { CADDY_WANTED } from './caddy.ts';
import { ENVOY_WANTED } from './envoy.ts';
import { HAPROXY_WANTED } from './haproxy.ts';
import { IIS_WANTED } from './iis.ts';
import { TRAEFIK_WANTED } from './traefik.ts';
import { LEVEL, levels, type Want, type WantedOf } from './want.ts';

/** Said of an error log of nginx whose level is above error. */
export const SILENT_ON_REASONS = 'level above error';

/** What is asked of an access log of nginx (reference of the variables: nginx.org, ngx_http_upstream_module and ngx_http_log_module). */
const ACCESS: readonly Want[] = [
  {
    field: '$time_iso8601',
    or: ['$time_local', '$msec'],
    as: 'time',
    why: 'The time with its zone lays the row beside the rows of Cloudflare.',
  },
  {
    field: '$request',
    or: ['$request_uri', '$uri'],
    as: 'request',
    why: 'Method and path find the same request in the other logs.',
  },
  {
    field: '$host',
    or: ['$http_host', '$server_name'],
    as: 'host',
    why: 'It tells which of several sites on the machine failed.',
  },
  { field: '$http_cf_ray', as: 'ray', why: 'The Ray ID finds the row of Cloudflare for the very same request.' },
  {
    field: '$request_time',
    as: 'rt',
    why: 'It tells a time-out from a refused connection, and when the request began.',
  },
  { field: '$upstream_addr', as: 'uaddr', why: 'It tells which backend was asked, or that none was.' },
  { field: '$upstream_status', as: 'us', why: 'It tells a status that the application gave from one that nginx made.' },
  {
    field: '$upstream_connect_time',
    as: 'uct',
    why: 'Without a number here the connection to the backend never stood.',
  },
  {
    field: '$upstream_header_time',
    as: 'uht',
    why: 'Without a number here no answer came, and the upstream status is nginx’s own.',
  },
  { field: '$upstream_response_time', as: 'urt', why: 'It parts time in the application from time on the way.' },
  {
    field: '$connection',
    or: ['$request_id', '$conn'],
    as: 'connection',
    why: 'The error log writes the same number as *N: it finds the error line of this very request.',
  },
];

/** What is asked of Cloudflare's request log (documented names of the dataset http_requests). */
const EDGE: readonly Want[] = [
  { field: 'RayID', why: 'It finds the same request in the origin’s logs.' },
  { field: 'EdgeStartTimestamp', why: 'With the end it gives the duration, which tells time-outs.' },
  { field: 'EdgeEndTimestamp', why: 'It says when the answer was given, which is when the origin logs it.' },
  { field: 'EdgeResponseStatus', why: 'It is what the visitor got.' },
  { field: 'OriginResponseStatus', why: 'It tells who made the status: 0 means that no answer came from the origin.' },
  {
    field: 'OriginResponseDurationMs',
    or: ['OriginResponseTime'],
    why: 'It parts a slow origin from one that refuses at once.',
  },
  { field: 'OriginIP', why: 'It tells which origin was asked, or that none was.' },
  { field: 'EdgeServerIP', why: 'Where it is empty, Cloudflare sent no request to the origin.' },
  { field: 'EdgeColoCode', why: 'It tells a failing data centre from a failing origin.' },
  { field: 'EdgeTimeToFirstByteMs', why: 'It tells an answer that was cut from one that never began.' },
  { field: 'EdgeResponseContentType', why: 'It tells an error page from an answer of the application.' },
  { field: 'EdgeResponseBytes', why: 'Cloudflare’s own error pages have known sizes.' },
  { field: 'EdgePathingSrc', why: 'With Op and Status it tells who stopped the request at the edge.' },
  { field: 'EdgePathingOp', why: 'See EdgePathingSrc.' },
  { field: 'EdgePathingStatus', why: 'See EdgePathingSrc.' },
  {
    field: 'SecurityAction',
    or: ['SecurityActions', 'FirewallMatchesActions', 'WAFAction'],
    why: 'It tells a block by a rule from a fault.',
  },
  { field: 'CacheCacheStatus', why: 'It tells answers of the cache, which prove nothing about the origin.' },
  {
    field: 'ClientRequestSource',
    or: ['RequestSource'],
    why: 'It parts visitors from health checks and Workers, which are not to be counted.',
  },
  { field: 'ParentRayID', why: 'It ties the request of a Worker to the visitor’s.' },
  { field: 'WorkerSubrequest', why: 'It marks requests that a Worker made.' },
  { field: 'WorkerStatus', why: 'It tells a fault in a Worker from one at the origin.' },
  { field: 'ClientRequestHost', why: 'It tells which site failed.' },
  { field: 'ClientRequestMethod', why: 'With path and time it finds the request where no Ray ID is logged.' },
  { field: 'ClientRequestPath', or: ['ClientRequestURI'], why: 'It tells which pages failed.' },
];

/** The tables by format, one row for each field. */
export const WANTED: readonly WantedOf[] = [
  { formats: ['nginx-access'], by: 'log_format', wants: ACCESS },
  { formats: ['cloudflare-http', 'cloudflare-csv'], by: 'logpush', wants: EDGE },
  {
    formats: ['nginx-error'],
    by: 'error_log',
    wants: [
      {
        field: 'level error',
        lackingWhere: SILENT_ON_REASONS,
        why: 'Above error nginx does not tell why it made a 502 or a 504, and an empty error log proves nothing.',
      },
      {
        field: 'level notice',
        toldBy: LEVEL,
        seenAs: levels('notice', 'info', 'debug'),
        why: 'At the default level (error) nginx tells neither of starts and reloads nor when it takes a backend out of use.',
      },
    ],
  },
  {
    formats: ['php-fpm-access'],
    by: 'fpm-pool',
    wants: [
      {
        field: '%t',
        or: ['%T'],
        why: 'The time with its zone shows the zone of the machine, which the PHP-FPM log does not write.',
      },
      { field: '%d', why: 'The duration tells slow code from requests that waited for a worker.' },
      { field: '%p', why: 'The process finds what the PHP-FPM log and the kernel say of the same worker.' },
    ],
  },
  {
    formats: ['php-fpm'],
    by: 'fpm-global',
    wants: [
      {
        field: 'log_level notice',
        toldBy: LEVEL,
        seenAs: levels('notice', 'debug'),
        why: 'Above notice PHP-FPM does not tell of starts, stops and reloads, which explain short outages.',
      },
      {
        field: 'decorate_workers_output',
        lackingWhere: 'undecorated',
        why: 'Without it what a worker prints has neither time nor pool.',
      },
    ],
  },
  {
    formats: ['cloudflared'],
    by: 'cloudflared',
    wants: [
      { field: 'time', why: 'Without it a line cannot be laid beside the failed requests.' },
      {
        field: 'loglevel info',
        toldBy: LEVEL,
        seenAs: levels('info', 'debug', 'trace'),
        why: 'Above info cloudflared does not tell when its connections came and went, so that its silence proves nothing.',
      },
    ],
  },
  ...APACHE_WANTED,
  ...HAPROXY_WANTED,
  ...CADDY_WANTED,
  ...TRAEFIK_WANTED,
  ...ENVOY_WANTED,
  ...IIS_WANTED,
  {
    formats: ['nginx-error', 'php-fpm', 'php-fpm-slow', 'apache-error', 'journal', 'kernel', 'db', 'app'],
    by: 'zone',
    wants: [
      {
        field: 'zone',
        why: 'These lines write no zone; a log of the same machine that writes one tells it.',
      },
    ],
  },
];
