import type { Cause } from '../cause.ts';
import { pastCloudflare } from '../commands.ts';
import { failedRequestsFirst, MISSING_NGINX_TIMES, onPath } from '../texts.ts';

export const originHeadersTooLarge: Cause = {
  id: 'origin-headers-too-large',
  title: 'The origin’s headers exceed Cloudflare’s limit (520)',
  place: 'origin',
  hop: 'edge',
  broader: ['origin-empty-reply'],
  aliases: [],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'edge.520', weight: 'medium', why: 'Cloudflare answers 520 when the headers are too large' },
    { signal: 'derived.reached-origin', weight: 'medium', why: 'the origin received the requests and answered them' },
    { signal: 'derived.origin-log-silent', weight: 'weak', why: 'for the origin nothing went wrong' },
    { signal: 'derived.one-path', weight: 'medium', why: 'only pages that set such headers fail' },
    { signal: 'nginx.big-header', weight: 'weak', why: 'the same headers are too large for a proxy before it' },
    {
      signal: 'derived.everything-fails',
      weight: 'strong',
      against: true,
      why: 'plain pages and files have small headers',
    },
    { signal: 'derived.not-in-origin-log', weight: 'strong', against: true, why: 'the origin never answered' },
    { signal: 'nginx.worker-signal', weight: 'strong', against: true, why: 'a web server worker crashed' },
  ],
  summary: (facts) =>
    `The origin answered${onPath(facts)}, but with headers larger than Cloudflare takes (128 KB in all by its present documents, much less in older ones), and Cloudflare made a 520 of it. ${failedRequestsFirst(facts)} failed. Cookies that grow, or debug headers, are the usual reason.`,
  missing: [
    MISSING_NGINX_TIMES,
    {
      what: 'the headers of one failing answer, fetched past Cloudflare',
      why: 'their size decides',
      command: (facts) => `curl -sk -D - -o /dev/null ${pastCloudflare(facts)} | wc -c`,
      unless: { signals: ['nginx.big-header'] },
    },
  ],
  fix: [
    {
      text: 'Measure the headers on the origin, with the cookies of a visitor who fails.',
      command: (facts) =>
        `curl -sk -D - -o /dev/null -b '<cookies of the failing browser>' ${pastCloudflare(facts)} | awk '{print length($0), $1}' | sort -rn | head`,
      risk: 'The cookie logs you in as that visitor: keep it out of tickets.',
    },
    {
      text: 'Shrink what is large: one Set-Cookie per name, data in the session and not in the cookie, no debug headers (X-Debug-*, Link with hundreds of preloads, a huge Content-Security-Policy).',
      risk: 'Visitors keep the old cookies until an answer expires them.',
    },
    {
      text: 'Expire the cookies that grew.',
      config: 'add_header Set-Cookie "<name>=; Path=/; Max-Age=0" always;',
      risk: 'Logs those visitors out.',
    },
  ],
  avoid: [
    'Raising the origin’s own limit for headers (nginx: proxy_buffer_size): it then passes the large headers on, and Cloudflare still refuses them.',
    'Telling every visitor to clear the browser’s cookies, which grow again.',
  ],
  verify: [
    'The size of the headers is some kilobytes, and the page answers 200 through Cloudflare with the same cookies.',
  ],
  prevent: ['Test for the size of headers on pages that set cookies.'],
  difficulty: 'moderate',
  sources: ['Cloudflare docs: error 520', 'Cloudflare docs: fundamentals/reference/connection-limits'],
};
