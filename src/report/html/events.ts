import type { Result } from '../../result/schema.ts';
import { counted, dayAndClock } from '../figures.ts';
import { fileAndLine, HOP_TITLES } from '../words.ts';
import { type NumberedEvent, numbered } from './event-marks.ts';
import { type Content, html, type Markup } from './markup.ts';

const SHOWN = 8;

function table(result: Result, events: readonly NumberedEvent[]): Markup {
  return html`<table class="stack"><thead><tr><th scope="col" class="n">No.</th><th scope="col">Time (UTC)</th><th scope="col">Hop</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead><tbody>${events.map(
    ({ number, event }) =>
      html`<tr><th scope="row" class="n">${number}</th><td class="t" data-label="Time (UTC)">${dayAndClock(event.time)}</td><td class="t" data-label="Hop">${HOP_TITLES[event.hop]}</td><td class="t" data-label="Kind">${event.kind}</td><td>${event.text} <span class="file">${fileAndLine(result, event.source, event.line)}</span></td></tr>`,
  )}</tbody></table>`;
}

/** Starts, stops, reloads, crashes, deploys and connections, numbered in order of time. */
export function eventsTable(result: Result): Content {
  const events = numbered(result);
  if (events.length === 0) return null;
  const rest = events.slice(SHOWN);
  return html`<h3>Restarts, deployments and other events</h3>
${table(result, events.slice(0, SHOWN))}
${rest.length === 0 ? null : html`<details><summary>and ${counted(rest.length, 'more event')}</summary>${table(result, rest)}</details>`}`;
}
