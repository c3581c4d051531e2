import { KnownBytes } from '../known-bytes.ts';
import { SHIPPED_TEXTS } from '../wrappers/shipped.ts';
import { DASH, digit, OPEN, QUOTE } from './access-blocks-bytes.ts';
import { type JsonBytes, OPEN_BRACE } from './json-blocks-bytes.ts';
import {
  ROLE_ANSWER_HEADERS,
  ROLE_BEGIN,
  ROLE_DURATION,
  ROLE_EPOCH,
  ROLE_FIXED,
  ROLE_HEADERS,
  ROLE_METHOD,
  ROLE_NANOSECONDS,
  ROLE_ORIGIN_STATUS,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_REQUEST,
  ROLE_SIZE,
  ROLE_TIME,
  ROLE_URI,
  ROLES,
} from './row-roles.ts';

/**
 * The layout of the JSON rows that one writer makes: the same names in the same order, in the same objects. It is learned from a
 * row, and every further row is checked against it byte by byte.
 */

/** Kinds of values. `true`, `false` and `null` are no values, but belong to the layout. */
export const STRING = 1;
export const NUMBER = 2;
/** An object or a list that is not opened. */
export const WHOLE = 4;

/** The kinds of which the values of roles must be, where it is not `STRING | NUMBER`. */
const KINDS: Readonly<Record<number, number>> = {
  [ROLE_TIME]: STRING,
  [ROLE_EPOCH]: NUMBER,
  [ROLE_BEGIN]: STRING,
  [ROLE_NANOSECONDS]: NUMBER,
  [ROLE_REQUEST]: STRING,
  [ROLE_METHOD]: STRING,
  [ROLE_URI]: STRING,
  [ROLE_RAY]: STRING,
  [ROLE_ORIGIN_STATUS]: NUMBER,
  [ROLE_SIZE]: NUMBER,
  [ROLE_DURATION]: NUMBER,
  [ROLE_HEADERS]: WHOLE,
  [ROLE_ANSWER_HEADERS]: WHOLE,
  [ROLE_FIXED]: STRING,
};

/** The role of a value by its name, the last one, and those of the objects that it lies in. */
export type RoleOf = (names: readonly string[]) => number;

/** Roles by names; those of the objects around stand before a quote, which no name has: `request"method`. */
export function rolesByName(roles: Readonly<Record<string, number>>): RoleOf {
  const known = new Map(Object.entries(roles));
  return (names) => known.get(names.join('"')) ?? ROLE_OTHER;
}

export interface JsonField {
  /** All bytes between the value before it and this one, with the quote or bracket that opens it: `,"status":`. */
  readonly lead: KnownBytes;
  readonly kind: number;
  readonly role: number;
}

export interface JsonLayout {
  readonly fields: readonly JsonField[];
  /** What stands behind the last value. */
  readonly tail: KnownBytes;
}

/** So deep objects are opened. */
const DEEPEST = 2;
/** Rows of more are none of a log format that anybody wrote. */
const MOST_NAMES = 80;
/** Objects with such a name may be a carrier of lines. */
const CARRIED: ReadonlySet<string> = new Set([...SHIPPED_TEXTS, '_source', 'MESSAGE']);

/** The layout of the row `bytes[start, end)`; null where it is no JSON, or one that only the ordinary way understands. */
export function learnJsonLayout(
  json: JsonBytes,
  bytes: Buffer,
  start: number,
  end: number,
  roleOf: RoleOf,
): JsonLayout | null {
  const lesson = new Lesson(json, bytes, start, roleOf);
  if (lesson.object([], start) !== end || !lesson.isClear || lesson.names > MOST_NAMES) return null;
  return { fields: lesson.fields, tail: new KnownBytes(bytes.subarray(lesson.behind, end)) };
}

class Lesson {
  readonly fields: JsonField[] = [];
  names = 0;
  isClear = true;
  /** Where the last value ends. */
  behind: number;
  private readonly roles = new Set<number>();
  private readonly json: JsonBytes;
  private readonly bytes: Buffer;
  private readonly roleOf: RoleOf;

  constructor(json: JsonBytes, bytes: Buffer, start: number, roleOf: RoleOf) {
    this.json = json;
    this.bytes = bytes;
    this.behind = start;
    this.roleOf = roleOf;
  }

  /** Takes up the values of the object that begins there; where it ends, -1 where it does not. */
  object(around: readonly string[], start: number): number {
    const known = new Set<string>();
    return this.json.membersEnd(start, (keyStart, keyEnd, from, to) => {
      const name = this.bytes.toString('utf8', keyStart, keyEnd);
      // The last of the same name counts, and numbers come first.
      if (known.has(name) || CARRIED.has(name) || /^\d+$/.test(name)) this.isClear = false;
      known.add(name);
      this.names++;
      this.value([...around, name], from, to);
    });
  }

  private value(names: readonly string[], from: number, to: number): void {
    const kind = this.kindAt(from);
    const role = this.roleOf(names);
    const isFit = ((KINDS[role] ?? STRING | NUMBER) & kind) !== 0;
    if (kind === WHOLE && !isFit) {
      if (this.bytes[from] === OPEN_BRACE && names.length <= DEEPEST) this.object(names, from);
      else this.add(kind, ROLE_OTHER, from, to);
      return;
    }
    // Of several names for the same the first counts.
    const isFirst = role < ROLES && !this.roles.has(role);
    this.roles.add(role);
    if ((isFirst || role === ROLE_FIXED) && !isFit) this.isClear = false;
    if (kind !== 0 && role !== ROLE_FIXED) this.add(kind, isFirst ? role : ROLE_OTHER, from, to);
  }

  private add(kind: number, role: number, from: number, to: number): void {
    const lead = new KnownBytes(this.bytes.subarray(this.behind, kind === NUMBER ? from : from + 1));
    this.fields.push({ lead, kind, role });
    this.behind = kind === STRING ? to - 1 : to;
  }

  private kindAt(at: number): number {
    const byte = this.bytes[at];
    if (byte === QUOTE) return STRING;
    if (byte === OPEN_BRACE || byte === OPEN) return WHOLE;
    return byte === DASH || digit(this.bytes, at) <= 9 ? NUMBER : 0;
  }
}
