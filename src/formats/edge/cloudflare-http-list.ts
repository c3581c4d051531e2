import type { DocumentFormat, DocumentReader, Emit } from '../format.ts';
import type { EntryLists } from '../json-entries.ts';
import { ListedRows } from '../listed-rows.ts';
import { parseJson } from '../parse-json.ts';
import { isRequestRow } from './cloudflare-http.ts';
import { requestRecord } from './request-record.ts';
import { rowsIn, WRAPPERS } from './row.ts';

/** Cloudflare's request log as one JSON document, on one line or printed over many: Instant Logs exported, rows that went through `jq`. */
export const cloudflareHttpList: DocumentFormat = {
  id: 'cloudflare-http-list',
  title: 'Cloudflare HTTP requests as one JSON document',
  hop: 'edge',
  shape: 'document',
  foundAt: ['Instant Logs in the dashboard, exported as JSON', 'a query over Logpush data, its answer as JSON'],
  limits: ['Read row by row, more slowly than one row per line.'],
  examples: () => [
    {
      input: [
        '[',
        '  {',
        '    "EdgeStartTimestamp": "2026-03-04T10:00:01Z",',
        '    "EdgeResponseStatus": 502,',
        '    "OriginResponseStatus": 502,',
        '    "ClientRequestHost": "www.example.com",',
        '    "RayID": "713d477539b55c29",',
        '    "sampleInterval": 10',
        '  }',
        ']',
      ].join('\n'),
      shows: 'a sampled row of Instant Logs, printed over many lines',
      records: [
        {
          kind: 'request',
          hop: 'edge',
          status: 502,
          originStatus: 502,
          weight: 10,
          ray: '713d477539b55c29',
          signal: 'edge.origin-answered-5xx',
        },
      ],
    },
    {
      input:
        '{"events":[{"info":{"EdgeStartTimestamp":"2026-03-04T10:00:01Z","EdgeResponseStatus":502,"OriginResponseStatus":0,"RayID":"713d477539b55c29","SecurityActions":[]}},{"info":{"EdgeStartTimestamp":"2026-03-04T10:00:02Z","EdgeResponseStatus":200,"OriginResponseStatus":200,"RayID":"713d477539b55c30"}}]}',
      shows: 'all rows of a batch on one line, in a list that Logpush was told to name',
      records: [
        { status: 502, ray: '713d477539b55c29', line: 1 },
        { status: 200, ray: '713d477539b55c30', line: 2 },
      ],
    },
  ],
  scoreHead: (head) => (isPrinted(head) || isOnOneLine(head) ? 0.96 : 0),
  read: (text, emit) => {
    const reader = openRows(emit);
    reader.push(text);
    return reader.end();
  },
  openPieces: (emit) => openRows(emit),
};

const STATUS = /"edge_?response_?status"\s{0,20}:\s{0,20}"?\d{3}/i;

/** Many lines for a row. A row that stands whole on its line is left to the reader of lines. */
function isPrinted(head: string): boolean {
  return (
    /^\uFEFF?\s{0,200}(?:\[|\{\s{0,200}\n)/.test(head) &&
    /^\s{1,80}"?edge_?response_?status"?\s{0,20}:\s{0,20}"?\d{3}"?,?\s{0,20}$/im.test(head)
  );
}

/** Many rows in a list on one line, which would have to be held as a whole. */
function isOnOneLine(head: string): boolean {
  const feed = head.indexOf('\n');
  const line = feed < 0 ? head : head.slice(0, feed);
  const first = /^\uFEFF?\s{0,200}[[{]/.test(line) ? STATUS.exec(line) : null;
  if (first === null || !/\[\s{0,8}\{/.test(line.slice(0, first.index))) return false;
  return STATUS.test(line.slice(first.index + first[0].length));
}

/** Lists have no key or one of the usual; the first one may have any, as exports name it (Logpush: `batch_prefix`). */
const ROW_LISTS: EntryLists = {
  isList: (key, depth, isFirst) => (key === '' ? depth === 0 : isFirst || (depth <= 3 && WRAPPERS.includes(key))),
  many: true,
};

function openRows(emit: Emit): DocumentReader {
  return new ListedRows(ROW_LISTS, (text, number) => {
    const rows = rowsIn(parseJson(text), isRequestRow);
    if (rows.length === 0) return 1;
    let notUnderstood = 0;
    for (const row of rows) {
      const record = requestRecord(row, number);
      if (record) emit(record);
      else notUnderstood++;
    }
    return notUnderstood;
  });
}
