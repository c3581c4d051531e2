import type { Result, Source } from '../../result/schema.ts';
import { counted, formatBytes, formatCount, formatSpan } from '../figures.ts';
import { HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

const CLOCK_METHODS: Readonly<Record<NonNullable<Source['clock']>['method'], string>> = {
  explicit: 'the zone is written in the log',
  inner: 'told by a second clock on the same lines',
  sibling: 'taken from another log of this host',
  'ray-id': 'fitted by shared Ray IDs',
  request: 'fitted by the same requests in other logs',
  shape: 'fitted by the shape of the failures',
  assumed: 'assumed',
  option: 'given by an option',
};

const UNCERTAIN_SECONDS = 30;

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}

function clockText(source: Source): Content {
  const { clock } = source;
  if (clock === null) return 'no times in it';
  const unsure = clock.uncertaintySeconds > 0 ? `, ±${formatCount(clock.uncertaintySeconds)} s` : '';
  const skew =
    clock.skewSeconds === 0
      ? ''
      : `, clock ${formatCount(Math.abs(clock.skewSeconds))} s ${clock.skewSeconds > 0 ? 'ahead' : 'behind'}`;
  const year = clock.year === null ? '' : `; year ${clock.year.value} (${clock.year.method})`;
  const others = [...new Set(clock.alternatives.map(({ zoneOffsetMinutes }) => zoneOffsetMinutes))].filter(
    (minutes) => minutes !== clock.zoneOffsetMinutes && clock.zone !== 'as written',
  );
  const also = clock.method === 'assumed' && others.length > 0 ? `, ${others.map(offset).join(' or ')} as well` : '';
  return html`${clock.zone === 'as written' ? 'each line names its zone' : clock.zone === 'UTC' || clock.zone === 'Z' ? 'UTC' : `${clock.zone} (${offset(clock.zoneOffsetMinutes)})`}${also}${skew}${unsure}: ${CLOCK_METHODS[clock.method]}${year}${
    clock.uncertaintySeconds > UNCERTAIN_SECONDS || clock.method === 'assumed'
      ? html` <strong>not certain</strong>`
      : null
  }`;
}

function coverage(source: Source): Content {
  if (source.first === null || source.last === null) return 'no times';
  const pieces = source.coverage.length > 1 ? ` in ${source.coverage.length} pieces` : '';
  return `${formatSpan(source.first, source.last)}${pieces}`;
}

function detail(source: Source): Markup {
  const { notUnderstood } = source;
  const facts = [
    source.sha256 === null ? null : html`<span class="file">sha256 ${source.sha256}</span>`,
    source.level === null ? null : `Log level: ${source.level}.`,
    source.sampleRate === null
      ? null
      : `Sampled: one row stands for ${formatCount(Math.round(1 / Math.max(source.sampleRate, 1e-9)))}.`,
    source.lostBytes > 0 ? html`<strong>${formatBytes(source.lostBytes)} could not be read.</strong>` : null,
    source.coverage.length > 1
      ? html`<details><summary>Covered times (${source.coverage.length})</summary><ul>${source.coverage.map(([from, to]) => html`<li>${formatSpan(from, to)}</li>`)}</ul></details>`
      : null,
    notUnderstood.count === 0
      ? null
      : html`<details><summary>${counted(notUnderstood.count, 'line')} not understood</summary>${notUnderstood.samples.map(({ line, text }) => html`<span class="file">line ${line}</span><pre>${text}</pre>`)}</details>`,
  ];
  return html`${facts.filter((fact) => fact !== null).map((fact) => html`<div class="soft">${fact}</div>`)}`;
}

/** What was read: each log with what it covers, its clock, what was not understood, and its digest. */
export function sourcesSection(result: Result): Markup {
  const rows = result.sources.map(
    (source) =>
      html`<tr><td><code>${source.path}</code>${detail(source)}</td>
<td data-label="Kind">${source.format} <span class="soft">(${HOP_TITLES[source.hop]}${source.server === null ? null : `, ${source.server}`})</span></td>
<td class="n" data-label="Lines">${formatCount(source.lines)} <span class="soft">${formatBytes(source.bytes)}</span></td>
<td class="n" data-label="Not understood">${formatCount(source.notUnderstood.count)}</td>
<td data-label="Covers (UTC)">${coverage(source)}</td>
<td data-label="Clock">${clockText(source)}</td></tr>`,
  );
  return html`<section aria-labelledby="sources"><h2 id="sources">What was read</h2>
${
  rows.length === 0
    ? html`<p>No log was read.</p>`
    : html`<table class="stack"><thead><tr><th scope="col">File</th><th scope="col">Kind</th><th scope="col" class="n">Lines</th><th scope="col" class="n">Not understood</th><th scope="col">Covers (UTC)</th><th scope="col">Clock</th></tr></thead><tbody>${rows}</tbody></table>`
}
${
  result.skipped.length === 0
    ? null
    : html`<h3>Skipped</h3><ul>${result.skipped.map(({ path, reason }) => html`<li><code>${path}</code>: ${reason}</li>`)}</ul>`
}</section>`;
}
