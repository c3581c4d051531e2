import type { RequestRecord } from '../../vocabulary/records.ts';
import { rayId } from '../edge/request-record.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { hostAndPath } from '../url-parts.ts';
import { answerSignal, shownHeaders } from './answer-signal.ts';
import { httpDate } from './http-date.ts';

/** What Chromium shows of a request above its headers; copied, a value stands behind its name or on the next line. */
const GENERAL = /^(Request URL|Request Method|Status Code|Remote Address|Referrer Policy):?(?: {1,4}(\S.{0,4000}))?$/;
const SECTION = /^(?:General|Response Headers|Request Headers|Headers)(?: \(\d{1,3}\))?$/;
const HEADER = /^([A-Za-z][\w-]{0,80}): {0,4}(.{0,8000})$/;
const HEADER_NAME = /^([a-z][a-z\d-]{1,80}):?$/;
const STATUS = /^([1-5]\d\d)\b/;
const LONGEST = 9000;

/** The "Headers" of a request in the developer tools of Chromium, copied. */
export const devtoolsHeaders: LineFormat = {
  id: 'devtools-headers',
  title: 'Headers of a request, copied from developer tools',
  hop: 'client',
  shape: 'lines',
  foundAt: ['developer tools of a browser, Network, a request, Headers'],
  limits: ['One request, without its page.', 'The only time is that of the date header.'],
  examples: () => [
    {
      input: [
        'Request URL: https://app.example.com/api/items?x=1',
        'Request Method: POST',
        'Status Code: 502 Bad Gateway',
        'Remote Address: 203.0.113.4:443',
        'Response Headers',
        'cf-ray: 85f1a2b3c4d5e6f7-FRA',
        'date: Mon, 04 Mar 2024 10:11:31 GMT',
        'server: cloudflare',
      ].join('\n'),
      shows: 'a value behind each name',
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 502,
          signal: 'har.5xx-no-body',
          method: 'POST',
          host: 'app.example.com',
          path: '/api/items',
          ray: '85f1a2b3c4d5e6f7',
          stamp: { kind: 'utc', ms: Date.UTC(2024, 2, 4, 10, 11, 31), offsetMinutes: 0 },
          line: 1,
        },
      ],
    },
    {
      input: [
        'Request URL',
        'https://www.example.com/',
        'Request Method',
        'GET',
        'Status Code',
        '522',
        'cf-ray',
        '85f1a2b3c4d5e6f8-FRA',
      ].join('\n'),
      shows: 'a value below each name',
      records: [{ status: 522, signal: 'edge.522-connect', method: 'GET', ray: '85f1a2b3c4d5e6f8' }],
    },
  ],
  score: ({ text, wrapper }) => (wrapper === null && /^(?:Request URL|Status Code):?(?: |$)/.test(text) ? 0.9 : 0),
  open: (emit) => new HeadersParser(emit),
};

class HeadersParser implements LineParser {
  private readonly emit: Emit;
  private first: Line | null = null;
  private readonly general = new Map<string, string>();
  private readonly headers = new Map<string, string>();
  /** The name whose value is on the next line. */
  private waiting: ((value: string) => void) | null = null;
  private ofRequest = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.slice(0, LONGEST).trim();
    const { waiting } = this;
    if (waiting !== null && !GENERAL.test(text)) {
      this.waiting = null;
      waiting(text);
      return true;
    }
    const [, name, value] = GENERAL.exec(text) ?? [];
    if (name !== undefined) return this.readGeneral(line, name, value);
    if (SECTION.test(text)) {
      this.ofRequest = text.startsWith('Request');
      return true;
    }
    return this.first !== null && this.readHeader(text);
  }

  end(): void {
    const { first } = this;
    const status = Number(STATUS.exec(this.general.get('Status Code') ?? '')?.[1] ?? 0);
    if (first !== null && status >= 200) this.emit(this.record(first, status));
    this.first = null;
    this.waiting = null;
    this.ofRequest = false;
    this.general.clear();
    this.headers.clear();
  }

  private readGeneral(line: Line, name: string, value: string | undefined): boolean {
    if (this.general.has(name)) this.end();
    this.first ??= line;
    if (value === undefined) this.waiting = (next) => this.general.set(name, next);
    else this.general.set(name, value);
    return true;
  }

  private readHeader(text: string): boolean {
    const header = HEADER.exec(text);
    const name = header?.[1] ?? HEADER_NAME.exec(text)?.[1];
    if (name === undefined) return text === '';
    const keep = (value: string): void => {
      if (!this.ofRequest) this.headers.set(name.toLowerCase(), value);
    };
    if (header?.[2]) keep(header[2]);
    else this.waiting = keep;
    return true;
  }

  private record(first: Line, status: number): RequestRecord {
    const { general, headers } = this;
    const signal = status < 500 ? undefined : answerSignal({ status, headers: shownHeaders(headers), body: '' });
    const ray = rayId(headers.get('cf-ray'));
    const method = general.get('Request Method');
    const url = general.get('Request URL');
    return {
      kind: 'request',
      hop: 'client',
      line: first.number,
      stamp: httpDate(headers.get('date')),
      text: `${method ?? 'GET'} ${url ?? ''} ${status}`.slice(0, 2000),
      status,
      visitor: true,
      ...(signal && { signal }),
      ...(method !== undefined && { method }),
      ...(ray !== undefined && { ray }),
      ...hostAndPath(url),
    };
  }
}
