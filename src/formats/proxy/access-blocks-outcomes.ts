import type { ToldSignal } from '../../scan/access-counter.ts';
import {
  CODE_SIGNALS,
  HEADER_ABSENT,
  HEADER_CAME,
  HEADER_NONE,
  HEADERS,
  OUTCOMES,
  UPSTREAM_ABSENT,
  UPSTREAM_LOW,
  UPSTREAM_NONE,
  UPSTREAM_OTHER,
  UPSTREAM_SAME,
} from '../../scan/access-numbers.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { outcomeSignal } from './access-row.ts';
import type { AccessOutcome } from './access-signal.ts';

/**
 * What a failed row tells by its status, its upstream's status and whether an answer began alone, for the counter of access
 * rows. Found by asking the rules themselves; where they want to know more, the counter leaves the row to its reader.
 */

/** Signals that were told, by their number; 0 stands for none. */
const signals: (SignalId | undefined)[] = [undefined];

/** The signal with this number (`toldOutcomes`). */
export function toldSignal(number: number): SignalId | undefined {
  return signals[number];
}

/** What rows with this status tell, by outcome (`OUTCOMES`). */
export function toldOutcomes(status: number): ToldSignal[] {
  return Array.from({ length: OUTCOMES }, (_, outcome) =>
    told(status, Math.floor(outcome / HEADERS), outcome % HEADERS),
  );
}

function told(status: number, upstream: number, header: number): ToldSignal {
  let asksMore = false;
  const unknown = (): undefined => {
    asksMore = true;
  };
  const outcome: AccessOutcome = {
    status,
    upstreamStatus: upstreamStatusOf(upstream, status),
    headerTime: headerTimeOf(header),
    get request() {
      return unknown();
    },
    get requestTimeMs() {
      return unknown();
    },
    get upstreamAddr() {
      return unknown();
    },
    get connectTime() {
      return unknown();
    },
    get responseTimeMs() {
      return unknown();
    },
  };
  const { signal, received } = outcomeSignal(outcome);
  const number = signal === undefined || asksMore ? -1 : numberOf(signal);
  return number < 0 ? null : { signal: number, reached: (received ?? 0) > 0 };
}

function numberOf(signal: SignalId): number {
  const known = signals.indexOf(signal);
  if (known >= 0) return known;
  return signals.length < CODE_SIGNALS ? signals.push(signal) - 1 : -1;
}

/** A status of that kind, as it is written. */
function upstreamStatusOf(upstream: number, status: number): string | undefined {
  const values = new Map([
    [UPSTREAM_ABSENT, undefined],
    [UPSTREAM_NONE, '-'],
    [UPSTREAM_SAME, String(status)],
    [UPSTREAM_OTHER, '200'],
    [UPSTREAM_LOW, '099'],
  ]);
  return values.get(upstream);
}

function headerTimeOf(header: number): string | undefined {
  const values = new Map([
    [HEADER_ABSENT, undefined],
    [HEADER_NONE, '-'],
    [HEADER_CAME, '0.100'],
  ]);
  return values.get(header);
}
