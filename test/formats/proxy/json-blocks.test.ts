import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockSink, LineFormat } from '../../../src/formats/format.ts';
import { caddyAccess } from '../../../src/formats/proxy/caddy-access.ts';
import { nginxAccess } from '../../../src/formats/proxy/nginx-access.ts';
import { traefikAccess } from '../../../src/formats/proxy/traefik-access.ts';
import { BlockReading, EVERY_SECOND } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { logsOf, oftenThen, rowValues, sameEitherWay, type Values } from './row-logs.ts';

/** What may stand within the quotes of any value. */
const HOSTILE = [
  '',
  '-',
  '\\"',
  '\\\\',
  '\\/a',
  '\\u0022',
  '\\u00FF',
  '\\u00g0',
  '\\x22',
  '\\',
  'a\\"b',
  '"',
  'RayID',
  '\\"RayID',
  'resp_headers',
  'remote_addr',
  '__REALTIME_TIMESTAMP',
  '_SYSTEMD_UNIT',
  'ü',
  'a\u00a0b',
  'a\tb',
  '\u0001',
  '\u007f',
  '\u001b[31mred',
  '{"a":1}',
  '","status":"502',
  '&quot;',
  'null',
];

/** Numbers as JSON has them, and others. */
const NUMBERS = [
  '0',
  '-1',
  '00',
  '01',
  '1.',
  '.5',
  '1.50',
  '1e3',
  '1E-2',
  '1e',
  '+1',
  '-',
  '',
  'null',
  'true',
  '"1"',
  '[1]',
  '{}',
  '{"a":2}',
  '1 ',
];

const VALUES: Values = {
  ...rowValues(HOSTILE, {
    CLF: ['20\\/Nov\\/2026:03:14:38 -0500'],
    MSEC: NUMBERS,
    STATUS: ['200.0', '2e2', '"502"', ...NUMBERS],
    REQ: [
      '\\u0016\\u0003\\u0001',
      '\\u0047ET /a HTTP/1.1',
      'GET \\/a HTTP/1.1',
      'GET /a\\u0020b HTTP/1.1',
      'GET /a?\\"b HTTP/1.1',
    ],
    URI: ['/a\\u0020b', '\\/a', '/a?\\"b'],
  }),
  UTC: oftenThen(
    15,
    fc.integer({ min: 0, max: 999 }).map((n) => `2026-11-20T08:14:38.${String(n).padStart(3, '0')}635846Z`),
    '2026-11-20T08:14:59.999999999Z',
    '2026-11-20T08:15:00Z',
    '',
    '2026-11-20T03:14:38.395-05:00',
    '2026-11-20T08:14:38',
    ...HOSTILE,
  ),
  EPOCH: oftenThen(
    20,
    fc.integer({ min: 0, max: 9999 }).map((n) => `${1795162478 + n / 1000}`),
    '1795162478.1234567',
    '1795162478123',
    '1.795162478e9',
    '999999999',
    '100000000000',
    '"2026/11/20 03:14:38"',
    '"2026-11-20T03:14:38.123Z"',
    '"1795162478.123"',
    ...NUMBERS,
  ),
  NANOS: oftenThen(20, fc.integer({ min: 0, max: 9_999_999_999 }).map(String), '1234567890123456', ...NUMBERS),
  TEXT: oftenThen(10, fc.constantFrom('Mozilla/5.0 (X11; Linux x86_64) Firefox/102.0', 'curl/8.4.0'), ...HOSTILE),
  NUM: oftenThen(20, fc.constantFrom('0', '15342', '0.123', '-2.5e+3'), ...NUMBERS),
  HEADERS: fc
    .array(
      oftenThen(
        8,
        fc.constantFrom(
          '"User-Agent":["curl/8.4.0"]',
          '"Accept":["*/*","\\"x\\""]',
          '"Cf-Ray":["8f1a2b3c4d5e6f70-FRA"]',
          '"Cookie":["REDACTED"]',
          '"Cf-Connecting-Ip": ["192.0.2.7"]',
        ),
        '"Cf-Ray":"8f1a2b3c4d5e6f71-FRA"',
        '"Cf-Ray":["8F1A2B3C4D5E6F70-FRA"]',
        '"Cf-Ray":["8f1a2b3c4d5e6f7\\u0030"]',
        '"Cf-Ray":[]',
        '"Cf-Ray":[ "8f1a2b3c4d5e6f72"]',
        '"Cf-Ray":null',
        '"Cf-Ray":[["8f1a2b3c4d5e6f73"]]',
        '"Cf\\u002dRay":["8f1a2b3c4d5e6f74"]',
        '"cf-ray":["8f1a2b3c4d5e6f75"]',
        '"X":{"Cf-Ray":["8f1a2b3c4d5e6f76"]}',
        '"logger":"http.log.access"',
        '"__proto__":{"Cf-Ray":["8f1a2b3c4d5e6f77"]}',
        '"X":[tru]',
        '"X"',
      ),
      { maxLength: 4 },
    )
    .map((members) => `{${members.join(',')}}`),
};
const OWN = '"remote_addr":"192.0.2.7"';
const FORMS: readonly (readonly [LineFormat, readonly string[]])[] = [
  [
    nginxAccess,
    [
      `{"time":"ISO",${OWN},"request":"REQ","status":"STATUS","http_user_agent":"TEXT","upstream_addr":"ADDR","upstream_status":"US","request_time":NUM,"upstream_header_time":"HT","ray":"RAY"}`,
      '{"time_local": "CLF", "remote_addr": "192.0.2.7", "request": "REQ", "status": STATUS, "body_bytes_sent": NUM, "http_referer": "TEXT", "upstream_status": "US", "uht": "HT"}',
      `{"msec":MSEC,"time_iso8601":"ISO",${OWN},"request_method":"METHOD","request_uri":"URI","status":STATUS,"us":US,"uht":NUM}`,
      `{"msec":"MSEC",${OWN},"method":"METHOD","path":"URI","status":STATUS,"http_cf_ray":"RAY"}`,
      `{"@timestamp":"ISO","http":{"request":{"method":"METHOD","uri":"URI","x":{"status":"502"}},"response":{"status":STATUS}},"tags":["TEXT",NUM],${OWN},"tls":null,"ok":true}`,
      `{"time":"ISO",${OWN},"status":STATUS,"status":"STATUS","request":"REQ"}`,
      `{"time":"ISO",${OWN},"status":STATUS,"code":NUM,"request":"REQ","ray":"TEXT","cf_ray":"RAY"}`,
      `{"time":MSEC,${OWN},"status":STATUS,"request":"REQ","ua":"ADDR","us":"US","uht":"HT"}`,
      `{"time":"CLF","ua":"ADDR",${OWN},"status":STATUS,"request":"REQ","method":"METHOD","uri":"URI","us":"US","uht":"HT"}`,
      `{"1":"TEXT","time":"ISO",${OWN},"status":STATUS,"request":"REQ","upstream_response_time":NUM}`,
      `{"time":"ISO",${OWN},"message":"TEXT","agent":"TEXT","status":STATUS,"request":"REQ"}`,
      `{"log":"TEXT","stream":"stdout","time":"ISO",${OWN},"status":STATUS,"request":"REQ"}`,
      `{ "time":"ISO",${OWN},"status":STATUS ,"request":"REQ" }`,
      `{"time":"ISO",${OWN},"status":STATUS,"x":HEADERS,"request":"REQ","level":"info","msg":"TEXT"}`,
      '{"time":"ISO","name":"TEXT","status":STATUS,"request":"REQ","x":"remote_addr"}',
      `{"time":"ISO",${OWN},"st\\u0061tus":"502","status":STATUS,"request":"REQ"}`,
      `{"status":STATUS,"request":"REQ","time":"ISO",${OWN}}`,
    ],
  ],
  [
    caddyAccess,
    [
      '{"level":"info","ts":EPOCH,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.7","proto":"HTTP/1.1","method":"METHOD","host":"example.com","uri":"URI","headers":HEADERS,"tls":{"resumed":false,"version":NUM}},"bytes_read":0,"user_id":"TEXT","duration":NUM,"size":NUM,"status":STATUS,"resp_headers":HEADERS}',
      '{"level": "info", "ts": EPOCH, "logger": "http.log.access", "msg": "handled request", "request": {"method": "METHOD", "uri": "URI", "headers": HEADERS}, "status": STATUS, "size": NUM}',
      '{"level":"info","ts":EPOCH,"logger":"TEXT","msg":"TEXT","request":{"method":"METHOD","uri":"URI","headers":HEADERS},"status":STATUS}',
      '{"ts":EPOCH,"logger":"http.log.access","msg":"a","request":{"method":"METHOD","uri":"URI","headers":["TEXT"]},"status":STATUS}',
      '{"ts":EPOCH,"logger":"http.log.access","msg":"a","request>method":"METHOD","constructor":NUM,"request":{"uri":"URI","headers":HEADERS},"status":STATUS}',
      '{"ts":EPOCH,"logger":"http.log.access","msg":"a","request":{"method":"METHOD","uri":"URI"},"request":{"uri":"URI"},"status":STATUS}',
      '{"ts":EPOCH,"logger":"http.log.access","msg":"a","request":{"method":"METHOD","uri":"URI","headers":HEADERS,"headers":HEADERS},"status":STATUS}',
    ],
  ],
  [
    traefikAccess,
    [
      '{"ClientAddr":"TEXT","ClientHost":"192.0.2.7","DownstreamContentSize":NUM,"DownstreamStatus":STATUS,"Duration":NANOS,"OriginStatus":NUM,"RequestHost":"example.com","RequestMethod":"METHOD","RequestPath":"URI","RouterName":"a@docker","ServiceAddr":"ADDR","StartLocal":"ISO","StartUTC":"UTC","level":"info","msg":"TEXT","request_Cf-Ray":"RAY","time":"UTC"}',
      '{"ClientHost": "192.0.2.7", "DownstreamStatus": STATUS, "Duration": NANOS, "RequestMethod": "METHOD", "RequestPath": "URI", "StartUTC": "UTC", "time": "UTC", "msg": ""}',
      '{"DownstreamStatus":STATUS,"Duration":NANOS,"RequestMethod":"METHOD","RequestPath":"URI","StartLocal":"ISO","time":"UTC"}',
      '{"DownstreamStatus":STATUS,"RequestMethod":"METHOD","RequestPath":"URI","StartUTC":"UTC","time":"UTC"}',
      '{"DownstreamStatus":STATUS,"Duration":NANOS,"RequestMethod":"METHOD","RequestPath":"URI","StartUTC":"UTC","ServiceURL":{"Host":"ADDR","DownstreamStatus":NUM}}',
      '{"x":{"DownstreamStatus":200},"DownstreamStatus":"STATUS","Duration":NANOS,"RequestMethod":"METHOD","RequestPath":"URI","StartUTC":"UTC"}',
    ],
  ],
];

const STRANGERS = [
  '{',
  '}',
  '{}',
  '{"a":1}',
  '192.0.2.7 - - [20/Nov/2026:03:14:38 -0500] "GET / HTTP/1.1" 200 1 "-" "-"',
];

/** An ordinary row of each format, as most write it. */
const ORDINARY: readonly (readonly [name: string, format: LineFormat, row: (n: number) => string])[] = [
  [
    'nginx',
    nginxAccess,
    (n) =>
      `{"time":"2026-11-20T03:14:${String(10 + (n % 50))}+00:00","remote_addr":"192.0.2.7","request":"GET /cart/${n}?a=1 HTTP/1.1","status":200,"body_bytes_sent":${n},"http_referer":"","http_user_agent":"a \\"quoted\\" one","upstream_status":"200","upstream_header_time":"0.${n}","request_time":0.1}`,
  ],
  [
    'nginx with blanks and $msec',
    nginxAccess,
    (n) =>
      `{"msec": "17951624${10 + (n % 50)}.250", "method": "GET", "uri": "/cart/${n}", "status": "200", "remote_addr": "192.0.2.7", "ray": "${String(n).padStart(16, '0')}-FRA"}`,
  ],
  [
    'Caddy',
    caddyAccess,
    (n) =>
      `{"level":"info","ts":${1795162400 + n}.25,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.7","method":"GET","host":"example.com","uri":"/cart/${n}","headers":{${n % 2 === 0 ? '"Accept":["*/*"],' : ''}"Sec-Ch-Ua":["\\"Chromium\\";v=\\"122\\""]${n % 3 === 0 ? `,"Cf-Ray":["${String(n).padStart(16, '0')}-FRA"]` : ''}}},"duration":0.1,"size":${n},"status":200,"resp_headers":{"Server":["Caddy"]}}`,
  ],
  [
    'Traefik',
    traefikAccess,
    (n) =>
      `{"ClientHost":"192.0.2.7","DownstreamStatus":200,"Duration":${123456 * n},"RequestMethod":"GET","RequestPath":"/cart/${n}","StartUTC":"2026-11-20T08:14:38.39563584${n % 10}Z","level":"info","msg":"","time":"2026-11-20T08:14:38Z"}`,
  ],
];

describe('block reader of access logs in JSON', () => {
  it.each(FORMS)('comes to the same as the ordinary way for any rows at any block size: $id', (format, forms) => {
    fc.assert(
      fc.property(logsOf(VALUES, forms, STRANGERS), (text) => {
        sameEitherWay(format, text);
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    );
  });

  it.each(ORDINARY)('reads ordinary rows by itself: %s', (_, format, row) => {
    const rows = Array.from({ length: 200 }, (_row, n) => row(n));
    expect(sameEitherWay(format, `${rows.join('\n')}\n`)).toBe(200);
  });

  it.each(ORDINARY)('reads failed and refused rows by itself: %s', (_, format, row) => {
    for (const status of [400, 403, 429, 499, 500, 502, 503, 504, 520]) {
      const failed = (n: number): string => row(n).replace(/(tatus": ?"?)200/g, `$1${status}`);
      const rows = Array.from({ length: 20 }, (_row, n) => failed(n));
      expect(sameEitherWay(format, rows.join('\r\n'))).toBe(20);
    }
  });

  it.each(ORDINARY)('checks every byte of a row: %s', (_, format, ordinary) => {
    const row = ordinary(1);
    const rows = [row, row];
    for (let at = 0; at < row.length; at++)
      for (const char of '" \\:,{}[]-0.ex\u0001\u00a0') rows.push(row.slice(0, at) + char + row.slice(at + 1), row);
    const bytes = Buffer.from(rows.join('\n'));
    const weights = { ...EVERY_SECOND, ordinary: 4, refused: 1 };
    const reading = new BlockReading(format, [], weights).byBlocks(bytes, 1 << 16);
    expect(reading === new BlockReading(format, [], weights).byLines(bytes)).toBe(true);
  });

  it('stays linear on hostile lines', () => {
    const [, format, row] = ORDINARY[2] ?? [];
    if (format === undefined || row === undefined) throw new Error('no rows');
    for (const piece of ['"', '\\', '{', '[', '{"a":', ',', '1', '""', '\\u0041', 'x']) {
      const text = piece.repeat(5_000_000 / piece.length);
      const bytes = Buffer.from([row(1), text, `{"${text}`, row(2).replace('*/*', text), row(3)].join('\n'));
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
