import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { addressInCommand, hostInCommand, portInCommand } from '../commands.ts';
import { backend, backendAddress, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { ofWebServer, webServer } from '../web-servers.ts';

/** Whether the backend answers without TLS that it had before. */
function isPlainNow({ signals }: Facts): boolean {
  return signals.has('nginx.tls-wrong-version') && signals.has('derived.upstream-worked-before');
}

/** The umbrella of TLS trouble between web server and application. */
export const appTlsHandshake: Cause = {
  id: 'app-tls-handshake',
  title: 'TLS handshake between web server and application failed',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-tls-handshake', 'app-tls-sni', 'app-tls-version'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.tls-alert-version', weight: 'decisive', why: 'the two share no TLS version' },
    { signal: 'nginx.tls-alert-handshake', weight: 'decisive', why: 'the backend refused the handshake' },
    { signal: 'nginx.tls-alert-sni', weight: 'decisive', why: 'the backend does not know the name it was asked for' },
    { signal: 'nginx.tls-upstream-other', weight: 'decisive', why: 'the handshake with the backend failed' },
    { signal: 'nginx.tls-peer-closed', weight: 'decisive', why: 'the backend hung up in the handshake' },
    { signal: 'proxy.backend-tls', weight: 'decisive', why: 'the handshake with the backend failed' },
    { signal: 'proxy.check-tls', weight: 'decisive', why: 'its check and its requests shake hands alike' },
    {
      signal: 'proxy.not-connected',
      weight: 'medium',
      why: 'to HAProxy a failed handshake is a connection that was not made',
    },
    { signal: 'nginx.tls-wrong-version', weight: 'strong', why: 'the handshake with the backend failed' },
    {
      signal: 'derived.upstream-worked-before',
      weight: 'medium',
      why: 'the handshake succeeded until then: the backend changed, not the scheme in the configuration',
    },
    { signal: 'app.no-certificate', weight: 'medium', why: 'a port without a certificate ends every handshake' },
    { signal: 'nginx.timeout-tls', weight: 'medium', why: 'the handshake did not end' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the backend gave no usable answer' },
    { signal: 'derived.instant', weight: 'weak', why: 'a refused handshake takes no time' },
    {
      signal: 'nginx.tls-verify',
      weight: 'strong',
      against: true,
      why: 'the certificate was refused, not the handshake',
    },
    {
      signal: 'nginx.tls-name',
      weight: 'strong',
      against: true,
      why: 'the certificate was refused, not the handshake',
    },
  ],
  summary: (facts) => {
    if (facts.signals.has('nginx.tls-alert-version'))
      return `${webServer(facts)} and ${backend(facts)} share no TLS version; ${failedRequests(facts)} failed.`;
    if (isPlainNow(facts))
      return `${webServer(facts)} speaks TLS to ${backend(facts)} and gets an answer that is no TLS; ${failedRequests(facts)} failed. The same address answered well before, so the backend changed: its TLS was switched off, or another program answers on the port.`;
    return `${facts.signals.has('nginx.tls-alert-sni') ? 'The backend does not know the server name it was sent, or got none' : 'The TLS handshake from the web server to its backend failed'} (${backendAddress(facts)}); ${failedRequests(facts)} failed.${webServer(facts) === 'nginx' ? ' nginx sends no server name (SNI) unless told to, and that is the usual reason.' : ''}`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'the handshake by hand, with and without a server name',
      why: 'it tells a missing name from a version or a wanted client certificate',
      command: (facts) =>
        `openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -servername ${hostInCommand(facts)} </dev/null; openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -noservername </dev/null`,
      unless: { signals: ['nginx.tls-alert-sni', 'nginx.tls-alert-version'] },
    },
  ],
  fix: [
    {
      text: (facts) =>
        isPlainNow(facts) ? 'On the backend’s host: see which program has the port now, and since when it runs.' : '',
      command: (facts) =>
        `sudo ss -ltnp | grep -F ':${portInCommand(facts)}'; ps -eo lstart=,pid=,args= --sort=-start_time | head -15`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        isPlainNow(facts)
          ? 'Give the backend its TLS back: undo what changed in its configuration or its release, and restart it.'
          : '',
      risk: 'A restart cuts the requests that run.',
    },
    {
      text: 'Try the handshake by hand, with and without the name.',
      command: (facts) =>
        `openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -servername ${hostInCommand(facts)} </dev/null 2>&1 | head -20; openssl s_client -connect ${addressInCommand(facts, '127.0.0.1:8443')} -noservername </dev/null 2>&1 | head -20`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) => (isPlainNow(facts) ? '' : 'Only with the name it works: have the web server send it.'),
      config: ofWebServer('tlsName'),
      risk: 'The name must be the one that the backend has a certificate for, not always the visitor’s host.',
    },
    {
      text: (facts) =>
        isPlainNow(facts)
          ? ''
          : 'Alert 70 or "unsupported protocol": allow a version that both have. Better: upgrade the backend.',
      config: (facts) => (webServer(facts) === 'nginx' ? 'proxy_ssl_protocols TLSv1.2 TLSv1.3;' : ''),
      risk: 'TLS 1.0 and 1.1 are broken; allow them inside a private network at most, and only for a time.',
    },
    {
      text: (facts) => (isPlainNow(facts) ? '' : 'The backend wants a client certificate: give it one.'),
      config: (facts) =>
        webServer(facts) === 'nginx'
          ? 'proxy_ssl_certificate /etc/nginx/client.pem;\nproxy_ssl_certificate_key /etc/nginx/client.key;'
          : '',
      risk: 'The key must be readable for root alone.',
    },
  ],
  avoid: [
    'Switching the check of the certificate off: the handshake failed before any check.',
    'Changing the SSL mode in Cloudflare: this handshake is between the web server and the application.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Try upgrades of OpenSSL and of the backend on one server first.',
    'Plain HTTP over a unix socket where both run on one host.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx: proxy_ssl_server_name, proxy_ssl_name, proxy_ssl_protocols',
    'nginx error log: while SSL handshaking to upstream',
  ],
};
