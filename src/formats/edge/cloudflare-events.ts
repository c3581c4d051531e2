import type { DocumentFormat } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { firewallClue } from './firewall-clue.ts';
import { type Row, rowsIn } from './row.ts';

/** Security events that the dashboard exports: a list of JSON objects, mostly printed over many lines. */
export const cloudflareEvents: DocumentFormat = {
  id: 'cloudflare-events',
  title: 'Cloudflare security events (export of the dashboard)',
  hop: 'edge',
  shape: 'document',
  foundAt: ['the dashboard: Security, Events (or Analytics), Export'],
  limits: [
    'At most 500 events, a sample; managed rules of OWASP are not among them.',
    'Rules answer with 400 to 499: they never make a 502.',
  ],
  examples: () => [
    {
      input: [
        '[',
        '  {',
        '    "action": "block",',
        '    "clientIP": "198.51.100.4",',
        '    "clientRequestHTTPHost": "www.example.com",',
        '    "clientRequestHTTPMethodName": "POST",',
        '    "clientRequestPath": "/checkout",',
        '    "datetime": "2026-03-04T10:00:01Z",',
        '    "rayName": "713d477539b55c29",',
        '    "ruleId": "7dc666e026974dab84884c73b3e2afe1",',
        '    "source": "firewallManaged"',
        '  }',
        ']',
      ].join('\n'),
      shows: 'a rule that blocked a request',
      records: [
        {
          kind: 'clue',
          hop: 'edge',
          signal: 'firewall.block',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 2, 4, 10, 0, 1), offsetMinutes: 0 },
          ray: '713d477539b55c29',
          host: 'www.example.com',
          method: 'POST',
          path: '/checkout',
          subject: 'firewallManaged',
        },
      ],
    },
  ],
  // On one line it is left to those that read rows, which hold less of it at a time.
  scoreHead: (head) =>
    /^\uFEFF?\s{0,200}[[{]\s{0,200}\n/.test(head) &&
    /"rayName"\s{0,20}:|"ray_?id"\s{0,20}:/i.test(head) &&
    /"action"\s{0,20}:/.test(head) &&
    /"(?:source|ruleId)"\s{0,20}:/.test(head)
      ? 0.9
      : 0,
  read: (text, emit) => {
    const value = parseJson(text);
    if (value === undefined) return { notUnderstood: 1, warning: 'The export is cut or no JSON; fetch it again.' };
    let line = 0;
    for (const event of rowsIn(value, isEvent)) emit(firewallClue(event, ++line, shown(event)));
    return { notUnderstood: line === 0 ? 1 : 0 };
  },
};

function isEvent(row: Row): boolean {
  return row.text('Action') !== undefined && (row.has('rayName') || row.has('RayID'));
}

const SHOWN = ['action', 'source', 'ruleId', 'clientIP', 'clientRequestPath', 'rayName', 'datetime'] as const;

function shown(event: Row): string {
  return SHOWN.flatMap((name) => {
    const value = event.text(name);
    return value === undefined ? [] : `${name}=${value}`;
  }).join(' ');
}
