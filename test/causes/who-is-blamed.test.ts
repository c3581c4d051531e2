import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { Place } from '../../src/vocabulary/hops.ts';
import { type FactsSketch, factsOf, seen } from './facts-of.ts';

interface Case extends FactsSketch {
  readonly says: string;
  readonly place: Place;
  readonly cause: CauseId;
}

const SILENT_ORIGIN = ['derived.access-log-stops', 'derived.not-in-origin-log', 'derived.everything-fails'] as const;

const CASES: readonly Case[] = [
  {
    says: 'a 530 with a plain address of the origin is its DNS name, though the web server’s log falls silent',
    place: 'origin',
    cause: 'origin-dns-wrong',
    madeBy: 'edge',
    statuses: { 530: 100 },
    signals: seen('edge.530', 'derived.direct-origin', ...SILENT_ORIGIN),
  },
  {
    says: 'a cloudflared that starts anew without a word of farewell crashed; the silent web server is its consequence',
    place: 'tunnel',
    cause: 'tunnel-crash',
    madeBy: 'edge',
    statuses: { 530: 100 },
    signals: seen('edge.530', 'derived.behind-tunnel', 'derived.tunnel-vanished', ...SILENT_ORIGIN),
  },
  {
    says: 'a cloudflared that the kernel killed is the tunnel’s crash, not a matter of the web server’s host alone',
    place: 'tunnel',
    cause: 'tunnel-crash',
    madeBy: 'edge',
    statuses: { 530: 100 },
    signals: {
      ...seen('edge.530', 'derived.behind-tunnel', 'derived.tunnel-vanished', ...SILENT_ORIGIN),
      'kernel.oom-kill': { values: { role: 'tunnel' }, subjects: ['cloudflared'] },
      'unit.killed': { values: { role: 'tunnel' } },
    },
  },
  {
    says: 'a cloudflared that ran most of the time with a refused token is misconfigured, though it was stopped first',
    place: 'tunnel',
    cause: 'tunnel-config-error',
    madeBy: 'edge',
    statuses: { 530: 100 },
    signals: {
      ...seen('edge.530', 'derived.tunnel-down', 'cloudflared.proc-sigterm', 'cloudflared.edge-unauth'),
      'derived.tunnel-stopped': 0.1,
    },
  },
  {
    says: 'a backend that hangs up on each request is to blame, though Apache ran out of workers in the rush that followed',
    place: 'origin',
    cause: 'app-closed-early',
    signals: seen('apache.backend-closed', 'apache.max-workers'),
  },
  {
    says: 'an Apache without workers is to blame where no request says that its backend failed it',
    place: 'origin',
    cause: 'web-server-connections-exhausted',
    signals: seen('apache.max-workers'),
  },
  {
    says: 'a web server that answers 500 for a process that did not answer in time is read as one that answers 504',
    place: 'origin',
    cause: 'app-timeout',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('apache.backend-timeout', 'access.5xx', 'derived.web-server-says-why'),
  },
  {
    says: 'lines about a few requests beside 500s of the application are not why it answered so',
    place: 'origin',
    cause: 'app-error-response',
    kind: 'application',
    statuses: { 500: 100 },
    signals: {
      ...seen('access.answered-5xx', 'gunicorn.exception'),
      'nginx.timeout-header': { count: 10, share: 0.1, strength: 0.45 },
    },
  },
  {
    says: 'an exception for each of the failed requests tells more than that the origin answered itself',
    place: 'origin',
    cause: 'php-fatal',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('php.uncaught', 'edge.origin-answered-5xx', 'access.5xx', 'derived.all-colos'),
  },
  {
    says: 'a process of mod_wsgi that crashes is the application’s, though Apache calls it its child',
    place: 'origin',
    cause: 'app-closed-early',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('apache.script-closed', 'apache.child-crash'),
  },
  {
    says: 'a certificate that cloudflared refuses is the tunnel’s rule, though the row counts the 502 as the origin’s',
    place: 'tunnel',
    cause: 'tunnel-service-cert',
    signals: seen(
      'edge.origin-answered-5xx',
      'cloudflared.inner-x509-name',
      'derived.tunnel-carried',
      'derived.behind-tunnel',
      ...SILENT_ORIGIN,
    ),
  },
  {
    says: 'a cloudflared without file descriptors is the tunnel’s',
    place: 'tunnel',
    cause: 'tunnel-host-limits',
    signals: seen('edge.origin-answered-5xx', 'cloudflared.inner-emfile', 'derived.tunnel-carried', ...SILENT_ORIGIN),
  },
  {
    says: 'a service that answered cloudflared before and hangs up now is the origin’s',
    place: 'origin',
    cause: 'tunnel-service-closed',
    signals: seen(
      'edge.origin-answered-5xx',
      'cloudflared.inner-eof',
      'derived.tunnel-carried',
      'derived.tunnel-service-worked',
    ),
  },
  {
    says: 'a Worker that exceeded its limits is no maintenance',
    place: 'edge',
    cause: 'worker-limits',
    madeBy: 'worker',
    statuses: { 503: 100 },
    signals: seen('edge.worker-limit', 'derived.instant', 'derived.one-path'),
  },
  {
    says: 'a Worker whose own requests to the origin were refused passes the origin’s fault on',
    place: 'origin',
    cause: 'app-down',
    madeBy: 'worker',
    signals: seen(
      'edge.worker-5xx',
      'derived.worker-child-failed',
      'access.no-answer-502',
      'nginx.connect-unix-refused',
      'derived.reached-origin',
    ),
  },
  {
    says: 'an answer that the web server logged as good and Cloudflare turned into a 502 is the origin’s, not the tunnel’s',
    place: 'origin',
    cause: 'origin-h2-broken',
    madeBy: 'edge',
    signals: seen('edge.502-tried-origin', 'derived.direct-origin', 'derived.answered-at-origin'),
  },
  {
    says: 'an application that the kernel killed is a matter of memory, whatever it refuses afterwards',
    place: 'origin',
    cause: 'host-out-of-memory',
    signals: {
      ...seen('nginx.connect-refused', 'access.no-answer-502', 'edge.origin-answered-5xx', 'derived.app-down'),
      ...seen('kernel.oom-kill', 'derived.killed-for-memory'),
      'unit.killed': { values: { role: 'app' } },
    },
  },
  {
    says: 'a web server whose new configuration is refused is not just down',
    place: 'origin',
    cause: 'web-server-config-error',
    madeBy: 'edge',
    statuses: { 521: 100 },
    signals: seen('edge.521', 'nginx.conf-error', 'derived.proxy-down', ...SILENT_ORIGIN),
  },
  {
    says: 'packets that the firewall dropped speak for themselves where no log from outside tells of it',
    place: 'origin',
    cause: 'firewall-blocks-cloudflare',
    madeBy: 'edge',
    failed: 0,
    statuses: {},
    signals: seen('kernel.packet-dropped', 'derived.seen-from-inside', 'derived.access-log-stops'),
  },
  {
    says: 'a login check that fails is the reason for the web server’s own 500',
    place: 'origin',
    cause: 'http-dependency',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('edge.origin-answered-5xx', 'nginx.auth-request', 'access.own-500', 'derived.web-server-says-why'),
  },
  {
    says: 'nor is it the application’s fault where Traefik could not ask the login check',
    place: 'origin',
    cause: 'http-dependency',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('edge.origin-answered-5xx', 'proxy.auth-failed', 'derived.web-server-says-why'),
  },
  {
    says: 'a backend written without its scheme is the web server’s configuration, with a 500 for each request',
    place: 'origin',
    cause: 'web-server-config-error',
    kind: 'application',
    statuses: { 500: 100 },
    signals: seen('edge.origin-answered-5xx', 'proxy.backend-url', 'derived.web-server-says-why'),
  },
  {
    says: 'a connection that times out is the network policy’s doing where Cilium dropped it',
    place: 'origin',
    cause: 'access-policy-denied',
    statuses: { 504: 100 },
    signals: { ...seen('proxy.connect-timeout'), 'host.policy-dropped': { values: { role: 'proxy' } } },
  },
  {
    says: 'also where it dropped that of cloudflared',
    place: 'origin',
    cause: 'access-policy-denied',
    madeBy: 'tunnel',
    statuses: { 502: 100 },
    signals: { ...seen('cloudflared.inner-connect-timeout'), 'host.policy-dropped': { values: { role: 'tunnel' } } },
  },
  {
    says: 'a backend that hangs up on each request is a wrong scheme where plain HTTP goes to its TLS port',
    place: 'origin',
    cause: 'app-scheme-mismatch',
    statuses: { 502: 100 },
    signals: seen('nginx.premature-header', 'derived.proxied-to-tls-port'),
  },
  {
    says: 'and is not where it answered the same way before',
    place: 'origin',
    cause: 'app-closed-early',
    statuses: { 502: 100 },
    signals: seen('nginx.premature-header', 'derived.proxied-to-tls-port', 'derived.upstream-worked-before'),
  },
  {
    says: 'and the connection’s own time-out where it dropped that of another pod',
    place: 'origin',
    cause: 'app-connect-timeout',
    statuses: { 504: 100 },
    signals: { ...seen('proxy.connect-timeout'), 'host.policy-dropped': { values: { role: 'other' } } },
  },
];

describe('the blame', () => {
  it.each(CASES)('$says', (sketch) => {
    const diagnosis = diagnose(factsOf(sketch), CAUSES);
    const ranked = diagnosis.candidates.slice(0, 3).map((c) => `${c.cause?.id} ${c.place} ${c.probability.toFixed(2)}`);
    expect(`${diagnosis.place} ${diagnosis.cause?.id}`, ranked.join(', ')).toBe(`${sketch.place} ${sketch.cause}`);
  });
});

describe('what the given logs cannot part', () => {
  it.each([
    ['523: no route, or a wrong address in the record', 523, 'edge.523', ['origin-unreachable', 'origin-dns-wrong']],
    [
      '522 in all data centres: the way, or a firewall at its end',
      522,
      'edge.522-connect',
      ['origin-unreachable', 'firewall-blocks-cloudflare'],
    ],
  ] as const)('%s', (_, status, signal, both) => {
    const { candidates, placeConfidence } = diagnose(
      factsOf({
        madeBy: 'edge',
        statuses: { [status]: 100 },
        signals: seen(signal, 'derived.direct-origin', 'derived.all-colos', ...SILENT_ORIGIN),
      }),
      CAUSES,
    );
    for (const id of both)
      expect(candidates.find(({ cause }) => cause?.id === id)?.probability, id).toBeGreaterThan(0.05);
    expect(placeConfidence).toBeLessThan(0.9);
  });
});
