import { HTTPLOG_VARIABLES } from '../formats/proxy/haproxy.ts';
import type { Lacking, Remedy } from './remedy.ts';
import type { Want, WantedOf } from './want.ts';

/** What HAProxy's log ought to hold. Source: its manual, “Logging” (custom log format, HTTP log format, session state at disconnection). */

/** Said of a frontend for which no `log` holds. */
export const WITHOUT_LOG = 'no log';
/** Said of what a configuration tells. */
export const CONFIGURED = 'configured';

const WANTS: readonly Want[] = [
  {
    field: 'log global',
    lackingWhere: WITHOUT_LOG,
    toldBy: CONFIGURED,
    why: 'Without it this frontend writes no log.',
  },
  {
    field: '%tr',
    or: ['%trg', '%trl', '%t', '%T', '%Tl', '%Ts'],
    why: 'The time lays the row beside the rows of Cloudflare.',
  },
  { field: '%ST', why: 'It is what the visitor got; in TCP mode no row has it.' },
  {
    field: '%tsc',
    or: ['%ts'],
    why: 'It says who ended the session and in which phase: a refused connection, a time-out, a server that hung up.',
  },
  { field: '%b', why: 'It tells which backend was asked.' },
  { field: '%s', why: 'It tells which server was asked, or that none was left.' },
  { field: '%Tr', why: 'Without a number here no answer came from the server.' },
  { field: '%Ta', or: ['%Tt'], why: 'It tells a time-out from a refused connection, and when the answer was given.' },
  { field: '%r', or: ['%HU', '%HP', '%HPO'], why: 'Method and path find the same request in the other logs.' },
  { field: 'req.hdr(CF-Ray)', why: 'The Ray ID finds the row of Cloudflare for the very same request.' },
  { field: 'req.hdr(Host)', why: 'It tells which of several sites failed.' },
];

export const HAPROXY_WANTED: readonly WantedOf[] = [
  { formats: ['haproxy'], by: 'haproxy', wants: WANTS, ofRows: true },
];

/** So many characters of a header are kept: a Ray ID with its data centre has 20. */
const LENGTHS: Readonly<Record<string, number>> = { 'req.hdr(CF-Ray)': 24, 'req.hdr(Host)': 64 };

const isHeader = (field: string): boolean => Object.hasOwn(LENGTHS, field);

/** Where the rows are those of `option httplog`, captures are all they lack; a format of one's own is extended. */
export function haproxyRemedy({ wants, declared }: Lacking): Remedy {
  const fields = wants.map(({ field }) => field);
  const variables = fields.filter((field) => field.startsWith('%'));
  const captures = fields.filter(isHeader);
  // Captured header fields stand in the row only where the format has them.
  const added = [...variables, ...(captures.length > 0 && declared?.format.includes('%hr') === false ? ['%hr'] : [])];
  const lines = [
    ...(fields.includes('log global') ? ['log global'] : []),
    ...captures.map((field) => `http-request capture ${field} len ${LENGTHS[field]}`),
    ...(added.length === 0 ? [] : [formatLine(declared?.format, added)]),
  ];
  const isOwn = lines.some((line) => line.startsWith('log-format'));
  return {
    where: `haproxy.cfg, in each frontend (mode http) that Cloudflare speaks to${added.length > 0 ? '; the last line in place of the log-format or log option that is there' : ''}. Then: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy${isOwn ? '. Rows in a log-format of its own are read where haproxy.cfg is handed over with them' : ''}`,
    configuration: lines.join('\n'),
  };
}

function formatLine(format: string | undefined, added: readonly string[]): string {
  if (format === undefined || HTTPLOG_VARIABLES.every((name) => added.includes(name))) return 'option httplog';
  const named = added.map((name) => (name === '%r' ? '%{+Q}r' : name === '%hr' ? name : `${name.slice(1)}=${name}`));
  // A format with bare quotation marks was written between single ones.
  const quote = /(?:^|[^\\])"/.test(format) ? "'" : '"';
  return `log-format ${quote}${format} ${named.join(' ')}${quote}`;
}
