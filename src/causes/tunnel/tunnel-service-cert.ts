import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequestsFirst, VERIFY_THROUGH_CLOUDFLARE } from '../texts.ts';
import {
  APPLY_RULES_STEP,
  MISSING_CLOUDFLARED_LOG,
  service,
  serviceAddress,
  VERIFY_NO_REACH_ERRORS,
} from '../tunnel-texts.ts';

function why(facts: Facts): string {
  const has = facts.signals.has.bind(facts.signals);
  if (has('cloudflared.inner-x509-expired')) return 'it has expired or is not valid yet';
  if (has('cloudflared.inner-x509-unknown-ca')) return 'nobody that cloudflared trusts has signed it';
  if (has('cloudflared.inner-x509-noip')) return 'the rule names an IP address, and the certificate has none';
  if (has('cloudflared.inner-x509-cn')) return 'it has no subjectAltName';
  if (facts.signals.size > 0) return 'it is for another name than the one in the rule';
  return 'it has expired, is for another name, or nobody that cloudflared trusts has signed it';
}

export const tunnelServiceCert: Cause = {
  id: 'tunnel-service-cert',
  title: 'cloudflared does not trust the service’s certificate',
  place: 'tunnel',
  hop: 'tunnel',
  broader: [],
  aliases: [
    'tunnel-cert-untrusted',
    'tunnel-origin-cert',
    'tunnel-origin-cert-untrusted',
    'tunnel-origin-cert-name-mismatch',
    'tunnel-origin-cert-expired',
  ],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.inner-x509-unknown-ca', weight: 'decisive', why: 'its signer is not trusted' },
    { signal: 'cloudflared.inner-x509-name', weight: 'decisive', why: 'it is for another name' },
    { signal: 'cloudflared.inner-x509-nonames', weight: 'decisive', why: 'it names nobody: a default certificate' },
    {
      signal: 'cloudflared.inner-x509-noip',
      weight: 'decisive',
      why: 'the rule names an address, the certificate does not',
    },
    { signal: 'cloudflared.inner-x509-cn', weight: 'decisive', why: 'it has no subjectAltName' },
    { signal: 'cloudflared.inner-x509-expired', weight: 'decisive', why: 'it has expired' },
    { signal: 'host.certificate-failed', weight: 'weak', why: 'a certificate could not be renewed or obtained' },
    { signal: 'cloudflared.proc-config', weight: 'weak', why: 'the rule was changed' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a refused certificate fails for every request' },
    ...TUNNEL_502_OUTSIDE,
    {
      signal: 'derived.intermittent',
      weight: 'medium',
      against: true,
      why: 'a certificate does not come and go with load',
    },
  ],
  summary: (facts) =>
    `cloudflared connected to ${service(facts)} by TLS and did not accept its certificate: ${why(facts)}. ${failedRequestsFirst(facts)} failed with a 502 that cloudflared made itself.`,
  missing: [MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'Look at the certificate as cloudflared gets it: without and with the visitor’s host name as SNI.',
      command: (facts) =>
        `for n in localhost ${hostInCommand(facts)}; do openssl s_client -connect ${serviceAddress(facts)} -servername $n </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -enddate -ext subjectAltName; done`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        facts.signals.has('cloudflared.inner-x509-expired')
          ? 'Renew the certificate and reload the service: until then it shows the old one.'
          : facts.signals.has('cloudflared.inner-x509-unknown-ca')
            ? 'Give cloudflared the authority that signed it.'
            : 'Tell cloudflared which name to ask for and to expect: one that the certificate has.',
      config: (facts) =>
        facts.signals.has('cloudflared.inner-x509-unknown-ca')
          ? 'originRequest:\n  caPool: /etc/cloudflared/service-ca.pem'
          : `originRequest:\n  originServerName: ${hostInCommand(facts)}`,
      computedFrom: (facts) => (facts.signals.size === 0 ? '' : `the error text: ${why(facts)}`),
      risk: 'A wrong name gives the next x509 error. In the dashboard the setting is under the host name’s TLS options.',
    },
    {
      text: 'If the service is on the same host or in the same container network: plain http:// to it is simplest.',
      config: 'service: http://127.0.0.1:<plain port>',
      risk: 'The application must learn from X-Forwarded-Proto that the visitor uses https, else it redirects for ever.',
    },
    {
      text: 'Only on a way that nobody else can touch: skip the check for this one rule.',
      config: 'originRequest:\n  noTLSVerify: true',
      risk: 'Whoever can put himself between cloudflared and the service can read along. Not across a foreign network.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    'noTLSVerify for all rules: it hides the next expired certificate too.',
    'Changing the zone’s mode (Full, strict): it does not apply to the service behind a tunnel.',
    'A Cloudflare Origin CA certificate without caPool in old versions of cloudflared: they do not know that authority.',
  ],
  verify: [VERIFY_NO_REACH_ERRORS, VERIFY_THROUGH_CLOUDFLARE],
  prevent: ['Alarm 14 days before the service’s certificate ends.', 'Reload the service after every renewal.'],
  difficulty: 'easy',
  sources: [
    'Go crypto/x509 (verification errors)',
    'Cloudflare docs: tunnel origin parameters (originServerName, caPool, noTLSVerify)',
  ],
};
