import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../src/formats/format.ts';
import { stringEnd, viewOf, writeLine } from '../../src/formats/json-strings.ts';
import { caddy } from '../../src/formats/proxy/caddy.ts';
import { caddyAccess } from '../../src/formats/proxy/caddy-access.ts';
import { nginxAccess } from '../../src/formats/proxy/nginx-access.ts';
import { nginxError } from '../../src/formats/proxy/nginx-error.ts';
import { traefik } from '../../src/formats/proxy/traefik.ts';
import { traefikAccess } from '../../src/formats/proxy/traefik-access.ts';
import { cloudflared } from '../../src/formats/tunnel/cloudflared.ts';
import { BlockReading } from '../digest/block-reading.ts';

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (second: number): string =>
  `${two(8 + Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;

const utc = (second: number): string => `2026-11-20T${clock(second)}`;

type Wrap = (line: string, second: number, i: number) => string;
const docker = (line: string, second: number, fraction: string): string =>
  `${JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: `2026-11-20T${clock(second)}${fraction}Z` })
    .replaceAll('<', '\\u003c')
    .replaceAll('&', '\\u0026')}`;
const journal = (line: string, second: number, i: number, unit: string): string => {
  const us = `${Date.parse(`2026-11-20T${clock(second)}Z`) / 1000}${String((i * 7919) % 1e6).padStart(6, '0')}`;
  return JSON.stringify({
    __CURSOR: `s=0f2d;i=${i.toString(16)};t=${Number(us).toString(16)}`,
    __REALTIME_TIMESTAMP: us,
    _HOSTNAME: 'web1',
    PRIORITY: String(3 + (i % 4)),
    _SELINUX_CONTEXT: 'unconfined\n',
    _SYSTEMD_UNIT: unit,
    MESSAGE: line,
    SYSLOG_IDENTIFIER: line.startsWith('2026-') ? 'cloudflared' : 'nginx',
    _PID: '731',
  });
};
const nanoseconds = (i: number): string => `.${String((i * 7_919_531) % 1e9).padStart(9, '0')}`;

const WRAPS: Readonly<Record<string, Wrap>> = {
  "docker's JSON": (line, second, i) => docker(line, second, nanoseconds(i)),
  "docker's JSON with blanks": (line, second) =>
    `{"log": ${JSON.stringify(`${line}\n`)}, "stream": "stderr", "time": "2026-11-20T${clock(second)}.5Z"}`,
  "the journal's JSON": (line, second, i) => journal(line, second, i, `http${i % 3}`),
  "the journal's JSON, message last": (line, second, i) => {
    const { MESSAGE, ...others } = JSON.parse(journal(line, second, i, 'a"b'));
    return JSON.stringify({ ...others, _PID: String(7 + (i % 2)), MESSAGE }).replaceAll('":"', '": "');
  },
  CRI: (line, second, i) => `2026-11-20T${clock(second)}${nanoseconds(i)}Z ${i % 3 ? 'stdout' : 'stderr'} F ${line}`,
  'docker logs -t': (line, second, i) => `2026-11-20T${clock(second)}${nanoseconds(i).slice(0, 8 + (i % 3))}Z ${line}`,
  'docker compose logs': (line, _, i) => `web-${1 + (i % 2)}  | ${line}`,
  'kubectl logs --prefix': (line) => `[pod/web-7d9c5b6f4-x2x9q/nginx] ${line}`,
  'syslog of two machines': (line, second, i) =>
    `<190>Nov 20 ${clock(second)} web${1 + (Math.floor(i / 9) % 2)} nginx: ${line}`,
  'ISO heads of syslog': (line, second, i) =>
    `2026-11-20T${clock(second)}.${100 + (i % 900)}+01:00 web1 nginx[${7 + (i % 2)}]: ${line}`,
  'grep -n': (line, _, i) => `access.log:${i}:${line}`,
  'nothing at all': (line) => line,
};

const row = (second: number, status: number, path: string): string =>
  `192.0.2.7 - - [20/Nov/2026:${clock(second)} +0000] "GET /${path} HTTP/1.1" ${status} 157 "-" "curl/8.5.0" rt=0.010 us="${status}"`;
const error = (second: number): string =>
  `2026/11/20 ${clock(second)} [error] 7#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /cart HTTP/1.1", upstream: "http://127.0.0.1:3000/cart", host: "www.example.com"`;

const paths = fc.constantFrom(
  'cart',
  'a?b=<c>&d',
  'é',
  'a\\x22b',
  'x&quot;y',
  'tab\there',
  'p | q',
  '\u001b[31mred',
  'nbsp\u00a0',
);
const lines: fc.Arbitrary<(second: number) => string> = fc.oneof(
  { weight: 12, arbitrary: paths.map((path) => (second: number) => row(second, 200, path)) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(403, 404, 499, 502, 504)
      .map((status) => (second: number) => row(second, status, 'cart')),
  },
  { weight: 3, arbitrary: fc.constant(error) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '',
        ' ',
        'junk',
        '{"a":1}',
        '#0 /app/index.php(12): run()',
        '{"log":"cut',
        'a\rb',
        '\\',
        '"',
        'message repeated 2 times: [ x]',
      )
      .map((text) => () => text),
  },
);
const wraps = fc.constantFrom(...Object.values(WRAPS));
/** Logs of such lines; `oddOnes`: in how many of 13 lines something else carries the line. */
const logsOf = (any: fc.Arbitrary<(second: number) => string>, oddOnes = 1): fc.Arbitrary<Buffer> =>
  fc
    .record({
      wrap: wraps,
      rows: fc.array(
        fc.record({
          line: any,
          odd: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: oddOnes, arbitrary: wraps }),
          step: fc.constantFrom(0, 0, 0, 1, 7, 61),
          end: fc.constantFrom('\n', '\n', '\n', '\r\n'),
        }),
        { minLength: 1, maxLength: 60 },
      ),
      cut: fc.nat({ max: 30 }),
    })
    .map(({ wrap, rows, cut }) => {
      let second = 600;
      const text = rows.map(({ line, odd, step, end }, i) => {
        second += step;
        return `${(odd ?? wrap)(line(second), second, i)}${end}`;
      });
      const bytes = Buffer.from(text.join(''));
      return bytes.subarray(0, bytes.length - cut);
    });

describe('wrapped lines', () => {
  it('are read by blocks as they are line by line, whatever carries them and stands among them', () => {
    fc.assert(
      fc.property(
        logsOf(lines),
        fc.constantFrom(1, 13, 300, 2000, 1 << 20),
        fc.constantFrom([], [nginxError]),
        (bytes, blockBytes, beside) => {
          const byLines = new BlockReading(nginxAccess, beside).byLines(bytes);
          expect(new BlockReading(nginxAccess, beside).byBlocks(bytes, blockBytes, true)).toBe(byLines);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are read by blocks where error entries stand among rows, bare or wrapped', () => {
    const rowsAndEntries = logsOf(
      fc.oneof(
        { weight: 8, arbitrary: lines },
        { weight: 6, arbitrary: entries },
        { weight: 1, arbitrary: fc.constantFrom(...GOING_ON, ...FORGED).map((line) => () => line) },
      ),
    );
    fc.assert(
      fc.property(
        rowsAndEntries,
        fc.constantFrom(1, 300, 2000, 1 << 20),
        fc.boolean(),
        (bytes, blockBytes, isWrapped) => {
          const byLines = new BlockReading(nginxAccess, [nginxError]).byLines(bytes);
          expect(new BlockReading(nginxAccess, [nginxError]).byBlocks(bytes, blockBytes, isWrapped)).toBe(byLines);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(WRAPS).filter(([name]) => !/grep|nothing/.test(name)))(
    'are read from their bytes in %s',
    (_name, wrap) => {
      const text = Array.from({ length: 2000 }, (_, i) => {
        const second = 600 + Math.floor(i / 10);
        return `${wrap(i % 2 ? row(second, i % 20 ? 200 : 502, `item/${i}`) : error(second), second, i)}\n`;
      });
      const bytes = Buffer.from(text.join(''));
      const reading = new BlockReading(nginxAccess, [nginxError]);
      expect(reading.byBlocks(bytes, 20_000, true)).toBe(new BlockReading(nginxAccess, [nginxError]).byLines(bytes));
      expect(reading.readByBlocks).toBeGreaterThan(1700);
    },
  );
});

const context = ', client: 192.0.2.7, server: www.example.com, request: "GET /cart HTTP/1.1", host: "www.example.com"';
/** What stands behind the head of an entry, and lines of an entry that goes on. */
const ENTRIES = [
  `upstream timed out (110: Connection timed out) while connecting to upstream${context}`,
  `SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 172.70.1.2, server: 0.0.0.0:443`,
  `FastCGI sent in stderr: "PHP message: PHP Warning:  a in /a.php on line 4; PHP message: PHP Fatal error:  Allowed memory size of 1 bytes exhausted in /b.php on line 9" while reading response header from upstream${context}`,
  'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Exception: boom in /var/www/html/index.php:12',
  'FastCGI sent in stderr: "Primary script unknown',
  `open() "/var/www/é" failed (2: No such file or directory)${context}`,
  `connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: _, request: "GET /`,
  `no live upstreams while connecting to upstream${context} &quot;`,
  `no live upstreams while connecting to upstream${context}\u001b[0m`,
  `no live upstreams while connecting to upstream${context},`,
  'signal process started',
  'something',
  '',
] as const;
/** Rows that quote the head of an entry, and entries that quote the beginning of a row. */
const FORGED = [
  '192.0.2.7 - - [20/Nov/2026:08:10:14 +0000] "GET /a HTTP/1.1" 200 1 "-" "2026/11/20 08:10:14 [error] 7#7: *3 no live upstreams"',
  'example.com:443 192.0.2.7 - - [20/Nov/2026:08:10:14 +0000] "GET / HTTP/1.1" 200 1 "-" "2026/11/20 08:10:14 [error] 7#7: *3 x"',
  `2026/11/20 08:10:14 [error] 7#7: *3 no live upstreams while connecting to upstream, client: 192.0.2.7, server: _, request: "GET /?[20/Nov/2026:08:10:14 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`,
  `2026/11/20 08:10:14 [error] 7#7: *3 no live upstreams while connecting to upstream, client: 192.0.2.7, server: _, request: "GET / [20/Nov/2026:08:10:14 +0000] "GET / HTTP/1.1" 200 1", host: "a"`,
] as const;
const GOING_ON = ['Stack trace:', '#0 /a.php(9): b()', '#1 {main}', `" while reading upstream${context}`, ''] as const;
const entries: fc.Arbitrary<(second: number) => string> = fc
  .record({
    message: fc.constantFrom(...ENTRIES),
    head: fc.constantFrom('[error] 7#7: *3 ', '[error] 7#7: *4 ', '[notice] 7#7: ', '[warn] 7 # 7: '),
    width: fc.constantFrom(0, 0, 0, 0, 72, 100),
  })
  .map(({ message, head, width }) => (second: number) => {
    const line = `2026/11/20 ${clock(second)} ${head}${message}`;
    return width > line.length ? line.padEnd(width, 'x') : line;
  });
const errorLogs = logsOf(
  fc.oneof(
    { weight: 12, arbitrary: entries },
    { weight: 3, arbitrary: fc.constantFrom(...GOING_ON).map((line) => () => line) },
    { weight: 1, arbitrary: lines },
  ),
);

const unreachable =
  'error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: EOF"';
const TUNNEL_LINES = [
  `ERR  ${unreachable} connIndex=2 event=1 ingressRule=0 originService=http://localhost:8080`,
  `ERR Request failed ${unreachable} connIndex=2 dest=https://app.example.com/cart event=0 ip=198.41.200.193 type=http`,
  'DBG GET https://app.example.com/cart HTTP/1.1 connIndex=1 content-length=0 event=1 headers={"Cf-Ray":["9043aabbccdd5d0c-AMS"]} host=app.example.com ingressRule=0 originService=http://localhost:8080 path=/cart',
  'DBG 200 OK connIndex=1 content-length=12 event=1 ingressRule=0 originService=http://localhost:8080',
  'INF Registered tunnel connection connIndex=1 connection=d469b277-5424-4ff9-9bc1-b2fbd400faed event=0 ip=198.41.200.13 location=fra15 protocol=quic',
  'WRN Connection terminated error="timeout: no recent network activity" connIndex=1',
  'INF Initiating graceful shutdown due to signal terminated ...',
] as const;
const tunnelLogs = logsOf(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(...TUNNEL_LINES).map((said) => (second: number) => `${utc(second)}Z ${said}`),
    },
    { weight: 1, arbitrary: lines },
  ),
  // The two lines of a failed request come the same way.
  0,
);

describe.each([
  ["entries of nginx's error log", nginxError, errorLogs],
  ["cloudflared's lines", cloudflared, tunnelLogs],
] as const)('%s', (_what, format, logs) => {
  it('are read by blocks as they are line by line, whatever carries them', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom(1, 300, 2000, 1 << 20), (bytes, blockBytes) => {
        const byLines = new BlockReading(format).byLines(bytes);
        expect(new BlockReading(format).byBlocks(bytes, blockBytes, true)).toBe(byLines);
      }),
      { numRuns: 200 },
    );
  });

  it.each(Object.entries(WRAPS).filter(([name]) => !/grep|nothing/.test(name)))(
    'are read from their bytes in %s',
    (name, wrap) => {
      const text = Array.from({ length: 1000 }, (_, i) => {
        const second = 600 + Math.floor(i / 10);
        const line = format === nginxError ? error(second) : `${utc(second)}Z ${TUNNEL_LINES[i % 4]}`;
        return `${wrap(line, second, i)}\n`;
      });
      const bytes = Buffer.from(text.join(''));
      const byLines = new BlockReading(format).byLines(bytes);
      const reading = new BlockReading(format);
      expect(reading.byBlocks(bytes, 20_000, true)).toBe(byLines);
      // What names the program or the machine is read by cloudflared's own reader.
      if (format === nginxError || !/syslog/.test(name)) expect(reading.readByBlocks).toBeGreaterThan(850);
    },
  );
});

const JSON_ROWS: readonly (readonly [LineFormat, LineFormat, (second: number, status: number) => string, string])[] = [
  [
    nginxAccess,
    nginxError,
    (second, status) =>
      `{"time":"${utc(second)}+00:00","remote_addr":"192.0.2.7","request":"GET /cart?a=<b> HTTP/1.1","status":"${status}","upstream_status":"${status}","request_time":"0.010","host":"example.com"}`,
    error(600),
  ],
  [
    caddyAccess,
    caddy,
    (second, status) =>
      `{"level":"info","ts":${Date.parse(`${utc(second)}Z`) / 1000},"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.7","remote_port":"1","proto":"HTTP/1.1","method":"GET","host":"example.com","uri":"/cart","headers":{"User-Agent":["curl/8.5.0"]}},"bytes_read":0,"user_id":"","duration":0.1,"size":157,"status":${status},"resp_headers":{"Server":["Caddy"]}}`,
    `{"level":"error","ts":${Date.parse(`${utc(600)}Z`) / 1000},"logger":"http.log.error","msg":"dial tcp 127.0.0.1:3000: connect: connection refused","request":{"method":"GET","host":"example.com","uri":"/cart"},"duration":0.001,"status":502}`,
  ],
  [
    traefikAccess,
    traefik,
    (second, status) =>
      `{"ClientAddr":"192.0.2.7:1","ClientHost":"192.0.2.7","DownstreamContentSize":157,"DownstreamStatus":${status},"Duration":123456,"OriginStatus":${status},"RequestHost":"example.com","RequestMethod":"GET","RequestPath":"/cart","RequestProtocol":"HTTP/1.1","ServiceName":"web@docker","StartUTC":"${utc(second)}.5Z","time":"${utc(second)}Z","level":"info","msg":""}`,
    `time="${utc(600)}Z" level=error msg="Provider connection error"`,
  ],
];

describe.each(JSON_ROWS)('rows of $id in JSON', (format, beside, jsonRow, otherLine) => {
  it.each(["docker's JSON", 'CRI', 'docker compose logs', 'ISO heads of syslog', 'nothing at all'])(
    'are read from their bytes among other lines in %s',
    (name) => {
      const wrap = WRAPS[name] ?? ((line) => line);
      const text = Array.from({ length: 1000 }, (_, i) => {
        const second = 600 + Math.floor(i / 10);
        return `${wrap(i % 40 ? jsonRow(second, i % 20 ? 200 : 502) : otherLine, second, i)}\n`;
      });
      const bytes = Buffer.from(text.join(''));
      const byLines = new BlockReading(format, [beside]).byLines(bytes);
      for (const blockBytes of [777, 20_000]) {
        const reading = new BlockReading(format, [beside]);
        expect(reading.byBlocks(bytes, blockBytes, name !== 'nothing at all')).toBe(byLines);
        expect(reading.readByBlocks).toBeGreaterThan(850);
      }
    },
  );
});

describe("the journal's JSON", () => {
  const inserted = fc.constantFrom(
    ...[
      '"',
      '\\',
      '\\n',
      '\u0001',
      'é',
      '\u00a0',
      ',',
      '{',
      '}',
      ' ',
      '[',
      '9',
      '"MESSAGE":"x",',
      '"log":"y",',
      '&quot;',
    ],
  );
  const changes = fc.array(fc.tuple(fc.nat(700), inserted), { maxLength: 2 });

  it.each([
    ['access rows', nginxAccess, (second: number) => row(second, second % 3 ? 200 : 502, 'cart')],
    ['error entries', nginxError, error],
    ["cloudflared's lines", cloudflared, (second: number) => `${utc(second)}Z ${TUNNEL_LINES[second % 7]}`],
  ] as const)('is read by blocks as line by line, whatever was written into it: %s', (_what, format, line) => {
    fc.assert(
      fc.property(
        fc.array(changes, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(1, 1 << 20),
        (all, blockBytes) => {
          const text = all.map((own, i) => {
            let object = journal(line(600 + (i >> 1)), 600 + (i >> 1), i, 'a.service');
            for (const [at, insert] of own) object = object.slice(0, at) + insert + object.slice(at);
            return `${object}\n`;
          });
          const bytes = Buffer.from(text.join(''));
          const byLines = new BlockReading(format).byLines(bytes);
          expect(new BlockReading(format).byBlocks(bytes, blockBytes, true)).toBe(byLines);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const written = (text: string, isFed = true): string | null => {
  const bytes = Buffer.from(text);
  const target = Buffer.alloc(bytes.length + 4);
  const end = writeLine(viewOf(target), 0, viewOf(bytes), 0, bytes.length, isFed);
  return end < 0 ? null : target.toString('utf8', 0, end);
};

describe('writeLine', () => {
  const pieces = fc.constantFrom(
    'a',
    'ab',
    'é',
    '"',
    '\\',
    '\\"',
    '\\\\',
    '\\/',
    '\\n',
    '\\t',
    '\\r',
    '\\u003c',
    '\\u00e9',
    '\\u0000',
    '\\u00',
    '\u0001',
    '\t',
    '€',
    '\\x',
  );

  it('gives what JSON.parse gives, or leaves it to it', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const line = written(text);
        if (line !== null) expect(JSON.parse(`"${text}"`)).toBe(`${line}\n`);
        const unfed = written(text, false);
        if (unfed !== null) expect(JSON.parse(`"${text}"`)).toBe(unfed);
      }),
    );
  });

  it('reads every line that docker writes plainly', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '/', '<', '\t', 'ü', ' ') }), (line) => {
        const string = JSON.stringify(`${line}\n`).replaceAll('<', '\\u003c');
        expect(written(string.slice(1, -1))).toBe(line);
        expect(stringEnd(Buffer.from(string), 1, Buffer.byteLength(string))).toBe(Buffer.byteLength(string) - 1);
      }),
    );
  });
});
