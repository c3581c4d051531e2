import type { Result } from '../../result/schema.ts';
import { dayAndClock } from '../figures.ts';
import { fileAndLine, HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

const SHOWN = 20;

function table(result: Result, events: Result['events']): Markup {
  return html`<table class="stack"><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Hop</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead><tbody>${events.map(
    (event) =>
      html`<tr><th scope="row" class="t">${dayAndClock(event.time)}</th><td data-label="Hop">${HOP_TITLES[event.hop]}</td><td data-label="Kind">${event.kind}</td><td>${event.text}<span class="file">${fileAndLine(result, event.source, event.line)}</span></td></tr>`,
  )}</tbody></table>`;
}

/** Starts, stops, reloads, crashes, deploys and connections, in order of time. */
export function eventsSection(result: Result): Content {
  if (result.events.length === 0) return null;
  const rest = result.events.slice(SHOWN);
  return html`<section aria-labelledby="events"><h2 id="events">Restarts, deploys and other events</h2>
${table(result, result.events.slice(0, SHOWN))}
${rest.length === 0 ? null : html`<details><summary>and ${rest.length} more events</summary>${table(result, rest)}</details>`}</section>`;
}
