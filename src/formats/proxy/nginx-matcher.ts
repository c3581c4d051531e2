import type { SignalId } from '../../vocabulary/signals.ts';
import { BytePrefixes } from '../byte-prefixes.ts';
import { namesItsText, signalOfWhose, textFits, type Whose } from './nginx-classify.ts';
import { NGINX_MESSAGES, type NginxMessage } from './nginx-messages.ts';
import { type NginxPhase, PHASE_TEXTS } from './nginx-phases.ts';

/*
 * The table of messages for bytes: the same rows, chosen by beginning, phase, level and errno without making a text of
 * the line. Property tests hold it to `nginxSignal`.
 */

export const LEVELS = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'] as const;

export const STARTS: readonly string[] = [...new Set(NGINX_MESSAGES.flatMap((row) => row.starts ?? []))];
const PHASES: readonly NginxPhase[] = ['none', ...new Set(PHASE_TEXTS.map(([, phase]) => phase))];
export const NO_PHASE = 0;
/** Words that messages of the table hold, whatever they begin with. */
export const HELD: readonly string[] = [...new Set(NGINX_MESSAGES.flatMap((row) => row.holds ?? []))];
/** Numbers that the table knows; any other decides like none. */
export const ERRNOS: readonly number[] = [...new Set(NGINX_MESSAGES.flatMap((row) => row.errnos ?? []))];
const ERRNO_INDEX = new Map(ERRNOS.map((errno, index) => [errno, index + 1]));

/** Rows in order up to the first that is certain: the first that takes the message wins. */
type Candidates = readonly NginxMessage[];

const phaseTexts = PHASE_TEXTS.map(([text]) => text);
/** Phase by text, as `findPhase` chooses it: the first in the table that the line goes on with. */
const PHASE_OF_TEXT = phaseTexts.map((text) => {
  const first = PHASE_TEXTS.find(([shorter]) => text.startsWith(shorter));
  return PHASES.indexOf(first?.[1] ?? 'none');
});

export const MESSAGE_STARTS = new BytePrefixes(STARTS);
const PHASE_STARTS = new BytePrefixes(phaseTexts);

/** Index of the phase whose text begins at `start`, or `NO_PHASE`. */
export function phaseAt(bytes: Uint8Array, start: number, end: number): number {
  const text = PHASE_STARTS.find(bytes, start, end);
  return text < 0 ? NO_PHASE : (PHASE_OF_TEXT[text] ?? NO_PHASE);
}

const known = new Map<number, Candidates>();

/**
 * The rows that can take a message: `start` is the index of the longest of the table's beginnings (-1 = none), `phase` and
 * `level` are indexes into their lists, `errno` is the number at the end of the message (-1 = none).
 */
export function candidatesFor(start: number, phase: number, level: number, errno: number): Candidates {
  const errnoIndex = ERRNO_INDEX.get(errno) ?? 0;
  const key = (((start + 1) * PHASES.length + phase) * LEVELS.length + level) * (ERRNOS.length + 1) + errnoIndex;
  let candidates = known.get(key);
  if (candidates === undefined) {
    candidates = collect(STARTS[start] ?? '', PHASES[phase] ?? 'none', LEVELS[level] ?? '', errno);
    known.set(key, candidates);
  }
  return candidates;
}

function collect(begun: string, phase: NginxPhase, level: string, errno: number): Candidates {
  const fits = (row: NginxMessage, anyPhase: boolean): boolean =>
    (row.phases === undefined || anyPhase || row.phases.includes(phase)) &&
    (row.levels === undefined || row.levels.includes(level)) &&
    (row.errnos === undefined || row.errnos.includes(errno)) &&
    (row.starts === undefined || row.starts.some((start) => begun.startsWith(start)));
  const rows = NGINX_MESSAGES.filter((row) => fits(row, false));
  // As in `nginxRow`: without a phase, the first row whose text fits stands in where no row fits as it is.
  if (phase === 'none') {
    rows.push(...NGINX_MESSAGES.filter((row) => namesItsText(row) && fits(row, true)));
  }
  return upToCertain(rows);
}

function upToCertain(rows: readonly NginxMessage[]): Candidates {
  const certain = rows.findIndex(isCertain);
  return certain < 0 ? rows : rows.slice(0, certain + 1);
}

/** Whether a row takes a message whatever else that says. */
function isCertain({ holds, pattern }: NginxMessage): boolean {
  return holds === undefined && pattern === undefined;
}

/**
 * The signal of every such message of such a client, whatever else it says; undefined where it hangs on that. `text` is an
 * index into `PHASE_TEXTS` (-1 = none), `held` are those of `HELD` that the message holds, the rest is as in `candidatesFor`.
 */
export function certainSignal(
  start: number,
  text: number,
  level: number,
  errno: number,
  held: readonly string[],
  whose: Whose,
): SignalId | undefined {
  const rows = candidatesFor(start, PHASE_OF_TEXT[text] ?? NO_PHASE, level, errno).flatMap((row) => {
    const { holds, ...rest } = row;
    return holds === undefined ? [row] : held.some((words) => words.startsWith(holds)) ? [rest] : [];
  });
  const candidates = upToCertain(rows);
  const last = candidates.at(-1);
  if (last === undefined) return 'nginx.other';
  const signal = signalOfWhose(last, whose);
  return isCertain(last) && candidates.every((row) => signalOfWhose(row, whose) === signal) ? signal : undefined;
}

/** The row that takes a message, read only where a pattern has to see it; null where the table does not know it. */
export function rowOf(candidates: Candidates, message: () => string): NginxMessage | null {
  let text: string | undefined;
  for (const row of candidates) {
    if (isCertain(row)) return row;
    text ??= message();
    if (textFits(row, text)) return row;
  }
  return null;
}
