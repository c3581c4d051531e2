import { groups, max, min, sum } from 'd3-array';
import type { Result, Source } from '../../result/schema.ts';
import { counted, formatBytes, formatCount, formatSpan } from '../figures.ts';
import { HOP_TITLES } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

/** So many files of one format in one folder are one row: an export has thousands of objects. */
const ONE_ROW_FROM = 6;
/** Rows of the table, files listed under a row, and skipped files; more are counted. */
const MOST_ROWS = 120;
const MOST_FILES = 50;
const MOST_SKIPPED = 60;

function coverage({ first, last, coverage: spans }: Source): string {
  if (first === null || last === null) return 'no times';
  return `${formatSpan(first, last)}${spans.length > 1 ? ` in ${spans.length} pieces` : ''}`;
}

function fingerprint({ sha256 }: Source): Content {
  return sha256 ?? 'no SHA-256 taken';
}

function notUnderstood(sources: readonly Source[]): Content {
  const count = sum(sources, (source) => source.notUnderstood.count);
  if (count === 0) return null;
  const samples = sources.flatMap((source) => source.notUnderstood.samples.map((sample) => ({ ...sample, source })));
  return html`<details><summary>${counted(count, 'line')} not understood</summary>${samples
    .slice(0, 10)
    .map(
      ({ source, line, text }) =>
        html`<span class="file">${sources.length > 1 ? `${source.path}:` : 'line '}${line}</span><pre>${text}</pre>`,
    )}</details>`;
}

function remarks(sources: readonly Source[]): Content {
  const levels = [...new Set(sources.flatMap(({ level }) => (level === null ? [] : [level])))];
  const rates = [...new Set(sources.flatMap(({ sampleRate }) => (sampleRate === null ? [] : [sampleRate])))];
  const lost = sum(sources, ({ lostBytes }) => lostBytes);
  const facts = [
    levels.length === 0 ? null : `Log level: ${levels.join(', ')}.`,
    rates.length === 0
      ? null
      : `Sampled: one row stands for ${rates.map((rate) => formatCount(Math.round(1 / Math.max(rate, 1e-9)))).join(' or ')}.`,
    lost > 0 ? html`<strong>${formatBytes(lost)} could not be read.</strong>` : null,
    notUnderstood(sources),
  ];
  return facts.filter((fact) => fact !== null).map((fact) => html`<div class="soft">${fact}</div>`);
}

function row(name: Content, below: Content, sources: readonly Source[], covers: string): Content {
  const [first] = sources;
  if (!first) return null;
  const { format, hop, server } = first;
  return html`<tr><th scope="row"><code>${name}</code>${below}${remarks(sources)}</th>
<td data-label="Kind">${format} <span class="soft">(${HOP_TITLES[hop]}${server === null ? null : `, ${server}`})</span></td>
<td class="n" data-label="Lines">${formatCount(sum(sources, ({ lines }) => lines))} <span class="soft">${formatBytes(sum(sources, ({ bytes }) => bytes))}</span></td>
<td class="n" data-label="Not understood">${formatCount(sum(sources, (source) => source.notUnderstood.count))}</td>
<td data-label="Covers (UTC)">${covers}</td></tr>`;
}

function single(source: Source): Content {
  return row(source.path, html`<span class="file sum">${fingerprint(source)}</span>`, [source], coverage(source));
}

/** Many files of one export as one row; their list stands under the table. */
function together(folder: string, sources: readonly Source[]): Content {
  const first = min(sources, (source) => source.first ?? undefined);
  const last = max(sources, (source) => source.last ?? undefined);
  const covers = first === undefined || last === undefined ? 'no times' : formatSpan(first, last);
  const below = html`<span class="file">${counted(sources.length, 'file')}, listed below</span>`;
  return row(folder === '' ? sources[0]?.format : folder, below, sources, covers);
}

function fileList(folder: string, sources: readonly Source[]): Markup {
  const more = sources.length - MOST_FILES;
  return html`<details><summary>The ${counted(sources.length, 'file')} ${folder === '' ? null : html`of <code>${folder}</code> `}with lines and SHA-256</summary><ul class="files">${sources
    .slice(0, MOST_FILES)
    .map(
      (source) =>
        html`<li class="file sum">${source.path.slice(folder.length)}: ${counted(source.lines, 'line')}, ${fingerprint(source)}</li>`,
    )}${more > 0 ? html`<li>and ${counted(more, 'more file')}: the JSON result has them all</li>` : null}</ul></details>`;
}

/** The folder of a file, with its slash; that of an export is above the folders of its days. */
function folderOf({ path, hop }: Source): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return hop === 'edge' ? folder.replace(/(?<=^|\/)(?:\d{8}|\d{4}-\d{2}-\d{2})\/$/, '') : folder;
}

/** What was read: each file with its SHA-256, its lines, what of it was not understood, and what it covers. */
export function sourcesSection(result: Result): Markup {
  const folders = groups(result.sources, (source) =>
    JSON.stringify([folderOf(source), source.format, source.server]),
  ).map(([, sources]) => ({ folder: sources[0] ? folderOf(sources[0]) : '', sources }));
  const large = folders.filter(({ sources }) => sources.length >= ONE_ROW_FROM);
  const rows = folders.flatMap(({ folder, sources }): Content[] =>
    sources.length >= ONE_ROW_FROM ? [together(folder, sources)] : sources.map(single),
  );
  const more = rows.length - MOST_ROWS;
  const unread = result.skipped.length - MOST_SKIPPED;
  return html`<section aria-labelledby="sources"><h2 id="sources">What was read</h2>
${
  rows.length === 0
    ? html`<p>No log was read.</p>`
    : html`<p class="soft">${counted(result.sources.length, 'file')}, ${counted(
        sum(result.sources, ({ lines }) => lines),
        'line',
      )}, ${formatBytes(sum(result.sources, ({ bytes }) => bytes))}. Under each name: the file’s SHA-256.</p>
<table class="stack sources"><thead><tr><th scope="col">File</th><th scope="col">Kind</th><th scope="col" class="n">Lines</th><th scope="col" class="n">Not understood</th><th scope="col">Covers (UTC)</th></tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table>${more > 0 ? html`<p>and ${counted(more, 'more row')}: the JSON result has them all</p>` : null}${large.map(({ folder, sources }) => fileList(folder, sources))}`
}
${
  result.skipped.length === 0
    ? null
    : html`<h3>Skipped</h3><ul>${result.skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => html`<li><code>${path}</code>: ${reason}</li>`)}${unread > 0 ? html`<li>and ${counted(unread, 'more file')}</li>` : null}</ul>`
}</section>`;
}
