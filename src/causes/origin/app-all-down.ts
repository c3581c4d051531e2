import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  backend,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { ofWebServer, webServer } from '../web-servers.ts';

/** Name of the upstream group as the lines have it, or null. */
function group(facts: Facts): string | null {
  const name = backend(facts);
  return /^[A-Za-z][A-Za-z0-9_-]{0,60}$/.test(name) ? name : null;
}

/** The balancer has no usable peer: the echo of earlier errors on every backend of the group. */
export const appAllDown: Cause = {
  id: 'app-all-down',
  title: 'Every backend of the group is marked down',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['no-live-upstreams'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'unit.probe-failed',
      weight: 'medium',
      role: 'app',
      why: 'a container that fails its check is taken out of its Service',
    },
    { signal: 'nginx.no-live', weight: 'strong', why: 'nginx had no backend left to try' },
    { signal: 'access.no-live-502', weight: 'strong', why: 'nginx had no backend left to try' },
    { signal: 'proxy.no-backend', weight: 'strong', why: 'the reverse proxy had no backend left to try' },
    { signal: 'proxy.all-down', weight: 'strong', why: 'no backend is left that passes its check' },
    { signal: 'proxy.backend-down', weight: 'medium', why: 'backends leave the rotation one by one' },
    { signal: 'proxy.check-refused', weight: 'medium', why: 'backends leave the rotation one by one' },
    { signal: 'proxy.check-failed', weight: 'weak', why: 'backends leave the rotation one by one' },
    { signal: 'proxy.check-tls', weight: 'decisive', against: true, why: 'the handshake is why they were given up' },
    { signal: 'proxy.check-cert', weight: 'decisive', against: true, why: 'the certificate is why they were given up' },
    { signal: 'proxy.check-dns', weight: 'decisive', against: true, why: 'the look-up is why they were given up' },
    { signal: 'nginx.temp-disabled', weight: 'medium', why: 'backends leave the rotation one by one' },
    { signal: 'nginx.connect-refused', weight: 'medium', why: 'a refused connection marks a backend down' },
    { signal: 'nginx.timeout-connect', weight: 'weak', why: 'a time-out marks a backend down' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'a time-out marks a backend down' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the web server makes a 502 of it' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'no backend is left for any request' },
    {
      signal: 'derived.ipv6-localhost',
      weight: 'strong',
      against: true,
      why: 'the same server answers on 127.0.0.1',
    },
    { signal: 'derived.one-upstream', weight: 'medium', against: true, why: 'the other backends answered' },
  ],
  summary: (facts) =>
    `${webServer(facts)} had marked every server of ${group(facts) === null ? 'an upstream group' : `the upstream group ${group(facts)}`} as failed and answered an error without asking any (${failedRequests(facts)} failed). This is an echo: the first error on these backends, up to 10 s earlier, is the reason.`,
  missing: [
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
    {
      what: 'the group of backends in the web server’s configuration',
      why: 'with no error before it, max_conns or "down" in the group is the reason',
      command: (facts) =>
        webServer(facts) === 'nginx'
          ? "sudo nginx -T 2>/dev/null | grep -nA12 '^ *upstream '"
          : ofWebServer('backends')(facts),
      unless: { signals: ['nginx.connect-refused', 'nginx.timeout-connect', 'nginx.timeout-header'] },
    },
    MISSING_NGINX_TIMES,
  ],
  fix: [
    {
      text: (facts) =>
        webServer(facts) === 'nginx'
          ? 'Find the first error before "no live upstreams": that is what to repair.'
          : 'Find the first error before the last backend was given up: that is what to repair.',
      command: (facts) =>
        webServer(facts) === 'nginx'
          ? "sudo grep -nE 'while (connecting|reading|SSL)' /var/log/nginx/error.log | grep -v 'no live' | head -20"
          : ofWebServer('fetchErrors')(facts),
      risk: 'None: it only reads.',
    },
    {
      text: 'Read why the backends failed, then repair or start them.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        webServer(facts) !== 'nginx'
          ? ''
          : 'Make the marking less eager where single slow requests take a backend out: a time-out counts as a failure, and one is enough by default.',
      config: (facts) =>
        `upstream ${group(facts) ?? 'app'} {\n    server 10.0.0.11:3000 max_fails=3 fail_timeout=10s;   # your servers\n    server 10.0.0.12:3000 max_fails=3 fail_timeout=10s;\n}`,
      risk: 'A dead backend then gets a few more requests before it is left out.',
    },
  ],
  avoid: [
    'Restarting the web server to clear the marks: it clears them by itself (nginx: after fail_timeout, 10 s).',
    'Giving up no backend at all (nginx: max_fails=0 on every server): it then sends requests to dead backends for ever.',
    AVOID_RAISE_TIMEOUTS,
  ],
  verify: [
    'The access log names backends again (nginx: $upstream_addr shows addresses, not the name of the group).',
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: [
    'Backends that do not share a fault: other hosts, restarted one after the other.',
    'A backup server in the group with a static page.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx: max_fails, fail_timeout, proxy_next_upstream',
    'nginx source: ngx_http_upstream_get_round_robin_peer',
  ],
};
