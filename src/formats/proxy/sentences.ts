import { phpError } from '../app/php-error.ts';
import { phpFpm } from '../app/php-fpm.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { apacheError } from './apache-error.ts';
import { nginxError } from './nginx-error.ts';

/*
 * People write a sentence and put the line of a log into it: `I keep getting "worker process 812 exited on signal 11"`. Only
 * wording that one program alone uses is looked for, and only behind words.
 */

/** Beginnings of entries and messages that no sentence has of its own, by whose they are. */
const MESSAGES: readonly (readonly [format: LineFormat, begins: string])[] = [
  [
    nginxError,
    [
      String.raw`\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[(?:error|crit|alert|emerg)\] \d`,
      String.raw`\[(?:error|crit|alert|emerg)\] \d{1,10}#\d`,
      String.raw`nginx: \[emerg\] `,
      'upstream (?:SSL certificate |timed out \\(\\d|prematurely closed |sent (?:too big|invalid|no valid) )',
      'no live upstreams while ',
      String.raw`worker process \d{1,10} exited on signal `,
      String.raw`connect\(\) (?:to \S{1,200} )?failed \(\d`,
      String.raw`recv\(\) failed \(\d`,
      String.raw`SSL_do_handshake\(\) failed \(`,
      'host not found in upstream "',
      'FastCGI sent in stderr: "',
    ].join('|'),
  ],
  [
    apacheError,
    String.raw`(?:\(\d{1,6}\)[A-Z][^:]{1,80}: )?AH\d{5}: |\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d[.\d]{0,10} \d{4}\] \[`,
  ],
  [phpError, 'PHP (?:Fatal|Parse) error: '],
  [phpFpm, String.raw`\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\] (?:ERROR|ALERT|WARNING): `],
];
const BEGINS = MESSAGES.map(([format, begins]) => ({ format, begins: new RegExp(`^(?:${begins})`) }));
const ANY = new RegExp(MESSAGES.map(([, begins]) => begins).join('|'));

/** Words, without what a machine writes around values. */
const WORDS = /^["'“(]?(?:\d{3} )?[A-Za-z][^={}[\]|<>]{3,210}$/;
/** What a program writes before a message of PHP, and what somebody writes who is rid of a message. */
const NO_WORDS =
  /^(?:(?:NOTICE|WARNING|ERROR|ALERT): |FastCGI |PHP message|Got error)|\b(?:no|not|never|without|fix\w{0,5}|solv\w{0,4}|resolv\w{0,4}|prevent\w{0,5}|avoid\w{0,5}|instead)\b/i;
const LONGEST_WORDS = 220;
const LONGEST_LOOK = LONGEST_WORDS + 100;
const CLOSING = /["”'’`)]{1,3}[.,]?$/;
const SURE = 0.5;

/** The line of a log within a sentence, and whose it is; null where a line is anything else. */
function told(line: Line): { readonly format: LineFormat; readonly inner: Line } | null {
  const { text } = line;
  if (line.wrapper !== null || text.charCodeAt(0) < 34) return null;
  const at = text.slice(0, LONGEST_LOOK).search(ANY);
  if (at < 5 || at > LONGEST_WORDS) return null;
  const words = text.slice(0, at);
  if (!WORDS.test(words) || NO_WORDS.test(words)) return null;
  const quote = /["“'‘`(]\s?$/.test(words);
  const message = quote ? text.slice(at).replace(CLOSING, '') : text.slice(at);
  const format = BEGINS.find(({ begins }) => begins.test(message))?.format;
  const inner = { ...line, text: message };
  return format === undefined || format.score(inner) < SURE ? null : { format, inner };
}

class SentenceParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const found = told(line);
    if (found === null) return false;
    const parser = found.format.open(this.emit);
    const taken = parser.push(found.inner);
    parser.end();
    return taken;
  }

  end(): void {}
}

/** Lines of logs that somebody quotes within sentences. */
export const sentences: LineFormat = {
  id: 'sentences',
  title: 'Lines of logs within sentences',
  hop: 'proxy',
  shape: 'lines',
  foundAt: ['a ticket, a chat or a mail that quotes a line of nginx, Apache or PHP'],
  limits: ['Mostly no time.', 'Only wording that one program alone uses is found.'],
  examples: () => [
    {
      input: 'Now the page is white: "worker process 11458 exited on signal 11 (core dumped)".',
      shows: 'nginx, quoted',
      records: [{ signal: 'nginx.worker-signal', hop: 'proxy', line: 1 }],
    },
    {
      input:
        '502 Bad Gateway over TLS: upstream SSL certificate does not match "app.internal" while SSL handshaking to upstream',
      shows: 'nginx, behind a colon',
      records: [{ signal: 'nginx.tls-name' }],
    },
    {
      input: 'Apache says : AH01114: HTTP: failed to make connection to backend: localhost',
      shows: 'Apache, without its head',
      records: [{ signal: 'apache.backend-refused' }],
    },
    {
      input:
        'Type the version and press ENTER: PHP56[10-Sep-2015 03:21:58] ERROR: An another FPM instance seems to already listen on /run/shop.sock',
      shows: 'PHP-FPM, behind what an installer asked',
      records: [{ hop: 'app', stamp: { kind: 'local', ms: Date.UTC(2015, 8, 10, 3, 21, 58) } }],
    },
  ],
  score: (line) => (told(line) === null ? 0 : 0.65),
  open: (emit) => new SentenceParser(emit),
};
