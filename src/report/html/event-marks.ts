import type { Result } from '../../result/schema.ts';
import type { Chart } from '../series.ts';
import { html, type Markup } from './markup.ts';
import { percent } from './svg.ts';
import { placeOn } from './time-axis.ts';

type Event = Result['events'][number];

/** A restart, a deployment or the like, with the number that it has in the list of events. */
export interface NumberedEvent {
  readonly number: number;
  readonly event: Event;
}

/** Events whose marks would touch share one: "3–7". */
interface Mark {
  readonly part: number;
  readonly first: number;
  last: number;
}

/** Room for a mark, as a part of the width of a phone. */
const ROOM = 0.085;

/** The height of the row that holds the marks. */
export const MARKS_HEIGHT = 20;

export function numbered(result: Result): readonly NumberedEvent[] {
  return result.events.map((event, index) => ({ number: index + 1, event }));
}

/** Those within the chart's time. */
export function within(chart: Chart, events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  return events.filter(({ event }) => {
    const ms = Date.parse(event.time);
    return ms >= chart.startMs && ms <= chart.endMs;
  });
}

function marksOf(chart: Chart, events: readonly NumberedEvent[]): readonly Mark[] {
  const at = placeOn(chart);
  const marks: Mark[] = [];
  for (const { number, event } of within(chart, events)) {
    const part = at(Date.parse(event.time));
    const last = marks.at(-1);
    if (last && part - last.part < ROOM) last.last = number;
    else marks.push({ part, first: number, last: number });
  }
  return marks;
}

/** The numbers over their times. */
export function eventNumbers(chart: Chart, events: readonly NumberedEvent[]): Markup[] {
  return marksOf(chart, events).map(({ part, first, last }) => {
    const text = first === last ? String(first) : `${first}–${last}`;
    const anchor = part < ROOM / 2 ? 'start' : part > 1 - ROOM / 2 ? 'end' : 'middle';
    return html`<text class="number" font-size="12" font-weight="700" fill="currentColor" x="${percent(part)}" y="14" text-anchor="${anchor}">${text}</text>`;
  });
}

/** Of more events than these only the first of each mark has a line. */
const MOST_LINES = 24;

/** Dotted lines through a row at the times of the events. */
export function eventLines(chart: Chart, events: readonly NumberedEvent[], height: number): Markup[] {
  const at = placeOn(chart);
  const shown = within(chart, events);
  const parts =
    shown.length > MOST_LINES
      ? marksOf(chart, shown).map(({ part }) => part)
      : shown.map(({ event }) => at(Date.parse(event.time)));
  return [...new Set(parts.map(percent))].map(
    (x) =>
      html`<line class="event" stroke="currentColor" stroke-dasharray="2 3" x1="${x}" x2="${x}" y1="0" y2="${height}"></line>`,
  );
}
