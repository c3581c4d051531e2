import type { Result } from '../../result/schema.ts';
import { HOPS, type Place } from '../../vocabulary/hops.ts';
import { clockOf, counted, dayOf, formatCount, formatShare, formatSpan } from '../figures.ts';
import { html, type Markup } from '../html/markup.ts';
import { type PathStation, requestPath } from '../path.ts';
import { type Chart, chartOf } from '../series.ts';
import {
  causeIsNamed,
  failedOfTotal,
  HOP_TITLES,
  headline,
  howSure,
  mainBurst,
  PLACE_TITLES,
  sentence,
  whenOf,
} from '../words.ts';
import { drawn, type Face, fitting, inLines, NO_LETTER } from './letters.ts';

/**
 * The result on one picture: the verdict, how sure it is, the request's path with the guilty hop, the failures over time, what
 * to do first. Lengths are pixels. Only `svg`, `rect`, `line` and `text` are used, no style sheet and no address.
 */

const WIDTH = 1200;
const EDGE = 56;
const INNER = WIDTH - 2 * EDGE;

const INK = '#1b1f24';
const SOFT = '#57606a';
const LINE = '#d5dae0';
const TRAFFIC = '#d3d9e0';
const COLOURS: Readonly<Record<Place, string>> = {
  origin: '#b3261e',
  tunnel: '#0b5cad',
  edge: '#9a5b00',
  network: '#7b3fa0',
  none: '#1a7f4b',
  unknown: '#57606a',
};

const TITLE: Face = { size: 34, bold: true };
const LARGE: Face = { size: 20 };
const STRONG: Face = { size: 20, bold: true };
const HEADING: Face = { size: 16, bold: true };
const SMALL: Face = { size: 15 };
const NOTE: Face = { size: 13 };
const SMALL_STRONG: Face = { size: 15, bold: true };
const leading = ({ size }: Face): number => Math.round(size * 1.4);

/** A part of the picture, drawn from its own top. */
interface Part {
  readonly marks: readonly Markup[];
  readonly height: number;
}

type Anchor = 'start' | 'middle' | 'end';

function text(words: string, x: number, y: number, face: Face, fill: string, anchor: Anchor = 'start'): Markup {
  return html`<text x="${x}" y="${y}" font-size="${face.size}" font-weight="${face.bold ? 700 : 400}" fill="${fill}" text-anchor="${anchor}">${drawn(words)}</text>`;
}

/** Lines below each other; `top` is the top of the first. */
function lines(shown: readonly string[], x: number, top: number, face: Face, fill: string): Part {
  const step = leading(face);
  return {
    marks: shown.map((line, row) => text(line, x, top + row * step + face.size, face, fill)),
    height: shown.length * step,
  };
}

const NARROW = INNER - 26;

function verdictPart({ verdict, window, tool }: Result): Part {
  const logs =
    window.start === null || window.end === null ? '' : ` · logs from ${formatSpan(window.start, window.end)} UTC`;
  const title = inLines(headline(verdict), TITLE, NARROW, 3);
  const first = lines(title, EDGE + 26, 36, TITLE, INK);
  const summary = inLines(sentence(verdict.summary), LARGE, NARROW, 3);
  const second = lines(summary, EDGE + 26, 36 + first.height + 8, LARGE, INK);
  const sure = inLines(howSure(verdict), LARGE, NARROW, 2);
  const third = lines(sure, EDGE + 26, 36 + first.height + 8 + second.height + 8, LARGE, SOFT);
  const height = first.height + second.height + third.height + 16;
  const bar = html`<rect x="${EDGE}" y="34" width="8" height="${height + 4}" fill="${COLOURS[verdict.place]}"></rect>`;
  return {
    marks: [
      text(fitting(`${tool.name}${logs}`, SMALL, INNER), EDGE, 14, SMALL, SOFT),
      bar,
      ...first.marks,
      ...second.marks,
      ...third.marks,
    ],
    height: height + 38,
  };
}

function factsPart({ verdict }: Result): Part {
  const { place } = verdict;
  const named = causeIsNamed(verdict) && place !== 'none';
  const sure = named ? `${formatShare(verdict.confidence)} (${verdict.word})` : formatShare(verdict.placeConfidence);
  const cells: readonly (readonly [string, string])[] = [
    ['Place', PLACE_TITLES[place]],
    ['Cause', named ? verdict.cause : place === 'none' ? 'none' : 'open'],
    [named ? 'Confidence' : 'Confidence in the place', place === 'unknown' ? 'undecided' : sure],
  ];
  const column = INNER / cells.length;
  return {
    marks: cells.flatMap(([title, value], at) => [
      text(title, EDGE + at * column, 14, SMALL, SOFT),
      text(fitting(value, STRONG, column - 20), EDGE + at * column, 40, STRONG, at === 0 ? COLOURS[place] : INK),
    ]),
    height: 44,
  };
}

const MARKS: Readonly<Record<PathStation['guilt'], string>> = {
  here: '▲ fault here',
  within: '△ perhaps here',
  no: '',
};

function pathPart(result: Result): Part {
  const { stations, networkAtFault } = requestPath(result);
  const colour = COLOURS[result.verdict.place];
  const all = stations.flatMap(({ hop, guilt, note }) => [
    { title: HOP_TITLES[hop], guilt, note },
    ...(networkAtFault && hop === 'edge'
      ? [{ title: 'Network', guilt: 'here' as const, note: 'between edge and origin' }]
      : []),
  ]);
  const column = INNER / all.length;
  const room = column - 12;
  const face: Face = { size: all.length > HOPS.length ? 13 : 15, bold: true };
  const notes = all.map(({ note }) => inLines(note, NOTE, room, 3));
  const base = 52 + Math.max(...notes.map(({ length }) => length)) * leading(NOTE);
  const marks = all.flatMap(({ title, guilt }, at) => {
    const x = round(EDGE + at * column);
    return [
      html`<rect x="${x}" y="${guilt === 'here' ? 18 : 22}" width="${round(room)}" height="${guilt === 'here' ? 10 : 4}" fill="${guilt === 'no' ? LINE : colour}"></rect>`,
      text(fitting(title, face, room), x, 46, face, guilt === 'no' ? INK : colour),
      ...lines(notes[at] ?? [], x, 52, NOTE, SOFT).marks,
      ...(guilt === 'no' ? [] : [text(MARKS[guilt], x, base + 16, { ...NOTE, bold: true }, colour)]),
    ];
  });
  const isMarked = all.some(({ guilt }) => guilt !== 'no');
  return { marks: [text('The request’s path', EDGE, 8, HEADING, INK), ...marks], height: base + (isMarked ? 18 : 0) };
}

/** A round number at or above the greatest value: the top of the chart. */
function axisTop(values: readonly number[]): number {
  const greatest = values.reduce((most, value) => Math.max(most, value), 1);
  const power = 10 ** Math.floor(Math.log10(greatest));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= greatest) ?? greatest;
}

const PLOT_TOP = 52;
const PLOT = 150;
/** Bars that can be told apart. */
const MOST_BARS = 180;
const NAME_ROOM = 34;

/** Failed requests over time before all requests, the bursts shaded and named. */
function chartPart(result: Result): Part | null {
  const chart = chartOf(result.timeline, MOST_BARS, mainBurst(result)?.countedAt.hop);
  if (chart === null || (chart.failed === null && chart.total === null)) return null;
  const base = PLOT_TOP + PLOT;
  const top = axisTop([...(chart.total ?? []), ...(chart.failed ?? [])]);
  const title = chart.total === null ? 'Failed requests' : 'Failed requests (dark) among all (light)';
  return {
    marks: [
      text(`${title}, per ${stepName(chart.stepSeconds)}`, EDGE, 8, HEADING, INK),
      ...burstMarks(result, chart, base),
      html`<line x1="${EDGE}" x2="${EDGE + INNER}" y1="${PLOT_TOP}" y2="${PLOT_TOP}" stroke="${LINE}"></line>`,
      ...bars(chart.total, top, base, TRAFFIC),
      ...bars(chart.failed, top, base, INK),
      html`<line x1="${EDGE}" x2="${EDGE + INNER}" y1="${base}" y2="${base}" stroke="${SOFT}"></line>`,
      text(formatCount(top), EDGE + INNER, PLOT_TOP - 6, SMALL, SOFT, 'end'),
      ...timeMarks(chart, base + 20),
    ],
    height: base + 24,
  };
}

function burstMarks({ bursts }: Result, { startMs, endMs }: Chart, base: number): Markup[] {
  const at = (time: string): number =>
    EDGE + Math.min(1, Math.max(0, (Date.parse(time) - startMs) / (endMs - startMs))) * INNER;
  let free = EDGE;
  return [...bursts]
    .filter(({ start, end }) => Date.parse(end) >= startMs && Date.parse(start) <= endMs)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
    .flatMap(({ id, start, end, verdict }) => {
      const from = round(Math.min(at(start), EDGE + INNER - 2));
      const wide = round(Math.max(2, at(end) - from));
      const colour = COLOURS[verdict.place];
      const x = Math.min(from, EDGE + INNER - NAME_ROOM);
      const named = x >= free;
      if (named) free = x + NAME_ROOM;
      return [
        html`<rect x="${from}" y="${PLOT_TOP - 20}" width="${wide}" height="${base - PLOT_TOP + 20}" fill="${colour}" fill-opacity="0.18"></rect>`,
        html`<rect x="${from}" y="${PLOT_TOP - 20}" width="2" height="${base - PLOT_TOP + 20}" fill="${colour}"></rect>`,
        ...(named ? [text(fitting(id, SMALL_STRONG, NAME_ROOM), x + 5, PLOT_TOP - 6, SMALL_STRONG, colour)] : []),
      ];
    });
}

function bars(values: readonly number[] | null, top: number, base: number, fill: string): Markup[] {
  const width = INNER / Math.max(1, values?.length ?? 0);
  return (values ?? []).flatMap((value, index) => {
    if (value <= 0) return [];
    const tall = Math.max(1, round((value / top) * PLOT));
    return html`<rect x="${round(EDGE + index * width)}" y="${round(base - tall)}" width="${round(width)}" height="${tall}" fill="${fill}"></rect>`;
  });
}

/** Seconds are written below the chart up to this span, days alone beyond that one. */
const SHORT_MS = 1_200_000;
const LONG_MS = 3 * 86_400_000;

/** Five times under the chart, the first with its day. */
function timeMarks({ startMs, endMs }: Chart, y: number): Markup[] {
  const span = endMs - startMs;
  return [0, 1, 2, 3, 4].map((quarter) => {
    const time = new Date(startMs + (span * quarter) / 4).toISOString();
    const clock = span <= SHORT_MS ? clockOf(time) : clockOf(time).slice(0, 5);
    const words = span > LONG_MS ? dayOf(time) : quarter === 0 ? `${dayOf(time)} ${clock}` : clock;
    const anchor = quarter === 0 ? 'start' : quarter === 4 ? 'end' : 'middle';
    return text(quarter === 4 ? `${words} UTC` : words, EDGE + (INNER * quarter) / 4, y, SMALL, SOFT, anchor);
  });
}

function stepName(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'day' : `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hour' : `${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'minute' : `${seconds / 60} minutes`;
  return seconds === 1 ? 'second' : `${seconds} seconds`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** What failed, from when to when; and what else was seen. */
function burstPart(result: Result): Part | null {
  const burst = mainBurst(result);
  if (burst === undefined) return null;
  const others = result.bursts.length - 1;
  const more = others === 0 ? '' : ` And ${counted(others, 'other burst')} in these logs.`;
  const shown = [
    ...inLines(whenOf(burst), LARGE, INNER, 2),
    ...inLines(capital(sentence(failedOfTotal(burst))) + more, LARGE, INNER, 2),
    ...inLines(sentence(burst.sentence), LARGE, INNER, 2),
  ];
  return lines(shown, EDGE, 0, LARGE, INK);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function fixPart(result: Result): Part | null {
  const fix = (mainBurst(result) ?? result.excerpt)?.fix;
  const [step] = fix?.steps ?? [];
  if (step === undefined) return null;
  const avoid = fix?.avoid[0];
  const first = lines(inLines(step.text, LARGE, NARROW, 4), EDGE + 26, 20, LARGE, INK);
  const second = avoid === undefined ? [] : inLines(`Avoid: ${avoid}`, SMALL, NARROW, 2);
  const rest = lines(second, EDGE + 26, 28 + first.height, SMALL, SOFT);
  const height = 28 + first.height + rest.height;
  return {
    marks: [
      text('Fix first', EDGE, 8, HEADING, INK),
      html`<rect x="${EDGE}" y="22" width="4" height="${height - 24}" fill="${INK}"></rect>`,
      ...first.marks,
      ...rest.marks,
    ],
    height,
  };
}

function footPart({ redaction }: Result, above: readonly Part[]): Part {
  const unread = above.some(({ marks }) => marks.some(({ source }) => source.includes(NO_LETTER)));
  const words = [
    redaction.enabled ? 'Addresses of visitors, queries and secrets are masked.' : 'Nothing is masked in this picture.',
    ...(unread ? [`${NO_LETTER} is a letter that this picture cannot draw; the other reports have it.`] : []),
  ];
  return { marks: [text(fitting(words.join(' '), SMALL, INNER), EDGE, 10, SMALL, SOFT)], height: 14 };
}

const GAP = 36;

/** The picture as SVG text, for `toPng`. */
export function renderSummary(result: Result): string {
  const above = [verdictPart, factsPart, pathPart, burstPart, chartPart, fixPart].flatMap((part) => part(result) ?? []);
  let top = EDGE - 10;
  const placed = [...above, footPart(result, above)].map(({ marks, height }) => {
    const moved = html`<svg x="0" y="${top}" width="${WIDTH}" height="${height + GAP}" overflow="visible">${marks}</svg>`;
    top += height + GAP;
    return moved;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" font-family="DejaVu Sans"><rect x="0" y="0" width="${WIDTH}" height="${top}" fill="#ffffff"></rect>${placed}</svg>`
    .source;
}
