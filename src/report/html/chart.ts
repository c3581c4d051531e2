import type { Burst } from '../../result/schema.ts';
import { clockOf, dayOf, formatCount } from '../figures.ts';
import { axisTop, type Chart } from '../series.ts';
import { html, type Markup } from './markup.ts';

/**
 * Charts as inline SVG. Widths and places across are per cent of the width there is, heights are pixels: so bars stretch
 * from a phone to a wide screen while letters keep their size.
 */

const HEAD = 34;
const PLOT = 120;
const FOOT = 20;
const LANE = 26;
/** The narrowest bar and the narrowest gap that can be seen, per cent of the width. */
const HAIR = 0.3;
/** Labels of bursts closer than this (per cent of the width) go to the next row. */
const LABEL_ROOM = 9;

const percent = (value: number): string => `${Math.round(value * 1000) / 1000}%`;

interface Band {
  readonly burst: Burst;
  readonly from: number;
  readonly to: number;
  readonly row: number;
}

/** The bursts that a chart shows, with rows for their names so that these do not overlap. */
function bands(chart: Chart, bursts: readonly Burst[]): readonly Band[] {
  const span = chart.endMs - chart.startMs;
  const at = (time: string): number => Math.min(100, Math.max(0, ((Date.parse(time) - chart.startMs) / span) * 100));
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return bursts
    .filter(({ start, end }) => Date.parse(end) >= chart.startMs && Date.parse(start) <= chart.endMs)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
    .map((burst) => {
      const from = at(burst.start);
      const free = ends.findIndex((end) => from - end >= LABEL_ROOM);
      const row = free < 0 ? ends.length - 1 : free;
      ends[row] = from;
      return { burst, from, to: Math.max(at(burst.end), from + 0.3), row };
    });
}

function bandMarks(shown: readonly Band[], height: number): Markup[] {
  return shown.map(({ burst, from, to, row }) => {
    const { place } = burst.verdict;
    const anchor = from > 90 ? 'end' : 'start';
    return html`<rect class="band f-${place}" x="${percent(from)}" width="${percent(Math.min(100, to) - from)}" y="0" height="${height}"></rect><rect class="edge-line f-${place}" x="${percent(from)}" width="1" y="0" height="${height}"></rect><text class="label t-${place}" x="${percent(from)}" dx="${anchor === 'end' ? -3 : 3}" y="${12 + row * 14}" text-anchor="${anchor}">${burst.id}</text>`;
  });
}

function columns(values: readonly number[], top: number, base: number, height: number, className: string): Markup[] {
  const width = 100 / values.length;
  // Bars touch: a hair of overlap keeps the background from shining through between them.
  return values.flatMap((value, index) => {
    if (value <= 0) return [];
    const tall = Math.max(1, Math.round((value / top) * height * 10) / 10);
    return [
      html`<rect class="${className}" x="${percent(index * width)}" width="${percent(width * 1.02)}" y="${Math.round((base - tall) * 10) / 10}" height="${tall}"></rect>`,
    ];
  });
}

/** Times under a chart: five, with seconds where the span is short, with days where it is long. */
function timeAxis(chart: Chart, y: number): Markup[] {
  const span = chart.endMs - chart.startMs;
  const several =
    new Date(chart.startMs).toISOString().slice(0, 10) !== new Date(chart.endMs - 1).toISOString().slice(0, 10);
  return [0, 25, 50, 75, 100].map((at) => {
    const time = new Date(chart.startMs + (span * at) / 100).toISOString();
    const label =
      span > 3 * 86_400_000 ? dayOf(time).slice(5) : span <= 1_200_000 ? clockOf(time) : clockOf(time).slice(0, 5);
    const anchor = at === 0 ? 'start' : at === 100 ? 'end' : 'middle';
    const day = several && span <= 3 * 86_400_000 && at === 0 ? `${dayOf(time).slice(5)} ` : '';
    return html`<text x="${at}%" y="${y}" text-anchor="${anchor}">${day}${label}</text>`;
  });
}

/** Failures (dark) against traffic (light) over time, with the bursts shaded and named. */
export function failuresChart(chart: Chart, bursts: readonly Burst[], title: string): Markup {
  const shown = bands(chart, bursts);
  const base = HEAD + PLOT;
  const top = axisTop([...(chart.total ?? []), ...(chart.failed ?? [])]);
  return html`<svg role="img" aria-label="${title}" width="100%" height="${base + FOOT}">
${bandMarks(shown, base)}
<line class="axis" x1="0" x2="100%" y1="${HEAD}" y2="${HEAD}"></line>
${chart.total ? columns(chart.total, top, base, PLOT, 'ok') : null}
${chart.failed ? columns(chart.failed, top, base, PLOT, 'fail') : null}
<line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}"></line>
<text x="100%" y="${HEAD - 4}" text-anchor="end">${formatCount(top)} per ${stepName(chart.stepSeconds)}</text>
${timeAxis(chart, base + 15)}
</svg>`;
}

/** One series on its own scale, on the same time axis as the chart above it. */
export function laneChart(chart: Chart, values: readonly number[], bursts: readonly Burst[], title: string): Markup {
  const span = bands(chart, bursts).map(
    ({ burst, from, to }) =>
      html`<rect class="band f-${burst.verdict.place}" x="${percent(from)}" width="${percent(Math.min(100, to) - from)}" y="0" height="${LANE}"></rect>`,
  );
  return html`<svg role="img" aria-label="${title}" width="100%" height="${LANE + 1}">${span}${columns(values, Math.max(1, ...values), LANE, LANE, 'bar')}<line class="axis" x1="0" x2="100%" y1="${LANE}" y2="${LANE}"></line></svg>`;
}

/** A row of the coverage strip: its name above its bar. */
const COVER_ROW = 27;
const COVER_BAR = 7;

/** The times that each log covers, in milliseconds, as bars on the chart's axis; pieces that touch at its scale are one. */
export function coverageChart(
  chart: Chart,
  rows: readonly { readonly label: string; readonly spans: readonly (readonly [number, number])[] }[],
  bursts: readonly Burst[],
  title: string,
): Markup {
  const span = chart.endMs - chart.startMs;
  const height = rows.length * COVER_ROW;
  const at = (ms: number): number => Math.min(100, Math.max(0, ((ms - chart.startMs) / span) * 100));
  const bars = rows.flatMap(({ label, spans }, row) => {
    const drawn: [number, number][] = [];
    for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
      if (to < chart.startMs || from > chart.endMs) continue;
      const last = drawn.at(-1);
      if (last && at(from) - last[1] < HAIR) last[1] = Math.max(last[1], at(to));
      else drawn.push([at(from), at(to)]);
    }
    const y = row * COVER_ROW;
    return [
      html`<text x="0" y="${y + 12}">${label}</text>`,
      ...drawn.map(
        ([from, to]) =>
          html`<rect class="bar" x="${percent(Math.min(from, 100 - HAIR))}" width="${percent(Math.max(HAIR, to - from))}" y="${y + 16}" height="${COVER_BAR}"></rect>`,
      ),
    ];
  });
  const shaded = bands(chart, bursts).map(
    ({ burst, from, to }) =>
      html`<rect class="band f-${burst.verdict.place}" x="${percent(from)}" width="${percent(Math.min(100, to) - from)}" y="0" height="${height}"></rect>`,
  );
  return html`<svg role="img" aria-label="${title}" width="100%" height="${height + FOOT}">${shaded}${bars}<line class="axis" x1="0" x2="100%" y1="${height}" y2="${height}"></line>${timeAxis(chart, height + 15)}</svg>`;
}

/** "second", "15 s", "minute", "5 min". */
export function stepName(seconds: number): string {
  if (seconds === 1) return 'second';
  if (seconds === 60) return 'minute';
  if (seconds === 3600) return 'hour';
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
