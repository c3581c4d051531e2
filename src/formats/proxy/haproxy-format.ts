import { parseIso } from '../stamps.ts';
import { parseClf, parseMsec } from './access-time.ts';
import type { HaproxyRow } from './haproxy-row.ts';

/** A `log-format` of HAProxy, ready to read rows that were written with it. */
export interface HaproxyFormat {
  readonly before: string;
  readonly pieces: readonly { readonly variable: string; readonly after: string }[];
}

const VARIABLE = /%(?:\{([^}]{1,40})\})?(?:\[([^\]]{1,300})\]|([A-Za-z]{1,4}))/g;

/**
 * Takes a format as HAProxy's configuration writes it (`%ci:%cp [%tr] %ft %b/%s … %ST … %tsc … %{+Q}r`). Null where it lacks the status,
 * a time or the state at the end: nothing could be told from its rows.
 */
export function parseHaproxyFormat(text: string): HaproxyFormat | null {
  const unescaped = text.replace(/\\([ "'\\])/g, '$1').replaceAll('%%', '\u0000');
  const found = [...unescaped.matchAll(VARIABLE)];
  const plain = (part: string): string => part.replaceAll('\u0000', '%');
  const quote = (match: RegExpMatchArray | undefined): string => (match?.[1]?.includes('+Q') ? '"' : '');
  const pieces = found.map((match, i) => {
    const from = match.index + match[0].length;
    const next = found[i + 1];
    return {
      variable: match[3] ?? match[2] ?? '',
      after: plain(quote(match) + unescaped.slice(from, next?.index ?? unescaped.length) + quote(next)),
    };
  });
  const has = (...names: readonly string[]): boolean => pieces.some(({ variable }) => names.includes(variable));
  if (!has('ST') || !has(...TIMES) || !has('ts', 'tsc')) return null;
  return { before: plain(unescaped.slice(0, found[0]?.index ?? 0) + quote(found[0])), pieces };
}

/** When the connection or the request came, the surest first. */
const TIMES = ['trg', 'T', 'trl', 'Tl', 'tr', 't', 'Ts'] as const;
/** From the request, or the connection, to the last byte. */
const TOTALS = ['Ta', 'Tt'] as const;
/** What is fetched by name: the host, the Ray ID, the visitor's address; variables that are called so, as they may hold anything. */
const TELLING =
  /hdr\(.{0,40}(?:host|cf-ray|cf-connecting-ip|x-forwarded-for)|^src$|ssl_fc_sni|\bhdrs?\b|^capture\.req|^var\(.{0,60}(?:host|ray|client|visitor|(?:real|src|remote|connecting)_?(?:ip|addr))/i;

/** The row; null where it was not written with this format. A value ends where the text that follows it first occurs. */
export function readHaproxyFormat({ before, pieces }: HaproxyFormat, text: string): HaproxyRow | null {
  if (!text.startsWith(before)) return null;
  const values = new Map<string, string>();
  const captured: string[] = [];
  let at = before.length;
  for (const [i, { variable, after }] of pieces.entries()) {
    const isLast = i === pieces.length - 1;
    const end =
      isLast && after.trim() === '' ? Math.max(at, text.trimEnd().length) : after === '' ? at : text.indexOf(after, at);
    if (end === -1) return null;
    const value = text.slice(at, end);
    if (!values.has(variable)) values.set(variable, value);
    if (variable === 'hr' || TELLING.test(variable)) captured.push(value.replace(/^\{|\}$/g, ''));
    at = end + after.length;
  }
  return rowOf(values, captured);
}

function rowOf(values: ReadonlyMap<string, string>, captured: readonly string[]): HaproxyRow | null {
  const get = (...names: readonly string[]): string | undefined => {
    for (const name of names) if (values.has(name)) return values.get(name);
    return undefined;
  };
  const time = get(...TIMES) ?? '';
  const accepted = parseClf(time) ?? parseIso(time) ?? parseMsec(time);
  const status = get('ST') ?? '';
  const state = get('tsc', 'ts') ?? '';
  if (accepted === undefined || !/^(?:\d{3}|-1)$/.test(status) || !/^[A-Za-z-]{2,4}$/.test(state)) return null;
  const number = (text: string | undefined): number => Number(/^\+?(-?\d{1,15})$/.exec(text ?? '')?.[1] ?? -1);
  const request = get('r') ?? `${get('HM') ?? ''} ${get('HPO', 'HP', 'HU') ?? ''} ${get('HV') ?? 'HTTP/1.1'}`;
  const retries = get('rc');
  return {
    client: get('ci', 'src') ?? '',
    accepted,
    backend: get('b') ?? '',
    server: get('s') ?? '',
    totalMs: Math.max(0, number(get(...TOTALS))),
    waitedMs: Math.max(0, number(get('TR'))) + Math.max(0, number(get('Tw'))),
    ...(retries === undefined ? {} : { retries: Math.max(0, number(retries)) }),
    headerMs: number(get('Tr')),
    status: Math.max(0, Number(status)),
    bytes: Math.max(0, number(get('B'))),
    state: state.padEnd(4, '-'),
    rest: `{${captured.join('|')}} "${request.replaceAll('"', '')}"`,
  };
}

/** `option httplog clf`, as HAProxy's manual spells it out (8.2.3), with its captured headers in one piece. */
const CLF = parseHaproxyFormat(
  '%ci - - [%trg] %{+Q}r %ST %B "" "" %cp %ms %{+Q}ft %{+Q}b %{+Q}s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC',
);

/** A row of `option httplog clf`; null for any other line. */
export function readHaproxyClf(text: string): HaproxyRow | null {
  return CLF === null ? null : readHaproxyFormat(CLF, text);
}

/** The variables of a format (`%ci`) and the expressions in it (`capture.req.hdr(0)`), whether rows in it can be read or not. */
export function haproxyVariablesIn(format: string): string[] {
  return [...format.replaceAll('%%', '').matchAll(VARIABLE)].map(([, , expression, name]) => expression ?? `%${name}`);
}

const DIRECTIVE =
  /^[ \t]{1,80}log-format[ \t]{1,20}(?:"((?:[^"\\\n]|\\.){1,4000})"|'([^'\n]{1,4000})'|((?:[^\s\\]|\\.){1,4000}))/gm;

/** The formats that a configuration of HAProxy declares. */
export function haproxyFormatsIn(configuration: string): string[] {
  return [...configuration.matchAll(DIRECTIVE)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}
