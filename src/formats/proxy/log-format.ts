import { type AccessField, type AccessFields, fieldOf, variablesOf } from './access-fields.ts';
import { asNginxFormat, beginsWithRequest, isPercentFormat, SECONDS_IN } from './percent-format.ts';

/** One piece of a log format: a variable's value, then the text that follows it. */
interface Piece {
  /** Name without `$`. */
  readonly variable: string;
  readonly field: AccessField | undefined;
  readonly after: string;
  /** What makes seconds of its value; absent where it is written in seconds, or is no time. */
  readonly seconds?: number;
}

/** A `log_format` of nginx (ngx_http_log_module), or one of Apache and varnishncsa, ready to read rows that were written with it. */
export interface LogFormat {
  readonly before: string;
  readonly pieces: readonly Piece[];
  /** Its time is that at which the request came: Apache's and Varnish's, where they do not write that of its end. */
  readonly isBegin: boolean;
}

const VARIABLE = /\$(?:\{(\w{1,100})\}|(\w{1,100}))/g;

/**
 * Takes a format as nginx's configuration writes it, its parts put together: `$remote_addr [$time_local] $status`; or as Apache's
 * does: `%h %t "%r" %>s`. Null where it has no status or no time: nothing could be told from its rows.
 */
export function parseLogFormat(written: string): LogFormat | null {
  const isPercent = isPercentFormat(written);
  const text = isPercent ? asNginxFormat(written) : written;
  const found = [...text.matchAll(VARIABLE)];
  const pieces = found.map((match, i): Piece => {
    const variable = match[1] ?? match[2] ?? '';
    const end = match.index + match[0].length;
    const after = text.slice(end, found[i + 1]?.index ?? text.length);
    const seconds = isPercent ? SECONDS_IN[variable] : undefined;
    return seconds === undefined
      ? { variable, field: fieldOf(variable, '', true), after }
      : { variable, field: 'requestTime', after, seconds };
  });
  const has = (field: AccessField): boolean => pieces.some((piece) => piece.field === field);
  if (!has('status') || !(has('time') || has('msec'))) return null;
  return {
    before: text.slice(0, found[0]?.index ?? 0),
    pieces,
    isBegin: isPercent && beginsWithRequest(written),
  };
}

/** The variables of a format, and those that its own names stand for. */
export function variablesIn({ pieces }: LogFormat): string[] {
  const fields = Object.fromEntries(pieces.flatMap(({ field }) => (field === undefined ? [] : [[field, '']])));
  return [...new Set([...pieces.map(({ variable }) => `$${variable}`), ...variablesOf(fields)])];
}

/**
 * The fields of a row; null where it was not written with this format. A value ends where the text that follows it in the
 * format first occurs: nginx escapes quotes in values, and time per row stays linear.
 */
export function readLogFormat({ before, pieces }: LogFormat, text: string): AccessFields | null {
  if (!text.startsWith(before)) return null;
  const fields: AccessFields = {};
  let at = before.length;
  for (const [i, { field, after, seconds }] of pieces.entries()) {
    const isLast = i === pieces.length - 1;
    // Blanks at the end of a row get lost when it is copied.
    const end =
      isLast && after.trim() === '' ? Math.max(at, text.trimEnd().length) : after === '' ? at : text.indexOf(after, at);
    if (end === -1) return null;
    if (field !== undefined) {
      const value = text.slice(at, end);
      fields[field] ??= seconds === undefined ? value : (Number(value) * seconds).toFixed(6);
    }
    at = end + after.length;
  }
  return fields;
}

const DIRECTIVE = /\blog_format\s{1,20}([\w-]{1,100})\s{1,40}(?:escape=(\w{1,10})\s{1,40})?/g;
const PART = /\s{0,200}(?:'((?:[^'\\]|\\.){0,4000})'|"((?:[^"\\]|\\.){0,4000})"|([^\s;'"]{1,4000}))/y;

/** A `log_format` directive. */
export interface DeclaredFormat {
  readonly name: string;
  /** Of `escape=`: `json`, `none` or `default`; null where it is not written. */
  readonly escape: string | null;
  /** Its parts put together. */
  readonly format: string;
}

/** The formats that a configuration of nginx declares. */
export function logFormatsIn(configuration: string): DeclaredFormat[] {
  const text = configuration.replace(/^\s{0,100}#.*$/gm, '');
  return [...text.matchAll(DIRECTIVE)].map((directive) => {
    let format = '';
    PART.lastIndex = directive.index + directive[0].length;
    for (let part = PART.exec(text); part; part = PART.exec(text))
      format += (part[1] ?? part[2] ?? part[3] ?? '').replace(/\\(['"\\])/g, '$1');
    return { name: directive[1] ?? '', escape: directive[2] ?? null, format };
  });
}
