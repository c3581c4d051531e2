import type { SignalId } from '../../vocabulary/signals.ts';

/** What an application's line means. First match wins: the resource that failed before the crash that it caused. */
export interface AppMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** Whether the line alone, without stamp and level, is enough to know it for an application's. */
  readonly certain: boolean;
  readonly sample: string;
}
