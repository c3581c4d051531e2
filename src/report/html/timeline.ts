import { sum } from 'd3-array';
import type { Burst, Result } from '../../result/schema.ts';
import { clockOf, counted, dayAndClock, formatCount } from '../figures.ts';
import { type Chart, chartOf, type Lane, type Timeline } from '../series.ts';
import { HOP_TITLES, mainBurst, PLACE_TITLES } from '../words.ts';
import {
  aStep,
  axisRow,
  chartRow,
  eventsRow,
  failuresChart,
  isTrafficDrawn,
  laneChart,
  type Sight,
  stepName,
} from './chart.ts';
import { type NumberedEvent, numbered, within } from './event-marks.ts';
import { eventsTable } from './events.ts';
import { type Content, html, type Markup } from './markup.ts';
import { originZone } from './origin-zone.ts';

/** As many columns as a wide screen shows apart; a result has no more. */
const MOST_BUCKETS = 360;
const MOST_ROWS = 30;
const MOST_LANES = 12;
const HALF_A_DAY_MS = 43_200_000;

/** Fewer columns than these are no course of time. */
const LEAST_BUCKETS = 4;

/** The chart of the whole time, which others share their axis with; null where too little has times. */
export function wholeChart(result: Result): Chart | null {
  const chart = chartOf(result.timeline, MOST_BUCKETS, mainBurst(result)?.countedAt.hop);
  return (chart?.lanes[0]?.marks.length ?? 0) < LEAST_BUCKETS ? null : chart;
}

function laneName({ hop, name }: Lane): string {
  return `${HOP_TITLES[hop]}: ${name}`;
}

/** The numbers of a chart and its lanes as a table of at most 30 rows. */
function asTable(timeline: Timeline, chart: Chart): Content {
  const folded = chartOf(timeline, MOST_ROWS, chart.hop ?? undefined);
  if (!folded) return null;
  const { lanes } = folded;
  const buckets = lanes[0]?.marks.length ?? 0;
  const rows = Array.from({ length: buckets }, (_, index) => {
    const time = new Date(folded.startMs + index * folded.stepSeconds * 1000).toISOString();
    return html`<tr><th scope="row">${dayAndClock(time)}</th>${lanes.map(({ marks, traffic }) => html`<td>${formatCount(marks[index] ?? 0)}</td>${traffic === null ? null : html`<td>${formatCount(traffic[index] ?? 0)}</td>`}`)}</tr>`;
  });
  if (rows.length === 0) return null;
  const heads = lanes.map(
    (lane) =>
      html`<th scope="col">${laneName(lane)}</th>${lane.traffic === null ? null : html`<th scope="col">${HOP_TITLES[lane.hop]}: all requests</th>`}`,
  );
  return html`<details><summary>The same as a table (per ${stepName(folded.stepSeconds)})</summary>
<div class="wide" tabindex="0" role="group" aria-label="Counts over time"><table class="nums"><thead><tr><th scope="col">From (UTC)</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/** A lane's name, and what it adds up to. */
function laneCaption(lane: Lane, chart: Chart): Markup {
  const total = sum(lane.marks);
  const of = lane.traffic === null ? '' : ` of ${formatCount(sum(lane.traffic))}`;
  const first = lane.marks.findIndex((value) => value > 0);
  const told =
    first < 0
      ? `none${of}`
      : `${formatCount(total)}${of}, first ${timeIn(chart, chart.startMs + first * chart.stepSeconds * 1000)}`;
  return html`<strong>${HOP_TITLES[lane.hop]}</strong> ${lane.name} <br><span class="soft">${told}</span>`;
}

function lanes(
  chart: Chart,
  bursts: readonly Burst[],
  events: readonly NumberedEvent[],
  sights: ReadonlyMap<Lane, Sight>,
): Content {
  const shown = chart.lanes.slice(0, MOST_LANES);
  const more = chart.lanes.length - shown.length;
  const here = within(chart, events);
  return html`${here.length === 0 ? null : chartRow(html`<strong>Restarts and other events</strong>`, eventsRow(chart, here))}${shown.map(
    (lane) => chartRow(laneCaption(lane, chart), laneChart(chart, lane, bursts, here, sights.get(lane))),
  )}${more > 0 ? html`<p class="soft">and ${counted(more, 'more log')}, not drawn</p>` : null}`;
}

/** What the main chart counts, and what its two inks mean. */
function legend(chart: Chart): Markup {
  const failed = chart.failed ? formatCount(sum(chart.failed)) : null;
  const total = chart.total ? formatCount(sum(chart.total)) : null;
  const whose = chart.hop ? `as the ${HOP_TITLES[chart.hop]} log counts them; ` : '';
  const all = isTrafficDrawn(chart)
    ? html`<span class="key traffic"></span>${total} requests in all <br>`
    : html`of ${total} requests: too many to draw here, see the rows below <br>`;
  return html`${failed === null ? null : html`<span class="key marks"></span><strong>${failed} failed</strong> <br>`}${total === null ? null : all}<span class="soft">${whose}one column is ${aStep(chart.stepSeconds)}</span>`;
}

/** A time as short as the chart's span allows. */
function timeIn({ startMs, endMs }: Chart, ms: number): string {
  const time = new Date(ms).toISOString();
  return endMs - startMs > HALF_A_DAY_MS ? dayAndClock(time).slice(5, 16) : clockOf(time);
}

function titleOf(chart: Chart, bursts: readonly Burst[], what: string): string {
  const named = bursts
    .slice(0, MOST_LANES)
    .map(
      ({ id, verdict, start, end }) =>
        `${id} (${PLACE_TITLES[verdict.place]}) from ${clockOf(start)} to ${clockOf(end)}`,
    )
    .join('; ');
  return `${what}: ${formatCount(sum(chart.failed ?? []))} failed requests${named === '' ? '' : `; bursts: ${named}`}`;
}

/** "second by second", "in steps of 15 s". */
function stepByStep(seconds: number): string {
  const name = stepName(seconds);
  return /^\d/.test(name) ? `in steps of ${name}` : `${name} by ${name}`;
}

/** Failures against traffic over the whole time, and what each hop's log wrote meanwhile. */
export function timelineSection(result: Result): Content {
  const chart = wholeChart(result);
  if (!chart) return eventsTable(result);
  const zone = originZone(result);
  const { bursts } = result;
  const counts = chart.failed ?? chart.total;
  return html`<section aria-labelledby="timeline"><h2 id="timeline">What happened, ${stepByStep(chart.stepSeconds)}</h2>
${
  counts === null
    ? null
    : html`<p class="soft">Failures stand on the baseline${isTrafficDrawn(chart) ? ', all requests behind them in grey' : null}.${bursts.length === 0 ? null : ' Shaded: the bursts.'}</p>
<figure class="rows">${chartRow(legend(chart), failuresChart(chart, bursts, titleOf(chart, bursts, 'Failures over time')))}${axisRow(chart, zone)}</figure>`
}
<h3>Who saw what, on one time axis</h3>
<p class="soft">Each row has its own scale, with its highest column’s number on the right.${bursts.length === 0 ? null : ' In a shaded band, the row that lights up first is where to look first.'}${within(chart, numbered(result)).length === 0 ? null : ' Dotted: restarts and other events, numbered as in the list below.'}</p>
<figure class="rows">${lanes(chart, bursts, numbered(result), new Map())}${axisRow(chart, zone)}</figure>
${asTable(result.timeline, chart)}
${eventsTable(result)}</section>`;
}

/** The seconds around one burst, with the moment at which each hop first told of it. */
export function zoomFigure(result: Result, burst: Burst): Content {
  const zoom = result.zooms.find((one) => one.burst === burst.id);
  const chart = zoom ? chartOf(zoom, MOST_BUCKETS, burst.countedAt.hop) : null;
  if (!zoom || !chart) return null;
  const zone = originZone(result);
  const main = chart.failed ?? chart.total;
  const shown = result.bursts.filter(
    ({ start, end }) => Date.parse(end) >= chart.startMs && Date.parse(start) < chart.endMs,
  );
  return html`<figure class="rows">${main === null ? null : chartRow(legend(chart), failuresChart(chart, shown, titleOf(chart, shown, `Burst ${burst.id} in steps of ${stepName(chart.stepSeconds)}`)))}${lanes(chart, shown, numbered(result), sightsOf(chart, burst))}${axisRow(chart, zone)}</figure>
${asTable(zoom, chart)}`;
}

/** The lane that shows a hop's first sign: of its lines where it has any, else of its requests. */
function sightsOf(chart: Chart, burst: Burst): ReadonlyMap<Lane, Sight> {
  const first = Math.min(...burst.firstByHop.map(({ time }) => Date.parse(time)));
  return new Map(
    burst.firstByHop.flatMap(({ hop, time }) => {
      const own = chart.lanes.filter((lane) => lane.hop === hop);
      const lane = own.find(({ traffic }) => traffic === null) ?? own[0];
      const atMs = Date.parse(time);
      return lane ? [[lane, { atMs, label: afterFirst(atMs - first) }] as const] : [];
    }),
  );
}

/** "first", "+1 s", "+0.3 s": how long after the first sign. */
export function afterFirst(ms: number): string {
  if (ms === 0) return 'first';
  return `+${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(1)} s`;
}
