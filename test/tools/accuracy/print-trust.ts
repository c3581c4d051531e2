import { printNumber, printShare } from './print.ts';
import { causeTrust, type Judgement, MISLEADING, misleading, moved, placeTrust, type Trust } from './trust.ts';
import type { VariantKind } from './variants.ts';

/** How far verdicts on changed copies can be trusted, as text for a terminal. */
export function printTrust(judgements: readonly Judgement[], missed: number): string {
  const loud = misleading(judgements);
  return [
    `TRUST: ${judgements.length} verdicts on the folders and their changed copies; ${missed} true bursts without a verdict`,
    ...trustRows('place', placeTrust(judgements)),
    ...trustRows('place and cause', causeTrust(judgements)),
    '',
    'BY KIND OF CHANGE        verdicts   place: right wrong   ECE   cause: right wrong apart   ECE',
    ...byKind(judgements).map(([kind, some]) => kindRow(kind, some)),
    '',
    `ANOTHER PLACE NAMED WITH MORE THAN ${MISLEADING}: ${loud.length}`,
    ...loud.map((one) => `  ${misleadingRow(one)}`),
    ...movedRows(judgements),
  ].join('\n');
}

/** Judgements by kind of change, in the order in which they came. */
export function byKind(judgements: readonly Judgement[]): readonly (readonly [VariantKind, readonly Judgement[]])[] {
  const kinds = [...new Set(judgements.map(({ kind }) => kind))];
  return kinds.map((kind) => [kind, judgements.filter((one) => one.kind === kind)] as const);
}

/** One verdict that names another place: what was changed, what is true, what was said. */
export function misleadingRow({ folder, kind, what, truth, said }: Judgement): string {
  const is = truth === null ? 'nothing happened' : `${truth.place} / ${truth.cause}`;
  const change = what === '' ? kind : `${kind} (${what})`;
  return `${folder}, ${change}: ${is}; said ${said.place} (${said.placeConfidence.toFixed(2)}) / ${said.cause}`;
}

function movedRows(judgements: readonly Judgement[]): readonly string[] {
  const varied = judgements.filter(({ kind }) => kind === 'varied').length;
  if (varied === 0) return [];
  const others = moved(judgements);
  return ['', `MOVED BY OTHER NAMES: ${others.length} of ${varied}`, ...others.map((one) => `  ${misleadingRow(one)}`)];
}

function trustRows(
  label: string,
  { calibration, right, wrong, apart, meanRight, meanWrong }: Trust,
): readonly string[] {
  const { ece, brier, table } = calibration;
  return [
    `  ${label}: right ${right}, wrong ${wrong}, nothing claimed ${apart}; ECE ${printNumber(ece)}, Brier ${printNumber(brier)}, ` +
      `mean confidence of right ${printNumber(meanRight)}, of wrong ${printNumber(meanWrong)}`,
    ...table.map(
      (row) =>
        `    ${row.from.toFixed(1)}-${row.to.toFixed(1)}  ${String(row.count).padStart(4)} verdicts, ` +
        `said ${printShare(row.meanProbability)}, right ${printShare(row.shareRight)}`,
    ),
  ];
}

function kindRow(kind: VariantKind, some: readonly Judgement[]): string {
  const place = placeTrust(some);
  const cause = causeTrust(some);
  const cell = (value: number | string, width: number): string => String(value).padStart(width);
  return (
    `  ${kind.padEnd(20)} ${cell(some.length, 10)} ${cell(place.right, 14)} ${cell(place.wrong, 5)} ${cell(printNumber(place.calibration.ece), 5)}` +
    ` ${cell(cause.right, 14)} ${cell(cause.wrong, 5)} ${cell(cause.apart, 5)} ${cell(printNumber(cause.calibration.ece), 5)}`
  );
}
