import { SIGNALS, type Signal, type SignalId } from '../vocabulary/signals.ts';
import type { Cause, Weight } from './cause.ts';
import type { CauseId } from './ids.ts';
import { WEIGHTS } from './profile.ts';

/** What a signal says about one cause. */
export interface SignalUse {
  readonly cause: CauseId;
  readonly title: string;
  readonly weight: Weight;
  readonly why: string;
}

/** A signal as people read it: what it means, and which causes it speaks for and against. Plain data. */
export interface SignalProfile extends Pick<Signal, 'says' | 'hop' | 'role' | 'status'> {
  readonly id: SignalId;
  /** Heaviest first. */
  readonly speaksFor: readonly SignalUse[];
  readonly speaksAgainst: readonly SignalUse[];
}

/** A signal with the causes of `catalogue` that read it. */
export function signalProfileOf(id: SignalId, catalogue: readonly Cause[]): SignalProfile {
  const uses = (against: boolean): SignalUse[] =>
    catalogue
      .flatMap((cause) =>
        cause.evidence
          .filter((rule) => rule.signal === id && (rule.against === true) === against)
          .map(({ weight, why }) => ({ cause: cause.id, title: cause.title, weight, why })),
      )
      .sort((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) || (a.cause < b.cause ? -1 : 1));
  const { says, hop, role, status } = SIGNALS[id];
  return {
    id,
    says,
    hop,
    role,
    ...(status === undefined ? {} : { status }),
    speaksFor: uses(false),
    speaksAgainst: uses(true),
  };
}
