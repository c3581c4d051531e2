import type { Draft } from '../../vocabulary/draft.ts';
import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseClf } from './access-time.ts';
import { type AuditEntry, readAuditJson } from './modsecurity-json.ts';
import { splitRequest } from './nginx-context.ts';

/** Boundary of a section: `--a1b2c3d4-A--` (version 2), `---a1B2c3D4---A--` (version 3). */
const SECTION = /^-{2,3}([0-9A-Za-z]{4,32})-{1,3}([A-K]|Z)--$/;
/** Section A: time, id, address and port of the client, then of the server. */
const BEGIN =
  /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d{4})\] \S{1,60} ([0-9a-fA-F.:]{3,45}) \d{1,5} /;
const STATUS = /^HTTP\/[\d.]{1,4} (\d{3})/;
/** What the first line of a section looks like, by which an entry is known whose beginning was cut off. */
const PROOF: Readonly<Record<string, RegExp>> = {
  F: /^HTTP\/[\d.]{1,4} \d{3}\b/,
  H: /^(?:ModSecurity: |Message: |Apache-Error: |Action: Intercepted)/,
};
const DENIED = /ModSecurity: Access denied|^Message: Access denied|^Action: Intercepted/;
/** Lines of section H that were copied without its boundary, as version 2 writes them. */
const BARE =
  /^(?:Message: (?:Access denied with code \d{3} \(phase \d\)|Warning\. (?:Pattern match|Operator|String match|Matched) )|Apache-Error: \[file "apache2_util)/;
const RULE = /\[id "(\d{1,10})"\]/;
const HEADER = /^([\w-]{1,40}): {0,4}(\S.{0,300})$/;
const HOST = /^([\w.-]{1,253})/;
const ADDRESS = /^[\da-f:.]{3,45}$/i;
const RAY = /^([\da-f]{16})(?:-[A-Z]{3})?$/i;
const LONGEST = 16_384;
/** An entry whose end is missing does not swallow what follows. */
const MOST_LINES = 2000;

/** An entry that is being read. */
type Entry = Draft<AuditEntry> & { readonly headers: Map<string, string> };

/** The record of an entry: a refusal, or something else that was worth an entry. */
function recordOf(line: Line, entry: AuditEntry): ClueRecord {
  const { stamp, outerStamp, request, headers, status, denied, rule, server } = entry;
  const refused = denied || (status === 403 && rule !== undefined);
  const host = HOST.exec(headers.get('host') ?? '')?.[1]?.toLowerCase();
  const ray = RAY.exec(headers.get('cf-ray') ?? '')?.[1]?.toLowerCase();
  const client = ADDRESS.exec(headers.get('cf-connecting-ip') ?? '')?.[0] ?? entry.client;
  const isNative = request !== undefined && !line.text.startsWith('{');
  return {
    kind: 'clue',
    hop: 'proxy',
    signal: refused ? 'nginx.modsecurity-denied' : 'proxy.other',
    ...entryFields(line, stamp, isNative ? `${line.text} ${request}` : line.text),
    ...(outerStamp === undefined ? {} : { outerStamp }),
    ...(client === undefined ? {} : { client }),
    ...(host === undefined ? {} : { host }),
    ...(ray === undefined ? {} : { ray }),
    ...(request === undefined ? {} : splitRequest(request)),
    values: {
      ...(status === undefined ? {} : { code: status }),
      ...(rule === undefined ? {} : { rule }),
      ...(server === undefined ? {} : { program: server }),
    },
  };
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
  private line: Line | null = null;
  private entry: Entry | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const said = readAuditJson(line.text);
    if (said !== null) {
      this.end();
      this.emit(recordOf(line, said));
      return true;
    }
    const text = line.text.slice(0, LONGEST);
    const boundary = SECTION.exec(text);
    if (boundary !== null) {
      const [, id = '', section = ''] = boundary;
      if (id !== this.id || section === 'Z') this.end();
      this.id = id;
      this.section = section;
      this.boundary = section === 'A' || (this.entry === null && section in PROOF) ? line : null;
      return true;
    }
    if (this.boundary !== null) return this.begin(text, this.boundary);
    if (this.entry === null && BARE.test(text)) return this.bare(text, line);
    if (this.entry === null || this.lines++ > MOST_LINES) return false;
    this.read(text, this.entry);
    return true;
  }

  private begin(text: string, line: Line): boolean {
    this.boundary = null;
    const begin = BEGIN.exec(text);
    if (begin === null) return this.beginCut(text, line);
    this.line = line;
    const stamp = parseClf(begin[1] ?? '') ?? NO_STAMP;
    this.entry = { stamp, client: begin[2] ?? '', headers: new Map(), denied: false };
    this.lines = 0;
    return true;
  }

  /** A line of section H alone: one that refuses tells of a request, the others why. */
  private bare(text: string, line: Line): true {
    const entry: Entry = { stamp: NO_STAMP, headers: new Map(), denied: false };
    this.section = 'H';
    this.read(text, entry);
    this.section = '';
    if (entry.denied) this.emit(recordOf(line, entry));
    return true;
  }

  /** An excerpt that begins in the middle of an entry. */
  private beginCut(text: string, line: Line): boolean {
    if (this.section === 'A' || PROOF[this.section]?.test(text) !== true) return false;
    this.line = line;
    this.entry = { stamp: NO_STAMP, headers: new Map(), denied: false };
    this.lines = 0;
    this.read(text, this.entry);
    return true;
  }

  end(): void {
    const { entry, line } = this;
    this.entry = null;
    this.boundary = null;
    this.section = '';
    if (entry !== null && line !== null) this.emit(recordOf(line, entry));
  }

  isInside(): boolean {
    return this.boundary !== null || (this.entry !== null && this.lines <= MOST_LINES);
  }

  private read(text: string, entry: Entry): void {
    if (this.section === 'B') {
      if (entry.request === undefined && text !== '') entry.request = text.slice(0, 8000);
      const [, name, value] = HEADER.exec(text) ?? [];
      if (name !== undefined && value !== undefined) entry.headers.set(name.toLowerCase(), value);
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

const examples = (): readonly Example[] => [
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
  {
    shows: 'the same in JSON, version 2 within Apache',
    input:
      '{"transaction":{"time":"20/Nov/2026:08:14:38.422664 +0000","transaction_id":"awDvlcoinw06AOFpmWchuwAAAEA","remote_address":"172.70.1.2","remote_port":49440,"local_address":"203.0.113.24","local_port":443},"request":{"request_line":"GET /cart?q=%3Cscript HTTP/1.1","headers":{"Host":"www.example.com","Cf-Connecting-Ip":"198.51.100.7","Cf-Ray":"90c403ce1d17c288-AMS"}},"response":{"protocol":"HTTP/1.1","status":403,"headers":{"Content-Length":"239"}},"audit_data":{"messages":["Warning. Operator GE matched 3 at TX. [file \\"/etc/modsecurity/rules.conf\\"] [line \\"9\\"] [id \\"1003\\"]","Access denied with code 403 (phase 2). String match \\"<script\\" at ARGS:q. [file \\"/etc/modsecurity/rules.conf\\"] [line \\"26\\"] [id \\"1001\\"] [msg \\"XSS Attack\\"]"],"action":{"intercepted":true,"phase":2,"message":"String match \\"<script\\" at ARGS:q."},"producer":"ModSecurity for Apache/2.9.7 (http://www.modsecurity.org/)","server":"Apache/2.4.71 (Debian)","engine_mode":"ENABLED"}}',
    records: [
      {
        signal: 'nginx.modsecurity-denied',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 422), offsetMinutes: 0 },
        method: 'GET',
        path: '/cart',
        host: 'www.example.com',
        ray: '90c403ce1d17c288',
        client: '198.51.100.7',
        values: { code: 403, rule: '1001', program: 'Apache' },
      },
    ],
  },
  {
    shows: 'version 3 within nginx: a refusal, and a 502 that no rule made',
    input: [
      '{"transaction":{"client_ip":"172.70.1.2","time_stamp":"Fri Nov 20 09:14:38 2026","server_id":"2ce124b0c5d02b433a9392782ff8b313286c1942","client_port":33808,"host_ip":"203.0.113.24","host_port":443,"unique_id":"179522344623.756420","request":{"method":"GET","http_version":1.1,"uri":"/cart?q=%3Cscript","headers":{"Host":"www.example.com","Cf-Ray":"90c403ce1d17c288-AMS","Cf-Connecting-Ip":"198.51.100.7"}},"response":{"http_code":403,"headers":{"Server":"nginx/1.22.1","Date":"Fri, 20 Nov 2026 08:14:38 GMT","Connection":"keep-alive"}},"producer":{"modsecurity":"ModSecurity v3.0.9 (Linux)","connector":"ModSecurity-nginx v1.0.3","secrules_engine":"Enabled","components":[]},"messages":[{"message":"XSS Attack","details":{"match":"Matched \\"Operator `Contains\' with parameter `<script\' against variable `ARGS:q\'","ruleId":"1001","file":"/etc/modsecurity/rules.conf","lineNumber":"9","severity":"2"}}]}}',
      '{"transaction":{"client_ip":"172.70.1.2","time_stamp":"Fri Nov 20 09:14:40 2026","server_id":"2ce124b0c5d02b433a9392782ff8b313286c1942","client_port":33824,"host_ip":"203.0.113.24","host_port":443,"unique_id":"179522344680.070660","request":{"method":"GET","http_version":1.1,"uri":"/cart","headers":{"Host":"www.example.com"}},"response":{"http_code":502,"headers":{"Date":"Fri, 20 Nov 2026 08:14:40 GMT"}},"producer":{"modsecurity":"ModSecurity v3.0.9 (Linux)","connector":"ModSecurity-nginx v1.0.3","secrules_engine":"Enabled","components":[]},"messages":[]}}',
    ].join('\n'),
    records: [
      {
        signal: 'nginx.modsecurity-denied',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        outerStamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 9, 14, 38) },
        path: '/cart',
        values: { code: 403, rule: '1001', program: 'nginx' },
      },
      { signal: 'proxy.other', values: { code: 502, program: 'nginx' } },
    ],
  },
  {
    shows: 'an excerpt that begins in the middle of an entry',
    input: [
      '---a1B2c3D4---F--',
      'HTTP/1.1 403',
      'Server: nginx',
      '',
      '---a1B2c3D4---H--',
      'ModSecurity: Warning. Matched "Operator `Pm\' with parameter `document.cookie\' [id "941180"] [msg "Node-Validator Blacklist Keywords"] [severity "2"]',
    ].join('\n'),
    records: [{ signal: 'nginx.modsecurity-denied', values: { code: 403, rule: '941180' } }],
  },
  {
    shows: 'lines of the last section, which a pager cut',
    input: [
      'Message: Warning. Pattern match "(?:^|[\\\\/])\\\\.\\\\.(?:[\\\\/]|$)" at ARGS:redirect. [file "/usr/share/modsecurity-crs/rules/REQUEST-930-APPLICAT$',
      'Message: Access denied with code 403 (phase 2). Operator GE matched 5 at TX:anomaly_score. [file "/usr/share/modsecurity-crs/rules/REQUEST-94$',
    ].join('\n'),
    records: [{ signal: 'nginx.modsecurity-denied', line: 2 }],
  },
];

/** ModSecurity’s audit log in its native form and in JSON, versions 2 and 3. */
export const modsecurityAudit: LineFormat = {
  id: 'modsecurity-audit',
  title: 'ModSecurity audit log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/modsec_audit.log', '/var/log/apache2/modsec_audit.log'],
  limits: [
    'Version 3 says in JSON only from 2026 on (`is_interrupted`) whether a rule refused the request: a 403 with a rule that matched is taken for it.',
    'The times of version 3 in JSON are local, without zone, but for the answer’s `Date`.',
  ],
  examples,
  score: ({ text }) => (SECTION.test(text) || readAuditJson(text) !== null ? 0.95 : BARE.test(text) ? 0.85 : 0),
  open: (emit) => new AuditParser(emit),
};
