import type { Verdict } from '../../../src/result/schema.ts';
import type { CauseNames } from './catalogue.ts';
import type { AnswerKey } from './truth.ts';

/**
 * - `right`: the cause or an accepted one (or honest doubt where the files cannot show it);
 * - `vague`: an umbrella of a right cause;
 * - `undecided`: "unknown" although the files show it;
 * - `wrong`: anything else.
 */
export type CauseMark = 'right' | 'vague' | 'undecided' | 'wrong';

export interface Mark {
  readonly placeRight: boolean;
  readonly cause: CauseMark;
  /** Place and cause are both accepted ones by name: what `confidence` is the probability of. */
  readonly bothNamed: boolean;
}

export type Answer = Pick<Verdict, 'place' | 'placeConfidence' | 'cause' | 'confidence'>;

/** Below this confidence an answer counts as doubt where the cause cannot be known. */
const DOUBT = 0.6;

/** Marks an answer against what really happened. */
export function markAnswer(answer: Answer, key: AnswerKey, names: CauseNames): Mark {
  const placeRight = key.places.includes(answer.place);
  const said = names.canonical(answer.cause);
  const causeNamed = key.causes.some((cause) => names.canonical(cause) === said);
  const honestDoubt = !key.causeKnowable && placeRight && (said === 'unknown' || answer.confidence < DOUBT);
  return { placeRight, cause: markCause(), bothNamed: placeRight && causeNamed };

  function markCause(): CauseMark {
    if (causeNamed || honestDoubt) return 'right';
    if (said === 'unknown') return 'undecided';
    return key.causes.some((cause) => names.isBroader(said, cause)) ? 'vague' : 'wrong';
  }
}
