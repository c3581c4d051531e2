import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { firstGroups, shownAnswer } from './shown-answer.ts';

const METHOD = '(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)';
/** `app.js:12 `: where in the page's programs it was asked for. */
const PLACE = String.raw`(?:\S{1,200}:\d{1,7}(?::\d{1,7})? {1,8})?`;

/** How the browsers write an answer that failed. */
const ANSWERS: readonly RegExp[] = [
  // Chromium, of a request by a program of the page.
  new RegExp(
    String.raw`^${PLACE}${METHOD} (?<url>https?:\/\/\S{1,4000}) {1,4}(?:net::ERR_[A-Z_]{2,60} )?(?<status>[45]\d\d)(?: \([^()]{0,60}\)){0,2}$`,
  ),
  // Chromium and Safari, of whatever the page loads; its address stands before, behind or on the next line.
  /^(?:\[Error\] )?(?:(?<url>\S{1,4000}?)(?::\d{1,7})? {1,8})?Failed to load resource: the server responded with a status of (?<status>[45]\d\d)(?: \([^()]{0,60}\))?(?: (?:\([^()]{1,400}, line \d{1,7}\)|(?<url2>https?:\/\/\S{1,4000})))?$/,
  // Chromium, of a WebSocket.
  new RegExp(
    String.raw`^${PLACE}WebSocket connection to '(?<url>wss?:\/\/[^\s']{1,4000})' failed: (?:Error during WebSocket handshake: )?Unexpected response code: (?<status>[45]\d\d)$`,
  ),
  // Firefox.
  new RegExp(
    String.raw`^(?:XHR ?)?${METHOD} ?(?<url>https?:\/\/\S{1,4000}?) {0,4}\[HTTP\/[\d.]{1,3} (?<status>[45]\d\d)(?: [A-Za-z -]{0,40})? {1,4}(?<ms>\d{1,7})ms\]$`,
  ),
];
/** The page's program may not read the answer: no browser says so elsewhere than in its console. */
const REFUSED_READING =
  /^(?:\S{1,200}:\d{1,7} )?(?:Access to (?:fetch|XMLHttpRequest|script|resource) at '|Cross-Origin Request Blocked: |\[Error\] (?:Origin \S{1,300} is not allowed by Access-Control-Allow-Origin|(?:Fetch API|XMLHttpRequest) cannot load )|.{0,80}\(Cross-Origin(?: Request)?\).{0,600}Access-Control-Allow-Origin)/;
/** What belongs to such a line, or follows from it. */
const TALK = /^(?:\S{1,200}:\d{1,7} )?Uncaught |^ {2,12}at |^\S.{0,100} @ \S{1,200}:\d{1,7}$|^https?:\/\/\S{1,4000}$/;
const LONGEST = 9000;

/** What the console of a browser's developer tools shows of answers that failed, copied. */
export const browserConsole: LineFormat = {
  id: 'browser-console',
  title: 'Console of a browser',
  hop: 'client',
  shape: 'lines',
  foundAt: ['developer tools of a browser, Console'],
  limits: [
    'Neither time, nor headers, nor page: it does not tell who made a 502.',
    'That a request was "blocked by CORS policy" next to a 5xx is no fault of its own: error pages lack the header.',
  ],
  examples: () => [
    {
      input: 'app.js:12 POST https://api.example.com/v1/upload?x=1 502 (Bad Gateway)',
      shows: 'Chromium: a request of the page’s program',
      records: [
        {
          kind: 'request',
          hop: 'client',
          status: 502,
          signal: 'har.5xx-no-body',
          method: 'POST',
          host: 'api.example.com',
          path: '/v1/upload',
          stamp: NO_STAMP,
        },
      ],
    },
    {
      input: [
        "Access to fetch at 'https://api.example.com/v1/items' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        'GET https://api.example.com/v1/items net::ERR_FAILED 524',
        'Uncaught (in promise) TypeError: Failed to fetch',
      ].join('\n'),
      shows: 'a 524 whose page lacks the header for other origins',
      records: [{ status: 524, signal: 'edge.524', host: 'api.example.com', line: 2 }],
    },
    {
      input: [
        'https://www.example.com/app.css:1  Failed to load resource: the server responded with a status of 520 ()',
        '[Error] Failed to load resource: the server responded with a status of 502 (Bad Gateway) (items, line 0)',
        'GET https://www.example.com/api/list [HTTP/2 522  19883ms]',
      ].join('\n'),
      shows: 'parts of a page, Safari, and Firefox',
      records: [
        { status: 520, signal: 'edge.520', host: 'www.example.com', path: '/app.css' },
        { status: 502, signal: 'har.5xx-no-body' },
        { status: 522, signal: 'edge.522-connect', method: 'GET', durationMs: 19883 },
      ],
    },
    {
      input:
        "WebSocket connection to 'wss://www.example.com/socket.io/?EIO=3' failed: Error during WebSocket handshake: Unexpected response code: 502",
      shows: 'a WebSocket',
      records: [{ status: 502, signal: 'har.5xx-no-body', host: 'www.example.com', path: '/socket.io/' }],
    },
  ],
  score: ({ text, wrapper }) => {
    if (wrapper !== null) return 0;
    if (answerIn(text) !== null) return 0.9;
    return REFUSED_READING.test(text.slice(0, LONGEST)) ? 0.5 : 0;
  },
  open: (emit) => new ConsoleParser(emit),
};

function answerIn(text: string): Readonly<Record<string, string | undefined>> | null {
  if (text.length > LONGEST) return null;
  return firstGroups(ANSWERS, text.trimEnd());
}

class ConsoleParser implements LineParser {
  private readonly emit: Emit;
  /** Lines before the first answer may be another program's. */
  private begun = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const answer = answerIn(line.text);
    if (answer === null) {
      const text = line.text.slice(0, LONGEST);
      return REFUSED_READING.test(text) || (this.begun && TALK.test(text));
    }
    this.begun = true;
    const { status, method, url, url2, ms } = answer;
    const durationMs = ms === undefined ? undefined : Number(ms);
    this.emit(shownAnswer(line, { status: Number(status), method, url: url ?? url2, durationMs }));
    return true;
  }

  end(): void {}
}
