import { NO_STAMP, type RequestRecord } from '../../vocabulary/records.ts';
import { rayId, withoutQuery } from '../edge/request-record.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { answerSignal, shownHeaders } from './answer-signal.ts';
import { CurlFailures } from './curl-failures.ts';
import { httpDate } from './http-date.ts';
import { serverReasonIn } from './server-page.ts';

const STATUS_LINE = /^(?:< )?HTTP\/(?:1\.[01]|2|3)(?:\.0)? ([1-5]\d\d)(?: (.{0,200}))?$/;
const HEADER = /^(?:< )?([A-Za-z][\w-]{0,80}): ?(.{0,8000})$/;
// Unwrapping may have taken the `> ` for a quotation mark.
const REQUEST_LINE = /^(?:> )?([A-Z]{3,10}) (\S{1,4000}) HTTP\/[\d.]{1,3}$/;
const HOST_LINE = /^(?:> )?Host: (\S{1,300})$/i;
/** curl's own talk and the request headers that `-v` prints. */
const TALK = /^(?:\* |> |>$|[{}] \[|\[\d+ bytes data\])/;
/** What `curl -v` says before it asks (lib/connect.c, lib/url.c, lib/vtls); the lines behind it are set off by a star, too. */
const BEGINNING =
  /^\* {1,3}(?:Trying |Connected to |Host \S{1,300} was resolved|Rebuilt URL to: |Uses proxy env variable |Added \S{1,300} to DNS cache|Could not resolve host: )/;
const CERTIFICATES = /^\*? {1,3}C(?:Afile|Apath|Rlfile): /;
/** `curl -f` prints the status of an error alone. */
const FAILED = /^curl: \(22\) The requested URL returned error: ([45]\d\d)\b/;
const ENDED = /^curl: \(\d{1,3}\) /;
/** With these a line says by itself that it is curl's. */
const ENDED_SURELY = /^curl: \((?:7|35|52|56|60)\) [A-Z]|^curl: \(18\) (?:end of response|transfer closed) with /;
/** Fewer bytes came than the header had announced (CURLE_PARTIAL_FILE). */
const CUT =
  /^curl: \(18\) (?:end of response|transfer closed) with (?:\d{1,20} bytes (?:missing|remaining to read)|outstanding read data remaining)/;
/** The table of how much has come (lib/progress.c). */
const PROGRESS =
  /^ {1,4}% Total {4}% Received %|^ {20,40}Dload {2}Upload|^ {0,2}\d{1,3} {1,4}[\d.]{1,6}[kMGTP]? {1,4}\d{1,3} [ \d.kMGTP]{5,60}[-\d:]{7,8} {1,4}[-\d:]{7,8} {1,4}/;
/** A block of code in Markdown stands four blanks or a tab further in. */
const INDENT = /^( {4}|\t)(?=[*<>] |[<>]$|curl: \(|HTTP\/[\d.]{1,3} [1-5]\d\d\b)/;
const BODY_START = /^\s{0,40}(?:<|\{|\[|error code: \d)/;
const LONGEST_BODY_LINES = 400;

/** What `curl -I`, `curl -i` or `curl -v` printed. */
export const curl: LineFormat = {
  id: 'curl',
  title: 'Output of curl -I, -i or -v',
  hop: 'client',
  shape: 'lines',
  foundAt: ['curl -sSv https://host/path 2>&1', 'curl -I --resolve host:443:address https://host/path'],
  limits: ['The only time is that of the date header, which the server wrote.', 'With -I there is no page to read.'],
  examples: () => [
    {
      input: [
        'HTTP/1.1 520 Origin Error',
        'Date: Fri, 28 Jun 2019 13:56:39 GMT',
        'Content-Type: text/html; charset=UTF-8',
        'Server: cloudflare',
        'CF-RAY: 4ee02a558935bdc3-AMS',
        '',
      ].join('\n'),
      shows: 'the headers of a 520',
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 520,
          signal: 'edge.520',
          stamp: { kind: 'utc', ms: Date.UTC(2019, 5, 28, 13, 56, 39), offsetMinutes: 0 },
          ray: '4ee02a558935bdc3',
          colo: 'AMS',
          line: 1,
        },
      ],
    },
    {
      input: [
        '> GET /cart?x=1 HTTP/2',
        '> Host: shop.example.com',
        '>',
        '< HTTP/2 502 ',
        '< server: cloudflare',
        '< cf-ray: 4ee02a558935bdc4-AMS',
        '<',
        'error code: 502',
      ].join('\n'),
      shows: 'the talk of curl -v with the body',
      records: [{ status: 502, signal: 'har.plain-code', method: 'GET', host: 'shop.example.com', path: '/cart' }],
    },
    {
      input: [
        '*   Trying 203.0.113.4:443...',
        '* Connected to shop.example.com (203.0.113.4) port 443 (#0)',
        'curl: (22) The requested URL returned error: 522',
      ].join('\n'),
      shows: 'what -f leaves of an answer',
      records: [{ status: 522, signal: 'edge.522-connect', line: 3 }],
    },
    {
      input: [
        '    *   Trying 203.0.113.4:443...',
        '    > GET /cart HTTP/1.1',
        '    > Host: shop.example.com',
        '    >',
        '    < HTTP/1.1 502 Bad Gateway',
        '    < Server: nginx/1.24.0',
        '    <',
      ].join('\n'),
      shows: 'as a block of code in Markdown',
      records: [{ status: 502, signal: 'har.no-cloudflare', path: '/cart' }],
    },
    {
      input: [
        '* Added shop.example.com:443:203.0.113.4 to DNS cache',
        '*   Trying 203.0.113.4:443...',
        '* connect to 203.0.113.4 port 443 failed: Connection refused',
        "curl: (7) Failed to connect to shop.example.com port 443 after 21 ms: Couldn't connect to server",
        '*   Trying 203.0.113.4:443...',
        'curl: (35) OpenSSL/3.0.2: error:0A000410:SSL routines::sslv3 alert handshake failure',
      ].join('\n'),
      shows: 'an origin that was asked past Cloudflare: refused, and no handshake',
      records: [
        { kind: 'clue', hop: 'proxy', signal: 'host.shown-refused', line: 3, values: { port: '443' } },
        { signal: 'host.shown-tls-failure', line: 6, values: { reason: 'alert handshake failure' } },
      ],
    },
    {
      input: [
        '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
        '                                 Dload  Upload   Total   Spent    Left  Speed',
        ' 73 1399M   73 1024M    0     0  6596k      0  0:03:37  0:02:39  0:00:58  4561',
        'curl: (18) transfer closed with 393725304 bytes remaining to read',
      ].join('\n'),
      shows: 'a body that ended early',
      records: [{ kind: 'clue', hop: 'proxy', signal: 'host.shown-cut', line: 4 }],
    },
    {
      input: [
        'HTTP/1.1 503 Service Temporarily Unavailable',
        'Content-Type: application/json; charset=utf-8',
        'Server: kong/3.6.1',
        '',
        '{',
        '    "message": "name resolution failed"',
        '}',
      ].join('\n'),
      shows: 'an answer whose body tells of the backend',
      records: [
        { status: 503, signal: 'har.no-cloudflare' },
        { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-dns', line: 1 },
      ],
    },
  ],
  score: (line) => {
    const text = line.text.slice(0, 400).replace(INDENT, '');
    if (PROGRESS.test(text)) return 0.4;
    if (FAILED.test(text) || ENDED_SURELY.test(text)) return 0.9;
    if (BEGINNING.test(text)) return 0.4;
    if (STATUS_LINE.test(text.trimEnd())) return 0.8;
    return REQUEST_LINE.test(text.trimEnd()) ? 0.4 : 0;
  },
  open: (emit) => new CurlParser(emit),
};

interface Block {
  readonly line: Line;
  readonly status: number;
  readonly reason: string;
  readonly headers: Map<string, string>;
  readonly body: string[];
  headersDone: boolean;
}

class CurlParser implements LineParser {
  private readonly emit: Emit;
  private block: Block | null = null;
  private method: string | undefined;
  private host: string | undefined;
  private path: string | undefined;
  private begun = false;
  private indent = '';
  private readonly failures = new CurlFailures();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = this.unindented(line.text.length > 9000 ? line.text.slice(0, 9000) : line.text);
    const status = STATUS_LINE.exec(text.trimEnd());
    if (status) {
      this.end();
      this.block = {
        line,
        status: Number(status[1]),
        reason: status[2] ?? '',
        headers: new Map(),
        body: [],
        headersDone: false,
      };
      return true;
    }
    this.readFailure(line, text);
    if (this.readFailed(line, text) || this.readRequest(text)) return true;
    const { block } = this;
    if (!block) return this.readTalk(text);
    if (!block.headersDone) return this.readHeader(block, text);
    if (TALK.test(text)) return true;
    return this.readBody(block, text);
  }

  end(): void {
    const { block } = this;
    this.block = null;
    if (!block || block.status < 200 || /connection established/i.test(block.reason)) return;
    const record = this.record(block);
    this.emit(record);
    const reason = block.status < 500 ? undefined : serverReasonIn(block.body.join('\n'));
    if (reason === undefined) return;
    this.emit({ kind: 'clue', ...reason, line: record.line, stamp: record.stamp, text: record.text, values: {} });
  }

  private unindented(text: string): string {
    this.indent = INDENT.exec(text)?.[1] ?? this.indent;
    return text.startsWith(this.indent) ? text.slice(this.indent.length) : text;
  }

  /** What stands before the first answer. */
  private readTalk(text: string): boolean {
    if (BEGINNING.test(text) || PROGRESS.test(text) || ENDED_SURELY.test(text)) this.begun = true;
    const begun = this.begun || this.method !== undefined;
    return begun && (/^\* /.test(text) || CERTIFICATES.test(text) || PROGRESS.test(text) || ENDED.test(text));
  }

  /** What the end of a connection tells of an origin that was asked past Cloudflare. */
  private readFailure(line: Line, text: string): void {
    const told = this.failures.read(text);
    const signal = told?.signal ?? (CUT.test(text) ? 'host.shown-cut' : undefined);
    if (signal !== undefined)
      this.emit({ kind: 'clue', hop: 'proxy', signal, ...entryFields(line, NO_STAMP), values: told?.values ?? {} });
    if (ENDED.test(text)) this.failures.begin();
  }

  /** The status that `-f` leaves of an answer, unless the answer itself was printed. */
  private readFailed(line: Line, text: string): boolean {
    const failed = FAILED.exec(text);
    if (failed === null) return false;
    if (this.block !== null) return true;
    const status = Number(failed[1]);
    this.emit(this.record({ line, status, reason: '', headers: new Map(), body: [], headersDone: true }));
    return true;
  }

  private readRequest(text: string): boolean {
    const request = REQUEST_LINE.exec(text.trimEnd());
    if (request) {
      this.end();
      this.method = request[1];
      this.path = withoutQuery(request[2] ?? '/');
      return true;
    }
    if (this.method === undefined || this.block) return false;
    const host = HOST_LINE.exec(text.trimEnd());
    if (host) this.host = (host[1] ?? '').toLowerCase();
    return host !== null || /^>(?: |$)/.test(text) || HEADER.test(text);
  }

  private readHeader(block: Block, text: string): boolean {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed === '<') {
      block.headersDone = true;
      return true;
    }
    const header = HEADER.exec(text.trimEnd());
    if (!header) {
      block.headersDone = true;
      return TALK.test(text) || this.readBody(block, text);
    }
    const name = (header[1] ?? '').toLowerCase();
    const before = block.headers.get(name);
    const value = header[2] ?? '';
    block.headers.set(name, before === undefined ? value : `${before}, ${value}`);
    return true;
  }

  private readBody(block: Block, text: string): boolean {
    const begun = block.body.length > 0;
    if (!begun && !BODY_START.test(text)) return text.trim() === '';
    if (block.body.length >= LONGEST_BODY_LINES || /<\/html>/i.test(block.body.at(-1) ?? '')) return false;
    block.body.push(text);
    return true;
  }

  private record(block: Block): RequestRecord {
    const { headers, status, line } = block;
    const ray = headers.get('cf-ray');
    const rayHex = rayId(ray);
    const colo = ray === undefined ? undefined : /-([A-Z]{3,4})$/.exec(ray)?.[1];
    const signal = answerSignal({ status, headers: shownHeaders(headers), body: block.body.join('\n') });
    const contentType = headers.get('content-type');
    return {
      kind: 'request',
      hop: 'client',
      line: line.number,
      stamp: httpDate(headers.get('date')),
      text: `${line.text.trim()}${ray === undefined ? '' : ` cf-ray: ${ray}`}`.slice(0, 2000),
      status,
      visitor: true,
      ...(signal && { signal }),
      ...(this.method !== undefined && { method: this.method }),
      ...(this.host !== undefined && { host: this.host }),
      ...(this.path !== undefined && { path: this.path }),
      ...(rayHex !== undefined && { ray: rayHex }),
      ...(colo !== undefined && { colo }),
      ...(contentType !== undefined && { contentType }),
      ...(headers.has('retry-after') && { retryAfter: true }),
    };
  }
}
