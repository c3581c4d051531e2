import { scaleUtc } from 'd3-scale';
import { clockOf, dayOf } from '../figures.ts';
import type { Chart } from '../series.ts';
import { html, type Markup } from './markup.ts';
import { clockThere, type OriginZone } from './origin-zone.ts';
import { percent, picture } from './svg.ts';

type Span = Pick<Chart, 'startMs' | 'endMs'>;

const DAY_MS = 86_400_000;
/** As many times as fit on a phone. */
const TICKS = 4;
const ROW = 15;
/** Labels this near to an end of the axis (parts of the width) hang inwards. */
const NEAR_END = 0.06;
/** What a label takes of the narrowest chart. */
const LABEL = 0.17;

/** Where a time stands on the axis, as a part of its width; within 0 and 1. */
export function placeOn({ startMs, endMs }: Span): (ms: number) => number {
  const scale = scaleUtc().domain([startMs, endMs]).range([0, 1]).clamp(true);
  return (ms) => scale(ms);
}

interface Tick {
  readonly part: number;
  readonly time: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Where the middle of a tick's label stands. */
function middleOf({ part, anchor }: Tick): number {
  return part + (anchor === 'start' ? LABEL / 2 : anchor === 'end' ? -LABEL / 2 : 0);
}

/** Round times along the axis. */
function ticksOf(span: Span): readonly Tick[] {
  const at = placeOn(span);
  return scaleUtc()
    .domain([span.startMs, span.endMs])
    .ticks(TICKS)
    .map((date) => {
      const part = at(date.getTime());
      return {
        part,
        time: date.toISOString(),
        anchor: part < NEAR_END ? 'start' : part > 1 - NEAR_END ? 'end' : 'middle',
      };
    });
}

/** Faint lines from top to bottom at the round times. */
export function timeLines(span: Span, height: number): Markup[] {
  return ticksOf(span).map(
    ({ part }) =>
      html`<line class="axis" stroke="currentColor" stroke-opacity="0.15" x1="${percent(part)}" x2="${percent(part)}" y1="0" y2="${height}"></line>`,
  );
}

/** A time as short as the axis allows: seconds only where ticks are that close, the day where it changes. */
function labelOf(time: string, before: string | undefined, span: Span): string {
  const long = span.endMs - span.startMs;
  if (long > 4 * DAY_MS) return dayOf(time).slice(5);
  const clock = long <= 20 * 60_000 ? clockOf(time) : clockOf(time).slice(0, 5);
  const newDay = before === undefined ? long > DAY_MS / 2 : dayOf(before) !== dayOf(time);
  return newDay ? `${dayOf(time).slice(5)} ${clock}` : clock;
}

/** The axis' times in UTC, and beneath them the same in the origin's zone where that is another. */
export function timeAxis(span: Span, zone: OriginZone | null): Markup {
  const ticks: Tick[] = [];
  for (const tick of ticksOf(span)) {
    const last = ticks.at(-1);
    if (!last || middleOf(tick) - middleOf(last) >= LABEL) ticks.push(tick);
  }
  const row = (times: readonly string[], y: number, className: string): Markup[] =>
    ticks.map(
      ({ part, anchor }, i) =>
        html`<text class="${className}" font-size="11" fill="currentColor" x="${percent(part)}" y="${y}" text-anchor="${anchor}">${labelOf(times[i] ?? '', times[i - 1], span)}</text>`,
    );
  const utc = ticks.map(({ time }) => time);
  return picture(zone ? 2 * ROW + 4 : ROW + 4, null, [
    ...row(utc, ROW - 2, 'tick'),
    ...(zone
      ? row(
          utc.map((time) => clockThere(time, zone)),
          2 * ROW - 2,
          'tick there',
        )
      : []),
  ]);
}
