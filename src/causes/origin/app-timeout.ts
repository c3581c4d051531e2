import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { addressInCommand, curlOriginCommand, fpmLog, isPhpFpm, locationInConfig, urlInCommand } from '../commands.ts';
import { numberOf } from '../php-texts.ts';
import {
  AVOID_MANY_CHANGES,
  AVOID_RAISE_TIMEOUTS,
  backend,
  failedRequests,
  MISSING_APP_LOG,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
  notAGet,
  onPath,
  seconds,
  timeoutLadder,
} from '../texts.ts';
import { errorLog, failingPaths, readTimeout, webServer } from '../web-servers.ts';

/** The web server's limit as the failures show it, in seconds, or null where they do not all take the same time. */
const timerSeconds = (facts: Facts): number | null => numberOf(facts, ['derived.timer'], 'afterSeconds');

/** Twice the limit that was met, and never so long that Cloudflare gives up first. */
const longerSeconds = (facts: Facts): number => Math.min(90, Math.ceil(2 * (timerSeconds(facts) ?? 60)));

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
    { signal: 'proxy.queue-timeout', weight: 'weak', why: 'slow answers hold the places that others wait for' },
    { signal: 'proxy.backend-timeout', weight: 'strong', why: 'the reverse proxy’s timer fired' },
    { signal: 'access.timeout-504', weight: 'medium', why: 'the web server’s timer fired' },
    { signal: 'derived.gateway-timeouts', weight: 'strong', why: 'the web server’s timer fired' },
    { signal: 'har.origin-timeout-page', weight: 'strong', why: 'the web server’s timer fired' },
    { signal: 'derived.timer', weight: 'weak', why: 'failures that all take the same time are a timer' },
    { signal: 'derived.one-path', weight: 'medium', why: 'one slow operation, not a lack of workers' },
    { signal: 'derived.one-area', weight: 'weak', why: 'one part of the application is slow, or its own backend' },
    { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the origin answers 504 when its own timer fires' },
    { signal: 'har.branded-origin', weight: 'weak', why: 'the origin answers 504 when its own timer fires' },
    { signal: 'fpm.too-slow', weight: 'weak', why: 'a script ran long at that time' },
    { signal: 'fpm.max-children', weight: 'medium', against: true, why: 'requests waited for a worker, not for code' },
    { signal: 'derived.pool-exhausted', weight: 'medium', against: true, why: 'cheap pages time out too' },
    { signal: 'uwsgi.respawns', weight: 'medium', against: true, why: 'requests wait for a worker that lives' },
    {
      signal: 'derived.app-keeps-ending',
      weight: 'medium',
      against: true,
      why: 'requests wait for a process that lives',
    },
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
      why: 'a full pool and a slow script look the same from outside; the slow log names the line that waits',
      command: (facts) => `sudo zgrep -hE 'max_children|too slow|timed out' ${fpmLog(facts)}*`,
      unless: { signals: ['fpm.max-children', 'fpm.too-slow', 'fpm.ready', 'derived.other-backend'] },
    },
  ],
  fix: [
    {
      text: (facts) => (onPath(facts) === '' ? 'See whether one path or all are slow.' : ''),
      command: failingPaths(504),
      risk: 'None: it only reads.',
    },
    {
      text: (facts) => `Time the operation past Cloudflare, on the origin itself.${notAGet(facts)}`,
      command: (facts) =>
        isPhpFpm(facts)
          ? curlOriginCommand(facts)
          : `curl -s -o /dev/null -w '%{time_starttransfer}s\\n' ${urlInCommand(`http://${addressInCommand(facts)}`, facts)}`,
      risk: 'It runs the operation once more: not for orders or mails.',
    },
    {
      text: 'Find what it waits for: the slow queries of the database, or the stack of a worker.',
      command: "sudo mysql -e 'SHOW FULL PROCESSLIST' | grep -v Sleep | sort -k6 -rn | head",
      risk: 'None: it only reads. Queries may show personal data.',
    },
    {
      text: 'Make it short: an index, a page size, a cache, a time-out of 2 to 5 s on calls to other services. Move what stays long into a background job that the page asks for.',
      risk: 'Changes code; try it on one operation first.',
    },
    {
      text: (facts) =>
        `Only where one operation must take long, raise the limit for that location alone. ${timeoutLadder(facts)}`,
      config: (facts) => {
        const longer = readTimeout(facts, longerSeconds(facts));
        return webServer(facts) === 'nginx'
          ? `location ${locationInConfig(facts, '/report/')} {\n    ${longer}\n    # the rest of the location as it is\n}`
          : longer;
      },
      computedFrom: (facts) =>
        [
          ...(onPath(facts) === '' ? [] : ['the path that holds most failures']),
          ...(timerSeconds(facts) === null ? [] : ['twice the limit that was met, below Cloudflare’s']),
        ].join('; '),
      risk: 'Each waiting request holds a worker; a limit above Cloudflare’s only turns the 504 into a 524. The new location needs the same proxy or PHP settings as the one it is cut from.',
    },
  ],
  avoid: [
    AVOID_RAISE_TIMEOUTS,
    'Restarting the application: it looks cured until the same slow work comes again.',
    AVOID_MANY_CHANGES,
  ],
  verify: [
    'The slow path answers within seconds: time it again with the curl above.',
    (facts) =>
      `No new line about a time-out in ${errorLog(facts)}, and no row with status 504 in Cloudflare’s HTTP logs.`,
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
