import type { Burst, Result } from '../../result/schema.ts';
import { counted, formatCount, formatShare, formatSpan, shareOf } from '../figures.ts';
import { backgroundWords, causeIsNamed, mainBurst, noBurstWords, statusesOf } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { type OriginZone, originZone, timesThere } from './origin-zone.ts';
import { bullets, placeMark } from './parts.ts';

/** Bursts that stand open; the others are folded. */
const MOST_ROWS = 20;

/**
 * All bursts in a table; on a phone each row becomes a block. Of very many, those with most failed requests stand open.
 * `cards`: bursts with a card; the others' anchor is their row.
 */
export function burstsTable(result: Result, cards: ReadonlySet<string>): Markup {
  const { bursts } = result;
  if (bursts.length === 0) {
    return html`<section aria-labelledby="bursts"><h2 id="bursts">Bursts</h2>
<p>${noBurstWords(result)}</p></section>`;
  }
  const zone = originZone(result);
  const largest = new Set(
    [...bursts]
      .sort((a, b) => b.requests.failed - a.requests.failed)
      .slice(0, MOST_ROWS)
      .concat(mainBurst(result) ?? []),
  );
  const others = bursts.filter((burst) => !largest.has(burst));
  return html`<section aria-labelledby="bursts"><h2 id="bursts">Bursts</h2>
${bursts.some(({ cutStart, cutEnd }) => cutStart || cutEnd) ? html`<p class="soft">…: the logs begin or end within the burst.</p>` : null}${table(
  bursts.filter((burst) => largest.has(burst)),
  cards,
  zone,
)}${others.length === 0 ? null : html`<details><summary>and ${counted(others.length, 'more burst')}, with fewer failed requests</summary>${table(others, cards, zone)}</details>`}</section>`;
}

/** Errors in no burst, and what rows and lines say of them. */
export function backgroundSection(result: Result): Content {
  const found = backgroundWords(result);
  if (found.length === 0) return null;
  return html`<section aria-labelledby="single"><h2 id="single">Errors in no burst</h2>
${found.map(({ sentence, kinds }) => html`<p>${sentence}</p>${bullets(kinds)}`)}</section>`;
}

function table(bursts: readonly Burst[], cards: ReadonlySet<string>, zone: OriginZone | null): Markup {
  const rows = bursts.map((burst) => {
    const share = shareOf(burst.requests.failed, burst.requests.total);
    const bound = burst.requests.lowerBound ? '≥ ' : burst.requests.estimated ? '≈ ' : '';
    const carded = cards.has(burst.id);
    return html`<tr${carded ? null : html` id="${burst.id}"`}><th scope="row">${carded ? html`<a href="#${burst.id}">${burst.id}</a>` : burst.id}</th>
<td data-label="When (UTC)">${burst.cutStart ? '…' : null}${formatSpan(burst.start, burst.end)}${burst.cutEnd ? '…' : null}${zone === null ? null : html`<br><span class="soft">origin ${timesThere(burst.start, burst.end, zone)}</span>`}</td>
<td data-label="Whose">${placeMark(burst.verdict.place)}</td>
<td data-label="Cause">${causeIsNamed(burst.verdict) ? burst.verdict.title : 'not settled'}</td>
<td data-label="Statuses">${statusesOf(burst).map(([status, count], i) => html`${i === 0 ? null : ', '}<span class="t">${status} ×${formatCount(count)}</span>`)}</td>
<td class="n" data-label="Failed">${bound}${formatCount(burst.requests.failed)}${share === null ? null : ` (${share})`}</td>
<td class="n" data-label="Confidence">${formatShare(burst.verdict.confidence)} ${burst.verdict.word}</td></tr>`;
  });
  return html`<table class="stack"><thead><tr><th scope="col">Burst</th><th scope="col">When (UTC)${zone === null ? null : html`<br>at the origin (${zone.name})`}</th><th scope="col">Whose</th><th scope="col">Cause</th><th scope="col">Statuses</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Confidence</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}
