import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import { present } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { momentMs } from './moment.ts';

/** `key=value`; the value may hold `=`. Keys of the page, in the order in which it writes them, and some that came later. */
const PAIR = /^(fl|h|ip|ts|visit_scheme|uag|colo|sliver|http|loc|tls|sni|warp|gateway|rbi|kex)=(.{0,2000})$/;
const FIRST = /^fl=[\da-z]{2,40}$/;
/** What a trace has at least. */
const NEEDED = ['h', 'ts', 'colo'] as const;

/** What `/cdn-cgi/trace` answered: made by the edge, whether the origin works or not. */
export const cdnTrace: LineFormat = {
  id: 'cdn-trace',
  title: 'Answer of /cdn-cgi/trace',
  hop: 'edge',
  shape: 'lines',
  foundAt: ['curl -s https://www.example.com/cdn-cgi/trace', 'the same address in a browser'],
  limits: [
    'The edge answers it itself: it works while the origin is down.',
    'It tells which data centre one visitor reaches, and that the host is behind Cloudflare.',
  ],
  examples: () => [
    {
      input: [
        'fl=582f239',
        'h=www.example.com',
        'ip=198.51.100.13',
        'ts=1779555940.250',
        'visit_scheme=https',
        'uag=curl/8.5.0',
        'colo=HKG',
        'http=http/3',
        'loc=HK',
        'tls=TLSv1.3',
      ].join('\n'),
      shows: 'who asked, which data centre answered, and when',
      records: [
        {
          kind: 'clue',
          hop: 'edge',
          signal: 'edge.trace',
          host: 'www.example.com',
          client: '198.51.100.13',
          line: 1,
          values: { atMs: 1779555940250, colo: 'HKG', http: 'http/3', tls: 'TLSv1.3', loc: 'HK' },
        },
      ],
    },
  ],
  score: ({ text }) => (FIRST.test(text.slice(0, 60)) ? 0.9 : 0),
  open: (emit) => new TraceParser(emit),
};

class TraceParser implements LineParser {
  private readonly emit: Emit;
  private first: Line | null = null;
  private readonly pairs = new Map<string, string>();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const pair = line.text.length > 2100 ? null : PAIR.exec(line.text.trimEnd());
    if (!pair) return this.first !== null && line.text.trim() === '';
    const [, key = '', value = ''] = pair;
    if (key === 'fl') this.end();
    else if (this.first === null) return false;
    this.first ??= line;
    this.pairs.set(key, value);
    return true;
  }

  end(): void {
    const { first, pairs } = this;
    if (first !== null && NEEDED.every((key) => pairs.has(key))) this.emit(clue(first, pairs));
    this.first = null;
    pairs.clear();
  }
}

function clue(first: Line, pairs: ReadonlyMap<string, string>): ClueRecord {
  const host = pairs.get('h')?.toLowerCase();
  const client = pairs.get('ip');
  return {
    kind: 'clue',
    hop: 'edge',
    signal: 'edge.trace',
    line: first.number,
    stamp: NO_STAMP,
    text: ['h', 'colo', 'ts', 'http', 'tls', 'loc']
      .flatMap((key) => (pairs.has(key) ? `${key}=${pairs.get(key)}` : []))
      .join(' '),
    ...(host !== undefined && { host }),
    ...(client !== undefined && { client }),
    values: present({
      atMs: momentMs(pairs.get('ts')),
      colo: pairs.get('colo'),
      http: pairs.get('http'),
      tls: pairs.get('tls'),
      loc: pairs.get('loc'),
    }),
  };
}
