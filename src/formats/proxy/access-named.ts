import { type AccessFields, fieldOf } from './access-fields.ts';

const LONGEST_LINE = 65_536;
const MOST_PAIRS = 120;
/** Beginnings of a pair: `status=502`, `$status="502"`. */
const NAME = /\$?[A-Za-z_@][\w.-]{0,60}=/y;
const STATUS_BY_TAB = /(?:^|\t)status:\d{3}(?:\t|$)/;
const STATUS_BY_SIGN = /(?:^| )\$?status="?\d{3}"?(?: |$)/;
/** Fields of programs that log events in such pairs, of which a request is one kind. */
const EVENT = /(?:^| )(?:msg|message|level|lvl)=/;
const ADDRESS = /^[\da-f:.]{3,45}$/i;

type Pairs = (readonly [name: string, value: string])[];

/** `time:…<tab>host:…<tab>req:…` (ltsv.org): `host` is the client's there, `vhost` the server's. */
function tabbed(line: string): Pairs {
  return line.split('\t', MOST_PAIRS).flatMap((pair): Pairs => {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, colon);
    const value = pair.slice(colon + 1);
    if (colon <= 0) return [];
    // Apache writes its time (%t) in brackets.
    const bare = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
    return [[name === 'host' && ADDRESS.test(value) ? 'remote_addr' : name, bare]];
  });
}

/** `time=… status=502 request="GET / HTTP/1.1"`: nothing but pairs; empty where something else stands between them. */
function signed(line: string): Pairs {
  const pairs: Pairs = [];
  let at = 0;
  while (at < line.length && pairs.length < MOST_PAIRS) {
    NAME.lastIndex = at;
    const name = NAME.exec(line)?.[0];
    if (name === undefined) return [];
    const from = at + name.length;
    const isQuoted = line[from] === '"';
    const end = line.indexOf(isQuoted ? '"' : ' ', from + (isQuoted ? 1 : 0));
    const to = end < 0 ? line.length : end;
    pairs.push([name.slice(0, -1), line.slice(isQuoted ? from + 1 : from, to)]);
    at = isQuoted ? to + 1 : to;
    while (line[at] === ' ' || line[at] === ',') at++;
  }
  return pairs;
}

/** Whether a line looks like a row of nothing but names and values, as LTSV has them or with `=`. */
export function looksNamed(line: string): boolean {
  const beginning = line.slice(0, 8192);
  return STATUS_BY_TAB.test(beginning) || (STATUS_BY_SIGN.test(beginning) && !EVENT.test(beginning));
}

/** The names and values of such a row, as they are written. */
export function namedPairs(line: string): Pairs {
  const row = line.slice(0, LONGEST_LINE);
  return STATUS_BY_TAB.test(row) ? tabbed(row) : signed(row);
}

/** Reads such a row under the names that people use; null where time, status or what was asked for is missing. */
export function readNamedRow(line: string): AccessFields | null {
  if (!looksNamed(line)) return null;
  const fields: AccessFields = {};
  for (const [name, value] of namedPairs(line)) {
    const field = fieldOf(name, value, true);
    if (field !== undefined && fields[field] === undefined) fields[field] = value;
  }
  const { status, time, msec, request, method, uri } = fields;
  const isAsked = request !== undefined || (method !== undefined && uri !== undefined);
  return status !== undefined && (time !== undefined || msec !== undefined) && isAsked ? fields : null;
}
