import { rollup } from 'd3-array';
import type { Burst } from '../../result/schema.ts';
import type { Chart } from '../series.ts';
import { html, type Markup } from './markup.ts';
import { ACROSS, percent, units } from './svg.ts';
import { placeOn } from './time-axis.ts';

/** The narrowest band that can be seen, as a part of the width. */
const HAIR = 0.004;
/** Room for a burst's name, as a part of the width of a phone. */
const NAME_ROOM = 0.09;
/** Rows of brackets over a chart; what finds no room in them is shaded without a name. */
const MOST_ROWS = 4;
const ROW = 17;

interface Band {
  readonly burst: Burst;
  /** Parts of the width. */
  readonly from: number;
  readonly to: number;
  /** The row of its bracket; null where there is no room. */
  readonly row: number | null;
}

/**
 * The bursts that a chart shows. A band reaches to the end of the bucket that holds the last failure. Brackets that overlap
 * stand in rows of their own.
 */
export function bandsOf(chart: Chart, bursts: readonly Burst[]): readonly Band[] {
  const at = placeOn(chart);
  const stepMs = chart.stepSeconds * 1000;
  const bucket = (time: string, round: (value: number) => number): number =>
    chart.startMs + round((Date.parse(time) - chart.startMs) / stepMs) * stepMs;
  const ends: number[] = [];
  return bursts
    .filter(({ start, end }) => Date.parse(end) >= chart.startMs && Date.parse(start) <= chart.endMs)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
    .map((burst) => {
      const from = Math.min(at(bucket(burst.start, Math.floor)), 1 - HAIR);
      const to = Math.max(at(bucket(burst.end, (value) => Math.floor(value) + 1)), from + HAIR);
      const free = ends.findIndex((end) => end <= from);
      const row = free >= 0 ? free : ends.length < MOST_ROWS ? ends.length : null;
      if (row !== null) ends[row] = Math.max(to, from + NAME_ROOM);
      return { burst, from, to, row };
    });
}

/** The height that the brackets over a plot take. */
export function bracketsHeight(bands: readonly Band[]): number {
  return bands.reduce((most, { row }) => Math.max(most, row === null ? 0 : (row + 1) * ROW), 0);
}

/** A named bracket for each band, in the colour of its place. */
export function brackets(bands: readonly Band[]): Markup[] {
  return bands.flatMap(({ burst, from, to, row }) => {
    if (row === null) return [];
    const { place } = burst.verdict;
    const y = row * ROW;
    const atEnd = from > 1 - NAME_ROOM;
    return [
      html`<rect class="f-${place}" fill="currentColor" x="${percent(from)}" width="${percent(to - from)}" y="${y + 13}" height="4"></rect><text class="label t-${place}" font-size="12" font-weight="700" fill="currentColor" x="${percent(atEnd ? to : from)}" y="${y + 10}" text-anchor="${atEnd ? 'end' : 'start'}">${burst.id}</text>`,
    ];
  });
}

/** The bands' shade behind a plot: one shape for each place. */
export function shades(bands: readonly Band[], height: number): Markup[] {
  const shapes = rollup(
    bands,
    (same) => same.map(({ from, to }) => `M${units(from)} 0H${units(to)}V${height}H${units(from)}Z`).join(''),
    ({ burst }) => burst.verdict.place,
  );
  if (shapes.size === 0) return [];
  const paths = [...shapes].map(
    ([place, d]) => html`<path class="band f-${place}" fill="currentColor" fill-opacity="0.13" d="${d}"></path>`,
  );
  return [
    html`<svg x="0" y="0" width="100%" height="${height}" viewBox="0 0 ${ACROSS} ${height}" preserveAspectRatio="none">${paths}</svg>`,
  ];
}
