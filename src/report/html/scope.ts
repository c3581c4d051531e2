import type { Burst } from '../../result/schema.ts';
import { formatCount, formatDuration, shareOf } from '../figures.ts';
import { HOP_TITLES, impactSentence, sentence } from '../words.ts';
import { bucketName } from './buckets.ts';
import { type Content, html, type Markup } from './markup.ts';
import { bullets } from './parts.ts';
import { percent } from './svg.ts';

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

/** A thin bar under a value: how many of the failures are its. */
function partBar(failed: number, most: number): Markup {
  return html`<svg width="100%" height="4" aria-hidden="true"><rect fill="currentColor" fill-opacity="0.12" x="0" y="0" width="100%" height="4"></rect><rect class="bar" fill="currentColor" x="0" y="0" width="${percent(most === 0 ? 0 : failed / most)}" height="4"></rect></svg>`;
}

function dimensionTable(burst: Burst, name: DimensionName, title: string): Content {
  const { values, other, estimated } = burst.scope[name];
  if (values.length === 0) return null;
  const shown = values.slice(0, MOST_VALUES);
  const rest = values.slice(MOST_VALUES);
  const sum = (of: readonly { readonly total: number | null }[]): number | null =>
    of.reduce<number | null>((all, { total }) => (all === null || total === null ? null : all + total), 0);
  const failedRest = rest.reduce((all, { failed }) => all + failed, other.failed);
  const totalRest = rest.length === 0 ? other.total : sum([...rest, other]);
  const all = values.reduce((most, { failed }) => Math.max(most, failed), failedRest);
  const row = (value: Content, failed: number, total: number | null): Markup =>
    html`<tr><td>${value}${partBar(failed, all)}</td><td class="n">${formatCount(failed)}</td><td class="n">${shareOf(failed, total) ?? ''}</td></tr>`;
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

/** How long the requests of the burst's time took, by hop; a timer that shows in the numbers is named. */
export function durationsSection(burst: Burst): Content {
  const shown = burst.durations.filter(({ total, failed }) => [...total, ...failed].some((count) => count > 0));
  if (shown.length === 0) return null;
  const timers = shown.flatMap(({ hop, fingerprint }) =>
    fingerprint === null
      ? []
      : [
          html`<strong>${HOP_TITLES[hop]}:</strong> the failures end at ${formatDuration(fingerprint.atMs)}: ${sentence(fingerprint.timer)}`,
        ],
  );
  const tables = shown.map(({ hop, bucketsMs, failed, total }) => {
    const most = failed.reduce((all, count) => Math.max(all, count), 0);
    const rows = total.map((count, index) => {
      const bad = failed[index] ?? 0;
      return count === 0 && bad === 0
        ? null
        : html`<tr><td>${bucketName(bucketsMs, index)}${partBar(bad, most)}</td><td class="n">${formatCount(bad)}</td><td class="n">${formatCount(count)}</td></tr>`;
    });
    return html`<table><thead><tr><th scope="col">${HOP_TITLES[hop]}</th><th scope="col" class="n">Failed</th><th scope="col" class="n">All</th></tr></thead><tbody>${rows}</tbody></table>`;
  });
  return html`<h3>How long requests took</h3>
${bullets(timers)}
<div class="scopes">${tables}</div>`;
}
