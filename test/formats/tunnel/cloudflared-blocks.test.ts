import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { journal } from '../../../src/formats/host/journal.ts';
import { cloudflared } from '../../../src/formats/tunnel/cloudflared.ts';
import { TunnelCounter } from '../../../src/scan/tunnel-counter.ts';
import { BlockReading, sameByBlocks } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { MESSAGE_SAMPLES, REQUEST_SAMPLES, UNREACHABLE } from './cloudflared-samples.ts';

/** Lines that the largest block read from bytes. */
function sameEitherWay(log: string): number {
  return sameByBlocks(Buffer.from(log, 'latin1'), () => new BlockReading(cloudflared, [journal])).readByBlocks;
}

const pick = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
/** The same error with other digits, some of which matter. */
const numbered = fc
  .tuple(
    pick(
      `${UNREACHABLE}read tcp 127.0.0.1:41234->127.0.0.1:8080: read: connection reset by peer`,
      `${UNREACHABLE}dial tcp 10.0.0.1:8080: i/o timeout`,
      `${UNREACHABLE}net/http: HTTP/1.x transport connection broken: EOF`,
      'stream 123 canceled by remote with error code 0',
      `${UNREACHABLE}stream error: stream ID 17; INTERNAL_ERROR; received from peer`,
      `${UNREACHABLE}dial tcp: lookup app on 127.0.0.11:53: no such host`,
      `${UNREACHABLE}net/http: HTTP/1.x transport connection broken: malformed HTTP version x15x03`,
      `${UNREACHABLE}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      'http2: stream closed',
      '502',
    ),
    fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 2 }),
  )
  .map(([text, changed]) => {
    const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
    const characters = [...text];
    for (const [at, digit] of changed) characters[places[(at * 7) % places.length] ?? 0] = String(digit);
    return characters.join('');
  });
const errors = fc.oneof(
  numbered,
  fc.constantFrom(
    `${UNREACHABLE}dial tcp 127.0.0.1:8080: connect: connection refused`,
    `${UNREACHABLE}dial tcp 127.0.0.1:8080: connect: connection refused`,
    `${UNREACHABLE}EOF`,
    `${UNREACHABLE}read tcp 127.0.0.1:41234->127.0.0.1:8080: read: connection reset by peer`,
    'Incoming request ended abruptly: context canceled',
    'stream 123 canceled by remote with error code 0',
    'EOF',
    'a \\"quoted\\" text \\\\',
    'unclosed',
  ),
);
const indexes = fc.oneof({ arbitrary: pick('0', '1', '2'), weight: 9 }, pick('', '12', '"0"', 'x'));
const paths = pick('/cart', '/cart?item=7&quote=1', '/a#b', '/&quot;', '/x y', '', '/\u00c3\u00bc');
const origins = fc
  .tuple(
    errors,
    indexes,
    pick('http://localhost:8080', 'http://localhost:8080', 'unix:/run/a.sock', 'warp-routing', '', '"q"'),
  )
  .map(
    ([error, index, service]) =>
      `ERR  error="${error}" connIndex=${index} event=1 ingressRule=0 originService=${service}`,
  );
const transports = fc
  .tuple(errors, indexes, pick('app.example.com', 'APP.example.com', ''), paths)
  .map(
    ([error, index, host, path]) =>
      `ERR Request failed error="${error}" connIndex=${index} dest=https://${host}${path} event=0 ip=198.41.200.193 type=http`,
  );
const talks = fc
  .tuple(
    pick('GET', 'POST', 'PROPFIND', 'X'),
    pick('https', 'http', 'ws'),
    paths,
    pick('9043aabbccdd5d0c-AMS', '9043aabbccdd5d0d', 'none'),
  )
  .map(
    ([method, scheme, path, ray]) =>
      `DBG ${method} ${scheme}://app.example.com${path} HTTP/1.1 connIndex=1 content-length=0 event=1 headers={"Cf-Ray":["${ray}"],"User-Agent":["it may not be responding to traffic from cloudflared: EOF"]} host=app.example.com ingressRule=0 originService=http://localhost:8080 path=${path}`,
  );
const samples = fc.constantFrom(
  ...[...Object.values(REQUEST_SAMPLES), ...Object.values(MESSAGE_SAMPLES)].map(({ line }) =>
    line.replace(/^\S+Z /, ''),
  ),
);
const served = 'DBG 200 OK connIndex=1 content-length=12 event=1 ingressRule=0 originService=http://localhost:8080';
const others = pick(
  served,
  'WRN Your version 2024.1.5 is outdated. We recommend upgrading it to 2024.2.1',
  'INF Registered tunnel connection connIndex=1 connection=d469b277-5424-4ff9-9bc1-b2fbd400faed event=0 ip=198.41.200.13 location=fra15 protocol=quic',
  'INF Tunnel connection curve preferences: [X25519MLKEM768 CurveP256] connIndex=1 event=0 ip=198.41.192.7',
  'INF Retrying connection in up to 4s connIndex=1 event=0 ip=198.41.200.13',
  'ERR Serve tunnel error error="control stream encountered a failure while serving" connIndex=1 event=0 ip=198.41.200.13',
  'WRN Connection terminated error="timeout: no recent network activity" connIndex=1',
  'WRN Connection terminated connIndex=1',
  'INF Initiating graceful shutdown due to signal terminated ...',
  'INF Starting tunnel tunnelID=1',
  'INF No ingress rules were defined in provided config (if any) nor from the cli, cloudflared will return 503 for all incoming HTTP requests',
  'INF Updated to new configuration config="{\\"ingress\\":[{\\"service\\":\\"http_status:404\\"}]}" version=1',
  'ERR Something that no table knows error="x" connIndex=0',
  'ERR Something, err: Unauthorized: Tunnel not found',
  'ERR Request failed error="EOF',
  'ERR Request failed error="EOF" connIndex=1',
  'FTL Initiating shutdown error="Quota exceeded for this tunnel"',
  'ERR Initiating shutdown error="no more connections"',
  'INF ',
  'INF',
  'panic: runtime error',
);
const wrappers = fc.constantFrom(
  ...['', ' web1 cloudflared[812]: ', ' web1 cloudflared[812]: ', ' web1 cloudflared[813]: ', ' web2 cloudflared[1]: '],
);
const bodies = fc.oneof(
  { arbitrary: origins, weight: 4 },
  { arbitrary: transports, weight: 4 },
  { arbitrary: talks, weight: 3 },
  { arbitrary: samples, weight: 4 },
  { arbitrary: others, weight: 4 },
);
const seconds = fc.oneof({ arbitrary: fc.integer({ min: 0, max: 6 }), weight: 9 }, fc.integer({ min: 0, max: 3000 }));
const outers = fc.constantFrom<(iso: string) => string>(
  (iso) => `${iso.slice(0, 19)}+0000`,
  (iso) => `${iso.slice(0, 19)}+01:00`,
  (iso) => `Nov 20 ${iso.slice(11, 19)}`,
  (iso) => `Nov 20 ${iso.slice(11, 19)}.1${iso.slice(17, 19)}`,
  (iso) => `${iso.slice(0, 19)}.${iso.slice(17, 19)}7+0000`,
  (iso) => `${iso.slice(0, 19)}.${iso.slice(17, 19)}00${iso.slice(17, 19)}001Z stderr F`,
);
const plain = fc.tuple(seconds, outers, wrappers, bodies).map(([second, outer, wrapper, body]) => {
  const iso = new Date(Date.UTC(2026, 10, 20, 8) + second * 1000).toISOString();
  return `${wrapper === '' ? '' : outer(iso) + wrapper}${iso.slice(0, 19)}Z ${body}`;
});
const strays = pick(
  '',
  '2026-11-20T08:00:02+0000 web1 systemd[1]: cloudflared.service: Scheduled restart job, restart counter is at 1.',
  'goroutine 1 [running]:',
  '{"level":"error","event":0,"connIndex":3,"error":"EOF","type":"http","dest":"https://app.example.com/","time":"2026-11-20T08:00:01Z","message":"Request failed"}',
  'ERR Request failed error="EOF" connIndex=1 dest=https://app.example.com/cart',
  '2026/11/20 08:00:00 [error] 1#1: *2 no live upstreams while connecting to upstream, client: 203.0.113.9',
  'Quota exceeded for this tunnel',
);
const changes = fc.oneof(
  { arbitrary: fc.constant((line: string) => line), weight: 14 },
  fc.nat(300).map((at) => (line: string) => line.slice(0, at)),
  fc
    .tuple(
      fc.nat(260),
      pick(
        '"',
        ' ',
        '=',
        '\0',
        '\r',
        '\u001b[31m',
        '&quot;',
        '#033[0m',
        '\u00c2\u00a0',
        '\u00ff',
        '\\',
        'error=',
        ' x',
        '\t',
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
    fc.oneof({ arbitrary: plain, weight: 14 }, strays),
    changes,
    fc.oneof({ arbitrary: fc.constant('\n'), weight: 12 }, fc.constant('\r\n')),
  )
  .map(([line, change, feed]) => change(line) + feed);
const logs = fc
  .tuple(fc.array(lines, { minLength: 30, maxLength: 90 }), fc.boolean())
  .map(([all, fed]) => (fed ? all.join('') : all.join('').slice(0, -1)));

/** Pairs of lines in order or crossing each other, debug lines between them, a few lines to a second; now and then any other line. */
const busyLines = fc.oneof(
  {
    arbitrary: fc
      .tuple(errors, pick('0', '1', '2'), pick('/cart', '/a', '/b?c#d'), fc.nat(3))
      .map(([error, index, path, order]) => {
        const origin = `ERR  error="${error}" connIndex=${index} event=1 ingressRule=0 originService=http://localhost:8080`;
        const transport = `ERR Request failed error="${error}" connIndex=${index} dest=https://app.example.com${path} event=0 ip=198.41.200.193 type=http`;
        return [
          [origin, transport],
          [transport, origin],
          [origin, origin, transport, transport],
          [origin, served, transport],
        ][order] as string[];
      }),
    weight: 8,
  },
  { arbitrary: talks.map((talk) => [talk]), weight: 4 },
  { arbitrary: fc.constant([served]), weight: 4 },
  { arbitrary: others.map((other) => [other]), weight: 1 },
  { arbitrary: origins.map((origin) => [origin]), weight: 1 },
);
const busyLogs = fc
  .tuple(
    fc.array(busyLines, { minLength: 60, maxLength: 160 }),
    fc.integer({ min: 4, max: 60 }),
    outers,
    wrappers,
    changes,
  )
  .map(([groups, apart, outer, wrapper, change]) =>
    groups
      .flat()
      .map((body, i) => {
        const second = Math.floor(i / apart) - (i % 71 === 70 ? 1 : 0);
        const iso = new Date(Date.UTC(2026, 10, 20, 8) + second * 1000).toISOString();
        const line = `${wrapper === '' ? '' : outer(iso) + wrapper}${iso.slice(0, 19)}Z ${body}`;
        return `${i % 41 === 40 ? change(line) : line}\n`;
      })
      .join(''),
  );

describe('reading a log of cloudflared from its bytes', () => {
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

  it('gives the same where most lines only count', () => {
    const { run } = TunnelCounter.prototype;
    let counted = 0;
    const counting = vi.spyOn(TunnelCounter.prototype, 'run').mockImplementation(function (
      this: TunnelCounter,
      at,
      most,
    ) {
      const stop = run.call(this, at, most);
      counted += this.lines;
      return stop;
    });
    fc.assert(
      fc.property(busyLogs, (log) => {
        sameEitherWay(log);
      }),
      { numRuns: 60 },
    );
    counting.mockRestore();
    expect(counted).toBeGreaterThan(500);
  });

  it('reads the lines of an outage without handing them over', () => {
    const pair = (second: number): string => {
      const stamp = `2026-11-20T08:00:${String(second).padStart(2, '0')}`;
      const head = `${stamp}+0000 web1 cloudflared[812]: ${stamp}Z ERR `;
      const error = `error="${UNREACHABLE}EOF" connIndex=2`;
      return `${head} ${error} event=1 ingressRule=0 originService=http://localhost:8080\n${head}Request failed ${error} dest=https://app.example.com/cart?item=7 event=0 ip=198.41.200.193 type=http\n`;
    };
    const log = Array.from({ length: 60 }, (_, second) => pair(second)).join('');
    expect(sameEitherWay(log)).toBeGreaterThan(115);
  });

  it('knows a request at debug level behind more than one blank', () => {
    const head = '2026-11-20T08:00:00+0000 web1 cloudflared[812]: 2026-11-20T08:00:00Z ';
    const agent = 'it may not be responding to traffic from cloudflared: EOF';
    const talk = `GET https://app.example.com/cart HTTP/1.1 connIndex=1 event=1 headers={"Cf-Ray":["9043aabbccdd5d0c-AMS"],"User-Agent":["${agent}"]} originService=http://localhost:8080`;
    const failed = `${head}ERR Request failed error="${UNREACHABLE}EOF" connIndex=0 dest=https://app.example.com/cart event=0 ip=198.41.200.193 type=http\n`;
    for (const blanks of [' ', '  ', '   ']) sameEitherWay(`${failed}${head}DBG${blanks}${talk}\n${failed}`);
  });

  it('stays quick on a line of 10 MB', () => {
    for (const filling of ['"', ' ', '=', 'a=', '\\', 'error="']) {
      const line = `2026-11-20T08:00:00Z ERR  error="${filling.repeat(10_000_000 / filling.length)}\n`;
      inGoodTime(() => new BlockReading(cloudflared).byBlocks(Buffer.from(line.repeat(2)), 1 << 18));
    }
  });
});
