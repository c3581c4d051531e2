import type { Cause } from '../cause.ts';
import { curlOriginCommand } from '../commands.ts';
import {
  AVOID_PAUSE_CLOUDFLARE,
  failedRequestsFirst,
  MISSING_APP_LOG,
  MISSING_NGINX_TIMES,
  notAGet,
  onPath,
  seconds,
  timeoutLadder,
} from '../texts.ts';
import { failingPaths, readTimeout } from '../web-servers.ts';

export const originReadTimeout: Cause = {
  id: 'origin-read-timeout',
  title: 'Cloudflare waited too long for the origin (524)',
  place: 'origin',
  hop: 'edge',
  broader: [],
  aliases: ['origin-read-timeout-524', 'origin-slow-response', 'origin-slow-upload', 'origin-slow'],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'edge.524', weight: 'decisive', why: 'that is what 524 means' },
    { signal: 'edge.524-upload', weight: 'decisive', why: 'the origin read the upload too slowly' },
    { signal: 'access.edge-gave-up', weight: 'strong', why: 'the same give-up seen from the web server' },
    { signal: 'derived.edge-time-limit', weight: 'medium', why: 'the requests end at Cloudflare’s own limit' },
    { signal: 'edge.504-no-origin', weight: 'medium', why: 'Cloudflare waited and got nothing' },
    {
      signal: 'nginx.client-abort',
      weight: 'weak',
      why: 'for the web server Cloudflare’s give-up is a client that leaves',
    },
    { signal: 'cloudflared.ended-abruptly', weight: 'weak', why: 'for cloudflared the give-up is a cancelled request' },
    { signal: 'derived.instant', weight: 'strong', against: true, why: 'nothing was waited for' },
  ],
  summary: (facts) => {
    if (facts.signals.has('edge.524-upload')) {
      return `The origin took the body of uploads${onPath(facts)} too slowly; Cloudflare gives up sending after about 30 s (524). ${failedRequestsFirst(facts)} failed.`;
    }
    const median = facts.failedMedianMs;
    return `Cloudflare connected to the origin, sent the requests and got no answer within its limit${median === null ? ' (120 s by its present documents, 100 s before)' : ` (the failed requests took about ${seconds(median)})`}. ${failedRequestsFirst(facts)}${onPath(facts)} failed with 524. The origin was still working on them; the web server logs such a request as 499 or not at all.`;
  },
  missing: [MISSING_NGINX_TIMES, MISSING_APP_LOG],
  fix: [
    {
      text: 'Find the slow requests on the origin: 499 with a request time near Cloudflare’s limit.',
      command: failingPaths(499),
      risk: 'None: it only reads.',
    },
    {
      text: (facts) => `Time one past Cloudflare, on the origin itself.${notAGet(facts)}`,
      command: curlOriginCommand,
      risk: 'It does the slow work once more. Not for requests that change data.',
    },
    {
      text: 'Make the answer start early: do the work in a job, answer 202 at once, and let the page ask for the result.',
      risk: 'Needs work on the code.',
    },
    {
      text: 'For administrators’ exports that must stay long: a host name set to DNS only, reachable for those people alone.',
      risk: 'That name shows the origin’s address. Restrict it by firewall or VPN.',
    },
    {
      text: 'Enterprise plans can raise the limit (Proxy Read Timeout in a cache rule, or by API), for one path if possible.',
      risk: 'Every waiting request holds a worker on the origin.',
    },
    {
      text: 'Let the web server give up before Cloudflare does, so that the origin’s log says what was slow.',
      config: (facts) => readTimeout(facts, 90),
      risk: 'Requests between 90 s and the old limit now fail with 504.',
    },
  ],
  avoid: [
    'Raising the web server’s time-out or max_execution_time above 100 s: Cloudflare’s limit stays where it is.',
    'Looking for the fault in DNS, firewall or certificates: the connection worked, the answer was late.',
    AVOID_PAUSE_CLOUDFLARE,
  ],
  verify: ['The path answers within 60 s past Cloudflare (the curl above), and 524 rows for it stop.'],
  prevent: [timeoutLadder, 'Alarm on requests above 30 s.'],
  difficulty: 'moderate',
  sources: ['Cloudflare docs: error 524', 'Cloudflare docs: fundamentals/reference/connection-limits'],
};
