import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, failedRequestsFirst } from '../texts.ts';
import {
  APPLY_RULES_STEP,
  MISSING_CLOUDFLARED_LOG,
  service,
  serviceAddress,
  serviceFirst,
  serviceThatListens,
  VERIFY_NO_REACH_ERRORS,
} from '../tunnel-texts.ts';
import { errorLog } from '../web-servers.ts';

export const tunnelServiceTls: Cause = {
  id: 'tunnel-service-tls',
  title: 'cloudflared: TLS handshake with the service failed',
  place: 'tunnel',
  placeWhen: (facts) => (facts.signals.has('cloudflared.inner-tls-timeout') ? serviceThatListens(facts) : 'tunnel'),
  hop: 'tunnel',
  broader: [],
  aliases: ['tunnel-origin-tls', 'tunnel-origin-tls-handshake-failed', 'origin-tls-handshake-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.inner-tls-alert', weight: 'decisive', why: 'the service refused the handshake' },
    {
      signal: 'cloudflared.inner-tls-timeout',
      weight: 'decisive',
      why: 'the service accepted and never answered the handshake',
    },
    {
      signal: 'nginx.client-tls-version',
      weight: 'medium',
      why: 'the web server and its client share no version or cipher',
    },
    { signal: 'app.no-certificate', weight: 'medium', why: 'a port without a certificate ends every handshake' },
    { signal: 'cloudflared.inner-eof', weight: 'weak', why: 'a handshake can end in a bare close' },
    { signal: 'cloudflared.inner-reset', weight: 'weak', why: 'a handshake can end in a reset' },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) =>
    facts.signals.has('cloudflared.inner-tls-timeout')
      ? `cloudflared connected to ${service(facts)} and got no answer to its TLS handshake within tlsTimeout (10 s by default): ${failedRequests(facts)} failed. The service is overloaded, or that port speaks no TLS and waits.`
      : `${serviceFirst(facts)} refused cloudflared’s TLS handshake: no version or cipher in common, an unknown name (SNI), or it wants a client certificate. ${failedRequestsFirst(facts)} failed with a 502 that cloudflared made itself.`,
  missing: [
    MISSING_CLOUDFLARED_LOG,
    {
      what: 'the service’s own error log of the handshake',
      why: 'it names the reason that the client only sees as an alert',
      command: (facts) => `sudo tail -50 ${errorLog(facts)}`,
      unless: { signals: ['nginx.client-tls-version', 'nginx.client-tls-alert'] },
    },
  ],
  fix: [
    {
      text: 'Make the same handshake from cloudflared’s host, with and without the visitor’s name.',
      command: (facts) =>
        `for n in localhost ${hostInCommand(facts)}; do echo "== $n"; openssl s_client -connect ${serviceAddress(facts)} -servername $n </dev/null 2>&1 | grep -E 'Protocol|Cipher|alert|errno'; done`,
      risk: 'None: it only reads.',
    },
    {
      text: 'If it works with the name only: send the name.',
      config: (facts) => `originRequest:\n  originServerName: ${hostInCommand(facts)}`,
      risk: 'The certificate must have that name.',
    },
    {
      text: 'If versions or ciphers differ: let the service offer TLS 1.2 with ECDHE, or 1.3. Newer cloudflared no longer offers plain RSA key exchange.',
      config: 'ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers HIGH:!aNULL:!kRSA;',
      risk: 'Very old clients of the same service drop out.',
    },
    {
      text: 'If the service wants a client certificate: cloudflared has none to show; exempt its address or offer a port without that demand.',
      risk: 'That port must not be reachable from outside.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    'noTLSVerify: the handshake ends before any certificate is checked.',
    'Raising tlsTimeout at once: a service that needs 10 s for a handshake is overloaded.',
  ],
  verify: [VERIFY_NO_REACH_ERRORS],
  prevent: ['Update cloudflared on one connector first and watch its log before the others follow.'],
  difficulty: 'moderate',
  sources: [
    'Go crypto/tls alerts; net/http TLS handshake timeout',
    'cloudflared issue 1297',
    'Cloudflare docs: tunnel origin parameters',
  ],
};
