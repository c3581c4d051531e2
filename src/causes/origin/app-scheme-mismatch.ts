import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { addressInCommand } from '../commands.ts';
import { FORWARDED_PROTO } from '../server-topics.ts';
import { backend, failedRequests, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, ofWebServer, reloadWebServer, webServer } from '../web-servers.ts';

const plainToTls = (facts: Facts): boolean =>
  facts.signals.has('derived.proxied-to-tls-port') || facts.signals.has('app.got-plain');

/** https:// towards a plain port, or http:// towards a TLS port, between web server and application. */
export const appSchemeMismatch: Cause = {
  id: 'app-scheme-mismatch',
  title: 'The web server speaks TLS to a plain port or the reverse',
  place: 'origin',
  hop: 'app',
  broader: ['app-tls-handshake'],
  aliases: ['upstream-scheme-mismatch', 'app-tls-plain'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.tls-wrong-version', weight: 'decisive', why: 'the answer to the TLS hello was plain text' },
    { signal: 'nginx.premature-tls-plain', weight: 'decisive', why: 'the backend answered in plain text' },
    { signal: 'proxy.scheme-mismatch', weight: 'decisive', why: 'one side spoke TLS and the other did not' },
    { signal: 'derived.proxied-to-tls-port', weight: 'strong', why: 'http:// stands before a TLS port' },
    { signal: 'app.got-tls', weight: 'medium', why: 'TLS arrived on the application’s plain port' },
    { signal: 'app.got-plain', weight: 'medium', why: 'plain HTTP arrived on the application’s TLS port' },
    { signal: 'nginx.no-valid-http', weight: 'weak', why: 'a TLS alert in answer to plain HTTP is no HTTP' },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'a TLS port may reset plain HTTP' },
    { signal: 'nginx.timeout-tls', weight: 'weak', why: 'a plain port may never answer the TLS hello' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the backend gave no usable answer' },
    { signal: 'derived.instant', weight: 'weak', why: 'the handshake fails at once' },
    {
      signal: 'derived.upstream-worked-before',
      weight: 'strong',
      against: true,
      why: 'a wrong scheme in the configuration never worked',
    },
    { signal: 'derived.intermittent', weight: 'medium', against: true, why: 'a wrong scheme fails every time' },
  ],
  summary: (facts) =>
    plainToTls(facts)
      ? `${webServer(facts)} spoke plain HTTP and ${backend(facts)} expects TLS; ${failedRequests(facts)} failed. The scheme in its configuration does not fit the port.`
      : `${webServer(facts)} spoke TLS and ${backend(facts)} did not; ${failedRequests(facts)} failed. The scheme in its configuration does not fit the port.`,
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'what the port speaks',
      why: 'one of the two commands answers',
      command: (facts) =>
        `curl -sI http://${addressInCommand(facts)}/ | head -1; curl -skI https://${addressInCommand(facts)}/ | head -1`,
      unless: { signals: ['nginx.tls-wrong-version', 'nginx.premature-tls-plain'] },
    },
  ],
  fix: [
    {
      text: 'See what the port speaks.',
      command: (facts) =>
        `curl -sI http://${addressInCommand(facts)}/ | head -1; curl -skI https://${addressInCommand(facts)}/ | head -1`,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        `Make scheme and port agree.${webServer(facts) === 'nginx' ? ' On Kubernetes the annotation nginx.ingress.kubernetes.io/backend-protocol decides.' : ''}`,
      config: ofWebServer('plainHttp'),
      computedFrom: (facts) => (facts.top('upstream') === null ? '' : 'the backend in the error lines'),
      risk: 'Plain HTTP to another host can be read on the way: use it on the same host or a private network only.',
    },
    {
      text: 'Put it in force. The application may build its links from the scheme: tell it the visitor’s.',
      command: reloadWebServer,
      config: forServer(FORWARDED_PROTO),
      risk: 'Without the header an application that forces HTTPS redirects in a loop.',
    },
  ],
  avoid: [
    (facts) =>
      plainToTls(facts)
        ? ''
        : 'Switching the check of the certificate off: no certificate was looked at yet, the port speaks no TLS at all.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: ['A request against the new backend (curl) before the web server is switched to it.'],
  difficulty: 'easy',
  sources: ['nginx error log: SSL_do_handshake() failed … wrong version number', 'nginx: proxy_pass'],
};
