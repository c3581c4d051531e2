import type { DeclaredFormat } from '../formats/proxy/log-format.ts';
import { COMBINED } from './configured.ts';
import type { Want, WantedOf } from './wants.ts';

/** What a remedy is made from. */
export interface Lacking {
  readonly wants: readonly Want[];
  /** Names of what is there. */
  readonly fields: ReadonlySet<string>;
  /** The log format that is in use, where it is known. */
  readonly declared: DeclaredFormat | null;
  /** A row as it is written. */
  readonly example: string | null;
}

/** How the fields are added. */
export interface Remedy {
  /** Where it goes and what to do afterwards, as sentences. */
  readonly where: string;
  /** To be copied as it is; null where there is nothing to copy. */
  readonly configuration: string | null;
}

/** Names of columns on a line. */
const COLUMNS_PER_LINE = 4;

const REMEDIES: Readonly<Record<WantedOf['by'], (lacking: Lacking) => Remedy>> = {
  log_format: accessRemedy,
  logpush: ({ wants, fields }) => ({
    where:
      'Logpush: the list of fields of the job (Analytics & Logs, Logpush, Edit; over the API output_options.field_names). It keeps what is there. Logpull takes the same names as ?fields= with commas between them.',
    configuration: columns([
      ...[...fields].filter((name) => /^[A-Z][A-Za-z0-9]{2,60}$/.test(name)),
      ...wants.map(({ field }) => field),
    ]),
  }),
  error_log: () => ({
    where: 'nginx.conf, in place of the error_log that is there, with your path. Then: nginx -t && nginx -s reload',
    configuration: 'error_log /var/log/nginx/error.log notice;',
  }),
  'fpm-pool': () => ({
    where:
      'The pool’s file (/etc/php/8.2/fpm/pool.d/www.conf or the like), beside access.log. Then reload PHP-FPM: systemctl reload php8.2-fpm',
    configuration: 'access.format = "%R - %u %t \\"%m %r%Q%q\\" %s %f %{milli}d %{kilo}M %C%% %p"',
  }),
  'fpm-global': ({ wants }) => ({
    where:
      'php-fpm.conf, [global], for log_level; the pool’s file for the others. Then reload PHP-FPM: systemctl reload php8.2-fpm',
    configuration: wants
      .flatMap(({ field }) =>
        field.startsWith('log_level')
          ? ['log_level = notice']
          : ['catch_workers_output = yes', 'decorate_workers_output = yes'],
      )
      .join('\n'),
  }),
  cloudflared: ({ wants }) => ({
    where: wants.some(({ field }) => field === 'time')
      ? 'Keep the prefix when you copy the log; versions before 2021.2.0 write no date and are to be updated. For the level: config.yml, or cloudflared tunnel --loglevel info run.'
      : 'config.yml (or cloudflared tunnel --loglevel info run). Then restart cloudflared when it suits.',
    configuration: 'loglevel: info',
  }),
  zone: () => ({
    where:
      'Hand over the web server’s access log of the same machine with it, or take journal entries with their zone. Nothing has to be set.',
    configuration: 'journalctl -u <unit> -o short-iso --utc',
  }),
};

/** How what is lacking is added to what is there. */
export function remedyOf(by: WantedOf['by'], lacking: Lacking): Remedy {
  return REMEDIES[by](lacking);
}

function columns(names: readonly string[]): string {
  const unique = [...new Set(names)].map((name) => JSON.stringify(name));
  const lines: string[] = [];
  for (let i = 0; i < unique.length; i += COLUMNS_PER_LINE)
    lines.push(`  ${unique.slice(i, i + COLUMNS_PER_LINE).join(', ')}`);
  return `"field_names": [\n${lines.join(',\n')}\n]`;
}

const TEST_IT = 'Then: nginx -t && nginx -s reload';

/**
 * A `log_format` that begins with the one in use and adds what is lacking: as JSON within the braces, else as `name="value"`
 * at the end, which readers of the old format pass over. Where the format in use is not known, only what is to be added.
 */
function accessRemedy({ wants, declared, fields, example }: Lacking): Remedy {
  const isJson = (declared?.format ?? example ?? '').trimStart().startsWith('{');
  const base = declared ?? (!isJson && isCombined(fields) ? COMBINED : null);
  const added = isJson
    ? `,${wants.map(({ field, as }) => `"${as ?? field.slice(1)}":"${field}"`).join(',')}`
    : wants.map(({ field, as }) => ` ${as ?? field.slice(1)}="${field}"`).join('');
  if (base === null) {
    return {
      where: `nginx.conf: at the end of this log’s log_format, ${isJson ? 'before its closing brace' : 'before its semicolon'}. ${TEST_IT}. What has no name in a row is told by its shape: with nginx.conf among the inputs the whole log_format is known and written out.`,
      configuration: quoted(added),
    };
  }
  const end = isJson ? base.format.lastIndexOf('}') : base.format.length;
  return {
    where: `nginx.conf, in http { }; then name it where the log is written: access_log <path> ${extendedName(base)}; It keeps what is there. ${TEST_IT}`,
    configuration: directive(base, base.format.slice(0, end), added + base.format.slice(end)),
  };
}

/** Whether a row has no more than nginx's own format. */
function isCombined(fields: ReadonlySet<string>): boolean {
  return [...fields].every((name) => name === 'zone' || COMBINED.format.includes(name));
}

/** The old format stays for whoever reads it. */
const extendedName = ({ name }: DeclaredFormat): string => `${name}_full`;

/** A text as nginx's configuration takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `log_format` in two parts: the one in use, and what is added. */
function directive(base: DeclaredFormat, before: string, added: string): string {
  const escaping = base.escape === null ? '' : `escape=${base.escape} `;
  return `log_format ${extendedName(base)} ${escaping}${quoted(before)}\n                    ${quoted(added)};`;
}
