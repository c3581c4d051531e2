import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { textStamp } from '../stamps.ts';
import { shownAnswer } from './shown-answer.ts';

/** What GNU Wget writes (src/retr.c, src/http.c): when it began and with what, the status, and again where that is an error. */
const BEGIN = /^--(?:(\d{4}-\d\d-\d\d) )?\d\d:\d\d:\d\d-- {1,4}(https?:\/\/\S{1,4000})$/;
const AWAITED = /^(?:HTTP|Proxy) request sent, awaiting response\.\.\. {0,2}(?:(\d{3})(?: .{0,200})?)?$/;
const ERROR = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) |\d\d:\d\d:\d\d )ERROR (\d{3}): /;
/** The same in the words of another language (wget is translated): known only between the line with the address and the error. */
const OTHER_AWAITED = /^[^.…]{3,80}(?:\.\.\.|…) {0,2}(\d{3})(?: .{0,200})?$/;
const OTHER_ERROR = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) |\d\d:\d\d:\d\d )\p{L}{2,16} (\d{3}) ?[:：]/u;
const OTHER_TALK = /\.\.\.|…|^\p{L}{3,24}(?: \p{L}{2,24})? ?[:：] /u;
/** With `-S` the head of the answer stands below, set in by two blanks. */
const HEAD = /^ {2}HTTP\/[\d.]{1,3} (\d{3})\b/;
const HEADER = /^ {2}([A-Za-z][\w-]{0,80}): ?(.{0,2000})$/;
/** A body that ended early, in the middle of a transfer that had begun well (http_loop). */
const CUT =
  /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)|\d\d:\d\d:\d\d) \([^)]{1,40}\) - (?:Connection closed at byte \d{1,20}\. |Read error at byte \d{1,20}(?:\/\d{1,20})? \()/;
/** How much of the body has come. */
const PROGRESS = /^.{1,60}? {1,40}\d{1,3}%\[[=>+ ]{10,200}\]/;
const TALK =
  /^(?:Resolving |Connecting to |Reusing existing connection|Length: |Saving to: |Location: |Retrying\.|Giving up\.| {4}WARNING: | {11}=> )/;

/** What `wget` printed. */
export const wget: LineFormat = {
  id: 'wget',
  title: 'Output of wget',
  hop: 'client',
  shape: 'lines',
  foundAt: ['wget -S -O /dev/null https://host/path'],
  limits: [
    'The page is never shown; the headers only with -S.',
    'The time is that of the machine that asked, without its zone.',
  ],
  examples: () => [
    {
      input: [
        '--2023-05-04 10:11:12--  https://repo.example.com/pkg.tar.gz?x=1',
        'Resolving repo.example.com (repo.example.com)... 203.0.113.4, 203.0.113.5',
        'Connecting to repo.example.com (repo.example.com)|203.0.113.4|:443... connected.',
        'HTTP request sent, awaiting response... 522 ',
        '2023-05-04 10:11:34 ERROR 522: (no description).',
      ].join('\n'),
      shows: 'a 522',
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 522,
          signal: 'edge.522-connect',
          host: 'repo.example.com',
          path: '/pkg.tar.gz',
          stamp: { kind: 'local', ms: Date.UTC(2023, 4, 4, 10, 11, 34) },
          line: 4,
        },
      ],
    },
    {
      input: [
        '--2024-03-12 10:15:33--  https://shop.example.com/',
        'Auflösen des Hostnamens shop.example.com (shop.example.com)… 203.0.113.4',
        'Verbindungsaufbau zu shop.example.com (shop.example.com)|203.0.113.4|:443 … verbunden.',
        'HTTP-Anforderung gesendet, auf Antwort wird gewartet … 521 ',
        '2024-03-12 10:15:34 FEHLER 521: (kein Beschreibungstext).',
      ].join('\n'),
      shows: 'a 521, in German',
      records: [
        { status: 521, signal: 'edge.521', stamp: { kind: 'local', ms: Date.UTC(2024, 2, 12, 10, 15, 34) }, line: 4 },
      ],
    },
    {
      input: [
        '--2023-05-04 10:11:12--  https://shop.example.com/',
        'HTTP request sent, awaiting response... ',
        '  HTTP/1.1 502 Bad Gateway',
        '  Server: nginx/1.24.0',
        '  Content-Type: text/html',
        '2023-05-04 10:11:13 ERROR 502: Bad Gateway.',
      ].join('\n'),
      shows: 'the headers of -S: this one did not come through Cloudflare',
      records: [{ status: 502, signal: 'har.no-cloudflare', host: 'shop.example.com' }],
    },
    {
      input: [
        '--2023-05-04 10:11:12--  https://shop.example.com/catalogue.zip',
        'HTTP request sent, awaiting response... 200 OK',
        'Length: 1467794808 (1.4G) [application/zip]',
        'catalogue.zip            73%[===============>      ]   1.00G  18.2KB/s    in 2m 33s',
        '2023-05-04 10:13:45 (6.69 MB/s) - Connection closed at byte 1074069504. Retrying.',
      ].join('\n'),
      shows: 'a body that ended early',
      records: [
        {
          kind: 'clue',
          hop: 'proxy',
          signal: 'host.shown-cut',
          stamp: { kind: 'local', ms: Date.UTC(2023, 4, 4, 10, 13, 45) },
          line: 5,
        },
        { kind: 'request', status: 200 },
      ],
    },
  ],
  score: ({ text }) => {
    const part = text.slice(0, 4200).trimEnd();
    if (AWAITED.test(part) || ERROR.test(part) || CUT.test(part)) return 0.97;
    return BEGIN.test(part) ? 0.9 : 0;
  },
  open: (emit) => new WgetParser(emit),
};

class WgetParser implements LineParser {
  private readonly emit: Emit;
  private url = '';
  /** Whether an address was asked for, and its error has not come. */
  private isAsking = false;
  private answer: { readonly line: Line; status: number; readonly headers: Map<string, string> } | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.slice(0, 4200);
    const plain = text.trimEnd();
    const begin = BEGIN.exec(plain);
    if (begin) {
      this.end();
      this.url = begin[2] ?? '';
      this.isAsking = true;
      return true;
    }
    const awaited = AWAITED.exec(plain) ?? (this.isAsking ? OTHER_AWAITED.exec(plain) : null);
    if (awaited) {
      this.end();
      this.answer = { line, status: Number(awaited[1] ?? 0), headers: new Map() };
      return true;
    }
    const error = ERROR.exec(plain) ?? (this.isAsking ? OTHER_ERROR.exec(plain) : null);
    if (error) {
      this.answer ??= { line, status: Number(error[2]), headers: new Map() };
      this.finish(textStamp(error[1] ?? '') ?? NO_STAMP);
      this.isAsking = false;
      return true;
    }
    if (this.readCut(line, plain)) return true;
    if (plain === '') this.isAsking = false;
    return this.readHead(plain) || TALK.test(text) || PROGRESS.test(text) || (this.isAsking && OTHER_TALK.test(plain));
  }

  end(): void {
    this.finish(NO_STAMP);
  }

  private readCut(line: Line, text: string): boolean {
    const cut = CUT.exec(text);
    if (cut === null) return false;
    const stamp = textStamp(cut[1] ?? '') ?? NO_STAMP;
    this.emit({ kind: 'clue', hop: 'proxy', signal: 'host.shown-cut', ...entryFields(line, stamp), values: {} });
    return true;
  }

  private readHead(text: string): boolean {
    const { answer } = this;
    if (answer === null) return false;
    const head = HEAD.exec(text);
    if (head) answer.status = Number(head[1]);
    const header = head ? null : HEADER.exec(text);
    if (header) answer.headers.set((header[1] ?? '').toLowerCase(), header[2] ?? '');
    return head !== null || header !== null;
  }

  private finish(stamp: Stamp): void {
    const { answer, url } = this;
    this.answer = null;
    if (answer === null || answer.status < 200) return;
    const { line, status, headers } = answer;
    this.emit(shownAnswer(line, { status, stamp, headers, url, text: `${url === '' ? '' : `${url} `}${status}` }));
  }
}
