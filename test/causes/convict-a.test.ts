import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/causes/cause.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { type FactsSketch, factsOf, seen } from './facts-of.ts';

interface Case extends FactsSketch {
  readonly says: string;
  readonly cause: CauseId;
  /** At least so sure. */
  readonly atLeast?: number;
}

const CASES: readonly Case[] = [
  {
    says: 'a web server that was stopped before the 521s and started after them is down',
    cause: 'web-server-down',
    madeBy: 'edge',
    signals: seen('edge.521', 'derived.proxy-down', 'unit.stopped', 'derived.access-log-stops'),
  },
  {
    says: '521 alone speaks for a web server that is down, with doubt',
    cause: 'web-server-down',
    atLeast: 0.5,
    madeBy: 'edge',
    signals: seen('edge.521'),
  },
  {
    says: 'a web server that was away for seconds was restarted, not down',
    cause: 'web-server-restart',
    madeBy: 'edge',
    signals: seen('edge.521', 'derived.proxy-restarted', 'nginx.sig-stop', 'nginx.start'),
  },
  {
    says: 'a web server that cannot bind its port has a configuration error, not an outage without a reason',
    cause: 'web-server-config-error',
    madeBy: 'edge',
    signals: seen('edge.521', 'nginx.bind-failed', 'nginx.bind-gave-up', 'derived.proxy-down'),
  },
  {
    says: 'a redirection cycle is the configuration’s fault',
    cause: 'web-server-config-error',
    kind: 'application',
    signals: seen('nginx.rewrite-cycle', 'access.own-500'),
  },
  {
    says: 'a worker of nginx that died on a signal explains empty replies',
    cause: 'web-server-crash',
    madeBy: 'edge',
    signals: seen('edge.520', 'nginx.worker-signal', 'derived.not-in-origin-log'),
  },
  {
    says: 'a worker of nginx that the kernel killed is a matter of memory',
    cause: 'host-out-of-memory',
    madeBy: 'edge',
    signals: seen('edge.520', 'nginx.worker-killed', 'kernel.oom-kill'),
  },
  {
    says: 'connections dropped by worker_connections explain 520s',
    cause: 'web-server-connections-exhausted',
    madeBy: 'edge',
    signals: seen('edge.520', 'nginx.conn-limit-drop'),
  },
  {
    says: 'limit_req answers 503, that is no maintenance',
    cause: 'web-server-rate-limit',
    statuses: { 503: 100 },
    signals: seen('nginx.limit-req', 'access.own-503', 'edge.origin-answered-5xx'),
  },
  {
    says: '429 of the origin is a limit, not a rule that forbids',
    cause: 'web-server-rate-limit',
    statuses: { 429: 100 },
    signals: seen('edge.origin-refused-403', 'derived.too-many-requests'),
  },
  {
    says: 'one small 503 with Retry-After for every page is maintenance, not a rate limit',
    cause: 'maintenance',
    statuses: { 503: 100 },
    signals: seen('derived.uniform-503', 'derived.retry-after', 'access.own-503', 'edge.origin-answered-5xx'),
  },
  {
    says: 'too many open files are named before the connections that fail of it',
    cause: 'file-descriptors-exhausted',
    signals: seen('nginx.socket-emfile', 'nginx.accept-emfile', 'access.own-500'),
  },
  {
    says: 'errno 99 on connect means that local ports ran out',
    cause: 'local-ports-exhausted',
    signals: seen('nginx.connect-ports-exhausted', 'access.no-answer-502', 'derived.intermittent'),
  },
  {
    says: 'a full disk is named before the short answers it makes',
    cause: 'disk-full',
    signals: seen('nginx.disk-full', 'nginx.premature-body'),
  },
  {
    says: 'a database that cannot start for a full disk is a full disk',
    cause: 'disk-full',
    signals: seen('db.disk-full', 'db.start-failed', 'unit.exited'),
  },
  {
    says: 'a panic in a handler of Go’s closes that connection, and the process lives on',
    cause: 'app-closed-early',
    signals: seen('app.handler-panic', 'nginx.premature-header'),
  },
  {
    says: 'processors without time left are an overload',
    cause: 'origin-overload',
    signals: seen('host.shown-cpu-busy', 'derived.all-paths'),
  },
  {
    says: 'pods that the kubelet evicts to free the disk are a full disk, not a crash of the application',
    cause: 'disk-full',
    signals: seen('unit.evicted-disk'),
  },
  {
    says: 'a program that LiteSpeed does not find is an application that is not there',
    cause: 'app-down',
    signals: seen('lsapi.exec-missing', 'access.own-503'),
  },
  {
    says: 'a user with as many processes as it may have is overloaded, not short of memory',
    cause: 'origin-overload',
    signals: seen('lsapi.exec-limit', 'derived.all-paths'),
  },
  {
    says: 'a unix socket that Go finds full is a full queue, not a backend that is down',
    cause: 'app-backlog-full',
    signals: seen('proxy.backlog-full', 'access.no-answer-502'),
  },
  {
    says: 'a worker that was reset by the OOM killer is a matter of memory, not of the application',
    cause: 'host-out-of-memory',
    signals: seen('kernel.oom-kill', 'fpm.child-kill', 'nginx.recv-reset-header', 'edge.origin-answered-5xx'),
  },
  {
    says: 'permission denied on TCP is a policy of the host',
    cause: 'access-policy-denied',
    signals: seen('nginx.connect-tcp-denied', 'access.no-answer-502'),
  },
  {
    says: 'a socket denied with an AVC line is the policy’s doing, not that of its mode',
    cause: 'access-policy-denied',
    signals: { ...seen('nginx.connect-unix-denied'), 'host.access-denied': { values: { role: 'proxy' } } },
  },
  {
    says: 'a socket denied without an AVC line is a matter of owner and mode',
    cause: 'app-socket-denied',
    signals: seen('nginx.connect-unix-denied', 'access.no-answer-502'),
  },
  {
    says: 'a host that acknowledges nothing while traffic rises is overloaded',
    cause: 'origin-overload',
    atLeast: 0.5,
    madeBy: 'edge',
    signals: seen('edge.522-no-ack', 'derived.traffic-spike', 'derived.all-paths'),
  },
  {
    says: 'a full connection table explains 522s',
    cause: 'host-network-limits',
    madeBy: 'edge',
    signals: seen('edge.522-connect', 'kernel.conntrack-full'),
  },
  {
    says: 'refused connections mean that the application is down',
    cause: 'app-down',
    signals: seen('nginx.connect-refused', 'access.no-answer-502', 'edge.origin-answered-5xx', 'derived.instant'),
  },
  {
    says: 'an application that ended by itself and refuses connections is down, whatever systemd did then',
    cause: 'app-down',
    signals: {
      ...seen('nginx.connect-refused', 'edge.origin-answered-5xx', 'app.crash', 'unit.exited', 'unit.failed'),
      ...seen('unit.restart-scheduled', 'derived.app-down', 'app.start'),
    },
  },
  {
    says: 'refused connections in the seconds between a stop and a start are a restart',
    cause: 'app-restart',
    signals: seen('nginx.connect-refused', 'derived.app-restarted', 'unit.stopping', 'app.start'),
  },
  {
    says: 'a reload of PHP-FPM that cuts running requests is a restart, not a crash',
    cause: 'app-restart',
    signals: seen('nginx.recv-reset-header', 'fpm.reloading', 'derived.fpm-restarted'),
  },
  {
    says: 'a socket file that is not there is missing',
    cause: 'app-socket-missing',
    signals: seen('nginx.connect-unix-missing', 'derived.fpm-down', 'fpm.bye', 'edge.origin-answered-5xx'),
  },
  {
    says: 'a socket that is missing for seconds only is a restart',
    cause: 'app-restart',
    signals: seen('nginx.connect-unix-missing', 'derived.fpm-restarted', 'fpm.terminating'),
  },
  {
    says: 'EAGAIN on a unix socket is a full listen queue',
    cause: 'app-backlog-full',
    signals: { ...seen('nginx.connect-unix-backlog', 'access.no-answer-502'), 'nginx.timeout-header': 0.3 },
  },
  {
    says: 'a time-out on one path is a slow application',
    cause: 'app-timeout',
    statuses: { 504: 100 },
    signals: seen('nginx.timeout-header', 'access.timeout-504', 'derived.one-path', 'derived.timer'),
  },
  {
    says: 'time-outs of a pool that reached max_children are the pool’s',
    cause: 'php-fpm-max-children',
    statuses: { 504: 100 },
    signals: seen(
      'nginx.timeout-header',
      'access.timeout-504',
      'fpm.max-children',
      'derived.pool-exhausted',
      'derived.all-paths',
    ),
  },
  {
    says: 'a time-out while connecting is no slow code',
    cause: 'app-connect-timeout',
    statuses: { 504: 100 },
    signals: seen('nginx.timeout-connect', 'access.timeout-504'),
  },
  {
    says: 'no route to host means that the application cannot be reached',
    cause: 'app-unreachable',
    signals: seen('nginx.connect-no-route', 'access.no-answer-502'),
  },
  {
    says: 'no route to an address that was another before is a stale address',
    cause: 'app-stale-address',
    signals: seen('nginx.connect-no-route', 'derived.address-changed'),
  },
  {
    says: 'an orderly close without an answer is named as that',
    cause: 'app-closed-early',
    atLeast: 0.5,
    signals: seen('nginx.premature-header', 'access.no-answer-502', 'edge.origin-answered-5xx'),
  },
  {
    says: 'a close that gunicorn’s time-out explains is the worker’s time-out',
    cause: 'app-worker-timeout',
    signals: seen('nginx.premature-header', 'access.no-answer-502', 'gunicorn.worker-timeout', 'derived.timer'),
  },
  {
    says: 'an answer that ends in the middle is cut',
    cause: 'app-cut-body',
    signals: seen('nginx.premature-body', 'nginx.recv-reset-body'),
  },
  {
    says: 'a reset that nothing explains is named as that',
    cause: 'app-reset',
    atLeast: 0.4,
    signals: seen('nginx.recv-reset-header', 'access.no-answer-502', 'edge.origin-answered-5xx'),
  },
  {
    says: 'a reset in the second in which a worker segfaults is a crash of PHP-FPM',
    cause: 'php-fpm-crash',
    signals: seen('nginx.recv-reset-header', 'fpm.child-segv', 'edge.origin-answered-5xx'),
  },
  {
    says: 'an application that dies of an uncaught error with requests in hand crashed',
    cause: 'app-crash',
    atLeast: 0.5,
    signals: seen('nginx.premature-header', 'app.crash', 'unit.exited', 'access.no-answer-502'),
  },
  {
    says: 'a header larger than the buffer is named',
    cause: 'app-header-too-big',
    signals: seen('nginx.big-header', 'access.no-answer-502', 'edge.origin-answered-5xx'),
  },
  {
    says: 'an answer with two lengths is not valid',
    cause: 'app-invalid-response',
    signals: seen('nginx.cl-te', 'access.no-answer-502'),
  },
  {
    says: 'an upload that the backend cuts is too big for it',
    cause: 'app-request-too-big',
    atLeast: 0.5,
    signals: seen('nginx.write-broken-pipe', 'derived.one-method'),
  },
  {
    says: 'plain text in answer to a TLS hello is a wrong scheme',
    cause: 'app-scheme-mismatch',
    signals: seen('nginx.tls-wrong-version', 'access.no-answer-502'),
  },
  {
    says: 'a handshake alert is a failed handshake, not a wrong scheme',
    cause: 'app-tls-handshake',
    signals: seen('nginx.tls-alert-handshake', 'access.no-answer-502'),
  },
  {
    says: 'a certificate that is not verified is the certificate’s fault',
    cause: 'app-tls-cert',
    signals: seen('nginx.tls-verify', 'access.no-answer-502'),
  },
  {
    says: 'a name that does not resolve is named',
    cause: 'app-dns',
    signals: seen('nginx.resolve-nx', 'access.no-upstream-502'),
  },
  {
    says: 'a refused ::1 whose requests got a 502 is localhost over IPv6, not an application that is down',
    cause: 'app-localhost-ipv6',
    signals: seen('nginx.connect-refused', 'derived.ipv6-localhost', 'access.no-answer-502'),
  },
  {
    says: 'errno 99 on connect to ::1 is a host without IPv6, not one without ports',
    cause: 'app-localhost-ipv6',
    signals: seen('nginx.connect-ports-exhausted', 'derived.ipv6-localhost', 'access.no-answer-502'),
  },
  {
    says: 'a refused ::1 that nginx sets aside for the next address harms nobody',
    cause: 'noise',
    atLeast: 0.6,
    signals: seen('nginx.connect-refused', 'derived.ipv6-localhost', 'nginx.temp-disabled'),
  },
  {
    says: 'no live upstreams means that all backends are marked down',
    cause: 'app-all-down',
    signals: {
      ...seen('nginx.no-live', 'access.no-live-502', 'nginx.temp-disabled'),
      'nginx.connect-refused': 0.2,
    },
  },
  {
    says: 'few lines of no live upstreams among refused connections leave the application down',
    cause: 'app-down',
    signals: { 'nginx.connect-refused': 1, 'nginx.no-live': 0.2 },
  },
  {
    says: 'a success that Cloudflare could not use is broken compression',
    cause: 'app-bad-compression',
    madeBy: 'edge',
    signals: seen('edge.refused-origin-answer', 'derived.compressed-only', 'derived.reached-origin'),
  },
  {
    says: 'a response header with a 5xx is the application’s own answer',
    cause: 'app-error-response',
    kind: 'application',
    atLeast: 0.7,
    statuses: { 500: 100 },
    signals: seen('access.answered-5xx', 'edge.origin-answered-5xx', 'derived.one-path'),
  },
  {
    says: 'an access rule on the origin refuses',
    cause: 'origin-access-rule',
    kind: 'blocked',
    statuses: { 403: 100 },
    signals: seen('nginx.forbidden-rule', 'access.refused-403', 'edge.origin-refused-403'),
  },
  {
    says: 'only OPTIONS fails: preflights',
    cause: 'cors-preflight',
    signals: seen('derived.only-options', 'edge.origin-answered-5xx', 'access.answered-5xx'),
  },
];

describe('causes of the web server and the application', () => {
  it.each(CASES)('$says', ({ cause, atLeast, ...sketch }) => {
    const verdict = diagnose(factsOf(sketch), CAUSES);
    const first = verdict.candidates.slice(0, 4).map((c) => `${c.cause?.id} ${c.probability.toFixed(2)}`);
    expect([verdict.cause?.id, ...first]).toEqual([cause, ...first]);
    expect(verdict.confidence).toBeGreaterThanOrEqual(atLeast ?? 0.75);
  });

  it('an edge log alone proves the origin and leaves the cause open', () => {
    const verdict = diagnose(factsOf({ signals: seen('edge.origin-answered-5xx') }), CAUSES);
    expect(verdict.place).toBe('origin');
    expect(verdict.placeConfidence).toBeGreaterThan(0.85);
    expect(verdict.confidence).toBeLessThan(0.8);
    expect(verdict.candidates[0]?.cause?.id).toBe('origin-error-response');
  });

  it('a memory kill of cloudflared is the tunnel’s', () => {
    const facts = factsOf({
      madeBy: 'edge',
      signals: { 'kernel.oom-kill': { subjects: ['cloudflared'], values: { role: 'tunnel' } } },
    });
    expect(diagnose(facts, CAUSES).place).toBe('tunnel');
  });
});

const BARE = factsOf({ signals: {} });
const HOSTILE = factsOf({
  signals: {
    'unit.failed': { subjects: ['$(reboot)'], values: { role: 'app' } },
    'nginx.limit-req': { values: { zone: '`id`' } },
  },
  top: { host: '$(reboot).example.com', path: '/a;reboot', upstream: 'unix:/run/$(reboot).sock', server: '`id`' },
});

describe('texts of every cause', () => {
  it.each(CAUSES.map((cause) => [cause.id, cause] as const))('%s says all that a report needs', (_id, cause) => {
    for (const facts of [BARE, HOSTILE]) {
      expect(textOf(cause.summary, facts)).toMatch(/^\S.*[.?]$/s);
      expect(textOf(cause.summary, facts)).not.toMatch(/undefined|null|NaN/);
      for (const step of cause.fix) {
        for (const text of [step.text, step.command, step.config, step.computedFrom]) {
          expect(text === undefined ? '' : textOf(text, facts)).not.toMatch(/undefined|NaN/);
        }
      }
    }
    const signals = cause.evidence.map((rule) => rule.signal);
    expect(new Set(signals).size).toBe(signals.length);
  });

  it.each(CAUSES.map((cause) => [cause.id, cause] as const))('%s puts no log text into a command', (_id, cause) => {
    const commands = [
      ...cause.fix.flatMap((step) => [step.command, step.config]),
      ...cause.missing.map((item) => item.command),
    ];
    for (const command of commands) {
      if (command === undefined || command === null) continue;
      expect(textOf(command, HOSTILE)).not.toMatch(/reboot|`id`/);
    }
  });
});
