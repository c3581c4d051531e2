/**
 * Formats of Apache's mod_log_config (`LogFormat`) and of varnishncsa (`-F`), which writes Apache's directives, in the names that
 * nginx has for the same. Sources: mod_log_config's documentation; varnishncsa(1).
 */

const DIRECTIVE = /%[<>!\d,]{0,20}(?:\{([^}]{1,200})\})?([A-Za-z])/g;

/** Variables of nginx for directives, with what stands in their braces where that is not a name. */
const VARIABLES: Readonly<Record<string, string>> = {
  h: 'remote_addr',
  a: 'remote_addr',
  '{c}a': 'realip_remote_addr',
  u: 'remote_user',
  r: 'request',
  m: 'request_method',
  U: 'uri',
  q: 'args',
  s: 'status',
  b: 'body_bytes_sent',
  B: 'body_bytes_sent',
  O: 'bytes_sent',
  D: 'request_time_us',
  T: 'request_time',
  '{s}T': 'request_time',
  '{ms}T': 'request_time_ms',
  '{us}T': 'request_time_us',
  '{sec}t': 'msec',
  '{begin:sec}t': 'msec',
  '{end:sec}t': 'msec',
  v: 'server_name',
  V: 'host',
};

const nginxName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '_');

const inNginx = (variable: string): string => `\${${variable}}`;

/** A directive as nginx's format has it. */
function asVariable(name: string | undefined, letter: string): string {
  if (name === undefined)
    return letter === 't' ? `[${inNginx('time_local')}]` : inNginx(VARIABLES[letter] ?? `other_${letter}`);
  if (letter === 'i') return inNginx(`http_${nginxName(name)}`);
  if (letter === 'o') return inNginx(`sent_http_${nginxName(name)}`);
  // A pattern of strftime: any form of time that is known may come of it.
  if (letter === 't' && name.includes('%')) return inNginx('time_local');
  return inNginx(VARIABLES[`{${name}}${letter}`] ?? `other_${nginxName(name)}`);
}

/** The factors by which what these variables hold becomes seconds; nginx has no such variables. */
export const SECONDS_IN: Readonly<Record<string, number>> = { request_time_ms: 1e-3, request_time_us: 1e-6 };

/** Whether a format is written in directives with `%`, and not in those of HAProxy. */
export const isPercentFormat = (text: string): boolean =>
  !/\$\w|%ST\b/.test(text) && /%[<>]?s(?![A-Za-z])/.test(text) && /%(?:\{[^}]{1,200}\})?t(?![A-Za-z])/.test(text);

/** Seconds since 1970 and their fraction, which are two directives: `%{end:sec}t.%{end:msec_frac}t`. */
const SECONDS_AND_FRACTION = /%\{(begin:|end:|)sec\}t\.%\{\1[mu]sec_frac\}t/g;
const TIME = /%(?:\{([^}]{1,200})\})?t(?![A-Za-z])/g;
const IN_SECONDS = /^(?:begin:|end:|)sec$/;

/**
 * Whether the time by which rows of a format are laid is that at which the request came, and not that of the answer
 * (`%{end:…}t`): of several the one in seconds since 1970, else the first.
 */
export function beginsWithRequest(text: string): boolean {
  const times = [...text.matchAll(TIME)].map(([, name = '']) => name);
  const told = times.find((name) => IN_SECONDS.test(name)) ?? times[0];
  return told?.startsWith('end:') !== true;
}

/** The same format in nginx's writing. */
export function asNginxFormat(text: string): string {
  return text
    .replace(/\\(["'\\])/g, '$1')
    .replaceAll('\\t', '\t')
    .replaceAll('%%', '\u0000')
    .replaceAll('%U%q', inNginx('request_uri'))
    .replace(SECONDS_AND_FRACTION, inNginx('msec').replace('$', '$$$$'))
    .replace(DIRECTIVE, (_, name: string | undefined, letter: string) => asVariable(name, letter))
    .replaceAll('\u0000', '%');
}

const DECLARED = /^[ \t]{0,80}LogFormat[ \t]{1,20}"((?:[^"\\\n]|\\.){1,4000})"(?:[ \t]{1,20}([\w.-]{1,100}))?/gim;

/** A `LogFormat` of a configuration of Apache, as it is written there; without a nickname its name is empty. */
export interface PercentFormat {
  readonly name: string;
  readonly format: string;
}

/** The formats that a configuration of Apache declares. */
export function percentFormatsIn(configuration: string): PercentFormat[] {
  return [...configuration.matchAll(DECLARED)].map(([, format = '', name = '']) => ({ name, format }));
}
