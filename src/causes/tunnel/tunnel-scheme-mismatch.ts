import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, VERIFY_THROUGH_CLOUDFLARE } from '../texts.ts';
import {
  APPLY_RULES_STEP,
  MISSING_CLOUDFLARED_LOG,
  service,
  serviceAddress,
  VERIFY_NO_REACH_ERRORS,
} from '../tunnel-texts.ts';

/** The rule says https and the port is plain; otherwise it is the other way round. */
const plainPort = (facts: Facts): boolean =>
  facts.signals.has('cloudflared.inner-tls-plain') || facts.signals.has('cloudflared.inner-scheme-client');

export const tunnelSchemeMismatch: Cause = {
  id: 'tunnel-scheme-mismatch',
  title: 'cloudflared: http/https mismatch with the service',
  place: 'tunnel',
  hop: 'tunnel',
  broader: [],
  aliases: [],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.inner-tls-plain', weight: 'decisive', why: 'cloudflared spoke TLS and got plain text' },
    { signal: 'cloudflared.inner-scheme-client', weight: 'decisive', why: 'cloudflared spoke TLS and got plain HTTP' },
    { signal: 'cloudflared.inner-alert-as-http', weight: 'decisive', why: 'cloudflared spoke plain HTTP and got TLS' },
    {
      signal: 'cloudflared.inner-h2-preface-as-http',
      weight: 'decisive',
      why: 'cloudflared spoke HTTP/1.1 and got HTTP/2',
    },
    { signal: 'derived.http-on-tls-port', weight: 'decisive', why: 'http:// stands before a TLS port' },
    { signal: 'cloudflared.inner-eof', weight: 'weak', why: 'some TLS ports just close on plain HTTP' },
    { signal: 'nginx.client-plain-https', weight: 'medium', why: 'plain HTTP arrived on the web server’s TLS port' },
    { signal: 'access.tls-to-plain-port', weight: 'medium', why: 'TLS arrived on the web server’s plain port' },
    { signal: 'app.got-tls', weight: 'medium', why: 'TLS arrived on the service’s plain port' },
    { signal: 'app.got-plain', weight: 'medium', why: 'plain HTTP arrived on the service’s TLS port' },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) => {
    if (facts.signals.has('cloudflared.inner-h2-preface-as-http')) {
      return `The service ${service(facts)} speaks HTTP/2 only, and the rule makes cloudflared speak HTTP/1.1: ${failedRequests(facts)} failed.`;
    }
    if (facts.signals.size === 0) {
      return 'The scheme of the ingress rule and the port do not agree: https:// towards a plain port, or http:// towards a TLS port. cloudflared answers 502 itself.';
    }
    return plainPort(facts)
      ? `The ingress rule says https:// for ${service(facts)}, but that port speaks plain HTTP: ${failedRequests(facts)} failed with a 502 that cloudflared made itself.`
      : `The ingress rule says http:// for ${service(facts)}, but that port speaks TLS: ${failedRequests(facts)} failed with a 502 that cloudflared made itself.`;
  },
  missing: [MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'See what the port speaks.',
      command: (facts) =>
        `curl -sI http://${serviceAddress(facts)}/ | head -1; curl -skI https://${serviceAddress(facts)}/ | head -1`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) => `Make the rule’s scheme agree: ${plainPort(facts) ? 'http://' : 'https://'} for this port.`,
      config: (facts) =>
        facts.signals.has('cloudflared.inner-h2-preface-as-http')
          ? `service: https://${serviceAddress(facts)}\noriginRequest:\n  http2Origin: true`
          : plainPort(facts)
            ? `service: http://${serviceAddress(facts)}`
            : `service: https://${serviceAddress(facts)}\noriginRequest:\n  originServerName: ${hostInCommand(facts)}   # a name of its certificate`,
      computedFrom: (facts) =>
        facts.signals.size === 0 ? '' : 'the scheme of the rule and the answer of the port in the error line',
      risk: 'With https:// the certificate is checked: a self-signed one fails next. http:// to another host is unencrypted on that way.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    'noTLSVerify: true: it skips the check of a certificate and does not make a plain port speak TLS.',
    'Changing the zone’s SSL mode: it does not apply between cloudflared and the service.',
  ],
  verify: [
    VERIFY_NO_REACH_ERRORS,
    VERIFY_THROUGH_CLOUDFLARE,
    'No redirect loop: the application has to learn from X-Forwarded-Proto that the visitor uses https.',
  ],
  prevent: ['Note the scheme beside the port wherever the service is described.'],
  difficulty: 'easy',
  sources: [
    'Go crypto/tls (record header error), net/http (malformed HTTP response)',
    'Cloudflare docs: tunnel common errors',
  ],
};
