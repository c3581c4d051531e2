import type { Calibration } from './calibration.ts';
import { clockRows } from './clocks.ts';
import type { BurstFigures, CaseFigures, CountFigures, Figures } from './figures.ts';
import type { Finding } from './misses.ts';

/** The figures of a run as text for a terminal. */
export function printFigures(figures: Figures): string {
  const { falseAlarms, failedCount, calibration } = figures;
  return [
    'BURSTS               truth found  recall   place/found place/all cause/found cause/all  vague undec. wrong',
    burstRow('gateway family', figures.gateway),
    burstRow('only 500/403/429', figures.outside),
    burstRow('together', figures.all),
    `precision ${printShare(figures.precision)} of the bursts of the results`,
    `false alarms: ${falseAlarms.onQuiet} on ${falseAlarms.quietFolders} quiet folders; ` +
      `${falseAlarms.unmatchedElsewhere} bursts without a truth on the other ${figures.incidents - falseAlarms.quietFolders}`,
    '',
    'FAILED REQUESTS, RELATIVE ERROR',
    countRow('witness unsampled', failedCount.exact),
    countRow('scaled from a sample', failedCount.sampled),
    countRow('lower bound', failedCount['lower-bound']),
    '',
    'CLOCKS',
    ...clockRows(figures.clocks),
    '',
    'CASES',
    caseRow('established', figures.cases),
    caseRow('weak', figures.weakCases),
    '',
    'CALIBRATION',
    ...calibrationRows('place, bursts', calibration.place),
    ...calibrationRows('place and cause, bursts', calibration.cause),
    ...calibrationRows('place, cases', calibration.casePlace),
    ...calibrationRows('place and cause, cases', calibration.caseCause),
    '',
    'CAUSES: what was said for each true cause',
    ...confusionRows(figures.confusion),
    '',
    `SLOWEST: ${figures.slowest.map((one) => `${one.folder} ${one.seconds.toFixed(2)} s`).join(', ')}`,
    ...(figures.crashes.length === 0 ? [] : [`CRASHED: ${figures.crashes.join(', ')}`]),
  ].join('\n');
}

/** One answer as an indented paragraph. */
export function printFinding(finding: Finding): string {
  const lines = [`${finding.folder}: ${finding.reasons.join(', ')}`];
  if (finding.truth !== null) lines.push(`  truth  ${finding.truth}`);
  lines.push(`  said   ${finding.said === null ? 'nothing' : finding.said.replaceAll('\n', '\n         ')}`);
  for (const other of finding.alternatives) lines.push(`  other  ${other}`);
  for (const one of finding.evidence) lines.push(`  proof  ${one}`);
  return lines.join('\n');
}

function burstRow(label: string, row: BurstFigures): string {
  const shares = [row.recall, row.placeOfFound, row.placeOfAll, row.causeOfFound, row.causeOfAll];
  const widths = [8, 13, 10, 12, 10];
  const cells = shares.map((value, index) => printShare(value).padStart(widths[index] ?? 0));
  const marks = [row.vague, row.undecided, row.wrong].map((count) => String(count).padStart(6));
  return `${label.padEnd(20)} ${String(row.truth).padStart(5)} ${String(row.found).padStart(5)}${cells.join('')} ${marks.join('')}`;
}

function caseRow(label: string, row: CaseFigures): string {
  return (
    `  ${label.padEnd(12)} ${row.cases} cases: place right ${row.placeRight}, cause right ${row.causeRight}, ` +
    `vague ${row.vague}, undecided ${row.undecided}, wrong ${row.wrong}`
  );
}

function countRow(label: string, row: CountFigures): string {
  const folder = row.worstFolder === null ? '' : ` (${row.worstFolder})`;
  return `  ${label.padEnd(22)} ${row.bursts} bursts: median ${printShare(row.median)}, worst ${printShare(row.worst)}${folder}`;
}

function calibrationRows(label: string, calibration: Calibration): readonly string[] {
  const { count, brier, ece, table } = calibration;
  const head = `  ${label}: ${count} answers, Brier ${printNumber(brier)}, ECE ${printNumber(ece)}`;
  const rows = table.map(
    (row) =>
      `    ${row.from.toFixed(1)}-${row.to.toFixed(1)}  ${String(row.count).padStart(4)} answers, ` +
      `said ${printShare(row.meanProbability)}, right ${printShare(row.shareRight)}`,
  );
  return [head, ...rows];
}

function confusionRows(confusion: Figures['confusion']): readonly string[] {
  return Object.entries(confusion)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([truth, said]) => {
      const others = Object.entries(said)
        .filter(([cause]) => cause !== truth)
        .sort(([, a], [, b]) => b - a)
        .map(([cause, count]) => `${cause} ×${count}`);
      return `  ${truth.padEnd(36)} right ${said[truth] ?? 0}${others.length === 0 ? '' : `; ${others.join(', ')}`}`;
    });
}

/** A share of 0–1 in percent. */
export function printShare(value: number | null): string {
  return value === null ? '-' : `${(value * 100).toFixed(1)} %`;
}

/** A figure with three decimals. */
export function printNumber(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
