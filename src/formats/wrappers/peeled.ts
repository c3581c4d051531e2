import type { Stamp } from '../../vocabulary/records.ts';

/** One wrapper taken off: what it said, and what it held. Made for most lines of most logs: undefined costs less than to leave a field out. */
export interface Peeled {
  readonly rest: string;
  readonly stamp?: Stamp | undefined;
  readonly server?: string | undefined;
  readonly program?: string | undefined;
  readonly pid?: string | undefined;
  /** Which of several logs that are printed together it is of. */
  readonly container?: string | undefined;
}

/** Takes one kind of wrapper off a text, or says that it is not there. */
export type Peel = (text: string) => Peeled | null;
