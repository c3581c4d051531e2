import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseClf } from './access-time.ts';
import { splitRequest } from './nginx-context.ts';

/** Boundary of a section: `--a1b2c3d4-A--` (version 2), `---a1B2c3D4---A--` (version 3). */
const SECTION = /^-{2,3}([0-9A-Za-z]{4,32})-{1,3}([A-K]|Z)--$/;
/** Section A: time, id, address and port of the client, then of the server. */
const BEGIN =
  /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d{4})\] \S{1,60} ([0-9a-fA-F.:]{3,45}) \d{1,5} /;
const STATUS = /^HTTP\/[\d.]{1,4} (\d{3})/;
const DENIED = /ModSecurity: Access denied|^Message: Access denied|^Action: Intercepted/;
const RULE = /\[id "(\d{1,10})"\]/;
const HOST = /^host: {0,4}([\w.-]{1,253})/i;
const LONGEST = 16_384;
/** An entry whose end is missing does not swallow what follows. */
const MOST_LINES = 2000;

interface Entry {
  readonly line: Line;
  readonly stamp: Stamp;
  readonly client: string;
  request?: string;
  host?: string;
  status?: number;
  denied: boolean;
  rule?: string;
}

/**
 * An entry begins with its section A and what that must hold, and is over with its section Z; one that was cut with the next
 * boundary of another, or at the end.
 */
class AuditParser implements LineParser {
  private readonly emit: Emit;
  private id = '';
  private section = '';
  private lines = 0;
  private boundary: Line | null = null;
  private entry: Entry | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const boundary = SECTION.exec(text);
    if (boundary !== null) {
      const [, id = '', section = ''] = boundary;
      if (id !== this.id || section === 'Z') this.end();
      this.id = id;
      this.section = section;
      this.boundary = section === 'A' ? line : null;
      return true;
    }
    if (this.boundary !== null) return this.begin(text, this.boundary);
    if (this.entry === null || this.lines++ > MOST_LINES) return false;
    this.read(text, this.entry);
    return true;
  }

  private begin(text: string, line: Line): boolean {
    this.boundary = null;
    const begin = BEGIN.exec(text);
    if (begin === null) return false;
    this.entry = { line, stamp: parseClf(begin[1] ?? '') ?? NO_STAMP, client: begin[2] ?? '', denied: false };
    this.lines = 0;
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    this.boundary = null;
    this.section = '';
    if (entry === null) return;
    const { line, stamp, client, request, host, status, denied, rule } = entry;
    const refused = denied || (status === 403 && rule !== undefined);
    const record: ClueRecord = {
      kind: 'clue',
      hop: 'proxy',
      signal: refused ? 'nginx.modsecurity-denied' : 'proxy.other',
      ...entryFields(line, stamp, request === undefined ? line.text : `${line.text} ${request}`),
      client,
      ...(host === undefined ? {} : { host }),
      ...(request === undefined ? {} : splitRequest(request)),
      values: { ...(status === undefined ? {} : { code: status }), ...(rule === undefined ? {} : { rule }) },
    };
    this.emit(record);
  }

  isInside(): boolean {
    return this.boundary !== null || (this.entry !== null && this.lines <= MOST_LINES);
  }

  private read(text: string, entry: Entry): void {
    if (this.section === 'B') {
      if (entry.request === undefined && text !== '') entry.request = text.slice(0, 8000);
      const host = HOST.exec(text)?.[1];
      if (host !== undefined) entry.host = host.toLowerCase();
    } else if (this.section === 'F') {
      const status = STATUS.exec(text)?.[1];
      if (status !== undefined) entry.status = Number(status);
    } else if (this.section === 'H') {
      if (DENIED.test(text)) entry.denied = true;
      const rule = RULE.exec(text)?.[1];
      if (rule !== undefined) entry.rule = rule;
    }
  }
}

const examples: readonly Example[] = [
  {
    shows: 'a request that a rule refused',
    input: [
      '---a1B2c3D4---A--',
      '[20/Nov/2026:08:14:38 +0000] 176362887812.345 198.51.100.7 51234 203.0.113.24 443',
      '---a1B2c3D4---B--',
      'POST /wp-admin/post.php HTTP/1.1',
      'Host: www.example.com',
      '',
      '---a1B2c3D4---F--',
      'HTTP/1.1 403',
      'Server: nginx',
      '',
      '---a1B2c3D4---H--',
      'ModSecurity: Access denied with code 403 (phase 2). Matched "Operator `Ge\' with parameter `5\'" [file "/etc/modsecurity/REQUEST-949-BLOCKING-EVALUATION.conf"] [line "81"] [id "949110"]',
      '',
      '---a1B2c3D4---Z--',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'proxy',
        signal: 'nginx.modsecurity-denied',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38), offsetMinutes: 0 },
        method: 'POST',
        path: '/wp-admin/post.php',
        host: 'www.example.com',
        client: '198.51.100.7',
        values: { code: 403, rule: '949110' },
      },
    ],
  },
];

/** ModSecurity’s audit log in its native form, versions 2 and 3. */
export const modsecurityAudit: LineFormat = {
  id: 'modsecurity-audit',
  title: 'ModSecurity audit log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/modsec_audit.log', '/var/log/apache2/modsec_audit.log'],
  limits: [
    'The form of JSON, and one file for each request (`SecAuditLogType Concurrent`) without boundaries, are not read.',
  ],
  examples,
  score: ({ text }) => (SECTION.test(text) ? 0.95 : 0),
  open: (emit) => new AuditParser(emit),
};
