import { NO_STAMP, type RequestRecord } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { answerSignal, THROUGH_CLOUDFLARE } from './answer-signal.ts';
import { BLOCKED, quotedCodeIn } from './page-sentences.ts';
import { CODES_1XXX, statusOfCode } from './pages.ts';
import { isServerTalk, serverReasonIn, serverStatusIn } from './server-page.ts';

/**
 * `Error 1033`, `Error 522 Ray ID: …`, `Connection timed out Error code 522`: lines that only Cloudflare's pages have. People take the
 * Ray ID out and leave the time.
 */
const HEAD =
  /^(?:Error |(?:[A-Z][A-Za-z -]{2,60} )?Error code:? )(1\d{3}|52\d|530)(?: {1,4}Ray ID: ([\da-f]{16})\b.{0,80}| {1,4}(?:Ray ID: \S{0,40} {0,4})?[•·] \d{4}-\d\d-\d\d [\d:]{8} UTC)?$/;
/** The same as a browser translated it: whatever the word, the code and the Ray ID stay. */
const TRANSLATED = /^\p{L}{2,20}:? ?(1\d{3}|52\d|530) {1,4}Ray[ -]?ID ?[:：] ?([\da-f]{16})\b/u;
/** The code with its name, as the page's title has it, and who quotes it: `shop.example.com | 522: Connection timed out`, `Wiki - Error 526 : …`. */
const NAMED =
  /^(?:.{1,120} (?:\||-) )?(?:HTTP )?(?:Error:? )?(52[0-7])(?: ?:| -)? (?:Web server (?:is (?:returning an unknown error|down)|returned an unknown error)|Connection timed out|Origin is unreachable|A timeout occurred|SSL handshake failed|Invalid SSL certificate)(?: \(Cloudflare\))?\.?$/i;
/** The same of the pages with a code of four digits, by their names (developers.cloudflare.com, 1xxx errors). */
const NAMED_1XXX =
  /^(?:.{1,120} \| )?(?:HTTP )?Error (1\d{3})(?::| -)? {1,3}(?:DNS points to (?:prohibited|local) IP|DNS resolution error|CNAME cross-user banned|Origin DNS error|Could not find host|Edge IP Restricted|Please check back later|Access denied|You are being rate limited|(?:Argo|Cloudflare) Tunnel error|Rendering error|Worker threw exception|Worker exceeded (?:resource limits|CPU time limit))\.?$/i;
/** What programs get instead of a page; without more it is as well the end of an answer that another format reads. */
const PLAIN = /^(?:Error: )?error code: (1\d{3}|5\d\d)$/;
/** A member of Cloudflare's answer for programs (application/problem+json), of which the rest was cut away. */
const MEMBER = /^\s{0,12}"title" ?: ?"(.{1,200})",?$/;
const TALK =
  /^(?:Ray ID: [\da-f]{16}\b|(?:Argo|Cloudflare) Tunnel error$|Origin DNS error$|DNS resolution error$|Edge IP Restricted$|Worker threw exception$|Worker exceeded resource limits$|What happened\?$|What can I do\?$|You['\u2019]ve requested a page on a website \()/;
const LONGEST = 400;

/** The words of an error page that stand among the lines of a log: people copy both into one text. */
export const pageWords: LineFormat = {
  id: 'error-page-words',
  title: 'Words of an error page among other lines',
  hop: 'client',
  shape: 'lines',
  foundAt: ['a browser: its words, copied next to a log'],
  limits: ['One request of unknown time.', 'A page that stands alone is read as a whole (error-page).'],
  examples: () => [
    {
      input: 'Error 1033\nArgo Tunnel error',
      shows: 'the head of a page with a code of four digits',
      records: [{ kind: 'request', hop: 'client', status: 530, signal: 'edge.530-1033', stamp: NO_STAMP, line: 1 }],
    },
    {
      input: 'Connection timed out Error code 522',
      shows: 'the head of a page',
      records: [{ status: 522, signal: 'edge.522-connect' }],
    },
    {
      input: '错误 522 Ray ID: 863f1c2a3b4c5d6e • 2024-03-12 10:15:33 UTC',
      shows: 'the head of a page that the browser translated',
      records: [{ status: 522, signal: 'edge.522-connect', ray: '863f1c2a3b4c5d6e' }],
    },
    {
      input: 'shop.example.com | 524: A timeout occurred',
      shows: 'the title of a page',
      records: [{ status: 524, signal: 'edge.524' }],
    },
    {
      input:
        'The proxy server received an invalid response from an upstream server.\nThe proxy server could not handle the request\nReason: DNS lookup failure for: app.example.com\nApache/2.4.57 (Debian) Server at shop.example.com Port 443',
      shows: 'a page of Apache’s, with what it tells of its backend',
      records: [
        { status: 502, signal: 'har.origin-page', line: 1 },
        { kind: 'clue', hop: 'proxy', signal: 'apache.backend-dns', line: 3 },
      ],
    },
    {
      input:
        'HTTP Error 502.5 - ANCM Out-Of-Process Startup Failure\nCommon causes of this issue:\nThe application process failed to start\nThe application process started but then stopped',
      shows: 'a page of IIS\u2019s, of an application that did not start',
      records: [
        { status: 502, signal: 'har.origin-page', line: 1 },
        { kind: 'clue', hop: 'app', signal: 'app.crash', line: 1 },
      ],
    },
    {
      input:
        'HTTP Error 502.3 - Bad Gateway\nThere was a connection error while trying to route the request.\nError Code\t   0x80072efd',
      shows: 'the same of an application that nothing listens for, with WinHTTP\u2019s error',
      records: [
        { status: 502, signal: 'har.origin-page', line: 1 },
        { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-refused', line: 3 },
      ],
    },
    {
      input: 'There has been a critical error on this website.\nLearn more about troubleshooting WordPress.',
      shows: 'a page of the application’s own',
      records: [
        { status: 500, signal: 'har.origin-page', line: 1 },
        { kind: 'clue', hop: 'app', signal: 'php.fatal', line: 1 },
      ],
    },
    {
      input: 'Error 1102: Worker exceeded resource limits',
      shows: 'a code of four digits with the name of its page',
      records: [{ status: 503, signal: 'har.worker-limits' }],
    },
    {
      input:
        'The origin web server does not have a valid SSL certificate.\nThe SSL certificate presented by the server did not pass validation.',
      shows: 'the sentences of a page without its code, as one answer',
      records: [{ status: 526, signal: 'edge.526', line: 1 }],
    },
    {
      input: '{"message":"failure to get a peer from the ring-balancer"}',
      shows: 'an answer of Kong\u2019s, with what it tells of its upstream',
      records: [
        { status: 503, signal: 'har.origin-page' },
        { kind: 'clue', hop: 'proxy', signal: 'proxy.no-backend' },
      ],
    },
    {
      input: '{"message":"name resolution failed"}',
      shows: 'another one, of an upstream whose name has no address',
      records: [
        { status: 503, signal: 'har.origin-page' },
        { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-dns' },
      ],
    },
    {
      input: 'Error: 525 SSL handshake failed',
      shows: 'the code and its name as people write them',
      records: [{ status: 525, signal: 'edge.525' }],
    },
    {
      input: '  "title": "Error 524: A timeout occurred",',
      shows: 'the title in an answer for programs, cut out',
      records: [{ status: 524, signal: 'edge.524' }],
    },
    {
      input: 'Error 1034\nEdge IP Restricted',
      shows: 'a code of four digits that tells of a wrong record in the DNS',
      records: [{ status: 403, signal: 'edge.dns-error' }],
    },
    { input: 'Error: error code: 502', shows: 'the code alone', records: [{ status: 502, signal: 'har.plain-code' }] },
  ],
  score: ({ text, wrapper }) => {
    const plain = text.slice(0, LONGEST).trimEnd();
    if (wrapper !== null) return 0;
    if (serverStatusIn(plain) !== undefined || serverReasonIn(plain) !== undefined) return 0.9;
    if (quotedCodeIn(plain) !== undefined) return 0.9;
    if (codeIn(plain) === null) return 0;
    return PLAIN.test(plain) ? 0.6 : 0.9;
  },
  open: (emit) => new WordsParser(emit),
};

/** The code of a line, and its Ray ID; null where it is no such line. */
function codeIn(text: string): { readonly code: number; readonly ray?: string } | null {
  const said = MEMBER.exec(text)?.[1] ?? text.trimStart();
  const [, digits, ray] =
    HEAD.exec(said) ?? TRANSLATED.exec(said) ?? NAMED.exec(said) ?? NAMED_1XXX.exec(said) ?? PLAIN.exec(text) ?? [];
  const code = Number(digits ?? 0);
  if (code === 0 || (code >= 1000 && CODES_1XXX[code] === undefined)) return null;
  return ray === undefined ? { code } : { code, ray };
}

class WordsParser implements LineParser {
  private readonly emit: Emit;
  /** The page that was last told of: its sentences tell of the same answer. */
  private lastCode: number | undefined;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (this.readServer(line, text)) return true;
    const found = codeIn(text);
    if (found === null) return this.readSentence(line, text) || TALK.test(text) || isServerTalk(text);
    this.lastCode = found.code;
    this.emit(recordOf(line.number, text, found.code, `error code: ${found.code}`, found.ray));
    return true;
  }

  private readSentence(line: Line, text: string): boolean {
    const code = quotedCodeIn(text);
    if (code === undefined) return false;
    if (this.lastCode === undefined || statusIn(code) !== statusIn(this.lastCode))
      this.emit(recordOf(line.number, text, code, bodyOf(code, text), undefined));
    this.lastCode = code;
    return true;
  }

  /** A page of the web server's own. */
  private readServer(line: Line, text: string): boolean {
    const status = serverStatusIn(text);
    if (status !== undefined) this.emit(recordOf(line.number, text, status, text, undefined));
    const reason = serverReasonIn(text);
    if (reason !== undefined) this.emit({ kind: 'clue', ...reason, ...entryFields(line, NO_STAMP), values: {} });
    return status !== undefined || reason !== undefined;
  }

  end(): void {}
}

/** The status with which a page is sent. */
const statusIn = (code: number): number => (code >= 1000 ? statusOfCode(code) : code);

/** What of a page tells who made it: of 5xx codes that others send, too, the sentence itself. */
function bodyOf(code: number, sentence: string): string {
  if (code === 403) return BLOCKED;
  return code < 520 ? sentence : `error code: ${code}`;
}

function recordOf(line: number, text: string, code: number, body: string, ray: string | undefined): RequestRecord {
  const status = statusIn(code);
  const signal = answerSignal({ status, headers: THROUGH_CLOUDFLARE, body });
  return {
    kind: 'request',
    hop: 'client',
    line,
    stamp: NO_STAMP,
    text,
    status,
    visitor: true,
    ...(signal && { signal }),
    ...(ray !== undefined && { ray }),
  };
}
