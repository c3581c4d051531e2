import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerSignal } from '../../../src/formats/client/answer-signal.ts';
import {
  APPLICATION_PAGES,
  applicationReasonIn,
  applicationStatusIn,
} from '../../../src/formats/client/application-page.ts';
import { browserConsole } from '../../../src/formats/client/browser-console.ts';
import { curl } from '../../../src/formats/client/curl.ts';
import { devtoolsHeaders } from '../../../src/formats/client/devtools-headers.ts';
import { dnsLookup } from '../../../src/formats/client/dns-lookup.ts';
import { errorPage } from '../../../src/formats/client/error-page.ts';
import { HAR_ENTRIES, har } from '../../../src/formats/client/har.ts';
import { openssl } from '../../../src/formats/client/openssl.ts';
import { pageWords } from '../../../src/formats/client/page-words.ts';
import { probes } from '../../../src/formats/client/probes.ts';
import { programWords } from '../../../src/formats/client/program-words.ts';
import { uptimeKuma } from '../../../src/formats/client/uptime-kuma.ts';
import { wget } from '../../../src/formats/client/wget.ts';
import { JsonEntries } from '../../../src/formats/json-entries.ts';
import type { LogRecord } from '../../../src/vocabulary/records.ts';
import type { SignalId } from '../../../src/vocabulary/signals.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { expectExamples, read } from '../app/read-lines.ts';

function readHar(text: string): { records: LogRecord[]; notUnderstood: number; warning?: string } {
  const records: LogRecord[] = [];
  return { ...har.read(text, (record) => records.push(record)), records };
}

const entry = (status: number): object => ({
  startedDateTime: '2025-09-30T12:31:44.500Z',
  time: 120,
  request: { method: 'GET', url: 'https://app.example.com/a "quoted" [path]?x={', headers: [] },
  response: { status, headers: [{ name: 'cf-ray', value: 'a7c4bab370256a99-IAD' }], content: { text: 'a "}]" \\' } },
});
const document = (...statuses: number[]): string =>
  JSON.stringify({
    log: { version: '1.2', comment: '"entries":[{}]', entries: statuses.map(entry), creator: { name: 'x' } },
  });

describe('pages of applications', () => {
  it.each(APPLICATION_PAGES)('$sample', ({ sample, status, reason }) => {
    const { records } = read(pageWords, sample);
    const shown = Number(/\b50\d\b/.exec(sample)?.[0] ?? status);
    const signal = shown === 504 ? 'har.origin-timeout-page' : 'har.origin-page';
    expect(records[0]).toMatchObject({ kind: 'request', status: shown, signal });
    expect(records[1]?.signal).toBe(reason?.signal);
  });

  it('are known within their markup, too', () => {
    const page =
      '<!DOCTYPE html>\n<html><head><title>WordPress &rsaquo; Error</title></head><body><div class="wp-die-message"><p>There has been a critical error on this website.</p></div></body></html>';
    expect(errorPage.scoreHead(page)).toBeGreaterThan(0);
    expect(applicationStatusIn(page)).toBe(500);
    expect(applicationReasonIn(page)?.signal).toBe('php.fatal');
  });

  it('are not seen in what a log says of them', () => {
    const line = '2026-11-20 08:12:30 INFO monitor: shop answered "HTTP Status 503 – Service Unavailable"';
    expect(applicationStatusIn(line)).toBeUndefined();
  });
});

describe('a page beside other things', () => {
  const page =
    '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n';

  it('is left to the formats of lines where a log follows it', () => {
    const log = '2026/11/20 08:10:14 [error] 7#7: *3 no live upstreams while connecting to upstream';
    expect(errorPage.scoreHead(page)).toBeGreaterThan(0);
    expect(errorPage.scoreHead(`${page}The log:\n${log}`)).toBe(0);
  });

  it('is read below the words of a program, but not among lines that have times of their own', () => {
    const problem =
      '{"type":"https://developers.cloudflare.com/x","title":"Error 1033","status":530,"error_code":1033,"timestamp":"2026-07-03T05:39:12Z","cloudflare_error":true}';
    expect(errorPage.scoreHead(`Provider returned error:\n${problem}`)).toBeGreaterThan(0);
    expect(errorPage.scoreHead(`Provider returned error:\n${problem}\n2026-07-03 05:40:01 retry`)).toBe(0);
  });
});

describe('the words of a page', () => {
  it('are told by the name of a code as well, and not by another program’s code', () => {
    const codes = (text: string): number => read(pageWords, text).records.length;
    expect(codes(' Error 1016: Origin DNS error')).toBe(1);
    expect(codes('Error 1102 Worker exceeded resource limits')).toBe(1);
    expect(codes('ERROR 1045: Access denied')).toBe(0);
    expect(codes('Error 1016: no such table')).toBe(0);
  });
});

describe('har', () => {
  it('reads its examples', () => {
    for (const example of har.examples()) {
      const { records } = readHar(example.input);
      expect(records).toHaveLength(example.records.length);
      for (const [i, wanted] of example.records.entries()) expect(records[i]).toMatchObject(wanted);
      expect(har.scoreHead(example.input)).toBeGreaterThan(0.9);
    }
  });

  it('keeps every entry before the place where a file is cut, at every byte', () => {
    const whole = document(200, 502, 504);
    const ends = [200, 502, 504].map((_, i) => {
      const entries = [200, 502, 504].slice(0, i + 1).map((status) => JSON.stringify(entry(status)));
      return whole.indexOf('"entries":[{"started') + '"entries":['.length + entries.join(',').length;
    });
    for (let cut = 0; cut <= whole.length; cut++) {
      const { records } = readHar(whole.slice(0, cut));
      expect(records.length, `cut at ${cut}`).toBe(ends.filter((end) => end <= cut).length);
    }
  });

  it('says that a file breaks off', () => {
    expect(readHar(document(200, 502).slice(0, -150))).toMatchObject({ notUnderstood: 1, warning: expect.any(String) });
    expect(readHar(document(200, 502)).warning).toBeUndefined();
  });

  it('gives the same entries however the text is cut into pieces', () => {
    const whole = document(200, 502, 520);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const entries: string[] = [];
        const scanner = new JsonEntries((text) => entries.push(text), HAR_ENTRIES);
        const marks = [0, ...cuts.sort((a, b) => a - b), whole.length];
        for (const [i, mark] of marks.entries()) scanner.push(whole.slice(mark, marks[i + 1] ?? whole.length));
        scanner.end();
        expect(entries).toEqual([200, 502, 520].map((status) => JSON.stringify(entry(status))));
      }),
    );
  });

  it('reads a file with byte order mark, in a function call, with creator last, and a bare entry', () => {
    expect(readHar(`\uFEFF${document(502)}`).records).toHaveLength(1);
    expect(readHar(`onInputData(${document(502)});`).records).toHaveLength(1);
    expect(readHar(JSON.stringify(entry(502))).records).toHaveLength(1);
    expect(har.scoreHead(`\uFEFF${document(502)}`)).toBeGreaterThan(0.9);
    expect(har.scoreHead(JSON.stringify(entry(502)))).toBeGreaterThan(0.5);
  });

  it('survives broken shapes', () => {
    expect(readHar('{"log":{"entries":[]}}')).toMatchObject({ records: [], notUnderstood: 0 });
    expect(readHar('{"log":{"version":"1.1"}}').warning).toBeDefined();
    expect(readHar('{"log":{"entries":[{"request":{"url":"http://example.com"}},{"x":}]}}')).toMatchObject({
      records: [],
      notUnderstood: 2,
    });
    const odd = {
      request: { url: 5 },
      response: { status: '502', headers: 'none', content: null },
      time: null,
      startedDateTime: 'soon',
    };
    expect(readHar(JSON.stringify({ log: { entries: [odd] } })).records).toMatchObject([
      { status: 502, stamp: { kind: 'none' } },
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `{"log":{"entries":[${text}`),
        ),
        (text) => void readHar(text),
      ),
    );
  });

  it.each(['"', '\\', '{', '[', '"a":', '{"log":{"entries":[', 'a'])(
    'reads ten megabytes of %j in good time',
    (unit) => {
      inGoodTime(() => {
        readHar(unit.repeat(Math.ceil(10_000_000 / unit.length)));
        readHar(`{"log":{"entries":[{"a":"${unit.repeat(Math.ceil(1_000_000 / unit.length))}`);
      });
    },
    30_000,
  );
});

describe('who made a failing answer', () => {
  const CLOUDFLARE = { server: 'cloudflare', 'cf-ray': 'a7c4bab370256a99-IAD' };
  const CASES: readonly (readonly [
    string,
    number,
    Readonly<Record<string, string>>,
    string,
    SignalId | undefined,
    number?,
  ])[] = [
    ['an ordinary answer', 200, CLOUDFLARE, 'ok', undefined],
    ['no answer', 0, {}, '', 'har.status-0'],
    [
      'the branded page that blames the host',
      502,
      CLOUDFLARE,
      '<div id="cf-host-status" class="cf-error-source relative">',
      'har.branded-origin',
    ],
    [
      'the branded page that blames Cloudflare',
      502,
      CLOUDFLARE,
      '<div id="cf-cloudflare-status" class="cf-error-source">',
      'har.branded-edge',
    ],
    [
      'a branded page without marks',
      504,
      CLOUDFLARE,
      '<title>example.com | 504: Gateway time-out</title>',
      'har.plain-code',
    ],
    ['the blank page', 502, CLOUDFLARE, '<hr><center>cloudflare</center>', 'har.blank-edge'],
    ['the plain code', 502, CLOUDFLARE, 'error code: 502', 'har.plain-code'],
    [
      'a problem document of the origin',
      502,
      CLOUDFLARE,
      '{"error_name":"origin_bad_gateway","cloudflare_error":true}',
      'har.problem-origin',
    ],
    [
      'a problem document of TLS',
      502,
      CLOUDFLARE,
      '{"error_category":"ssl","cloudflare_error":true}',
      'har.problem-origin',
    ],
    [
      'a problem document of Cloudflare',
      500,
      CLOUDFLARE,
      '{"error_category":"cloudflare","cloudflare_error":true}',
      'har.problem-edge',
    ],
    ['a page of nginx', 502, CLOUDFLARE, '<hr><center>nginx/1.24.0 (Ubuntu)</center>', 'har.origin-page'],
    ['a page of nginx that waited', 504, CLOUDFLARE, '<hr><center>nginx</center>', 'har.origin-timeout-page'],
    ['a page of Apache', 503, CLOUDFLARE, '<address>Apache/2.4.58 Server</address>', 'har.origin-page'],
    [
      'a page of HAProxy',
      502,
      CLOUDFLARE,
      '<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.\n</body></html>',
      'har.origin-page',
    ],
    [
      'a page of IIS',
      502,
      CLOUDFLARE,
      '502 - Web server received an invalid response while acting as a gateway or proxy server.',
      'har.origin-page',
    ],
    ['an application’s answer', 500, CLOUDFLARE, '{"error":"boom"}', 'har.app-5xx'],
    [
      'a Worker that asked nobody',
      500,
      { ...CLOUDFLARE, 'server-timing': 'cfOrigin;dur=0,cfWorker;dur=12' },
      'sorry',
      'har.server-timing-worker',
    ],
    ['no body', 502, CLOUDFLARE, '', 'har.5xx-no-body'],
    [
      'an answer that did not come through Cloudflare',
      502,
      { server: 'nginx' },
      '<hr><center>nginx</center>',
      'har.no-cloudflare',
    ],
    ['a 1033', 530, CLOUDFLARE, '<span class="cf-error-code">1033</span>', 'edge.530-1033'],
    ['a plain 1033', 530, CLOUDFLARE, 'error code: 1033', 'edge.530-1033'],
    ['a 1016', 530, CLOUDFLARE, '<span class="cf-error-code">1016</span>', 'edge.530-1016'],
    ['a 530 without page', 530, CLOUDFLARE, '', 'edge.530'],
    ['a 522', 522, CLOUDFLARE, '', 'edge.522-connect', 19_000],
    ['a late 522', 522, CLOUDFLARE, '', 'edge.522-no-ack', 90_500],
    ['a Worker’s exception', 500, CLOUDFLARE, '<span class="cf-error-code">1101</span>', 'har.worker-exception'],
    ['a Worker’s limit', 503, CLOUDFLARE, '<span class="cf-error-code">1102</span>', 'har.worker-limits'],
    ['a blocked visitor', 403, CLOUDFLARE, '<span class="cf-error-code">1020</span>', 'har.waf-block'],
    [
      'a visitor whom a rule blocks, of which no header tells',
      403,
      CLOUDFLARE,
      '<title>Attention Required! | Cloudflare</title>',
      'har.waf-block',
    ],
    ['a challenge of former years', 503, CLOUDFLARE, '<title>Just a moment...</title>', 'har.waf-block'],
    ['an origin whose own page says so', 403, CLOUDFLARE, '<p>Just a moment...</p>', 'edge.origin-refused-403'],
    ['a challenge', 403, { ...CLOUDFLARE, 'cf-mitigated': 'challenge' }, '<html>', 'har.waf-block'],
    ['a limited visitor', 429, CLOUDFLARE, 'error code: 1015', 'har.rate-limit'],
    ['a refusal of the origin', 403, CLOUDFLARE, '<hr><center>nginx</center>', 'edge.origin-refused-403'],
    ['an ordinary 404', 404, CLOUDFLARE, '<hr><center>nginx</center>', undefined],
  ];
  const named = CASES.map(([what, status, headers, body, signal, durationMs]) => ({
    what,
    status,
    headers,
    body,
    signal,
    durationMs,
  }));
  it.each(named)('$what', ({ status, headers, body, signal, durationMs }) => {
    expect(answerSignal({ status, headers: new Map(Object.entries(headers)), body }, durationMs)).toBe(signal);
  });
});

describe('curl', () => {
  it('reads its examples', () => expectExamples(curl));

  it('makes no record of a proxy’s greeting or of 100 Continue', () => {
    const text = 'HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\nHTTP/2 502 \nserver: nginx\n\n';
    expect(read(curl, text).records).toMatchObject([{ status: 502, signal: 'har.no-cloudflare', line: 5 }]);
  });

  it('refuses lines of other logs', () => {
    expect(read(curl, '192.0.2.1 - - [20/Nov/2026:08:20:16 +0000] "GET / HTTP/1.1" 502 5').refused).toHaveLength(1);
    expect(
      read(curl, 'HTTP/1.1 502 Bad Gateway\n\nerror code: 502\nunrelated: text of another log').records,
    ).toHaveLength(1);
  });

  it('never throws', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('HTTP/2 502 ', '< HTTP/1.1 200 OK', 'cf-ray: x', '', '> GET / HTTP/2', '<html>', '* talk'),
    );
    fc.assert(fc.property(fc.array(line, { maxLength: 10 }), (lines) => void read(curl, lines.join('\n'))));
  });
});

describe('wget', () => {
  it('reads its examples', () => expectExamples(wget));

  it('leaves what is no error, and lines of others', () => {
    expect(read(wget, 'HTTP request sent, awaiting response... 200 OK').records).toMatchObject([{ status: 200 }]);
    expect(read(wget, '  Server: nginx').refused).toHaveLength(1);
  });

  it('takes the status alone where nothing else was pasted', () => {
    expect(read(wget, 'HTTP request sent, awaiting response... 502 Bad Gateway').records).toMatchObject([
      { status: 502, signal: 'har.5xx-no-body', stamp: { kind: 'none' } },
    ]);
  });
});

describe('the console of a browser', () => {
  it('reads its examples', () => expectExamples(browserConsole));

  it.each([
    'GET https://api.example.com/v1/items 200 (OK)',
    'HTTP Request: GET https://api.example.com/v1/items "HTTP/1.1 502 Bad Gateway"',
    '192.0.2.1 - - [20/Nov/2026:08:20:16 +0000] "GET https://api.example.com/ HTTP/1.1" 502 5',
    'Uncaught (in promise) TypeError: Failed to fetch',
  ])('does not take %j', (line) => {
    expect(read(browserConsole, line).refused).toHaveLength(1);
  });
});

describe('the headers of developer tools', () => {
  it('reads its examples', () => expectExamples(devtoolsHeaders));

  it('takes the headers of the answer, not those of the request, and begins anew at the next request', () => {
    const text = [
      'Request URL: https://app.example.com/a',
      'Status Code: 502 Bad Gateway',
      'Response Headers',
      'server: nginx',
      'Request Headers',
      'cf-ray: 85f1a2b3c4d5e6f7-FRA',
      'Request URL: https://app.example.com/b',
      'Status Code: 200 OK',
    ].join('\n');
    expect(read(devtoolsHeaders, text).records).toMatchObject([
      { status: 502, signal: 'har.no-cloudflare', path: '/a' },
      { status: 200, path: '/b', line: 7 },
    ]);
  });
});

describe('answers in the words of programs', () => {
  it('are read as in the examples', () => expectExamples(programWords));

  it.each([
    '2026-11-20 08:12:32 ERROR requests.exceptions.HTTPError: 522 Server Error:  for url: https://api.example.com/',
    'Error: Request failed with status code 404',
    'error: RPC failed; curl 56 GnuTLS recv error (-54)',
    'npm ERR! code ELIFECYCLE',
    'HTTP status code 521 means that the web server is down',
  ])('does not take %j', (line) => {
    expect(read(programWords, line).refused).toHaveLength(1);
    expect(programWords.score({ text: line, number: 1, wrapper: null })).toBe(0);
  });
});

describe('checks of Uptime Kuma', () => {
  it('are read as in the examples', () => expectExamples(uptimeKuma));

  it('are none of a monitor that does not speak HTTP', () => {
    const line =
      "2026-11-20T15:56:25Z [MONITOR] WARN: Monitor #7 'DB': Failing: bad status code 502 | Interval: 60 seconds | Type: mysql";
    expect(read(uptimeKuma, line).records).toEqual([]);
  });

  it('blames nobody for a refusal, of which neither headers nor page are logged', () => {
    const line =
      "2026-11-20T15:57:25-06:00 [MONITOR] WARN: Monitor #6 'Shop': Failing: Request failed with status code 403 | Interval: 60 seconds | Type: http | Down Count: 1";
    const [record] = read(uptimeKuma, line).records;
    expect(record).toMatchObject({ status: 403 });
    expect(record).not.toHaveProperty('signal');
  });
});

describe('what somebody tried by hand', () => {
  it('is read as in the examples', () => {
    for (const format of [openssl, dnsLookup, probes]) expectExamples(format);
  });

  it('says the same of a certificate once', () => {
    const text = [
      'CONNECTED(00000003)',
      'subject=CN = www.example.com',
      'issuer=CN = www.example.com',
      'Verification error: self-signed certificate',
      '    Verify return code: 18 (self-signed certificate)',
    ].join('\n');
    expect(read(openssl, text).records).toMatchObject([{ signal: 'host.shown-certificate' }]);
  });

  it('tells nothing of an origin where Cloudflare was asked', () => {
    const refused = 'nc: connect to 104.16.1.2 port 443 (tcp) failed: Connection refused';
    expect(read(probes, refused).records).toEqual([]);
    const handshake = [
      '*   Trying 104.16.1.2:443...',
      'curl: (35) OpenSSL/3.0.2: error:0A000410:SSL routines::sslv3 alert handshake failure',
    ].join('\n');
    expect(read(curl, handshake).records).toEqual([]);
  });

  it('tells nothing of ports that may be an application’s', () => {
    for (const port of [22, 8080])
      expect(read(probes, `nc: connect to 203.0.113.4 port ${port} (tcp) failed: Connection refused`).records).toEqual(
        [],
      );
  });

  it('counts a name that is not there only where it could be a site’s', () => {
    const missing = (name: string): number => read(dnsLookup, `** server can't find ${name}: NXDOMAIN`).records.length;
    expect(missing('origin.example.net')).toBe(1);
    expect(missing('_acme-challenge.example.net')).toBe(0);
    expect(missing('4.113.0.203.in-addr.arpa')).toBe(0);
  });
});

describe('words of an error page among other lines', () => {
  it('are read as in the examples', () => expectExamples(pageWords));

  it('are read where the Ray ID was taken out', () => {
    expect(read(pageWords, 'Error 1033  \u2022 2026-08-07 05:01:50 UTC').records).toMatchObject([
      { signal: 'edge.530-1033', status: 530 },
    ]);
  });

  it.each([
    'Error 1045',
    'I get Error 1033',
    'ERROR 1040 (HY000): Too many connections',
    'Error code 502',
    'error code: 104',
  ])('does not take %j', (line) => {
    expect(read(pageWords, line).refused).toHaveLength(1);
  });
});

describe('saved error pages', () => {
  const readPage = (text: string): LogRecord[] => {
    const records: LogRecord[] = [];
    errorPage.read(text, (record) => records.push(record));
    return records;
  };

  it('are read as in the examples', () => {
    for (const example of errorPage.examples()) {
      const records = readPage(example.input);
      expect(records).toHaveLength(example.records.length);
      for (const [i, wanted] of example.records.entries()) expect(records[i]).toMatchObject(wanted);
      expect(errorPage.scoreHead(example.input)).toBeGreaterThan(0.5);
    }
  });

  it('are read with what people write above their words', () => {
    const head = 'Error 1016\nRay ID: a1538c5f4cc5c6f3 \u2022 2026-04-10 15:44:38 UTC\nOrigin DNS error';
    expect(readPage(`When I open the site I get:\n\n${head}`)).toMatchObject([{ signal: 'edge.530-1016' }]);
    expect(errorPage.scoreHead(`When I open the site I get:\n\n${head}`)).toBeGreaterThan(0.5);
    const page = '<!DOCTYPE html>\n<head>\n<title>api.example.com | 524: A timeout occurred</title>';
    for (const text of [`The API says:\n\n\`\`\`html\n${page}\n\`\`\``, `request error:  <none> ${page}`]) {
      expect(readPage(text)).toMatchObject([{ signal: 'edge.524', host: 'api.example.com' }]);
      expect(errorPage.scoreHead(text)).toBeGreaterThan(0.5);
    }
  });

  it('are read in the order in which a browser of text prints them, and below a word on the same line', () => {
    const lynx =
      ' # lynx --dump www.example.com\n\n   REFRESH(0 sec): [1]http://www.example.com/\n\nError 522 Ray ID: a1538c5f4cc5c6f3 \u2022 2026-04-10 15:44:38 UTC\n\nConnection timed out\n\n   You\n\nBrowser\n\n   Working\n   Frankfurt\n\nCloudflare\n\n   Working\n   www.example.com\n\nHost\n\n   Error\n\nWhat happened?\n';
    expect(readPage(lynx)).toMatchObject([{ signal: 'edge.522-connect', host: 'www.example.com' }]);
    expect(errorPage.scoreHead(lynx)).toBeGreaterThan(0.5);
    const chat =
      'This is what the link shows: Error 1033\nRay ID: a1538c5f4cc5c6f3 \u2022\n2026-04-10 15:44:38 UTC\nArgo Tunnel error\nWhat happened?\nYou requested a page that is on the Cloudflare network.\n';
    expect(readPage(chat)).toMatchObject([{ signal: 'edge.530-1033' }]);
    expect(errorPage.scoreHead(chat)).toBeGreaterThan(0.5);
  });

  it.each([
    ['Connection timed out Error code 522', 'edge.522-connect'],
    ['Conex\u00e3o expirou C\u00f3digo de erro 522', 'edge.522-connect'],
    ['\u8fde\u63a5\u8d85\u65f6 \u9519\u8bef\u4ee3\u7801 522', 'edge.522-connect'],
    ['Bad Gateway Fehlercode 502', 'har.plain-code'],
  ] as const)('are read whatever language the browser put them into: %j', (head, signal) => {
    const page = `${head}\nBesuchen Sie cloudflare.com\n2026-04-10 15:44:38 UTC\nFrankfurt\nCloudflare\napp.example.com\nWhat happened?\nCloudflare Ray-ID: a1538c5f4cc5c6f3 \u2022 x\n`;
    expect(readPage(page)).toMatchObject([{ signal, ray: 'a1538c5f4cc5c6f3' }]);
    expect(errorPage.scoreHead(page)).toBeGreaterThan(0.5);
  });

  it.each([
    ['525 Origin SSL Handshake Error\n------\ncloudflare-nginx\n', 'edge.525'],
    ['It shows now and then:\n\n502 Bad Gateway\n___\ncloudflare', 'har.blank-edge'],
    ['502 Bad Gateway\n***\nnginx/1.24.0', 'har.origin-page'],
  ] as const)('are read with a rule across them: %j', (text, signal) => {
    expect(readPage(text)).toMatchObject([{ signal }]);
    expect(errorPage.scoreHead(text)).toBeGreaterThan(0.5);
  });

  it('are shown in words, without their markup', () => {
    const [first] = readPage(errorPage.examples()[1]?.input ?? '');
    expect(first?.text).toContain('Error code 502');
    expect(first?.text).not.toContain('<');
  });

  it.each([
    [
      'an ordinary page',
      '<!doctype html><html><head><title>Shop</title></head><body><h1>502 reasons to buy</h1></body></html>',
    ],
    [
      'a log beside the words of a page',
      'Error 1033 Ray ID: a1538c5f4cc5c6f3 \u2022 2026-04-10 15:44:38 UTC\nArgo Tunnel error\n2026-04-10T15:44:30Z INF Starting tunnel',
    ],
    [
      'a log below a page and a few words',
      'I get this:\n<html><head><title>502 Bad Gateway</title></head><body><hr><center>nginx</center></body></html>\n2026/11/20 08:10:14 [error] 1#1: *1 connect() failed',
    ],
    ['a log that begins with markup', '<html> is how the upstream answered\n2026/11/20 08:10:14 [error] 1#1: *1 x'],
    ['other JSON', '{"status":502,"message":"bad gateway"}'],
    ['a HAR', har.examples()[0]?.input ?? ''],
  ])('%s is none', (_, text) => {
    expect(errorPage.scoreHead(text)).toBe(0);
  });

  it('are read in no time, whatever their size', () => {
    for (const piece of ['<', '<title>', 'Ray ID: ', '<!--', '{"', ' ']) {
      const text = `<html>${piece.repeat(5_000_000 / piece.length)}`;
      inGoodTime(() => {
        errorPage.scoreHead(text.slice(0, 65_536));
        readPage(text);
      });
    }
  });
});
