import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { PHP_OWN_MESSAGES } from '../../../src/formats/app/php-messages.ts';
import { phpTelling } from '../../../src/formats/app/php-telling.ts';
import type { LineFormat } from '../../../src/formats/format.ts';
import { nginxError, openErrorBlocks } from '../../../src/formats/proxy/nginx-error.ts';
import { EntryCounter } from '../../../src/scan/entry-counter.ts';
import { BlockReading, sameByBlocks } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { MESSAGE_SAMPLES } from './nginx-message-samples.ts';

/** The same without the counter. */
const readEach: LineFormat = { ...nginxError, openBlocks: (sink) => openErrorBlocks(sink, false) };

/** Lines that the largest block read from bytes. */
function sameEitherWay(log: string): number {
  const bytes = Buffer.from(log, 'latin1');
  return sameByBlocks(
    bytes,
    () => new BlockReading(nginxError),
    () => new BlockReading(readEach),
  ).readByBlocks;
}

const pick = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const clients = fc.oneof(
  pick('203.0.113.9', '172.70.1.2', '2001:db8::7', '2606:4700::1', 'unix:', ''),
  pick(
    '127.0.0.1',
    '::1',
    '127.000.0.1',
    '::ffff:172.70.1.2',
    '2C0F:F248::1',
    '2400:cb00',
    '1.2.3',
    '300.1.2.3',
    '172.70.1.2.3',
  ),
);
const contexts = fc.oneof(
  {
    arbitrary: clients.map(
      (client) =>
        `, client: ${client}, server: www.example.com, request: "GET /a?b=1&c=2 HTTP/1.1", upstream: "http://127.0.0.1:8080/a", host: "www.example.com"`,
    ),
    weight: 6,
  },
  clients.map((client) => `, client: ${client}, server: 0.0.0.0:443`),
  pick(
    '',
    ', server: www.example.com',
    ', udp client: 203.0.113.9, server: 0.0.0.0:53',
    ', client: () 203.0.113.9, server: x, request: "connect () "',
    ', client: // x, request: "connect () "',
    ', client: 203.0.113.9, server: _, request: "GET /x, client: 192.0.2.1, server: y, HTTP/1.1", host: &quot;x&quot;',
    ', client: 203.0.113.9, server: _, request: "GET /\u001b[31m HTTP/1.1", host: "b\u00c3\u00bc.example"',
    ', client: 203.0.113.9, request: "GET /" HTTP/1.1", host: "x",',
    ', client: 203.0.113.9, server: x, request: "GET / HTTP/1.1", upstream: &#34;http://a&#34;, host: &#34;x&#34;',
  ),
);
const traces = pick(
  'PHP message: PHP Fatal error:  Uncaught Exception: boom in /var/www/html/index.php:12\nStack trace:\n#0 /var/www/html/index.php(9): foo()\n#1 {main}\n  thrown in /var/www/html/index.php on line 12',
  'PHP message: PHP Warning:  Undefined array key 3 in /var/www/html/a.php on line 4',
  'PHP message: PHP Warning:  a in /var/www/a.php on line 4; PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/html/b.php on line 9',
  'PHP message: PHP Warning:  x in /a.php on line 4\nPHP message: PHP Notice:  y in /a.php on line 5',
  'Primary script unknown',
  'PHP message: Gr\u00c3\u00b6\u00c3\u009fe " while reading the moon" & more',
  'PHP message: a" while \nb',
  'PHP message: a\n2026/11/20 nothing\n203.0.113.9 - - [20/Nov/2026:08:14:38 +0000] "GET /',
  'PHP message: a\n\n#0 b c [20/Nov/2026:08:14:38',
  'something of a program () connect ()',
  '',
);
const stderrs = fc
  .tuple(traces, pick('" while reading response header from upstream', '" while reading upstream', '"', ''))
  .map(([text, close]) => ({ message: `FastCGI sent in stderr: "${text}${close}`, level: 'error' }));
const messages = fc
  .oneof(
    {
      arbitrary: fc.constantFrom(
        ...MESSAGE_SAMPLES.slice(0, 12),
        ...MESSAGE_SAMPLES.filter(({ row }) => /client-tls|limit|open|exit/.test(row)),
      ),
      weight: 3,
    },
    { arbitrary: fc.constantFrom(...MESSAGE_SAMPLES), weight: 5 },
  )
  .map(({ message, phase, level }) => ({
    message: `${message}${phase === undefined ? '' : ` while ${phase}`}`,
    level: level ?? 'error',
  }));
const heads = fc
  .tuple(
    fc.oneof({ arbitrary: fc.integer({ min: 0, max: 400 }), weight: 9 }, fc.integer({ min: 0, max: 90_000 })),
    fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 8 },
      pick('error', 'emerg', 'warn', 'info', 'debug', 'fatal'),
    ),
    fc.oneof(
      { arbitrary: pick('12#12: *3 ', '12#12: ', '4021#4021: *91234 '), weight: 8 },
      pick('12 # 12: ', '12#12:*4 ', '12#12: _4 ', '12#12: * 4 ', '12345678901#1: ', '12#12: **'),
    ),
  )
  .map(([second, level, process]) => (own: string) => {
    const clock = new Date(Date.UTC(2026, 10, 20, 3) + second * 1000).toISOString();
    return `${clock.slice(0, 10).replaceAll('-', '/')} ${clock.slice(11, 19)} [${level ?? own}] ${process}`;
  });
const entries = fc
  .tuple(heads, fc.oneof({ arbitrary: messages, weight: 5 }, stderrs), contexts)
  .map(([head, { message, level }, context]) => `${head(level)}${message}${context}`);
const strays = pick(
  '',
  ' ',
  '#1 /a.php(3): x()',
  'upstream timed out (110: Connection timed out) while connecting to upstream, client: 203.0.113.9',
  'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
  '[error] 1#1: *2 no live upstreams while connecting to upstream, client: 203.0.113.9',
  'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok',
  '{"level":"info"}',
  'web-1  | 2026/11/20 03:00:00 [error] 1#1: *2 no live upstreams while connecting to upstream, client: 203.0.113.9',
  '```',
  '2026/13/45 99:99:99 [error] 1#1: *2 no live upstreams while connecting to upstream, client: 203.0.113.9',
);
/** A change to a line: cut, doubled, or with bytes put in. */
const changes = fc.oneof(
  { arbitrary: fc.constant((line: string) => line), weight: 12 },
  fc.nat(400).map((at) => (line: string) => line.slice(0, at)),
  fc
    .tuple(
      fc.nat(300),
      pick(
        '"',
        ' ',
        ', ',
        '\0',
        '\r',
        '\u001b[31m',
        '&quot;',
        '&amp;',
        '#033[0m',
        '\u00c2\u00a0',
        '\u00ff',
        ' while ',
        ' (',
        ', client: ',
        ': /',
        ' () ',
        '\t',
        '#',
        'x'.repeat(2100),
      ),
    )
    .map(
      ([at, text]) =>
        (line: string) =>
          line.slice(0, at) + text + line.slice(at),
    ),
);
const lines = fc
  .tuple(
    fc.oneof({ arbitrary: entries, weight: 12 }, strays),
    changes,
    fc.oneof({ arbitrary: fc.constant('\n'), weight: 12 }, fc.constant('\r\n')),
  )
  .map(([line, change, feed]) => change(line) + feed);
const logs = fc
  .tuple(fc.array(lines, { minLength: 20, maxLength: 60 }), fc.boolean())
  .map(([all, fed]) => (fed ? all.join('') : all.join('').slice(0, -1)));

/** A few lines again and again, in the order of their seconds, but for some. */
const busyLogs = fc
  .tuple(logs, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 4, max: 40 }))
  .map(([log, count, apart]) => {
    const few = log.split('\n').slice(0, count);
    return Array.from({ length: 400 }, (_, i) => {
      const second = Math.floor(i / apart) - (i % 97 === 96 ? 5 : 0) - (i % 211 === 210 ? 200 : 0);
      const clock = new Date(Date.UTC(2026, 10, 20, 3, 10, second)).toISOString().slice(11, 19);
      const line = few[(i * 7) % count] ?? '';
      return line.replace(/^(2026\/11\/20 )\d\d:\d\d:\d\d/, `$1${clock}`).replace('#12: *3 ', `#12: *${i} `);
    }).join('\n');
  });

/** What PHP says: samples, cut and put together, with texts of the table in between, over several lines. */
const phpWords = fc.oneof(
  { arbitrary: fc.constantFrom(...PHP_OWN_MESSAGES.map(({ sample }) => sample)), weight: 4 },
  { arbitrary: fc.constantFrom(...phpTelling().map(({ text }) => text)), weight: 2 },
  pick(
    'PHP Warning:  ',
    'PHP Fatal error:  ',
    ' ',
    '  ',
    ';',
    '&',
    '&quot;',
    '" while ',
    'Gr\u00c3\u00b6\u00c3\u009fe',
    '\u00c2\u00a0',
  ),
  pick(
    '\nStack trace:\n#0 /a.php(9): b()\n#1 {main}\n  thrown in /a.php on line 1',
    '\n#0 {main}',
    '\nx',
    '\nPHP Notice:  y',
    '\n',
  ),
  pick(' [20/Nov', ' () ', '#033[0m', 'PHP message: ', '; PHP message: PHP Notice:  z', '\r', '\u001b[31m', '\u007f'),
);
const phpEntries = fc
  .tuple(
    fc.array(fc.tuple(phpWords, fc.nat(80)), { minLength: 1, maxLength: 3 }),
    fc.oneof({ arbitrary: fc.constant('PHP message: PHP '), weight: 5 }, pick('PHP message: ', 'PHP ', '')),
    fc.oneof(
      { arbitrary: fc.constant('" while reading response header from upstream'), weight: 5 },
      pick('" while reading upstream', '" while ', '"'),
    ),
    contexts,
  )
  .map(([words, mark, close, context]) => {
    const said = words
      .map(([word, cut]) => (cut < 8 ? word.slice(cut) : cut < 16 ? word.slice(0, -cut) : word))
      .join('');
    return `FastCGI sent in stderr: "${mark}${said.replace(/^PHP /, '')}${close}${context}`;
  });
const phpLogs = fc
  .tuple(fc.array(phpEntries, { minLength: 1, maxLength: 6 }), fc.integer({ min: 4, max: 40 }))
  .map(([few, apart]) =>
    Array.from({ length: 300 }, (_, i) => {
      const clock = new Date(Date.UTC(2026, 10, 20, 3, 10, Math.floor(i / apart))).toISOString().slice(11, 19);
      return `2026/11/20 ${clock} [error] 12#12: *${i} ${few[i % few.length]}\n`;
    }).join(''),
  );

describe('reading an nginx error log from its bytes', () => {
  it('gives the digest of the ordinary way, at every block size', () => {
    let read = 0;
    fc.assert(
      fc.property(logs, (log) => {
        read += sameEitherWay(log);
      }),
      { numRuns: 200 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  it.each([
    ['most entries only count', busyLogs],
    ['PHP says one thing after the other', phpLogs],
  ])('gives the same where %s', (_, busy) => {
    const { run } = EntryCounter.prototype;
    let counted = 0;
    const counting = vi.spyOn(EntryCounter.prototype, 'run').mockImplementation(function (
      this: EntryCounter,
      at: number,
      second: number,
    ) {
      const stop = run.call(this, at, second);
      counted += this.entries;
      return stop;
    });
    fc.assert(
      fc.property(busy, (log) => {
        sameEitherWay(log);
      }),
      { numRuns: 60 },
    );
    counting.mockRestore();
    expect(counted).toBeGreaterThan(1000);
  });

  it('finds the step behind a ` while ` that tells none', () => {
    const line =
      '2026/11/20 03:05:49 [info] 12#12: *3 peer closed connection in SSL handshake while while SSL handshaking, client: 203.0.113.9, server: 0.0.0.0:443\n';
    expect(sameEitherWay(line.repeat(3))).toBe(2);
  });

  it('reads the samples of all messages without handing them over', () => {
    const log = MESSAGE_SAMPLES.map(
      ({ message, phase, level }, i) =>
        `2026/11/20 03:${String(i % 60).padStart(2, '0')}:00 [${level ?? 'error'}] 12#12: *3 ${message}${phase === undefined ? '' : ` while ${phase}`}, client: 203.0.113.9, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"\n`,
    ).join('');
    expect(sameEitherWay(log)).toBeGreaterThan(MESSAGE_SAMPLES.length * 0.9);
  });

  it('stays quick on a line of 10 MB', () => {
    for (const filling of ['(', ' ', ' while ', ', c', '1']) {
      const line = `2026/11/20 03:00:00 [error] 1#1: *2 ${filling.repeat(10_000_000 / filling.length)}\n`;
      inGoodTime(() => new BlockReading(nginxError).byBlocks(Buffer.from(line.repeat(2)), 1 << 18));
    }
  });
});
