import { closedJson } from '../cut-object.ts';
import type { DocumentFormat } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { rowsIn } from './row.ts';
import { invocationIn, isWorkersLog, workerClue } from './workers-parser.ts';

/** Events of Workers Logs: one that was copied, or a list of them. */
export const cloudflareWorkersLogs: DocumentFormat = {
  id: 'cloudflare-workers-logs',
  title: 'Cloudflare Workers Logs (events copied from the dashboard, answer of the API)',
  hop: 'edge',
  shape: 'document',
  foundAt: [
    'the dashboard: Workers & Pages, a Worker, Observability (or Logs), an event, Copy',
    'the answer of /accounts/<id>/workers/observability/telemetry/query',
  ],
  limits: [
    'Only Workers that have observability switched on, and those requests that head_sampling_rate takes.',
    'Invocations that ended well make no record.',
  ],
  examples: () => [
    {
      input: [
        '{',
        '  "message": "Durable Object exceeded its CPU time limit and was reset.",',
        '  "exception": {',
        '    "stack": "    at async handleApiRequest (index.js:5757:24)",',
        '    "name": "Error",',
        '    "message": "Durable Object exceeded its CPU time limit and was reset.",',
        '    "timestamp": 1775445449037',
        '  },',
        '  "$workers": {',
        '    "truncated": false,',
        '    "event": {',
        '      "request": { "url": "https://shop.example.com/api/import", "method": "POST", "path": "/api/import" }',
        '    },',
        '    "outcome": "exception",',
        '    "scriptName": "shop-api",',
        '    "eventType": "fetch",',
        '    "requestId": "9e7da2f35b51c427"',
        '  },',
        '  "$metadata": { "requestId": "9e7da2f35b51c427", "level": "error", "type": "cf-worker" }',
        '}',
      ].join('\n'),
      shows: 'an event of an invocation that threw',
      records: [
        {
          kind: 'clue',
          hop: 'edge',
          signal: 'worker.exceeded-cpu',
          stamp: { kind: 'utc', ms: 1775445449037, offsetMinutes: 0 },
          ray: '9e7da2f35b51c427',
          host: 'shop.example.com',
          path: '/api/import',
          subject: 'shop-api',
        },
      ],
    },
  ],
  // On one line it is left to those that read rows, which hold less of it at a time.
  scoreHead: (head) =>
    /^\uFEFF?\s{0,200}[[{]\s{0,200}\n/.test(head) && /"\$workers"\s{0,20}:\s{0,20}\{/.test(head) ? 0.9 : 0,
  read: (text, emit) => {
    const value = parseJson(text) ?? parseJson(closedJson(text) ?? '');
    if (value === undefined) return { notUnderstood: 1, warning: 'The export is cut or no JSON; fetch it again.' };
    const events = rowsIn(value, isWorkersLog);
    // What an invocation logged and how it ended are events of their own, each with its outcome.
    const told = new Set<string>();
    for (const [i, event] of events.entries()) {
      const { outcome, atMs, about } = invocationIn(event);
      const request = about.ray ?? String(i);
      const shown = `${outcome} ${about.method ?? ''} ${about.path ?? ''} ${about.message ?? ''}`;
      const clue = told.has(request) ? null : workerClue({ number: i + 1, text: shown }, outcome, atMs, about);
      if (clue !== null) emit(clue);
      if (clue !== null) told.add(request);
    }
    return { notUnderstood: events.length === 0 ? 1 : 0 };
  },
};
