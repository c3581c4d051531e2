import { tokenize } from '../formats/proxy/access-tokens.ts';
import { parseLogFormat, readLogFormat } from '../formats/proxy/log-format.ts';
import { addedPairs, extendedName, type Lacking, type Remedy, unrotatedName } from './remedy.ts';
import { LEVEL, levels, type Want, type WantedOf } from './want.ts';

/** What Apache's logs ought to hold, and the directives that add it. Sources: the manual of httpd 2.4 (mod_log_config, core). */

/** Said of an error log whose level is above error: the reasons of gateway errors are of level error. */
export const SILENT_ON_PROXY = 'level above error';
/** Said of an error log that goes to syslog, where notices obey the level; in a file they are always written. */
export const INTO_SYSLOG = 'syslog';

const FROM_NOTICE = [
  'notice',
  'info',
  'debug',
  'trace1',
  'trace2',
  'trace3',
  'trace4',
  'trace5',
  'trace6',
  'trace7',
  'trace8',
];

/** Of backends Apache's access log tells nothing by request: who made a 502 stands in the error log, which is therefore tied to it. */
const ACCESS: readonly Want[] = [
  {
    field: '%t',
    seenAs: ['$time_local', '$time_iso8601', '$msec'],
    why: 'The time with its zone lays the row beside the rows of Cloudflare.',
  },
  {
    field: '%r',
    seenAs: ['$request', '$request_uri', '$uri'],
    as: 'request',
    why: 'Method and path find the same request in the other logs.',
  },
  {
    field: '%{Host}i',
    seenAs: ['$http_host', '$host', '$server_name'],
    as: 'host',
    why: 'It tells which of several sites on the machine failed.',
  },
  {
    field: '%{CF-Ray}i',
    seenAs: ['$http_cf_ray'],
    as: 'ray',
    why: 'The Ray ID finds the row of Cloudflare for the very same request.',
  },
  {
    field: '%D',
    seenAs: ['$request_time'],
    as: 'duration_us',
    why: 'The duration tells a time-out from a refused connection.',
  },
  {
    field: '%{end:sec}t.%{end:msec_frac}t',
    seenAs: ['$msec'],
    as: 'msec',
    why: 'Apache’s own time is that at which the request came: after a time-out the answer is a minute later.',
  },
  {
    field: '%L',
    seenAs: ['$error_id', '$other_L'],
    as: 'error_id',
    why: 'The error log writes the same id, where ErrorLogFormat asks for it: it finds the error line of this very request.',
  },
];

export const APACHE_WANTED: readonly WantedOf[] = [
  { formats: ['apache-access'], by: 'apache-access', wants: ACCESS },
  {
    formats: ['apache-error'],
    by: 'apache-error',
    wants: [
      {
        field: 'LogLevel error',
        lackingWhere: SILENT_ON_PROXY,
        toldBy: LEVEL,
        why: 'Above error Apache does not tell why it made a 502, 503 or 504, and an empty error log proves nothing.',
      },
      {
        field: 'LogLevel warn',
        seenAs: levels('warn', ...FROM_NOTICE),
        toldBy: LEVEL,
        why: 'Above warn Apache leaves out that a program of mod_fcgid did not answer in time.',
      },
      {
        field: 'LogLevel notice',
        seenAs: levels(...FROM_NOTICE),
        toldBy: INTO_SYSLOG,
        why: 'Into syslog Apache writes of starts, reloads and crashed processes from notice on only.',
      },
      {
        field: 'ErrorLogFormat with %L',
        seenAs: ['%L'],
        toldBy: 'client',
        why: 'The access log writes the same id, where LogFormat asks for it: it finds the request of this very error line.',
      },
    ],
  },
];

/** Where distributions have Apache's files, and what their `combined` counts. */
interface Home {
  readonly logs: string;
  readonly configuration: string;
  /** Bytes with the head of the answer (mod_logio), or without. */
  readonly size: string;
}

const DEBIAN: Home = { logs: '/var/log/apache2', configuration: '/etc/apache2/apache2.conf', size: '%O' };
const RED_HAT: Home = { logs: '/var/log/httpd', configuration: '/etc/httpd/conf/httpd.conf', size: '%b' };
/** Names that only the latter gives to its logs. */
const OF_RED_HAT = /httpd|(?:access|error)_log/;

const homeOf = (path: string): Home => (OF_RED_HAT.test(path) ? RED_HAT : DEBIAN);

/** The formats that the configurations of all distributions declare, as Apache writes rows in them. */
export const usualFormats = (size: string): readonly { readonly name: string; readonly format: string }[] => [
  {
    name: 'vhost_combined',
    format: `%v:%p %h %l %u %t \\"%r\\" %>s ${size} \\"%{Referer}i\\" \\"%{User-Agent}i\\"`,
  },
  { name: 'combined', format: `%h %l %u %t \\"%r\\" %>s ${size} \\"%{Referer}i\\" \\"%{User-Agent}i\\"` },
  { name: 'common', format: `%h %l %u %t \\"%r\\" %>s ${size}` },
];

/** The usual format that a row is written in, with nothing behind it. */
function usualFormatOf(row: string, { size }: Home): { readonly name: string; readonly format: string } | undefined {
  const pieces = tokenize(row).length;
  return usualFormats(size).find(({ format }) => {
    const parsed = parseLogFormat(format);
    const plain = format.replaceAll('\\"', '"');
    return parsed !== null && tokenize(plain).length === pieces && readLogFormat(parsed, row) !== null;
  });
}

const TEST_IT = 'Then: apachectl configtest && apachectl graceful';

/** A `LogFormat` that begins with the one in use and adds what is lacking, and the `CustomLog` that uses it. */
export function apacheAccess({ wants, declared, example, source, log }: Lacking): Remedy {
  const home = homeOf(log ?? source);
  const base = declared ?? (example === null ? undefined : usualFormatOf(example, home));
  const isJson = (base?.format ?? example ?? '').trimStart().startsWith('{');
  const added = addedPairs(wants, isJson, '\\"');
  if (base === undefined) {
    return {
      where: `Apache’s configuration: at the end of the LogFormat that this log’s CustomLog names, before its closing ${isJson ? 'brace' : 'quote'}. ${TEST_IT}. What has no name in a row is told by its shape: with the configuration among the inputs the whole LogFormat is known and written out.`,
      configuration: added,
    };
  }
  const name = extendedName({ name: base.name || 'access' });
  const end = isJson ? base.format.lastIndexOf('}') : base.format.length;
  const path = log ?? `${home.logs}/${unrotatedName(source)}`;
  return {
    where: `Apache’s configuration (${home.configuration} or the site’s file), the second line in place of the CustomLog that is there${log === null ? ', with your path' : ''}. It keeps what is there. ${TEST_IT}`,
    configuration: `LogFormat "${base.format.slice(0, end)}${added}${base.format.slice(end)}" ${name}\nCustomLog ${quotedPath(path)} ${name}`,
  };
}

const quotedPath = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);

/** Apache's own format of error lines, with the zone (2.4.55 and later; before, the letter is passed over) and the request's id. */
const ERROR_LOG_FORMAT =
  '[%{uz}t] [%-m:%l] [pid %P:tid %T] [R:%L] %7F: %E: [client\\ %a] %M% ,\\ referer\\ %{Referer}i';

/** The level, and an `ErrorLogFormat` that begins with the one in use. */
export function apacheError({ wants, declared, source, log }: Lacking): Remedy {
  const lacks = (begin: string): boolean => wants.some(({ field }) => field.startsWith(begin));
  const level = lacks('LogLevel notice') ? 'notice' : 'warn';
  const format = declared?.format.replace('%M', '[R:%L] %M') ?? ERROR_LOG_FORMAT;
  const lines = [
    ...(lacks('LogLevel') ? [`LogLevel ${level}`] : []),
    ...(lacks('ErrorLogFormat') ? [`ErrorLogFormat "${format}"`] : []),
  ];
  const names = lines.map((line) => line.slice(0, line.indexOf(' '))).join(' and ');
  return {
    where: `Apache’s configuration (${homeOf(log ?? source).configuration}; a site’s file may have its own), in place of the ${names} that is there, if any. ${TEST_IT}`,
    configuration: lines.join('\n'),
  };
}
