import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Line, LineFormat } from '../format.ts';
import type { Role } from './units.ts';

/** What a line says of a service, program or container: its name, what that is on a request's way, and what else is told. */
export interface UnitSaid {
  readonly signal: SignalId;
  readonly stamp: Stamp;
  readonly subject: string;
  readonly role: Role;
  readonly values?: Readonly<Record<string, string | number>>;
  /** What a report shows of it, where that is not the line. */
  readonly text?: string;
}

/** Longest part of a line that such patterns look at. */
const LONGEST = 2000;

/** The reading of what speaks of one service in each line: `read` gives what a line says, null where it is none. */
export function unitPerLine(read: (text: string) => UnitSaid | null): Pick<LineFormat, 'score' | 'open'> {
  return {
    score: ({ text }) => (read(text.slice(0, LONGEST)) === null ? 0 : 0.9),
    open: (emit) => ({
      push: (line) => {
        const said = read(line.text.slice(0, LONGEST));
        if (said !== null) emit(unitClue(line, said));
        return said !== null;
      },
      end: () => {},
    }),
  };
}

/** The record of such a line. */
export function unitClue(line: Line, { signal, stamp, subject, role, values, text }: UnitSaid): ClueRecord {
  return {
    kind: 'clue',
    hop: 'host',
    signal,
    ...entryFields(line, stamp, text),
    subject,
    values: { role, ...values },
  };
}
