import { type AccessFields, fieldOf } from './access-fields.ts';

const LONGEST_LINE = 65_536;
const MOST_PAIRS = 120;
/** The names that tell whose row it is are looked for up to here. */
export const LONGEST_LOOK = 8192;

/** A name with its value as text, as they stand in a JSON row; objects within it are opened. */
type Pairs = (readonly [name: string, value: string])[];

function collect(value: unknown, pairs: Pairs, depth: number): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (pairs.length >= MOST_PAIRS) return;
    if (typeof inner === 'string' || typeof inner === 'number') pairs.push([name, String(inner)]);
    else if (inner === null) pairs.push([name, '']);
    else if (depth < 2) collect(inner, pairs, depth + 1);
  }
}

/**
 * Reads `"name":value` pairs of a row that is no valid JSON: nginx writes nothing or `-` for a missing number, bare lists
 * (`0.001, 0.000`), and `\xHH` within strings where `escape=json` is not set. Linear in the length of the line.
 */
function scanPairs(line: string): Pairs {
  const pairs: Pairs = [];
  let at = line.indexOf('"');
  while (at >= 0 && pairs.length < MOST_PAIRS) {
    const nameEnd = line.indexOf('"', at + 1);
    if (nameEnd < 0) break;
    const name = line.slice(at + 1, nameEnd);
    let from = nameEnd + 1;
    while (line.charCodeAt(from) === 32) from++;
    if (line.charCodeAt(from) !== 58) break;
    from++;
    while (line.charCodeAt(from) === 32) from++;
    let end: number;
    if (line.charCodeAt(from) === 34) {
      end = from + 1;
      while (end < line.length && line.charCodeAt(end) !== 34) end += line.charCodeAt(end) === 92 ? 2 : 1;
      pairs.push([name, line.slice(from + 1, end)]);
      end++;
    } else {
      const next = line.indexOf('"', from);
      end = next < 0 ? line.length : next;
      pairs.push([name, line.slice(from, end).replace(/[\s,}]{1,8}$/, '')]);
    }
    at = line.indexOf('"', end);
  }
  return pairs;
}

function readPairs(line: string): Pairs {
  try {
    const parsed: unknown = JSON.parse(line);
    const pairs: Pairs = [];
    collect(parsed, pairs, 0);
    return pairs;
  } catch {
    return scanPairs(line);
  }
}

/** Names that only a web server's access log has; without one of them a JSON row is somebody else's. */
const OWN_NAMES =
  /"(?:\$?(?:remote_addr|request_time|request_uri|body_bytes_sent|upstream_?\w{1,30}|responsetime|http_user_agent|time_local|time_iso8601|http_referr?er|http_host|http_x_forwarded_for|server_name|cf_ray|http_cf_ray|urt|uht|remote_user))"\s{0,8}:/;
/** Names of Cloudflare's exports and of other servers' rows, which share some of nginx's. */
const FOREIGN_NAMES =
  /"(?:EdgeResponseStatus|EdgeStartTimestamp|RayID|OriginResponseStatus|RouterName|ServiceURL|bytes_read|resp_headers)"\s{0,8}:/;

/** Whether a line looks like a JSON row of nginx's access log. */
export function looksLikeJsonRow(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const beginning = line.slice(0, LONGEST_LOOK);
  return beginning.includes('"') && OWN_NAMES.test(beginning) && !FOREIGN_NAMES.test(beginning);
}

/** The names of a JSON row's values as they are written. */
export function namesOfJsonRow(line: string): string[] {
  return readPairs(line.slice(0, LONGEST_LINE)).map(([name]) => name);
}

/** The name that may be an upstream's address or a browser. */
export const EITHER = /^\$?ua$/i;

/** Reads a JSON row of an access log, under the names that people use; null where it has neither status nor time. */
export function readJsonRow(line: string): AccessFields | null {
  if (!looksLikeJsonRow(line)) return null;
  const pairs = readPairs(line.slice(0, LONGEST_LINE));
  const fields: AccessFields = {};
  const has = (named: RegExp): boolean => pairs.some(([name]) => named.test(name));
  for (const [name, value] of pairs) {
    // Beside a full name for the upstream's address, `ua` is the browser.
    const isBrowser = name === 'ua' && has(/^upstream_addr$/i);
    const field = isBrowser ? 'userAgent' : fieldOf(name, value, EITHER.test(name) && has(/agent/i));
    if (field === undefined || fields[field] !== undefined) continue;
    fields[field] = value;
  }
  return fields.status !== undefined && (fields.time !== undefined || fields.msec !== undefined) ? fields : null;
}
