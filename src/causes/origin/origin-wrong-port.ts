import type { Cause } from '../cause.ts';
import { hostInCommand, originAddress } from '../commands.ts';
import { TLS_SITE } from '../server-topics.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequests } from '../texts.ts';
import { forServer } from '../web-servers.ts';

export const originWrongPort: Cause = {
  id: 'origin-wrong-port',
  title: 'Cloudflare connects to a port where nothing listens (SSL mode or origin rule)',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['edge-wrong-port'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.521', weight: 'medium', why: 'a port where nobody listens refuses' },
    { signal: 'edge.525', weight: 'weak', why: 'a port that speaks no TLS breaks the handshake' },
    { signal: 'nginx.client-plain-https', weight: 'medium', why: 'plain HTTP arrives on the TLS port' },
    { signal: 'access.tls-to-plain-port', weight: 'medium', why: 'TLS arrives on the plain port' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'strong', why: 'the web server is up, on another port' },
    {
      signal: 'derived.no-tls-listener',
      weight: 'strong',
      why: 'in the modes Full and Full (strict) Cloudflare asks there',
    },
    { signal: 'derived.no-web-listener', weight: 'medium', against: true, why: 'nobody listened on either port' },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a wrong port fails for every request' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'nothing arrives where it should' },
    { signal: 'derived.proxy-down', weight: 'decisive', against: true, why: 'the web server was down' },
    { signal: 'derived.proxy-restarted', weight: 'strong', against: true, why: 'the web server was being restarted' },
    { signal: 'kernel.packet-dropped', weight: 'strong', against: true, why: 'a firewall dropped the packets' },
    { signal: 'derived.intermittent', weight: 'strong', against: true, why: 'a wrong port does not come and go' },
  ],
  summary: (facts) =>
    `Cloudflare connects to a port of the origin on which nothing (suitable) listens, although the web server is up: ${failedRequests(facts)} failed. The SSL mode decides the port: Flexible uses 80, Full and Full (strict) use 443; an origin rule can change it.`,
  missing: [
    {
      what: 'the ports on which the origin listens, and the SSL mode and origin rules of the zone',
      why: 'they must agree',
      command: "sudo ss -ltnp | grep -E ':(80|443|8080|8443) '",
      unless: { signals: ['derived.proxy-down'] },
    },
  ],
  fix: [
    {
      text: 'See on which ports and addresses the web server listens. 127.0.0.1 only is not enough.',
      command: "sudo ss -ltnp | grep -E 'nginx|apache2|httpd|caddy|traefik|haproxy|envoy|varnishd|lshttpd'",
      risk: 'None: it only reads.',
    },
    {
      text: 'Try the port that Cloudflare uses, from another machine.',
      command: (facts) =>
        `curl -skI --connect-timeout 5 --resolve ${hostInCommand(facts)}:443:${originAddress(facts)} https://${hostInCommand(facts)}/ | head -1`,
      risk: 'None: it only reads. A firewall that admits only Cloudflare refuses it as well.',
    },
    {
      text: 'Let the web server listen on 443 with a certificate, and set the mode to Full (strict).',
      config: forServer(TLS_SITE),
      risk: 'Without a valid certificate strict gives 526.',
    },
    {
      text: 'If an origin rule changes the port (dashboard: Rules > Origin Rules): correct it or switch it off.',
      risk: 'Other hosts may hang on the same rule.',
    },
  ],
  avoid: [
    'SSL mode Flexible as a lasting answer: the way to the origin is then unencrypted, and redirects to https loop.',
    'Changing the port in the DNS record: A and AAAA records carry no port.',
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: ['curl -I through Cloudflare answers, and 521 rows stop.'],
  prevent: ['Note SSL mode and origin rules beside the server’s configuration; change both together.'],
  difficulty: 'easy',
  sources: ['Cloudflare docs: error 521', 'Cloudflare docs: SSL/TLS encryption modes; Origin Rules'],
};
