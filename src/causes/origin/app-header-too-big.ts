import type { Cause } from '../cause.ts';
import { pastCloudflare } from '../commands.ts';
import { failedRequests, MISSING_NGINX_ERROR, onPath, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, ofWebServer, reloadWebServer, webServer } from '../web-servers.ts';

/** The response header is larger than proxy_buffer_size or fastcgi_buffer_size. */
const largeHeaders = ofWebServer('largeHeaders');

export const appHeaderTooBig: Cause = {
  id: 'app-header-too-big',
  title: 'The response headers exceed the web server’s buffer',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-header-too-big'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.big-header', weight: 'decisive', why: 'the header did not fit into the buffer' },
    { signal: 'proxy.header-too-big', weight: 'decisive', why: 'the reverse proxy takes no header of that size' },
    { signal: 'proxy.backend-invalid', weight: 'weak', why: 'a header beyond the buffer is refused, too' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'nginx could not use the answer' },
    { signal: 'derived.one-path', weight: 'weak', why: 'logins and redirects set the large cookies' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the web server makes a 502 of it' },
  ],
  summary: (facts) =>
    `The application answered, but its headers were larger than ${webServer(facts)}’s buffer for them${webServer(facts) === 'nginx' ? ' (4 or 8 KB by default)' : ''}, so it made a 502 of ${failedRequests(facts)}${onPath(facts)}. Many or large cookies are the usual reason; the application’s own log says 200.`,
  missing: [MISSING_NGINX_ERROR],
  fix: [
    {
      text: (facts) => (largeHeaders(facts) === '' ? '' : 'Give the web server a larger buffer for headers.'),
      config: largeHeaders,
      computedFrom: (facts) => (facts.top('upstream') === null ? '' : 'the kind of backend in the error lines'),
      risk: 'Up to 256 KB of memory per request in flight.',
    },
    {
      text: 'Put it in force.',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
    {
      text: 'Measure the headers, then make them smaller: a session in a cookie, repeated Set-Cookie, debug headers, a long Content-Security-Policy or Link header.',
      command: (facts) => `curl -sk -D - -o /dev/null ${pastCloudflare(facts)} | wc -c`,
      risk: 'None: it only reads. Headers grow with what a visitor does, so measure with the cookie of a login, too.',
    },
  ],
  avoid: [
    forServer({
      nginx:
        'Raising only large_client_header_buffers: that is for what visitors send, not for what the application answers.',
    }),
    'Buffers of megabytes: Cloudflare refuses headers above 128 KB anyway (520).',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET],
  prevent: [
    'Keep sessions on the server and only an identifier in the cookie.',
    'Turn debug headers off in production.',
  ],
  difficulty: 'easy',
  sources: [
    'nginx error log: upstream sent too big header',
    'nginx: proxy_buffer_size, fastcgi_buffer_size',
    'developers.cloudflare.com: error 520',
  ],
};
