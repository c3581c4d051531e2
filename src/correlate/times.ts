import type { SecondCounts } from '../clock/second-counts.ts';

/** From one instant to another, both included; milliseconds on the one clock. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What lies within any of some spans. */
export class Times {
  /** Spans that do not touch, ascending. */
  private readonly spans: TimeSpan[] = [];

  constructor(spans: readonly TimeSpan[]) {
    for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
      const last = this.spans.at(-1);
      if (last === undefined || last.toMs < fromMs) this.spans.push({ fromMs, toMs });
      else if (last.toMs < toMs) this.spans[this.spans.length - 1] = { fromMs: last.fromMs, toMs };
    }
  }

  has(ms: number): boolean {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.spans[middle]?.toMs ?? ms) < ms) low = middle + 1;
      else high = middle;
    }
    const span = this.spans[low];
    return span !== undefined && span.fromMs <= ms && ms <= span.toMs;
  }

  /** How many of the counted came in these times. */
  count(seconds: SecondCounts): number {
    return this.spans.reduce((sum, { fromMs, toMs }) => sum + seconds.between(fromMs, toMs), 0);
  }
}
