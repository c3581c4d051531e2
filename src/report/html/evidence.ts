import type { Burst, Judgement, Result } from '../../result/schema.ts';
import { clockMsOf, clockOf, formatCount, formatShare } from '../figures.ts';
import { formatWeight, weightColumn } from '../weights.ts';
import { causeIsNamed, fileAndLine, HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';
import { quotedLine } from './parts.ts';
import { afterFirst } from './timeline.ts';

/** Proof lines that stand open: the first line of the heaviest evidence, at least two where there are two. */
const MOST_PROOF = 4;
const BAR_PIXELS = 72;

/** A bar as long as a weight is heavy: filled for, hollow against. */
function weightBar(weight: number, heaviest: number): Markup {
  const wide = Math.max(1, Math.round((Math.abs(weight) / heaviest) * (BAR_PIXELS - 2)));
  return html`<svg class="inline" width="${BAR_PIXELS}" height="10" aria-hidden="true"><rect fill="${weight < 0 ? 'none' : 'currentColor'}" stroke="currentColor" x="1" y="1" width="${wide}" height="8"></rect></svg>`;
}

/** The sum that leads from the prior to the confidence. */
export function evidenceTable(result: Result, burst: Judgement): Content {
  const { prior, items, rest, sum } = weightColumn(burst);
  if (items.length === 0) return null;
  const heaviest = items.reduce((most, { weight }) => Math.max(most, Math.abs(weight)), Math.max(1, Math.abs(prior)));
  const row = (weight: number, text: Content, count: string, first: string | null, id: string | null): Markup =>
    html`<tr${id === null ? null : html` id="${id}"`}><td class="w" data-label="Points">${weightBar(weight, heaviest)}<span class="t">${formatWeight(weight)}</span></td><td>${text}</td><td class="n" data-label="Times">${count}</td><td class="t" data-label="First (UTC)">${first}</td></tr>`;
  return html`<h3>Evidence</h3>
<table class="stack evidence"><caption>Ten points make the odds ten times better. The column adds up to the confidence.</caption>
<thead><tr><th scope="col">Points</th><th scope="col">What was seen</th><th scope="col" class="n">Times</th><th scope="col" class="t">First (UTC)</th></tr></thead>
<tbody>
${row(prior, 'Before this evidence: how common the cause is, and how the other causes stand', '', null, null)}
${items.map(({ evidence, weight }) => {
  const [line] = evidence.lines;
  return row(
    weight,
    html`${evidence.direction === 'against' ? html`<strong>Against:</strong> ` : null}${evidence.text}${line ? html`<span class="file">${fileAndLine(result, line.source, line.line)}</span>` : null}`,
    formatCount(evidence.count),
    evidence.first === null ? null : clockOf(evidence.first),
    evidence.id,
  );
})}
${rest === 0 ? null : row(rest, 'Rounding and calibration', '', null, null)}
<tr class="total"><td class="w" data-label="Sum">${formatWeight(sum)}</td><td>= ${formatShare(burst.verdict.confidence)} ${causeIsNamed(burst.verdict) ? 'for this cause' : 'for the likeliest cause; too little to name it'}</td><td></td><td></td></tr>
</tbody></table>`;
}

type Line = Judgement['evidence'][number]['lines'][number];

/** The lines that prove most: the first of each piece of evidence, the heaviest first; then, where these are few, their second. */
function bestLines(burst: Judgement): Line[] {
  const heaviest = burst.evidence
    .filter(({ direction }) => direction === 'for')
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const found = new Map<string, Line>();
  for (const [nth, enough] of [
    [0, MOST_PROOF],
    [1, 2],
  ] as const) {
    for (const { lines } of heaviest) {
      const line = lines[nth];
      if (line && found.size < enough) found.set(`${line.source}:${line.line}`, line);
    }
  }
  return [...found.values()];
}

/** The lines themselves, with file and line number: the best few open, all that were kept in a fold. */
export function proofLines(result: Result, burst: Judgement): Content {
  const best = bestLines(burst);
  const kept = burst.evidence.filter(({ lines }) => lines.length > 0);
  const count = kept.reduce((all, { lines }) => all + lines.length, 0);
  if (count === 0) return null;
  const all = kept.map(({ text, lines }) => html`<h4>${text}</h4>${lines.map((line) => quotedLine(result, line))}`);
  return html`<h3>Proof</h3>
${best.map((line) => quotedLine(result, line))}
${count <= best.length ? null : html`<details><summary>All ${count} lines that were kept, by evidence</summary>${all}</details>`}`;
}

/** Which hop showed the failure first: to the second, or finer where stamps are. */
export function firstByHop(result: Result, burst: Burst): Content {
  if (burst.firstByHop.length === 0) return null;
  const seen = [...burst.firstByHop].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const start = Date.parse(seen[0]?.time ?? burst.start);
  const clock = seen.every(({ time }) => Date.parse(time) % 1000 === 0) ? clockOf : clockMsOf;
  return html`<h3>First sign at each hop</h3>
${burst.firstSentence ? html`<p class="prose">${burst.firstSentence}</p>` : null}
<table class="stack"><thead><tr><th scope="col">Hop</th><th scope="col" class="t">Time (UTC)</th><th scope="col" class="t">After the first</th><th scope="col">Signal</th><th scope="col">Line</th></tr></thead><tbody>
${seen.map(
  ({ hop, time, signal, source, line }) =>
    html`<tr><th scope="row">${HOP_TITLES[hop]}</th><td class="t" data-label="Time (UTC)">${clock(time)}</td><td class="t" data-label="After the first">${afterFirst(Date.parse(time) - start)}</td><td data-label="Signal"><code>${signal}</code></td><td data-label="Line"><span class="file">${fileAndLine(result, source, line)}</span></td></tr>`,
)}</tbody></table>`;
}
