import type { SignalId } from '../../vocabulary/signals.ts';
import { stderrSignalsOf } from './fastcgi-stderr.ts';
import { stderrText } from './nginx-entry.ts';

/** How the message of an entry begins that passes on what a FastCGI application wrote to stderr. */
export const STDERR_START = Buffer.from('FastCGI sent in stderr: "', 'latin1');

const WHILE = '" while ';
/** Entries over more lines are cut by the ordinary way. */
const MOST_LINES = 200;
/** Lines that PHP writes into an entry after its first, and that look like nothing else. */
const TRACE_LINE = /^(?:#\d{1,6} |Stack trace:$| {2}thrown in |PHP (?:message: |[A-Z]))/;
/** What an access log's line has after three words. */
const BRACKETED_DATE = / \[\d\d\//;
/** What is undone before a line is read as text, and what a copy out of a page or a translation leaves. */
const ALTERED = ['\u001b', '\r', '\u00a0', '&quot;', '&#34;', '#033[', ' () '] as const;

/**
 * The signals of such an entry (its message from the start, lines joined by line feeds), one per message of the
 * application; null where the ordinary way must look at it.
 */
export function stderrSignals(message: string): readonly SignalId[] | null {
  if (ALTERED.some((text) => message.includes(text))) return null;
  const firstFeed = message.indexOf('\n');
  if (firstFeed >= 0 && !isTrace(message, firstFeed)) return null;
  return stderrSignalsOf(stderrText(message));
}

function isTrace(message: string, firstFeed: number): boolean {
  const closes = message.indexOf(WHILE);
  if (closes >= 0 && closes < message.lastIndexOf('\n')) return false;
  const lines = message.slice(firstFeed + 1).split('\n');
  return lines.length < MOST_LINES && lines.every((line) => TRACE_LINE.test(line) && !BRACKETED_DATE.test(line));
}
