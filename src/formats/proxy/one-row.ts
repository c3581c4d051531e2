import type { LogRecord, RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Line, LineFormat } from '../format.ts';
import type { AccessFields } from './access-fields.ts';
import { datedRecord } from './access-row.ts';

/** The reading of a log whose every line stands for itself: `read` gives the record of a line, null where it has none. */
export function rowPerLine(read: (line: Line) => LogRecord | null): Pick<LineFormat, 'score' | 'open'> {
  return {
    score: (line) => (read(line) === null ? 0 : 0.98),
    open: (emit) => ({
      push: (line) => {
        const record = read(line);
        if (record !== null) emit(record);
        return record !== null;
      },
      end: () => {},
    }),
  };
}

/**
 * With what a row tells of who made its gateway error, as rows of nginx say it: the status of a backend, and whether its header
 * came. `asked` is false where no backend was asked.
 */
export function withMaker(fields: AccessFields, isOwn: boolean, asked: boolean): AccessFields {
  return {
    ...fields,
    upstreamStatus: isOwn && !asked ? '-' : (fields.status ?? ''),
    upstreamHeaderTime: isOwn ? '-' : '0',
  };
}

/** What a proxy says of one request. */
export interface Told {
  /** What it says of its failure; undefined for an ordinary answer. */
  readonly signal: SignalId | undefined;
  /** The backend's status: 0 where no answer came, undefined where the row does not tell. */
  readonly received: number | undefined;
}

/** The record of a row that says itself what went wrong. */
export function toldRecord(fields: AccessFields, stamp: Stamp, line: Line, { signal, received }: Told): RequestRecord {
  const { signal: _own, originStatus: _received, ...record } = datedRecord(fields, stamp, line);
  return {
    ...record,
    ...(signal === undefined ? {} : { signal }),
    ...(received === undefined ? {} : { originStatus: received }),
  };
}

/** Fields without those that hold nothing. */
export function givenFields(fields: Readonly<Record<keyof AccessFields | string, string | undefined>>): AccessFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== '-'),
  );
}
