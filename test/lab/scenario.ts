import type { CauseId } from '../../src/causes/ids.ts';
import type { Place } from '../../src/vocabulary/hops.ts';
import type { Need } from './servers/programs.ts';
import type { Asked } from './servers/visitors.ts';
import type { Site, SiteSetup } from './site.ts';

/** Something that is done to a running site. */
export type Act = (site: Site) => Promise<void> | void;

/** A way to break a site, and what the logs of it must lead to. */
export interface Scenario {
  readonly name: string;
  /** What happens, in a sentence. */
  readonly story: string;
  readonly setup: SiteSetup;
  /** Played only where all of it is here. */
  readonly needs?: readonly Need[];
  /** Done after some seconds of good traffic; absent where the extra requests alone break the site, or nothing does. */
  readonly breakIt?: Act;
  /** Undoes it. */
  readonly mendIt?: Act;
  /** Asked for, one after the other, while the site is broken, beside the usual traffic. */
  readonly askMeanwhile?: readonly Asked[];
  /** How many of those per second. */
  readonly askPerSecond?: number;
  /** How much usual traffic there is all the while; for faults that cost too much to make many of. */
  readonly usualPerSecond?: number;
  readonly places: readonly Place[];
  /**
   * Every cause that a careful engineer with these logs could name; the first is the true one. `unknown` where the logs
   * cannot tell.
   */
  readonly causes: readonly (CauseId | 'unknown')[];
  /** What may be named beside these where only nginx's own logs are at hand. */
  readonly fromNginxAlone?: readonly (CauseId | 'unknown')[];
}
