import type { Cause } from '../cause.ts';
import { backend, failedRequests, MISSING_APP_LOG, MISSING_NGINX_ERROR, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { ofWebServer, reloadWebServer, webServer } from '../web-servers.ts';

/** The backend closed an idle connection at the moment in which nginx sent a request on it. */
export const appKeepaliveRace: Cause = {
  id: 'app-keepalive-race',
  title: 'The application closed an idle connection that was being reused',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['upstream-keepalive-race'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'nginx.premature-header',
      weight: 'medium',
      why: 'a reused connection that was just closed gives that line',
    },
    { signal: 'nginx.recv-reset-header', weight: 'weak', why: 'a reused connection that was just closed can be reset' },
    { signal: 'derived.intermittent', weight: 'medium', why: 'the race hits single requests' },
    { signal: 'derived.one-method', weight: 'medium', why: 'nginx repeats GET on a new connection, POST it may not' },
    { signal: 'derived.instant', weight: 'weak', why: 'a closed connection fails at once' },
    { signal: 'nginx.grpc-goaway', weight: 'weak', why: 'the backend retires connections' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the backend gave no answer' },
    { signal: 'derived.everything-fails', weight: 'strong', against: true, why: 'the race hits single requests' },
    { signal: 'derived.timer', weight: 'medium', against: true, why: 'the race takes no time' },
    { signal: 'app.crash', weight: 'strong', against: true, why: 'the application crashed' },
    { signal: 'fpm.child-segv', weight: 'strong', against: true, why: 'the worker crashed' },
    { signal: 'gunicorn.worker-timeout', weight: 'strong', against: true, why: 'gunicorn killed its worker' },
    { signal: 'app.worker-timeout', weight: 'strong', against: true, why: 'its server killed the worker' },
    { signal: 'derived.one-path', weight: 'medium', against: true, why: 'the race does not care for paths' },
  ],
  summary: (facts) =>
    `${webServer(facts)} sent requests on kept connections to ${backend(facts)} that the application had just closed as idle; ${failedRequests(facts)} failed, others in between did not. The application keeps idle connections for a shorter time than ${webServer(facts)} does.`,
  missing: [
    {
      what: 'both idle time-outs: the web server’s for connections to the backend (nginx: keepalive_timeout of the upstream, 60 s by default) and that of the application',
      why: 'an application that closes first makes this race (Node: 5 s, gunicorn: 2 s, uvicorn: 5 s by default)',
      command: (facts) =>
        webServer(facts) === 'nginx'
          ? "sudo nginx -T 2>/dev/null | grep -nE 'keepalive'"
          : ofWebServer('backends')(facts),
      unless: { signals: [] },
    },
    MISSING_NGINX_ERROR,
    MISSING_APP_LOG,
  ],
  fix: [
    {
      text: 'Let the application keep idle connections longer than the web server.',
      config:
        '// Node: server.keepAliveTimeout = 65_000; server.headersTimeout = 66_000\n# gunicorn: --keep-alive 65    uvicorn: --timeout-keep-alive 65',
      risk: 'Idle connections take a little memory; with sync workers of gunicorn keep-alive has no effect.',
    },
    {
      text: 'Or let the web server drop them earlier than the application does.',
      config: ofWebServer('shortIdle'),
      risk: 'More new connections.',
    },
    {
      text: 'Put it in force.',
      command: reloadWebServer,
      risk: 'None where the check passes.',
    },
  ],
  avoid: [
    'Repeating POST on another connection (nginx: proxy_next_upstream … non_idempotent): it hides the race and can place an order twice.',
    'Switching keepalive off for good: it works, and costs a connection per request.',
  ],
  verify: [VERIFY_ERROR_LOG_QUIET, 'No 502 on POST over a day of traffic.'],
  prevent: ['The side that sends requests should drop idle connections first: the web server before the application.'],
  difficulty: 'easy',
  sources: [
    'nginx: keepalive, keepalive_timeout (upstream)',
    'nginx source: ngx_http_upstream_next',
    'Node.js: server.keepAliveTimeout',
  ],
};
