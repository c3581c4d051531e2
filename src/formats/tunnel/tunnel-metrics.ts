import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';

const COMMENT = /^# (?:HELP|TYPE) [\w:]{1,200} /;
const SAMPLE = /^([A-Za-z_:][\w:]{0,200})(\{.{0,4000}\})? (-?[\d.eE+]{1,40}|NaN|[+-]?Inf)(?: \d{1,20})?$/;
const OWN = /^(?:# (?:HELP|TYPE) )?cloudflared_/;
const STATUS = /status_code="(\d{3})"/;
/** Numbers worth telling, by the name of their metric. */
const TOLD: Readonly<Record<string, string>> = {
  cloudflared_tunnel_ha_connections: 'connections',
  cloudflared_tunnel_total_requests: 'requests',
  cloudflared_tunnel_request_errors: 'requestErrors',
};

/** The metrics of cloudflared: its own counts since it was started. */
export const tunnelMetrics: LineFormat = {
  id: 'cloudflared-metrics',
  title: 'Metrics of cloudflared',
  hop: 'tunnel',
  shape: 'lines',
  foundAt: ['curl -s http://127.0.0.1:20241/metrics', 'metrics.txt in the zip of cloudflared tunnel diag'],
  limits: ['Counts since cloudflared was started, which they do not date.', 'They do not tell why requests failed.'],
  examples: () => [
    {
      input: [
        '# HELP cloudflared_tunnel_ha_connections Number of active ha connections',
        '# TYPE cloudflared_tunnel_ha_connections gauge',
        'cloudflared_tunnel_ha_connections 4',
        'cloudflared_tunnel_request_errors 42',
        'cloudflared_tunnel_response_by_code{status_code="200"} 1000',
        'cloudflared_tunnel_response_by_code{status_code="502"} 40',
        'cloudflared_tunnel_total_requests 1042',
        'go_goroutines 61',
      ].join('\n'),
      shows: 'requests that cloudflared could not serve, among all',
      records: [
        {
          kind: 'clue',
          hop: 'tunnel',
          signal: 'cloudflared.counts',
          stamp: NO_STAMP,
          line: 1,
          values: { connections: 4, requests: 1042, requestErrors: 42, answered5xx: 40 },
        },
      ],
    },
  ],
  score: ({ text }) => (OWN.test(text) && (COMMENT.test(text) || SAMPLE.test(text)) ? 0.95 : 0),
  open: (emit) => new MetricsParser(emit),
};

class MetricsParser implements LineParser {
  private readonly emit: Emit;
  private first: Line | null = null;
  private values: Record<string, number> = {};

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.length > 5000 ? '' : line.text.trimEnd();
    if (this.first === null && !OWN.test(text) && !COMMENT.test(text)) return false;
    if (COMMENT.test(text)) {
      this.first ??= line;
      return true;
    }
    const sample = SAMPLE.exec(text);
    if (!sample) return false;
    this.first ??= line;
    const [, name = '', labels = '', value = ''] = sample;
    const told = TOLD[name];
    if (told !== undefined) this.add(told, Number(value));
    if (name === 'cloudflared_tunnel_response_by_code' && Number(STATUS.exec(labels)?.[1]) >= 500)
      this.add('answered5xx', Number(value));
    return true;
  }

  end(): void {
    if (this.first !== null && Object.keys(this.values).length > 0) this.emit(clue(this.first, this.values));
    this.first = null;
    this.values = {};
  }

  private add(name: string, value: number): void {
    if (Number.isFinite(value)) this.values[name] = (this.values[name] ?? 0) + value;
  }
}

function clue(first: Line, values: Readonly<Record<string, number>>): ClueRecord {
  return {
    kind: 'clue',
    hop: 'tunnel',
    signal: 'cloudflared.counts',
    line: first.number,
    stamp: NO_STAMP,
    text: Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    subject: 'cloudflared',
    values: { ...values },
  };
}
