import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { tunnelClue } from './tunnel-clue.ts';

/** What `/ready` of cloudflared’s metrics server answers (metrics/readiness.go). */
const ANSWER = /^\{"status":\d{3},"readyConnections":(\d{1,3}),"connectorId":"([\da-f-]{36})"\}/;

class ReadyParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const [text, connections, connector] = ANSWER.exec(line.text) ?? [];
    if (text === undefined) return false;
    this.emit(tunnelClue({ line: line.number, text, tunnel: connector, connections: Number(connections), colos: [] }));
    return true;
  }

  end(): void {}
}

/** Whether cloudflared is connected, as it says itself. */
export const tunnelReady: LineFormat = {
  id: 'cloudflared-ready',
  title: 'Answer of cloudflared’s /ready',
  hop: 'tunnel',
  shape: 'lines',
  foundAt: ['curl -s http://127.0.0.1:20241/ready'],
  limits: [
    'It does not write when it answered.',
    'It tells whether cloudflared is connected to Cloudflare, and nothing of the service behind it.',
  ],
  examples: () => [
    {
      input: '{"status":503,"readyConnections":0,"connectorId":"06493c9e-1f2e-4d3c-8b5a-aa7e852a996c"}',
      shows: 'no connection to Cloudflare',
      records: [
        {
          kind: 'clue',
          signal: 'cloudflared.shown-disconnected',
          subject: '06493c9e-1f2e-4d3c-8b5a-aa7e852a996c',
          values: { connections: 0 },
        },
      ],
    },
    {
      input: '{"status":200,"readyConnections":4,"connectorId":"06493c9e-1f2e-4d3c-8b5a-aa7e852a996c"}',
      shows: 'four connections',
      records: [{ signal: 'cloudflared.shown-connected', values: { connections: 4 } }],
    },
  ],
  score: ({ text, wrapper }) => (wrapper === null && ANSWER.test(text) ? 0.95 : 0),
  open: (emit) => new ReadyParser(emit),
};
