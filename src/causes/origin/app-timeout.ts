import type { Cause } from '../cause.ts';
import { textOf } from '../cause.ts';
import {
  AVOID_RAISE_TIMEOUTS,
  addressInCommand,
  appUnit,
  backend,
  failedRequests,
  isPhpFpm,
  journalOf,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
  onPath,
  pathInCommand,
  seconds,
  TIMEOUT_LADDER,
} from '../texts.ts';

/** The umbrella of everything slow behind the web server: its own timer fired. */
export const appTimeout: Cause = {
  id: 'app-timeout',
  title: 'The application answers too slowly (the web server’s timer fired)',
  place: 'origin',
  hop: 'app',
  broader: ['origin-error-response'],
  aliases: ['upstream-timeout', 'origin-timeout', 'app-slow'],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'nginx.timeout-header', weight: 'strong', why: 'the connection stood and no answer came in time' },
    { signal: 'nginx.timeout-send', weight: 'strong', why: 'the application stopped reading the request' },
    { signal: 'nginx.timeout-generic', weight: 'strong', why: 'nginx’s timer fired' },
    { signal: 'apache.backend-timeout', weight: 'strong', why: 'Apache’s timer fired' },
    { signal: 'access.timeout-504', weight: 'medium', why: 'the web server’s timer fired' },
    { signal: 'derived.timer', weight: 'weak', why: 'failures that all take the same time are a timer' },
    { signal: 'derived.one-path', weight: 'medium', why: 'one slow operation, not a lack of workers' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the origin answers 504 when its own timer fires' },
    { signal: 'har.branded-origin', weight: 'weak', why: 'the origin answers 504 when its own timer fires' },
    { signal: 'fpm.too-slow', weight: 'weak', why: 'a script ran long at that time' },
    { signal: 'fpm.max-children', weight: 'medium', against: true, why: 'requests waited for a worker, not for code' },
    { signal: 'derived.pool-exhausted', weight: 'medium', against: true, why: 'cheap pages time out too' },
    {
      signal: 'derived.waits-for-dependency',
      weight: 'weak',
      against: true,
      why: 'the workers wait for another server',
    },
  ],
  summary: (facts) => {
    const waited =
      facts.failedMedianMs === null ? 'until its timer fired' : `${seconds(facts.failedMedianMs)} (median)`;
    return `The web server reached ${backend(facts)}, waited ${waited} and gave up: ${failedRequests(facts)}${onPath(facts)} failed. Slow code, a slow query or API, or a queue in front of the workers makes this.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    MISSING_NGINX_TIMES,
    MISSING_APP_LOG,
    {
      what: 'PHP-FPM’s log and slow log (request_slowlog_timeout = 5s)',
      why: 'a full pool and a slow script look the same from nginx; the slow log names the line that waits',
      command: 'sudo zcat -f /var/log/php8.2-fpm.log* | grep -E "max_children|too slow|timed out"',
      unless: { signals: ['fpm.max-children', 'fpm.too-slow', 'fpm.ready'] },
    },
  ],
  fix: [
    {
      text: 'See whether one path or all are slow, and how long they take (with $request_time as the last field of the log).',
      command: "sudo awk '$9==504 {print $7}' /var/log/nginx/access.log | sort | uniq -c | sort -rn | head",
      risk: 'None: it only reads.',
    },
    {
      text: 'Time the operation at the application itself.',
      command: (facts) =>
        isPhpFpm(facts)
          ? textOf(journalOf(appUnit), facts)
          : `curl -s -o /dev/null -w '%{time_starttransfer}s\\n' http://${addressInCommand(facts)}${pathInCommand(facts)}`,
      risk: 'It runs the operation once more: not for orders or mails.',
    },
    {
      text: 'Find what it waits for: the slow queries of the database, or the stack of a worker.',
      command: "mysql -e 'SHOW FULL PROCESSLIST' | grep -v Sleep | sort -k6 -rn | head",
      risk: 'None: it only reads.',
    },
    {
      text: 'Make it short: an index, a page size, a cache, a time-out of 2 to 5 s on calls to other services. Move what stays long into a background job that the page asks for.',
      risk: 'Changes code; try it on one operation first.',
    },
    {
      text: `Only where one operation must take long, raise the limit for that location alone. ${TIMEOUT_LADDER}`,
      config: (facts) => {
        const path = pathInCommand(facts);
        return `location ${path === '/' ? '/report/' : path} {\n    ${isPhpFpm(facts) ? 'fastcgi_read_timeout' : 'proxy_read_timeout'} 95s;\n    # the rest of the location as it is\n}`;
      },
      computedFrom: (facts) => (onPath(facts) === '' ? '' : 'the path that holds most failures'),
      risk: 'Each waiting request holds a worker; a limit above Cloudflare’s only turns the 504 into a 524.',
    },
  ],
  avoid: [AVOID_RAISE_TIMEOUTS, 'Restarting the application: it looks cured until the same slow work comes again.'],
  verify: [
    'The slow path answers within seconds: curl with %{time_starttransfer}.',
    'No new "upstream timed out" in /var/log/nginx/error.log, and no row of 504 in Cloudflare’s HTTP logs.',
  ],
  prevent: [
    'Log $request_time and $upstream_response_time; alert on the 95th percentile.',
    'Time-outs on every call to a database or an API, shorter than the web server’s.',
  ],
  difficulty: 'moderate',
  sources: [
    'nginx: proxy_read_timeout, fastcgi_read_timeout',
    'nginx source: ngx_http_upstream_process_header',
    'developers.cloudflare.com: error 504, error 524',
  ],
};
