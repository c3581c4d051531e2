import type { Cause } from '../cause.ts';
import { addressInCommand, hostInCommand } from '../commands.ts';
import { numberOf } from '../php-texts.ts';
import { backend, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { ofWebServer, reloadWebServer, webServer } from '../web-servers.ts';

/** OpenSSL's verify results as nginx prints them (X509_V_ERR_*). */
const REASONS: ReadonlyMap<number, string> = new Map([
  [10, 'it has expired'],
  [18, 'it is self-signed'],
  [19, 'its chain ends in a certificate that is not trusted here'],
  [20, 'its issuer is not in the list of trusted certificates'],
  [21, 'an intermediate certificate is missing'],
  [22, 'its chain is longer than proxy_ssl_verify_depth (1 by default) allows'],
]);

/** proxy_ssl_verify refused the backend's certificate. */
export const appTlsCert: Cause = {
  id: 'app-tls-cert',
  title: 'The application’s certificate cannot be verified',
  place: 'origin',
  hop: 'app',
  broader: ['app-tls-handshake'],
  aliases: ['upstream-cert-invalid', 'upstream-tls-verify', 'app-tls-name'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.tls-verify', weight: 'decisive', why: 'nginx verifies the backend and refused its certificate' },
    { signal: 'nginx.tls-name', weight: 'decisive', why: 'the certificate is for another name' },
    { signal: 'proxy.check-cert', weight: 'decisive', why: 'its check and its requests ask for the same certificate' },
    {
      signal: 'proxy.not-connected',
      weight: 'medium',
      why: 'to HAProxy a refused certificate is a connection that was not made',
    },
    {
      signal: 'proxy.backend-cert',
      weight: 'decisive',
      why: 'the reverse proxy verifies the backend and refused its certificate',
    },
    { signal: 'app.certificate-refused', weight: 'medium', why: 'who asked may be the proxy before it' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the backend gave no usable answer' },
    { signal: 'derived.instant', weight: 'weak', why: 'a refused certificate takes no time' },
    {
      signal: 'derived.intermittent',
      weight: 'weak',
      against: true,
      why: 'a refused certificate is refused every time',
    },
  ],
  summary: (facts) => {
    const reason = REASONS.get(numberOf(facts, ['nginx.tls-verify'], 'verifyError') ?? -1);
    if (facts.signals.has('nginx.tls-name') && !facts.signals.has('nginx.tls-verify')) {
      return `The certificate of ${backend(facts)} is for another name than the one ${webServer(facts)} checks; ${failedRequests(facts)} failed.`;
    }
    return `${webServer(facts)} verifies the certificate of ${backend(facts)} and refused it${reason === undefined ? '' : `: ${reason}`}; ${failedRequests(facts)} failed.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the chain that the backend sends, with its dates and names',
      why: 'it shows an expired, self-signed or missing certificate at once',
      command: (facts) =>
        `openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -servername ${hostInCommand(facts)} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'Look at what the backend sends.',
      command: (facts) =>
        `openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -servername ${hostInCommand(facts)} -showcerts </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Expired: renew it on the backend and reload the backend. Intermediate missing: have the backend send its full chain.',
      command: 'sudo certbot renew',
      risk: 'Renews certificates that are due; a service has to be reloaded to use them.',
    },
    {
      text: 'Private or self-signed: trust exactly that issuer. Long chain: raise the depth. Other name: say which name to check.',
      config: ofWebServer('tlsTrust'),
      risk: 'The file must hold the issuer, not only the server’s certificate, unless that is self-signed.',
    },
    {
      text: 'Put it in force.',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
  ],
  avoid: [
    'Switching the check off towards another host: whoever sits on the way can then pose as the application.',
    'Renewing the certificate that visitors see, or changing the SSL mode in Cloudflare: this one is between the web server and the application.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: ['Alert three weeks before any internal certificate ends.', 'Reload the backend in the renewal hook.'],
  difficulty: 'easy',
  sources: [
    'nginx: proxy_ssl_verify, proxy_ssl_verify_depth, proxy_ssl_trusted_certificate',
    'OpenSSL: X509_V_ERR codes',
  ],
};
