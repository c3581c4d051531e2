import type { Cause } from '../cause.ts';
import { LOG_FIELDS } from '../server-topics.ts';
import {
  ASK_ORIGIN_STEP,
  AVOID_MANY_CHANGES,
  AVOID_PAUSE_CLOUDFLARE,
  AVOID_PURGE_CACHE,
  failedInBrackets,
  MISSING_APP_LOG,
  MISSING_JOURNAL,
  MISSING_NGINX_ERROR,
  MISSING_NGINX_TIMES,
  VERIFY_EDGE_5XX,
} from '../texts.ts';
import { errorLog, forServer, webServer } from '../web-servers.ts';

/** The umbrella: from outside, the error is surely the origin's; why, only its own log can tell. */
export const originErrorResponse: Cause = {
  id: 'origin-error-response',
  title: 'The origin answered 5xx itself; its own log would say why',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['origin-app-5xx', 'origin-app-502', 'origin-app-504', 'origin-sent-5xx'],
  explains: ['gateway', 'application'],
  frequency: 'common',
  evidence: [
    { signal: 'edge.origin-answered-5xx', weight: 'strong', why: 'the status is the origin’s own' },
    {
      signal: 'cloudflared.service-answered-5xx',
      weight: 'strong',
      why: 'cloudflared logged the status that the service gave it',
    },
    { signal: 'har.origin-page', weight: 'medium', why: 'the page is the web server’s own' },
    { signal: 'har.origin-timeout-page', weight: 'medium', why: 'the page is the web server’s own' },
    { signal: 'har.problem-origin', weight: 'medium', why: 'Cloudflare names the origin as the source' },
    { signal: 'har.no-cloudflare', weight: 'medium', why: 'Cloudflare had no part in that answer' },
    { signal: 'har.branded-origin', weight: 'weak', why: 'Cloudflare puts the error on the host' },
    { signal: 'edge.5xx-origin-unknown', weight: 'weak', why: 'the rows leave an error of the origin’s own possible' },
    { signal: 'har.plain-code', weight: 'weak', why: 'the plain text leaves an error of the origin’s own possible' },
    { signal: 'access.5xx', weight: 'medium', why: 'the web server logged the status as its own answer' },
    { signal: 'access.no-answer-502', weight: 'weak', why: 'the web server made the status' },
    { signal: 'edge.cached-error', weight: 'weak', why: 'an older error of the origin came from the cache' },
    {
      signal: 'access.answered-5xx',
      weight: 'strong',
      against: true,
      why: 'the application behind it wrote the answer',
    },
    { signal: 'access.timeout-504', weight: 'medium', against: true, why: 'the web server waited in vain' },
    { signal: 'derived.gateway-timeouts', weight: 'medium', against: true, why: 'the web server waited in vain' },
    {
      signal: 'derived.web-server-says-why',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why',
    },
    {
      signal: 'derived.tunnel-carried',
      weight: 'strong',
      against: true,
      why: 'cloudflared made the status and says why',
    },
    {
      signal: 'nginx.connect-refused',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: nothing listened at the backend',
    },
    {
      signal: 'nginx.connect-unix-missing',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the socket was missing',
    },
    {
      signal: 'nginx.recv-reset-header',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the backend reset the connection',
    },
    {
      signal: 'nginx.premature-header',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the backend hung up',
    },
    {
      signal: 'nginx.timeout-header',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the backend answered too late',
    },
    {
      signal: 'nginx.no-live',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: every backend was marked down',
    },
    {
      signal: 'nginx.big-header',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the headers were too big',
    },
    {
      signal: 'nginx.resolve-nx',
      weight: 'strong',
      against: true,
      why: 'the web server’s own log says why: the backend’s name did not resolve',
    },
    { signal: 'derived.all-colos', weight: 'weak', why: 'a fault of the origin shows in all data centres' },
  ],
  summary: (facts) =>
    `The origin itself answered these errors${failedInBrackets(facts)}, and Cloudflare passed them on. What Cloudflare sees does not tell why: the web server’s error log of the same minutes would.`,
  missing: [MISSING_NGINX_ERROR, MISSING_NGINX_TIMES, MISSING_APP_LOG, MISSING_JOURNAL],
  fix: [
    {
      text: 'Read the web server’s error log at the second of a failed request: one line there names the cause. Hand it to this tool with the rest.',
      command: (facts) =>
        `sudo tail -n 200 ${errorLog(facts)}${webServer(facts) === 'nginx' ? '   # Apache: /var/log/apache2/error.log' : ''}`,
      risk: 'None: it only reads.',
    },
    ASK_ORIGIN_STEP,
    {
      text: 'See whether the application behind the web server is up.',
      command: 'systemctl --failed; sudo ss -ltnp | head -30',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    AVOID_PAUSE_CLOUDFLARE,
    AVOID_PURGE_CACHE,
    AVOID_MANY_CHANGES,
    'Opening a ticket with Cloudflare: the rows show that the origin wrote the status.',
  ],
  verify: [VERIFY_EDGE_5XX],
  prevent: [forServer(LOG_FIELDS)],
  difficulty: 'moderate',
  sources: ['developers.cloudflare.com: error 502, error 500, OriginResponseStatus of the HTTP requests data set'],
};
