import type { Result } from '../../result/schema.ts';
import { clockMsOf, dayOf, formatDuration, msBetween } from '../figures.ts';
import { type JoinedRequest, joinedHow, stepsInwards } from '../ladder.ts';
import { fileAndLine, HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { burstLink, folded } from './parts.ts';

const SHOWN = 3;

function ladder(result: Result, request: JoinedRequest, index: number): Markup {
  const steps = stepsInwards(request).map((step) => {
    const took =
      step.startedAt === undefined
        ? null
        : ` · took ${formatDuration(Math.max(0, msBetween(step.startedAt, step.at)))}`;
    const status =
      step.status === undefined ? null : html` <strong>${step.status === 0 ? 'no answer' : step.status}</strong>`;
    return html`<li><strong>${HOP_TITLES[step.hop]}</strong> <span class="t">${clockMsOf(step.at)}</span>${status}<span class="soft">${took}</span><br>${step.text}<span class="file">${fileAndLine(result, step.source, step.line)}</span></li>`;
  });
  const [first] = request.steps;
  return html`<section aria-label="Request ${index + 1}"><h3 id="R${index + 1}"><code>${request.method} ${request.path}</code></h3>
<p class="meta">${request.ray === undefined ? null : html`Ray ID <code>${request.ray}</code> · `}${joinedHow(request)}${first ? ` · ${dayOf(first.at)}, times UTC` : null}${request.burst === null ? null : html` · burst ${burstLink(result, request.burst)}`}</p>
<ol class="ladder">${steps}</ol></section>`;
}

/** Some failed requests followed over the hops. */
export function requestsSection(result: Result): Content {
  if (result.requests.length === 0) return null;
  return html`<section aria-labelledby="requests"><h2 id="requests">Single requests over the hops</h2>
${folded(
  result.requests.map((request, index) => ladder(result, request, index)),
  SHOWN,
  'requests',
)}</section>`;
}
