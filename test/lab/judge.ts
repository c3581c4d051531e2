import { analyze } from '../../src/index.ts';
import type { Played, View } from './play.ts';
import { VIEW_NAMES } from './play.ts';
import type { Scenario } from './scenario.ts';

/** `undecided`: the place is right and no cause is named though one could be. */
export type Mark = 'right' | 'undecided' | 'wrong cause' | 'wrong place' | 'not played';

/** What was said of one scenario from one set of logs. */
export interface Judged {
  readonly scenario: string;
  readonly view: View;
  readonly mark: Mark;
  readonly place: string;
  readonly placeConfidence: number;
  readonly cause: string;
  readonly confidence: number;
  readonly expectedPlaces: readonly string[];
  readonly expectedCauses: readonly string[];
  /** Signals that moved the verdict, strongest first. */
  readonly because: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
}

/** Runs the analysis on every set of logs of a played scenario. */
export async function judge(scenario: Scenario, played: Played): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const view of VIEW_NAMES) {
    const { verdict, bursts } = await analyze([played.logs[view]]);
    const expected: readonly string[] =
      view === 'nginx' ? [...scenario.causes, ...(scenario.fromNginxAlone ?? [])] : scenario.causes;
    const burst = bursts.find(({ id }) => id === verdict.burst);
    judged.push({
      scenario: scenario.name,
      view,
      mark: markOf(scenario, expected, verdict.place, verdict.cause),
      place: verdict.place,
      placeConfidence: verdict.placeConfidence,
      cause: verdict.cause,
      confidence: verdict.confidence,
      expectedPlaces: scenario.places,
      expectedCauses: expected,
      because: (burst?.evidence ?? []).map(
        ({ signal, direction, weight }) => `${direction === 'against' ? 'against ' : ''}${signal} ${weight.toFixed(1)}`,
      ),
      answers: Object.fromEntries([...played.answers].sort((a, b) => a[0] - b[0])),
    });
  }
  return judged;
}

/** A scenario whose servers did not do what they were told. */
export function notPlayed(scenario: Scenario, error: unknown): Judged {
  return {
    scenario: scenario.name,
    view: 'everything',
    mark: 'not played',
    place: '',
    placeConfidence: 0,
    cause: '',
    confidence: 0,
    expectedPlaces: scenario.places,
    expectedCauses: scenario.causes,
    because: [error instanceof Error ? error.message : String(error)],
    answers: {},
  };
}

function markOf({ places }: Scenario, causes: readonly string[], place: string, cause: string): Mark {
  if (!places.some((accepted) => accepted === place)) return 'wrong place';
  // Where nothing is wrong there is no cause to name.
  if (place === 'none' || place === 'unknown' || causes.includes(cause)) return 'right';
  return cause === 'unknown' ? 'undecided' : 'wrong cause';
}
