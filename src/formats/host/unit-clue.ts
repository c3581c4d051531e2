import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Line } from '../format.ts';
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
