import type { ClueRecord, RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, toldRecord } from './access-row.ts';

const LONGEST = 16_384;
const FIELDS = '#Fields: ';
const HEAD =
  /^#(?:Software: Microsoft (?:Internet Information Services|HTTP API)|Version: 1\.0$|Date: \d{4}-|Fields: date time )/;

/**
 * The columns of a fresh installation, by which a row tells itself that was copied without its head: of a site (IIS 8.5 and later,
 * before without the referrer), and of HTTP.sys (Windows 2016 and later with the stream).
 */
const USUAL: readonly (readonly [row: RegExp, names: string])[] = [
  [
    usualRow(
      String.raw`ADDRESS [A-Z]{3,16} \/\S{0,4000} \S{1,4000} \d{1,5} \S{1,200} ADDRESS \S{1,2000} \S{1,4000} \d{3} \d{1,4} \d{1,10} \d{1,10}`,
    ),
    's-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
  ],
  [
    usualRow(
      String.raw`ADDRESS [A-Z]{3,16} \/\S{0,4000} \S{1,4000} \d{1,5} \S{1,200} ADDRESS \S{1,2000} \d{3} \d{1,4} \d{1,10} \d{1,10}`,
    ),
    's-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken',
  ],
  [
    usualRow(
      String.raw`ADDRESS \d{1,5} ADDRESS \d{1,5} \S{1,20} \S{1,16} \S{1,4000} (?:\d{3}|-) (?:\d{1,10}|-) [A-Z]\w{2,60} \S{1,200}`,
    ),
    'c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename',
  ],
  [
    usualRow(
      String.raw`ADDRESS \d{1,5} ADDRESS \d{1,5} \S{1,20} \S{1,16} \S{1,4000} (?:\d{1,10}|-) (?:\d{3}|-) (?:\d{1,10}|-) [A-Z]\w{2,60} \S{1,200}`,
    ),
    'c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename',
  ],
];

/** A whole row, behind its time. */
function usualRow(behind: string): RegExp {
  return new RegExp(
    String.raw`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ${behind.replaceAll('ADDRESS', String.raw`[\da-fA-F.:%]{3,60}`)}$`,
  );
}

/** The columns of a row without head, by what stands in them; null where they are others. */
function usualColumns(text: string): Columns | null {
  const names = USUAL.find(([row]) => row.test(text))?.[1];
  return names === undefined ? null : new Columns(`date time ${names}`.split(' '));
}

/** WinHTTP's errors, which Application Request Routing puts into `sc-win32-status` (ERROR_WINHTTP_…). */
const WINHTTP: Readonly<Record<number, SignalId>> = {
  12002: 'proxy.backend-timeout',
  12007: 'proxy.backend-dns',
  12017: 'proxy.client-abort',
  12029: 'proxy.backend-refused',
  12030: 'proxy.backend-closed',
  12152: 'proxy.backend-invalid',
  12157: 'proxy.backend-tls',
  12175: 'proxy.backend-tls',
  12169: 'proxy.backend-cert',
  12037: 'proxy.backend-cert',
  12038: 'proxy.backend-cert',
  12045: 'proxy.backend-cert',
};
/** The same as an HRESULT: 0x80070000 and the number. */
const HRESULT = 0x8007_0000;

/** What an error of WinHTTP means, by its number or as an HRESULT; undefined where it is another’s. */
export function winHttpSignal(code: number): SignalId | undefined {
  return WINHTTP[code > HRESULT ? code - HRESULT : code];
}

/** Why HTTP.sys answered itself or hung up (its log `httperr`), where the worker process behind it is at fault. */
const REASONS: Readonly<Record<string, SignalId>> = {
  AppOffline: 'proxy.no-backend',
  AppShutdown: 'proxy.no-backend',
  Disabled: 'proxy.no-backend',
  AppPoolTimer: 'proxy.queue-timeout',
  QueueFull: 'proxy.queue-timeout',
  ConnLimit: 'proxy.queue-timeout',
  Connection_Abandoned_By_ReqQueue: 'proxy.backend-closed',
  Connection_Abandoned_By_AppPool: 'proxy.backend-closed',
  Connection_Dropped: 'proxy.client-abort',
  BadRequest: 'proxy.bad-request',
};

/** What a row of `httperr` may hold in place of a status: HTTP.sys hung up. */
const NO_STATUS = '-';

/** The columns that a head names; the last of those with one name counts. */
class Columns {
  readonly count: number;
  private readonly places: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.count = names.length;
    this.places = new Map(names.map((name, place) => [name, place]));
  }

  placeOf(name: string): number | undefined {
    return this.places.get(name);
  }
}

/** A row, asked by the names of its columns. */
class Row {
  private readonly columns: Columns;
  private readonly values: readonly string[];

  constructor(columns: Columns, values: readonly string[]) {
    this.columns = columns;
    this.values = values;
  }

  /** Undefined where there is no such column. */
  get(name: string): string | undefined {
    const place = this.columns.placeOf(name);
    return place === undefined ? undefined : this.values[place];
  }
}

function told(status: number, row: Row): RowSignal {
  const reason = row.get('s-reason');
  if (reason !== undefined) {
    const known = REASONS[reason];
    const isClient = known === 'proxy.client-abort' || known === 'proxy.bad-request';
    if (known !== undefined) return { signal: known, received: isClient ? undefined : 0 };
    return { signal: status >= 500 ? 'access.5xx' : undefined, received: undefined };
  }
  const sub = row.get('sc-substatus') ?? '';
  const error = winHttpSignal(Number(row.get('sc-win32-status') ?? 0));
  if ((status === 502 || status === 504) && error !== undefined) return { signal: error, received: 0 };
  // 502.5: the module that starts the application could not.
  if (status === 502)
    return { signal: sub === '0' ? 'access.5xx' : 'access.no-answer-502', received: sub === '0' ? undefined : 0 };
  if (status === 503) return { signal: 'access.own-503', received: undefined };
  if (status >= 500) return { signal: 'access.5xx', received: undefined };
  return { signal: status === 403 || status === 429 ? 'access.refused-403' : undefined, received: undefined };
}

/** The rows are in UTC, in the order in which answers ended. */
class IisParser implements LineParser {
  private readonly emit: Emit;
  private columns: Columns | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.text.startsWith('#')) return this.head(line.text);
    const text = line.text.slice(0, LONGEST).trimEnd();
    const columns = this.columns ?? usualColumns(text);
    const values = text.split(' ');
    if (columns === null || values.length !== columns.count) return false;
    const row = new Row(columns, values);
    const stamp = parseIso(`${row.get('date')}T${row.get('time')}Z`);
    if (stamp?.kind !== 'utc') return false;
    this.emit(rowRecord(row, { kind: 'utc', ms: stamp.ms }, line));
    return true;
  }

  end(): void {}

  private head(text: string): Taken {
    if (!HEAD.test(text)) return false;
    if (text.startsWith(FIELDS)) this.columns = new Columns(text.slice(FIELDS.length, LONGEST).trim().split(' '));
    return true;
  }
}

function rowRecord(row: Row, stamp: Stamp, line: Line): RequestRecord | ClueRecord {
  const written = row.get('sc-status') ?? NO_STATUS;
  const status = /^\d{3}$/.test(written) ? Number(written) : 0;
  const outcome = told(status, row);
  const uri = row.get('cs-uri-stem') ?? row.get('cs-uri');
  if (status === 0) {
    const client = row.get('c-ip');
    return {
      kind: 'clue',
      hop: 'proxy',
      // Time-outs of idle connections are daily life.
      signal: outcome.signal ?? 'proxy.other',
      ...entryFields(line, stamp),
      ...(client === undefined || client === '-' ? {} : { client }),
      ...(uri?.startsWith('/') ? { path: uri.slice(0, uri.search(/[?]|$/)) } : {}),
      values: { program: 'IIS' },
    };
  }
  const ms = Number(row.get('time-taken') ?? Number.NaN);
  const fields: AccessFields = {
    status: written,
    method: row.get('cs-method'),
    uri,
    host: row.get('cs-host'),
    remoteAddr: row.get('c-ip'),
    visitorAddr: row.get('CF-Connecting-IP'),
    forwardedFor: row.get('X-Forwarded-For')?.replaceAll('+', ' '),
    ray: row.get('CF-RAY') ?? row.get('cf-ray'),
    userAgent: row.get('cs(User-Agent)'),
    bytes: row.get('sc-bytes'),
    requestTimeMs: Number.isFinite(ms) ? String(Math.round(ms)) : undefined,
  };
  return toldRecord(fields, stamp, line, outcome);
}

const HEAD_LINES = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2026-11-20 08:00:00',
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken',
];
const rowWith = (answer: string): string =>
  [...HEAD_LINES, `2026-11-20 08:14:38 10.0.0.4 GET /cart id=1 443 - 172.70.1.2 curl/8.5.0 - ${answer}`].join('\n');

const examples = (): readonly Example[] => [
  {
    shows: 'a backend that Application Request Routing could not connect to (WinHTTP 12029)',
    input: rowWith('502 3 12029 2031'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        status: 502,
        originStatus: 0,
        path: '/cart',
        method: 'GET',
        client: '172.70.1.2',
        durationMs: 2031,
      },
    ],
  },
  {
    shows: 'a backend that did not answer in time (12002, as an HRESULT)',
    input: rowWith('502 3 2147954402 120015'),
    records: [{ signal: 'proxy.backend-timeout', status: 502, originStatus: 0 }],
  },
  {
    shows: 'an application that could not be started: 502.5',
    input: rowWith('502 5 0 15'),
    records: [{ signal: 'access.no-answer-502', status: 502, originStatus: 0 }],
  },
  {
    shows: 'an error of the application',
    input: rowWith('500 0 0 31'),
    records: [{ signal: 'access.5xx', status: 500 }],
  },
  {
    shows: 'HTTP.sys: the application pool is stopped',
    input: [
      '#Software: Microsoft HTTP API 2.0',
      '#Version: 1.0',
      '#Date: 2026-11-20 08:00:00',
      '#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename',
      '2026-11-20 08:14:38 172.70.1.2 52044 10.0.0.4 443 HTTP/1.1 GET /cart?id=1 503 1 AppOffline DefaultAppPool',
    ].join('\n'),
    records: [{ signal: 'proxy.no-backend', status: 503, originStatus: 0, path: '/cart' }],
  },
  {
    shows: 'rows that were copied without their head',
    input: [
      '2026-11-20 08:14:38 10.0.0.4 GET /cart - 80 - 172.70.1.2 Mozilla/5.0+(Windows+NT+10.0) 502 3 12002 30015 ',
      '2026-11-20 08:14:39 172.70.1.2 52044 10.0.0.4 443 HTTP/2 GET /cart 5 503 1 QueueFull DefaultAppPool',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-timeout', status: 502, path: '/cart', client: '172.70.1.2', durationMs: 30_015 },
      { signal: 'proxy.queue-timeout', status: 503 },
    ],
  },
  {
    shows: 'HTTP.sys: a worker process ended over a request, without an answer',
    input: [
      '#Software: Microsoft HTTP API 2.0',
      '#Version: 1.0',
      '#Date: 2026-11-20 08:00:00',
      '#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename',
      '2026-11-20 08:14:38 172.70.1.2 52044 10.0.0.4 443 HTTP/1.1 GET /cart - 1 Connection_Abandoned_By_ReqQueue DefaultAppPool',
    ].join('\n'),
    records: [{ kind: 'clue', signal: 'proxy.backend-closed', path: '/cart' }],
  },
];

/** Microsoft IIS: the W3C extended log of a site, and the log of HTTP.sys. */
export const iis: LineFormat = {
  id: 'iis',
  title: 'Microsoft IIS log (W3C extended, HTTPERR)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_exYYMMDD.log',
    'C:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr1.log',
  ],
  limits: [
    'A piece without its `#Fields:` line is read only where its columns are those of a fresh installation.',
    'Who made a 500 or 503 is not told; why a 502 was made only with sc-substatus and sc-win32-status.',
    'The Ray ID is there only where a custom field asks for CF-RAY.',
  ],
  examples,
  fieldsIn: ({ text }) => (text.startsWith(FIELDS) ? text.slice(FIELDS.length, LONGEST).trim().split(' ') : []),
  score: ({ text }) =>
    HEAD.test(text.slice(0, 200)) ? 0.95 : usualColumns(text.slice(0, LONGEST).trimEnd()) === null ? 0 : 0.9,
  open: (emit) => new IisParser(emit),
};
