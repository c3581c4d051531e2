import type { LogRecord } from '../../vocabulary/records.ts';
import type { Line, LineFormat } from '../format.ts';
import type { AccessFields } from './access-fields.ts';

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
