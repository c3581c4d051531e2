import type { Lacking, Remedy } from './remedy.ts';
import type { Want, WantedOf } from './want.ts';

/** What Traefik's access log ought to hold. Source: its documentation (“Access Logs”: format, fields, the names of fields). */

const RAY = 'request_Cf-Ray';
/** Rows of requests that were passed on have it; others have nothing of a backend. */
const SERVICE = 'ServiceName';

const ACCESS: readonly Want[] = [
  { field: 'StartUTC', or: ['StartLocal', 'time'], why: 'The time lays the row beside the rows of Cloudflare.' },
  { field: 'RequestHost', or: ['RequestAddr'], why: 'It tells which of several sites failed.' },
  { field: 'RequestPath', why: 'Method and path find the same request in the other logs.' },
  { field: RAY, why: 'The Ray ID finds the row of Cloudflare for the very same request.' },
  { field: 'DownstreamStatus', why: 'It is what the visitor got.' },
  {
    field: 'DownstreamContentSize',
    why: 'Its own answers have known lengths: it tells them from those of the application.',
  },
  {
    field: 'OriginStatus',
    toldBy: SERVICE,
    why: 'It tells a status that the application gave from one that Traefik made.',
  },
  { field: 'Duration', why: 'It tells a time-out from a refused connection, and when the answer was given.' },
  { field: 'OriginDuration', toldBy: SERVICE, why: 'It parts time in the application from time on the way.' },
  {
    field: 'ServiceURL',
    toldBy: SERVICE,
    or: ['ServiceAddr', 'BackendAddr'],
    why: 'It tells which backend was asked.',
  },
];

export const TRAEFIK_WANTED: readonly WantedOf[] = [
  { formats: ['traefik-access'], by: 'traefik', wants: ACCESS, ofRows: true },
  {
    formats: ['traefik'],
    by: 'traefik',
    unlessThereIs: 'traefik-access',
    wants: [
      {
        field: 'access log',
        why: 'Traefik writes no access log unless it is asked to: nobody sees which requests failed, and how.',
      },
    ],
  },
];

/** Header fields are dropped by default, and the text form has none; fields by name are kept unless somebody drops them. */
export function traefikRemedy({ wants, fields }: Lacking): Remedy {
  const isJson = fields.has('DownstreamStatus') && fields.has('level');
  const dropped = isJson ? wants.map(({ field }) => field).filter((field) => field !== RAY) : [];
  return {
    where: `Traefik’s static configuration (traefik.yml; with TOML, --accesslog.… or a Helm chart’s logs.access under the same names). It keeps the other settings of accessLog that are there${isJson ? '' : '; format: json takes the place of the text form'}. Static configuration is read at the start only: restart Traefik, and look at its log for a line that it does not understand.`,
    configuration: [
      'accessLog:',
      '  format: json',
      '  fields:',
      ...(dropped.length === 0 ? [] : ['    names:', ...dropped.map((field) => `      ${field}: keep`)]),
      '    headers:',
      '      names:',
      '        Cf-Ray: keep',
    ].join('\n'),
  };
}
