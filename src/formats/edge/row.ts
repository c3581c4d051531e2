import { parseJson } from '../parse-json.ts';
import { remembered } from '../remembered.ts';
import { momentMs } from './moment.ts';

/** One row of a Cloudflare export, read by the documented names of its columns. */
export abstract class Row {
  /** The column's raw value; undefined where the row has no such column. */
  abstract get(name: string): unknown;

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Text of a column; undefined where it is missing, empty or no text. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (typeof value === 'string') return value === '' ? undefined : value;
    return typeof value === 'number' ? String(value) : undefined;
  }

  /** Number of a column, also written as text; null counts as 0; undefined where it is missing or no number. */
  number(name: string): number | undefined {
    const value = this.get(name);
    if (typeof value === 'number') return value;
    if (value === null) return 0;
    if (typeof value === 'string' && /^-?\d{1,20}(?:\.\d{1,10})?$/.test(value)) return Number(value);
    return undefined;
  }

  /** A time in milliseconds since 1970; undefined where the column is missing or holds none. */
  moment(name: string): number | undefined {
    return momentMs(this.get(name));
  }

  /** Whether the request took at least so many milliseconds: asked of the row, as one may note what it is asked. */
  lasted(ms: number, durationMs: () => number | undefined): boolean {
    return (durationMs() ?? 0) >= ms;
  }

  flag(name: string): boolean {
    const value = this.get(name);
    return value === true || value === 'true' || value === 1;
  }

  /** Texts of a list column; also where an export wrote a bare text. */
  list(name: string): readonly string[] {
    const value = this.get(name);
    if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string');
    return typeof value === 'string' && value !== '' ? [value] : [];
  }

  /** An object column. */
  nested(name: string): Row | null {
    const value = this.get(name);
    return isObject(value) ? new JsonRow(value) : null;
  }

  /** Objects of a list column. */
  rows(name: string): readonly Row[] {
    const value = this.get(name);
    return Array.isArray(value) ? value.filter(isObject).map((item) => new JsonRow(item)) : [];
  }
}

/**
 * A row from its JSON object. Exports through other systems write the same names in lower case, with underscores, or one
 * level deeper (reference: cloudflare-exports 1.1).
 */
export class JsonRow extends Row {
  private readonly own: Readonly<Record<string, unknown>>;
  private folded: ReadonlyMap<string, unknown> | null = null;

  constructor(own: Readonly<Record<string, unknown>>) {
    super();
    this.own = own;
  }

  get(name: string): unknown {
    const value = Object.hasOwn(this.own, name) ? this.own[name] : undefined;
    if (value !== undefined || isCanonical((known) => known in this.own)) return value;
    this.folded ??= fold(this.own);
    return this.folded.get(foldedName(name));
  }

  /** The columns as the row writes them. */
  names(): readonly string[] {
    return Object.keys(this.own);
  }
}

/** Whether rows with these columns are in the documented spelling: they hold one of these, and a column they lack is truly missing. */
export function isCanonical(has: (name: string) => boolean): boolean {
  return has('EdgeResponseStatus') || has('Outcome') || has('RuleID');
}

const MOST_NAMES = 300;

/** A column's name without what exports change of it. */
export const foldedName = remembered((name) => name.replace(/[_\-. ]/g, '').toLowerCase(), MOST_NAMES);

/** What systems that flatten objects put before a column's own name: `json.EdgeResponseStatus`. */
const FLATTENED = /^(?:(?:json|event|message|jsonPayload|data|fields|cloudflare|_source|http_requests?)[.:])+/i;

/** The type that Azure's Log Analytics puts behind a column's name: `EdgeResponseStatus_d`. */
const TYPED = /_[sdtgb]$/;

function fold(own: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const folded = new Map<string, unknown>();
  for (const [name, value] of Object.entries(own)) folded.set(plainName(name), value);
  return folded;
}

/** The same without what systems on the way put before and behind it. */
export const plainName = remembered((name) => foldedName(name.replace(FLATTENED, '').replace(TYPED, '')), MOST_NAMES);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys under which other systems put the row they forward (reference 1.1), and lists of rows in one document (1.5). */
export const WRAPPERS: readonly string[] = [
  'json',
  'event',
  'message',
  'jsonPayload',
  'data',
  'fields',
  'cloudflare',
  'info',
  'events',
  'result',
  'logs',
  'hits',
  '_source',
  '_raw',
];
const DEEPEST = 4;

/**
 * The objects of a line for which `wanted` holds: the line itself, an element of a list, or an object one of the usual
 * wrappers holds. Empty where the line is no JSON or holds none.
 */
export function rowsOf(text: string, wanted: (row: Row) => boolean): readonly JsonRow[] {
  const trimmed = text.trim();
  const first = trimmed.charCodeAt(0);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return [];
  return rowsIn(parse(trimmed), wanted);
}

const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

/** `[`, or what an export put before its first row (Logpush output options: `batch_prefix`): `{"events":[`. */
const LIST_HEAD = /^(?:\{\s{0,8}"[\w-]{1,60}"\s{0,8}:\s{0,8})?\[\s{0,8}/;
/** What may stand behind the last row of a line. */
const LIST_TAILS = [',', ']}', ']'] as const;

/** The opening of a list that stands on a line of its own. */
export function isListHead(text: string): boolean {
  return LIST_HEAD.exec(text)?.[0].length === text.length;
}

/** A row may stand in a list over many lines: `[{…},`, `{…},`, `{…}]`, or in one that has a name. */
function parse(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  const from = LIST_HEAD.exec(text)?.[0].length ?? 0;
  const tail = LIST_TAILS.find((end) => text.endsWith(end)) ?? '';
  return from === 0 && tail === '' ? undefined : parseJson(`[${text.slice(from, text.length - tail.length)}]`);
}

/** The objects of parsed JSON for which `wanted` holds, in lists and in the usual wrappers. */
export function rowsIn(value: unknown, wanted: (row: Row) => boolean): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  collect(value, wanted, rows, 0);
  return rows;
}

function collect(value: unknown, wanted: (row: Row) => boolean, rows: JsonRow[], depth: number): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, wanted, rows, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  const row = new JsonRow(value);
  if (wanted(row)) {
    rows.push(row);
    return;
  }
  for (const name of WRAPPERS) {
    const inner = value[name];
    if (typeof inner === 'string' && inner.startsWith('{')) collect(parse(inner), wanted, rows, depth + 1);
    else if (typeof inner === 'object' && inner !== null) collect(inner, wanted, rows, depth + 1);
  }
}
