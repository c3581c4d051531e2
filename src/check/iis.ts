import type { Lacking, Remedy } from './remedy.ts';
import type { Want, WantedOf } from './want.ts';

/** What the log of a site of IIS ought to hold. Source: Microsoft's documentation of IIS (`logFile`: `logExtFileFlags`, `customFields`). */

/** Logs of HTTP.sys (`httperr`) have columns of their own, which nobody chooses. */
const OF_SITE = 'cs-uri-stem';

const column = (field: string, flag: string, why: string): Want & { readonly flag: string } => ({
  field,
  flag,
  toldBy: OF_SITE,
  why,
});

const COLUMNS = [
  column('date', 'Date', 'The time, in UTC, lays the row beside the rows of Cloudflare.'),
  column('time', 'Time', 'The time, in UTC, lays the row beside the rows of Cloudflare.'),
  column('cs-method', 'Method', 'With path and time it finds the request where no Ray ID is logged.'),
  column('cs-uri-stem', 'UriStem', 'It tells which pages failed.'),
  column('cs-host', 'Host', 'It tells which of several sites failed.'),
  column('sc-status', 'HttpStatus', 'It is what the visitor got.'),
  column('sc-substatus', 'HttpSubStatus', 'It says why IIS made a status: 502.3 and 502.5 are two causes.'),
  column(
    'sc-win32-status',
    'Win32Status',
    'It says what became of the connection to the backend: refused, timed out, not resolved.',
  ),
  column('time-taken', 'TimeTaken', 'It tells a time-out from a refused connection.'),
];
const RAY: Want = {
  field: 'CF-RAY',
  toldBy: OF_SITE,
  why: 'The Ray ID finds the row of Cloudflare for the very same request.',
};

export const IIS_WANTED: readonly WantedOf[] = [
  { formats: ['iis'], by: 'iis', wants: [...COLUMNS, RAY], ofRows: true },
];

/** Flags of columns that are there, and are to stay. */
const FLAGS: Readonly<Record<string, string>> = {
  's-sitename': 'SiteName',
  's-computername': 'ComputerName',
  's-ip': 'ServerIP',
  's-port': 'ServerPort',
  'cs-uri-query': 'UriQuery',
  'cs-username': 'UserName',
  'c-ip': 'ClientIP',
  'cs(User-Agent)': 'UserAgent',
  'cs(Cookie)': 'Cookie',
  'cs(Referer)': 'Referer',
  'cs-version': 'ProtocolVersion',
  'sc-bytes': 'BytesSent',
  'cs-bytes': 'BytesRecv',
  ...Object.fromEntries(COLUMNS.map(({ field, flag }) => [field, flag])),
};

const SITES = '-section:system.applicationHost/sites';

export function iisRemedy({ wants, fields }: Lacking): Remedy {
  const lacking = wants.map(({ field }) => field);
  const flags = [...fields, ...lacking].flatMap((field) => FLAGS[field] ?? []);
  const columns = lacking.some((field) => Object.hasOwn(FLAGS, field))
    ? [
        `appcmd set config ${SITES} "/[name='<site>'].logFile.logExtFileFlags:${[...new Set(flags)].join(',')}" /commit:apphost`,
      ]
    : [];
  const custom = lacking.includes(RAY.field)
    ? [
        `appcmd set config ${SITES} "/+[name='<site>'].logFile.customFields.[logFieldName='CF-RAY',sourceName='CF-RAY',sourceType='RequestHeader']" /commit:apphost`,
      ]
    : [];
  return {
    where:
      'On the machine, in C:\\Windows\\System32\\inetsrv as administrator, with the name of your site (or in IIS Manager: Logging, Select Fields). It keeps the columns that are there. Header fields can be logged since IIS 8.5, and the file’s name ends in _x then. Nothing has to be restarted.',
    configuration: [...columns, ...custom].join('\n'),
  };
}
