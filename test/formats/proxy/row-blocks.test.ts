import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../../src/formats/format.ts';
import { awsLoadBalancer } from '../../../src/formats/proxy/aws-load-balancer.ts';
import { envoy } from '../../../src/formats/proxy/envoy.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { BlockReading, sameByBlocks } from '../../digest/block-reading.ts';
import { inGoodTime } from '../../in-good-time.ts';

/** Lines that the largest block read from bytes. */
function sameEitherWay(log: string, format: LineFormat = awsLoadBalancer): number {
  return sameByBlocks(Buffer.from(log), () => new BlockReading(format)).readByBlocks;
}

const often = (...values: readonly string[]): ((...odd: readonly string[]) => fc.Arbitrary<string>) => {
  return (...odd) =>
    fc.oneof({ arbitrary: fc.constantFrom(...values), weight: 20 }, { arbitrary: fc.constantFrom(...odd), weight: 1 });
};

const kinds = often('https ', 'http ', 'h2 ')(
  '',
  'wss ',
  'grpcs ',
  'info ',
  'web ',
  '> ',
  'shop-7d9c5b6f4-x2x9q web ',
  ' ',
);
const times = often('2026-11-20T08:14:38.122000Z', '2026-11-20T08:14:39.000001Z')(
  '2026-11-20T08:14:38.122000000Z',
  '2026-11-20T08:14:38Z',
  '2026-13-20T08:14:38.1Z',
  '2026-11-20T08:14:38.122000+01:00',
  'Nov 20 08:14:38',
);
const names = often('app/shop/50dc6c495c0c9188', 'shop')('2026-11-20', 'shop[12]:', '', 'a b', '-');
const clients = often('172.70.1.2:52044', '203.0.113.9:1')(
  '[2001:db8::7]:443',
  '2001:db8::7:443',
  '08:14:38',
  'x',
  '-',
);
const targets = often('10.0.3.14:3000', '-')('[fd00::1]:80', 'a,b', '"x"');
const durations = often('0.001 0.030 0.000', '-1 -1 -1', '0.001 -1 -1')('x 1 1', '', '1 1');
const answers = often(
  '200 200',
  '200 200',
  '301 -',
  '404 404',
  '502 -',
  '502 502',
  '504 -',
  '503 -',
  '403 -',
  '460 -',
)('- -', '200 500', '502 200', '429 429', '499 499', '20 20');
const requests = often('GET https://www.example.com:443/cart?id=1 HTTP/1.1', 'POST http://example.com:80/a HTTP/2.0')(
  '- http://example.com:80- -',
  'GET https://example.com/caf\u00e9 HTTP/1.1',
  'GET https://example.com/a\u00a0b HTTP/1.1',
  'GET https://example.com/a&quot;b HTTP/1.1',
  'get https://example.com/x HTTP/1.1',
  '/x http://example.com/y HTTP/1.1',
  ' https://example.com/x',
  'GET https://example.com/#033[1mx HTTP/1.1',
  '',
  '-',
);
const agents = often('curl/8.5.0', '-')('says \\"hello\\"', 'a" "b', '', 'ü', 'tab\there', '\u001b[31mred\u001b[0m');
const created = often('2026-11-20T08:14:38.120000Z', '2026-11-20T08:14:28.110000Z')('-', '2026-11-20T08:13:38Z');

const balancerRows = fc
  .tuple(kinds, times, names, clients, targets, durations, answers, requests, agents, created)
  .map(
    ([kind, time, name, client, target, took, answer, request, agent, came]) =>
      `${kind}${time} ${name} ${client} ${target} ${took} ${answer} 310 272 "${request}" "${agent}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:x "Root=1-58337262-36d228ad5d99923122bbe354" "www.example.com" "-" 0 ${came} "forward" "-" "-" "${target}" "-" "-" "-"`,
  );
const flags = often('200 -', '200 -', '404 -', '503 UF,URX', '502 -')(
  '200 - via_upstream - "-"',
  '503 UH no_healthy_upstream - "-"',
  '504 UT response_timeout - "-"',
  '503 UC upstream_reset_before_response_started{connection_termination} - "-"',
  '200 UF upstream_reset_before_response_started{connection_failure} - "-"',
  '0 DC downstream_remote_disconnect - "-"',
  '403 RL',
  '20 -',
  '200',
);
const beginnings = often('[2026-11-20T08:14:38.122Z] ', '[2026-11-20T08:14:39.001Z] ')(
  '[2026-11-20T08:14:38Z] ',
  '[2026-13-20T08:14:38.122Z] ',
  '[pod/web-7d9c/istio-proxy] [2026-11-20T08:14:38.122Z] ',
  '2026-11-20T08:14:38.122000000Z [2026-11-20T08:14:38.122Z] ',
  '> [2026-11-20T08:14:38.122Z] ',
  ' ',
  '',
);
const took = often('0 5123 12 11', '0 145 2 -')('0 5123 15012 -', '- 1 2 3', '0 5123 12', '0 5123 12 x');
const envoyRows = fc
  .tuple(beginnings, requests, flags, took, agents, clients, targets)
  .map(
    ([begin, request, answer, numbers, agent, client, target]) =>
      `${begin}"${request.replace('https://www.example.com:443', '')}" ${answer} ${numbers} "${client}" "${agent}" "6f0c6a3e" "www.example.com" "${target}"`,
  );

const strangers = fc.constantFrom(
  ...FORMATS.flatMap((format) => format.examples().flatMap(({ input }) => input.split('\n'))),
  '',
  '```',
  '__CURSOR=s=1',
);
const damagedOf = (rows: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  rows.chain((row) =>
    fc
      .tuple(
        fc.nat({ max: row.length }),
        fc.constantFrom('', '"', ' ', '\t', '\r', '\u0000', '\u00a0', '|', '5'),
        fc.nat({ max: 2 }),
      )
      .map(([at, text, cut]) => row.slice(0, at) + text + row.slice(at + cut)),
  );
const ends = fc.oneof(
  { arbitrary: fc.constant('\n'), weight: 12 },
  { arbitrary: fc.constantFrom('\r\n', '\r\r\n', '\n\n'), weight: 1 },
);
const logsOf = (rows: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.oneof(
          { arbitrary: rows, weight: 20 },
          { arbitrary: damagedOf(rows), weight: 3 },
          { arbitrary: strangers, weight: 1 },
        ),
        ends,
      ),
      { minLength: 3, maxLength: 30, size: 'max' },
    )
    .map((all) => all.map(([line, end]) => line + end).join(''));

const ordinary = (n: number, answer = '200 200'): string =>
  `https 2026-11-20T08:14:${10 + (n % 50)}.122000Z app/shop/50dc6c495c0c9188 172.70.1.2:52044 10.0.3.14:3000 0.001 0.030 0.000 ${answer} 310 272 "GET https://www.example.com:443/cart/${n} HTTP/1.1" "curl/8.5.0" - - arn:aws:elasticloadbalancing:x "Root=1" "-" "-" 0 2026-11-20T08:14:${10 + (n % 50)}.100000Z "forward" "-" "-" "10.0.3.14:3000" "200" "-" "-"\n`;

describe('block reader of logs with a request in each line', () => {
  it.each([
    [awsLoadBalancer, balancerRows],
    [envoy, envoyRows],
  ])('comes to the same as the ordinary way for any rows at any block size: $id', (format, rows) => {
    fc.assert(
      fc.property(logsOf(rows), (log) => {
        sameEitherWay(log, format);
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    );
  });

  it('reads rows by itself, failed ones too', () => {
    const log = Array.from({ length: 200 }, (_row, n) => ordinary(n, n % 3 === 0 ? '502 -' : undefined)).join('');
    expect(sameEitherWay(log)).toBe(200);
    const row = (n: number): string =>
      `[2026-11-20T08:14:${10 + (n % 50)}.122Z] "GET /cart/${n} HTTP/1.1" ${n % 3 === 0 ? '503 UF' : '200 -'} 0 91 12 - "198.51.100.7" "curl/8.5.0" "6f0c6a3e" "www.example.com" "10.8.1.12:3000"\n`;
    expect(sameEitherWay(Array.from({ length: 200 }, (_row, n) => row(n)).join(''), envoy)).toBe(200);
  });

  it('hands over what it does not know', () => {
    expect(sameEitherWay(`${ordinary(1)}something else\n${ordinary(2)}${ordinary(3)}`)).toBe(3);
  });

  it('hands over the row behind a line that another format took', () => {
    const line = '2026/11/20 08:10:14 [notice] 7#7: signal 15 (SIGTERM) received from 1, exiting';
    expect(sameEitherWay(`${ordinary(1)}${line}\n${ordinary(2)}${ordinary(3)}`)).toBe(2);
  });

  it('stays linear on hostile lines', () => {
    for (const piece of ['"', ' ', '/', '\u001b', '&quot;', ' "a', '1']) {
      const log = `${ordinary(1)}${ordinary(2).trimEnd()}${piece.repeat(5_000_000 / piece.length)}\n`;
      inGoodTime(() => new BlockReading(awsLoadBalancer).byBlocks(Buffer.from(log), 1 << 18));
    }
  });
});
