import type { Hop, Maker } from '../hops.ts';

/**
 * What an occurrence of a signal stands for:
 * - `request`: one failed request (counted against the requests that failed);
 * - `process`: something that happened to a process or a host (one line is enough to matter);
 * - `context`: dates a change (reload, deploy, pushed configuration), never a cause by itself;
 * - `noise`: looks bad and is harmless;
 * - `state`: derived from several records: what a service or a connection did, true or false for a burst;
 * - `pattern`: derived, too, and shared by many causes (which paths, how long, in which log): supports, never convicts.
 */
export type SignalRole = 'request' | 'process' | 'context' | 'noise' | 'state' | 'pattern';

/** Declaration of a signal. */
export interface Signal {
  /** The hop whose log shows it (for `derived.*`: the hop it speaks of). */
  readonly hop: Hop;
  readonly role: SignalRole;
  /** One sentence for the report: what this line or row means. No trailing numbers, present tense, ends with a full stop. */
  readonly says: string;
  /** Who made the status, where the signal tells it. */
  readonly madeBy?: Maker;
  /** Status that the client of this hop gets when a line of role `request` is written, where known. */
  readonly status?: number;
  /** True where the answer was spoiled after its status had been sent: request logs show a good status. */
  readonly cut?: true;
  /** True where each occurrence costs at most one request: the process served no other at the time. */
  readonly costsOne?: true;
  /** True of what a page or a command tells once, undated: it is no log, and its silence on anything else means nothing. */
  readonly snapshot?: true;
  /** True of lines whose meaning is not known: they prove nothing, not even that they are harmless. */
  readonly unknown?: true;
  /** Where the fact comes from (reference section, source function, measured run). */
  readonly source?: string;
}

/** Keeps the literal names of a table while checking its rows. */
export function declareSignals<const T extends Readonly<Record<string, Signal>>>(signals: T): T {
  return signals;
}
