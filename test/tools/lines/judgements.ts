/** Who is right where another program and this one read a line differently. */
export interface Judgement {
  /** Whose line it is, as its row names the source. */
  readonly source: string;
  /** The part of the line's text by which it is known among those of its source. */
  readonly holds: string;
  readonly right: 'this' | 'other';
  readonly why: string;
}

/** Each with the source of the fact. A disagreement without a row here counts as this program's mistake. */
export const JUDGEMENTS: readonly Judgement[] = [
  {
    source: 'tstack/lnav test/logfile_bad_access_log.0',
    holds: 'gPXE/0.9.7',
    right: 'this',
    why: 'a row without the two dashes of `combined` (log_format may leave them out): address, time, request, status and length stand in it and are read as they stand',
  },
];
