import type { Result } from '../../result/schema.ts';
import {
  clockMsOf,
  dayOf,
  formatCount,
  formatDuration,
  formatShare,
  formatSpan,
  msBetween,
  shareOf,
} from '../figures.ts';
import { requestPath } from '../path.ts';
import {
  causeIsNamed,
  failedInAll,
  HOP_EXPLAINED,
  HOP_TITLES,
  headline,
  howSure,
  mainBurst,
  PLACE_TITLES,
  sentence,
} from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { bullets, burstLink, placeMark } from './parts.ts';

/** The page's head: the verdict in one sentence, how sure, and what else was seen. */
export function verdictSection(result: Result): Markup {
  const { verdict, window } = result;
  return html`<header class="top">
<p class="meta">${result.tool.name}${window.start === null || window.end === null ? null : ` · logs from ${formatSpan(window.start, window.end)} UTC`}</p>
<div class="verdict p-${verdict.place}">
<h1>${headline(verdict)}</h1>
${verdict.summary === '' ? null : html`<p class="sum">${sentence(verdict.summary)}</p>`}
<p>${howSure(verdict)}${verdict.burst === null ? null : html` This is burst ${burstLink(result, verdict.burst)}.`}</p>
${
  verdict.alsoSeen.length === 0
    ? null
    : html`<p>Also seen:</p>${bullets(verdict.alsoSeen.map((other) => html`${burstLink(result, other.burst)} ${placeMark(other.place)} ${other.title}`))}`
}
</div>
</header>`;
}

/** The request's path over the hops, with the guilty hop marked in words, width and colour. */
export function pathSection(result: Result): Markup {
  const { stations, networkAtFault } = requestPath(result);
  const { place } = result.verdict;
  const items = stations.map(({ hop, guilt, note }) => {
    const marked = guilt === 'no' ? '' : `${guilt} b-${place}`;
    const mark =
      guilt === 'here'
        ? html`<span class="mark t-${place}">▲ the fault is here</span>`
        : guilt === 'within'
          ? html`<span class="mark t-${place}">△ possibly here</span>`
          : null;
    const link =
      networkAtFault && hop === 'edge'
        ? html`<li class="here b-network"><span class="name">Network</span> <span class="note">between edge and origin</span><span class="mark t-network">▲ the fault is here</span></li>`
        : null;
    const last = hop === 'dependency' || hop === 'host' ? ' inner' : '';
    return html`<li class="${marked}${last}"><span class="name" title="${HOP_EXPLAINED[hop]}">${HOP_TITLES[hop]}</span> <span class="note">${note}</span>${mark}</li>${link}`;
  });
  return html`<section aria-labelledby="path"><h2 id="path">The request’s path${result.bursts.length > 1 && result.verdict.burst !== null ? ` in burst ${result.verdict.burst}` : null}</h2>
<ol class="path">${items}</ol></section>`;
}

function number(title: string, big: string, small: Content): Markup {
  return html`<div><dt>${title}</dt><dd><span class="big">${big}</span>${small === null ? null : html`<span class="soft">${small}</span>`}</dd></div>`;
}

/** Five numbers: failed, share, duration, first failure, confidence. */
export function numbersSection(result: Result): Content {
  const burst = mainBurst(result);
  if (!burst) return null;
  const { failed, total } = failedInAll(result);
  const several = result.bursts.length > 1;
  const atLeast = result.bursts.some(({ requests }) => requests.lowerBound);
  const about = result.bursts.some(({ requests }) => requests.estimated);
  const limit = atLeast ? '≥ ' : about ? '≈ ' : '';
  const { verdict } = result;
  return html`<section aria-label="Numbers"><dl class="numbers">
${number('Failed requests', `${limit}${formatCount(failed)}`, several ? `in ${result.bursts.length} bursts` : `in burst ${burst.id}`)}
${number('Share of requests', shareOf(failed, total) ?? 'not known', total === null ? 'the logs do not count all requests' : `of ${formatCount(total)} in that time`)}
${number('Duration', formatDuration(msBetween(burst.start, burst.end)), several ? `burst ${burst.id}` : 'first to last failure')}
${number('First failure (UTC)', clockMsOf(burst.start).slice(0, 8), `${dayOf(burst.start)}${several ? `, burst ${burst.id}` : ''}`)}
${number(
  'Confidence',
  formatShare(causeIsNamed(verdict) ? verdict.confidence : verdict.placeConfidence),
  causeIsNamed(verdict)
    ? `${verdict.word} for the cause; ${formatShare(verdict.placeConfidence)} for the ${PLACE_TITLES[verdict.place]}`
    : `for the ${PLACE_TITLES[verdict.place]}; the cause is open`,
)}
</dl></section>`;
}
