import type { Result } from '../../../src/result/schema.ts';
import type { Files } from './folder.ts';

/** How a folder was changed before it was analysed. */
export type VariantKind =
  | 'as it is'
  /** All logs of one format are left out. */
  | 'without a source'
  /** All logs but those of one format are left out. */
  | 'a source alone'
  /** The lines of one piece of evidence are left out. */
  | 'without lines'
  /** Loud lines that have nothing to do with the fault are put between the others. */
  | 'decoy'
  /** Names, addresses, paths and zones are changed; what happened is not. */
  | 'varied';

/** A changed copy of a labelled folder. */
export interface Variant {
  readonly kind: VariantKind;
  /** What was taken away or added, for people. */
  readonly what: string;
  readonly files: Files;
  /** Host of faults that were added: bursts of it are real, and no answer to the label's question. */
  readonly strangeHost?: string;
  /** Changes the files once more after an analysis; null where they are as wanted. */
  readonly again?: (files: Files, result: Result, round: number) => Files | null;
}
