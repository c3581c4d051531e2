import type { SignalId } from '../../vocabulary/signals.ts';
import { remembered } from '../remembered.ts';
import { groupValues } from './group-values.ts';
import { PHP_OWN_MESSAGES } from './php-messages.ts';
import { isPluginWitness, pluginOf, sourcePlace } from './php-trace.ts';

/** Longest text that patterns look at; keeps a hostile line cheap. Real messages with traces are shorter. */
const LONGEST_MESSAGE = 16_384;

/** `NOTICE: PHP message: ` is how FPM hands a worker's error_log() text to its own log and to nginx. */
const LEAD =
  /^\s{0,20}(?:(?:NOTICE|WARNING|ERROR): )?(?:PHP message: )?(?:\[\d\d-[A-Z][a-z]{2}-\d{4} [^\]\n]{8,50}\] )?/;

/** Another service whose address a message names; addresses of curl's own documentation are not it. */
const URL_HOST = /https?:\/\/(?!curl\.(?:se|haxx\.se)\b)(?:[^\s/@"']{1,200}@)?([^\s/"'?#)]{1,255})/;

/** A broken page says the same on each visit. */
const MOST_MESSAGES = 500;

/** What a message of PHP means: its signal, and the numbers and names in it. */
export interface PhpMeaning {
  readonly signal: SignalId;
  readonly values: Readonly<Record<string, string | number>>;
}

/** The message without what stands before it. */
function withoutLead(text: string): string {
  return text.slice(0, LONGEST_MESSAGE).replace(LEAD, '');
}

/** The signal of `classifyPhp` alone. */
export function phpSignal(text: string): SignalId | null {
  const message = withoutLead(text);
  if (message.trim() === '') return null;
  return PHP_OWN_MESSAGES.find((row) => row.pattern.test(message))?.signal ?? null;
}

/**
 * Classifies one message of PHP: the text after `PHP message: ` or after the stamp of PHP's own log, with or without
 * `PHP Fatal error:  ` in front, a trace joined by line feeds. Values: `file`, `lineNumber`, `plugin` and `pluginKind`
 * (`plugin`, `theme`, `mu-plugin`), `function`, and the named groups of the row. Null for an empty text.
 */
export const classifyPhp: (text: string) => PhpMeaning | null = remembered(meaningOf, MOST_MESSAGES);

function meaningOf(text: string): PhpMeaning | null {
  const message = withoutLead(text);
  if (message.trim() === '') return null;
  for (const row of PHP_OWN_MESSAGES) {
    const match = row.pattern.exec(message);
    if (match === null) continue;
    const values: Record<string, string | number> = { ...groupValues(match.groups), ...sourcePlace(message) };
    if (isPluginWitness(row.signal)) Object.assign(values, pluginOf(message));
    if (row.signal === 'php.http-dep' || row.signal === 'php.http-dep-fatal') {
      const dependency = URL_HOST.exec(message)?.[1];
      if (dependency !== undefined) values.dependency = dependency;
    }
    return { signal: row.signal, values };
  }
  return null;
}
