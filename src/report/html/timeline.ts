import type { Burst, Result } from '../../result/schema.ts';
import { clockOf, dayAndClock, formatCount } from '../figures.ts';
import { type Chart, chartOf, type Timeline } from '../series.ts';
import { HOP_TITLES, PLACE_TITLES } from '../words.ts';
import { failuresChart, laneChart, stepName } from './chart.ts';
import { coverageStrip } from './coverage.ts';
import { type Content, html } from './markup.ts';

const MOST_BUCKETS = 240;
const MOST_ROWS = 48;
const MOST_LANES = 12;

/** The chart's numbers as a table of at most 48 rows. */
function asTable(timeline: Timeline): Content {
  const chart = chartOf(timeline, MOST_ROWS);
  if (!chart) return null;
  const rows = Array.from({ length: chart.failed?.length ?? chart.total?.length ?? 0 }, (_, index) => {
    const time = new Date(chart.startMs + index * chart.stepSeconds * 1000).toISOString();
    return html`<tr><th scope="row">${dayAndClock(time)}</th><td class="n">${formatCount(chart.failed?.[index] ?? 0)}</td><td class="n">${chart.total ? formatCount(chart.total[index] ?? 0) : 'not known'}</td></tr>`;
  });
  if (rows.length === 0) return null;
  return html`<details><summary>The same as a table (per ${stepName(chart.stepSeconds)})</summary>
<table><thead><tr><th scope="col">From (UTC)</th><th scope="col" class="n">Failed</th><th scope="col" class="n">All requests</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

function lanes(chart: Chart, bursts: readonly Burst[]): Content {
  const shown = chart.lanes.slice(0, MOST_LANES);
  if (shown.length === 0) return null;
  return html`<h3>Who saw what</h3>
<p class="soft">Same time axis; each row has its own scale. The row that lights up first is where to look first.</p>
${shown.map((lane) => {
  const peak = lane.values.reduce((most, value) => Math.max(most, value), 0);
  const sum = lane.values.reduce((all, value) => all + value, 0);
  const first = lane.values.findIndex((value) => value > 0);
  const since =
    first < 0 ? 'never' : `first ${clockOf(new Date(chart.startMs + first * chart.stepSeconds * 1000).toISOString())}`;
  const title = `${HOP_TITLES[lane.hop]}: ${lane.name}`;
  return html`<figure><figcaption>${title}: ${formatCount(sum)} in all, ${since}, at most ${formatCount(peak)} per ${stepName(chart.stepSeconds)}</figcaption>${laneChart(chart, lane.values, bursts, title)}</figure>`;
})}
${chart.lanes.length > MOST_LANES ? html`<p class="soft">and ${chart.lanes.length - MOST_LANES} more rows, not drawn</p>` : null}`;
}

function chartFigure(timeline: Timeline, bursts: readonly Burst[], what: string): Content {
  const chart = chartOf(timeline, MOST_BUCKETS);
  if (!chart || (!chart.failed && !chart.total)) return null;
  const failed = chart.failed?.reduce((sum, value) => sum + value, 0) ?? 0;
  const named = bursts
    .map(
      (burst) =>
        `${burst.id} (${PLACE_TITLES[burst.verdict.place]}) from ${clockOf(burst.start)} to ${clockOf(burst.end)}`,
    )
    .join('; ');
  const title = `${what}: ${formatCount(failed)} failed requests${named === '' ? '' : `; bursts: ${named}`}`;
  return html`<figure>${failuresChart(chart, bursts, title)}
<figcaption><span class="key fail"></span>failed<span class="key ok"></span>all requests; one bar is one ${stepName(chart.stepSeconds)}. Shaded: the bursts, named above. UTC.</figcaption></figure>
${asTable(timeline)}`;
}

/** Failures against traffic over the whole time, and what each hop's log wrote meanwhile. */
export function timelineSection(result: Result): Content {
  const chart = chartOf(result.timeline, MOST_BUCKETS);
  if (!chart) return null;
  return html`<section aria-labelledby="timeline"><h2 id="timeline">What happened when</h2>
${chartFigure(result.timeline, result.bursts, 'Failures over time')}
${lanes(chart, result.bursts)}
${coverageStrip(result, chart, result.bursts)}</section>`;
}

/** The seconds around one burst. */
export function zoomFigure(result: Result, burst: Burst): Content {
  const zoom = result.zooms.find((one) => one.burst === burst.id);
  const figure = zoom ? chartFigure(zoom, [burst], `Burst ${burst.id} second by second`) : null;
  return figure === null ? null : html`<h3>Second by second</h3>${figure}`;
}
