/** A stated probability and what came of it. */
export interface Forecast {
  readonly probability: number;
  readonly right: boolean;
}

/** One row of the reliability table: forecasts of `from` ≤ p < `to`. */
export interface ReliabilityRow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanProbability: number;
  readonly shareRight: number;
}

export interface Calibration {
  readonly count: number;
  /** Mean squared distance of the stated probability from what happened; null without forecasts. */
  readonly brier: number | null;
  /** Expected calibration error over ten bins: mean distance of stated from observed, weighted by count. */
  readonly ece: number | null;
  /** Bins that hold at least one forecast. */
  readonly table: readonly ReliabilityRow[];
}

const BINS = 10;

/** How well stated probabilities agree with what happened. */
export function calibrate(forecasts: readonly Forecast[]): Calibration {
  const count = forecasts.length;
  if (count === 0) return { count, brier: null, ece: null, table: [] };
  const table: ReliabilityRow[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const inBin = forecasts.filter((f) => Math.min(Math.floor(f.probability * BINS), BINS - 1) === bin);
    if (inBin.length === 0) continue;
    table.push({
      from: bin / BINS,
      to: (bin + 1) / BINS,
      count: inBin.length,
      meanProbability: mean(inBin.map((f) => f.probability)),
      shareRight: mean(inBin.map((f) => (f.right ? 1 : 0))),
    });
  }
  const brier = mean(forecasts.map((f) => (f.probability - (f.right ? 1 : 0)) ** 2));
  const ece = table.reduce((sum, row) => sum + (row.count / count) * Math.abs(row.meanProbability - row.shareRight), 0);
  return { count, brier, ece, table };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
