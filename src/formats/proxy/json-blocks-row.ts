import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import { OPEN, QUOTE } from './access-blocks-bytes.ts';
import type { RowSignal } from './access-row.ts';
import { JsonBytes, type OnMember, OPEN_BRACE } from './json-blocks-bytes.ts';
import { type JsonLayout, learnJsonLayout, NUMBER, type RoleOf, STRING } from './json-blocks-layout.ts';
import { LearnedRow } from './learned-row.ts';
import { ROLE_HEADERS, ROLE_RAY, ROLE_UNCLEAR, ROLES } from './row-roles.ts';

const RAY_HEADER = 'Cf-Ray';

/** The value of a role, as a text; of an object, its JSON; undefined where the row has none. */
export type TextOf = (role: number) => string | undefined;

/** What is to be known of the rows of a format. */
export interface JsonRows {
  readonly roleOf: RoleOf;
  /** In bytes; longer rows are not looked at as a whole. */
  readonly longest: number;
  /** The record that the ordinary way makes of a row; null where it is none. */
  readonly read: (line: Line) => RequestRecord | null;
  /** What a row tells of its own failure. */
  readonly signalOf: (textOf: TextOf) => RowSignal;
}

/** A row in JSON (`LearnedRow`). */
export class JsonRow extends LearnedRow<JsonLayout> {
  private readonly rows: JsonRows;
  private readonly json = new JsonBytes();
  private headersAreClear = true;

  constructor(rows: JsonRows) {
    super(rows.longest, rows.read);
    this.rows = rows;
  }

  signal(): RowSignal | undefined {
    return this.has(ROLE_UNCLEAR) ? undefined : this.rows.signalOf(this.textOf);
  }

  protected canBegin(byte: number | undefined): boolean {
    return byte === OPEN_BRACE;
  }

  protected layoutOf(start: number, end: number): JsonLayout | null {
    this.json.load(this.bytes);
    return learnJsonLayout(this.json, this.bytes, start, end, this.rows.roleOf);
  }

  protected hasLayout(start: number, end: number, { fields, tail }: JsonLayout): boolean {
    const { json, view, starts, ends } = this;
    json.load(this.bytes);
    starts.fill(-1);
    this.headersAreClear = true;
    let at = start;
    for (const { lead, kind, role } of fields) {
      if (!lead.isAt(view, at)) return false;
      const from = at + lead.length;
      if (kind === STRING) at = json.stringEnd(from);
      else if (kind === NUMBER) at = json.numberEnd(from);
      else if (role === ROLE_HEADERS) at = json.membersEnd(from - 1, this.onHeader);
      else at = json.valueEnd(from - 1);
      if (at < 0) return false;
      if (role < ROLES) {
        starts[role] = from;
        ends[role] = at;
      }
    }
    return at + tail.length === end && tail.isAt(view, at);
  }

  /** Notes the Ray ID, which is a text or the first of a list. */
  private readonly onHeader: OnMember = (keyStart, keyEnd, start) => {
    const { bytes, starts, ends } = this;
    if (keyEnd - keyStart !== RAY_HEADER.length || bytes.toString('latin1', keyStart, keyEnd) !== RAY_HEADER) return;
    const quoteAt = bytes[start] === OPEN ? start + 1 : start;
    if (bytes[quoteAt] !== QUOTE || (starts[ROLE_RAY] ?? 0) >= 0) this.headersAreClear = false;
    starts[ROLE_RAY] = quoteAt + 1;
    ends[ROLE_RAY] = this.json.plainEnd(quoteAt + 1);
  };

  protected override readValues(): boolean {
    return this.headersAreClear && super.readValues();
  }

  protected plainEnd(start: number): number {
    return this.json.plainEnd(start);
  }

  private readonly textOf: TextOf = (role) => {
    const { bytes } = this;
    const start = this.startOf(role);
    if (start < 0) return undefined;
    const opening = bytes[start - 1];
    if (opening === OPEN_BRACE) return bytes.toString('utf8', start - 1, this.endOf(role));
    const written = bytes.toString('utf8', start, this.endOf(role)).replaceAll('\u00a0', ' ');
    if (opening !== QUOTE) return String(Number(written));
    return written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
  };
}
