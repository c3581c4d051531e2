import type { AnalyzeOptions } from '../analyze.ts';
import type { ReportFormat } from '../report/render.ts';
import type { Entry } from './entry.ts';

/** Options of an analysis that a whole batch can share. Plain data: tasks cross processes. */
export type LogOptions = Pick<
  AnalyzeOptions,
  | 'tz'
  | 'year'
  | 'as'
  | 'logFormats'
  | 'csvFields'
  | 'since'
  | 'until'
  | 'host'
  | 'path'
  | 'redact'
  | 'redactKey'
  | 'redactHosts'
  | 'hash'
>;

/** One incident to be done. */
export interface Task {
  /** As it may be shown. */
  readonly name: string;
  readonly paths: readonly string[];
  /** Folder of its reports; absolute. */
  readonly folder: string;
  readonly formats: readonly ReportFormat[];
  readonly options: LogOptions;
  /** Set where logs of a long time are cut into incidents: hours of calm between two, and the file that lists them. */
  readonly split?: { readonly calmHours: number; readonly list: string } | undefined;
}

/** What became of an incident. */
export interface Outcome {
  readonly entry: Entry;
  /**
   * `done`: nothing had to be; `drawn`: reports were drawn again from the stored result; `failed`: nothing was stored;
   * `leaked`: a report would have held what was masked elsewhere, and was not written.
   */
  readonly how: 'done' | 'drawn' | 'analysed' | 'failed' | 'leaked';
}
