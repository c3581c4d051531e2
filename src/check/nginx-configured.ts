import { type DeclaredFormat, logFormatsIn, parseLogFormat, variablesIn } from '../formats/proxy/log-format.ts';
import type { ConfigurationFile, Seen } from './seen.ts';
import { SILENT_ON_REASONS } from './wants.ts';

/** The format of an `access_log` that names none (ngx_http_log_module). */
export const COMBINED: DeclaredFormat = {
  name: 'combined',
  escape: null,
  format:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
};

const ACCESS_LOG = /\baccess_log\s{1,20}([^\s;]{1,500})(?:\s{1,20}([\w-]{1,100})(?=[\s;]))?[^;]{0,400};/g;
const ERROR_LOG = /\berror_log\s{1,20}([^\s;]{1,500})(?:\s{1,20}(\w{1,20}))?\s{0,20};/g;

/** Levels at which nginx leaves out why it made a 502 or a 504: those lines are of level error. */
const WITHOUT_REASONS: ReadonlySet<string> = new Set(['crit', 'alert', 'emerg']);

/** What a configuration of nginx says of its logs: the fields of each format in it and the level of each error log. */
export function seenInNginx({ label, text }: ConfigurationFile): Seen[] {
  const plain = text.replace(/#.*$/gm, '');
  const declared = logFormatsIn(text);
  const accessLogs = [...plain.matchAll(ACCESS_LOG)].filter(([, path]) => path !== 'off');
  const usesCombined = accessLogs.some(([, , name]) => name === undefined || name === COMBINED.name);
  const formats = [...declared, ...(usesCombined ? [COMBINED] : [])];
  return [
    ...formats.map((format) => seenByFormat(`${label}: log_format ${format.name}`, format)),
    ...[...plain.matchAll(ERROR_LOG)].map(([, path = '', level = 'error']) => ({
      source: `${label}: error_log ${path}`,
      format: 'nginx-error',
      entries: 0,
      fields: new Set([`level=${level}`, ...(WITHOUT_REASONS.has(level) ? [SILENT_ON_REASONS] : [])]),
      example: null,
    })),
  ];
}

function seenByFormat(source: string, declared: DeclaredFormat): Seen {
  const parsed = parseLogFormat(declared.format);
  return {
    source,
    format: 'nginx-access',
    entries: 0,
    fields: new Set(parsed === null ? [] : variablesIn(parsed)),
    example: null,
    declared,
  };
}
