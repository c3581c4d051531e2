import { formatCount } from '../report/figures.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { placeMark } from '../report/html/parts.ts';
import { PLACE_TITLES } from '../report/words.ts';
import { PLACES } from '../vocabulary/hops.ts';
import { monthOf } from './recurrence-words.ts';
import type { IndexedIncident, Month } from './summary.ts';

/** Charts of the index as inline SVG: widths in per cent, heights in pixels, so that letters keep their size on a phone. */

const HEAD = 18;
const PLOT = 120;
const FOOT = 34;
/** A month's bar fills this part of its column. */
const BAR_PART = 0.72;
/** Columns for which there is room to write a number above each. */
const MOST_NUMBERS = 24;
const MOST_LABELS = 12;
/** Months of the table; of more, years. */
const MOST_COLUMNS = 18;
/** Causes of the table; more are folded away. */
const MOST_ROWS = 10;

const percent = (value: number): string => `${Math.round(value * 1000) / 1000}%`;

/** Incidents by month, stacked by place; numbers above, months and years beneath. */
export function monthsChart(months: readonly Month[]): Markup {
  const base = HEAD + PLOT;
  const width = 100 / Math.max(months.length, 6);
  const top = Math.max(1, ...months.map(({ incidents }) => incidents));
  const every = Math.ceil(months.length / MOST_LABELS);
  const columns = months.map((month, i) => {
    const middle = percent((i + 0.5) * width);
    let y = base;
    const bars = PLACES.flatMap((place) => {
      const count = month.places[place] ?? 0;
      if (count === 0) return [];
      const tall = (count / top) * PLOT;
      y -= tall;
      return [
        html`<rect class="f-${place}" x="${percent((i + (1 - BAR_PART) / 2) * width)}" width="${percent(width * BAR_PART)}" y="${y.toFixed(1)}" height="${Math.max(1, tall - 1).toFixed(1)}"><title>${monthOf(month.month)}: ${PLACE_TITLES[place]} ${count}</title></rect>`,
      ];
    });
    const number =
      month.incidents > 0 && months.length <= MOST_NUMBERS
        ? html`<text x="${middle}" y="${(y - 4).toFixed(1)}" text-anchor="middle">${formatCount(month.incidents)}</text>`
        : null;
    const label =
      i % every === 0
        ? html`<text x="${middle}" y="${base + 14}" text-anchor="middle">${monthOf(month.month).slice(0, 3)}</text>`
        : null;
    const year = isNewYear(month, i)
      ? html`<text x="${middle}" y="${base + 28}" text-anchor="middle">${month.month.slice(0, 4)}</text>`
      : null;
    return [bars, number, label, year];
  });
  return html`<svg role="img" aria-label="Incidents by month, stacked by place; the table below has the numbers by cause" width="100%" height="${base + FOOT}">
<line class="axis" x1="0" x2="100%" y1="${base}" y2="${base}"></line>
${columns.flat()}
</svg>
<figcaption>Incidents that began in each month: ${PLACES.filter((place) => months.some(({ places }) => (places[place] ?? 0) > 0)).map((place, i) => html`${i === 0 ? '' : ', '}${placeMark(place)}`)}.</figcaption>`;
}

/** The causes of the main verdicts against months, or against years where there are too many months. */
export function causesByMonth(months: readonly Month[], incidents: readonly IndexedIncident[]): Markup {
  const columns = columnsOf(months);
  const named = new Map(incidents.flatMap(({ verdict }) => (verdict === null ? [] : [[verdict.cause, verdict]])));
  const causes = [...new Set(months.flatMap((month) => Object.keys(month.causes)))]
    .map((cause) => {
      const counts = columns.map(({ within }) => within.reduce((sum, month) => sum + (month.causes[cause] ?? 0), 0));
      return { cause, counts, total: counts.reduce((sum, count) => sum + count, 0) };
    })
    .sort((a, b) => b.total - a.total || (a.cause < b.cause ? -1 : 1));
  const rows = causes.map(({ cause, counts, total }) => {
    const verdict = named.get(cause);
    const name = verdict === undefined ? cause : verdict.title === '' ? 'cause not settled' : verdict.title;
    return html`<tr><th scope="row">${verdict ? placeMark(verdict.place) : null} ${name}</th><td class="n"><strong>${formatCount(total)}</strong></td>${counts.map((count) => html`<td class="n">${count === 0 ? '·' : formatCount(count)}</td>`)}</tr>`;
  });
  const table = (shown: readonly Markup[]): Markup =>
    html`<div class="wide" tabindex="0" role="region" aria-label="Causes by month"><table><thead><tr><th scope="col">Cause</th><th scope="col" class="n">All</th>${columns.map(({ name }) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead><tbody>${shown}</tbody></table></div>`;
  return html`${table(rows.slice(0, MOST_ROWS))}${rows.length > MOST_ROWS ? html`<details><summary>more causes: ${rows.length - MOST_ROWS}</summary>${table(rows.slice(MOST_ROWS))}</details>` : null}`;
}

/** Whether the year has to be written at a month. */
function isNewYear({ month }: Month, index: number): boolean {
  return index === 0 || month.endsWith('-01');
}

interface Column {
  readonly name: string;
  readonly within: readonly Month[];
}

function columnsOf(months: readonly Month[]): readonly Column[] {
  if (months.length <= MOST_COLUMNS)
    return months.map((month, i) => ({
      name: monthOf(month.month)
        .slice(0, 3)
        .concat(isNewYear(month, i) ? ` ${month.month.slice(0, 4)}` : ''),
      within: [month],
    }));
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))];
  return years.map((year) => ({ name: year, within: months.filter(({ month }) => month.startsWith(year)) }));
}
