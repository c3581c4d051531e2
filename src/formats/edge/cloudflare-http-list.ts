import type { DocumentFormat } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { isRequestRow } from './cloudflare-http.ts';
import { requestRecord } from './request-record.ts';
import { rowsIn } from './row.ts';

/** Cloudflare's request log as one JSON document printed over many lines: Instant Logs exported, rows that went through `jq`. */
export const cloudflareHttpList: DocumentFormat = {
  id: 'cloudflare-http-list',
  title: 'Cloudflare HTTP requests as one JSON document',
  hop: 'edge',
  shape: 'document',
  foundAt: ['Instant Logs in the dashboard, exported as JSON', 'a query over Logpush data, its answer as JSON'],
  limits: ['Held in memory as a whole: for large logs use one row per line.'],
  examples: [
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
  ],
  // A row that stands whole on its line is left to the reader of lines.
  scoreHead: (head) =>
    /^\uFEFF?\s{0,200}(?:\[|\{\s{0,200}\n)/.test(head) &&
    /^\s{1,80}"?edge_?response_?status"?\s{0,20}:\s{0,20}"?\d{3}"?,?\s{0,20}$/im.test(head)
      ? 0.96
      : 0,
  read: (text, emit) => {
    const value = parseJson(text);
    if (value === undefined) return { notUnderstood: 1, warning: 'The document is cut or no JSON; export it again.' };
    let line = 0;
    let notUnderstood = 0;
    for (const row of rowsIn(value, isRequestRow)) {
      const record = requestRecord(row, ++line);
      if (record) emit(record);
      else notUnderstood++;
    }
    return { notUnderstood: line === 0 ? 1 : notUnderstood };
  },
};
