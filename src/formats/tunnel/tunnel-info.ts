import type { ClueRecord } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { tunnelClue } from './tunnel-clue.ts';

const UUID = String.raw`[\da-f.]{8}-(?:[\da-f.]{4}-){3}[\da-f.]{12}`;
const INFO_HEAD =
  /^CONNECTOR ID\s{1,60}CREATED\s{1,40}ARCHITECTURE\s{1,40}VERSION\s{1,40}ORIGIN IP\s{1,60}EDGE\s{0,40}$/;
const LIST_HEAD = /^ID\s{1,60}NAME\s{1,300}CREATED\s{1,40}CONNECTIONS\s{0,400}$/;
const CONNECTOR = new RegExp(
  String.raw`^(${UUID})\s{1,8}\S{10,40}\s{1,20}(\S{1,40})\s{1,20}(\S{1,40})\s{1,20}\S{0,60}\s{0,60}(.{0,2000})$`,
);
const TUNNEL = new RegExp(
  String.raw`^(${UUID})\s{1,8}(\S{1,255})\s{1,300}(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z)\s{0,40}(.{0,2000})$`,
);
const FIELD = /^(NAME|ID|CREATED):\s{1,20}(\S.{0,300})$/;
const NO_CONNECTION = /^Your tunnel (\S{1,255}) does not have any active connection\b/;
const HINT = /^You can obtain more detailed information for each tunnel with `cloudflared tunnel info/;
/** `2xIAD, 1xlon01`: how many connections lead to which data centre. */
const EDGES = /(\d{1,3})x([A-Za-z]{3,4}\d{0,3})/g;

/** What `cloudflared tunnel info NAME` and `cloudflared tunnel list` print. */
export const tunnelInfo: LineFormat = {
  id: 'cloudflared-tunnel',
  title: 'Output of cloudflared tunnel info and tunnel list',
  hop: 'tunnel',
  shape: 'lines',
  foundAt: ['cloudflared tunnel list', 'cloudflared tunnel info NAME'],
  limits: [
    'It does not write when it ran.',
    'It tells whether cloudflared is connected to Cloudflare, and nothing of the service behind it: a healthy tunnel can give nothing but 502.',
  ],
  examples: () => [
    {
      input: [
        'NAME:     shop',
        'ID:       6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23',
        'CREATED:  2026-07-07 04:24:42.750148 +0000 UTC',
        '',
        'CONNECTOR ID                         CREATED              ARCHITECTURE VERSION  ORIGIN IP      EDGE         ',
        '06493c9e-1f2e-4d3c-8b5a-aa7e852a996c 2026-07-07T04:25:38Z linux_amd64  2026.3.0 198.51.100.15  2xIAD, 2xORD ',
      ].join('\n'),
      shows: 'a connector with its four connections',
      records: [
        {
          kind: 'clue',
          hop: 'tunnel',
          signal: 'cloudflared.shown-connected',
          line: 6,
          subject: 'shop',
          values: { connections: 4, colos: 'IAD,ORD', version: '2026.3.0' },
        },
      ],
    },
    {
      input: [
        'You can obtain more detailed information for each tunnel with `cloudflared tunnel info <name/uuid>`',
        'ID                                   NAME   CREATED              CONNECTIONS        ',
        '6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23 shop   2026-07-07T04:24:42Z                    ',
        '7a2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b24 blog   2026-07-07T04:24:42Z 1xams07, 1xfra09   ',
      ].join('\n'),
      shows: 'a tunnel that no cloudflared is connected to, and one that is',
      records: [
        { signal: 'cloudflared.shown-disconnected', subject: 'shop', values: { connections: 0 } },
        { signal: 'cloudflared.shown-connected', subject: 'blog', values: { connections: 2, colos: 'AMS,FRA' } },
      ],
    },
    {
      input: 'Your tunnel 6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23 does not have any active connection.',
      shows: 'a tunnel without a connector',
      records: [{ signal: 'cloudflared.shown-disconnected', subject: '6f2a1c9e-3b7d-4e58-9a41-0c5d8e7f1b23' }],
    },
  ],
  score: ({ text }) => {
    if (text.length > 3000) return 0;
    if (INFO_HEAD.test(text) || LIST_HEAD.test(text) || NO_CONNECTION.test(text) || HINT.test(text)) return 0.97;
    return FIELD.test(text) ? 0.1 : 0;
  },
  open: (emit) => new TableParser(emit),
};

class TableParser implements LineParser {
  private readonly emit: Emit;
  private table: 'info' | 'list' | null = null;
  private name: string | undefined;
  /** Fields above the table of `tunnel info` are known only once it is there; they come first. */
  private fields = 0;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.length > 3000 ? '' : line.text.trimEnd();
    if (text === '') return line.text.trim() === '' && (this.table !== null || this.fields > 0);
    const field = FIELD.exec(text);
    if (field) {
      this.fields++;
      if (field[1] === 'NAME') this.name = field[2];
      return true;
    }
    if (INFO_HEAD.test(text) || LIST_HEAD.test(text)) {
      this.table = text.startsWith('ID') ? 'list' : 'info';
      return true;
    }
    if (HINT.test(text)) return true;
    const clue = this.clue(line, text);
    if (clue) this.emit(clue);
    return clue !== null;
  }

  end(): void {}

  private clue({ number }: Line, text: string): ClueRecord | null {
    const none = NO_CONNECTION.exec(text);
    if (none) return tunnelClue({ line: number, text, tunnel: none[1], connections: 0, colos: [] });
    const row = this.table === 'list' ? TUNNEL.exec(text) : this.table === 'info' ? CONNECTOR.exec(text) : null;
    if (row === null) return null;
    const edges = [...(row[4] ?? '').matchAll(EDGES)];
    return tunnelClue({
      line: number,
      text,
      tunnel: this.table === 'list' ? row[2] : this.name,
      connections: edges.reduce((sum, [, count]) => sum + Number(count), 0),
      colos: colosOf(edges.map(([, , place]) => place ?? '')),
      version: this.table === 'info' ? row[3] : undefined,
    });
  }
}

/** `ams07` is a machine room of AMS. */
export function colosOf(places: readonly string[]): string[] {
  return [...new Set(places.map((place) => place.replace(/\d+$/, '').toUpperCase()))].filter((place) => place !== '');
}
