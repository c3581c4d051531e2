import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { csvCells } from './csv-cells.ts';
import { firewallClue } from './firewall-clue.ts';
import { requestRecord } from './request-record.ts';
import { JsonRow } from './row.ts';
import { foldedName as folded, statusLacking } from './status-lacking.ts';

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

interface Head {
  readonly delimiter: string;
  readonly names: readonly string[];
}

/** Cloudflare's request log as CSV: Logpush with `output_type: csv`, a query's download, a spreadsheet's export. */
export const cloudflareCsv: LineFormat = {
  id: 'cloudflare-csv',
  title: 'Cloudflare HTTP requests or security events as CSV',
  hop: 'edge',
  shape: 'lines',
  foundAt: ['a Logpush job with output_type csv', 'the download of a query over Logpush data'],
  limits: [
    'The first line must name the columns, or --fields: nobody can tell them apart otherwise.',
    'Without OriginResponseStatus a row does not tell who made the status.',
  ],
  examples: [
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
  fieldsIn: ({ text }) => headOf(text)?.names ?? [],
  lacking: ({ text }) => statusLacking(headOf(text)?.names ?? []),
  score: (line) => (headOf(line.text) === null ? 0 : 0.97),
  open: (emit) => new CsvParser(emit, []),
};

/** The same where the columns are known, in their order: Logpush writes no head of its own. */
export function cloudflareCsvWith(fields: readonly string[]): LineFormat {
  return {
    ...cloudflareCsv,
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

/** The names of the columns; null where the line is no such head. */
function headOf(text: string): Head | null {
  if (text.length > LONGEST_HEAD || !/edge|ray/i.test(text)) return null;
  for (const delimiter of DELIMITERS) {
    if (!text.includes(delimiter)) continue;
    const names = csvCells(text, delimiter) ?? [];
    const known = names.filter((name) => KNOWN.has(folded(name)));
    if (known.length >= ENOUGH_KNOWN || isEventsHead(names))
      return { delimiter, names: names.map((name) => name.trim()) };
  }
  return null;
}

/** Security events: what was done, and to which request. */
function isEventsHead(names: readonly string[]): boolean {
  const folds = new Set(names.map(folded));
  return (folds.has('action') || folds.has('actiontaken')) && (folds.has('rayid') || folds.has('rayname'));
}

class CsvParser implements LineParser {
  private readonly emit: Emit;
  private readonly fields: readonly string[];
  private head: Head | null = null;

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
      this.head = { names: this.fields, delimiter: delimiterFor(this.fields, line.text) ?? ',' };
    if (this.head === null) return false;
    const { names, delimiter } = this.head;
    const cells = csvCells(line.text, delimiter);
    if (cells === null || cells.length !== names.length) return false;
    const row = new JsonRow(Object.fromEntries(names.map((name, i) => [name, cells[i]])));
    const isEvent = isEventsHead(names) && row.text('EdgeStartTimestamp') === undefined;
    const record = isEvent ? firewallClue(row, line.number, line.text) : requestRecord(row, line.number);
    if (record) this.emit(record);
    // Rows of a job that left the status out are known, and tell nothing.
    return record !== null || !names.some((name) => folded(name) === STATUS);
  }

  end(): void {}
}
