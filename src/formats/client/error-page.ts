import { NO_STAMP, type RequestRecord, type Stamp } from '../../vocabulary/records.ts';
import type { DocumentFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { answerSignal, THROUGH_CLOUDFLARE } from './answer-signal.ts';
import { applicationStatusIn } from './application-page.ts';
import { iisStatusIn } from './iis-page.ts';
import { COPIED_HEAD, REFUSAL_PAGE, RULE, readPage, statusOfCode, WRITTEN_ABOVE } from './pages.ts';
import { serverReasonIn } from './server-page.ts';

/** Beginnings of pages; plain text has the code alone, a problem document says whose it is. */
const PAGE_START = /^\uFEFF?\s{0,1000}(?:<!doctype\b|<html\b|<head\b|<title\b|<!--|error code: \d{3,4}\s{0,40}$)/i;
/** The same below a few words of those who paste it. */
const PAGE_BELOW = /^\uFEFF?(?:[^\n\d]{0,200}\n){0,6}[^\n\d]{0,200}?(?:<!doctype|<html|<head|<title)\b/i;
const PROBLEM_START = /^\uFEFF?\s{0,1000}\{[\s\S]{0,4000}"cloudflare_error"\s{0,4}:\s{0,4}true/;
/** The same below a few words, as a program prints what it was answered. */
const PROBLEM_BELOW =
  /^\uFEFF?(?:[^\n\d{]{1,200}\n){1,6}\s{0,40}\{\s{0,40}"type"[\s\S]{0,4000}"cloudflare_error"\s{0,4}:\s{0,4}true/;
const PROBLEM_TIME = /"timestamp"\s{0,4}:\s{0,4}"(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z)"/;
const PAGE_END = '</html>';
/** A page of nginx or the edge as it is copied out of a browser. */
const SHORT_COPY = new RegExp(
  String.raw`${WRITTEN_ABOVE}(5\d\d) [A-Z][A-Za-z -]{2,40}\s{1,8}${RULE}(?:nginx|openresty|cloudflare)\b[^\n]{0,60}\s{0,40}$`,
);
/** Cloudflare's page as it is copied out of a browser: words without markup, and nothing else. */
const LONGEST_COPY = 4000;
const COPIED: readonly RegExp[] = [
  /\bError(?: code)?:? (?:5\d\d|1\d{3})\b|^\s{0,8}Sorry, you have been blocked\s{0,8}$/im,
  /\bRay ID:?\s{0,8}[\da-f]{16}\b|\bVisit cloudflare\.com for more information\b/i,
  /\bWhat happened\?|\bPerformance & security by\b|\bWhy have I been blocked\?/i,
  /\bCloudflare\b/i,
];
/** The same page in the words of whatever language the browser translated it to: what no translation touches, and the code at a line’s end. */
const TRANSLATED: readonly RegExp[] = [
  /^[^\n]{2,80}?[^\d\n](?:52\d|530|50[0234])$/m,
  /\bcloudflare\.com\b/i,
  /\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\b/,
  /\bCloudflare\b[^\n]{0,40}[:：] ?[\da-f]{16}\b/i,
];
/** A clock other than the page's own: lines of a log stand beside it, which are to be read line by line. */
const OTHER_CLOCK = /(?<![:\da-f])\d\d:\d\d:\d\d(?![:\da-f]| UTC)/i;
const isPage = (text: string): boolean =>
  (PAGE_START.test(text) && !OTHER_CLOCK.test(behindPage(text))) || (PAGE_BELOW.test(text) && !OTHER_CLOCK.test(text));
const isProblem = (text: string): boolean =>
  PROBLEM_START.test(text) || (PROBLEM_BELOW.test(text) && !OTHER_CLOCK.test(text.replace(PROBLEM_TIME, '')));
const isWords = (text: string): boolean => COPIED_HEAD.test(text) || COPIED.every((pattern) => pattern.test(text));
const isTranslated = (text: string): boolean =>
  text.length <= LONGEST_COPY && !isWords(text) && TRANSLATED.every((pattern) => pattern.test(text));
const isCopy = (text: string): boolean =>
  text.length <= LONGEST_COPY &&
  (SHORT_COPY.test(text) || isWords(text) || isTranslated(text)) &&
  !OTHER_CLOCK.test(text);

/** Where pages write their status. */
const STATUSES: readonly RegExp[] = [
  /<span class="code-label">Error code (5\d\d)<\/span>/,
  /<title>[^<|]{0,300}\| (5\d\d): /,
  /<(?:title|h1)>\s{0,40}(4\d\d|5\d\d)\b/i,
  /"status"\s{0,4}:\s{0,4}(4\d\d|5\d\d)\b/,
  /^\uFEFF?\s{0,1000}error code: (4\d\d|5\d\d)\s{0,40}$/,
  /\bError code (5\d\d)\b/i,
  /\bError (5\d\d) Ray ID: [\da-f]{16}\b/,
  /\bHTTP Error (503)\. The service is unavailable\./,
  COPIED_HEAD,
  SHORT_COPY,
  /^[^\n]{2,80}?[^\d\n](52\d|530|50[0234])$(?=[\s\S]{0,400}\bcloudflare\.com\b)/m,
];
const RAYS: readonly RegExp[] = [
  /Ray ID:?\s{0,8}(?:<[^>]{0,200}>\s{0,8}){0,2}([\da-f]{16})\b/i,
  /\bCloudflare\b[^\n]{0,40}[:：] ?([\da-f]{16})\b/i,
  /"ray_id"\s{0,4}:\s{0,4}"([\da-f]{16})/i,
];
const TIMES: readonly RegExp[] = [/\b(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC\b/, PROBLEM_TIME];
const HOSTS: readonly RegExp[] = [
  /<title>([\w.-]{1,253}) \| 5\d\d: /,
  /"zone"\s{0,4}:\s{0,4}"([\w.-]{1,253})"/,
  /^\s{0,8}([\w-][\w.-]{0,252})\s{1,8}Host\s{1,8}(?:Error|Working)\b/m,
];
const LONGEST_TEXT = 300;

/** The page that a visitor saw, saved as a file: Cloudflare's, the web server's, or the code alone. */
export const errorPage: DocumentFormat = {
  id: 'error-page',
  title: 'Saved error page',
  hop: 'client',
  shape: 'document',
  foundAt: ['a browser: save the page as HTML, or copy its words', 'curl -sS https://host/path > page.html'],
  limits: [
    'One request. Cloudflare’s branded page tells its time and Ray ID; other pages do not.',
    'Without the headers it is taken for granted that the page came through Cloudflare.',
  ],
  examples: () => [
    {
      input:
        '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>',
      shows: 'the page of nginx',
      records: [{ kind: 'request', hop: 'client', status: 502, signal: 'har.origin-page', stamp: NO_STAMP }],
    },
    {
      input:
        '<!DOCTYPE html><html><head><title>shop.example.com | 502: Bad gateway</title></head><body><span class="code-label">Error code 502</span><div>2026-04-10 15:44:38 UTC</div><div id="cf-host-status" class="cf-error-source relative"></div><span>Cloudflare Ray ID: <strong class="font-semibold">a1538c5f4cc5c6f0</strong></span></body></html>',
      shows: 'Cloudflare’s page that puts the cross on the host',
      records: [
        {
          status: 502,
          signal: 'har.branded-origin',
          host: 'shop.example.com',
          ray: 'a1538c5f4cc5c6f0',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 3, 10, 15, 44, 38), offsetMinutes: 0 },
        },
      ],
    },
    {
      input:
        '{"type":"https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502/","title":"Error 502: Bad gateway","status":502,"error_code":502,"error_name":"origin_bad_gateway","ray_id":"a1538c5f4cc5c6f1","timestamp":"2026-07-03T05:39:12Z","zone":"api.example.com","cloudflare_error":true}',
      shows: 'the problem document that programs get',
      records: [{ status: 502, signal: 'har.problem-origin', host: 'api.example.com', ray: 'a1538c5f4cc5c6f1' }],
    },
    {
      input:
        '<html>\n<head><title>504 Gateway Time-out</title></head>\n<body>\n<center><h1>504 Gateway Time-out</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>',
      shows: 'the page of nginx whose timer ran out',
      records: [{ status: 504, signal: 'har.origin-timeout-page' }],
    },
    {
      input:
        'Provider returned error:\n{\n  "type": "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1033/",\n  "title": "Error 1033: Cloudflare Tunnel error",\n  "status": 530,\n  "error_code": 1033,\n  "ray_id": "a1538c5f4cc5c6f5",\n  "timestamp": "2026-07-03T05:39:12Z",\n  "zone": "api.example.com",\n  "cloudflare_error": true\n}',
      shows: 'the same as a program prints it, below its own words',
      records: [{ status: 530, signal: 'edge.530-1033', host: 'api.example.com', ray: 'a1538c5f4cc5c6f5' }],
    },
    {
      input:
        'Bad gateway Error code 502\nVisit cloudflare.com for more information.\n2026-04-10 15:44:38 UTC\nYou\nBrowser\nWorking\nFrankfurt\nCloudflare\nWorking\nshop.example.com\nHost\nError\nWhat happened?\nThe web server reported a bad gateway error.\n\nWhat can I do?\nPlease try again in a few minutes.\n\nCloudflare Ray ID: a1538c5f4cc5c6f2 \u2022 Your IP: Click to reveal \u2022 Performance & security by Cloudflare',
      shows: 'the words of Cloudflare\u2019s page, copied',
      records: [
        {
          status: 502,
          signal: 'har.branded-origin',
          host: 'shop.example.com',
          ray: 'a1538c5f4cc5c6f2',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 3, 10, 15, 44, 38), offsetMinutes: 0 },
        },
      ],
    },
    {
      input:
        'Error 1033 Ray ID: a1538c5f4cc5c6f3 \u2022 2026-04-10 15:44:38 UTC\nCloudflare Tunnel error\nWhat happened?\nYou\u2019ve requested a page on a website (shop.example.com) that is on the Cloudflare network.',
      shows: 'the words of a page with a code of four digits',
      records: [{ status: 530, signal: 'edge.530-1033', ray: 'a1538c5f4cc5c6f3' }],
    },
    {
      input: 'Error 1101 Ray ID: a1538c5f4cc5c6f4 \u2022 2026-04-10 15:44:38 UTC\nWorker threw exception',
      shows: 'the head of such a page',
      records: [{ status: 500, signal: 'har.worker-exception', ray: 'a1538c5f4cc5c6f4' }],
    },
    {
      input:
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>502 Proxy Error</title>\n</head><body>\n<h1>Proxy Error</h1>\n<p>The proxy server received an invalid\r\nresponse from an upstream server.<br />\r\nThe proxy server could not handle the request<p>Reason: <strong>Error reading from remote server</strong></p></p>\n<hr>\n<address>Apache/2.4.57 (Debian) Server at shop.example.com Port 443</address>\n</body></html>',
      shows: 'Apache\u2019s page, which says what its backend did',
      records: [
        { status: 502, signal: 'har.origin-page' },
        { kind: 'clue', hop: 'proxy', signal: 'apache.backend-closed' },
      ],
    },
    {
      input:
        '<!DOCTYPE html><html><head><title> IIS 502.5 Error </title></head><body><div id = "content"><h3> HTTP Error 502.5 - Process Failure </h3><h4> Most likely causes : </h4><ul><li> Failed to start the backend process.</li></ul></div></body></html>',
      shows: 'IIS\u2019s page of an application that did not start',
      records: [
        { status: 502, signal: 'har.origin-page' },
        { kind: 'clue', hop: 'app', signal: 'app.crash' },
      ],
    },
    {
      input:
        'Internal server error Error code 500\nVisit cloudflare.com for more information.\n2026-04-10 15:44:38 UTC\nYou\nBrowser\nWorking\nFrankfurt\nCloudflare\nError\nshop.example.com\nHost\nWorking\nWhat happened?\nThere is an internal server error on Cloudflare\u2019s network.',
      shows: 'the words of a page from which the Ray ID was taken',
      records: [{ status: 500, signal: 'har.branded-edge', host: 'shop.example.com' }],
    },
    {
      input:
        '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body><h1 data-translate="block_headline">Sorry, you have been blocked</h1><span>Cloudflare Ray ID: <strong class="font-semibold">a1538c5f4cc5c6f6</strong></span></body></html>',
      shows: 'the page of a rule that blocks',
      records: [{ status: 403, signal: 'har.waf-block', ray: 'a1538c5f4cc5c6f6' }],
    },
    {
      input:
        'Sorry, you have been blocked\nYou are unable to access shop.example.com\nWhy have I been blocked?\nThis website is using a security service to protect itself from online attacks.\nCloudflare Ray ID: a1538c5f4cc5c6f7',
      shows: 'its words, copied',
      records: [{ status: 403, signal: 'har.waf-block', ray: 'a1538c5f4cc5c6f7' }],
    },
    {
      input: '502 Bad Gateway\nnginx/1.24.0 (Ubuntu)\n',
      shows: 'the words of nginx\u2019s page',
      records: [{ status: 502, signal: 'har.origin-page' }],
    },
    {
      input: '502 Bad Gateway\n\ncloudflare\n',
      shows: 'the words of the edge\u2019s own page',
      records: [{ status: 502, signal: 'har.blank-edge' }],
    },
    { input: 'error code: 1033', shows: 'the code alone', records: [{ status: 530, signal: 'edge.530-1033' }] },
  ],
  scoreHead: (head) => {
    const isProblemPage = head.includes('cloudflare_error') && isProblem(head);
    if (!isProblemPage && !isPage(head) && !isCopy(head)) return 0;
    const { kind } = readPage(head);
    const isKnown = kind !== 'none' && (kind !== 'other' || isTranslated(head));
    return isKnown && statusOf(head) !== undefined ? 0.9 : 0;
  },
  read: (text, emit) => {
    const record = recordOf(text);
    if (record === null) return { notUnderstood: 1 };
    emit(record);
    const reason = serverReasonIn(text);
    if (reason !== undefined)
      emit({ kind: 'clue', ...reason, line: 1, stamp: record.stamp, text: record.text, values: {} });
    return { notUnderstood: 0 };
  },
};

function recordOf(text: string): RequestRecord | null {
  const status = statusOf(text);
  if (status === undefined) return null;
  // Whom a translated page blames is in words that are not known.
  const body = isTranslated(text) ? `error code: ${status}` : text;
  const signal = answerSignal({ status, headers: THROUGH_CLOUDFLARE, body });
  const ray = firstOf(RAYS, text)?.toLowerCase();
  const host = firstOf(HOSTS, text)?.toLowerCase();
  return {
    kind: 'request',
    hop: 'client',
    line: 1,
    stamp: stampOf(text),
    text: shown(text),
    status,
    visitor: true,
    ...(signal && { signal }),
    ...(ray !== undefined && { ray }),
    ...(host !== undefined && { host }),
  };
}

/** What stands behind a page that is whole. */
function behindPage(text: string): string {
  const end = text.toLowerCase().lastIndexOf(PAGE_END);
  return end < 0 ? '' : text.slice(end + PAGE_END.length);
}

function statusOf(text: string): number | undefined {
  const { code, mark } = readPage(text);
  if (code !== undefined) return statusOfCode(code);
  const status = firstOf(STATUSES, text);
  if (status !== undefined) return Number(status);
  return mark?.id === REFUSAL_PAGE ? 403 : (iisStatusIn(text) ?? applicationStatusIn(text));
}

function stampOf(text: string): Stamp {
  const written = firstOf(TIMES, text);
  if (written === undefined) return NO_STAMP;
  return parseIso(written.endsWith('Z') ? written : `${written.replace(' ', 'T')}Z`) ?? NO_STAMP;
}

/** What a page says in words, without its markup. */
function shown(text: string): string {
  if (!isPage(text))
    return text
      .trim()
      .replace(/\s{1,1000}/g, ' ')
      .slice(0, LONGEST_TEXT);
  const words = text
    .slice(0, 20_000)
    .replace(/<(?:style|script)\b[\s\S]{0,10000}?<\/(?:style|script)>/gi, ' ')
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/\s{1,1000}/g, ' ');
  return words.trim().slice(0, LONGEST_TEXT);
}

/** What the first of the patterns that is there captures. */
function firstOf(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
