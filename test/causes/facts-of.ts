import type { Dimension, Facts, SignalFact, TopValue } from '../../src/correlate/facts.ts';
import type { FailureKind, Hop, Maker } from '../../src/vocabulary/hops.ts';
import { isSignalId, type SignalId } from '../../src/vocabulary/signals.ts';

/** What a test says of a burst; the rest is filled in as one minute of 100 failed requests. */
export interface FactsSketch {
  readonly kind?: FailureKind;
  readonly madeBy?: Maker;
  readonly failed?: number;
  readonly total?: number | null;
  readonly statuses?: Readonly<Record<number, number>>;
  /** Signals that occurred: a strength (0–1), or any of the fact's fields. */
  readonly signals: Readonly<Partial<Record<SignalId, number | Partial<SignalFact>>>>;
  readonly covered?: readonly Hop[];
  /** Most frequent value of a dimension, holding all failures. */
  readonly top?: Readonly<Partial<Record<Dimension, string>>>;
  readonly failedMedianMs?: number;
}

/** 2025-03-04T09:12:00Z */
const START_MS = 1_741_079_520_000;

function signalFact(signal: SignalId, said: number | Partial<SignalFact>): SignalFact {
  const given: Partial<SignalFact> = typeof said === 'number' ? { strength: said } : said;
  return {
    signal,
    count: 100,
    before: 0,
    share: 1,
    strength: 1,
    firstMs: START_MS,
    lastMs: START_MS + 60_000,
    lines: [],
    values: {},
    subjects: [],
    ...given,
  };
}

/** Facts of a burst as correlation would hand them to the causes, made by hand. */
export function factsOf(sketch: FactsSketch): Facts {
  const failed = sketch.failed ?? 100;
  const signals = new Map<SignalId, SignalFact>();
  for (const [id, said] of Object.entries(sketch.signals)) {
    if (isSignalId(id) && said !== undefined) signals.set(id, signalFact(id, said));
  }
  const top = (dimension: Dimension): TopValue | null => {
    const value = sketch.top?.[dimension];
    return value === undefined ? null : { value, failed, share: 1, trafficShare: null };
  };
  return {
    kind: sketch.kind ?? 'gateway',
    madeBy: sketch.madeBy ?? 'origin',
    startMs: START_MS,
    endMs: START_MS + 60_000,
    failed,
    total: sketch.total ?? null,
    peakPerMinute: failed,
    statuses: new Map(Object.entries(sketch.statuses ?? { 502: failed }).map(([status, n]) => [Number(status), n])),
    signals,
    covered: new Set(sketch.covered ?? []),
    scope: { only: new Map(), everyColo: false, failedShare: null, isStaticFine: false },
    top,
    failedMedianMs: sketch.failedMedianMs ?? null,
  };
}

/** Signals that all occurred in full. */
export function seen(...ids: readonly SignalId[]): Partial<Record<SignalId, number>> {
  return Object.fromEntries(ids.map((id) => [id, 1]));
}
