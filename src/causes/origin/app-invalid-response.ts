import type { Cause } from '../cause.ts';
import { addressInCommand } from '../commands.ts';
import { BACKEND_PROTOCOL } from '../server-topics.ts';
import {
  backendFirst,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  onPath,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { forServer, serverName, webServer, whereServerHas } from '../web-servers.ts';

const OTHER_PROTOCOL = ['nginx.fcgi-protocol', 'nginx.no-valid-http', 'nginx.grpc-protocol'] as const;

/** Bytes came, and they are not a valid answer of the protocol that nginx speaks. */
export const appInvalidResponse: Cause = {
  id: 'app-invalid-response',
  title: 'The answer is not valid HTTP or FastCGI',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-invalid-response', 'upstream-invalid-header', 'app-bad-response', 'app-not-http'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.invalid-header', weight: 'decisive', why: 'nginx refuses the whole answer' },
    { signal: 'nginx.invalid-status', weight: 'decisive', why: 'nginx refuses the whole answer' },
    { signal: 'nginx.dup-header', weight: 'decisive', why: 'nginx refuses it since 1.23' },
    { signal: 'nginx.cl-te', weight: 'decisive', why: 'nginx refuses it since 1.23' },
    { signal: 'nginx.bad-cl', weight: 'decisive', why: 'nginx refuses the whole answer' },
    { signal: 'nginx.bad-te', weight: 'decisive', why: 'nginx refuses the whole answer' },
    { signal: 'proxy.backend-invalid', weight: 'decisive', why: 'the reverse proxy refuses the whole answer' },
    { signal: 'nginx.no-valid-http', weight: 'decisive', why: 'the port speaks something else than HTTP' },
    { signal: 'nginx.fcgi-protocol', weight: 'decisive', why: 'the port speaks something else than FastCGI' },
    { signal: 'nginx.grpc-protocol', weight: 'decisive', why: 'the port speaks something else than HTTP/2' },
    { signal: 'nginx.early-hints-10', weight: 'strong', why: 'nginx refuses the whole answer' },
    { signal: 'nginx.grpc-rejected', weight: 'strong', why: 'the backend refused the stream' },
    { signal: 'nginx.fcgi-premature-stdout', weight: 'strong', why: 'the FastCGI answer ended too early' },
    { signal: 'nginx.bad-chunk', weight: 'strong', why: 'the body is not valid chunked coding' },
    { signal: 'nginx.grpc-flow', weight: 'weak', why: 'the backend breaks the protocol' },
    { signal: 'nginx.trailers', weight: 'weak', why: 'the end of the answer is not valid' },
    { signal: 'nginx.premature-tls-plain', weight: 'weak', why: 'the answer came outside TLS' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'nginx could not use the answer' },
    { signal: 'edge.520', weight: 'weak', why: 'an answer without valid HTTP is unusable for Cloudflare' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'newer versions of nginx check more strictly' },
  ],
  summary: (facts) =>
    OTHER_PROTOCOL.some((id) => facts.signals.has(id))
      ? `${backendFirst(facts)} speaks another protocol than the one ${serverName(facts)} expects there; ${failedRequests(facts)} failed. The port or the protocol that is set for it${webServer(facts) === 'nginx' ? ' (proxy_pass, fastcgi_pass, grpc_pass)' : ''} is wrong.`
      : `${backendFirst(facts)} answered with something that breaks the rules of HTTP, and ${serverName(facts)} refused it; ${failedRequests(facts)}${onPath(facts)} failed.${webServer(facts) === 'nginx' ? ' The error line quotes the faulty header.' : ''}`,
  missing: [
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
    {
      what: 'the raw answer of the backend',
      why: 'it shows the faulty header',
      command: (facts) => `curl -s --raw -i http://${addressInCommand(facts)}/ | head -c 2000 | cat -A | head -40`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'Look at the raw answer: duplicate Content-Length, Content-Length beside Transfer-Encoding, spaces in header names, control bytes.',
      command: (facts) => `curl -s --raw -i http://${addressInCommand(facts)}/ | head -c 2000 | cat -A | head -40`,
      risk: 'It runs the request once more: not for orders or mails.',
    },
    {
      text: 'Mend the code, plugin or inner proxy that writes the header. Let the server set Content-Length and Transfer-Encoding, never the code.',
      risk: 'Changes code; test answers with and without a body.',
    },
    {
      text: whereServerHas(BACKEND_PROTOCOL, 'Another protocol on the port: set the one that fits it.'),
      config: forServer(BACKEND_PROTOCOL),
      risk: 'It takes a reload: test the configuration first.',
    },
    {
      text: (facts) =>
        webServer(facts) === 'nginx'
          ? 'It began with an upgrade of nginx to 1.23 or newer: the answer was wrong before, and is refused since. The old version gives time to mend it.'
          : '',
      command: "nginx -v; zgrep -h ' nginx' /var/log/dpkg.log* | tail -5",
      risk: 'The command only reads. An old nginx lacks security fixes: do not stay on it.',
    },
  ],
  avoid: [
    'Hiding the header in the web server’s configuration: it refuses the answer before it looks at that.',
    'Raising buffers: the answer is wrong, not too large.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: ['A test in the deployment that reads the answer with a strict client (curl without --raw).'],
  difficulty: 'moderate',
  sources: [
    'nginx source: ngx_http_proxy_process_header, ngx_http_upstream_process_content_length',
    'nginx changes 1.23.0',
  ],
};
