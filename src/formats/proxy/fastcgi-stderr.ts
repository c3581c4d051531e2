import type { SignalId } from '../../vocabulary/signals.ts';
import { classifyPhp, phpSignal } from '../app/php-classify.ts';

/** One message out of what a FastCGI application wrote to stderr. */
export interface StderrMessage {
  readonly signal: SignalId;
  readonly values: Readonly<Record<string, string | number>>;
  readonly text: string;
}

/** Messages of one request are joined; more than this of them is a flood of warnings. */
const MOST_MESSAGES = 50;

/** What stands before each message of PHP. */
export const MARK = 'PHP message: ';

/** What PHP-FPM itself says about a script it did not run (fpm_main.c); nginx then gets 404 or 403. */
const OF_FPM: readonly (readonly [text: string, signal: SignalId])[] = [
  ['Primary script unknown', 'nginx.fcgi-script-unknown'],
  ['Unable to open primary script', 'nginx.fcgi-open-script'],
  ["Access to the script '", 'nginx.fcgi-ext-denied'],
];

/** Splits the stderr of one request into its messages: joined by `; `, by line feeds, or one alone. */
function split(stderr: string): string[] {
  const marked = stderr.split(MARK);
  if (marked.length > 1) return marked.map((part) => part.replace(/[;\s]{1,8}$/, '')).filter((part) => part !== '');
  return stderr.split(/\n(?=PHP (?:Fatal|Parse|Warning|Notice|Deprecated|Recoverable|Strict|Core|User)\b)/);
}

/** The signals of `classifyStderr` alone. */
export function stderrSignalsOf(stderr: string): SignalId[] {
  return split(stderr)
    .slice(0, MOST_MESSAGES)
    .map((text) => OF_FPM.find(([beginning]) => text.startsWith(beginning))?.[1] ?? phpSignal(text) ?? 'php.custom');
}

/**
 * Classifies what a FastCGI application wrote to stderr: one result per message, in order. Text that PHP's table does
 * not know (a program of another language, a message cut in its middle) is `php.custom`.
 */
export function classifyStderr(stderr: string): readonly StderrMessage[] {
  return split(stderr)
    .slice(0, MOST_MESSAGES)
    .map((text) => {
      const ofFpm = OF_FPM.find(([beginning]) => text.startsWith(beginning));
      if (ofFpm) return { signal: ofFpm[1], values: {}, text };
      const meaning = classifyPhp(text);
      return { signal: meaning?.signal ?? 'php.custom', values: meaning?.values ?? {}, text };
    });
}
