import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { failedRequestsFirst } from '../texts.ts';
import { reloadWebServer } from '../web-servers.ts';

export const originTlsCert: Cause = {
  id: 'origin-tls-cert',
  title: 'The origin’s certificate is not valid for Full (strict) (526)',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['origin-526', 'origin-cert-invalid'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.526', weight: 'decisive', why: 'that is what 526 means' },
    { signal: 'nginx.client-tls-alert', weight: 'strong', why: 'the client refused the web server’s certificate' },
    { signal: 'host.shown-certificate', weight: 'medium', why: 'somebody looked: it is not valid' },
    { signal: 'apache.client-tls-alert', weight: 'weak', why: 'a client refused the web server’s certificate' },
    { signal: 'app.certificate-refused', weight: 'weak', why: 'who asked may be Cloudflare' },
    {
      signal: 'nginx.cert-load',
      weight: 'medium',
      why: 'a new certificate could not be loaded, so the old one stayed',
    },
    { signal: 'nginx.cert-key', weight: 'medium', why: 'certificate and key do not belong together' },
    { signal: 'host.certificate-failed', weight: 'weak', why: 'a certificate could not be renewed or obtained' },
    {
      signal: 'derived.not-in-origin-log',
      weight: 'weak',
      why: 'Cloudflare sends no request to an origin it does not trust',
    },
    { signal: 'derived.everything-fails', weight: 'weak', why: 'a certificate fails for every request of the host' },
    { signal: 'edge.525', weight: 'strong', against: true, why: 'there the handshake itself failed' },
  ],
  summary: (facts) =>
    `The zone runs in Full (strict), and the origin showed a certificate that Cloudflare does not accept: expired, for another name, self-signed, or with an incomplete chain (526). ${failedRequestsFirst(facts)} failed. Full without “strict” does not check this.`,
  missing: [
    {
      what: 'the certificate that the origin shows for this name',
      why: 'its dates, names and issuer tell which of the four it is',
      command: (facts) => {
        const host = hostInCommand(facts);
        return `openssl s_client -connect 127.0.0.1:443 -servername ${host} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
      },
      unless: { signals: ['nginx.cert-load'] },
    },
  ],
  fix: [
    {
      text: 'Look at dates, names and issuer of the certificate the origin shows, and at the chain.',
      command: (facts) => {
        const host = hostInCommand(facts);
        return `openssl s_client -connect 127.0.0.1:443 -servername ${host} -showcerts </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
      },
      risk: 'None: it only reads.',
    },
    {
      text: 'Expired: renew it and see why the renewal did not run. Then reload: a web server keeps the old certificate in memory.',
      command: (facts) => `sudo certbot renew && ${reloadWebServer(facts)}; systemctl list-timers certbot.timer`,
      risk: 'Let’s Encrypt limits attempts: use --dry-run while you try.',
    },
    {
      text: 'Wrong name or self-signed: install a Cloudflare Origin CA certificate (dashboard: SSL/TLS > Origin Server), valid for up to 15 years.',
      config:
        'ssl_certificate     /etc/ssl/origin/example.com.pem;\nssl_certificate_key /etc/ssl/origin/example.com.key;',
      risk: 'Only Cloudflare trusts it: visitors past Cloudflare get a warning.',
    },
    {
      text: 'Only if the site must be up before the certificate is there: set the mode to Full for that time.',
      risk: 'Cloudflare then accepts any certificate of the origin, so the way to it is not protected against a man in the middle. Put strict back.',
    },
  ],
  avoid: [
    'SSL mode Flexible: traffic to the origin becomes plain text, and https redirects loop.',
    'Renewing only on disk: without a reload the old certificate is still served.',
    'Switching to DNS only: browsers refuse the same certificate, and the origin’s address becomes public.',
  ],
  verify: ['openssl s_client … | openssl x509 -noout -dates shows the new dates on 127.0.0.1:443, and 526 rows stop.'],
  prevent: ['An Origin CA certificate, or an alarm 14 days before the end that tests what the port really shows.'],
  difficulty: 'easy',
  sources: ['Cloudflare docs: error 526', 'Cloudflare docs: Origin CA certificates; encryption mode Full (strict)'],
};
