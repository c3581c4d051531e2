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
