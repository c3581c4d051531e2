import type { Burst } from '../../result/schema.ts';
import { formatCount, formatDuration, shareOf } from '../figures.ts';
import { HOP_TITLES, impactSentence, sentence } from '../words.ts';
import { type Content, html, type Markup } from './markup.ts';

const MOST_VALUES = 6;
type DimensionName = keyof Burst['scope'];

const TITLES: readonly (readonly [DimensionName, string])[] = [
  ['hosts', 'Host'],
  ['paths', 'Path'],
  ['methods', 'Method'],
  ['colos', 'Colo'],
  ['servers', 'Server'],
  ['upstreams', 'Upstream'],
  ['clients', 'Visitor'],
];

function dimensionTable(burst: Burst, name: DimensionName, title: string): Content {
  const { values, other, estimated } = burst.scope[name];
  if (values.length === 0) return null;
  const shown = values.slice(0, MOST_VALUES);
  const rest = values.slice(MOST_VALUES);
  const sum = (of: readonly { readonly total: number | null }[]): number | null =>
    of.reduce<number | null>((all, { total }) => (all === null || total === null ? null : all + total), 0);
  const failedRest = rest.reduce((all, { failed }) => all + failed, other.failed);
  const totalRest = rest.length === 0 ? other.total : sum([...rest, other]);
  const row = (value: Content, failed: number, total: number | null): Markup =>
    html`<tr><td>${value}</td><td class="n">${formatCount(failed)}</td><td class="n">${shareOf(failed, total) ?? ''}</td></tr>`;
  return html`<table><thead><tr><th scope="col">${title}${estimated ? ' (estimated)' : null}</th><th scope="col" class="n">Failed</th><th scope="col" class="n">of its own</th></tr></thead><tbody>
${shown.map(({ value, failed, total }) => row(value, failed, total))}
${failedRest > 0 ? row(html`<span class="soft">${rest.length === 0 ? 'others' : `${rest.length} more and others`}</span>`, failedRest, totalRest) : null}
</tbody></table>`;
}

/** Who was hit: failed requests by host, path, method, colo, server, upstream and visitor. */
export function scopeSection(burst: Burst): Content {
  const tables = TITLES.map(([name, title]) => dimensionTable(burst, name, title)).filter((table) => table !== null);
  if (tables.length === 0 && burst.sentence === '') return null;
  const whom = [burst.sentence === '' ? '' : sentence(burst.sentence), impactSentence(burst)].filter(
    (text) => text !== '',
  );
  return html`<h3>Who was hit</h3>
${whom.length === 0 ? null : html`<p class="prose">${whom.join(' ')}</p>`}
<div class="scopes">${tables}</div>`;
}

/** How long the failed requests took, by hop; a timer that shows in the numbers is named. */
export function durationsSection(burst: Burst): Content {
  const shown = burst.durations.filter(({ total, failed }) => [...total, ...failed].some((count) => count > 0));
  if (shown.length === 0) return null;
  return html`<details${shown.some(({ fingerprint }) => fingerprint !== null) ? html` open` : null}><summary>How long requests took</summary>${shown.map(
    ({ hop, bucketsMs, failed, total, fingerprint }) =>
      html`<h4>${HOP_TITLES[hop]}</h4>${fingerprint === null ? null : html`<p>The failures end at ${formatDuration(fingerprint.atMs)}: ${sentence(fingerprint.timer)}</p>`}
<table><thead><tr><th scope="col">Time taken</th><th scope="col" class="n">Failed</th><th scope="col" class="n">All</th></tr></thead><tbody>${total.map(
        (count, index) => {
          const upper = bucketsMs[index];
          const lower = bucketsMs[index - 1];
          const name = upper === undefined ? `over ${formatDuration(lower ?? 0)}` : `up to ${formatDuration(upper)}`;
          return count === 0 && (failed[index] ?? 0) === 0
            ? null
            : html`<tr><td>${name}</td><td class="n">${formatCount(failed[index] ?? 0)}</td><td class="n">${formatCount(count)}</td></tr>`;
        },
      )}</tbody></table>`,
  )}</details>`;
}
