import { KnownBytes } from '../known-bytes.ts';
import { isToldByShape } from './access-blocks-layout.ts';
import { type AccessField, fieldOf } from './access-fields.ts';
import { looksNamed } from './access-named.ts';
import { readNpmRow } from './access-npm.ts';
import { BARE_RAY, placesIn } from './access-text.ts';
import { marksOf, type Token, tokenize } from './access-tokens.ts';
import {
  ROLE_BARE,
  ROLE_BARE_RAY,
  ROLE_HEADER_TIME,
  ROLE_METHOD,
  ROLE_MSEC,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_REQUEST,
  ROLE_STATUS,
  ROLE_TIME,
  ROLE_UPSTREAM_STATUS,
  ROLE_URI,
} from './row-roles.ts';

/**
 * The layout of access rows in a text of their own: a format that somebody wrote for `log_format`, names and values, LTSV, or Nginx
 * Proxy Manager's. It is learned from a row, and every further row is checked against it byte by byte.
 */

export interface TextField {
  /** All bytes between the value before it and this one, with what closes that and opens this: `" "`. */
  readonly lead: KnownBytes;
  /** What ends the value: a quote, a bracket, a tab (or the line's end), or a blank. */
  readonly closing: TextClosing;
  readonly role: number;
}

export type TextClosing = '"' | ']' | '\t' | '';

export interface TextLayout {
  readonly fields: readonly TextField[];
  /** What stands behind the last value. */
  readonly tail: KnownBytes;
  /** Whether nothing stands before its first value. */
  readonly beginsWithValue: boolean;
}

/** A value as it is written, and what it tells. Fixed ones are the same in all rows of the layout. */
interface Piece {
  readonly lead: string;
  readonly text: string;
  readonly closing: TextClosing;
  readonly role: number | 'fixed';
}

/** Rows of more fields are none of a log format that anybody wrote. */
const MOST_FIELDS = 40;

/** What is counted of named fields. */
const ROLES: Partial<Record<AccessField, number>> = {
  status: ROLE_STATUS,
  time: ROLE_TIME,
  msec: ROLE_MSEC,
  request: ROLE_REQUEST,
  method: ROLE_METHOD,
  uri: ROLE_URI,
  ray: ROLE_RAY,
  upstreamStatus: ROLE_UPSTREAM_STATUS,
  upstreamHeaderTime: ROLE_HEADER_TIME,
};
/** Those of them that may stand behind the status of a row that begins as `combined` does. */
const BEHIND_STATUS: readonly number[] = [ROLE_RAY, ROLE_BARE_RAY, ROLE_UPSTREAM_STATUS, ROLE_HEADER_TIME];

/** The layout of a row; null where it is none, or one that only the ordinary way understands. */
export function learnTextLayout(row: string): TextLayout | null {
  const pieces = piecesOf(row);
  if (pieces === null || pieces.length > MOST_FIELDS) return null;
  const fields: TextField[] = [];
  let before = '';
  for (const { lead, text, closing, role } of pieces) {
    before += lead;
    if (role === 'fixed') before += text;
    else {
      fields.push({ lead: knownText(before), closing, role });
      before = '';
    }
    if (closing !== '\t') before += closing;
  }
  return { fields, tail: knownText(before), beginsWithValue: pieces[0]?.lead === '' };
}

function knownText(text: string): KnownBytes {
  return new KnownBytes(Buffer.from(text));
}

function piecesOf(row: string): Piece[] | null {
  if (looksNamed(row) && row.includes('\t')) return tabbed(row);
  const tokens = tokenize(row);
  const roles =
    readNpmRow(row) !== null ? npmRoles(tokens) : looksNamed(row) ? nameRoles(tokens) : textRoles(row, tokens);
  return roles === null ? null : written(row, tokens, roles);
}

/** `name:value<tab>…`; Apache's time stands in brackets. */
function tabbed(row: string): Piece[] {
  const names = row.split('\t').map((pair) => pair.slice(0, pair.indexOf(':')));
  const roles = rolesOfNames(names);
  return row.split('\t').map((pair, i): Piece => {
    const name = `${i === 0 ? '' : '\t'}${names[i]}:`;
    const value = pair.slice(pair.indexOf(':') + 1);
    const isBracketed = value.startsWith('[') && value.endsWith(']');
    return isBracketed
      ? { lead: `${name}[`, text: value.slice(1, -1), closing: ']', role: roles[i] ?? ROLE_OTHER }
      : { lead: name, text: value, closing: '\t', role: roles[i] ?? ROLE_OTHER };
  });
}

/** Roles by names; of several names for the same the first counts. */
function rolesOfNames(names: readonly string[]): number[] {
  const known = new Set<AccessField>();
  return names.map((name) => {
    const field = fieldOf(name, '', true);
    if (field === undefined || known.has(field)) return ROLE_OTHER;
    known.add(field);
    return ROLES[field] ?? ROLE_OTHER;
  });
}

type Roles = readonly Piece['role'][];

function nameRoles(tokens: readonly Token[]): Roles | null {
  return tokens.every(({ kind }) => kind === 'pair') ? rolesOfNames(tokens.map(({ key }) => key ?? '')) : null;
}

/** `[time] … status - METHOD scheme host "uri" [Client address] …`: dash, scheme and the brackets' names tell that it is one. */
function npmRoles(tokens: readonly Token[]): Roles | null {
  const uri = tokens.findIndex(({ kind }) => kind === 'quoted');
  const roles = new Map<number, Piece['role']>([
    [0, ROLE_TIME],
    [uri - 5, ROLE_STATUS],
    [uri - 4, 'fixed'],
    [uri - 3, ROLE_METHOD],
    [uri - 2, 'fixed'],
    [uri, ROLE_URI],
  ]);
  return tokens[uri - 4]?.text === '-' ? tokens.map((_, i) => roles.get(i) ?? ROLE_OTHER) : null;
}

/** A bracketed time, what was asked for in quotes, and its status, among other fields. */
function textRoles(row: string, tokens: readonly Token[]): Roles | null {
  const places = placesIn(tokens);
  if (places === null || places.request < 0) return null;
  const { time, request, status } = places;
  const behind = tokens.slice(status + 1);
  const isClear =
    tokens.slice(0, time).every(({ kind }) => kind !== 'bracket') &&
    tokens.slice(time + 1, request).every(({ kind }) => kind === 'word') &&
    (!row.startsWith('[') || behind.every(({ kind }) => kind !== 'bracket'));
  const behindRoles = rolesBehindStatus(behind);
  if (!isClear || behindRoles === null) return null;
  const before = tokens.slice(0, status + 1).map((_, i) => {
    if (i === time) return ROLE_TIME;
    return i === request ? ROLE_REQUEST : i === status ? ROLE_STATUS : ROLE_OTHER;
  });
  return [...before, ...behindRoles];
}

/** Names tell what they mean; a Ray ID without name is told by its shape. Null where more than that counts. */
function rolesBehindStatus(tokens: readonly Token[]): number[] | null {
  const isRay = ({ kind, text }: Token): boolean => kind !== 'pair' && kind !== 'bracket' && BARE_RAY.test(text);
  const roles = tokens.map((token) => {
    if (token.kind !== 'pair') return isRay(token) ? ROLE_BARE_RAY : ROLE_BARE;
    const field = fieldOf(token.key ?? '', '', true);
    return (field === undefined ? undefined : ROLES[field]) ?? ROLE_OTHER;
  });
  const counted = roles.filter((role) => role !== ROLE_OTHER && role !== ROLE_BARE);
  const isClear =
    counted.every((role) => BEHIND_STATUS.includes(role)) &&
    new Set(counted).size === counted.length &&
    (!counted.includes(ROLE_BARE_RAY) || (!counted.includes(ROLE_RAY) && isToldByShape(tokens))) &&
    // Without its name the upstream's status may still be told by its shape.
    (!counted.includes(ROLE_HEADER_TIME) || counted.includes(ROLE_UPSTREAM_STATUS));
  return isClear ? roles : null;
}

/** `[Client 192.0.2.1]`, as Nginx Proxy Manager names what is in brackets. */
const NAMED_BRACKET = /^[A-Z][A-Za-z-]{1,20} /;

/** The pieces of a row whose tokens stand one blank apart; null where other text is between them. */
function written(row: string, tokens: readonly Token[], roles: Roles): Piece[] | null {
  const line = ` ${row}`;
  const pieces: Piece[] = [];
  let at = 0;
  for (const [i, token] of tokens.entries()) {
    const marks = marksOf(line, at, token);
    if (marks === null) return null;
    const { lead, closing } = marks;
    const name = closing === ']' ? (NAMED_BRACKET.exec(token.text)?.[0] ?? '') : '';
    const before = i === 0 ? lead.slice(1) : lead;
    pieces.push({ lead: before + name, text: token.text.slice(name.length), closing, role: roles[i] ?? ROLE_OTHER });
    at += lead.length + token.text.length + closing.length;
  }
  return at === line.length ? pieces : null;
}
