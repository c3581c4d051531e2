import {
  ROLE_ADDRESS,
  ROLE_BARE,
  ROLE_BARE_RAY,
  ROLE_CONNECT,
  ROLE_HEADER_TIME,
  ROLE_HOST,
  ROLE_NUMBER,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_SECONDS,
  ROLE_SERVER_NAME,
  ROLE_STATUS,
  ROLE_UPSTREAM_STATUS,
} from '../../scan/access-numbers.ts';
import { COMMA } from './access-blocks-bytes.ts';
import { Tails } from './access-blocks-tails.ts';
import type { AccessField } from './access-fields.ts';
import { fieldOf } from './access-fields.ts';
import { BARE_RAY, INGRESS_PLACES, isIngress } from './access-text.ts';
import { marksOf, type Token, tokenize } from './access-tokens.ts';

/**
 * The layout of the rows of one `log_format`: what stands after the status, field by field. It is learned from a row and
 * every further row is checked against it byte by byte; rows of another layout are read the ordinary way.
 */

/** The first eight bytes of a lead, little-endian. */
interface LeadWords {
  readonly first: number;
  readonly firstMask: number;
  readonly second: number;
  readonly secondMask: number;
}

export interface LayoutField {
  /** All bytes before the value: ` uct="`. */
  readonly lead: Uint8Array;
  /** The same as two words of four bytes, and masks for the bytes that count. */
  readonly words: LeadWords;
  /** The byte that ends a quoted or bracketed value; 0: it ends before a blank; a comma: so, too, and it may be a list. */
  readonly closing: number;
  /** What it means (`ROLE_…`). */
  readonly role: number;
  /** Whether its values are long enough to look for their end with a native call. */
  readonly long: boolean;
  /** Key of a pair, in lower case. */
  readonly key: string | undefined;
  /** What a field without name is by its place. */
  readonly place: AccessField | undefined;
}

export interface Layout {
  readonly fields: readonly LayoutField[];
  /** Whether the request's method or path come from a named field, so that the request line does not give them. */
  readonly namesRequest: boolean;
  /** How many fields without name it begins with, where they are `combined`'s (length, referrer, browser) or `common`'s (length) and others only ingress-nginx's: then all is told by place and name. */
  readonly plainFields: number | null;
  /** Roles from `FIRST_ASKED` on whose value is told by more fields than one, or by one that has not this role. */
  readonly unclear: readonly number[];
  /** How the named fields behind them were written in earlier rows; null where that tells too little. */
  readonly tails: Tails | null;
}

/** What fields without name are by their place: of `common`, of `combined` (length, referrer, browser), of ingress-nginx. */
type Places = readonly (AccessField | undefined)[];
const COMMON: Places = ['bytes'];
const COMBINED: Places = ['bytes', undefined, 'userAgent'];
const INGRESS: Places = [...COMBINED, ...INGRESS_PLACES];
/** From here on ingress-nginx's fields have a value of each upstream that was tried. */
const FIRST_TRIED = INGRESS.indexOf('upstreamAddr');
/** As it is written where there is nothing to log. */
const NO_VALUE = '-';

/** Rows of more fields are none of a log format that anybody wrote. */
const MOST_FIELDS = 40;

const ROLES: Partial<Record<AccessField, number>> = {
  ray: ROLE_RAY,
  upstreamStatus: ROLE_UPSTREAM_STATUS,
  upstreamHeaderTime: ROLE_HEADER_TIME,
  host: ROLE_HOST,
  serverName: ROLE_SERVER_NAME,
  status: ROLE_STATUS,
  upstreamAddr: ROLE_ADDRESS,
  requestTime: ROLE_SECONDS,
  upstreamConnectTime: ROLE_CONNECT,
};
/** Fields that give the row another time than the bracketed one. */
const TIMES: readonly AccessField[] = ['time', 'msec'];
const REQUESTS: readonly AccessField[] = ['request', 'method', 'uri'];
/** Fields that tell the same as the one with the role, and may stand beside it. */
const ALTERNATIVES: Readonly<Record<number, readonly AccessField[]>> = {
  [ROLE_ADDRESS]: ['upstreamAddr'],
  [ROLE_SECONDS]: ['requestTime', 'requestTimeMs', 'requestTimeUs'],
  [ROLE_CONNECT]: ['upstreamConnectTime'],
};
const ASKED_ROLES = Object.keys(ALTERNATIVES).map(Number);
const TAIL_ROLES: readonly number[] = [ROLE_RAY, ROLE_UPSTREAM_STATUS, ROLE_HEADER_TIME, ...ASKED_ROLES];
/** Values of at least this length are worth a native search for their end. */
const LONG_VALUE = 16;

/** The first field of a tail and how many characters it takes, or null where it is written in no known way. */
function readField(tail: string, at: number, token: Token): { field: LayoutField; length: number } | null {
  const marks = marksOf(tail, at, token);
  if (marks === null) return null;
  const { lead, closing } = marks;
  const field = {
    lead: Buffer.from(lead, 'latin1'),
    words: leadWords(lead),
    closing: closing === '' ? 0 : closing.charCodeAt(0),
    role: roleOf(token),
    long: isLong(token),
    key: token.key,
    place: undefined,
  };
  return { field, length: lead.length + token.text.length + closing.length };
}

function leadWords(lead: string): LeadWords {
  const bytes = Buffer.alloc(8);
  const mask = Buffer.alloc(8);
  bytes.write(lead, 'latin1');
  mask.fill(0xff, 0, Math.min(lead.length, mask.length));
  return {
    first: bytes.readInt32LE(0),
    firstMask: mask.readInt32LE(0),
    second: bytes.readInt32LE(4),
    secondMask: mask.readInt32LE(4),
  };
}

/** What the fields without name are by their place; null where some are told by their shape. */
function placesOf(tokens: readonly Token[]): Places | null {
  const [length, referrer, browser, ...others] = tokens;
  const bare = tokens.filter(({ kind }) => kind !== 'pair').length;
  if (length?.kind !== 'word' || tokens.some((token) => roleOf(token) === ROLE_BARE_RAY)) return null;
  if (bare === COMMON.length) return COMMON;
  if (referrer?.kind !== 'quoted' || browser?.kind !== 'quoted') return null;
  if (bare === COMBINED.length) return COMBINED;
  const areUnmarked = others.every(({ kind }) => kind === 'word' || kind === 'bracket');
  return areUnmarked && tokens.length >= INGRESS.length && isIngress(others) ? INGRESS : null;
}

/** A field with what it is by its place. */
function placed(field: LayoutField, at: number, places: Places | null): LayoutField {
  const place = places?.[at];
  if (places !== INGRESS || at < COMBINED.length) return { ...field, place };
  const role = at === COMBINED.length ? ROLE_NUMBER : place === undefined ? undefined : ROLES[place];
  const closing = field.closing === 0 && at >= FIRST_TRIED ? COMMA : field.closing;
  return { ...field, place, closing, role: role ?? field.role };
}

/** Whether a tail that is like an earlier one tells the same: digits are only in values, and each value that counts occurs once. */
function canRememberTails(tokens: readonly Token[], fields: readonly LayoutField[]): boolean {
  const known = fields.map(({ role }) => role).filter((role) => role !== ROLE_OTHER && role !== ROLE_BARE);
  return (
    placesOf(tokens) !== null &&
    tokens.every(({ key }) => key === undefined || !/\d/.test(key)) &&
    known.every((role) => TAIL_ROLES.includes(role)) &&
    new Set(known).size === known.length
  );
}

function isLong({ kind, text }: Token): boolean {
  return kind === 'quoted' || text.length >= LONG_VALUE;
}

function roleOf(token: Token): number {
  if (token.kind === 'bracket') return ROLE_OTHER;
  if (token.kind !== 'pair') return BARE_RAY.test(token.text) ? ROLE_BARE_RAY : ROLE_BARE;
  const field = fieldOfPair(token);
  return (field === undefined ? undefined : ROLES[field]) ?? ROLE_OTHER;
}

/** What a pair is by its key; one that may be an address or a browser's name, by its value, is taken for the address. */
function fieldOfPair({ key }: Token): AccessField | undefined {
  return key === undefined ? undefined : fieldOf(key, NO_VALUE, true);
}

/** Whether the value of such a role is not told by one field that has it. */
function isUnclear(role: number, tokens: readonly Token[]): boolean {
  const alternatives = ALTERNATIVES[role] ?? [];
  const telling = tokens.filter((token) => alternatives.some((field) => field === fieldOfPair(token)));
  const [first] = telling;
  if (first === undefined) return false;
  // Without a browser's name before it, a key that may be either says nothing where nothing was logged.
  const isEither = fieldOf(first.key ?? '', NO_VALUE, false) === undefined;
  return telling.length > 1 || roleOf(first) !== role || (isEither && placesOf(tokens) !== COMBINED);
}

/** Whether a Ray ID among the fields without name is one in each row: no place says that it is a referrer, a browser or ingress-nginx's. */
export function isToldByShape(tokens: readonly Token[]): boolean {
  const bare = tokens.filter(({ kind }) => kind !== 'pair');
  // Length, referrer and browser stand in front; seconds may stand behind the length.
  const browserEnd = bare[1]?.kind === 'quoted' ? 3 : 4;
  return (
    bare.every(({ kind }) => kind !== 'bracket') &&
    !bare.slice(0, browserEnd).some((token) => token.kind === 'quoted' && roleOf(token) === ROLE_BARE_RAY)
  );
}

/**
 * The layout of what follows the status of a row (`tail` begins with the blank after it). Null where fields stand in it that
 * only the ordinary way understands.
 */
export function learnLayout(tail: string): Layout | null {
  const tokens = tokenize(tail);
  if (tokens.length > MOST_FIELDS) return null;
  const places = placesOf(tokens);
  const fields: LayoutField[] = [];
  let at = 0;
  for (const token of tokens) {
    const read = readField(tail, at, token);
    if (read === null) return null;
    fields.push(placed(read.field, fields.length, places));
    at += read.length;
  }
  const names = new Set(tokens.map(fieldOfPair));
  if (at !== tail.length || TIMES.some((name) => names.has(name))) return null;
  const unclear = ASKED_ROLES.filter((role) => isUnclear(role, tokens));
  const has = (role: number): boolean => fields.some((field) => field.role === role);
  // Without its name the upstream's status may still be told by its shape.
  if (has(ROLE_HEADER_TIME) && !has(ROLE_UPSTREAM_STATUS)) return null;
  if (has(ROLE_BARE_RAY) && (has(ROLE_RAY) || !isToldByShape(tokens))) return null;
  const known = fields.map((field) => (unclear.includes(field.role) ? { ...field, role: ROLE_OTHER } : field));
  return {
    fields: known,
    namesRequest: REQUESTS.some((name) => names.has(name)),
    plainFields: places === null ? null : Math.min(places.length, COMBINED.length),
    unclear,
    tails: canRememberTails(tokens, known) ? new Tails() : null,
  };
}
