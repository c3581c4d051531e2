import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsOf, shades } from '../../src/report/html/bands.ts';
import { bucketName } from '../../src/report/html/buckets.ts';
import { failuresChart } from '../../src/report/html/chart.ts';
import { eventNumbers } from '../../src/report/html/event-marks.ts';
import { clockThere, originZone, spanThere } from '../../src/report/html/origin-zone.ts';
import { cardsThatFit, renderHtml } from '../../src/report/html/page.ts';
import { columns } from '../../src/report/html/svg.ts';
import { chartOf } from '../../src/report/series.ts';
import { twoHundredBursts } from './browser/golden.ts';
import { SAMPLE } from './sample-result.ts';

const TALL = 100;

/** Heights that an outline has over the middle of each of `buckets` columns. */
function heightsOf(source: string, buckets: number): number[] {
  const d = / d="([^"]*)"/.exec(source)?.[1] ?? '';
  const runs = d
    .split('M')
    .filter((run) => run !== '')
    .map((run) => run.split('L').map((point) => point.split(',').map(Number)));
  return Array.from({ length: buckets }, (_, bucket) => {
    const middle = ((bucket + 0.5) * 1000) / buckets;
    for (const run of runs) {
      for (let i = 1; i < run.length; i++) {
        const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [run[i - 1], run[i]];
        if (x0 <= middle && middle < x1 && y0 === y1) return TALL - y0;
      }
    }
    return 0;
  });
}

const chart = chartOf(SAMPLE.timeline, 360);
const event = (number: number, time: string) => ({
  number,
  event: { time, hop: 'host' as const, kind: 'start' as const, text: 'started', source: 0, line: number },
});

describe('columns', () => {
  it('stand over their bucket with their height, and none where there is nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 120 }), (values) => {
        const drawn = heightsOf(columns(values, 'marks', (value) => value, 0, TALL).source, values.length);
        expect(drawn).toEqual(values.map((value) => (value === 0 ? 0 : Math.max(1.5, value))));
      }),
    );
  });
});

describe('bursts over a chart', () => {
  it('have brackets that do not overlap, each with its name', () => {
    if (!chart) throw new Error('the sample has a timeline');
    const bands = bandsOf(chart, [...SAMPLE.bursts, ...SAMPLE.bursts]);
    for (const band of bands)
      for (const other of bands)
        if (band !== other && band.row !== null && band.row === other.row)
          expect(band.to <= other.from || other.to <= band.from).toBe(true);
    const svg = failuresChart(chart, SAMPLE.bursts, 'title').source;
    for (const { id } of SAMPLE.bursts) expect(svg).toContain(`>${id}</text>`);
  });

  it('reach to the end of the bucket with the last failure', () => {
    if (!chart) throw new Error('the sample has a timeline');
    const span = chart.endMs - chart.startMs;
    for (const { burst, to } of bandsOf(chart, SAMPLE.bursts))
      expect(chart.startMs + to * span).toBeGreaterThan(Date.parse(burst.end));
  });

  it('are shaded by one shape for each place, however many they are', () => {
    const many = twoHundredBursts();
    const wide = chartOf(many.timeline, 360);
    if (!wide) throw new Error('there is a timeline');
    expect(shades(bandsOf(wide, many.bursts), 40)[0]?.source.match(/<path/g)).toHaveLength(2);
  });
});

it('events that would touch share a number range', () => {
  if (!chart) throw new Error('the sample has a timeline');
  const time = (minutes: number): string => new Date(chart.startMs + minutes * 60_000).toISOString();
  const marks = eventNumbers(chart, [event(1, time(1)), event(2, time(2)), event(3, time(3)), event(4, time(90))]);
  expect(marks.map(({ source }) => />([^<]+)<\/text>/.exec(source)?.[1])).toEqual(['1–3', '4']);
});

it('failures that are a hair beside the traffic have the chart for themselves', () => {
  if (!chart) throw new Error('the sample has a timeline');
  const few = { ...chart, failed: chart.failed?.map((_, i) => (i === 3 ? 2 : 0)) ?? null };
  expect(failuresChart(chart, [], '').source).toContain('class="traffic"');
  expect(failuresChart(few, [], '').source).not.toContain('class="traffic"');
});

describe("the origin's clock", () => {
  it('is that of most lines of its own logs', () => {
    expect(originZone(SAMPLE)).toEqual({ offsetMinutes: 60, name: 'UTC+01:00' });
    const utc = SAMPLE.sources.map((source) => ({
      ...source,
      clock: source.clock && { ...source.clock, zoneOffsetMinutes: 0 },
    }));
    expect(originZone({ ...SAMPLE, sources: utc })).toBeNull();
  });

  it('is told as text, with the day where it is another', () => {
    const zone = { offsetMinutes: -300, name: 'UTC−05:00' };
    expect(clockThere('2026-03-04T13:52:04.000Z', zone)).toBe('2026-03-04T08:52:04.000');
    expect(spanThere('2026-03-04T13:52:04.000Z', '2026-03-04T14:06:47.000Z', zone)).toBe(
      '08:52:04 – 09:06:47 at the origin (UTC−05:00)',
    );
    expect(spanThere('2026-03-04T03:52:04.000Z', '2026-03-04T04:06:47.000Z', zone)).toContain('2026-03-03 22:52:04');
  });
});

it('buckets are named by their bounds', () => {
  const bounds = [10, 50, 1000, 3000];
  expect([0, 1, 2, 3, 4].map((index) => bucketName(bounds, index))).toEqual([
    'under 10 ms',
    '10 – 50 ms',
    '50 ms – 1 s',
    '1 – 3 s',
    'over 3 s',
  ]);
});

describe('a result with two hundred bursts', () => {
  const many = twoHundredBursts();
  const page = renderHtml(many);

  it('is a page of less than 1 MB', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  it('has cards for those with most failed requests and the one of the verdict, and says how many have none', () => {
    const cards = cardsThatFit(many).map(({ id }) => id);
    expect(cards).toContain('B7');
    const failedOf = (id: string): number => many.bursts.find((burst) => burst.id === id)?.requests.failed ?? 0;
    const least = Math.min(...cards.filter((id) => id !== 'B7').map(failedOf));
    for (const { id, requests } of many.bursts)
      if (!cards.includes(id)) expect(requests.failed).toBeLessThanOrEqual(least);
    expect(page).toContain(
      `and ${200 - cards.length} more bursts, with fewer failed requests: they stand in the table`,
    );
  });

  it('has every burst in its table, and an anchor for each', () => {
    for (const { id } of many.bursts) expect(page.split(` id="${id}"`)).toHaveLength(2);
  });
});

it('thousands of files of one export are one row, and what is not listed is counted', () => {
  const [source] = SAMPLE.sources;
  if (!source) throw new Error('the sample has sources');
  const sources = Array.from({ length: 5000 }, (_, i) => ({ ...source, path: `export/part-${i}.log.gz` }));
  const page = renderHtml({ ...SAMPLE, sources });
  expect(page).toContain('5,000 files, listed below');
  expect(page).toContain('and 4,950 more files: the JSON result has them all');
  expect(Buffer.byteLength(page)).toBeLessThan(300_000);
});
