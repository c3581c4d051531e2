import { apacheAccess, apacheError } from './apache.ts';
import { caddyRemedy } from './caddy.ts';
import { envoyRemedy } from './envoy.ts';
import { haproxyRemedy } from './haproxy.ts';
import { iisRemedy } from './iis.ts';
import { COMBINED } from './nginx-configured.ts';
import { addedPairs, extendedName, type Lacking, type NamedFormat, type Remedy } from './remedy.ts';
import { traefikRemedy } from './traefik.ts';
import type { RemedyName } from './want.ts';

/** Names of columns on a line. */
const COLUMNS_PER_LINE = 4;

const REMEDIES: Readonly<Record<RemedyName, (lacking: Lacking) => Remedy>> = {
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
  'apache-access': apacheAccess,
  'apache-error': apacheError,
  haproxy: haproxyRemedy,
  caddy: caddyRemedy,
  traefik: traefikRemedy,
  envoy: envoyRemedy,
  iis: iisRemedy,
  zone: () => ({
    where:
      'Hand over the web server’s access log of the same machine with it, or take journal entries with their zone. Nothing has to be set.',
    configuration: 'journalctl -u <unit> -o short-iso --utc',
  }),
};

/** How what is lacking is added to what is there. */
export function remedyOf(by: RemedyName, lacking: Lacking): Remedy {
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
  const added = addedPairs(wants, isJson);
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

/** A text as nginx's configuration takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `log_format` in two parts: the one in use, and what is added. */
function directive(base: NamedFormat, before: string, added: string): string {
  const escaping = (base.escape ?? null) === null ? '' : `escape=${base.escape} `;
  return `log_format ${extendedName(base)} ${escaping}${quoted(before)}\n                    ${quoted(added)};`;
}
