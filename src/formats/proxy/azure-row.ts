import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Line } from '../format.ts';
import { remembered } from '../remembered.ts';
import { parseIso } from '../stamps.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, toldRecord } from './access-row.ts';

type Members = Readonly<Record<string, unknown>>;

/** The categories and tables that the rows belong to, as they stand in each of them. */
export const AZURE_ROW = /"(?:ApplicationGatewayAccess(?:Log)?|Front[Dd]oorAccessLog|AzureCdnAccessLog|AGWAccessLogs)"/;

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const MOST_NAMES = 200;

/** Names without case and separators; a query over AzureDiagnostics writes the type behind them (`httpStatus_d`). */
const fold = remembered(
  (name) =>
    name
      .replace(/_[sdbtg]$/, '')
      .replaceAll('_', '')
      .toLowerCase(),
  MOST_NAMES,
);

/** Reads a column by any of its names; undefined where the row has none of them, or nothing in it. */
type Column = (...names: readonly string[]) => string | undefined;

function columnsOf(row: Members): Column {
  const folded = new Map<string, string>();
  for (const members of [row, membersOf(row.properties)])
    for (const [name, value] of Object.entries(members))
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        folded.set(fold(name), String(value));
  return (...names) => {
    for (const name of names) {
      const value = folded.get(name);
      if (value !== undefined && value !== '' && value !== '-' && !/^n\/a$/i.test(value)) return value;
    }
    return undefined;
  };
}

/** `error_info` of the Application Gateway (Microsoft: "Azure Application Gateway monitoring data reference", error codes). */
const GATEWAY_ERRORS: Readonly<Record<string, SignalId>> = {
  ERRORINFO_UPSTREAM_NO_LIVE: 'proxy.no-backend',
  ERRORINFO_UPSTREAM_CLOSED_CONNECTION: 'proxy.backend-closed',
  ERRORINFO_UPSTREAM_TIMED_OUT: 'proxy.backend-timeout',
  ERRORINFO_CLIENT_CLOSED_REQUEST: 'access.client-abort',
  ERRORINFO_CLIENT_TIMED_OUT: 'access.client-abort',
};
const NO_ERROR = 'ERRORINFO_NO_ERROR';

/** `errorInfo` of Front Door (Microsoft: "Monitor metrics and logs in Azure Front Door", access log). */
const FRONT_DOOR_ERRORS: Readonly<Record<string, SignalId>> = {
  DNSFailure: 'proxy.backend-dns',
  DNSTimeout: 'proxy.backend-dns',
  DNSNameNotResolved: 'proxy.backend-dns',
  OriginConnectionAborted: 'proxy.backend-reset',
  OriginConnectionError: 'access.no-answer-502',
  OriginConnectionRefused: 'proxy.backend-refused',
  OriginError: 'access.5xx',
  OriginInvalidResponse: 'proxy.backend-invalid',
  ResponseHeaderTooBig: 'proxy.header-too-big',
  OriginTimeout: 'proxy.backend-timeout',
  CertificateError: 'proxy.backend-cert',
  CertificateNameCheckFailed: 'proxy.backend-cert',
  SSLInvalidRootCA: 'proxy.backend-cert',
  SSLHandshakeError: 'proxy.backend-tls',
  SSLInvalidCipher: 'proxy.backend-tls',
  SSLMismatchedSNI: 'proxy.backend-tls',
  ClientDisconnected: 'access.client-abort',
  ClientGeoBlocked: 'access.refused-403',
  RestrictedIP: 'access.refused-403',
};

/** A failure by the name that the row has for it; only a backend's counts as no answer of it. */
const known = (signal: SignalId): RowSignal => ({
  signal,
  received: signal.startsWith('proxy.') || signal === 'access.no-answer-502' ? 0 : undefined,
});

const refused = (status: number): SignalId | undefined =>
  status === 403 || status === 429 ? 'access.refused-403' : undefined;

interface Outcome {
  readonly status: number;
  /** Undefined where the backend gave none, or the row does not tell. */
  readonly backendStatus: number | undefined;
  readonly error: string | undefined;
  readonly backend: string | undefined;
}

function gatewayTold({ status, backendStatus, error, backend }: Outcome): RowSignal {
  const signal = GATEWAY_ERRORS[error ?? ''];
  if (signal !== undefined) return known(signal);
  if (status === 499) return known('access.client-abort');
  if (status < 500) return { signal: refused(status), received: backendStatus };
  // Where it gave up on a backend itself it writes 502 and 504 for the backend's status, too.
  const isOwnNumber = status === 502 || status === 504;
  if (backendStatus === status && (error === NO_ERROR || !isOwnNumber))
    return { signal: 'access.answered-5xx', received: status };
  if (backendStatus === undefined && isOwnNumber)
    return known(
      backend === undefined ? 'proxy.no-backend' : status === 504 ? 'proxy.backend-timeout' : 'access.no-answer-502',
    );
  return { signal: 'access.5xx', received: undefined };
}

function frontDoorTold({ status, error }: Outcome): RowSignal {
  const signal = FRONT_DOOR_ERRORS[error ?? ''];
  if (signal !== undefined) return known(signal);
  if (status >= 500)
    return error === 'NoError'
      ? { signal: 'access.answered-5xx', received: status }
      : { signal: 'access.5xx', received: undefined };
  return { signal: refused(status), received: undefined };
}

const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) : undefined;

const seconds = (text: string | undefined, unit = 1): string | undefined => {
  const value = number(text);
  return value === undefined ? undefined : (value * unit).toFixed(3);
};

const ADDRESS = /^[a-z]{2,5}:\/\/([^/:]{1,253})(?::\d{1,5})?(\/.*)?$/;

/** The record of a row of Azure's Application Gateway, Front Door or CDN; null where the object is none. */
export function azureRecord(row: Members, line: Line): RequestRecord | null {
  const column = columnsOf(row);
  const stamp = parseIso(column('timestamp', 'time', 'timegenerated') ?? '');
  const gatewayStatus = number(column('httpstatus'));
  const status = gatewayStatus ?? number(column('httpstatuscode'));
  if (stamp?.kind !== 'utc' || status === undefined || status > 599) return null;
  const isGateway = gatewayStatus !== undefined;
  const address = ADDRESS.exec(column('requesturi') ?? '');
  // Version 1 has what the backend did in a query, and milliseconds.
  const query = column('requestquery') ?? '';
  const isFirst = isGateway && column('serverrouted', 'serverstatus', 'wafmode', 'listenername') === undefined;
  const backend = isGateway
    ? (column('serverrouted') ?? /(?:^|&)SERVER-ROUTED=([^&]{1,200})/.exec(query)?.[1])
    : column('originip', 'originname', 'backendhostname');
  const fields: AccessFields = {
    status: String(status),
    method: column('httpmethod'),
    uri: address === null ? column('originalrequesturiwithargs', 'requesturi') : (address[2] ?? '/'),
    host: column('originalhost', 'hostname', 'host') ?? address?.[1],
    remoteAddr: column('clientip'),
    upstreamAddr: backend,
    requestTime: seconds(column('timetaken'), isFirst ? 1e-3 : 1),
    upstreamResponseTime: seconds(column('serverresponselatency')),
    bytes: column('sentbytes', 'responsebytes'),
    userAgent: column('useragent'),
  };
  const outcome: Outcome = {
    status,
    backendStatus: number(column('serverstatus') ?? /(?:^|&)SERVER-STATUS=(\d{3})/.exec(query)?.[1]),
    error: column('errorinfo'),
    backend,
  };
  const record = toldRecord(fields, stamp, line, isGateway ? gatewayTold(outcome) : frontDoorTold(outcome));
  // The answer of a cache in front of the origin to one at the edge: the same request has a row of its own.
  return column('isreceivedfromclient') === 'false' ? { ...record, visitor: false } : record;
}
