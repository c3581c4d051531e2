import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectLines } from '../../src/formats/detect.ts';
import { Dispatcher } from '../../src/formats/dispatch.ts';
import type { Line, LineFormat } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { Unwrapper } from '../../src/formats/wrappers.ts';

const ALL = FORMATS.filter((format): format is LineFormat => format.shape === 'lines');

/** What containers print, each in its order. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  'shop-web-1': [
    '2026-11-20 08:14:38,120 ERROR app.views failed to list items',
    'Traceback (most recent call last):',
    '  File "/srv/app/views.py", line 31, in items',
    '    rows = db.execute(query)',
    'psycopg.OperationalError: connection failed: FATAL:  sorry, too many clients already',
    '2026-11-20 08:14:39,020 INFO app.views listed 3 items',
  ],
  'shop-worker-1': [
    '[2026-11-20 08:14:38,220: ERROR/MainProcess] Task shop.tasks.sync[5d8f] raised unexpected: TimeoutError()',
    'Traceback (most recent call last):',
    '  File "/srv/app/tasks.py", line 12, in sync',
    '    send()',
    'TimeoutError: mail',
    '[2026-11-20 08:14:39,220: INFO/MainProcess] Task shop.tasks.sync[77aa] succeeded in 0.2s: None',
  ],
  'shop-db-1': [
    '2026-11-20 08:14:38.118 UTC [362] FATAL:  sorry, too many clients already',
    '2026-11-20 08:14:39.118 UTC [363] FATAL:  sorry, too many clients already',
  ],
  'shop-nginx-1': [
    '192.0.2.7 - - [20/Nov/2026:08:14:38 +0000] "GET /items HTTP/1.1" 502 157 "-" "Mozilla/5.0"',
    '2026/11/20 08:14:38 [error] 29#29: *262 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: no in /srv/a.php:4',
    'Stack trace:',
    '#0 {main}',
    '  thrown in /srv/a.php on line 4" while reading response header from upstream, client: 192.0.2.7, server: shop.example.com, request: "GET /items HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "shop.example.com"',
    '192.0.2.8 - - [20/Nov/2026:08:14:39 +0000] "GET /items HTTP/1.1" 200 5120 "-" "Mozilla/5.0"',
  ],
};
const CONTAINERS = Object.keys(PRINTED);

/** How a line is carried, with who wrote it. */
type Carry = (name: string, line: string) => string;
const CARRIED: readonly (readonly [string, Carry])[] = [
  ['docker compose logs', (name, line) => `${name.padEnd(13)} | ${line}`],
  ['docker compose logs -t', (name, line) => `${name.padEnd(13)} | 2026-11-20T08:14:39.123456789Z ${line}`],
  ['kubectl logs --prefix', (name, line) => `[pod/${name}/main] ${line}`],
  ['journalctl -o short-iso', (name, line) => `2026-11-20T08:14:39+0000 web01 ${name}[81]: ${line}`],
];

/** The lines as they are carried together, in an order of containers: whose turn it is prints its next line. */
function together(turns: readonly string[], carry: Carry): string[] {
  const left = new Map(Object.entries(PRINTED).map(([name, lines]) => [name, [...lines]]));
  const printed: string[] = [];
  for (const name of [...turns, ...CONTAINERS.flatMap((one) => (PRINTED[one] ?? []).map(() => one))]) {
    const line = left.get(name)?.shift();
    if (line !== undefined) printed.push(carry(name, line));
  }
  return printed;
}

/** What is read of such lines, by container: texts, times and signals or statuses. */
function readOf(written: readonly string[], found: readonly LineFormat[], beginning: readonly Line[]): string[] {
  const read: string[] = [];
  const dispatcher = new Dispatcher(
    found,
    ALL,
    (record, _, writer) => {
      const said = record.kind === 'clue' ? record.signal : record.status;
      read.push(`${writer} ${JSON.stringify(record.stamp)} ${said} ${record.text}`);
    },
    beginning,
  );
  for (const line of linesOf(written)) expect(dispatcher.push(line)).toBe(true);
  dispatcher.end();
  return read.sort();
}

const linesOf = (written: readonly string[]): Line[] => {
  const unwrapper = new Unwrapper();
  return written.map((text, i) => unwrapper.unwrap(text, i + 1));
};

describe('lines of several containers in one source', () => {
  it('are named by what stands before them', () => {
    const container = (text: string): string | undefined => new Unwrapper().unwrap(text, 1).container;
    expect(container('web-1  | listening on 3000')).toBe('web-1');
    expect(container('shop_web.1.x7yz@node-2    | listening on 3000')).toBe('shop_web.1.x7yz@node-2');
    expect(container('0|api  | listening on 3000')).toBe('0|api');
    expect(container('0|api  | 2026-11-20T08:14:38: listening on 3000')).toBe('0|api');
    expect(container('[pod/web-7d9c/web] listening on 3000')).toBe('pod/web-7d9c/web');
    expect(container('listening on 3000')).toBeUndefined();
  });

  it.each(CARRIED)('are read as though each had a file of its own, in whatever order: %s', (_, carry) => {
    const inTurn = together([], carry);
    const beginning = linesOf(inTurn);
    const found = detectLines(beginning, FORMATS, '');
    const alone = CONTAINERS.flatMap((name) => {
      const own = (PRINTED[name] ?? []).map((line) => carry(name, line));
      return readOf(own, found, beginning);
    }).sort();
    expect(alone.filter((one) => / (?:db|app\.db)[.-]too-many /.test(one)).length).toBeGreaterThanOrEqual(2);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CONTAINERS), { maxLength: 30 }), (turns) => {
        expect(readOf(together(turns, carry), found, beginning)).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });

  const [[, compose]] = CARRIED as readonly [(typeof CARRIED)[number]];
  const beginning = linesOf(together([], compose));
  const found = detectLines(beginning, FORMATS, '');

  it('keep a traceback with its error', () => {
    const read = readOf(together(['shop-web-1', 'shop-worker-1', 'shop-db-1'], compose), found, beginning);
    expect(read.filter((one) => /(?:list items|TimeoutError\(\))\nTraceback/.test(one))).toHaveLength(2);
  });

  it('have the formats of their own first line where their container comes late', () => {
    const ofDatabase = readOf(
      (PRINTED['shop-db-1'] ?? []).map((line) => compose('shop-db-1', line)),
      found.filter(({ id }) => id !== 'db'),
      beginning.filter(({ container }) => container === 'shop-web-1'),
    );
    expect(ofDatabase.every((one) => one.includes(' db.too-many '))).toBe(true);
  });

  it('are one log where containers are too many', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `web-${i}  | 2026-11-20 08:14:38,120 ERROR app failed`);
    expect(readOf(lines, found, beginning)).toHaveLength(200);
  });
});
