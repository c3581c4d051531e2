import type { Burst, Result, Source } from '../../result/schema.ts';
import { counted } from '../figures.ts';
import type { Chart } from '../series.ts';
import { HOP_TITLES } from '../words.ts';
import { coverageChart } from './chart.ts';
import { type Content, html } from './markup.ts';

const MOST_ROWS = 14;
/** What log rotation appends, so that the pieces of one log are one row. */
const ROTATED = /(?:[.-]\d[\d.-]*)?(?:\.(?:gz|zst|bz2|xz))?$/;

/** One log with its rotated pieces, or one export with its objects. */
interface Row {
  readonly label: string;
  readonly spans: (readonly [number, number])[];
}

function rowsOf(sources: readonly Source[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { path, format, hop, coverage } of sources) {
    if (coverage.length === 0) continue;
    const name = hop === 'edge' ? format : path.slice(path.lastIndexOf('/') + 1).replace(ROTATED, '');
    const label = `${HOP_TITLES[hop]}: ${name}`;
    const row = rows.get(label) ?? { label, spans: [] };
    rows.set(label, row);
    for (const [from, to] of coverage) row.spans.push([Date.parse(from), Date.parse(to)]);
  }
  return [...rows.values()];
}

/** Which log covers what, on the time axis of the chart above it: outside its bar the silence of a log says nothing. */
export function coverageStrip(result: Result, chart: Chart, bursts: readonly Burst[]): Content {
  const rows = rowsOf(result.sources);
  if (rows.length === 0) return null;
  const more = rows.length - MOST_ROWS;
  return html`<h3>Which log covers what</h3>
<p class="soft">Same time axis. Where a log has no bar its silence says nothing.</p>
<figure>${coverageChart(chart, rows.slice(0, MOST_ROWS), bursts, `Times covered by ${counted(rows.length, 'log')}`)}</figure>
${more > 0 ? html`<p class="soft">and ${counted(more, 'more log')}, not drawn</p>` : null}`;
}
