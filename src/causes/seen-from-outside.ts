import type { EvidenceRule } from './cause.ts';

/**
 * How faults look to those who stand outside: the same rows and pages for many causes, so they weigh little and part
 * nothing; they let a cause compete where nobody handed over the log of the failing hop itself.
 */

/** A request that lost its worker: the web server made a 502 and Cloudflare passed it on (nginx section 3). */
export const WORKER_LOST_OUTSIDE: readonly EvidenceRule[] = [
  {
    signal: 'edge.origin-answered-5xx',
    weight: 'weak',
    why: 'a request that loses its worker leaves the origin as a 502',
  },
  { signal: 'access.no-answer-502', weight: 'weak', why: 'the web server got no answer for the requests in flight' },
  { signal: 'har.origin-page', weight: 'weak', why: 'the web server wrote the error page itself' },
  { signal: 'har.branded-origin', weight: 'weak', why: 'Cloudflare’s page puts the error on the origin' },
];

/** A request that waited too long: the web server made a 504 and Cloudflare passed it on. */
export const SLOW_OUTSIDE: readonly EvidenceRule[] = [
  {
    signal: 'edge.origin-answered-5xx',
    weight: 'weak',
    why: 'the web server’s own time-out leaves the origin as a 504',
  },
  { signal: 'access.timeout-504', weight: 'weak', why: 'the web server waited until its timer ran out' },
  { signal: 'har.origin-timeout-page', weight: 'weak', why: 'the web server waited until its timer ran out' },
  { signal: 'har.origin-page', weight: 'weak', why: 'the web server wrote the error page itself' },
  { signal: 'har.branded-origin', weight: 'weak', why: 'Cloudflare’s page puts the error on the origin' },
];

/** A request that the application answered with an error of its own. */
export const APP_ERROR_OUTSIDE: readonly EvidenceRule[] = [
  { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'the origin answered the error itself' },
  { signal: 'access.answered-5xx', weight: 'weak', why: 'the application answered the error itself' },
  { signal: 'har.app-5xx', weight: 'weak', why: 'the page is an application’s own text' },
  { signal: 'har.branded-origin', weight: 'weak', why: 'Cloudflare’s page puts the error on the origin' },
];

/**
 * cloudflared answered 502 because of its service. Whether the row then says OriginResponseStatus 0 or 502 is not
 * documented, so both count a little (cloudflare-exports section 2.2).
 */
export const TUNNEL_502_OUTSIDE: readonly EvidenceRule[] = [
  {
    signal: 'edge.502-tried-origin',
    weight: 'weak',
    why: 'a 502 of cloudflared can look like this in Cloudflare’s rows',
  },
  { signal: 'edge.origin-answered-5xx', weight: 'weak', why: 'a 502 of cloudflared can count as the origin’s answer' },
  { signal: 'edge.5xx-origin-unknown', weight: 'weak', why: 'the rows leave a tunnel possible' },
  { signal: 'har.branded-origin', weight: 'weak', why: 'a tunnel whose service fails shows the same page' },
  { signal: 'derived.direct-origin', weight: 'strong', against: true, why: 'no tunnel stands between' },
  {
    signal: 'derived.tunnel-down',
    weight: 'medium',
    against: true,
    why: 'without a connection visitors get 530, not 502',
  },
];

/** No cloudflared was connected: visitors get 530 with 1033 (Cloudflare docs: error 1033). */
export const TUNNEL_DOWN_OUTSIDE: readonly EvidenceRule[] = [
  { signal: 'edge.530', weight: 'medium', why: '530 is what visitors get while no cloudflared is connected' },
  { signal: 'derived.direct-origin', weight: 'strong', against: true, why: 'no tunnel stands between' },
  { signal: 'derived.tunnel-down', weight: 'medium', why: 'no connection was up' },
  { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'nothing reached the web server' },
  { signal: 'derived.tunnel-up', weight: 'decisive', against: true, why: 'the tunnel was connected all the while' },
];
