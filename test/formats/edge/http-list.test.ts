import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudflareHttpList } from '../../../src/formats/edge/cloudflare-http-list.ts';
import type { LogRecord } from '../../../src/vocabulary/records.ts';

const row = (second: number, status: number): object => ({
  EdgeStartTimestamp: `2026-03-04T10:00:${String(second).padStart(2, '0')}Z`,
  EdgeResponseStatus: status,
  OriginResponseStatus: status,
  SecurityActions: ['log'],
  Subrequests: [{ EdgeResponseStatus: 599, note: '}{"' }],
  RayID: `713d477539b55c${second + 10}`,
});
const ROWS = [row(1, 502), row(2, 200), row(3, 504)];

function read(...pieces: readonly string[]): { statuses: number[]; notUnderstood: number; warning?: string } {
  const records: LogRecord[] = [];
  const reader = cloudflareHttpList.openPieces?.((record) => records.push(record));
  for (const piece of pieces) reader?.push(piece);
  const end = reader?.end() ?? { notUnderstood: -1 };
  return { statuses: records.map((record) => (record.kind === 'request' ? record.status : 0)), ...end };
}

describe('Cloudflare requests in one JSON document', () => {
  it.each([
    ['an array', JSON.stringify(ROWS)],
    ['an array over many lines', JSON.stringify(ROWS, null, 2)],
    ['a named list', JSON.stringify({ rows: ROWS })],
    ['rows in their wrappers', JSON.stringify({ events: ROWS.map((info) => ({ info })) })],
    ['the answer of an API', JSON.stringify({ success: true, errors: [], messages: [], result: ROWS })],
    ['hits of a search', JSON.stringify({ took: 3, hits: { total: 3, hits: ROWS.map((_source) => ({ _source })) } })],
    ['a batch on each line', `${JSON.stringify(ROWS.slice(0, 2))}\n${JSON.stringify(ROWS.slice(2))}\n`],
    ['objects in no list', ROWS.map((one) => JSON.stringify(one, null, 1)).join('\n')],
  ])('gives every row of %s', (_, text) => {
    expect(cloudflareHttpList.scoreHead(text)).toBeGreaterThan(0.9);
    expect(read(text)).toEqual({ statuses: [502, 200, 504], notUnderstood: 0 });
  });

  it('gives the same rows however the text is cut into pieces', () => {
    const whole = JSON.stringify({ events: ROWS.map((info) => ({ info })) });
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const marks = [0, ...cuts.sort((a, b) => a - b)];
        const pieces = marks.map((mark, i) => whole.slice(mark, marks[i + 1]));
        expect(read(...pieces).statuses).toEqual([502, 200, 504]);
      }),
    );
  });

  it('gives the rows before the place where it is cut, and says so', () => {
    const whole = JSON.stringify(ROWS);
    expect(read(whole.slice(0, -30))).toMatchObject({
      statuses: [502, 200],
      notUnderstood: 1,
      warning: expect.stringContaining('breaks off after row 2'),
    });
  });

  it('leaves a row on its line, and lists of one row on each, to the reader of lines', () => {
    for (const status of [200, 502]) {
      const one = { ...row(1, status), Subrequests: [] };
      expect(cloudflareHttpList.scoreHead(JSON.stringify(one))).toBe(0);
      expect(cloudflareHttpList.scoreHead(`[${JSON.stringify(one)},\n${JSON.stringify(one)}]`)).toBe(0);
    }
  });
});
