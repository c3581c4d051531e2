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
  headerTime: ROLE.headerTime,
  host: ROLE.host,
  serverName: ROLE.serverName,
  status: ROLE.status,
};
/** Fields that give the row another time than the bracketed one. */
const TIMES: readonly AccessField[] = ['time', 'msec'];
const REQUESTS: readonly AccessField[] = ['request', 'method', 'uri'];

function fieldOfPair(token: Token): AccessField | undefined {
  return token.key === undefined ? undefined : fieldOf(token.key, token.text, true);
}

/** The layout of what follows the status of a row (`tail` begins with the blank after it), or null where it has none that is known. */
export function learnLayout(tail: string): Layout | null {
  const tokens = tokenize(tail);
  if (tokens.length > MOST_FIELDS) return null;
  const fields: LayoutField[] = [];
  const seen = new Set<AccessField>();
  let at = 0;
  for (const token of tokens) {
    if (token.kind === 'bracket') return null;
    const name = token.key === undefined ? '' : tail.slice(at + 1, at + 2 + token.key.length);
    const valueAt = at + 1 + name.length;
    const quoted = tail.charAt(valueAt) === '"';
    const lead = ` ${name}${quoted ? '"' : ''}`;
    if (!tail.startsWith(lead + token.text + (quoted ? '"' : ''), at)) return null;
    const field = fieldOfPair(token);
    if (field !== undefined) seen.add(field);
    const role = field === undefined ? undefined : ROLES[field];
    fields.push({
      lead: Buffer.from(lead, 'latin1'),
      quoted,
      role: role ?? (token.kind === 'pair' ? ROLE.other : ROLE.bare),
      long: quoted && token.kind === 'quoted',
    });
    at += lead.length + token.text.length + (quoted ? 1 : 0);
  }
  if (at !== tail.length || TIMES.some((field) => seen.has(field))) return null;
  // The status of the upstream could then come from a field without name, told by its shape.
  if (seen.has('headerTime') && !seen.has('upstreamStatus')) return null;
  return {
    fields,
    namesRequest: REQUESTS.some((field) => seen.has(field)),
    namesHost: seen.has('host') || seen.has('serverName'),
  };
}
