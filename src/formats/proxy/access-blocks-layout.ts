import type { AccessField } from './access-fields.ts';
import { fieldOf } from './access-fields.ts';
import { type Token, tokenize } from './access-tokens.ts';

/**
 * The layout of the rows of one `log_format`: what stands after the status, field by field. It is learned from a row and
 * every further row is checked against it byte by byte; rows of another layout are read the ordinary way.
 */

/** What a field means for a row that is only counted. */
export const ROLE = {
  /** Nothing, but it must end where the tokenizer ends it. */
  other: 0,
  /** A field without name; a Ray ID in it would be taken for the request's. */
  bare: 1,
  /** A field without name that held a Ray ID. */
  bareRay: 8,
  ray: 2,
  upstreamStatus: 3,
  headerTime: 4,
  host: 5,
  serverName: 6,
  status: 7,
} as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

export interface LayoutField {
  /** All bytes before the value: ` uct="`. */
  readonly lead: Uint8Array;
  readonly quoted: boolean;
  readonly role: Role;
  /** Whether its values are long enough to look for their end with a native call. */
  readonly long: boolean;
}

export interface Layout {
  readonly fields: readonly LayoutField[];
  /** Whether the request's method or path come from a named field, so that the request line does not give them. */
  readonly namesRequest: boolean;
  /** Whether the host is logged. */
  readonly namesHost: boolean;
}

/** Rows of more fields are none of a log format that anybody wrote. */
const MOST_FIELDS = 40;

const ROLES: Partial<Record<AccessField, Role>> = {
  ray: ROLE.ray,
  upstreamStatus: ROLE.upstreamStatus,
  upstreamHeaderTime: ROLE.headerTime,
  host: ROLE.host,
  serverName: ROLE.serverName,
  status: ROLE.status,
};
/** Fields that give the row another time than the bracketed one. */
const TIMES: readonly AccessField[] = ['time', 'msec'];
const REQUESTS: readonly AccessField[] = ['request', 'method', 'uri'];
const BARE_RAY = /^[\da-f]{16}-[A-Z]{3}$/;
/** From so many quoted fields without name on, three of them may be the upstream's, and no Ray ID is looked for. */
const TRIPLE_FIELDS = 4;
/** Values of at least this length are worth a native search for their end. */
const LONG_VALUE = 16;

/** The first field of a tail and how many characters it takes, or null where it is written in no known way. */
function readField(tail: string, at: number, token: Token): { field: LayoutField; length: number } | null {
  const name = token.key === undefined ? '' : tail.slice(at + 1, at + 2 + token.key.length);
  const quoted = tail.charAt(at + 1 + name.length) === '"';
  const lead = ` ${name}${quoted ? '"' : ''}`;
  const written = `${lead}${token.text}${quoted ? '"' : ''}`;
  if (token.kind === 'bracket' || !tail.startsWith(written, at)) return null;
  const field = { lead: Buffer.from(lead, 'latin1'), quoted, role: roleOf(token), long: isLong(token) };
  return { field, length: written.length };
}

function isLong({ kind, text }: Token): boolean {
  return kind === 'quoted' || text.length >= LONG_VALUE;
}

function roleOf(token: Token): Role {
  if (token.kind !== 'pair') return BARE_RAY.test(token.text) ? ROLE.bareRay : ROLE.bare;
  const field = fieldOfPair(token);
  return (field === undefined ? undefined : ROLES[field]) ?? ROLE.other;
}

function fieldOfPair(token: Token): AccessField | undefined {
  return token.key === undefined ? undefined : fieldOf(token.key, token.text, true);
}

/**
 * The layout of what follows the status of a row (`tail` begins with the blank after it). Null where fields stand in it that
 * only the ordinary way understands.
 */
export function learnLayout(tail: string): Layout | null {
  const tokens = tokenize(tail);
  if (tokens.length > MOST_FIELDS) return null;
  const fields: LayoutField[] = [];
  let at = 0;
  for (const token of tokens) {
    const read = readField(tail, at, token);
    if (read === null) return null;
    fields.push(read.field);
    at += read.length;
  }
  const names = new Set(tokens.map(fieldOfPair));
  if (at !== tail.length || TIMES.some((name) => names.has(name))) return null;
  const has = (role: Role): boolean => fields.some((field) => field.role === role);
  // Without its name the upstream's status may still be told by its shape.
  if (has(ROLE.headerTime) && !has(ROLE.upstreamStatus)) return null;
  if (has(ROLE.bareRay) && (has(ROLE.ray) || tokens.filter(({ kind }) => kind === 'quoted').length >= TRIPLE_FIELDS))
    return null;
  return {
    fields,
    namesRequest: REQUESTS.some((name) => names.has(name)),
    namesHost: has(ROLE.host) || has(ROLE.serverName),
  };
}
