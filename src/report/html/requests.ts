import { max, min } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { Burst, Result } from '../../result/schema.ts';
import { clockMsOf, dayOf, formatDuration, msBetween } from '../figures.ts';
import { type JoinedRequest, joinedHow, stepsInwards } from '../ladder.ts';
import { fileAndLine, HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { folded } from './parts.ts';
import { percent } from './svg.ts';

/** Ladders that stand open in a card; the others are folded. */
const SHOWN = 1;
/** A request shorter than this has no lengths to compare: stamps are whole seconds. */
const LEAST_MS = 500;

type Step = JoinedRequest['steps'][number];

const startOf = (step: Step): number => Date.parse(step.startedAt ?? step.at);

/** How long each hop held the request, on one axis; null where that is too short to be told. */
function holdBar(request: JoinedRequest): ((step: Step) => Markup) | null {
  const from = min(request.steps, startOf) ?? 0;
  const to = max(request.steps, ({ at }) => Date.parse(at)) ?? 0;
  if (to - from < LEAST_MS) return null;
  const scale = scaleLinear().domain([from, to]).range([0, 1]);
  return (step) => {
    const left = Math.min(scale(startOf(step)), 0.985);
    const right = Math.max(scale(Date.parse(step.at)), left + 0.015);
    return html`<svg width="100%" height="12" aria-hidden="true"><line class="axis" stroke="currentColor" stroke-opacity="0.3" x1="0" x2="100%" y1="6" y2="6"></line><rect class="bar" fill="currentColor" x="${percent(left)}" width="${percent(right - left)}" y="2" height="8"></rect></svg>`;
  };
}

function ladder(result: Result, request: JoinedRequest, index: number, level: 3 | 4): Markup {
  const bar = holdBar(request);
  const rows = stepsInwards(request).map((step) => {
    const took = step.startedAt === undefined ? null : formatDuration(Math.max(0, msBetween(step.startedAt, step.at)));
    const status = step.status === undefined ? null : step.status === 0 ? 'no answer' : step.status;
    return html`<tr><th scope="row">${HOP_TITLES[step.hop]}</th><td class="t" data-label="Time (UTC)">${clockMsOf(step.at)}</td><td class="t" data-label="Status">${status}</td><td class="t" data-label="Took">${took}</td><td>${bar?.(step)}<code>${step.text}</code> <span class="file">${fileAndLine(result, step.source, step.line)}</span></td></tr>`;
  });
  const [first] = request.steps;
  const id = `R${index + 1}`;
  const name = html`<code>${request.method} ${request.path}</code>`;
  const heading = level === 3 ? html`<h3 id="${id}">${name}</h3>` : html`<h4 id="${id}">${name}</h4>`;
  return html`${heading}
<p class="meta">${request.ray === undefined ? null : html`Ray ID <code>${request.ray}</code> · `}${joinedHow(request)}${first ? ` · ${dayOf(first.at)}` : null}</p>
<table class="stack ladder"><thead><tr><th scope="col">Hop</th><th scope="col">Time (UTC)</th><th scope="col">Status</th><th scope="col">Took</th><th scope="col">${bar ? 'When it held the request, and what' : 'What'} was written</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function ladders(result: Result, level: 3 | 4, wanted: (request: JoinedRequest) => boolean): Content {
  const found = result.requests.flatMap((request, index) =>
    wanted(request) ? [ladder(result, request, index, level)] : [],
  );
  return found.length === 0 ? null : folded(found, SHOWN, 'requests');
}

/** Some failed requests of a burst, followed over the hops. */
export function laddersOf(result: Result, burst: Burst): Content {
  const found = ladders(result, 4, (request) => request.burst === burst.id);
  return found === null ? null : html`<h3>Single requests over the hops</h3>${found}`;
}

/** Requests that were asked for and belong to no burst of this page. */
export function otherRequestsSection(result: Result): Content {
  const ids = new Set(result.bursts.map(({ id }) => id));
  const found = ladders(result, 3, ({ burst }) => burst === null || !ids.has(burst));
  return found === null
    ? null
    : html`<section aria-labelledby="requests"><h2 id="requests">Single requests over the hops</h2>${found}</section>`;
}
