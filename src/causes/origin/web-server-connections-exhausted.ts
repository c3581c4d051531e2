import type { Facts } from '../../correlate/facts.ts';
import type { Cause, EvidenceRule } from '../cause.ts';
import { numberOf, PHP_FATALS } from '../php-texts.ts';
import { CONNECTIONS_LEFT, moreConnections } from '../server-topics.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  failedRequests,
  MISSING_EDGE_LOG,
  MISSING_NGINX_ERROR,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { forServer, reloadWebServer } from '../web-servers.ts';

const LINES = ['nginx.conn-limit-drop', 'nginx.conn-limit-upstream', 'nginx.conn-reuse'] as const;

/** What Apache says of single requests whose backend failed: they had a worker, and what fills the others may be that backend, too. */
const BACKEND_FAILED = [
  'apache.backend-refused',
  'apache.backend-timeout',
  'apache.backend-closed',
  'apache.script-closed',
  'apache.wsgi-exception',
  'apache.backend-dns',
  'app.no-answer',
  'apache.socket-missing',
  'proxy.connect-timeout',
  'proxy.backend-tls',
] as const;

function limitOf(facts: Facts): number | null {
  const limit = numberOf(facts, LINES, 'limit');
  return limit !== null && limit > 0 ? limit : null;
}

function suggested(facts: Facts): number {
  return Math.min(65536, Math.max(4096, (limitOf(facts) ?? 1024) * 4));
}

/** worker_connections (or Apache's MaxRequestWorkers) are used up. */
export const webServerConnectionsExhausted: Cause = {
  id: 'web-server-connections-exhausted',
  title: 'worker_connections are used up',
  place: 'origin',
  hop: 'proxy',
  broader: ['origin-empty-reply'],
  aliases: ['nginx-connections', 'worker-connections-exhausted', 'nginx-worker-connections'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.conn-limit-drop', weight: 'decisive', why: 'new connections are closed without an answer' },
    { signal: 'nginx.conn-limit-upstream', weight: 'decisive', why: 'no connection to the backend could be opened' },
    { signal: 'apache.max-workers', weight: 'decisive', why: 'new requests wait or are dropped' },
    { signal: 'proxy.connections-full', weight: 'decisive', why: 'new connections wait in the kernel' },
    { signal: 'nginx.conn-reuse', weight: 'medium', why: 'it is the warning before connections are refused' },
    { signal: 'edge.520', weight: 'medium', why: 'a dropped connection is an empty answer to Cloudflare' },
    { signal: 'edge.502-tried-origin', weight: 'medium', why: 'a dropped connection is an empty answer' },
    { signal: 'access.own-500', weight: 'weak', why: 'nginx could not open a connection of its own' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more visitors need more connections' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'dropped connections are not in the access log' },
    { signal: 'nginx.accept-emfile', weight: 'medium', against: true, why: 'open files ran out first' },
    { signal: 'nginx.socket-emfile', weight: 'medium', against: true, why: 'open files ran out first' },
    ...BACKEND_FAILED.map(
      (signal): EvidenceRule => ({
        signal,
        weight: 'decisive',
        against: true,
        why: 'their lines say that the backend failed them, and they had a worker',
      }),
    ),
    ...PHP_FATALS.map(
      (signal): EvidenceRule => ({ signal, weight: 'medium', against: true, why: 'PHP ran, so these had a worker' }),
    ),
  ],
  summary: (facts) => {
    if (facts.signals.has('apache.max-workers'))
      return `Apache had all its workers in use (MaxRequestWorkers), and ${failedRequests(facts)} failed: new ones waited, or were dropped. Workers are held by slow scripts and backends, and by connections that are kept open.`;
    const limit = limitOf(facts);
    return `A worker of the web server had all its connections in use${limit === null ? '' : ` (limit ${limit})`}, and ${failedRequests(facts)} failed. A proxied request takes two: one to the visitor, one to the backend.`;
  },
  missing: [MISSING_NGINX_ERROR, MISSING_EDGE_LOG],
  fix: [
    {
      text: 'See whether a slow backend holds the connections: many in use at low traffic mean slowness, not too few connections.',
      command: "sudo ss -tn state established '( sport = :443 )' | wc -l; sudo ss -tn state established | wc -l",
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        forServer(moreConnections(suggested(facts)))(facts) === ''
          ? ''
          : 'Raise the limit together with the limit of open files. Each connection takes a file.',
      config: (facts) => forServer(moreConnections(suggested(facts)))(facts),
      computedFrom: (facts) => {
        const limit = limitOf(facts);
        return limit === null ? '' : `the limit of ${limit} in the error line, times four; two files per connection`;
      },
      risk: 'A few hundred bytes of memory per connection; a slow backend now gets more requests at once.',
    },
    {
      text: 'Put it in force.',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    forServer({
      nginx: 'Raising worker_connections alone: without worker_rlimit_nofile the limit of open files stops it at 1024.',
    }),
  ],
  verify: [VERIFY_ERROR_LOG_QUIET, forServer(CONNECTIONS_LEFT)],
  prevent: [
    'Graph the active connections of stub_status.',
    'Set upstream keepalive, so that connections to the backend are shared.',
  ],
  difficulty: 'easy',
  sources: ['nginx source: ngx_get_connection, ngx_drain_connections', 'Apache httpd AH00161, AH00484'],
};
