import { JsonRow, type Row } from '../edge/row.ts';
import type { DocumentFormat } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { tunnelClue } from './tunnel-clue.ts';
import { colosOf } from './tunnel-info.ts';

/**
 * A tunnel and its connections as JSON: `cloudflared tunnel list --output json`, `tunnel info --output json`, the API's answer,
 * and `tunnelstate.json` of `cloudflared tunnel diag`.
 */
export const tunnelJson: DocumentFormat = {
  id: 'cloudflared-tunnel-json',
  title: 'Tunnels and their connections as JSON',
  hop: 'tunnel',
  shape: 'document',
  foundAt: [
    'cloudflared tunnel list --output json',
    'cloudflared tunnel info --output json NAME',
    'tunnelstate.json in the zip of cloudflared tunnel diag',
    'the answer of the API /accounts/<id>/cfd_tunnel',
  ],
  limits: [
    'It does not write when it was made.',
    'It tells whether cloudflared is connected to Cloudflare, and nothing of the service behind it.',
  ],
  examples: () => [
    {
      input:
        '[{"id":"6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23","name":"shop","created_at":"2026-07-07T04:24:42Z","deleted_at":"0001-01-01T00:00:00Z","connections":[]},{"id":"7a2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b24","name":"blog","created_at":"2026-07-07T04:24:42Z","connections":[{"colo_name":"ams07","id":"1","is_pending_reconnect":false,"origin_ip":"198.51.100.15","opened_at":"2026-07-08T04:24:42Z"},{"colo_name":"fra09","id":"2","is_pending_reconnect":true}]}]',
      shows: 'tunnel list: a connection that waits to come back does not count',
      records: [
        { kind: 'clue', signal: 'cloudflared.shown-disconnected', subject: 'shop', values: { connections: 0 } },
        { signal: 'cloudflared.shown-connected', subject: 'blog', values: { connections: 1, colos: 'AMS' } },
      ],
    },
    {
      input:
        '{"id":"6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23","name":"shop","createdAt":"2026-07-07T04:24:42Z","conns":[{"id":"06493c9e-1f2e-4d3c-8b5a-aa7e852a996c","version":"2026.3.0","arch":"linux_amd64","conns":[{"colo_name":"iad03","is_pending_reconnect":false},{"colo_name":"iad05","is_pending_reconnect":false}]}]}',
      shows: 'tunnel info: the connections of each connector',
      records: [{ signal: 'cloudflared.shown-connected', subject: 'shop', values: { connections: 2, colos: 'IAD' } }],
    },
    {
      input:
        '{"tunnelID":"6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23","connectorID":"06493c9e-1f2e-4d3c-8b5a-aa7e852a996c","connections":[{"isConnected":true,"protocol":1,"edgeAddress":"198.41.192.47"},{"protocol":1,"edgeAddress":"198.41.200.13","index":1}],"icmp_sources":["192.0.2.4","::"]}',
      shows: 'tunnelstate.json: what is not connected lacks the word',
      records: [
        {
          signal: 'cloudflared.shown-connected',
          subject: '6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23',
          values: { connections: 1 },
        },
      ],
    },
  ],
  scoreHead: (head) => {
    if (!/^\uFEFF?\s{0,1000}[[{]/.test(head)) return 0;
    if (/"tunnelID"\s{0,20}:/.test(head) && /"connectorID"\s{0,20}:/.test(head)) return 0.95;
    const isTunnel = /"(?:created_?at|createdAt)"\s{0,20}:/.test(head) && /"name"\s{0,20}:/.test(head);
    return isTunnel && /"(?:connections|conns)"\s{0,20}:\s{0,20}(?:\[|null)/.test(head) ? 0.8 : 0;
  },
  read: (text, emit) => {
    const value = parseJson(text);
    const answer = isObject(value) && 'result' in value ? value.result : value;
    let line = 0;
    let notUnderstood = 0;
    for (const item of Array.isArray(answer) ? answer : [answer]) {
      if (!isObject(item)) {
        notUnderstood++;
        continue;
      }
      const tunnel = new JsonRow(item);
      const up = [...connections(tunnel, 'connections'), ...connections(tunnel, 'conns')];
      emit(
        tunnelClue({
          line: ++line,
          text: JSON.stringify(item),
          tunnel: tunnel.text('name') ?? tunnel.text('tunnelID'),
          connections: up.length,
          colos: colosOf(up.flatMap((connection) => connection.text('colo_name') ?? [])),
        }),
      );
    }
    return { notUnderstood };
  },
};

/** The connections that are up; those of a connector lie one deeper. */
function connections(row: Row, name: string): readonly Row[] {
  return row.rows(name).flatMap((item) => {
    if (item.has('conns')) return connections(item, 'conns');
    const isDump = item.has('edgeAddress') || item.has('isConnected');
    return (isDump ? item.flag('isConnected') : !item.flag('is_pending_reconnect')) ? [item] : [];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
