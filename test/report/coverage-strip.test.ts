import { describe, expect, it } from 'vitest';
import { coverageBars } from '../../src/report/html/chart.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { requestPath } from '../../src/report/path.ts';
import { SAMPLE } from './sample-result.ts';

const chart = { startMs: 0, endMs: 1_000_000, stepSeconds: 1, hop: null, failed: null, total: null, lanes: [] };
/** Places and widths of the bars, in per cent. */
const barsOf = (spans: readonly (readonly [number, number])[]): string[] =>
  [...coverageBars(chart, spans, []).source.matchAll(/class="bar"[^>]* x="([\d.]+)%" width="([\d.]+)%"/g)].map(
    ([, x, width]) => `${x} ${width}`,
  );

describe('the coverage strip', () => {
  it('draws a bar where a log covers the time and leaves its holes blank', () => {
    expect(
      barsOf([
        [600_000, 800_000],
        [100_000, 200_000],
      ]),
    ).toEqual(['10 10', '60 20']);
  });

  it('cuts what lies beyond the axis and joins what touches at its scale', () => {
    expect(barsOf([[-500_000, 100_000]])).toEqual(['0 10']);
    expect(barsOf([[2_000_000, 3_000_000]])).toEqual([]);
    expect(
      barsOf([
        [0, 100_000],
        [101_000, 200_000],
      ]),
    ).toEqual(['0 20']);
  });

  it('stands in the report with one row for each log', () => {
    const page = renderHtml(SAMPLE);
    expect(page).toContain('Which log covers what');
    expect(page).toContain('<strong>Web server</strong> error.log');
    expect(page).toContain('>Web server: error.log</th>');
  });
});

describe('a hop on the way of the request', () => {
  it('is not called free of failures by a log that does not cover the burst', () => {
    const [burst, ...others] = SAMPLE.bursts;
    if (!burst) throw new Error('the sample has a burst');
    const noteOf = (coverage: [string, string][]): string | undefined => {
      const result = {
        ...SAMPLE,
        bursts: [{ ...burst, firstByHop: [] }, ...others],
        sources: SAMPLE.sources.map((source) => ({ ...source, coverage })),
      };
      return requestPath(result).stations.find(({ hop }) => hop === 'proxy')?.note;
    };
    expect(noteOf([['2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z']])).toContain('not of this time');
    expect(noteOf([[burst.start, burst.end]])).toContain('none of these failures in');
  });
});
