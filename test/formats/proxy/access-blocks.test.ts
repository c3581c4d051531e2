import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockSink, LineFormat } from '../../../src/formats/format.ts';
import { openAccessBlocks } from '../../../src/formats/proxy/access-blocks.ts';
import { nginxAccess } from '../../../src/formats/proxy/nginx-access.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { BlockReading, EVERY_SECOND, sameByBlocks } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';

const byBlocks: LineFormat = { ...nginxAccess, openBlocks: (sink) => openAccessBlocks(sink) };
/** The same without the counter. */
const readEach: LineFormat = { ...nginxAccess, openBlocks: (sink) => openAccessBlocks(sink, false) };

const opened = (format: LineFormat) => new BlockReading(format, [], EVERY_SECOND);

/** What the reader did with the log in one block, after the same was found at every block size. */
function sameEitherWay(bytes: Buffer): BlockReading {
  return sameByBlocks(
    bytes,
    () => opened(byBlocks),
    () => opened(readEach),
  );
}

/** What a reader does with the log in one block. */
function inOneBlock(format: LineFormat, bytes: Buffer): BlockReading {
  const reading = opened(format);
  reading.byBlocks(bytes, 1 << 20);
  return reading;
}

const hexes = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((c) => c.join(''));
const rays = fc.tuple(hexes(16), fc.constantFrom('FRA', 'AMS', 'SIN')).map((parts) => parts.join('-'));

const oftenThen = (weight: number, plain: fc.Arbitrary<string>, ...odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: plain, weight: 3 * weight }, { arbitrary: fc.constantFrom(...odd), weight: 1 });

const seconds = oftenThen(
  20,
  fc.integer({ min: 0, max: 9999 }).map((ms) => (ms / 1000).toFixed(3)),
  '-',
  '',
  '0.001, 0.002',
  '-, 0.020',
  '0.001 : 0.100',
  '0.1, -',
  'x',
  '.5',
  '1e3',
  '-, -',
);
const upstreamStatuses = oftenThen(
  20,
  fc.constantFrom('200', '200', '404', '502', '-'),
  '502, 200',
  '200 : 304',
  '000',
  '099',
  '20',
  '',
  '2000',
  '200,',
);
const addresses = oftenThen(
  20,
  fc.constantFrom('127.0.0.1:8080', 'unix:/run/php/php8.2-fpm.sock', '[::1]:3000', '-'),
  '10.0.0.1:80, 10.0.0.2:80',
  'a:80 : b:80',
  'backend',
  'back@end',
  '',
  'unix:',
  'unix:/',
  'unix:/run/a.sock:',
  'unix:/run/a b.sock',
  '127.0.0.1:8080:',
  '127.0.0.1:808080',
  '127.0.0.1:',
  '[::1]',
  '[::1]:',
  '[]:80',
  '[::g]:80',
  '[::ffff:192.0.2.1]:80',
  'x'.repeat(101),
  'curl/8.4.0',
);
const rayValues = oftenThen(
  20,
  rays,
  '-',
  '',
  '8F1A2B3C4D5E6F70-FRA',
  '8f1a2b3c4d5e6f70',
  '8f1a2b3c4d5e6f70-fra',
  '8f1a2b3c4d5e6f7-FRA',
  '8f1a2b3c4d5e6f7g-FRA',
  '8f1a2b3c4d5e6f70-FRAX',
);
const hosts = oftenThen(
  12,
  fc.constantFrom('shop.example.com', 'www.example.com'),
  'Shop.Example.com:443',
  '-',
  '_',
  '',
  'bücher.example.com',
  'a b',
  'a\\x22',
);
const agents = oftenThen(
  20,
  fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64) Firefox/102.0', 'curl/8.4.0', '-'),
  '',
  'a "quoted" agent',
  'weird \\x22quoted\\x22 502',
  'ends with \\',
  'a\\" b',
  'a\\\\',
  '8f1a2b3c4d5e6f70-FRA',
  '200',
  'says &quot;hello&quot; 1',
  'red \u001b[31mtext\u001b[0m',
  '#033[1m',
  'hard\u00a0blank ü',
  'a" 500 "b',
  'tab\there',
  'us="502"',
  '10.0.0.1:80, 10.0.0.2:80',
);
const referrers = oftenThen(
  12,
  fc.constantFrom('-', 'https://www.example.com/', ''),
  '10.0.0.1:80',
  'unix:/a',
  'example.com',
  '8f1a2b3c4d5e6f70-FRA',
);
const requests = oftenThen(
  12,
  fc
    .tuple(fc.constantFrom('GET', 'POST', 'M-SEARCH'), fc.constantFrom('/', '/cart', '/a/b?c=1&d=2', '/x#y'), hexes(2))
    .map(([method, path, more]) => `${method} ${path}${more} HTTP/1.1`),
  '',
  '-',
  '\\x16\\x03\\x01\\x02\\x00',
  'GET  /two HTTP/1.1',
  'GET /caf\u00e9 HTTP/1.1',
  'GET /a\\x22b HTTP/1.1',
  'GET /a"b HTTP/1.1',
  'GET /a" b HTTP/1.1',
  'GET http://example.com/x HTTP/1.1',
  'OPTIONS * HTTP/1.0',
  'get /lower HTTP/1.1',
  'G /short HTTP/1.1',
  'GET /only',
  'GET /&quot;x HTTP/1.1',
  'GET /a\u00a0b HTTP/1.1',
  '/no-method HTTP/1.1',
  'GET /a" 200 1 "',
  '\\x16\\x03',
  '\\X16\\x03\\x01',
  '\\x16\\x0',
  '\\u0016\\u0003\\u0001',
  '\\xFF\\xFE',
  '@',
);
const times = oftenThen(
  15,
  fc.integer({ min: 0, max: 3 }).map((second) => `20/Nov/2026:03:14:3${second} -0500`),
  '20/Nov/2026:03:14:38 +0000',
  '20/Nov/2026:03:15:02 -0500',
  '20/Nov/2026:03:14:60 -0500',
  '20/Nov/2026:03:14:75 -0500',
  '01/Jan/1970:00:00:30 +0000',
  '31/Dec/1969:23:59:30 +0000',
  '09/Sep/2001:01:46:39 +0000',
  '20/Nov/2026:03:14:38',
  '20/Nov/2026:03:14:38.12345',
  '20/Xyz/2026:03:14:38 -0500',
  '39/Nov/2026:99:14:38 -0500',
  '2026-11-20T03:14:38-05:00',
  '20/Nov/2026:03:14:38 -05:0',
);
const statuses = oftenThen(
  20,
  fc.constantFrom('200', '200', '301', '304', '404', '502', '504', '499', '400'),
  '500',
  '503',
  '520',
  '403',
  '429',
  '000',
  '101',
  '600',
  '999',
  '20',
  '-',
);
const peers = oftenThen(
  12,
  fc.constantFrom('192.0.2.7', '203.0.113.19', '53.212.102.183'),
  '2001:db8::7',
  '::1',
  'abcd::1:2',
  '::ffff:192.0.2.1',
  '10:20:30',
  '1234',
  '192.0.2',
  '192.0.2.1234',
  'unix:',
  'www.example.com:443 192.0.2.1',
  '192.0.2.7,',
  '-',
  '',
);
/** What stands before the peer: mostly the same in a whole log. */
const FRONTS: readonly string[] = [
  '',
  '',
  '',
  'example.com:443 ',
  'www.example.com ',
  'localhost ',
  'localhost:8080 ',
  'a:1 ',
  'web-7d9c5b6f4-x2x9q ',
  'access.log:1 ',
  'error.log.1:12:',
  '192.0.2.9:80 ',
  'Nov 20 03:14:38 ',
  'example.com:123456 ',
  'example.com: ',
  'example.com:443  ',
  '1.example.com:443 ',
  '- ',
  'fe80::1 ',
  '"example.com" ',
  'example.com,b ',
  'exämple.com:443 ',
  '0a1b2c3d4e5f ',
  'a.b_c-d.e ',
  'dead:beef:1 ',
];
const users = oftenThen(20, fc.constant('-'), 'editor', 'a b', '"x"', 'user=x', 'a,', ':', '[a]', 'ü', '');
const idents = oftenThen(40, fc.constant('-'), 'x', '');
const lengths = oftenThen(20, fc.constantFrom('0', '15342', '-'), '', '1.5', ':', '12,', 'a=b', '8f1a2b3c4d5e6f70-FRA');
const requestTimes = oftenThen(
  20,
  fc.constantFrom('0.032', '12.400', '99.999', '100.000', '120.400'),
  '-',
  '',
  '1,',
  ': 2',
  '[x]',
  '"a"',
  '99.9999',
  '99.9995',
  '100',
  '99',
  '99.',
  '.5',
  '101.501',
  '00100.0',
);

/** What stands after length, referrer and browser: one of the forms that people write, its values in the order of the names. */
const TAILS: readonly string[] = [
  '',
  '',
  ' rt=RT uct="CT" uht="HT" urt="CT" us="US" ua="ADDR" ray=RAY',
  ' rt=RT uct="CT" uht="HT" urt="CT" ua="ADDR" us="US" ray="RAY"',
  ' rt=RT uct=CT uht=HT urt=CT us=US ua=ADDR ray=RAY',
  ' rt=RT uht="HT" ray=RAY',
  ' ADDR "US" uht="HT" ray="RAY"',
  ' rt=RT uct="CT" uht="HT" urt="CT" us="US" upstream="ADDR" ua="AGENT"',
  ' rt="RT" us="US" uht="HT" backend=ADDR',
  ' request_time_ms=RT us=US uht=HT',
  ' rt=RT duration_us=RT us=US',
  ' "FWD"',
  ' RT CT RAY',
  ' RT "CT" "RAY"',
  ' "ADDR" "US" "CT" "AGENT" RAY',
  ' host=HOST server_name=HOST us="US" uht="HT"',
  ' host="HOST" cf_ray="RAY" cf_ray="RAY"',
  ' status=US rt=RT',
  ' request="REQ" rt=RT ray="RAY"',
  ' method=GET uri=/named rt=RT',
  ' msec=1795162478.250 ray=RAY',
  ' time="20/Nov/2026:03:14:38 -0500" ray=RAY',
  ' 81 RT [default-web-80] [] ADDR 0 CT US RAY',
  ' NUM RT [SERVICE] [] ADDR NUM CT US ID',
  ' NUM RT [SERVICE] [SERVICE] ADDR NUM CT US ID HOST',
  ' NUM RT [SERVICE] [] ADDR NUM CT US ID us=US rt=RT',
  ' NUM RT [SERVICE] [] ADDR NUM CT US',
  ' NUM',
  ' RT NUM',
  ' [SERVICE] NUM',
  ' x_a-b=CT Y.z="AGENT" | RT | RAY',
];

const VALUES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  RT: requestTimes,
  CT: seconds,
  HT: seconds,
  US: upstreamStatuses,
  ADDR: addresses,
  RAY: rayValues,
  HOST: hosts,
  AGENT: agents,
  REQ: requests,
  NUM: oftenThen(
    30,
    fc.constantFrom('0', '512', '1832'),
    '-',
    '',
    '0, 0',
    '0, 0, 0',
    '0 : 0',
    '1,',
    'x',
    '1.5',
    '9'.repeat(19),
  ),
  SERVICE: oftenThen(
    20,
    fc.constantFrom('default-web-80', 'shop-api-8080', ''),
    '-',
    'a b',
    '[a]',
    'a]',
    '::1',
    '20/Nov/2026:03:14:38 -0500',
    'a=b',
    '"',
  ),
  ID: oftenThen(20, hexes(32), '-', '', 'a, b', '8f1a2b3c4d5e6f70-FRA', 'x=1', ':', 'a : b'),
  FWD: fc.constantFrom('-', '203.0.113.9, 172.70.1.2', '203.0.113.9'),
};

/** Fills each name in a form with a value of its kind. */
function filled(form: string): fc.Arbitrary<string> {
  const parts = form.split(/\b(RT|CT|HT|US|ADDR|RAY|HOST|AGENT|REQ|FWD|NUM|SERVICE|ID)\b/);
  return fc.tuple(...parts.map((part) => VALUES[part] ?? fc.constant(part))).map((values) => values.join(''));
}

function rowsOf(tail: string, front = ''): fc.Arbitrary<string> {
  const fronts = fc.oneof(
    { arbitrary: fc.constant(front), weight: 20 },
    { arbitrary: fc.constantFrom(...FRONTS), weight: 1 },
  );
  return fc
    .tuple(fronts, peers, idents, users, times, requests, statuses, lengths, referrers, agents, filled(tail))
    .map(
      ([before, peer, ident, user, time, request, status, length, referrer, agent, rest]) =>
        `${before}${peer} ${ident} ${user} [${time}] "${request}" ${status} ${length} "${referrer}" "${agent}"${rest}`,
    );
}

const EXAMPLE_LINES = FORMATS.flatMap((format) => format.examples().flatMap(({ input }) => input.split('\n')));
const strangers = fc.constantFrom(
  ...EXAMPLE_LINES,
  '',
  ' ',
  '\u0000\u0000',
  '```',
  '__CURSOR=s=1',
  'MESSAGE=hello',
  'Stack trace:',
  '#0 {main}',
  '{"log":"192.0.2.7 - - [20/Nov/2026:03:14:38 -0500] \\"GET / HTTP/1.1\\" 200 1 \\"-\\" \\"-\\"\\n","stream":"stdout"}',
  '> 192.0.2.7 - - [20/Nov/2026:03:14:38 -0500] "GET / HTTP/1.1" 200 1 "-" "-"',
);

/** A row that was cut, or of which bytes were changed. */
function damaged(row: string): fc.Arbitrary<string> {
  const char = fc.constantFrom(
    '"',
    ' ',
    '\\',
    '[',
    ']',
    '=',
    ',',
    ':',
    '|',
    '\r',
    '\t',
    '-',
    ';',
    '?',
    '<',
    'x',
    '5',
    '\u0000',
    '\u00a0',
    'ü',
  );
  const at = fc.nat({ max: Math.max(0, row.length - 1) });
  return fc.oneof(
    at.map((end) => row.slice(0, end)),
    fc.tuple(at, char).map(([i, c]) => row.slice(0, i) + c + row.slice(i)),
    fc.tuple(at, char).map(([i, c]) => row.slice(0, i) + c + row.slice(i + 1)),
    at.map((i) => row.slice(0, i) + row.slice(i + 1)),
    // Characters that share their upper half byte with digits.
    fc.tuple(at, fc.constantFrom(...':;<=>?')).map(([i, c]) => row.slice(0, i) + row.slice(i).replace(/\d/, c)),
  );
}

const logs = fc
  .tuple(fc.constantFrom(...TAILS), fc.constantFrom(...TAILS), fc.constantFrom(...FRONTS))
  .chain(([main, other, front]) =>
    fc.array(
      fc.tuple(
        fc.oneof(
          { arbitrary: rowsOf(main, front), weight: 20 },
          { arbitrary: rowsOf(other), weight: 3 },
          { arbitrary: rowsOf(main, front).chain(damaged), weight: 4 },
          { arbitrary: strangers, weight: 1 },
        ),
        fc.oneof(
          { arbitrary: fc.constant('\n'), weight: 12 },
          { arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\n\n'), weight: 1 },
        ),
      ),
      { minLength: 4, maxLength: 30, size: 'max' },
    ),
  )
  .chain((rows) => {
    const text = rows.map(([row, end]) => row + end).join('');
    return fc.constantFrom(text, text, text.replace(/\n$/, ''));
  });

/** A row as most log formats write it, in the second given. */
function ordinaryRow(second: number, tail: string, front = ''): string {
  const clock = String(second % 60).padStart(2, '0');
  return `${front}192.0.2.7 - - [20/Nov/2026:03:14:${clock} -0500] "GET /cart/${second}?a=1 HTTP/1.1" 200 53050 "https://www.example.com/" "curl/8.4.0"${tail}`;
}

const ray = (n: number): string => `${String(n).padStart(16, '0')}-FRA`;

/** Ordinary rows of several log formats, and how their fields differ from row to row. */
const ORDINARY: [name: string, tail: (n: number) => string, front?: string][] = [
  ['a virtual host', () => '', 'example.com:443 '],
  ['a host, and a number behind', (n) => ` ${1000 + n}`, 'www.example.com '],
  [
    'ingress-nginx',
    (n) => ` 512 0.${100 + n} [shop-api-${n}] [] 10.0.0.${n}:80 5${n} 0.${100 + n} 200 ${ray(n).slice(0, 16)}`,
  ],
  ['combined', () => ''],
  ['main with a forwarded address', (n) => ` "203.0.113.${n % 200}"`],
  ['named fields', (n) => ` rt=0.${100 + n} uct="0.00${n % 10}" uht="0.${100 + n}" us="200" ray="${ray(n)}"`],
  ['named fields without quotes', (n) => ` rt=${n}.100 us=200 uht=0.${100 + n} ua=127.0.0.1:8080 ray=${ray(n)}`],
  ['bare fields', (n) => ` 0.${100 + n} 0.001 ${ray(n)}`],
  ['named hosts', (n) => ` host="${n % 2 === 0 ? 'shop' : 'www'}.example.com" server_name=_ rt=0.${100 + n}`],
];

describe('block reader of access logs', () => {
  it('comes to the same as the ordinary way for any rows at any block size', () => {
    fc.assert(
      fc.property(logs, (text) => {
        sameEitherWay(Buffer.from(text, 'utf8'));
      }),
      { numRuns: Number(process.env.RUNS ?? 150) },
    );
  });

  it('takes a lone colon for a separator, also where an earlier row had a Ray ID', () => {
    const rows = [ray(1), '0', ...Array<string>(20).fill(':')].map((length, n) =>
      ordinaryRow(n, ' "-"').replace(' 53050 "https://www.example.com/"', ` ${length} "-"`),
    );
    sameEitherWay(Buffer.from(`${rows.join('\n')}\n`));
  });

  it.each(ORDINARY)('reads ordinary rows by itself: %s', (_, tail, front) => {
    const rows = Array.from({ length: 200 }, (_row, n) => ordinaryRow(n, tail(n), front));
    const { counted, readByBlocks } = sameEitherWay(Buffer.from(`${rows.join('\n')}\n`));
    // About half of them belong to the sample.
    expect(counted).toBeGreaterThan(60);
    expect(readByBlocks).toBeGreaterThan(198);
  });

  it('counts failed rows and makes records of the wanted ones as the ordinary way does', () => {
    const rows = Array.from({ length: 100 }, (_row, n) =>
      ordinaryRow(n, ` rt=0.100 uct="-" uht="-" us="502" ua="127.0.0.1:3000" ray="${ray(n)}"`).replace(
        '" 200 ',
        n % 3 === 0 ? '" 502 ' : '" 499 ',
      ),
    );
    const { readByBlocks, counted } = sameEitherWay(Buffer.from(rows.join('\r\n')));
    expect(readByBlocks).toBe(100);
    expect(readByBlocks - counted).toBeGreaterThan(30);
  });

  it('leaves failed rows to the counter whose statuses tell all, as far as the sample does not want them', () => {
    const outcomes = [
      'us="502" uht="0.1"',
      'us="502" uht="-"',
      'us="-" uht="-"',
      'us="200" uht="0.1"',
      'us="099" uht="0.1"',
    ];
    const referrers = ['-', 'https://www.example.com/', '10.0.0.1:80'];
    const rows = Array.from({ length: 2000 }, (_row, n) => {
      const status = [500, 502, 503, 504, 520, 599][n % 6];
      const tail = ` ${outcomes[n % 5]} ua="127.0.0.1:3000"`;
      return `192.0.2.7 - - [20/Nov/2026:03:14:38 -0500] "GET /p/${n} HTTP/1.1" ${status} 12 "${referrers[n % 7 === 0 ? 2 : n % 2]}" "curl/8"${tail}`;
    });
    const bytes = Buffer.from(`${rows.join('\n')}\n`);
    expect(sameEitherWay(bytes).counted).toBeGreaterThan(500);
    expect(inOneBlock(readEach, bytes).counted).toBe(0);
  });

  it.each([
    ['no peer answered', '502', 'GET /a', ' rt=0.001 us="502" uht="-" ua="127.0.0.1:3000"'],
    ['no peer answered at an IPv6 address', '502', 'GET /a', ' rt=0.001 us="502" uht="-" ua="[::1]:3000"'],
    ['no socket answered', '502', 'GET /a', ' rt=0.001 us="502" uht="-" upstream_addr=unix:/run/php/php8.2-fpm.sock'],
    ['no peer was left', '502', 'GET /a', ' rt=0.001 us="502" uht="-" ua="backend"'],
    ['nobody was asked', '502', 'GET /a', ' rt=0.001 us="-" uht="-" ua="-"'],
    ['the visitor left', '499', 'GET /a', ' rt=12.345 us="-" uht="-"'],
    [
      'no peer of ingress-nginx answered',
      '502',
      'GET /a',
      ' 81 0.001 [a-b-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 0 0.000, 0.001 502, 502 0',
    ],
    ['TLS on a plain port', '400', '\\x16\\x03\\x01\\x00', ' rt=0.001 us="-"'],
    ['no request', '400', '', ''],
  ])('leaves rows to the counter where it can tell that %s', (_, status, request, tail) => {
    const rows = Array.from({ length: 600 }, (_row, n) => {
      const line = request === 'GET /a' ? `${request}/${n} HTTP/1.1` : request;
      const clock = String(Math.floor(n / 20)).padStart(2, '0');
      return `192.0.2.7 - - [20/Nov/2026:03:14:${clock} -0500] "${line}" ${status} 12 "-" "curl/8"${tail}`;
    });
    const bytes = Buffer.from(`${rows.join('\n')}\n`);
    const { counted, counts } = sameEitherWay(bytes);
    expect(counted).toBeGreaterThan(100);
    expect(counts).toBeLessThan(200);
  });

  it('checks every byte of the named fields in each row', () => {
    const tail = ' rt=0.100 uht="0.100" us="200" ua="127.0.0.1:8080" ray="00000000000000a1-FRA"';
    const row = ordinaryRow(1, tail);
    const rows: string[] = [row, row];
    for (let at = row.length - tail.length - 3; at < row.length; at++) {
      for (const char of '" \\:;=?,-[|5xF\u0000\u00a0')
        rows.push(row, row.slice(0, at) + char + row.slice(at + 1), row);
    }
    const bytes = Buffer.from(`${rows.join('\n')}\n`);
    expect(opened(byBlocks).byBlocks(bytes, 1 << 16) === opened(byBlocks).byLines(bytes)).toBe(true);
  });

  it('asks the format that took the last line first, as the ordinary way does', () => {
    const row = ordinaryRow(1, '');
    const stderr =
      '2026/11/20 03:14:38 [error] 9#9: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: x in /a.php:3';
    const odd = [
      '192.0.2.7 [2026-11-20T03:14:38Z] 502 5',
      '[20/Nov/2026:03:14:38 -0500] 502',
      '#0 [20/Nov/2026:03:14:38 -0500] 502',
    ];
    for (const line of odd)
      sameEitherWay(Buffer.from([row, row, stderr, row, row, line, row, stderr, line].join('\n')));
  });

  it('counts the rows of a second together, whatever stands between them', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => {
      if (i % 500 === 250) return 'nothing of an access log';
      const path = i % 400 === 100 ? `/?a=&quot;${i}` : `/p/${i}`;
      const status = [200, 304, 403][i % 3];
      return `192.0.2.${i % 250} - - [20/Nov/2026:03:14:38 -0500] "GET ${path} HTTP/1.1" ${status} 12 "-" "curl/8" rt=0.1 us="${status}"`;
    });
    const bytes = Buffer.from(`${rows.join('\n')}\n`);
    const { counted, counts } = sameEitherWay(bytes);
    expect(counted).toBeGreaterThan(900);
    expect(counts).toBeLessThan(counted);
    const alone = inOneBlock(readEach, bytes);
    expect(alone.counts).toBe(alone.counted);
  });

  it('stays linear on hostile lines', () => {
    const row = ordinaryRow(1, ' rt=0.100 us="200" ray="-"');
    for (const piece of ['"', ' ', '\\', '[', '=', ',', '1', '.', '" ', 'x="', '\u001b', '&quot;', ' "a']) {
      const bytes = Buffer.from(`${row}\n${row} x="${piece.repeat(5_000_000 / piece.length)}\n${row}`);
      const lines: number[] = [];
      const sink: BlockSink = {
        from: () => {},
        comparesClocks: () => false,
        wantsRequest: () => false,
        sampleWeight: () => 2 ** 30,
        count: () => {},
        countSecond: () => {},
        keepRequest: () => {},
        keepFailure: () => {},
        countListed: () => {},
        record: () => {},
        wantsClue: () => false,
        clueWeight: () => 1,
        countClue: () => {},
        keepClue: () => {},
        entryEnds: () => {},
        line: (_bytes, number) => lines.push(number) > 0,
      };
      expect(inGoodTime(() => nginxAccess.openBlocks?.(sink).read(bytes, 0, bytes.length, 1))).toBe(3);
      expect(lines).toContain(2);
    }
  });
});
