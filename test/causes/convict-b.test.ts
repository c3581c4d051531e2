import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { Place } from '../../src/vocabulary/hops.ts';

import { type FactsSketch, factsOf, seen } from './facts-of.ts';

const CATALOGUE = CAUSES;

/** A burst, told in words, and what must be said of it. */
interface Case extends FactsSketch {
  readonly told: string;
  readonly cause: CauseId;
  readonly place?: Place;
}

const PHP: readonly Case[] = [
  {
    told: 'an application that says of each failed request that another service failed it has told why it answered 500',
    statuses: { 500: 100 },
    signals: seen('access.answered-5xx', 'app.http-dependency', 'derived.dependency-each'),
    cause: 'http-dependency',
  },
  {
    told: 'so has PHP, though its scripts die of it',
    statuses: { 500: 100 },
    signals: seen('access.answered-5xx', 'php.http-dep', 'php.uncaught', 'derived.dependency-each'),
    cause: 'http-dependency',
  },
  {
    told: 'a pool that reached pm.max_children is blamed, not the time-outs it causes',
    signals: seen(
      'fpm.max-children',
      'nginx.timeout-header',
      'access.timeout-504',
      'edge.origin-answered-5xx',
      'derived.all-paths',
      'derived.pool-exhausted',
    ),
    cause: 'php-fpm-max-children',
  },
  {
    told: 'time-outs on one path alone are a slow application, not a full pool',
    signals: seen('nginx.timeout-header', 'access.timeout-504', 'derived.one-path'),
    cause: 'app-timeout',
  },
  {
    told: 'a pool that keeps saying “seems busy” and never reaches its limit grows too slowly',
    signals: seen(
      'fpm.seems-busy',
      'nginx.timeout-header',
      'access.timeout-504',
      'derived.pool-exhausted',
      'derived.traffic-spike',
    ),
    cause: 'php-fpm-spawn-slow',
  },
  {
    told: 'process.max over all pools is named where its line is there',
    signals: seen('fpm.process-max', 'nginx.timeout-header', 'access.timeout-504'),
    cause: 'php-fpm-spawn-slow',
  },
  {
    told: 'a busy pool that then reaches pm.max_children is full, not slow to grow',
    signals: seen('fpm.seems-busy', 'fpm.max-children', 'nginx.timeout-header', 'derived.pool-exhausted'),
    cause: 'php-fpm-max-children',
  },
  {
    told: 'resets with SIGSEGV in PHP-FPM’s log are a crash',
    signals: seen('fpm.child-segv', 'nginx.recv-reset-header', 'access.no-answer-502', 'edge.origin-answered-5xx'),
    cause: 'php-fpm-crash',
  },
  {
    told: 'resets without a line of PHP-FPM stay resets',
    signals: seen('nginx.recv-reset-header', 'access.no-answer-502', 'edge.origin-answered-5xx'),
    cause: 'app-reset',
  },
  {
    told: 'a worker killed while the kernel ran out of memory did not crash',
    signals: seen('fpm.child-kill', 'kernel.oom-kill', 'nginx.recv-reset-header', 'access.no-answer-502'),
    cause: 'host-out-of-memory',
  },
  {
    told: 'requests that PHP-FPM terminated are told from crashes',
    signals: seen(
      'fpm.exec-timeout',
      'fpm.child-term',
      'nginx.recv-reset-header',
      'access.no-answer-502',
      'derived.timer',
    ),
    cause: 'php-fpm-request-timeout',
  },
  {
    told: 'a socket that is missing because PHP-FPM refused its configuration is the configuration’s fault',
    signals: seen(
      'fpm.conf-ini',
      'fpm.init-failed',
      'nginx.connect-unix-missing',
      'access.no-answer-502',
      'derived.fpm-down',
    ),
    cause: 'php-fpm-config-error',
  },
  {
    told: 'the code with which PHP-FPM ended names the configuration where its log is missing',
    signals: seen(
      'derived.fpm-config-exit',
      'unit.exited',
      'nginx.connect-refused',
      'access.no-answer-502',
      'derived.fpm-down',
    ),
    cause: 'php-fpm-config-error',
  },
  {
    told: 'PHP-FPM’s main process that died of a fault is a crash of PHP-FPM’s, not of the application’s',
    signals: { ...seen('derived.fpm-crashed', 'nginx.recv-reset-header'), 'unit.killed': { values: { role: 'fpm' } } },
    cause: 'php-fpm-crash',
  },
  {
    told: 'refused connections beside a kill of the application for lack of memory are the kernel’s doing',
    signals: { ...seen('nginx.connect-refused'), 'kernel.oom-kill': { values: { role: 'app' } } },
    cause: 'host-out-of-memory',
  },
  {
    told: 'refused connections beside a kill of the database are not explained by it',
    signals: { ...seen('nginx.connect-refused'), 'kernel.oom-kill': { values: { role: 'db' } } },
    cause: 'app-down',
  },
  {
    told: 'a worker that its own server killed for a time-out did not crash',
    signals: seen('app.worker-timeout', 'app.worker-exit', 'nginx.premature-header', 'access.no-answer-502'),
    cause: 'app-worker-timeout',
  },
  {
    told: 'a missing socket alone does not blame the configuration',
    signals: seen('nginx.connect-unix-missing', 'access.no-answer-502', 'derived.fpm-down'),
    cause: 'app-socket-missing',
  },
  {
    told: 'memory_limit is named where no plugin is',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.memory-limit', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'php-memory-limit',
  },
  {
    told: 'memory that runs out in one plugin’s code is the plugin’s',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.memory-limit', 'derived.plugin', 'access.answered-5xx'),
    cause: 'php-plugin-fault',
  },
  {
    told: 'max_execution_time is named',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.execution-time', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'php-execution-time',
  },
  {
    told: 'a fatal error without a plugin in its stack is the site’s own',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.uncaught', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'php-fatal',
  },
  {
    told: 'a fatal error whose stack names a plugin is the plugin’s',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.uncaught', 'derived.plugin', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'php-plugin-fault',
  },
  {
    told: 'a script in the slow log explains the time-outs of its path',
    signals: seen('fpm.too-slow', 'nginx.timeout-header', 'access.timeout-504', 'derived.one-path'),
    cause: 'php-slow-script',
  },
  {
    told: 'a slow script whose stack waits for another server is that server’s fault',
    signals: seen(
      'fpm.too-slow',
      'nginx.timeout-header',
      'access.timeout-504',
      'derived.one-path',
      'derived.waits-for-dependency',
    ),
    cause: 'http-dependency',
  },
];

const DEPENDENCIES: readonly Case[] = [
  {
    told: 'pages that die because the database refuses are the database’s fault',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.db-refused', 'derived.db-down', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'db-unreachable',
  },
  {
    told: 'a database that is up and full is not unreachable',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.db-many', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'db-too-many-connections',
  },
  {
    told: 'a refused Redis is named',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.redis', 'derived.cache-down', 'access.answered-5xx'),
    cause: 'cache-unreachable',
  },
  {
    told: 'an application that says what it waits for is believed',
    signals: seen('app.http-dependency', 'nginx.timeout-header', 'access.timeout-504'),
    cause: 'http-dependency',
  },
  {
    told: 'an application that cannot reach its database says so',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('app.db-error', 'access.answered-5xx', 'edge.origin-answered-5xx'),
    cause: 'db-unreachable',
  },
  {
    told: 'an application whose pool has no connection left says so',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('app.db-pool', 'access.answered-5xx'),
    cause: 'db-too-many-connections',
  },
  {
    told: 'a pool that runs dry as new connections fail is no full database',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('app.db-pool', 'app.db-error', 'derived.pool-waits-for-database', 'access.answered-5xx'),
    cause: 'db-unreachable',
  },
  {
    told: 'an application that ends at each start for want of its cache is not what is down',
    signals: seen('nginx.connect-refused', 'app.cache-error', 'derived.dies-without-server'),
    cause: 'cache-unreachable',
  },
  {
    told: 'an application that logs an error for each answer of 500 failed by itself',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('app.error', 'derived.errors-of-requests', 'access.5xx'),
    cause: 'app-error-response',
  },
];

const EDGE_ORIGIN: readonly Case[] = [
  {
    told: '524 is a slow origin, seen from outside',
    signals: seen('edge.524', 'derived.edge-time-limit', 'access.edge-gave-up'),
    cause: 'origin-read-timeout',
  },
  {
    told: '520 alone says no more than that the answer was unusable',
    signals: seen('edge.520'),
    cause: 'origin-empty-reply',
  },
  {
    told: '520 with crashed workers of the web server is the crash',
    signals: seen('edge.520', 'nginx.worker-signal'),
    cause: 'web-server-crash',
  },
  {
    told: 'GOAWAY under http2Origin is broken HTTP/2 at the origin',
    signals: seen('cloudflared.inner-h2-goaway', 'edge.502-tried-origin'),
    cause: 'origin-h2-broken',
    place: 'origin',
  },
  {
    told: '525 is the handshake',
    signals: seen('edge.525', 'nginx.client-tls-version'),
    cause: 'origin-tls-handshake',
  },
  { told: '526 is the certificate', signals: seen('edge.526', 'nginx.client-tls-alert'), cause: 'origin-tls-cert' },
  {
    told: '1016 is the DNS record',
    signals: seen('edge.530', 'edge.530-1016'),
    cause: 'origin-dns-wrong',
    place: 'origin',
  },
  {
    told: '522 with packets dropped by the host’s firewall is the firewall, and the origin’s',
    signals: seen('edge.522-connect', 'kernel.packet-dropped', 'derived.not-in-origin-log'),
    cause: 'firewall-blocks-cloudflare',
    place: 'origin',
  },
  {
    told: '521 with a fail2ban ban is the ban, not a stopped web server',
    signals: seen('edge.521', 'host.ban', 'derived.some-edge-servers', 'derived.origin-fine-meanwhile'),
    cause: 'firewall-blocks-cloudflare',
    place: 'origin',
  },
  {
    told: '522 with a ban of Cloudflare’s that has been in force for minutes is the ban',
    signals: seen('edge.522-connect', 'derived.ban-in-force', 'derived.some-edge-servers'),
    cause: 'firewall-blocks-cloudflare',
    place: 'origin',
  },
  {
    told: '522 with late packets dropped and strangers banned says no more than 522 alone',
    signals: seen('edge.522-connect', 'kernel.packet-stray', 'kernel.packet-dropped-other', 'host.ban-other'),
    cause: 'origin-unreachable',
  },
  {
    told: '1033 with packets to port 7844 dropped is the way out of the tunnel’s host',
    signals: seen('edge.530-1033', 'kernel.packet-dropped-tunnel'),
    cause: 'tunnel-edge-blocked',
  },
  {
    told: '522 alone only says that the address did not answer',
    signals: seen('edge.522-connect'),
    cause: 'origin-unreachable',
  },
  { told: '523 is a missing route', signals: seen('edge.523'), cause: 'origin-unreachable' },
  {
    told: 'a connection that stands and then goes dead, for part of the requests of one data centre, is loss on the way',
    signals: seen('edge.522-no-ack', 'derived.intermittent', 'derived.one-colo', 'derived.origin-fine-meanwhile'),
    cause: 'network-loss',
    place: 'network',
  },
  {
    told: '521 for one data centre alone is a firewall’s, as a stopped server refuses all',
    signals: seen('edge.521', 'derived.one-colo'),
    cause: 'firewall-blocks-cloudflare',
  },
  {
    told: '521 with a web server that was down is the web server',
    signals: seen('edge.521', 'derived.proxy-down', 'derived.access-log-stops'),
    cause: 'web-server-down',
  },
  {
    told: '521 while plain HTTP arrives on the TLS port of a running web server is the wrong port',
    signals: seen('edge.521', 'nginx.client-plain-https', 'derived.origin-fine-meanwhile', 'derived.everything-fails'),
    cause: 'origin-wrong-port',
  },
  {
    told: '521 while the web server answers others is a rejecting firewall rather than a stopped web server',
    signals: seen('edge.521', 'derived.origin-fine-meanwhile', 'derived.everything-fails'),
    cause: 'firewall-blocks-cloudflare',
  },
  {
    told: 'single 520s between good answers of the same pages, with a silent origin log, fit a race on idle connections',
    signals: seen(
      'edge.520',
      'derived.intermittent',
      'derived.origin-fine-meanwhile',
      'derived.not-in-origin-log',
      'derived.origin-log-silent',
    ),
    cause: 'origin-empty-reply',
  },
];

const TUNNEL: readonly Case[] = [
  {
    told: 'a service that worked and then refused cloudflared is the origin’s fault',
    madeBy: 'tunnel',
    signals: seen('cloudflared.inner-refused', 'derived.tunnel-service-worked', 'edge.502-tried-origin'),
    cause: 'tunnel-service-refused',
    place: 'origin',
  },
  {
    told: 'a refusal without any history leaves the rule in question',
    madeBy: 'tunnel',
    signals: seen('cloudflared.inner-refused'),
    cause: 'tunnel-service-refused',
    place: 'tunnel',
  },
  {
    told: 'a service that never answered since the rules changed is a wrong rule',
    madeBy: 'tunnel',
    signals: seen('cloudflared.inner-refused', 'derived.tunnel-refused-since-change', 'cloudflared.proc-config'),
    cause: 'tunnel-wrong-port',
    place: 'tunnel',
  },
  {
    told: 'a service that refused for seconds and came back was restarting',
    madeBy: 'tunnel',
    signals: seen(
      'cloudflared.inner-refused',
      'cloudflared.inner-eof',
      'derived.tunnel-service-back',
      'derived.tunnel-service-worked',
    ),
    cause: 'tunnel-service-restart',
    place: 'origin',
  },
  {
    told: 'TLS spoken to a plain port is a mismatch of schemes',
    signals: seen('cloudflared.inner-tls-plain'),
    cause: 'tunnel-scheme-mismatch',
  },
  {
    told: 'an expired certificate of the service is named',
    signals: seen('cloudflared.inner-x509-expired'),
    cause: 'tunnel-service-cert',
  },
  {
    told: 'an alert in the handshake is named',
    signals: seen('cloudflared.inner-tls-alert'),
    cause: 'tunnel-service-tls',
  },
  {
    told: 'a container that Docker’s resolver does not know is named',
    signals: seen('cloudflared.inner-nxdomain-docker'),
    cause: 'tunnel-service-unreachable',
    place: 'tunnel',
  },
  {
    told: 'a connection that times out is not a refusal',
    signals: seen('cloudflared.inner-connect-timeout'),
    cause: 'tunnel-service-timeout',
  },
  {
    told: 'EOF is a service that closed',
    signals: seen('cloudflared.inner-eof', 'derived.intermittent'),
    cause: 'tunnel-service-closed',
  },
  {
    told: 'too many open files of cloudflared are its own limit',
    signals: seen('cloudflared.inner-emfile'),
    cause: 'tunnel-host-limits',
  },
  {
    told: 'connections lost for want of packets, then dialled in vain, are a lost network and not a blocked port',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen(
      'edge.530',
      'cloudflared.edge-lost-idle2',
      'cloudflared.edge-lost-dgram',
      'cloudflared.edge-dial-quic',
      'cloudflared.edge-serve',
      'derived.tunnel-down',
    ),
    cause: 'tunnel-disconnected',
    place: 'tunnel',
  },
  {
    told: 'dials that never succeeded are a blocked way out',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen(
      'edge.530',
      'cloudflared.edge-dial-quic',
      'cloudflared.edge-quic-hint',
      'cloudflared.edge-dial-tcp',
      'derived.tunnel-down',
    ),
    cause: 'tunnel-edge-blocked',
  },
  {
    told: 'a cloudflared whose own test found no way to the edge cannot dial it',
    signals: seen('cloudflared.precheck-failed'),
    cause: 'tunnel-edge-blocked',
  },
  {
    told: 'a test that failed for one region says nothing where the tunnel carried requests',
    signals: seen('cloudflared.precheck-failed', 'derived.tunnel-carried', 'cloudflared.inner-refused'),
    cause: 'tunnel-service-refused',
  },
  {
    told: 'a cloudflared that says that it is not ready has no connection, and was not killed for a fault of its own',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen('edge.530', 'unit.tunnel-not-ready', 'unit.killed', 'unit.exited'),
    cause: 'tunnel-disconnected',
  },
  {
    told: 'a cloudflared that was told to stop was stopped',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen(
      'edge.530',
      'cloudflared.proc-sigterm',
      'derived.tunnel-stopped',
      'derived.tunnel-down',
      'cloudflared.edge-terminated',
    ),
    cause: 'tunnel-stopped',
  },
  {
    told: 'a cloudflared whose log breaks off crashed',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen('edge.530', 'derived.tunnel-vanished', 'derived.tunnel-down', 'unit.killed'),
    cause: 'tunnel-crash',
  },
  {
    told: '503 of a cloudflared without rules is the configuration, not maintenance, also right after a stop',
    madeBy: 'tunnel',
    statuses: { 503: 100 },
    signals: seen(
      'edge.origin-answered-5xx',
      'derived.uniform-503',
      'derived.tunnel-without-rules',
      'cloudflared.proc-noingress',
      'cloudflared.proc-sigterm',
      'derived.tunnel-stopped',
    ),
    cause: 'tunnel-config-error',
    place: 'tunnel',
  },
  {
    told: 'packets that the host itself forbids are the way out of the host, though connections were lost first',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen(
      'edge.530',
      'cloudflared.edge-lost-dgram',
      'cloudflared.edge-lost-idle2',
      'cloudflared.edge-dial-quic',
      'cloudflared.edge-dial-quic-perm',
      'derived.tunnel-down',
    ),
    cause: 'tunnel-edge-blocked',
  },
  {
    told: 'a refused token is the configuration, not the network',
    madeBy: 'tunnel',
    statuses: { 530: 100 },
    signals: seen(
      'edge.530',
      'cloudflared.edge-unauth',
      'cloudflared.edge-serve',
      'cloudflared.edge-retry',
      'derived.tunnel-down',
    ),
    cause: 'tunnel-config-error',
  },
  {
    told: '1033 seen from outside names the tunnel and no more',
    madeBy: 'edge',
    statuses: { 530: 100 },
    signals: seen('edge.530-1033'),
    cause: 'tunnel-disconnected',
    place: 'tunnel',
  },
];

const EDGE_AND_NONE: readonly Case[] = [
  {
    told: 'errors of one data centre that did not ask the origin are the data centre’s',
    madeBy: 'edge',
    signals: seen('edge.502-no-origin', 'derived.one-colo', 'derived.origin-fine-meanwhile'),
    cause: 'edge-colo-incident',
    place: 'edge',
  },
  {
    told: 'errors of the edge in all data centres are not one data centre’s',
    madeBy: 'edge',
    signals: seen('edge.502-no-origin', 'derived.all-colos', 'har.blank-edge'),
    cause: 'edge-internal-error',
    place: 'edge',
  },
  {
    told: 'one data centre in front of an origin that answered 502 itself is no fault of the edge',
    signals: seen('edge.origin-answered-5xx', 'derived.one-colo'),
    cause: 'origin-error-response',
    place: 'origin',
  },
  {
    told: 'a Worker that failed with good subrequests threw',
    madeBy: 'worker',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('edge.worker-5xx', 'derived.worker-children-fine'),
    cause: 'worker-exception',
    place: 'edge',
  },
  {
    told: 'a Worker stopped for its CPU time met a limit',
    madeBy: 'worker',
    statuses: { 503: 100 },
    signals: seen('edge.worker-5xx', 'worker.exceeded-cpu'),
    cause: 'worker-limits',
    place: 'edge',
  },
  {
    told: 'a 403 by a rule of Cloudflare is a rule',
    kind: 'blocked',
    madeBy: 'edge',
    statuses: { 403: 100 },
    signals: seen('edge.waf-block', 'firewall.block'),
    cause: 'waf-block',
    place: 'edge',
  },
  {
    told: 'a 403 of the origin is no rule of Cloudflare',
    kind: 'blocked',
    statuses: { 403: 100 },
    signals: seen('edge.origin-refused-403', 'access.refused-403', 'nginx.forbidden-rule'),
    cause: 'origin-access-rule',
    place: 'origin',
  },
  {
    told: 'look-ups for Early Hints are nobody’s error',
    madeBy: 'edge',
    statuses: { 504: 100 },
    signals: seen('edge.early-hints-504'),
    cause: 'early-hints-504',
    place: 'none',
  },
  {
    told: 'visitors who leave are no fault',
    signals: seen('edge.client-abort', 'access.client-abort', 'cloudflared.ended-abruptly'),
    cause: 'client-abort',
    place: 'none',
  },
  {
    told: 'the same 499s beside 524 are Cloudflare giving up on a slow origin',
    signals: seen('edge.client-abort', 'access.edge-gave-up', 'edge.524', 'cloudflared.ended-abruptly'),
    cause: 'origin-read-timeout',
    place: 'origin',
  },
  {
    told: 'a Worker’s cache look-up is noise',
    madeBy: 'edge',
    statuses: { 504: 100 },
    signals: seen('edge.worker-cache-504'),
    cause: 'noise',
    place: 'none',
  },
];

const AREAS: Readonly<Record<string, readonly Case[]>> = {
  'PHP-FPM and PHP': PHP,
  dependencies: DEPENDENCIES,
  'between Cloudflare and the origin': EDGE_ORIGIN,
  'the tunnel': TUNNEL,
  'the edge, Workers and harmless things': EDGE_AND_NONE,
};

for (const [area, cases] of Object.entries(AREAS)) {
  describe(area, () => {
    it.each(cases)('$told', (sketch) => {
      const diagnosis = diagnose(factsOf(sketch), CATALOGUE);
      const ranked = diagnosis.candidates
        .slice(0, 3)
        .map((c) => `${c.cause?.id} ${c.place} ${c.probability.toFixed(2)}`);
      expect(diagnosis.cause?.id, ranked.join(', ')).toBe(sketch.cause);
      if (sketch.place !== undefined) expect(diagnosis.place, ranked.join(', ')).toBe(sketch.place);
    });
  });
}
