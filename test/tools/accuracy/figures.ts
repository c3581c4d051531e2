import { type Calibration, calibrate, type Forecast } from './calibration.ts';
import type { CauseNames } from './catalogue.ts';
import { type ClockFigures, clockFigures } from './clocks.ts';
import type { Mark } from './marks.ts';
import type { CaseScore, CountError, Crash, FoundBurst, IncidentScore, MissedBurst, Score } from './score.ts';

/** Counts over one kind of truth burst. */
export interface BurstFigures {
  readonly truth: number;
  readonly found: number;
  readonly recall: number | null;
  /** Right places over found bursts, and over all truth bursts. */
  readonly placeOfFound: number | null;
  readonly placeOfAll: number | null;
  readonly causeOfFound: number | null;
  readonly causeOfAll: number | null;
  readonly vague: number;
  readonly undecided: number;
  readonly wrong: number;
}

/** Right and not right answers on pasted cases. */
export interface CaseFigures {
  readonly cases: number;
  readonly placeRight: number;
  readonly causeRight: number;
  readonly vague: number;
  readonly undecided: number;
  readonly wrong: number;
}

/** Relative error of `requests.failed`. */
export interface CountFigures {
  readonly bursts: number;
  readonly median: number | null;
  readonly worst: number | null;
  readonly worstFolder: string | null;
}

/** All figures of a run. Shares are 0–1; null where nothing could be counted. */
export interface Figures {
  readonly incidents: number;
  readonly crashes: readonly string[];
  readonly all: BurstFigures;
  /** Truth bursts with a status of the gateway family. */
  readonly gateway: BurstFigures;
  /** Truth bursts of only 500, 403 or 429. */
  readonly outside: BurstFigures;
  /** Found over all bursts of the results. */
  readonly precision: number | null;
  readonly falseAlarms: {
    readonly onQuiet: number;
    readonly quietFolders: number;
    readonly unmatchedElsewhere: number;
  };
  readonly failedCount: Readonly<Record<CountError['witness'], CountFigures>>;
  readonly calibration: {
    readonly place: Calibration;
    readonly cause: Calibration;
    readonly casePlace: Calibration;
    readonly caseCause: Calibration;
  };
  /** What was said for each true cause, by catalogue ids; accepted readings count as the true cause. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly clocks: ClockFigures;
  readonly cases: CaseFigures;
  readonly weakCases: CaseFigures;
  readonly slowest: readonly { readonly folder: string; readonly seconds: number }[];
}

/** Sums the scores of a run. */
export function figuresOf(scores: readonly Score[], names: CauseNames): Figures {
  const incidents = scores.filter((score) => score.kind === 'incident');
  const cases = scores.filter((score) => score.kind === 'case');
  const crashes = scores.filter((score) => score.kind === 'crash');
  const found = incidents.flatMap((score) => score.found);
  const missed = [...incidents.flatMap((score) => score.missed), ...crashes.flatMap(lostBursts)];
  const lostCases = crashes.flatMap(({ truth }) => (truth?.kind === 'case' ? [truth] : []));
  const unmatched = incidents.reduce((sum, score) => sum + score.unmatched.length, 0);
  const onQuiet = incidents.reduce((sum, score) => sum + (score.quiet ? score.unmatched.length : 0), 0);
  return {
    incidents: incidents.length,
    crashes: crashes.map((score) => score.id),
    all: burstFigures(found, missed, () => true),
    gateway: burstFigures(found, missed, (burst) => burst.truth.gateway),
    outside: burstFigures(found, missed, (burst) => !burst.truth.gateway),
    precision: share(found.length, found.length + unmatched),
    falseAlarms: {
      onQuiet,
      quietFolders: incidents.filter((score) => score.quiet).length,
      unmatchedElsewhere: unmatched - onQuiet,
    },
    failedCount: {
      exact: countFigures(incidents, 'exact'),
      sampled: countFigures(incidents, 'sampled'),
      'lower-bound': countFigures(incidents, 'lower-bound'),
    },
    calibration: {
      place: calibrate(found.map((burst) => placeForecast(burst.said.verdict.placeConfidence, burst.mark))),
      cause: calibrate(found.map((burst) => causeForecast(burst.said.verdict.confidence, burst.mark))),
      casePlace: calibrate(cases.map((score) => placeForecast(score.verdict.placeConfidence, score.mark))),
      caseCause: calibrate(cases.map((score) => causeForecast(score.verdict.confidence, score.mark))),
    },
    confusion: confusionOf(found, cases, names),
    clocks: clockFigures(incidents.flatMap((score) => score.clocks)),
    cases: caseFigures(
      cases.filter((score) => !score.truth.weak),
      lostCases.filter((truth) => !truth.weak).length,
    ),
    weakCases: caseFigures(
      cases.filter((score) => score.truth.weak),
      lostCases.filter((truth) => truth.weak).length,
    ),
    slowest: [...incidents, ...cases]
      .map((score) => ({ folder: score.id, seconds: score.seconds }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 5),
  };
}

function burstFigures(
  allFound: readonly FoundBurst[],
  allMissed: readonly Pick<MissedBurst, 'truth'>[],
  counts: (burst: Pick<MissedBurst, 'truth'>) => boolean,
): BurstFigures {
  const found = allFound.filter(counts);
  const truth = found.length + allMissed.filter(counts).length;
  const placeRight = found.filter((burst) => burst.mark.placeRight).length;
  const causeRight = found.filter((burst) => burst.mark.cause === 'right').length;
  return {
    truth,
    found: found.length,
    recall: share(found.length, truth),
    placeOfFound: share(placeRight, found.length),
    placeOfAll: share(placeRight, truth),
    causeOfFound: share(causeRight, found.length),
    causeOfAll: share(causeRight, truth),
    ...marksOf(found),
  };
}

/** Bursts that a crashed analysis had to find. */
function lostBursts({ truth }: Crash): readonly Pick<MissedBurst, 'truth'>[] {
  return truth?.kind === 'incident' ? truth.bursts.map((burst) => ({ truth: burst })) : [];
}

function caseFigures(cases: readonly CaseScore[], crashed: number): CaseFigures {
  return {
    cases: cases.length + crashed,
    placeRight: cases.filter((score) => score.mark.placeRight).length,
    causeRight: cases.filter((score) => score.mark.cause === 'right').length,
    ...marksOf(cases),
  };
}

function marksOf(marked: readonly { readonly mark: Mark }[]): Pick<CaseFigures, 'vague' | 'undecided' | 'wrong'> {
  const count = (mark: Mark['cause']): number => marked.filter((one) => one.mark.cause === mark).length;
  return { vague: count('vague'), undecided: count('undecided'), wrong: count('wrong') };
}

function countFigures(incidents: readonly IncidentScore[], witness: CountError['witness']): CountFigures {
  const errors = incidents
    .flatMap((score) => score.found.map((burst) => ({ folder: score.id, ...burst.count })))
    .filter((error) => error.witness === witness)
    .sort((a, b) => a.relative - b.relative);
  const worst = errors.at(-1);
  return {
    bursts: errors.length,
    median: median(errors.map((error) => error.relative)),
    worst: worst?.relative ?? null,
    worstFolder: worst?.folder ?? null,
  };
}

function confusionOf(
  found: readonly FoundBurst[],
  cases: readonly CaseScore[],
  names: CauseNames,
): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  const answers = [
    ...found.map((burst) => ({ truth: burst.truth.key.cause, said: burst.said.verdict.cause, mark: burst.mark })),
    ...cases.map((score) => ({ truth: score.truth.key.cause, said: score.verdict.cause, mark: score.mark })),
  ];
  for (const answer of answers) {
    const truth = names.canonical(answer.truth);
    const said = answer.mark.cause === 'right' ? truth : names.canonical(answer.said);
    table[truth] ??= {};
    const row = table[truth];
    row[said] = (row[said] ?? 0) + 1;
  }
  return table;
}

function placeForecast(probability: number, mark: Mark): Forecast {
  return { probability, right: mark.placeRight };
}

function causeForecast(probability: number, mark: Mark): Forecast {
  return { probability, right: mark.bothNamed };
}

/** Median of numbers in rising order; null of none. */
function median(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
