import type { Cause } from '../cause.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { bodyLimit, idleConnections } from '../server-topics.ts';
import { AVOID_RESTART_CLOUDFLARED, failedRequests, MISSING_APP_LOG, MISSING_KERNEL_LOG } from '../texts.ts';
import {
  ASK_SERVICE_STEP,
  MISSING_CLOUDFLARED_LOG,
  serviceFirst,
  serviceThatListens,
  VERIFY_NO_REACH_ERRORS,
} from '../tunnel-texts.ts';
import { errorLog, forServer } from '../web-servers.ts';

export const tunnelServiceClosed: Cause = {
  id: 'tunnel-service-closed',
  title: 'The service closed the connection on cloudflared',
  place: 'tunnel',
  placeWhen: serviceThatListens,
  hop: 'tunnel',
  broader: [],
  aliases: [
    'tunnel-origin-closed',
    'origin-truncated-response',
    'origin-malformed-response',
    'origin-reset',
    'origin-closed-without-response',
  ],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.inner-eof', weight: 'decisive', why: 'it closed before the first byte of an answer' },
    { signal: 'cloudflared.inner-reset', weight: 'decisive', why: 'it reset the connection' },
    { signal: 'cloudflared.inner-reset-windows', weight: 'decisive', why: 'it reset the connection' },
    {
      signal: 'cloudflared.inner-idle-closed',
      weight: 'decisive',
      why: 'it closed an idle connection that was being reused',
    },
    {
      signal: 'cloudflared.inner-closed-while-sending',
      weight: 'decisive',
      why: 'it closed while the body was being sent',
    },
    { signal: 'cloudflared.inner-brokenpipe', weight: 'decisive', why: 'it closed while the request was being sent' },
    { signal: 'cloudflared.inner-malformed', weight: 'strong', why: 'its answer was not HTTP' },
    { signal: 'cloudflared.inner-headers-too-big', weight: 'strong', why: 'its headers were beyond the limit' },
    { signal: 'cloudflared.unexpected-eof', weight: 'strong', why: 'it closed in the middle of an answer' },
    { signal: 'cloudflared.midbody-reset', weight: 'strong', why: 'it reset in the middle of an answer' },
    { signal: 'cloudflared.inner-other', weight: 'strong', why: 'the service gave no proper answer' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'other requests to it succeed' },
    { signal: 'kernel.oom-kill', weight: 'weak', why: 'a process was killed in those seconds' },
    ...TUNNEL_502_OUTSIDE,
    { signal: 'derived.tunnel-service-back', weight: 'weak', against: true, why: 'so short an absence is a restart' },
    { signal: 'derived.http-on-tls-port', weight: 'strong', against: true, why: 'the port expects TLS' },
  ],
  summary: (facts) =>
    facts.signals.has('cloudflared.inner-idle-closed')
      ? `${serviceFirst(facts)} closed idle connections just as cloudflared reused them: ${failedRequests(facts)} failed. Its keep-alive time is shorter than cloudflared’s (90 s).`
      : `${serviceFirst(facts)} took cloudflared’s connections and closed them without a proper answer: ${failedRequests(facts)} failed with a 502 that cloudflared made itself. A worker that crashed or was killed, a restart, a race on idle connections, or plain HTTP on a TLS port look like this; the service’s own log of that second parts them.`,
  missing: [MISSING_APP_LOG, MISSING_CLOUDFLARED_LOG, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'Read the service’s own log at the very second: crash, kill, restart, or nothing at all.',
      command: (facts) =>
        `sudo grep -hE 'exited on signal|exited with|killed|panic|fatal' ${errorLog(facts)} /var/log/syslog 2>/dev/null | tail -40`,
      risk: 'None: it only reads.',
    },
    ASK_SERVICE_STEP,
    {
      text: 'If every request fails: the scheme may be wrong (plain HTTP to a TLS port ends so with some servers). Try https:// in the rule.',
      config: 'service: https://127.0.0.1:8443',
      risk: 'The certificate is checked then.',
    },
    {
      text: 'If single requests fail, mostly POST: let the service keep idle connections longer than cloudflared does, or cloudflared shorter.',
      config: (facts) =>
        [
          forServer(idleConnections(120))(facts),
          '# or in cloudflared’s rule\noriginRequest:\n  keepAliveTimeout: 4s   # below the service’s own (Node: 5 s by default)',
        ]
          .filter((part) => part !== '')
          .join('\n'),
      computedFrom: 'cloudflared’s default keepAliveTimeout of 90 s',
      risk: 'Shorter keep-alive means more new connections.',
    },
    {
      text: 'If large uploads fail: raise the body limit of the service.',
      config: forServer(bodyLimit(100)),
      risk: 'Larger bodies need disk and time. Cloudflare’s own limit depends on the plan.',
    },
  ],
  avoid: [AVOID_RESTART_CLOUDFLARED, 'Raising time-outs in cloudflared: none of them was involved.'],
  verify: [VERIFY_NO_REACH_ERRORS, 'A hundred POSTs, one every 7 s, all succeed through the tunnel.'],
  prevent: [
    'On a chain of proxies each inner hop keeps idle connections longer than the hop before it.',
    'Alarm on crashes of the service.',
  ],
  difficulty: 'hard',
  sources: [
    'Go net/http transport (EOF, server closed idle connection)',
    'cloudflared ingress/origin_service.go (keepAliveTimeout 90 s)',
  ],
};
