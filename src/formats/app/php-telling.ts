import type { SignalId } from '../../vocabulary/signals.ts';
import { patternTexts } from '../pattern-texts.ts';
import { PHP_OWN_MESSAGES } from './php-messages.ts';

/*
 * The table of PHP's messages by texts instead of patterns. The first row that takes a message wins: so of the texts that stand in
 * it the one with the least rank decides. Rows have two ranks each: a text that a row is sure to match comes before those that
 * its pattern must look at. What holds none of a row's texts it does not match.
 */

/** A text of the table, and its rank. */
export interface TellingText {
  readonly text: string;
  readonly rank: number;
}

const RANKS = 2;

/** The texts of the table, each with its least rank; taking them from the patterns takes milliseconds. */
export function phpTelling(): readonly TellingText[] {
  const ranks = new Map<string, number>();
  PHP_OWN_MESSAGES.forEach(({ pattern }, row) => {
    const { sure, needed } = patternTexts(pattern);
    for (const text of sure) note(text, row * RANKS);
    for (const text of needed) note(text, row * RANKS + 1);
  });
  return [...ranks].map(([text, rank]) => ({ text, rank }));

  function note(text: string, rank: number): void {
    if (text !== '') ranks.set(text, Math.min(rank, ranks.get(text) ?? rank));
  }
}

/** The signal of a message in which a text of this rank stands and none of a lesser one; undefined where a pattern must look. */
export function toldSignal(rank: number): SignalId | undefined {
  return rank % RANKS === 0 ? PHP_OWN_MESSAGES[rank / RANKS]?.signal : undefined;
}
