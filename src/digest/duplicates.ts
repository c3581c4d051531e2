import type { Digest } from './digest.ts';

/** An export may hold a row twice now and then; more than this share of the failed ones are two exports. */
const MANY = 0.05;
const FEWEST = 10;

/** Says where an export holds the same requests twice: failed ones are counted once then, good ones are not told apart. */
export function duplicateWarnings({ streams }: Digest): string[] {
  return streams.flatMap(({ format, duplicateCount, kept }) => {
    const failed = kept.failed.rows.length + kept.refused.rows.length;
    if (duplicateCount < FEWEST || duplicateCount < MANY * failed) return [];
    return [
      `${duplicateCount} failed requests in ${format} stand in more than one place (two jobs into one bucket, or exports that overlap); they are counted once, good requests in each, so shares of failures may be too low`,
    ];
  });
}
