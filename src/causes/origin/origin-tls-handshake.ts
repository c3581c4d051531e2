import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { LOG_WORDS, TLS_SITE, TLS_WORDS } from '../server-topics.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequestsFirst, MISSING_NGINX_ERROR } from '../texts.ts';
import { forServer, ofWebServer, reloadWebServer, searchConfig } from '../web-servers.ts';

export const originTlsHandshake: Cause = {
  id: 'origin-tls-handshake',
  title: 'TLS handshake between Cloudflare and the origin failed (525)',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['edge-tls-handshake', 'origin-525'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.525', weight: 'decisive', why: 'that is what 525 means' },
    { signal: 'host.shown-tls-failure', weight: 'strong', why: 'a handshake that was tried by hand fails, too' },
    {
      signal: 'nginx.client-tls-version',
      weight: 'strong',
      why: 'the web server and its client share no TLS version or cipher',
    },
    {
      signal: 'nginx.client-tls-alert',
      weight: 'medium',
      why: 'the client broke off the handshake with the web server',
    },
    { signal: 'app.no-certificate', weight: 'strong', why: 'a port without a certificate ends every handshake' },
    { signal: 'access.tls-to-plain-port', weight: 'medium', why: 'TLS was spoken to a port without TLS' },
    { signal: 'nginx.cert-load', weight: 'medium', why: 'the web server could not load a certificate' },
    { signal: 'nginx.cert-key', weight: 'medium', why: 'certificate and key do not belong together' },
    {
      signal: 'host.certificate-failed',
      weight: 'weak',
      why: 'a web server that has no certificate for the name may end the handshake (Caddy does)',
    },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'without a handshake there is no request' },
    {
      signal: 'edge.526',
      weight: 'strong',
      against: true,
      why: 'there the handshake worked and the certificate was refused',
    },
    { signal: 'edge.521', weight: 'medium', against: true, why: 'there the connection was refused before TLS' },
  ],
  summary: (facts) =>
    `Cloudflare connected to the origin, and the TLS handshake failed (525): no certificate for that name on the port, no TLS version or cipher in common, or something on port 443 that speaks no TLS. ${failedRequestsFirst(facts)} failed. Nothing of it reaches the application.`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the web server’s error log at level info for a minute',
      why: 'failed handshakes of clients are written at info and never shown at the default level',
      command: (facts) => searchConfig(facts, LOG_WORDS) || ofWebServer('fetchErrors')(facts),
      unless: { signals: ['nginx.client-tls-version', 'nginx.client-tls-alert', 'nginx.client-tls-closed'] },
    },
  ],
  fix: [
    {
      text: 'Make the same handshake on the origin, with the name that visitors use.',
      command: (facts) => {
        const host = hostInCommand(facts);
        return `openssl s_client -connect 127.0.0.1:443 -servername ${host} </dev/null 2>&1 | grep -E 'subject|issuer|Protocol|Cipher|alert|errno|wrong version'`;
      },
      risk: 'None: it only reads.',
    },
    {
      text: '“wrong version number” means that the port speaks plain HTTP: give the site TLS and a certificate. A free Cloudflare Origin CA certificate is enough behind Cloudflare.',
      config: forServer(TLS_SITE),
      risk: 'Browsers do not trust an Origin CA certificate when they come past Cloudflare.',
    },
    {
      text: '“no shared cipher”, “unsupported protocol” or “unrecognized name”: allow TLS 1.2 and 1.3, take the default ciphers, and see that a site exists for the name.',
      command: (facts) => searchConfig(facts, TLS_WORDS),
      risk: 'None: it only reads.',
    },
    {
      text: 'Test and reload.',
      command: reloadWebServer,
      risk: 'None when the test passes.',
    },
  ],
  avoid: [
    'SSL mode Flexible: it hides the fault by sending everything unencrypted, and sites that redirect to https then loop.',
    'Renewing the edge certificate: 525 is about the origin’s side.',
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: ['openssl s_client shows a certificate and “Protocol : TLSv1.2” or 1.3; 525 rows stop.'],
  prevent: ['Alarm 14 days before the certificate ends, and on failed reloads of the web server.'],
  difficulty: 'moderate',
  sources: ['Cloudflare docs: error 525', 'Cloudflare docs: SSL/TLS encryption modes', 'nginx ngx_event_openssl.c'],
};
