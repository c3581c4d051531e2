import { max } from 'd3-array';
import { scaleQuantize } from 'd3-scale';
import type { Result } from '../../result/schema.ts';
import { counted, dayAndClock, formatCount } from '../figures.ts';
import type { Chart } from '../series.ts';
import { HOP_TITLES } from '../words.ts';
import { bandsOf, brackets, bracketsHeight } from './bands.ts';
import { bucketName } from './buckets.ts';
import { aStep, axisRow, chartRow, stepName } from './chart.ts';
import { type Content, html, type Markup } from './markup.ts';
import { originZone } from './origin-zone.ts';
import { ACROSS, picture, units } from './svg.ts';
import { placeOn } from './time-axis.ts';

type OriginTimes = NonNullable<Result['originTimes']>;

const ROW = 15;
const MOST_TABLE_ROWS = 30;
/** How strong a cell's shade is, from few requests to many: steps of equal factors. */
const SHADES = [0.14, 0.3, 0.5, 0.75, 1];

/** The cells of one row as one shape for each shade. */
function cells(times: OriginTimes, bucket: number, chart: Chart, shadeOf: (count: number) => number): Markup[] {
  const at = placeOn(chart);
  const startMs = Date.parse(times.start);
  const shapes = SHADES.map(() => '');
  times.columns.forEach((column, index) => {
    const count = column[bucket] ?? 0;
    if (count === 0) return;
    const fromMs = startMs + index * times.stepSeconds * 1000;
    const from = units(at(fromMs));
    const to = units(at(fromMs + times.stepSeconds * 1000));
    shapes[shadeOf(count)] += `M${from} 0H${to}V${ROW - 1}H${from}Z`;
  });
  return shapes.flatMap((d, shade) =>
    d === ''
      ? []
      : [html`<path class="cell" fill="currentColor" fill-opacity="${SHADES[shade] ?? 1}" d="${d}"></path>`],
  );
}

/** The times as numbers: sums of neighbouring steps, so that at most 30 rows come out. */
function asTable(times: OriginTimes, buckets: readonly number[]): Markup {
  const by = Math.ceil(times.columns.length / MOST_TABLE_ROWS);
  const rows: Markup[] = [];
  for (let from = 0; from < times.columns.length; from += by) {
    const part = times.columns.slice(from, from + by);
    const time = new Date(Date.parse(times.start) + from * times.stepSeconds * 1000).toISOString();
    rows.push(
      html`<tr><th scope="row">${dayAndClock(time)}</th>${buckets.map((bucket) => html`<td>${formatCount(part.reduce((all, column) => all + (column[bucket] ?? 0), 0))}</td>`)}</tr>`,
    );
  }
  return html`<details><summary>The same as a table (per ${stepName(by * times.stepSeconds)})</summary>
<div class="wide" tabindex="0" role="group" aria-label="Requests by the time they took"><table class="nums"><thead><tr><th scope="col">From (UTC)</th>${buckets.map((bucket) => html`<th scope="col">${bucketName(times.bucketsMs, bucket)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** How long the origin took, over time: the stronger the shade, the more requests. */
export function originTimesSection(result: Result, chart: Chart | null): Content {
  const times = result.originTimes;
  if (times === undefined || chart === null) return null;
  const all = times.bucketsMs.map((_, bucket) => bucket).concat(times.bucketsMs.length);
  const used = all.filter((bucket) => times.columns.some((column) => (column[bucket] ?? 0) > 0));
  const [low, high] = [used[0], used.at(-1)];
  if (low === undefined || high === undefined) return null;
  const most = max(times.columns, (column) => max(column) ?? 0) ?? 1;
  const scale = scaleQuantize<number>()
    .domain([0, Math.log1p(most)])
    .range(SHADES.map((_, shade) => shade));
  const shadeOf = (count: number): number => scale(Math.log1p(count));
  const shown = all.slice(low, high + 1).reverse();
  const bands = bandsOf(chart, result.bursts);
  const whose =
    times.part === 'upstream' ? (times.hop === 'edge' ? 'the origin' : 'the application') : 'the whole request';
  const title = `How long ${whose} took, from ${bucketName(times.bucketsMs, low)} to ${bucketName(times.bucketsMs, high)}; the table has the numbers`;
  return html`<section aria-labelledby="origin-times"><h2 id="origin-times">How long ${whose} took</h2>
<p class="soft">Each cell: the requests of ${aStep(times.stepSeconds)} that took so long, failed ones included, by the ${HOP_TITLES[times.hop]} log${times.estimated ? ' (scaled from a sample of its rows)' : ''}. The stronger the shade, the more; strongest: ${counted(most, 'request')}.</p>
<figure class="rows heat"><div role="img" aria-label="${title}">${bands.length === 0 ? null : chartRow(null, picture(bracketsHeight(bands), null, brackets(bands)))}${shown.map(
    (bucket) =>
      chartRow(
        bucketName(times.bucketsMs, bucket),
        html`<svg width="100%" height="${ROW}" viewBox="0 0 ${ACROSS} ${ROW}" preserveAspectRatio="none" aria-hidden="true">${cells(times, bucket, chart, shadeOf)}</svg>`,
      ),
  )}</div>${axisRow(chart, originZone(result))}</figure>
${asTable(times, all.slice(low, high + 1))}</section>`;
}
