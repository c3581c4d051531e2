import type { ToldSignal } from '../../scan/access-counter.ts';
import {
  ADDRESS_GROUP,
  ADDRESS_NONE,
  ADDRESS_PEER,
  ADDRESS_UNKNOWN,
  ADDRESSES,
  CODE_SIGNALS,
  CONNECT_CAME,
  CONNECT_NONE,
  CONNECT_UNKNOWN,
  FIRST_TOLD,
  HEADER_CAME,
  HEADER_NONE,
  HEADERS,
  KIND_ORDINARY,
  KIND_REFUSED,
  KIND_TOLD,
  REQUEST_TLS,
  REQUEST_UNKNOWN,
  REQUESTS,
  TOOK_SHORT,
  TOOK_UNKNOWN,
  TOOKS,
  UPSTREAM_LOW,
  UPSTREAM_NONE,
  UPSTREAM_OTHER,
  UPSTREAM_SAME,
} from '../../scan/access-numbers.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { outcomeSignal } from './access-row.ts';
import { type AccessOutcome, accessSignal, EDGE_WAITS_MS } from './access-signal.ts';

const STATUSES = 1000;
const LAST_FAILURE = 599;

/** By status: how a row with it is counted. Ordinary ones have no signal and are no failure, whatever their other fields say. */
export const STATUS_KINDS = new Uint8Array(STATUSES).fill(KIND_ORDINARY);
for (let status = FIRST_TOLD; status <= LAST_FAILURE; status++) {
  const failure = failureKind(status);
  if (failure === 'blocked') STATUS_KINDS[status] = KIND_REFUSED;
  // Of a 400 the request line tells whether it was TLS.
  else if (failure !== null || status === 400 || accessSignal({ status }) !== undefined)
    STATUS_KINDS[status] = KIND_TOLD;
}
/** What a row says that was refused. */
export const REFUSED = accessSignal({ status: 403 });

/**
 * What a row tells whose status does not tell all, by what the counter of access rows knows of it: its outcome (`OUTCOMES`). Found
 * by asking the rules themselves; where they want to know more, the counter leaves the row to its reader.
 */

/** Signals that were told, by their number; 0 stands for none. */
const signals: (SignalId | undefined)[] = [undefined];

/** The signal with this number (`toldOutcome`). */
export function toldSignal(number: number): SignalId | undefined {
  return signals[number];
}

/** What rows with this status and outcome tell. */
export function toldOutcome(status: number, number: number): ToldSignal {
  let asksMore = false;
  const unknown = (): undefined => {
    asksMore = true;
  };
  let left = number;
  const digit = (base: number): number => {
    const value = left % base;
    left = Math.floor(left / base);
    return value;
  };
  const request = digit(REQUESTS);
  const took = digit(TOOKS);
  const address = digit(ADDRESSES);
  const header = digit(HEADERS);
  const outcome: AccessOutcome = {
    status,
    headerTime: HEADER_TIMES[header],
    upstreamStatus: left === UPSTREAM_SAME ? String(status) : UPSTREAM_STATUSES[left],
    get request() {
      return request === REQUEST_UNKNOWN ? unknown() : request === REQUEST_TLS ? TLS : '';
    },
    get requestTimeMs() {
      // The longest of them: it is nearest to those that are something else.
      return took === TOOK_UNKNOWN ? unknown() : took === TOOK_SHORT ? EDGE_WAITS_MS - 1 : undefined;
    },
    get upstreamAddr() {
      return address === ADDRESS_UNKNOWN ? unknown() : UPSTREAM_ADDRESSES[address];
    },
    get connectTime() {
      return header === CONNECT_UNKNOWN ? unknown() : CONNECT_TIMES[header];
    },
    get responseTimeMs() {
      return unknown();
    },
  };
  const { signal, received } = outcomeSignal(outcome);
  // A failure is counted as one by its signal.
  if (asksMore || (signal === undefined && failureKind(status) !== null)) return null;
  const known = numberOf(signal);
  return known < 0 ? null : { signal: known, reached: (received ?? 0) > 0 };
}

function numberOf(signal: SignalId | undefined): number {
  const known = signals.indexOf(signal);
  if (known >= 0) return known;
  return signals.length < CODE_SIGNALS ? signals.push(signal) - 1 : -1;
}

// Values of each kind, as they are written; those that are not logged are missing.
const UPSTREAM_STATUSES: Readonly<Record<number, string>> = {
  [UPSTREAM_NONE]: '-',
  [UPSTREAM_OTHER]: '200',
  [UPSTREAM_LOW]: '099',
};
const HEADER_TIMES: Readonly<Record<number, string>> = { [HEADER_NONE]: '-', [HEADER_CAME]: '0.100' };
const CONNECT_TIMES: Readonly<Record<number, string>> = { [CONNECT_NONE]: '-', [CONNECT_CAME]: '0.001' };
const UPSTREAM_ADDRESSES: Readonly<Record<number, string>> = {
  [ADDRESS_NONE]: '-',
  [ADDRESS_PEER]: '192.0.2.1:80',
  [ADDRESS_GROUP]: 'backend',
};
const TLS = '\\x16\\x03';
