import type { Facts } from '../../correlate/facts.ts';
import { type Cause, type Text, textOf } from '../cause.ts';
import { CURL_LIMITS, MISSING_SLOW_LOG, pluginName, wordOf } from '../php-texts.ts';
import { SLOW_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RAISE_TIMEOUTS, failedRequests, MISSING_APP_LOG, onPath, timeoutLadder } from '../texts.ts';
import { ServerName, serverName } from '../web-servers.ts';

const byNginx = (facts: Facts): boolean => facts.signals.has('nginx.auth-request');
/** The web server itself asks another server whether a visitor may come in. */
const byAuthRequest = (facts: Facts): boolean => byNginx(facts) || facts.signals.has('proxy.auth-failed');
/** For calls that the application's code makes, not the web server. */
const whereCodeCalls =
  (text: Text) =>
  (facts: Facts): string =>
    byAuthRequest(facts) ? '' : textOf(text, facts);

export const httpDependency: Cause = {
  id: 'http-dependency',
  title: 'A third-party API does not answer',
  place: 'origin',
  hop: 'dependency',
  broader: ['app-timeout', 'origin-error-response'],
  aliases: ['third-party-api', 'nginx-auth-request'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'derived.waits-for-dependency',
      weight: 'decisive',
      why: 'the workers stand in a call to another server',
    },
    {
      signal: 'derived.dependency-each',
      weight: 'strong',
      why: 'as many lines as failed requests say so',
    },
    {
      signal: 'derived.own-connection',
      weight: 'decisive',
      why: 'a script inside nginx needs that server for each request',
    },
    { signal: 'nginx.lua-socket', weight: 'strong', why: 'a script inside nginx waits for another server' },
    { signal: 'app.http-dependency', weight: 'strong', why: 'the application waits for another service' },
    {
      signal: 'nginx.auth-request',
      weight: 'strong',
      why: 'the server that checks logins did not answer as it should',
    },
    {
      signal: 'proxy.auth-failed',
      weight: 'strong',
      why: 'the server that checks logins did not answer as it should',
    },
    { signal: 'php.http-dep-fatal', weight: 'decisive', why: 'the page ends where the call fails' },
    { signal: 'php.http-dep', weight: 'medium', why: 'calls to another server fail or time out' },
    { signal: 'php.db-dns', weight: 'weak', why: 'a name that the code needs does not resolve' },
    { signal: 'nginx.timeout-header', weight: 'medium', why: 'pages that wait for it time out' },
    { signal: 'derived.one-path', weight: 'weak', why: 'only the pages that call it fail' },
    {
      signal: 'derived.pool-full',
      weight: 'medium',
      against: true,
      why: 'what the visitors met is the full pool; the wait is why it filled',
    },
    { signal: 'derived.db-down', weight: 'medium', against: true, why: 'the server it waits for may be the database' },
    { signal: 'app.db-error', weight: 'medium', against: true, why: 'the application names the database' },
    ...SLOW_OUTSIDE,
  ],
  summary: (facts) => {
    if (byAuthRequest(facts)) {
      const asks = `${ServerName(facts)} asks another server whether a visitor may come in (${byNginx(facts) ? 'auth_request' : 'ForwardAuth'}), and that server did not answer as it should: ${failedRequests(facts)} failed with 500.`;
      return byNginx(facts) ? `${asks} Its own error line stands just before, marked “subrequest”.` : asks;
    }
    const at = wordOf(facts, ['fpm.slow-trace', 'php.http-dep', 'php.http-dep-fatal'], 'function');
    const plugin = pluginName(facts);
    return `Pages${onPath(facts)} call another server and wait for it${at === null ? '' : ` (in ${at})`}; it answers slowly, not at all or not as it should, so ${failedRequests(facts)} failed.${plugin === null ? '' : ` The call comes from ${plugin}.`}`;
  },
  missing: [MISSING_SLOW_LOG, MISSING_APP_LOG],
  fix: [
    {
      text: (facts) =>
        byNginx(facts) ? 'See which server the login check asks, and what nginx says of it one line before.' : '',
      command:
        "sudo nginx -T 2>/dev/null | grep -nE 'auth_request|proxy_pass|location'; sudo grep -B2 'auth request unexpected status' /var/log/nginx/error.log | tail -n 12",
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        byAuthRequest(facts)
          ? `Ask it as ${serverName(facts)} does: 2xx lets in, ${byNginx(facts) ? '401 and 403 keep out, anything else becomes a 500' : 'any other answer goes to the visitor as it is, and none at all becomes a 500'}. Start or mend that service, or bring it into the same network.`
          : '',
      command:
        "curl -sS -o /dev/null -m 10 -w '%{http_code} %{time_total}s\\n' http://127.0.0.1:<port of the login service>/",
      risk: 'None: it only reads.',
    },
    {
      text: whereCodeCalls('Find out who is called, while it happens: connections of the workers to outside.'),
      command:
        "sudo ss -tnp state established state syn-sent | grep -E 'php-fpm|node|python|gunicorn|java' | awk '{print $5}' | sort | uniq -c | sort -rn | head",
      risk: 'None: it only reads.',
    },
    {
      text: whereCodeCalls('Ask that server from the origin, with a limit.'),
      command:
        "curl -sS -o /dev/null -m 10 -w 'dns %{time_namelookup} connect %{time_connect} first byte %{time_starttransfer} status %{http_code}\\n' https://api.example.com/",
      risk: 'None for reading calls.',
    },
    {
      text: whereCodeCalls(
        'Give the call short time-outs, so that a dead partner costs seconds and not a worker: connect 2 s, total 5 s.',
      ),
      config: CURL_LIMITS,
      risk: 'Slow but good answers are lost; the page must cope with none.',
    },
    {
      text: whereCodeCalls(
        'Remember failure for a minute and serve the last good answer meanwhile, or move the call to a queue.',
      ),
      risk: 'Needs work on the code; answers may be a little old.',
    },
  ],
  avoid: [
    whereCodeCalls(AVOID_RAISE_TIMEOUTS),
    whereCodeCalls('Adding workers: they all wait for the same server.'),
    whereCodeCalls('Retrying at once in a loop: it doubles the waiting and the load on a partner in trouble.'),
    (facts) =>
      byAuthRequest(facts)
        ? 'Taking that check out to get the site back: everything behind it is then open to everybody.'
        : '',
  ],
  verify: [
    whereCodeCalls('With the partner’s address blocked in a test, the page answers within the time-out plus a second.'),
    (facts) => (byAuthRequest(facts) ? 'A page answers 200 with a login and 401 or 403 without one.' : ''),
  ],
  prevent: [
    whereCodeCalls(timeoutLadder),
    whereCodeCalls('Call partners from jobs, not from page loads, wherever the visitor can do without the answer.'),
    (facts) =>
      byAuthRequest(facts)
        ? 'Watch the login service like the site itself, and run two of it: the site is down when it is.'
        : '',
  ],
  difficulty: 'moderate',
  sources: [
    'PHP manual: curl_setopt, default_socket_timeout',
    'nginx ngx_http_auth_request_module',
    'Traefik, pkg/middlewares/auth/forward.go',
  ],
};
