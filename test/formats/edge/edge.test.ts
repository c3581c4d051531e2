import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudflareFirewall } from '../../../src/formats/edge/cloudflare-firewall.ts';
import { cloudflareHttp } from '../../../src/formats/edge/cloudflare-http.ts';
import { cloudflareWorkers } from '../../../src/formats/edge/cloudflare-workers.ts';
import { momentMs } from '../../../src/formats/edge/moment.ts';
import { inGoodTime } from '../../in-good-time.ts';
import { expectExamples, read } from '../app/read-lines.ts';

const FORMATS = [cloudflareHttp, cloudflareFirewall, cloudflareWorkers];
const base = {
  ClientRequestHost: 'www.example.com',
  ClientRequestMethod: 'GET',
  ClientRequestURI: '/cart?item=7',
  EdgeStartTimestamp: '2025-05-06T16:15:16Z',
  EdgeEndTimestamp: '2025-05-06T16:15:35Z',
  EdgeResponseStatus: 522,
  OriginResponseStatus: 0,
  RayID: '8bc9be823ae30630',
};
const only = (row: object): unknown => read(cloudflareHttp, JSON.stringify(row)).records[0];

describe('Cloudflare’s exports', () => {
  it.each(FORMATS)('$id reads its examples', (format) => expectExamples(format));

  it.each(FORMATS)('$id is the only one sure of its own rows', (format) => {
    for (const example of format.examples()) {
      const line = { text: example.input.split('\n')[0] ?? '', number: 1, wrapper: null };
      for (const other of FORMATS) if (other !== format) expect(other.score(line)).toBe(0);
    }
  });

  it('takes the columns in milliseconds where both times are whole seconds', () => {
    expect(only({ ...base, EdgeTimeToFirstByteMs: 19_012, OriginResponseDurationMs: 19_010 })).toMatchObject({
      durationMs: 19_012,
      upstreamMs: 19_010,
    });
    expect(only({ ...base, EdgeTimeToFirstByteMs: 35 })).toMatchObject({ durationMs: 19_000 });
    expect(only(base)).toMatchObject({ durationMs: 19_000, path: '/cart' });
  });

  it('tells a missing origin status from none', () => {
    const { OriginResponseStatus: _, ...without } = base;
    expect(only(base)).toMatchObject({ originStatus: 0 });
    expect(only({ ...base, OriginResponseStatus: null })).toMatchObject({ originStatus: 0 });
    expect(only({ ...base, OriginResponseStatus: '502' })).toMatchObject({ originStatus: 502 });
    expect(only(without)).not.toHaveProperty('originStatus');
  });

  it.each([
    ['eyeball', true],
    [1, true],
    ['', true],
    ['orangeToOrange', true],
    ['edgeWorkerFetch', false],
    [4, false],
    ['4', false],
    ['earlyHintsCache', false],
  ])('source %j is a visitor: %s', (source, visitor) => {
    expect(only({ ...base, ClientRequestSource: source })).toMatchObject({ visitor });
  });

  it('does not take a masked address for a colo', () => {
    expect(only({ ...base, EdgeColoCode: '33.147.138.217' })).not.toHaveProperty('colo');
    expect(only({ ...base, EdgeColoCode: 'FRA' })).toMatchObject({ colo: 'FRA' });
  });

  it('reads the same rows in a list over many lines, in one document, and inside a message', () => {
    const row = JSON.stringify(base);
    expect(read(cloudflareHttp, `[${row},\n${row},\n${row}\n]`)).toMatchObject({ refused: [], records: { length: 3 } });
    expect(read(cloudflareHttp, `{"events":[{"info":${row}},{"info":${row}}]}`).records).toHaveLength(2);
    expect(read(cloudflareHttp, JSON.stringify({ source: 'x', message: row })).records).toHaveLength(1);
  });

  it('refuses a row that is cut or masked into broken JSON', () => {
    const row = JSON.stringify(base);
    expect(read(cloudflareHttp, row.slice(0, -20)).refused).toHaveLength(1);
    expect(read(cloudflareHttp, row.replace('"GET"', '[MASKED]')).refused).toHaveLength(1);
  });

  it.each([
    [1653974623, 1653974623000],
    ['1653974623', 1653974623000],
    [1653974623123, 1653974623123],
    [1653974623123456, 1653974623123],
    [1545155129703000000, 1545155129703],
    ['1545155129703000000', 1545155129703],
    ['2022-10-30T10:11:12.123456789Z', Date.UTC(2022, 9, 30, 10, 11, 12, 123)],
    ['2022-10-30 10:11:12', Date.UTC(2022, 9, 30, 10, 11, 12)],
    ['soon', undefined],
    [12, undefined],
    [null, undefined],
  ])('reads the time %j', (value, ms) => expect(momentMs(value)).toBe(ms));

  it('keeps a solved challenge apart from a block', () => {
    const event = {
      Action: 'managedChallengeInteractiveSolved',
      RuleID: 'x',
      Source: 'firewallCustom',
      Datetime: 1653974623,
    };
    expect(read(cloudflareFirewall, JSON.stringify(event)).records[0]).toMatchObject({ signal: 'firewall.other' });
    expect(read(cloudflareFirewall, JSON.stringify({ ...event, Action: 'managedChallenge' })).records[0]).toMatchObject(
      { signal: 'firewall.block' },
    );
  });

  it('names the exception of a Worker in wrangler’s pretty JSON', () => {
    const event = {
      outcome: 'exception',
      scriptName: null,
      exceptions: [{ name: 'TypeError', message: 'no link', timestamp: 1634771404332 }],
      logs: [],
      eventTimestamp: 1634771404052,
    };
    expect(read(cloudflareWorkers, JSON.stringify(event, null, 2).slice(2, -2)).records).toMatchObject([
      {
        signal: 'worker.exception',
        stamp: { kind: 'utc', ms: 1634771404052 },
        values: { exception: 'TypeError', message: 'no link' },
      },
    ]);
  });

  it('makes nothing of an outcome it does not know', () => {
    for (const Outcome of ['constructor', 'canceled', 'ok']) {
      expect(read(cloudflareWorkers, JSON.stringify({ Outcome, Exceptions: [] }))).toEqual({
        records: [],
        refused: [],
      });
    }
  });

  it('never throws, whatever stands in a line or a column', () => {
    const column = fc.constantFrom(
      ...Object.keys(base),
      'Action',
      'RuleID',
      'Outcome',
      'Exceptions',
      'Event',
      'message',
      'json',
    );
    const row = fc.dictionary(column, fc.oneof(fc.jsonValue(), fc.constant(502))).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(
        fc.oneof(
          row,
          fc.string(),
          row.map((text) => text.slice(0, -1)),
        ),
        (line) => {
          for (const format of FORMATS) {
            read(format, line);
            format.score({ text: line, number: 1, wrapper: null });
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(['{', '[', '"', 'a', ' ', '"outcome":', '{"json":', '\\'])(
    'reads ten megabytes of %j in good time',
    (unit) => {
      const text = unit.repeat(Math.ceil(10_000_000 / unit.length));
      for (const format of FORMATS) {
        inGoodTime(() => {
          format.score({ text, number: 1, wrapper: null });
          format.open(() => {}).push({ text: `{"EdgeResponseStatus":1,"RuleID":${text}`, number: 1, wrapper: null });
        });
      }
    },
    60_000,
  );
});
