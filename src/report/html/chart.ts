import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Burst } from '../../result/schema.ts';
import { formatCount } from '../figures.ts';
import type { Chart, Lane } from '../series.ts';
import { bandsOf, brackets, bracketsHeight, shades } from './bands.ts';
import { eventLines, eventNumbers, MARKS_HEIGHT, type NumberedEvent } from './event-marks.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { OriginZone } from './origin-zone.ts';
import { baseline, columns, percent, picture } from './svg.ts';
import { placeOn, timeAxis, timeLines } from './time-axis.ts';

/** Charts over time. Each is a row of a figure: words on the left, on a phone above, and the picture beside them. */

const PLOT = 130;
const LANE = 40;
/** Room over the plot for the number of its highest line. */
const HEAD = 16;

/** A row of a figure: what it shows in words, and the picture. */
export function chartRow(caption: Content, drawing: Markup): Markup {
  return html`<div class="row"><div class="cap">${caption}</div><div class="plot">${drawing}</div></div>`;
}

/** The row with the times. */
export function axisRow(chart: Chart, zone: OriginZone | null): Markup {
  const there = zone ? html`; <br>at the origin ${zone.name}` : null;
  return chartRow(html`<span class="soft">UTC${there}</span>`, timeAxis(chart, zone));
}

/** Below this part of the traffic's peak, failures beside it would be a hair on the baseline. */
const SEEN_BESIDE_TRAFFIC = 0.15;

/** Whether failures and traffic can stand on one scale; else the failures have the chart for themselves. */
export function isTrafficDrawn({ failed, total }: Chart): boolean {
  const most = max(failed ?? []) ?? 0;
  return total !== null && (most === 0 || most >= SEEN_BESIDE_TRAFFIC * (max(total) ?? 0));
}

/** Failures (ink) on the baseline against traffic (light), with the bursts shaded and named. */
export function failuresChart(chart: Chart, bursts: readonly Burst[], title: string): Markup {
  const traffic = isTrafficDrawn(chart) ? chart.total : null;
  const bands = bandsOf(chart, bursts);
  const top = bracketsHeight(bands) + HEAD;
  const base = top + PLOT;
  const scale = scaleLinear()
    .domain([0, max([...(traffic ?? []), ...(chart.failed ?? []), 1]) ?? 1])
    .nice(3)
    .range([0, PLOT]);
  const lines = scale.ticks(3).filter((value) => value > 0 && Number.isInteger(value));
  const highest = lines.at(-1);
  return picture(base + 1, title, [
    ...shades(bands, base),
    ...brackets(bands),
    ...timeLines(chart, base),
    ...(traffic ? [columns(traffic, 'traffic', scale, top, PLOT)] : []),
    ...(chart.failed ? [columns(chart.failed, 'marks', scale, top, PLOT)] : []),
    ...lines.map((value) => {
      const y = base - scale(value);
      const text = value === highest ? `${formatCount(value)} per ${stepName(chart.stepSeconds)}` : formatCount(value);
      return html`<line class="axis" stroke="currentColor" stroke-opacity="0.15" x1="0" x2="100%" y1="${y}" y2="${y}"></line><text class="tick" font-size="11" fill="currentColor" x="100%" y="${y - 3}" text-anchor="end">${text}</text>`;
    }),
    baseline(base),
  ]);
}

/** When a hop first told of the failure, for its lane. */
export interface Sight {
  readonly atMs: number;
  readonly label: string;
}

/** One log on its own scale, on the time axis of the chart above it. */
export function laneChart(
  chart: Chart,
  lane: Lane,
  bursts: readonly Burst[],
  events: readonly NumberedEvent[],
  sight?: Sight,
): Markup {
  const peak = max([...(lane.traffic ?? []), ...lane.marks]) ?? 0;
  const scale = scaleLinear()
    .domain([0, Math.max(1, peak)])
    .range([0, LANE - 9]);
  return picture(LANE, null, [
    ...shades(bandsOf(chart, bursts), LANE),
    ...eventLines(chart, events, LANE),
    ...(lane.traffic ? [columns(lane.traffic, 'traffic', scale, 0, LANE - 1)] : []),
    columns(lane.marks, 'marks', scale, 0, LANE - 1),
    ...(sight ? [sightMark(chart, sight)] : []),
    html`<text class="tick" font-size="11" fill="currentColor" x="100%" y="10" text-anchor="end">${formatCount(peak)}</text>`,
    baseline(LANE - 1),
  ]);
}

/** A flag at the moment, with its words beside it. */
function sightMark(chart: Chart, { atMs, label }: Sight): Markup {
  const part = placeOn(chart)(atMs);
  const left = part > 0.7;
  return html`<line class="sight" stroke="currentColor" stroke-width="2" x1="${percent(part)}" x2="${percent(part)}" y1="0" y2="${LANE}"></line><text class="label" font-size="12" font-weight="700" fill="currentColor" x="${percent(part)}" dx="${left ? -5 : 5}" y="11" text-anchor="${left ? 'end' : 'start'}">${label}</text>`;
}

/** The row of numbers over the lanes. */
export function eventsRow(chart: Chart, events: readonly NumberedEvent[]): Markup {
  return picture(MARKS_HEIGHT, null, eventNumbers(chart, events));
}

/** A row of the coverage strip. */
const COVER_ROW = 22;
const COVER_BAR = 8;
/** The narrowest bar and the narrowest gap that can be seen, as a part of the width. */
const HAIR = 0.003;

/** The times that a log covers, in milliseconds, as bars on the chart's axis; pieces that touch at its scale are one. */
export function coverageBars(
  chart: Chart,
  spans: readonly (readonly [number, number])[],
  bursts: readonly Burst[],
): Markup {
  const at = placeOn(chart);
  const drawn: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (to < chart.startMs || from > chart.endMs) continue;
    const last = drawn.at(-1);
    if (last && at(from) - last[1] < HAIR) last[1] = Math.max(last[1], at(to));
    else drawn.push([at(from), at(to)]);
  }
  const bars = drawn.map(
    ([from, to]) =>
      html`<rect class="bar" fill="currentColor" fill-opacity="0.6" x="${percent(Math.min(from, 1 - HAIR))}" width="${percent(Math.max(HAIR, to - from))}" y="${(COVER_ROW - COVER_BAR) / 2}" height="${COVER_BAR}"></rect>`,
  );
  return picture(COVER_ROW, null, [...shades(bandsOf(chart, bursts), COVER_ROW), ...bars]);
}

/** "one second", "15 s", "one minute", "5 min". */
export function aStep(seconds: number): string {
  const name = stepName(seconds);
  return /^\d/.test(name) ? name : `one ${name}`;
}

/** "second", "15 s", "minute", "5 min". */
export function stepName(seconds: number): string {
  if (seconds === 1) return 'second';
  if (seconds === 60) return 'minute';
  if (seconds === 3600) return 'hour';
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
