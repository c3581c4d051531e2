import { sum } from 'd3-array';
import type { Burst, Result } from '../../result/schema.ts';
import {
  clockMsOf,
  counted,
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
import { originZone, spanThere } from './origin-zone.ts';
import { bullets, burstLink, placeMark } from './parts.ts';

/** The page's head: the verdict in one sentence, how sure, what to do first, and what else was seen. */
export function verdictSection(result: Result): Markup {
  const { verdict, window } = result;
  const zone = originZone(result);
  const judged = mainBurst(result) ?? result.excerpt;
  const [step] = judged?.fix.steps ?? [];
  const host = mainBurst(result)?.group.host;
  const more = verdict.alsoSeen.length - MOST_ALSO;
  return html`<header class="top">
<p class="meta"><strong class="brand">${result.tool.name}</strong>${host === undefined ? null : html` · <strong>${host}</strong>`}${window.start === null || window.end === null ? null : html` · logs from ${formatSpan(window.start, window.end)} UTC${zone === null ? null : `, ${spanThere(window.start, window.end, zone)}`}`}${result.sources.length === 0 ? null : ` · ${counted(result.sources.length, 'file')}`} · ${maskedInShort(result)}</p>
<div class="verdict p-${verdict.place}">
<h1>${headline(verdict)}</h1>
${verdict.summary === '' ? null : html`<p class="sum">${sentence(verdict.summary)}</p>`}
<p>${howSure(verdict)}${verdict.burst === null ? null : html` This is burst ${burstLink(result, verdict.burst)}.`}</p>
${step === undefined ? null : html`<p class="first"><strong>Do first:</strong> ${sentence(step.text)}</p>`}
${
  verdict.alsoSeen.length === 0
    ? null
    : html`<p class="also"><strong>Also seen:</strong></p>${bullets([
        ...verdict.alsoSeen
          .slice(0, MOST_ALSO)
          .map(
            (other) =>
              html`${burstLink(result, other.burst)} ${placeMark(other.place)} ${other.title === '' ? 'cause not settled' : other.title}`,
          ),
        ...(more > 0 ? [`and ${counted(more, 'more burst')}, in the table below`] : []),
      ])}`
}
</div>
</header>`;
}

/** Bursts named in the head besides the one that the verdict is about. */
const MOST_ALSO = 5;

function maskedInShort({ redaction }: Result): Content {
  const count = sum(Object.values(redaction.masked));
  if (!redaction.enabled) return html`<strong>not redacted</strong>`;
  return count === 0 ? 'nothing had to be masked' : `redacted: ${counted(count, 'value')} masked`;
}

/** The request's path over the hops, with the guilty hop marked in words, width and colour. */
export function pathSection(result: Result): Markup {
  const { stations, networkAtFault } = requestPath(result);
  const { place } = result.verdict;
  const items = stations.map(({ hop, guilt, note }) => {
    const silent = result.sources.some((source) => source.hop === hop) ? '' : ' silent';
    const marked = guilt === 'no' ? '' : `${guilt} b-${place}`;
    const mark =
      guilt === 'here'
        ? html`<span class="mark t-${place}">▲ the fault is here</span>`
        : guilt === 'within'
          ? html`<span class="mark t-${place}">△ possibly here</span>`
          : null;
    const link =
      networkAtFault && hop === 'edge'
        ? html`<li class="here b-network"><span class="name">Network</span> <span class="note">between edge and origin</span> <span class="mark t-network">▲ the fault is here</span></li>`
        : null;
    const last = hop === 'dependency' || hop === 'host' ? ' inner' : '';
    return html`<li class="${marked}${last}${silent}"><span class="name" title="${HOP_EXPLAINED[hop]}">${HOP_TITLES[hop]}</span> <span class="note">${note}</span> ${mark}</li>${link}`;
  });
  return html`<section aria-labelledby="path"><h2 id="path">The request’s path${result.bursts.length > 1 && result.verdict.burst !== null ? ` in burst ${result.verdict.burst}` : null}</h2>
<ol class="path">${items}</ol></section>`;
}

/** "the logs begin within it"; empty where the logs go on before and after. */
function cutWords({ cutStart, cutEnd }: Burst): string {
  const ends = [...(cutStart ? ['begin'] : []), ...(cutEnd ? ['end'] : [])];
  return ends.length === 0 ? '' : `the logs ${ends.join(' and ')} within it`;
}

function number(title: string, big: string, small: Content): Markup {
  return html`<div><dt>${title}</dt><dd><span class="big">${big}</span> ${small === null ? null : html`<span class="soft">${small}</span>`}</dd></div>`;
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
${number('Duration', `${burst.cutStart || burst.cutEnd ? '≥ ' : ''}${formatDuration(msBetween(burst.start, burst.end))}`, [several ? `burst ${burst.id}` : 'first to last failure', cutWords(burst)].filter((part) => part !== '').join('; '))}
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
