import type { Emit, Line, LineFormat } from '../format.ts';
import { firewallClue } from './firewall-clue.ts';
import { type Row, rowsOf } from './row.ts';

/** Matches of Cloudflare's security rules: Logpush `firewall_events`. */
export const cloudflareFirewall: LineFormat = {
  id: 'cloudflare-firewall',
  title: 'Cloudflare firewall events (Logpush)',
  hop: 'edge',
  shape: 'lines',
  foundAt: ['the bucket of a Logpush job (firewall_events, *.log.gz)'],
  limits: ['One request may match several rules.', 'Rules answer with 400 to 499: they never make a 502.'],
  examples: () => [
    {
      input:
        '{"Action":"block","ClientIP":"198.51.100.4","ClientRequestHost":"www.example.com","ClientRequestMethod":"GET","ClientRequestPath":"/checkout","Datetime":"1653974623000000000","EdgeColoCode":"IAD","EdgeResponseStatus":403,"Kind":"firewall","MatchIndex":1,"OriginResponseStatus":0,"OriginatorRayID":"00","RayID":"713d477539b55c29","RuleID":"7dc666e026974dab84884c73b3e2afe1","Source":"firewallrules"}',
      shows: 'a rule that blocked a request',
      records: [
        {
          kind: 'clue',
          signal: 'firewall.block',
          stamp: { kind: 'utc', ms: 1653974623000, offsetMinutes: 0 },
          ray: '713d477539b55c29',
          path: '/checkout',
          subject: 'firewallrules',
        },
      ],
    },
    {
      input:
        '{"Action":"log","ClientRequestHost":"www.example.com","ClientRequestPath":"/","Datetime":"2022-05-31T05:23:43Z","EdgeResponseStatus":200,"RayID":"713d477539b55c2a","RuleID":"7dc6","Source":"waf"}',
      shows: 'a rule that only took note',
      records: [{ signal: 'firewall.other' }],
    },
  ],
  score: (line) => (looksLike(line.text) && rowsOf(line.text, isEvent).length > 0 ? 0.95 : 0),
  open: (emit) => ({ push: (line) => read(line, emit), end: () => {} }),
};

function looksLike(text: string): boolean {
  return /"rule_?id"/i.test(text.length > 20_000 ? text.slice(0, 20_000) : text);
}

function isEvent(row: Row): boolean {
  return (
    row.text('Action') !== undefined &&
    row.has('RuleID') &&
    (row.has('Datetime') || row.has('Source')) &&
    !row.has('EdgeStartTimestamp')
  );
}

function read(line: Line, emit: Emit): boolean {
  if (!looksLike(line.text)) return false;
  const rows = rowsOf(line.text, isEvent);
  for (const row of rows) emit(firewallClue(row, line.number, line.text));
  return rows.length > 0;
}
