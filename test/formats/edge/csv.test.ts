import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudflareCsv, cloudflareCsvWith, fieldsProblem } from '../../../src/formats/edge/cloudflare-csv.ts';
import { csvCells } from '../../../src/formats/edge/csv-cells.ts';
import { expectExamples, read } from '../app/read-lines.ts';

describe('cells of a line of CSV', () => {
  it('are those that were written', () => {
    const cell = fc.stringMatching(/^[a-z",;\t ]{0,8}$/);
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), fc.constantFrom(',', ';', '\t', '|'), (cells, delimiter) => {
        const line = cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter);
        expect(csvCells(line, delimiter)).toEqual(cells);
      }),
    );
  });

  it.each(['a,"b', '"a"b,c', '"', 'x,"a""'])('%s has none', (line) => {
    expect(csvCells(line, ',')).toBeNull();
  });

  it('may be empty', () => {
    expect(csvCells(',,', ',')).toEqual(['', '', '']);
    expect(csvCells('', ',')).toEqual(['']);
  });
});

describe('an export of requests as CSV', () => {
  it('is read as in the examples', () => expectExamples(cloudflareCsv));

  it('takes other delimiters and spellings', () => {
    const text = ['ray_id\tedge_end_timestamp\tedge_response_status', '49336fc9397ab080\t1772618401\t524'].join('\n');
    expect(read(cloudflareCsv, text).records).toMatchObject([{ status: 524, signal: 'edge.524', line: 2 }]);
  });

  it('hands over rows that do not fit its head, and takes a head that stands there again', () => {
    const head = 'RayID,EdgeEndTimestamp,EdgeResponseStatus';
    const good = '"49336fc9397ab080",1772618401,502';
    const text = [head, good, 'a,b', head, good].join('\n');
    const { records, refused } = read(cloudflareCsv, text);
    expect(records).toHaveLength(2);
    expect(refused.map(({ text }) => text)).toEqual(['a,b']);
  });

  it('is read without a head where its columns are known, with any delimiter, a head that is there after all first', () => {
    const format = cloudflareCsvWith(['RayID', 'EdgeEndTimestamp', 'EdgeResponseStatus', 'OriginResponseStatus']);
    const row = ['"49336fc9397ab080"', '1772618401', '502', '0'];
    for (const delimiter of [',', '\t', ';']) {
      const { records, refused } = read(format, `${row.join(delimiter)}\nno row\n${row.join(delimiter)}`);
      expect(records).toMatchObject([{ status: 502, originStatus: 0, line: 1 }, { line: 3 }]);
      expect(refused.map(({ text }) => text)).toEqual(['no row']);
    }
    const swapped = `EdgeResponseStatus,RayID,EdgeEndTimestamp,OriginResponseStatus\n524,${row[0]},1772618401,0`;
    expect(read(format, swapped).records).toMatchObject([{ status: 524 }]);
  });

  it('wants the status among the columns', () => {
    expect(fieldsProblem(['RayID', 'edge_response_status'])).toBeNull();
    expect(fieldsProblem(['RayID', ''])).toContain('empty');
    expect(fieldsProblem(['RayID', 'EdgeStartTimestamp'])).toContain('EdgeResponseStatus');
  });
});

describe('an export of requests as CSV without a head', () => {
  const visitor = (i: number): string => `198.51.100.${i % 250}`;
  const request = (i: number, status: number, origin: number): Record<string, string> => ({
    ClientIP: visitor(i),
    EdgeServerIP: '172.68.50.43',
    OriginIP: '203.0.113.24',
    ClientRequestHost: 'www.example.com',
    ClientRequestMethod: i % 3 === 0 ? 'POST' : 'GET',
    ClientRequestURI: `/shop?item=${i}`,
    ClientCountry: 'de',
    CacheCacheStatus: i % 4 === 0 ? 'unknown' : 'dynamic',
    EdgeColoCode: 'FRA',
    EdgeStartTimestamp: `${1_772_618_400 + i}000000000`,
    EdgeEndTimestamp: `${1_772_618_400 + i}250000000`,
    EdgeResponseStatus: String(status),
    EdgeResponseBytes: String(120 + 37 * i),
    OriginResponseStatus: String(origin),
    RayID: (0x713d47753n * 2n ** 28n + BigInt(i)).toString(16).padStart(16, '0'),
    ParentRayID: '00',
  });
  const outage = (status: number, origin: number): Record<string, string>[] =>
    Array.from({ length: 60 }, (_, i) => (i % 5 === 4 ? request(i, status, origin) : request(i, 200, 200)));

  const columns = Object.keys(request(0, 200, 200));

  it.each([
    ['refused', outage(521, 0), [521, 0]],
    ['answered by the origin', outage(502, 502), [502, 502]],
    ['made by the edge', outage(502, 0), [502, 0]],
  ] as const)('tells its columns in any order: %s', (_, rows, [status, origin]) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(columns, { minLength: columns.length }), (order) => {
        // Where the statuses are the same in all rows, or never absent, the first is the answer's.
        const text = rows.map((row) => order.map((name) => `"${row[name]}"`).join(',')).join('\n');
        const { records, refused } = read(cloudflareCsv, text);
        expect(refused).toEqual([]);
        expect(records).toHaveLength(60);
        expect(records[4]).toMatchObject({
          status,
          originStatus: origin,
          method: 'GET',
          host: 'www.example.com',
          path: '/shop',
          colo: 'FRA',
          client: visitor(4),
          upstream: '203.0.113.24',
          ray: rows[4]?.RayID,
        });
      }),
      { numRuns: 40 },
    );
  });

  it('leaves open what may be one thing or another', () => {
    const both = [
      ['49336fc9397ab080', '1772618401', '/', '502', '0', '0'],
      ['49336fc9397ab081', '1772618402', '/', '502', '503', '502'],
    ];
    const { records } = read(cloudflareCsv, both.map((cells) => cells.join(',')).join('\n'));
    expect(records).toMatchObject([{ status: 502 }, { status: 502 }]);
    expect(records[0]).not.toHaveProperty('originStatus');
  });

  it('takes no table of something else for one', () => {
    for (const text of [
      '49336fc9397ab080,1772618401,12.5,true',
      'name,value,other',
      '2026-11-20 08:10:14,ERROR,failed to read block 49336fc9397ab080',
    ])
      expect(cloudflareCsv.score({ text, number: 1, wrapper: null })).toBe(0);
  });
});
