import type { Digest } from './digest.ts';

/** What two files share, as it is told. */
export interface RepeatLabels {
  readonly path: string;
  readonly count: number;
  readonly others: readonly string[];
  readonly exported: boolean;
}

/** Logs that are told of one by one. */
const MOST_TOLD = 5;

/** Says which entries stood in several files and were counted once. */
export function repeatWarnings(repeats: readonly RepeatLabels[]): string[] {
  const exports = repeats.filter(({ exported }) => exported);
  const logs = repeats.filter(({ exported }) => !exported);
  const rows = exports.reduce((sum, { count }) => sum + count, 0);
  const told = logs.slice(0, MOST_TOLD).map(({ path, count, others: [first = '', ...more] }) => {
    const where = more.length === 0 ? first : `${first} or ${more.length} others`;
    return `${count} entries of ${path} stand in ${where}, too; they are counted once`;
  });
  if (logs.length > MOST_TOLD) told.push(`so do entries of ${logs.length - MOST_TOLD} more files`);
  const [first] = exports;
  if (first !== undefined)
    told.push(
      `${rows} rows of exports stand in more than one place (two jobs into one bucket, or exports that overlap), as in ${first.path}; they are counted once`,
    );
  return told;
}

/** An export may hold a row twice now and then; more than this share of the failed ones are two exports. */
const MANY = 0.05;
const FEWEST = 10;

/**
 * Says where an export holds the same requests twice and could not be read again (standard input): failed ones are counted once
 * then, good ones are not told apart.
 */
export function duplicateWarnings({ streams }: Digest): string[] {
  return streams.flatMap(({ format, duplicateCount, kept }) => {
    const failed = kept.failed.rows.length + kept.refused.rows.length;
    if (duplicateCount < FEWEST || duplicateCount < MANY * failed) return [];
    return [
      `${duplicateCount} failed requests in ${format} stand in more than one place (two jobs into one bucket, or exports that overlap); they are counted once, good requests in each, so shares of failures may be too low`,
    ];
  });
}
