import type { Burst, Judgement, Result } from '../../result/schema.ts';
import { clockMsOf, clockOf, formatCount, formatShare } from '../figures.ts';
import { formatWeight, weightColumn } from '../weights.ts';
import { causeIsNamed, HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { folded, quotedLine } from './parts.ts';

const MOST_LINES = 2;
const BAR_PIXELS = 72;

/** A bar as long as a weight is heavy: filled for, hollow against. */
function weightBar(weight: number, heaviest: number): Markup {
  const wide = Math.max(1, Math.round((Math.abs(weight) / heaviest) * (BAR_PIXELS - 2)));
  return html`<svg class="inline" width="${BAR_PIXELS}" height="10" aria-hidden="true"><rect class="${weight < 0 ? 'against' : 'bar'}" x="1" y="1" width="${wide}" height="8"></rect></svg>`;
}

/** The sum that leads from the prior to the confidence. */
export function evidenceTable(burst: Judgement): Content {
  const { prior, items, rest, sum } = weightColumn(burst);
  if (items.length === 0) return null;
  const heaviest = items.reduce((most, { weight }) => Math.max(most, Math.abs(weight)), Math.max(1, Math.abs(prior)));
  const row = (weight: number, text: Content, count: string, first: string | null, id: string | null): Markup =>
    html`<tr${id === null ? null : html` id="${id}"`}><td class="w" data-label="Points">${weightBar(weight, heaviest)}<span class="t">${formatWeight(weight)}</span></td><td>${text}</td><td class="n" data-label="Times">${count}</td><td class="t" data-label="First (UTC)">${first}</td></tr>`;
  return html`<h3>Evidence</h3>
<table class="stack"><caption>Ten points make the odds ten times better; the column adds up to the confidence.</caption>
<thead><tr><th scope="col">Points</th><th scope="col">What was seen</th><th scope="col" class="n">Times</th><th scope="col">First (UTC)</th></tr></thead>
<tbody>
${row(prior, 'Before this evidence: how common the cause is, and how the other causes stand', '', null, null)}
${items.map(({ evidence, weight }) =>
  row(
    weight,
    html`${evidence.direction === 'against' ? html`<strong>Against:</strong> ` : null}${evidence.text}`,
    formatCount(evidence.count),
    evidence.first === null ? null : clockOf(evidence.first),
    evidence.id,
  ),
)}
${rest === 0 ? null : row(rest, 'Rounding and calibration', '', null, null)}
<tr class="total"><td data-label="Sum">${formatWeight(sum)}</td><td>= ${formatShare(burst.verdict.confidence)} ${causeIsNamed(burst.verdict) ? 'for this cause' : 'for the likeliest cause; too little to name it'}</td><td></td><td></td></tr>
</tbody></table>`;
}

/** The lines themselves, with file and line number. */
export function proofLines(result: Result, burst: Judgement): Content {
  const blocks = burst.evidence
    .filter(({ lines }) => lines.length > 0)
    .map(
      (evidence) =>
        html`<h4>${evidence.text}</h4>${folded(
          evidence.lines.map((line) => quotedLine(result, line)),
          MOST_LINES,
          'lines',
        )}`,
    );
  return blocks.length === 0 ? null : html`<h3>Proof</h3>${folded(blocks, 6, 'kinds of lines')}`;
}

/** Which hop showed the failure first, to the millisecond. */
export function firstByHop(result: Result, burst: Burst): Content {
  if (burst.firstByHop.length === 0) return null;
  const seen = [...burst.firstByHop].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const start = Date.parse(seen[0]?.time ?? burst.start);
  return html`<h3>First sight by hop</h3>
${burst.firstSentence ? html`<p class="prose">${burst.firstSentence}</p>` : null}
<table class="stack"><thead><tr><th scope="col">Hop</th><th scope="col">Time (UTC)</th><th scope="col" class="n">After the first</th><th scope="col">Signal</th><th scope="col">Line</th></tr></thead><tbody>
${seen.map(
  ({ hop, time, signal, source, line }) =>
    html`<tr><th scope="row">${HOP_TITLES[hop]}</th><td class="t" data-label="Time (UTC)">${clockMsOf(time)}</td><td class="n" data-label="After the first">+${((Date.parse(time) - start) / 1000).toFixed(3)} s</td><td data-label="Signal"><code>${signal}</code></td><td data-label="Line"><span class="file">${result.sources[source]?.path ?? `source ${source}`}:${line}</span></td></tr>`,
)}</tbody></table>`;
}
