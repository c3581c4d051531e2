import type { Stamp } from '../../vocabulary/records.ts';

/** One wrapper taken off: what it said, and what it held. */
export interface Peeled {
  readonly rest: string;
  readonly stamp?: Stamp;
  readonly server?: string;
  readonly program?: string;
  readonly pid?: string;
}

/** Takes one kind of wrapper off a text, or says that it is not there. */
export type Peel = (text: string) => Peeled | null;
