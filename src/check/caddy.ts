import type { Lacking, Remedy } from './remedy.ts';
import type { Want, WantedOf } from './want.ts';

/** What Caddy's logs ought to hold. Source: its documentation (Caddyfile directive `log`; “How logging works”). */

/** Said of a site that writes no access log. */
export const WITHOUT_LOG = 'no log';

const WITHOUT_ROWS =
  'Caddy writes no access log unless a site asks for it: nobody sees which requests failed, and how.';

/** All of it is there unless a filter takes it out. */
const ACCESS: readonly Want[] = [
  { field: 'ts', why: 'The time lays the row beside the rows of Cloudflare.' },
  { field: 'request>host', why: 'It tells which of several sites failed.' },
  { field: 'request>uri', why: 'Method and path find the same request in the other logs.' },
  {
    field: 'request>headers',
    why: 'The Ray ID in it (Cf-Ray) finds the row of Cloudflare for the very same request.',
  },
  {
    field: 'duration',
    why: 'It tells a time-out from a refused connection, and when the request began.',
  },
  { field: 'size', why: 'With resp_headers it tells a status that the application gave from one that Caddy made.' },
  { field: 'resp_headers', why: 'With size it tells a status that the application gave from one that Caddy made.' },
];

export const CADDY_WANTED: readonly WantedOf[] = [
  { formats: ['caddy-access'], by: 'caddy', wants: ACCESS, ofRows: true },
  {
    formats: ['caddy'],
    by: 'caddy',
    unlessThereIs: 'caddy-access',
    wants: [{ field: 'access log', why: WITHOUT_ROWS }],
  },
  {
    formats: ['caddyfile'],
    by: 'caddy',
    wants: [{ field: 'log', lackingWhere: WITHOUT_LOG, why: WITHOUT_ROWS }],
  },
];

/** Rows that lack something went through a filter; else the site writes none. */
export function caddyRemedy({ example }: Lacking): Remedy {
  const place =
    example === null
      ? 'within the block of each site'
      : 'in place of the log directive that is there, without the filter that takes these fields out (Cookie and Authorization are never written)';
  return {
    where: `The Caddyfile, ${place}. Then: caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy`,
    configuration: 'log {\n\toutput file /var/log/caddy/access.log\n\tformat json\n}',
  };
}
