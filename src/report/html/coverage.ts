import type { Result, Source } from '../../result/schema.ts';
import { counted, formatSpan } from '../figures.ts';
import type { Chart } from '../series.ts';
import { HOP_TITLES } from '../words.ts';
import { axisRow, chartRow, coverageBars } from './chart.ts';
import { type Content, html } from './markup.ts';
import { originZone } from './origin-zone.ts';

const MOST_ROWS = 14;
/** Spans of one log that the table writes out. */
const MOST_SPANS = 6;
/** What log rotation appends, so that the pieces of one log are one row. */
const ROTATED = /(?:[.-]\d[\d.-]*)?(?:\.(?:gz|zst|bz2|xz))?$/;

/** One log with its rotated pieces, or one export with its objects. */
interface Row {
  readonly hop: string;
  readonly name: string;
  readonly spans: (readonly [number, number])[];
}

function rowsOf(sources: readonly Source[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { path, format, hop, coverage } of sources) {
    if (coverage.length === 0) continue;
    const name = hop === 'edge' ? format : path.slice(path.lastIndexOf('/') + 1).replace(ROTATED, '');
    const key = `${hop} ${name}`;
    const row = rows.get(key) ?? { hop: HOP_TITLES[hop], name, spans: [] };
    rows.set(key, row);
    for (const [from, to] of coverage) {
      const span = [Date.parse(from), Date.parse(to)] as const;
      // A result is also drawn without any of its texts, to find our own words.
      if (!span.some(Number.isNaN)) row.spans.push(span);
    }
  }
  return [...rows.values()];
}

/** Spans in order, those that touch joined. */
function joined(spans: Row['spans']): [number, number][] {
  const found: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && from <= last[1] + 1000) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

function asTable(rows: readonly Row[]): Content {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return html`<details><summary>The same as a table</summary><table><thead><tr><th scope="col">Log</th><th scope="col">Covers (UTC)</th></tr></thead><tbody>${rows.map(
    ({ hop, name, spans }) => {
      const all = joined(spans);
      const more = all.length - MOST_SPANS;
      return html`<tr><th scope="row">${hop}: ${name}</th><td>${all.slice(0, MOST_SPANS).map(([from, to], i) => html`${i === 0 ? null : html`<br>`}${formatSpan(iso(from), iso(to))}`)}${more > 0 ? html`<br>and ${counted(more, 'more span')}` : null}</td></tr>`;
    },
  )}</tbody></table></details>`;
}

/** Which log covers what, on the time axis of the first chart: outside its bar the silence of a log says nothing. */
export function coverageSection(result: Result, chart: Chart | null): Content {
  const rows = rowsOf(result.sources);
  if (rows.length === 0 || chart === null) return null;
  const more = rows.length - MOST_ROWS;
  return html`<section aria-labelledby="coverage"><h2 id="coverage">Which log covers what</h2>
<p class="soft">Where a log has no bar, its silence says nothing. Shaded: the bursts.</p>
<figure class="rows thin">${rows
    .slice(0, MOST_ROWS)
    .map(({ hop, name, spans }) =>
      chartRow(html`<strong>${hop}</strong> ${name}`, coverageBars(chart, spans, result.bursts)),
    )}${axisRow(chart, originZone(result))}</figure>
${more > 0 ? html`<p class="soft">and ${counted(more, 'more log')}, not drawn</p>` : null}
${asTable(rows.slice(0, MOST_ROWS))}</section>`;
}
