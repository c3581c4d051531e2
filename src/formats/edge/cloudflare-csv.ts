import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { csvCells } from './csv-cells.ts';
import { columnsOf, type GuessedColumn, hasStatus, looksLikeRow } from './csv-columns.ts';
import { CsvColumns, CsvRow } from './csv-row.ts';
import { firewallClue } from './firewall-clue.ts';
import { requestRecord } from './request-record.ts';
import { foldedName as folded } from './row.ts';
import { statusLacking } from './status-lacking.ts';

/** What an export may put between its columns (Logpush output options: `field_delimiter`). */
const DELIMITERS = [',', '\t', ';', '|'] as const;
/** Columns of which a head of Cloudflare's has at least two, lower case and without separators. */
const KNOWN = new Set([
  'edgeresponsestatus',
  'originresponsestatus',
  'edgestarttimestamp',
  'edgeendtimestamp',
  'edgecolocode',
  'rayid',
  'clientrequesthost',
  'clientrequesturi',
  'clientrequestpath',
]);
const STATUS = 'edgeresponsestatus';
const ENOUGH_KNOWN = 2;
const LONGEST_HEAD = 20_000;
const LONGEST_ROW = 200_000;

/** Rows that are held until their columns are told. */
const TELLING_ROWS = 200;
const FIELDS_HINT = 'name all of them in their order with --fields';
const NO_HEAD = `a CSV of Cloudflare’s requests without a head: its columns were told by what stands in them. To be sure, ${FIELDS_HINT}`;
const NO_STATUS = `a CSV of Cloudflare’s requests without a head, in which no column is a status: nothing in it tells which requests failed. If there is one, ${FIELDS_HINT}; else export it again with the columns EdgeResponseStatus and OriginResponseStatus: in a Logpush job under output_options.field_names, in Logpull with ?fields=`;

interface Head {
  readonly delimiter: string;
  readonly columns: CsvColumns;
  readonly isOfEvents: boolean;
  readonly hasStatus: boolean;
}

/** Cloudflare's request log as CSV: Logpush with `output_type: csv`, a query's download, a spreadsheet's export. */
export const cloudflareCsv: LineFormat = {
  id: 'cloudflare-csv',
  title: 'Cloudflare HTTP requests or security events as CSV',
  hop: 'edge',
  shape: 'lines',
  foundAt: ['a Logpush job with output_type csv', 'the download of a query over Logpush data'],
  limits: [
    'Without a first line that names the columns, or --fields, they are told by what stands in them: times, Ray ID, statuses, host, path; the rest is not read.',
    'Without OriginResponseStatus a row does not tell who made the status.',
  ],
  examples: () => [
    {
      input: [
        'RayID,EdgeEndTimestamp,EdgeResponseStatus,OriginResponseStatus,EdgeColoCode,ClientRequestHost,ClientRequestMethod,ClientRequestURI',
        '"49336fc9397ab080","2026-03-04T10:00:01Z",502,502,"FRA","www.example.com","GET","/a,b?c=""1"""',
      ].join('\n'),
      shows: 'a row with a comma and quotes in its address',
      records: [
        {
          kind: 'request',
          hop: 'edge',
          status: 502,
          originStatus: 502,
          signal: 'edge.origin-answered-5xx',
          ray: '49336fc9397ab080',
          colo: 'FRA',
          path: '/a,b',
          line: 2,
        },
      ],
    },
    {
      input: [
        '"198.51.100.4","www.example.com","GET","/cart",1772618401000000000,0,502,"FRA","49336fc9397ab080"',
        '"198.51.100.9","www.example.com","GET","/",1772618402000000000,200,200,"FRA","49336fc9397ab081"',
      ].join('\n'),
      shows: 'rows without a head: the origin’s status is the one that may be 0',
      records: [
        {
          kind: 'request',
          status: 502,
          originStatus: 0,
          ray: '49336fc9397ab080',
          colo: 'FRA',
          host: 'www.example.com',
          path: '/cart',
          client: '198.51.100.4',
          line: 1,
        },
        { status: 200, originStatus: 200, line: 2 },
      ],
    },
    {
      input: [
        'Date,Action taken,Ray ID,Host,Path,Method,IP address,Service',
        '2026-03-04T10:00:01Z,Block,713d477539b55c29,www.example.com,/checkout,POST,198.51.100.4,Managed rules',
      ].join('\n'),
      shows: 'security events in a table',
      records: [
        {
          kind: 'clue',
          signal: 'firewall.block',
          ray: '713d477539b55c29',
          path: '/checkout',
          client: '198.51.100.4',
          subject: 'Managed rules',
        },
      ],
    },
  ],
  fieldsIn: ({ text }) => headOf(text)?.columns.names ?? [],
  lacking: ({ text, number }) => {
    const head = headOf(text);
    if (head !== null) return statusLacking(head.columns.names);
    const cells = number === 1 ? headlessCells(text) : null;
    if (cells === null) return undefined;
    return hasStatus(cells.cells) ? NO_HEAD : NO_STATUS;
  },
  guessedColumns: guessedIn,
  score: (line) => {
    if (headOf(line.text) !== null) return 0.97;
    return headlessCells(line.text) === null ? 0 : 0.75;
  },
  open: (emit) => new CsvParser(emit, []),
};

/** The same where the columns are known, in their order: Logpush writes no head of its own. */
export function cloudflareCsvWith(fields: readonly string[]): LineFormat {
  return {
    ...cloudflareCsv,
    guessedColumns: () => [],
    score: (line) => Math.max(cloudflareCsv.score(line), isRowOf(fields, line.text) ? 0.9 : 0),
    open: (emit) => new CsvParser(emit, fields),
  };
}

/** What a list of columns lacks to tell of requests; null where it is sound. */
export function fieldsProblem(fields: readonly string[]): string | null {
  if (fields.some((name) => name.trim() === '')) return 'a name is empty';
  return fields.some((name) => folded(name) === STATUS) ? null : 'EdgeResponseStatus is not among them';
}

/** Whether a line has a cell for each of the columns, and a status where one must be. */
function isRowOf(fields: readonly string[], text: string): boolean {
  const at = fields.findIndex((name) => folded(name) === STATUS);
  const cells = delimiterFor(fields, text) === null ? null : csvCells(text, delimiterFor(fields, text) ?? ',');
  return cells !== null && /^[1-5]\d\d$/.test(cells[at] ?? '');
}

/** What parts a line into as many cells as there are columns. */
function delimiterFor(fields: readonly string[], text: string): string | null {
  if (fields.length < 2 || text.length > LONGEST_ROW) return null;
  return DELIMITERS.find((delimiter) => csvCells(text, delimiter)?.length === fields.length) ?? null;
}

/** An object of JSON is no row of cells, though it has commas. */
const isJsonObject = (text: string): boolean => text.startsWith('{"');

/** The names of the columns; null where the line is no such head. */
function headOf(text: string): Head | null {
  if (text.length > LONGEST_HEAD || isJsonObject(text) || !/edge|ray/i.test(text)) return null;
  for (const delimiter of DELIMITERS) {
    if (!text.includes(delimiter)) continue;
    const names = csvCells(text, delimiter) ?? [];
    const known = names.filter((name) => KNOWN.has(folded(name)));
    if (known.length >= ENOUGH_KNOWN || isEventsHead(names))
      return headWith(
        names.map((name) => name.trim()),
        delimiter,
      );
  }
  return null;
}

function headWith(names: readonly string[], delimiter: string): Head {
  const hasStatus = names.some((name) => folded(name) === STATUS);
  return { columns: new CsvColumns(names), delimiter, isOfEvents: isEventsHead(names), hasStatus };
}

/** Security events: what was done, and to which request. */
function isEventsHead(names: readonly string[]): boolean {
  const folds = new Set(names.map(folded));
  return (folds.has('action') || folds.has('actiontaken')) && (folds.has('rayid') || folds.has('rayname'));
}

/** The cells of a row without a head that is Cloudflare's for what stands in it. */
function headlessCells(text: string): { readonly cells: readonly string[]; readonly delimiter: string } | null {
  if (text.length > LONGEST_ROW || isJsonObject(text) || !/(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/.test(text))
    return null;
  for (const delimiter of DELIMITERS) {
    const cells = text.includes(delimiter) ? csvCells(text, delimiter) : null;
    if (cells !== null && looksLikeRow(cells)) return { cells, delimiter };
  }
  return null;
}

/** What the columns of a file without head were taken for, by its first rows, as the parser takes them. */
function guessedIn(lines: readonly Line[]): readonly GuessedColumn[] {
  const rows: (readonly string[])[] = [];
  for (const { text } of lines) {
    if (headOf(text) !== null) return [];
    const cells = headlessCells(text)?.cells;
    if (cells === undefined || cells.length !== (rows[0] ?? cells).length) continue;
    rows.push(cells);
    if (rows.length === TELLING_ROWS) break;
  }
  return rows.length === 0 ? [] : (columnsOf(rows) ?? []);
}

class CsvParser implements LineParser {
  private readonly emit: Emit;
  private readonly fields: readonly string[];
  private head: Head | null = null;
  /** Rows of a file without a head, until its columns are told; null once they are. */
  private held: { readonly line: Line; readonly cells: readonly string[] }[] | null = [];

  constructor(emit: Emit, fields: readonly string[]) {
    this.emit = emit;
    this.fields = fields;
  }

  push(line: Line): boolean {
    const head = headOf(line.text);
    if (head) {
      // Files that were put together repeat it.
      this.head = head;
      return true;
    }
    if (this.head === null && isRowOf(this.fields, line.text))
      this.head = headWith(this.fields, delimiterFor(this.fields, line.text) ?? ',');
    return this.head === null ? this.hold(line) : this.row(line, this.head);
  }

  end(): void {
    this.tellColumns();
  }

  /** Takes a row of a file whose columns are not known yet. */
  private hold(line: Line): boolean {
    const row = headlessCells(line.text);
    const width = this.held?.[0]?.cells.length ?? row?.cells.length;
    if (row === null || row.cells.length !== width) return false;
    this.held?.push({ line, cells: row.cells });
    if (this.held?.length === TELLING_ROWS) this.tellColumns();
    return true;
  }

  /** Tells the columns by the rows that are held, and reads these. */
  private tellColumns(): void {
    const held = this.held ?? [];
    this.held = null;
    const columns = this.head === null && held.length > 0 ? columnsOf(held.map(({ cells }) => cells)) : null;
    if (columns === null) return;
    const names = columns.map(({ name }) => name);
    const delimiter = headlessCells(held[0]?.line.text ?? '')?.delimiter ?? ',';
    this.head = headWith(names, delimiter);
    for (const { line } of held) this.row(line, this.head);
  }

  private row(line: Line, { columns, delimiter, isOfEvents, hasStatus }: Head): boolean {
    const cells = csvCells(line.text, delimiter);
    if (cells === null || cells.length !== columns.names.length) return false;
    const row = new CsvRow(columns, cells);
    const isEvent = isOfEvents && row.text('EdgeStartTimestamp') === undefined;
    const record = isEvent ? firewallClue(row, line.number, line.text) : requestRecord(row, line.number);
    if (record) this.emit(record);
    // Rows of a job that left the status out are known, and tell nothing.
    return record !== null || !hasStatus;
  }
}
