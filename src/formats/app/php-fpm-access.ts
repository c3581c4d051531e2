import type { RequestRecord } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { LineFormat } from '../format.ts';
import { monthIndex, parseOffset, wallMs, zonedStamp } from '../stamps.ts';
import { methodAndPath } from './request-line.ts';

/*
 * PHP-FPM's access log: `%R - %u %t "%m %r" %s` and what is appended (reference: php-fpm section 5). No brackets round
 * the time. Rows of requests whose child died are absent.
 */

const ROW =
  /^(\S{1,255}) - (?:\S{0,255}) {0,2}(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4}) "([A-Z]{1,20} \S{0,8000})" (\d{3})(?: (.{0,2000}))?$/;
/** Debian's commented example: script, milliseconds, KiB of memory, share of a CPU; and the process, where `%p` follows. */
const EXTENDED = /^(\S{1,1000}) (\d{1,9}(?:\.\d{1,6})?) (\d{1,12}) [\d.]{1,10}%(?: (\d{1,10}))?$/;
const HEALTH = /^\/(?:(?:php-?)?fpm[-_])?(?:ping|status)$/;

function rowOf(text: string): RegExpExecArray | null {
  return text.length > 12_000 ? null : ROW.exec(text);
}

function specifiersIn(text: string): string[] {
  const row = rowOf(text);
  if (row === null) return [];
  const extended = EXTENDED.exec(row[11] ?? '');
  return ['%t', '%s', ...(extended === null ? [] : ['%d']), ...(extended?.[4] === undefined ? [] : ['%p'])];
}

/** PHP-FPM's access log. */
export const phpFpmAccess: LineFormat = {
  shape: 'lines',
  id: 'php-fpm-access',
  title: 'PHP-FPM access log',
  hop: 'app',
  foundAt: ['the file named by access.log in the pool configuration'],
  limits: [
    'No host and no query; requests whose worker died have no row.',
    'The address is that of the web server, not of the visitor.',
    'The time is that of the request; without a duration in the row the time of the answer is not known.',
  ],
  examples: () => [
    {
      input: '- -  20/Nov/2026:08:11:34 +0000 "GET /exc.php" 500',
      shows: 'the default form over a unix socket',
      records: [
        {
          kind: 'request',
          hop: 'app',
          signal: 'access.answered-5xx',
          status: 500,
          method: 'GET',
          path: '/exc.php',
          visitor: true,
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 11, 34), offsetMinutes: 0 },
        },
      ],
    },
    {
      input:
        '127.0.0.1 -  20/Nov/2026:09:12:30 +0100 "GET /sleep.php?x=1" 200 /var/www/html/sleep.php 10000.128 4096 0.00%',
      shows: "Debian's example with duration: the answer was given ten seconds later",
      records: [
        {
          status: 200,
          path: '/sleep.php',
          durationMs: 10000.128,
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 12, 40), offsetMinutes: 60 },
        },
      ],
    },
    {
      input: '127.0.0.1 -  20/Nov/2026:08:12:30 +0000 "GET /ping" 200',
      shows: 'a health check, over TCP',
      records: [{ visitor: false, client: '127.0.0.1' }],
    },
  ],
  fieldsIn: ({ text }) => specifiersIn(text),
  score: (line) => (rowOf(line.text) === null ? 0 : 1),
  open: (emit) => ({
    push: (line) => {
      const row = rowOf(line.text);
      const month = row?.[3] === undefined ? undefined : monthIndex(row[3]);
      const offset = row?.[8] === undefined ? undefined : parseOffset(row[8]);
      if (row === null || month === undefined || offset === undefined) return false;
      const wall = wallMs(Number(row[4]), month, Number(row[2]), Number(row[5]), Number(row[6]), Number(row[7]));
      const extended = row[11] === undefined ? null : EXTENDED.exec(row[11]);
      const durationMs = extended === null ? undefined : Number(extended[2]);
      const request = methodAndPath(row[9] ?? '');
      const record: RequestRecord = {
        kind: 'request',
        hop: 'app',
        ...entryFields(line, zonedStamp(wall + Math.floor(durationMs ?? 0), offset)),
        status: Number(row[10]),
        ...(Number(row[10]) >= 500 ? { signal: 'access.answered-5xx' } : {}),
        ...(row[1] === undefined || row[1] === '-' ? {} : { client: row[1] }),
        ...request,
        ...(durationMs === undefined ? {} : { durationMs }),
        visitor: !(request.path !== undefined && HEALTH.test(request.path)),
      };
      emit(record);
      return true;
    },
    end: () => {},
  }),
};
