import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { firstGroups, shownAnswer } from './shown-answer.ts';

/** How a program, or the library that it asks with, tells of an answer that failed. */
export interface ProgramWords {
  /** Whose words they are, by their source. */
  readonly source: string;
  readonly pattern: RegExp;
  /** A line that this row takes. */
  readonly sample: string;
}

/** First match wins. Only words that name the status of an answer; each is the whole beginning of a line. */
export const PROGRAM_WORDS: readonly ProgramWords[] = [
  {
    source: 'Python requests (models.py raise_for_status)',
    pattern:
      /^(?:[\w.]{1,60}\.)?HTTPError: (?<status>5\d\d)\b Server Error: .{0,100}?\bfor url: (?<url>https?:\/\/[^\s'"`)\]]{1,4000})/,
    sample: 'requests.exceptions.HTTPError: 522 Server Error:  for url: https://api.example.com/v1/items?x=1',
  },
  {
    source: 'Python urllib (error.py HTTPError)',
    pattern: /^(?:urllib2?\.(?:error\.)?)?HTTPError: HTTP Error (?<status>5\d\d)\b:/,
    sample: 'urllib.error.HTTPError: HTTP Error 521: ',
  },
  {
    source: 'axios (lib/core/settle.js)',
    pattern:
      /^(?:Uncaught )?(?:\(in promise\) )?\[?(?:Axios)?Error: Request failed with status code (?<status>5\d\d)\b/,
    sample: 'AxiosError: Request failed with status code 520',
  },
  {
    source: 'gRPC for Go (internal/transport/http_util.go)',
    pattern:
      /^.{0,300}\b(?:unexpected HTTP status code received from server: (?<status>5\d\d)\b|HTTP status code (?<status2>5\d\d); transport: )/,
    sample: '  Message: : HTTP status code 521; transport: missing content-type field',
  },
  {
    source: 'gRPC for Dart (lib/src/client/call.dart)',
    pattern: /^.{0,300}\bHTTP connection completed with (?<status>5\d\d)\b instead of 200/,
    sample: 'gRPC Error (code: 2, codeName: UNKNOWN, message: HTTP connection completed with 502 instead of 200)',
  },
  {
    source: 'git (remote-curl.c, http.c)',
    pattern:
      /^(?:remote: )?(?:fatal: unable to access '(?<url>https?:\/\/[^\s'"`)\]]{1,4000})': |error: RPC failed; HTTP \d{3} curl 22 )The requested URL returned error: (?<status>5\d\d)\b/,
    sample: "fatal: unable to access 'https://git.example.com/team/app.git/': The requested URL returned error: 522",
  },
  {
    source: 'git up to 2.10 (remote-curl.c)',
    pattern: /^error: RPC failed; result=22, HTTP code = (?<status>5\d\d)\b/,
    sample: 'error: RPC failed; result=22, HTTP code = 504',
  },
  {
    source: 'Docker (distribution registry/client/errors.go; containerd remotes/docker)',
    pattern:
      /^(?:.{0,300}: |Upload failed, retrying: )?(?:received unexpected HTTP status: |unexpected status from [A-Z]{3,6} request to (?<url>https?:\/\/[^\s'"`)\]]{1,4000}): |failed to copy: unexpected status: )(?<status>5\d\d)\b/i,
    sample: 'Upload failed, retrying: received unexpected HTTP status: 524 ',
  },
  {
    // The page is there, too, as Go quotes it.
    source: 'Docker (distribution registry/client/errors.go)',
    pattern: /^(?:.{0,300}: )?error parsing HTTP (?<status>5\d\d)\b response body: .{0,200}?: "(?<body><.{1,4000})/,
    sample:
      'error parsing HTTP 502 response body: invalid character \'<\' looking for beginning of value: "<html>\\r\\n<head><title>502 Bad Gateway</title></head>\\r\\n<body>\\r\\n<center><h1>502 Bad Gateway</h1></center>\\r\\n<hr><center>cloudflare</center>\\r\\n</body>\\r\\n</html>\\r\\n"',
  },
  {
    source: 'apt (apt-pkg/acquire-item.cc, methods/http.cc)',
    pattern: /^(?:[EW]|Error|Warning): Failed to fetch (?<url>https?:\/\/[^\s'"`)\]]{1,4000}) {2}(?<status>5\d\d)\b /,
    sample: 'E: Failed to fetch https://apt.example.com/dists/stable/InRelease  521   [IP: 203.0.113.4 443]',
  },
  {
    source: 'npm (npm-registry-fetch lib/check-response.js, errors.js)',
    pattern: /^npm (?:ERR!|error) (?<status>5\d\d)\b .{0,80} - [A-Z]{3,6} (?<url>https?:\/\/[^\s'"`)\]]{1,4000})/,
    sample: 'npm ERR! 522 Origin Connection Time-out - GET https://registry.example.com/left-pad',
  },
  {
    source: '.NET (System.Net.HttpWebRequest), PowerShell up to 5.1',
    pattern: /^.{0,300}\bThe remote server returned an error: \((?<status>5\d\d)\b\)/,
    sample: 'Invoke-WebRequest : The remote server returned an error: (522) Origin Connection Time-out.',
  },
  {
    source: '.NET (HttpResponseMessage.EnsureSuccessStatusCode), PowerShell 6 and later',
    pattern: /^.{0,300}\bResponse status code does not indicate success: (?<status>5\d\d)\b/,
    sample: 'Invoke-RestMethod: Response status code does not indicate success: 525 ().',
  },
  {
    source: 'Java (HttpURLConnection)',
    pattern:
      /^.{0,300}\bServer returned HTTP response code: (?<status>5\d\d)\b for URL: (?<url>https?:\/\/[^\s'"`)\]]{1,4000})/,
    sample: 'java.io.IOException: Server returned HTTP response code: 522 for URL: https://api.example.com/v1',
  },
  {
    source: 'Guzzle (src/Exception/RequestException.php)',
    pattern:
      /^.{0,300}\bServer error: `[A-Z]{3,7} (?<url>https?:\/\/[^\s'"`)\]]{1,4000})` resulted in a `(?<status>5\d\d)\b/,
    sample: 'Server error: `POST https://api.example.com/v1/pay` resulted in a `522 ` response:',
  },
  {
    source: 'Node’s ws (lib/websocket.js)',
    pattern: /^(?:Uncaught )?Error: Unexpected server response: (?<status>5\d\d)\b/,
    sample: 'Error: Unexpected server response: 502',
  },
  {
    source: 'Java-WebSocket (drafts/Draft_6455.java)',
    pattern: /^.{0,300}\bInvalid status code received: (?<status>5\d\d) Status line: HTTP\//,
    sample: 'Invalid status code received: 502 Status line: HTTP/1.1 502 Bad Gateway',
  },
  {
    // What the authority was answered when it looked for a challenge, as certbot passes it on.
    source: 'Let’s Encrypt (boulder va/http.go)',
    pattern:
      /^.{0,300}\bInvalid response from (?<url>https?:\/\/\S{1,300}\/\.well-known\/acme-challenge\/\S{0,300}): (?<status>5\d\d)$/,
    sample:
      '  Detail: 203.0.113.4: Invalid response from http://www.example.com/.well-known/acme-challenge/0a1b2c: 522',
  },
  {
    // Statuses that Cloudflare alone sends.
    source: 'any program that prints the status line of an answer which it did not want',
    pattern:
      /^(?![<>*{]).{1,300}[:"'( ]HTTP\/(?:1\.[01]|2(?:\.0)?) (?<status>52[0-6]|530)(?: [A-Z][\w -]{2,40})?["')]{0,2}$/,
    sample: 'Dial failed: invalid websocket response from app.example.com:443: HTTP/1.1 522 Origin Connection Time-out',
  },
  {
    // The reasons that it writes behind its own statuses (HTTP/1.1); no other server has these.
    source: 'anybody who quotes Cloudflare’s status with its reason',
    pattern:
      /^(?![<>*{]).{0,300}?(?:^|[ "'*(:])(?<status>52[0-6]) Origin (?:Error|Down|Connection Time-?out|Unreachable|Time-?out|SSL Handshake Error|SSL Certificate Error)\b/,
    sample: 'Cloudflare reports "525 Origin SSL Handshake Error"',
  },
  {
    source: 'Upptime (src/update.ts), the text of an issue',
    pattern: /^- HTTP code: (?<status>5\d\d)\b/,
    sample: '- HTTP code: 521',
  },
];

const PATTERNS = PROGRAM_WORDS.map(({ pattern }) => pattern);
const LONGEST = 4500;
/** Whatever does not hold this names no status. */
const NAMES_STATUS = /\b5\d\d\b/;
/** A line that begins with a time is of a log, and of the program that writes it. */
const DATED = /^.{0,40}\d\d:\d\d:\d\d/;
/** A line that goes on behind an error: calls of a stack trace. */
const TRACE = /^ {2,12}at \S/;

/** What programs print of answers that failed, without time: people copy it from a terminal. */
export const programWords: LineFormat = {
  id: 'program-words',
  title: 'An answer in the words of the program that asked',
  hop: 'client',
  shape: 'lines',
  foundAt: ['a terminal: what requests, axios, git, docker, apt, npm, PowerShell … printed of an answer that failed'],
  limits: [
    'Neither time nor page; most do not name the host.',
    'In an application’s own log such lines tell of what the application asked (http-dependency), and are not read here.',
  ],
  examples: () => [
    {
      shows: 'the address that was asked',
      input: 'requests.exceptions.HTTPError: 522 Server Error:  for url: https://api.example.com/v1/items?x=1',
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 522,
          signal: 'edge.522-connect',
          host: 'api.example.com',
          path: '/v1/items',
          stamp: NO_STAMP,
        },
      ],
    },
    {
      shows: 'a stack trace behind it',
      input:
        'AxiosError: Request failed with status code 502\n    at settle (/app/node_modules/axios/lib/core/settle.js:19:12)',
      records: [{ status: 502, signal: 'har.5xx-no-body', line: 1 }],
    },
  ],
  // Less than what takes a line from the format that reads it: in an application's log it is the application's.
  score: (line) => (line.wrapper === null && wordsIn(line.text) !== null ? 0.6 : 0),
  open: (emit) => new WordsParser(emit),
};

function wordsIn(text: string): Readonly<Record<string, string | undefined>> | null {
  const beginning = text.slice(0, LONGEST).trimStart();
  if (!NAMES_STATUS.test(beginning) || DATED.test(beginning)) return null;
  return firstGroups(PATTERNS, beginning);
}

class WordsParser implements LineParser {
  private readonly emit: Emit;
  private begun = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const words = line.wrapper === null ? wordsIn(line.text) : null;
    if (words === null) {
      this.begun &&= TRACE.test(line.text.slice(0, LONGEST));
      return this.begun;
    }
    this.begun = true;
    const { status, status2, url, body = '' } = words;
    const page = body.replaceAll(/\\[rnt]/g, ' ').replaceAll('\\"', '"');
    this.emit(shownAnswer(line, { status: Number(status ?? status2), url, body: page }));
    return true;
  }

  end(): void {}
}
