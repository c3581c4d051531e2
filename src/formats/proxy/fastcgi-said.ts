import type { SignalId } from '../../vocabulary/signals.ts';
import { phpTelling, toldSignal } from '../app/php-telling.ts';
import { MARK } from './fastcgi-stderr.ts';

/*
 * What PHP said through FastCGI, told by the texts that stand in it: of one message, which PHP itself begins with its name. Property
 * tests hold it to `stderrSignals`.
 */

/** How PHP begins what it says itself. */
export const PHP_WORD = 'PHP ';
export const PHP_SAYS = MARK + PHP_WORD;

/** Lines that PHP writes into an entry after its first, beside `#0 `; see `TRACE_LINE` of `error-stderr.ts`. */
export const FURTHER_LINES: readonly string[] = ['Stack trace:\n', '  thrown in '];

/** The texts. A second message is for the reader: its rank is 0. */
export function saidTexts(): readonly { readonly text: string; readonly rank: number }[] {
  return [{ text: MARK, rank: 0 }, ...phpTelling().map(({ text, rank }) => ({ text, rank: rank + 1 }))];
}

/** The signal of what holds a text of this rank, and none of a lesser one; undefined where texts do not tell it. */
export function rankedSignal(rank: number): SignalId | undefined {
  return rank === 0 ? undefined : toldSignal(rank - 1);
}
