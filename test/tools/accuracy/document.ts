import { readFileSync, writeFileSync } from 'node:fs';
import type { ReliabilityRow } from './calibration.ts';
import type { BurstFigures, Figures } from './figures.ts';
import { printNumber, printShare } from './print.ts';
import { byKind, misleadingRow } from './print-trust.ts';
import { causeTrust, type Judgement, MISLEADING, misleading, moved, placeTrust, type Trust } from './trust.ts';

const PAGE = new URL('../../../docs/accuracy.md', import.meta.url);
const BEGIN = '<!-- accuracy: begin -->';
const END = '<!-- accuracy: end -->';

/** Puts the figures of a run between the markers of `docs/accuracy.md`; what stands around them is left alone. */
export function writeFigures(figures: Figures, judgements: readonly Judgement[], missed: number): void {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/accuracy.md lacks the markers ${BEGIN} and ${END}`);
  const text = tablesOf(figures, judgements, missed);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${text}\n${page.slice(end)}`);
}

/** The figures as Markdown. */
export function tablesOf(figures: Figures, judgements: readonly Judgement[], missed: number): string {
  const { all, precision, falseAlarms, cases, weakCases } = figures;
  const pasted = cases.cases + weakCases.cases;
  const placeRight = cases.placeRight + weakCases.placeRight;
  const causeRight = cases.causeRight + weakCases.causeRight;
  const folders = [
    ...(figures.incidents > 0 ? [`${figures.incidents} incidents`] : []),
    ...(pasted > 0 ? [`${pasted} pasted cases`] : []),
  ].join(' and ');
  return [
    `### ${folders}, as they are`,
    '',
    table(
      ['', 'number', 'found', 'place right', 'cause right'],
      [
        ...(all.truth > 0 ? [burstRow(all)] : []),
        ...(pasted > 0 ? [['pasted cases', String(pasted), '', of(placeRight, pasted), of(causeRight, pasted)]] : []),
      ],
    ),
    ...(all.truth > 0
      ? [
          '',
          `Precision of the bursts: ${printShare(precision)}. False alarms: ${falseAlarms.onQuiet} on ${falseAlarms.quietFolders} ` +
            `quiet folders, ${falseAlarms.unmatchedElsewhere} on the others.`,
        ]
      : []),
    ...(judgements.length > 0 ? ['', trustText(judgements, missed)] : []),
  ].join('\n');
}

function trustText(judgements: readonly Judgement[], missed: number): string {
  const place = placeTrust(judgements);
  const cause = causeTrust(judgements);
  const loud = misleading(judgements);
  const varied = judgements.filter(({ kind }) => kind === 'varied').length;
  return [
    `### Trust: ${judgements.length} verdicts on them and their changed copies`,
    '',
    table(
      ['', 'right', 'wrong', 'nothing claimed', 'ECE', 'Brier', 'mean confidence of right', 'of wrong'],
      [trustRow('place', place), trustRow('place and cause', cause)],
    ),
    '',
    `True bursts that no verdict speaks of, in changed copies: ${missed}.`,
    '',
    table(
      ['stated confidence', 'place: verdicts', 'stated', 'right', 'cause: verdicts', 'stated', 'right'],
      reliabilityRows(place.calibration.table, cause.calibration.table),
    ),
    '',
    table(
      ['copies', 'verdicts', 'place right', 'place wrong', 'place ECE', 'cause right', 'cause wrong', 'cause ECE'],
      byKind(judgements).map(([kind, some]) => {
        const p = placeTrust(some);
        const c = causeTrust(some);
        return [
          kind,
          String(some.length),
          String(p.right),
          String(p.wrong),
          printNumber(p.calibration.ece),
          String(c.right),
          String(c.wrong),
          printNumber(c.calibration.ece),
        ];
      }),
    ),
    '',
    `Another place named with more than ${MISLEADING}: ${loud.length}.`,
    ...loud.map((one) => `\n- ${misleadingRow(one)}`),
    ...(varied > 0 ? ['', `Verdicts that other names moved: ${moved(judgements).length} of ${varied}.`] : []),
  ].join('\n');
}

function burstRow({ truth, found, placeOfAll, causeOfAll }: BurstFigures): readonly string[] {
  return ['bursts', String(truth), of(found, truth), printShare(placeOfAll), printShare(causeOfAll)];
}

function trustRow(label: string, { calibration, right, wrong, apart, meanRight, meanWrong }: Trust): readonly string[] {
  const shares = [calibration.ece, calibration.brier, meanRight, meanWrong].map(printNumber);
  return [label, String(right), String(wrong), String(apart), ...shares];
}

function reliabilityRows(place: readonly ReliabilityRow[], cause: readonly ReliabilityRow[]): readonly string[][] {
  const bins = [...new Set([...place, ...cause].map(({ from }) => from))].sort((a, b) => a - b);
  const cells = (rows: readonly ReliabilityRow[], bin: number): string[] => {
    const row = rows.find(({ from }) => from === bin);
    return row ? [String(row.count), printShare(row.meanProbability), printShare(row.shareRight)] : ['', '', ''];
  };
  return bins.map((bin) => [
    `${bin.toFixed(1)} to ${(bin + 0.1).toFixed(1)}`,
    ...cells(place, bin),
    ...cells(cause, bin),
  ]);
}

const of = (part: number, whole: number): string => printShare(whole === 0 ? null : part / whole);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, i) => (i === 0 ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}
