import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockSink, LineFormat } from '../../../src/formats/format.ts';
import { nginxAccess } from '../../../src/formats/proxy/nginx-access.ts';
import { BlockReading, EVERY_SECOND } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { logsOf, oftenThen, rowValues, sameEitherWay, type Values } from './row-logs.ts';

/** What may stand in any value. */
const HOSTILE = [
  '',
  '-',
  '502',
  'a b',
  'a, b',
  'a : b',
  ':',
  'x=1',
  'a|b',
  '|',
  '"',
  'a" 500 "b',
  'a "quoted" one',
  '\\',
  'a\\" b',
  'ends \\',
  '\\x22',
  '[',
  ']',
  '[1] 500',
  '[20/Nov/2026:03:14:38 -0500]',
  '[20/Nov/2026:03:14:38 -0500] "GET / HTTP/1.1" 500 1',
  '200 - GET http a "/b" [Client 192.0.2.9] [Length 1]',
  ' - GET http a',
  '[Client 192.0.2.9]',
  'x msg=1',
  'x\u00a0msg=1',
  '[Client\u00a0192.0.2.9]',
  'x level=error y',
  'status=500',
  '\tstatus:500\t',
  '8f1a2b3c4d5e6f70-FRA',
  '10.0.0.1:80',
  'unix:/run/a.sock',
  'says &quot;hello&quot; 1',
  'a&amp;b#c',
  '#033[1m',
  '\u001b[31mred\u001b[0m',
  'hard\u00a0blank ü',
  'tab\there',
  '\u0001',
  '\u007f',
];

const VALUES: Values = {
  ...rowValues(HOSTILE, {
    ISO: ['1795162478.250', '1795162478'],
    STATUS: ['502, 200'],
    REQ: ['\\x16\\x03\\x01', 'GET /a[1]&quot; HTTP/1.1'],
  }),
  SCHEME: oftenThen(25, fc.constantFrom('http', 'https'), 'httpx', 'ws', ...HOSTILE),
  TEXT: oftenThen(
    10,
    fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64) Firefox/102.0', 'https://example.com/?a=1&b=2', '-'),
    ...HOSTILE,
  ),
  WORD: oftenThen(15, fc.constantFrom('15342', '0.123', '-', 'HIT', 'on'), '[::1]:80', ...HOSTILE),
  NUM: oftenThen(20, fc.constantFrom('0', '15342', '-'), ...HOSTILE),
  PEER: oftenThen(
    20,
    fc.constantFrom('192.0.2.7', '2001:db8::7', '198.51.100.20'),
    'unix:',
    'name |',
    'app-1 | 192.0.2.7',
    '2026-11-20T03:14:38Z',
    'Nov',
    ...HOSTILE,
  ),
  HOST: oftenThen(15, fc.constantFrom('shop.example.com', 'example.com:443'), 'localhost', 'bücher.de', ...HOSTILE),
};

const FORMS = [
  '[ISO] HOST PEER "REQ" STATUS NUM "TEXT" "TEXT" rt=HT us="US" uht="HT" ray=RAY',
  '[CLF] HOST PEER WORD "REQ" STATUS NUM NUM - TEXT',
  'PEER [CLF] "REQ" STATUS NUM "TEXT" "TEXT"',
  'HOST PEER [CLF] "REQ" STATUS NUM WORD WORD "TEXT" "TEXT" "RAY"',
  'PEER - "TEXT" [CLF] "REQ" STATUS NUM "TEXT" "TEXT" "ADDR" "US" "HT" "TEXT"',
  'PEER WORD [CLF] WORD HOST "REQ" STATUS WORD "RAY"',
  '[CLF] WORD US STATUS - METHOD SCHEME HOST "URI" [Client PEER] [Length NUM] [Gzip WORD] [Sent-to WORD] "TEXT" "TEXT"',
  '[CLF] STATUS - METHOD SCHEME HOST "URI" [Client PEER] [Length NUM] [Gzip WORD] "TEXT" "TEXT"',
  'time=ISO status=STATUS request="REQ" bytes=NUM us=US uht=HT agent="TEXT" ray=RAY',
  'time="CLF" remote_addr=PEER method=METHOD uri=URI status=STATUS',
  'msec=MSEC time=ISO status=STATUS method="METHOD" uri="URI" referer="TEXT" status=STATUS',
  'time:CLF\thost:PEER\treq:REQ\tstatus:STATUS\tsize:NUM\tua:TEXT\tus:US\tuht:HT',
  'time:[CLF]\tmethod:METHOD\turi:URI\tstatus:STATUS\treferer:TEXT\tray:RAY',
  'PEER - - [CLF] "TEXT" "REQ" STATUS NUM "TEXT" "TEXT"',
  '[ISO] "REQ" STATUS NUM [WORD] "TEXT"',
  '"PEER" [ISO] "REQ" STATUS uht=HT "US"',
];

const COMBINED = '192.0.2.7 - - [20/Nov/2026:03:14:38 -0500] "GET / HTTP/1.1" 200 1 "-" "-"';

/** Ordinary rows, as people configure them. */
const ORDINARY: readonly (readonly [name: string, row: (n: number) => string])[] = [
  [
    'the time before the host',
    (n) =>
      `[2026-11-20T03:14:${String(10 + (n % 50))}+00:00] shop.example.com 192.0.2.7 "GET /cart/${n}?a=1 HTTP/1.1" 200 ${n} "https://example.com/?a=b" "Mozilla/5.0 (X11) Safari/605.1 [FBAN/x;FBAV/4]" rt=0.${n} us="200" uht="0.00${n % 10}"`,
  ],
  [
    'no names of users',
    (n) =>
      `198.51.100.20 [20/Nov/2026:03:14:${String(10 + (n % 50))} +0000] "GET /cart/${n} HTTP/1.0" 200 46210 "-" "gPXE/0.9.7" "${String(n).padStart(16, '0')}-FRA"`,
  ],
  [
    'Nginx Proxy Manager',
    (n) =>
      `[20/Nov/2026:03:14:${String(10 + (n % 50))} +0000] - 200 200 - GET https shop.example.com "/cart/${n}?x=1" [Client 192.0.2.7] [Length ${n}] [Gzip -] [Sent-to 198.51.100.9] "Mozilla/5.0 (X11)" "https://example.com/"`,
  ],
  [
    'names and values',
    (n) =>
      `time=2026-11-20T03:14:${String(10 + (n % 50))}+00:00 client=192.0.2.7 request="GET /cart/${n}?a=1&b=2 HTTP/1.1" status=200 bytes=${n} agent="Mozilla/5.0 (X11; like Gecko)"`,
  ],
  [
    'LTSV',
    (n) =>
      `time:[20/Nov/2026:03:14:${String(10 + (n % 50))} +0000]\thost:192.0.2.7\treq:GET /cart/${n}?a=1 HTTP/1.1\tstatus:200\tsize:${n}\tua:Mozilla/5.0 (X11)`,
  ],
];

describe('block reader of access logs in a text of their own', () => {
  it('comes to the same as the ordinary way for any rows at any block size', () => {
    fc.assert(
      fc.property(logsOf(VALUES, FORMS, [COMBINED]), (text) => {
        sameEitherWay(nginxAccess, text);
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    );
  });

  it.each(ORDINARY)('reads ordinary rows by itself: %s', (_, row) => {
    const rows = Array.from({ length: 200 }, (_row, n) => row(n));
    expect(sameEitherWay(nginxAccess, `${rows.join('\n')}\n`)).toBe(200);
  });

  it.each(ORDINARY)('reads failed and refused rows by itself: %s', (_, row) => {
    for (const status of [400, 403, 429, 499, 500, 502, 503, 504, 520]) {
      const rows = Array.from({ length: 20 }, (_row, n) => row(n).replaceAll('200', String(status)));
      expect(sameEitherWay(nginxAccess, rows.join('\r\n'))).toBe(20);
    }
  });

  it.each(ORDINARY)('checks every byte of a row: %s', (_, ordinary) => {
    const row = ordinary(1);
    const rows = [row, row, row, row, row, row];
    for (let at = 0; at < row.length; at++)
      for (const char of '" \\:,;=|#&[]-0.ex\t\u0001\u001b\u00a0')
        rows.splice(1, 0, row.slice(0, at) + char + row.slice(at + 1), row);
    const bytes = Buffer.from(rows.join('\n'));
    const weights = { ...EVERY_SECOND, ordinary: 4, refused: 1 };
    const reading = new BlockReading(nginxAccess, [], weights).byBlocks(bytes, 1 << 16);
    expect(reading === new BlockReading(nginxAccess, [], weights).byLines(bytes)).toBe(true);
  });

  it('stays linear on hostile lines', () => {
    const [, row] = ORDINARY[0] ?? [];
    if (row === undefined) throw new Error('no rows');
    const format: LineFormat = nginxAccess;
    for (const piece of ['"', '\\', '[', ']', '[Client ', '&', '#', ' msg=', ' "', ',', 'x']) {
      const text = piece.repeat(2_000_000 / piece.length);
      const bytes = Buffer.from([row(1), text, `[${text}`, row(2).replace('/cart', text), row(3)].join('\n'));
      const lines: number[] = [];
      const sink = {
        wantsRequest: () => false,
        count: () => {},
        line: (_bytes: Buffer, number: number) => lines.push(number) > 0,
      };
      const reader = format.openBlocks?.(sink as unknown as BlockSink);
      expect(inGoodTime(() => reader?.read(bytes, 0, bytes.length, 1))).toBe(5);
      expect(lines).toContain(2);
    }
  });
});
