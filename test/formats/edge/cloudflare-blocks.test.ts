import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { BlockCutter } from '../../../src/digest/block-cutter.ts';
import { foldingSink } from '../../../src/digest/folds.ts';
import { WHOLE } from '../../../src/digest/sampling.ts';
import { StreamBuilder } from '../../../src/digest/stream-builder.ts';
import { COLUMNS } from '../../../src/formats/edge/cloudflare-blocks.ts';
import { cloudflareHttp } from '../../../src/formats/edge/cloudflare-http.ts';
import { edgeFacts } from '../../../src/formats/edge/edge-facts.ts';
import { requestRecord } from '../../../src/formats/edge/request-record.ts';
import { Row } from '../../../src/formats/edge/row.ts';
import type { BlockSink, LineParser, SharedSink } from '../../../src/formats/format.ts';
import { Unwrapper } from '../../../src/formats/wrappers.ts';
import { decodeLine, LineReader } from '../../../src/input/lines.ts';
import { simdWorks } from '../../../src/scan/simd.ts';
import { canonical } from '../../digest/canonical.ts';
import { hostileRows } from '../../scan/hostile-rows.ts';

/** What reading a text came to, by whichever way. */
interface Reading {
  readonly stream: unknown;
  readonly notTaken: readonly string[];
  readonly lines: number;
  /** Rows that were counted from their bytes. */
  readonly counted: number;
  /** Rows that the scanner listed. */
  readonly listed: number;
}

/** Weights of the samples from the beginning: of good rows, and of those that failed or were refused. */
interface Weights {
  readonly ordinary: number;
  readonly failed: number;
}

/** Which scanner the block reader is given. */
type Scanner = 'fastest' | 'reference';
const given = vi.hoisted(() => ({ scanner: 'fastest' }));

vi.mock('../../../src/scan/open.ts', async (importOriginal) => {
  const { openScanner } = await importOriginal<typeof import('../../../src/scan/open.ts')>();
  const { ReferenceScanner } = await import('../../../src/scan/reference.ts');
  const references = new Map<string, InstanceType<typeof ReferenceScanner>>();
  const open: typeof openScanner = (columns, user, rules) => {
    if (given.scanner === 'fastest') return openScanner(columns, user, rules);
    const reference = references.get(user) ?? new ReferenceScanner(columns);
    references.set(user, reference);
    return reference;
  };
  return { openScanner: open };
});

const IDENTITY = { key: 'k', format: 'cloudflare-http', hop: 'edge', server: null, folder: '' } as const;

function open({ ordinary, failed }: Weights): {
  builder: StreamBuilder;
  parser: LineParser;
  line: BlockSink['line'];
  notTaken: string[];
} {
  const builder = new StreamBuilder(IDENTITY, 0, { weights: { ...WHOLE, ordinary, failed, refused: failed } });
  const unwrapper = new Unwrapper();
  const parser = cloudflareHttp.open((record) => builder.add(record));
  const notTaken: string[] = [];
  const line = (bytes: Buffer, number: number): boolean => {
    const unwrapped = unwrapper.unwrap(decodeLine(bytes), number);
    if (!parser.push(unwrapped)) notTaken.push(`${number} ${unwrapped.text}`);
    return true;
  };
  return { builder, parser, line, notTaken };
}

function inOrdinaryWay(bytes: Buffer, weights: Weights): Reading {
  const { builder, line, notTaken } = open(weights);
  const reader = new LineReader(line);
  reader.write(bytes);
  reader.end();
  return { stream: canonical(builder.close()), notTaken, lines: reader.lines, counted: 0, listed: 0 };
}

function inBlocks(bytes: Buffer, weights: Weights, blockBytes: number, scanner: Scanner = 'fastest'): Reading {
  const { builder, parser, line, notTaken } = open(weights);
  let [lines, counted, listed] = [0, 0, 0];
  const folding = foldingSink(
    () => builder,
    (entries = 1) => {
      counted += entries;
    },
  );
  const sink: SharedSink = {
    ...folding,
    countListed: (rows, kinds) => {
      listed += rows.rows;
      folding.countListed(rows, kinds);
    },
    entryEnds: () => {},
    isAlone: () => true,
    took: () => {},
    record: (record) => builder.add(record),
    line,
  };
  given.scanner = scanner;
  const reader = parser.readBlocks?.(sink);
  if (!reader) throw new Error('no block reader');
  const cutter = new BlockCutter(reader, (more) => {
    lines += more;
  });
  for (let at = 0; at < bytes.length; at += blockBytes) cutter.write(bytes.subarray(at, at + blockBytes));
  cutter.end();
  return { stream: canonical(builder.close()), notTaken, lines, counted, listed };
}

function expectEqual(bytes: Buffer, weights: Weights, blockBytes: number, scanner: Scanner = 'fastest'): void {
  const { counted, listed, ...read } = inBlocks(bytes, weights, blockBytes, scanner);
  const { counted: none, listed: nor, ...ordinary } = inOrdinaryWay(bytes, weights);
  expect(read).toEqual(ordinary);
  expect(none + nor).toBe(0);
  expect(counted).toBeGreaterThanOrEqual(listed);
}

const PLAIN: Readonly<Record<string, string>> = {
  CacheCacheStatus: '"miss"',
  ClientIP: '"198.51.100.1"',
  ClientRequestHost: '"www.example.com"',
  ClientRequestMethod: '"GET"',
  ClientRequestPath: '"/a/b"',
  ClientRequestSource: '"eyeball"',
  ClientRequestURI: '"/a/b?c=1"',
  ClientRequestUserAgent: '"curl/8.1"',
  EdgeColoCode: '"FRA"',
  EdgeEndTimestamp: '"2026-03-04T10:00:01Z"',
  EdgePathingOp: '"wl"',
  EdgePathingSrc: '"macro"',
  EdgePathingStatus: '"nr"',
  EdgeResponseBytes: '512',
  EdgeResponseContentType: '"text/html"',
  EdgeResponseStatus: '200',
  EdgeStartTimestamp: '"2026-03-04T10:00:00Z"',
  EdgeTimeToFirstByteMs: '120',
  OriginIP: '"203.0.113.2"',
  OriginResponseDurationMs: '100',
  OriginResponseStatus: '200',
  ParentRayID: '"00"',
  RayID: '"49336fc9397ab080"',
  SecurityAction: '""',
  SecurityActions: '[]',
  WorkerStatus: '"unknown"',
  WorkerSubrequest: 'false',
  ZoneName: '"example.com"',
};

/** Values that change what a row means, or how it is written. `-` takes the column away. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  EdgeResponseStatus:
    '0 100 204 301 304 399 400 403 404 405 410 429 499 500 502 503 504 520 521 522 524 530 999 1000 -5 null "404" "x" 200.0 2e2 "" true [200] -'.split(
      ' ',
    ),
  OriginResponseStatus: '0 200 404 499 500 502 520 null "" "502" 1000 -1 -'.split(' '),
  EdgeEndTimestamp: [
    '"2026-03-04T10:00:59Z"',
    '"2026-03-04T10:00:01.5Z"',
    '"2026-03-04T10:00:01.123456789Z"',
    '"2026-03-04T10:00:01,25Z"',
    '"2026-03-04T10:00:01.1234567890Z"',
    '"2026-03-04T10:00:01.Z"',
    '"2026-03-04T10:00:01+02:00"',
    '"2026-03-04 10:00:01"',
    '"2026-03-04T10:00:01"',
    '"2026-13-44T99:99:99Z"',
    '"0026-03-04T10:00:01Z"',
    '"2026-03-04t10:00:01Z"',
    '"2026-03-04T10:00:01UTC"',
    '1772618401',
    '1772618401123',
    '1772618401123456',
    '1772618401123456789',
    '1772618401123999999',
    '"1772618401123000000"',
    '"1772618401"',
    '1772618401.5',
    '177261840112',
    '99',
    '9999999999',
    '0',
    'null',
    '""',
    '{}',
    '-',
  ],
  EdgeStartTimestamp: ['1772618400999000000', '"x"', '-', 'null'],
  RayID: [
    '"49336fc9397ab081"',
    '"49336FC9397AB080"',
    '"49336fc9397ab080-FRA"',
    '"00"',
    '""',
    '"49336fc9397ab08"',
    '1',
    '"4933\\u0036fc9397ab080"',
    '-',
    'null',
  ],
  ParentRayID: ['"66b9d9f88b5b4c4f"', '""', '-'],
  EdgeColoCode: ['"AMS"', '"ABCD"', '"fra"', '"FR"', '""', '"F\\u0052A"', '12', 'null', '-'],
  ClientRequestHost: [
    '"API.example.com"',
    '"münchen.example"',
    '"a\u00a0b"',
    '"b.example.com:8080"',
    '""',
    '"a\\u002eb"',
    '"#033[31mx"',
    '"a_b.example"',
    '7',
    'null',
    '-',
  ],
  ClientRequestSource: [
    '"edgeWorkerFetch"',
    '"edge_worker_fetch"',
    '"healthCheck"',
    '"purge"',
    '""',
    '"1"',
    '1',
    '5',
    '9',
    '"EYEBALL"',
    'null',
    '-',
  ],
  RequestSource: ['"healthCheck"', '"eyeball"', '5'],
  WorkerSubrequest: ['true', '"true"', '1', '0', 'null', '"false"', '-'],
  sampleInterval: ['1', '10', '"10"', '0', 'null'],
  EdgePathingOp: ['"errHost"', '"ban"', '"chl"', '""', '"new"', '-'],
  EdgePathingSrc: ['"err"', '"user"', '-'],
  EdgePathingStatus: ['"dnsErr"', '"hostBadGateway"'],
  SecurityAction: ['"block"', '"log"', '"managed_challenge"', '"managedChallenge"', 'null', '-'],
  SecurityActions: ['["block"]', '["log","skip"]', '"block"', 'null', '[1]'],
  FirewallMatchesActions: ['["drop"]', '[]'],
  WAFAction: ['"unknown"', '"drop"'],
  EdgeRateLimitAction: ['"ban"', '""', '"simulate"'],
  CacheCacheStatus: ['"hit"', '"unknown"', '"stale"', '-'],
  WorkerStatus: ['"ok"', '"exceptionThrown"'],
  WorkerScriptName: ['"w"'],
  WorkerSubrequestCount: ['2', '0'],
  EdgeCFConnectingO2O: ['true', 'false'],
  OriginIP: ['"104.16.0.1"', '""', '-'],
  OriginResponseDurationMs: ['0', '125000', '1.5', '"100"', '-'],
  OriginResponseTime: ['3000000', '0'],
  EdgeTimeToFirstByteMs: ['0', '95000', '-'],
  ClientRequestMethod: ['"post"', '"POST"', '""', '-'],
  ClientRequestPath: [
    '"/ü/😀"',
    '"/\\"x\\"\\\\"',
    '"https://example.com/x?y"',
    '"/a&quot;b"',
    '"/\\ud83d"',
    '""',
    '-',
    `"/${'long'.repeat(800)}"`,
  ],
  ClientRequestURI: ['"/ü"', '"/x?&quot;"', '-'],
  ClientRequestUserAgent: [
    '"x\\",\\"EdgeResponseStatus\\":502,\\"y\\":\\""',
    '"a\\\\"',
    `"${'z'.repeat(200)}"`,
    '"\u0000"',
    '"\t"',
    '-',
  ],
  RequestHeaders: [
    '{"sec-purpose":"prefetch"}',
    '{"EdgeResponseStatus":502}',
    '{"x":"\\u00a0"}',
    '{"x":"\u00a0"}',
    '[]',
    '{}',
  ],
  ZoneName: ['"other.example"', '-'],
  log: ['"x"', '{}'],
  MESSAGE: ['"x"'],
  Outcome: ['"exception"'],
  Action: ['"block"'],
  RuleID: ['"1"'],
  _SYSTEMD_UNIT: ['"x.service"'],
  json: ['{"EdgeResponseStatus":502,"EdgeStartTimestamp":"2026-03-04T10:00:00Z"}'],
};

const change = fc.oneof(
  ...Object.entries(CHANGES).map(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const)),
);

const logpushRow = fc
  .record({
    changes: fc.array(change, { maxLength: 4 }),
    ray: fc.integer({ min: 0, max: 0xffff }),
    shuffled: fc.option(fc.infiniteStream(fc.nat()), { freq: 6 }),
    form: fc.constantFrom('', '', '', '', '\r', '\r\r', ' ', ',', 'spaced', 'twice', 'escaped', 'cut', 'broken'),
  })
  .map(({ changes, ray, shuffled, form }) => {
    const columns = {
      ...PLAIN,
      RayID: `"49336fc9397a${ray.toString(16).padStart(4, '0')}"`,
      ...Object.fromEntries(changes),
    };
    let members = Object.entries(columns).filter(([, value]) => value !== '-');
    if (shuffled)
      members = members
        .map((member) => ({ member, at: shuffled.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ member }) => member);
    const row = `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
    if (form === 'spaced') return row.replaceAll('":', '": ').replaceAll(',"', ', "');
    if (form === 'twice') return `${row.slice(0, -1)},"EdgeResponseStatus":500}`;
    if (form === 'escaped') return row.replace('"EdgeResponseStatus"', '"EdgeResponse\\u0053tatus"');
    if (form === 'cut') return row.slice(0, ray % row.length);
    if (form === 'broken') return row.replace(',"', ' "');
    return `${row}${form}`;
  });

const logpush = fc
  .tuple(fc.array(logpushRow, { minLength: 1, maxLength: 14 }), hostileRows, fc.boolean())
  .map(([rows, odd, ended]) =>
    Buffer.concat([Buffer.from(rows.join('\n')), Buffer.from('\n'), odd, Buffer.from(ended ? '\n' : '')]),
  );

const weights = fc.record({ ordinary: fc.constantFrom(1, 4, 64), failed: fc.constantFrom(1, 2, 2 ** 20) });
const blockBytes = fc.constantFrom(1, 2, 3, 17, 500, 1499, 100_000);
const scanners = fc.constantFrom<Scanner>('fastest', 'fastest', 'reference');
const SMALL: Weights = { ordinary: 64, failed: 2 ** 20 };

/** Rows of a few kinds that failed, some of them twice, among rows that go the ordinary way. */
const failing = fc
  .array(
    fc.record({
      changes: fc.subarray([
        ['EdgeResponseStatus', '403'],
        ['EdgeResponseStatus', '522'],
        ['EdgeResponseStatus', '200'],
        ['OriginResponseStatus', '502'],
        ['CacheCacheStatus', '"hit"'],
        ['WorkerSubrequest', 'true'],
        ['ParentRayID', '"66b9d9f88b5b4c4f"'],
        ['sampleInterval', '10'],
        ['sampleInterval', '2.5'],
        ['EdgeTimeToFirstByteMs', '95000'],
        ['EdgeStartTimestamp', '"2026-03-04T09:58:00Z"'],
        ['EdgeEndTimestamp', '"2026-03-04T12:00:01+02:00"'],
      ] as const),
      ray: fc.nat({ max: 12 }),
      second: fc.nat({ max: 2 }),
      form: fc.constantFrom('', '', '', '', '', '', '\r', ' ', ','),
    }),
    { minLength: 20, maxLength: 120 },
  )
  .map((rows) =>
    Buffer.from(
      rows
        .map(({ changes, ray, second, form }) => {
          const columns = {
            ...PLAIN,
            EdgeResponseStatus: '502',
            OriginResponseStatus: '0',
            EdgeEndTimestamp: `"2026-03-04T10:00:0${second}Z"`,
            RayID: `"49336fc9397ab0${ray.toString(16).padStart(2, '0')}"`,
            ...Object.fromEntries(changes),
          };
          return `{${Object.entries(columns)
            .map(([name, value]) => `"${name}":${value}`)
            .join(',')}}${form}\n`;
        })
        .join(''),
    ),
  );

/** Rows whose meaning hangs on how long they took. */
const timed = fc
  .array(
    fc.record({
      status: fc.constantFrom('522', '522', '524'),
      method: fc.constantFrom('"GET"', '"POST"'),
      startS: fc.constantFrom(0, 30, 36, 37, 59, 60, 61, 90),
      fraction: fc.constantFrom('', '', '.5', '.000000001', '.999'),
      written: fc.constantFrom('text', 'text', 'number', 'null', 'none'),
      fineMs: fc.constantFrom(
        '0',
        '27999',
        '28000',
        '36000',
        '36001',
        '59999',
        '60000',
        '60500',
        '1.5',
        '"60000"',
        'null',
        '-',
      ),
      upstreamMs: fc.constantFrom('0', '60000', '-5', '36000.5', '-'),
      upstreamNs: fc.constantFrom('0', '59999499999', '59999500000', '1e9', '-'),
      ray: fc.nat({ max: 0xffff }),
    }),
    { minLength: 20, maxLength: 120 },
  )
  .map((rows) =>
    Buffer.from(
      rows
        .map(({ status, method, startS, fraction, written, fineMs, upstreamMs, upstreamNs, ray }) => {
          const startMs = Date.UTC(2026, 2, 4, 10) - startS * 1000;
          const start = {
            text: `"${new Date(startMs).toISOString().slice(0, 19)}${fraction}Z"`,
            number: `${startMs}`,
            null: 'null',
            none: '-',
          };
          const columns = {
            ...PLAIN,
            EdgeResponseStatus: status,
            OriginResponseStatus: '0',
            ClientRequestMethod: method,
            EdgeStartTimestamp: start[written],
            EdgeEndTimestamp: '"2026-03-04T10:00:00Z"',
            EdgeTimeToFirstByteMs: fineMs,
            OriginResponseDurationMs: upstreamMs,
            OriginResponseTime: upstreamNs,
            RayID: `"49336fc9397a${ray.toString(16).padStart(4, '0')}"`,
          };
          return `{${Object.entries(columns)
            .filter(([, value]) => value !== '-')
            .map(([name, value]) => `"${name}":${value}`)
            .join(',')}}\n`;
        })
        .join(''),
    ),
  );

/** A row of these columns that notes which are asked for. */
class AskedRow extends Row {
  readonly asked = new Set<string>();
  private readonly columns: Readonly<Record<string, unknown>>;

  constructor(columns: Readonly<Record<string, unknown>>) {
    super();
    this.columns = columns;
  }

  get(name: string): unknown {
    this.asked.add(name);
    return this.columns[name];
  }
}

describe('Logpush rows read from their bytes', () => {
  test('give the digest of the ordinary way, whatever the rows and the block', () => {
    fc.assert(fc.property(logpush, weights, blockBytes, scanners, expectEqual), { numRuns: 500 });
  });

  test('every single change of a row gives the digest of the ordinary way', () => {
    for (const [name, values] of Object.entries(CHANGES)) {
      for (const value of values) {
        for (const status of ['200', '404', '502', '522']) {
          const columns = Object.entries({
            ...PLAIN,
            EdgeResponseStatus: status,
            OriginResponseStatus: '0',
            [name]: value,
          });
          const row = `{${columns
            .filter(([, text]) => text !== '-')
            .map(([key, text]) => `"${key}":${text}`)
            .join(',')}}`;
          // The second one is of a kind that is known by then.
          const two = `${row}\n${row.replace('49336fc9397ab080', '49336fc9397ab07f')}\n${row}\n`;
          expectEqual(Buffer.from(two), SMALL, 100_000);
          expectEqual(Buffer.from(two), { ordinary: 1, failed: 1 }, 100_000);
        }
      }
    }
  });

  test('the scanner looks for every column that a record is made of', () => {
    for (const columns of [
      {},
      { EdgeStartTimestamp: 1 },
      { OriginResponseStatus: 0 },
      { ClientRequestHost: 'a', ZoneName: 'a' },
    ]) {
      for (let status = 0; status < 600; status++) {
        const row = new AskedRow({ EdgeResponseStatus: status, ...columns });
        requestRecord(row, 1);
        const facts = edgeFacts(row, status, () => undefined);
        // Each fact is drawn when it is asked for.
        for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(facts))) Reflect.get(facts, name);
        expect([...row.asked].filter((name) => !COLUMNS.some((column) => column === name))).toEqual([]);
      }
    }
  });

  test('ordinary answers are counted without being parsed', () => {
    const rows = Array.from({ length: 1000 }, (_, i) =>
      JSON.stringify({
        ClientRequestHost: 'www.example.com',
        EdgeEndTimestamp: `2026-03-04T10:00:${String(i % 60).padStart(2, '0')}Z`,
        EdgeResponseStatus: i % 7 === 0 ? 404 : 200,
        OriginResponseStatus: 200,
        RayID: (0x49336fc9397ab080n + BigInt(i * 7919)).toString(16),
      }),
    );
    const bytes = Buffer.from(rows.join('\n'));
    const { counted, lines } = inBlocks(bytes, SMALL, 4096);
    expect(lines).toBe(1000);
    expect(counted).toBeGreaterThan(950);
    expectEqual(bytes, SMALL, 4096);
  });

  test('rows that failed give the digest of the ordinary way, though their kinds are known and some stand there twice', () => {
    fc.assert(fc.property(failing, weights, blockBytes, scanners, expectEqual), { numRuns: 150 });
  });

  test('rows that waited give the digest of the ordinary way, however long and however that is told', () => {
    fc.assert(fc.property(timed, weights, blockBytes, scanners, expectEqual), { numRuns: 150 });
  });

  test.skipIf(!simdWorks())('rows that failed are listed once their kind is known', () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({
        ...JSON.parse(`{${Object.entries(PLAIN).map(([name, value]) => `"${name}":${value}`)}}`),
        EdgeEndTimestamp: `2026-03-04T10:00:${String(i % 60).padStart(2, '0')}Z`,
        EdgeStartTimestamp: `2026-03-04T09:${55 + (i % 5)}:${String(i % 60).padStart(2, '0')}Z`,
        EdgeResponseStatus: [403, 502, 522, 524][i % 4],
        OriginResponseStatus: i % 3 === 0 ? 0 : 502,
        CacheCacheStatus: ['miss', 'dynamic', 'hit'][i % 3],
        RayID: (0x49336fc9397ab080n + BigInt((i % 2900) * 7919)).toString(16),
      }),
    );
    const bytes = Buffer.from(rows.join('\n'));
    expect(inBlocks(bytes, SMALL, 4096).listed).toBeGreaterThan(2900);
    expectEqual(bytes, SMALL, 4096);
    expectEqual(bytes, SMALL, 4096, 'reference');
  });

  test('rows of more seconds and statuses than the scanner counts at a time, in no order, are counted once', () => {
    const row = fc
      .record({
        second: fc.nat({ max: 900 }),
        fraction: fc.constantFrom('', '.5', '.037', '.999999999'),
        status: fc.integer({ min: 200, max: 299 }),
        origin: fc.constantFrom(0, 200),
        ray: fc.nat({ max: 0xffff }),
      })
      .map(({ second, fraction, status, origin, ray }) =>
        JSON.stringify({
          EdgeEndTimestamp: new Date(1_772_618_401_000 + second * 1000).toISOString().replace('.000', fraction),
          EdgeResponseStatus: status,
          OriginResponseStatus: origin,
          RayID: `49336fc9397a${ray.toString(16).padStart(4, '0')}`,
        }),
      );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 200, maxLength: 600 }),
        fc.constantFrom(1, 700, 20_000),
        (rows, blockBytes) => expectEqual(Buffer.from(`${rows.join('\n')}\n`), SMALL, blockBytes),
      ),
      { numRuns: 20 },
    );
  });

  test('a log that outgrows the sample is counted once, though its held rows are read in the middle of a block', () => {
    const many = 21_500;
    const rows = Array.from({ length: many }, (_, i) =>
      JSON.stringify({
        ClientRequestHost: 'www.example.com',
        ClientRequestMethod: 'GET',
        ClientRequestPath: '/a',
        EdgeEndTimestamp: `2026-03-04T10:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}Z`,
        EdgeResponseStatus: 200,
        OriginResponseStatus: 200,
        RayID: (0x49336fc9397ab080n + BigInt(i * 7919)).toString(16),
      }),
    );
    const bytes = Buffer.from(`${rows.join('\n')}\n`);
    const { lines, counted } = inBlocks(bytes, { ordinary: 1, failed: 1 }, 262_144);
    expect(lines).toBe(many);
    expect(counted).toBe(many);
    expectEqual(bytes, { ordinary: 1, failed: 1 }, 262_144);
  });

  test('a row longer than any block is read all the same', () => {
    const row = `{"EdgeResponseStatus":502,"EdgeStartTimestamp":"2026-03-04T10:00:00Z","ClientRequestUserAgent":"${'z'.repeat(700_000)}"}`;
    expectEqual(Buffer.from(`${row}\n${row}\r\n`), { ordinary: 1, failed: 1 }, 65_536);
  });
});
