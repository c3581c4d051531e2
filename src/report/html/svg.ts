import { curveStepAfter, line } from 'd3-shape';
import { html, type Markup } from './markup.ts';

/**
 * What all charts are made of. Places across are per cent of the width there is and heights are pixels, so that shapes
 * stretch from a phone to a wide screen while letters keep their size. Colours stand in attributes as well, for viewers that
 * take the style sheet away: ink is the text's own colour, so it fits light and dark.
 */

/** Units across a shape's own picture; it is stretched to the chart. */
export const ACROSS = 1000;

/** A part of 1 in units across a stretched picture. */
export function units(part: number): number {
  return Math.round(part * ACROSS * 100) / 100;
}

/** A part of 1 as a length in per cent. */
export function percent(part: number): string {
  return `${Math.round(part * 100_000) / 1000}%`;
}

/** A height in pixels for a value; zero at the base. */
export type Height = (value: number) => number;

/** The least height of a value above zero that can be seen. */
const LEAST_PIXELS = 1.5;

interface Corner {
  readonly at: number;
  readonly tall: number;
}

/** Columns that touch, as one outline for each run of values above zero. */
function outline(values: readonly number[], height: Height, base: number): string {
  const wide = ACROSS / values.length;
  const path = line<Corner>(
    ({ at }) => at * wide,
    ({ tall }) => base - tall,
  )
    .curve(curveStepAfter)
    .digits(1);
  const runs: Corner[][] = [];
  let run: Corner[] | null = null;
  values.forEach((value, at) => {
    if (value <= 0) {
      run?.push({ at, tall: 0 });
      run = null;
      return;
    }
    if (!run) {
      run = [{ at, tall: 0 }];
      runs.push(run);
    }
    const tall = Math.max(LEAST_PIXELS, height(value));
    if (run.at(-1)?.tall !== tall) run.push({ at, tall });
  });
  (run as Corner[] | null)?.push({ at: values.length, tall: 0 });
  return runs.map((corners) => path(corners) ?? '').join('');
}

/** `traffic`: light, behind; `marks`: ink, in front. */
export type Ink = 'traffic' | 'marks';

const OPACITY: Readonly<Record<Ink, number>> = { traffic: 0.2, marks: 1 };

/** A series as columns that stand on the base of a plot `tall` pixels high. */
export function columns(values: readonly number[], ink: Ink, height: Height, y: number, tall: number): Markup {
  return html`<svg x="0" y="${y}" width="100%" height="${tall}" viewBox="0 0 ${ACROSS} ${tall}" preserveAspectRatio="none"><path class="${ink}" fill="currentColor" fill-opacity="${OPACITY[ink]}" d="${outline(values, height, tall)}"></path></svg>`;
}

/** A picture that is as wide as there is room; `title` says in words what it shows, null where a neighbour already does. */
export function picture(height: number, title: string | null, content: readonly Markup[]): Markup {
  return title === null
    ? html`<svg width="100%" height="${height}" aria-hidden="true">${content}</svg>`
    : html`<svg role="img" aria-label="${title}" width="100%" height="${height}">${content}</svg>`;
}

/** A hair line across. */
export function baseline(y: number): Markup {
  return html`<line class="axis" stroke="currentColor" stroke-opacity="0.3" x1="0" x2="100%" y1="${y}" y2="${y}"></line>`;
}
