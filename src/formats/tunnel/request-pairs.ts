import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';

/** One line of a failed request, waiting for the other. */
export interface RequestHalf {
  readonly side: 'origin' | 'transport';
  /** The error without the carriers' words: the same on both lines of a request. */
  readonly error: string;
  readonly line: number;
  readonly stamp: Stamp;
  readonly outerStamp?: Stamp | undefined;
  readonly server?: string | undefined;
  /** Index of the connection to Cloudflare. */
  readonly connection?: string | undefined;
  /** Whether the line names the request (`dest`). */
  readonly namesHost: boolean;
  /** What counting needs of a line that was read from its bytes; null where its record is made already. */
  readonly counted: { readonly signal: SignalId; readonly level: string | undefined; readonly hash: number } | null;
  /** Errors like its own, where that is known already. */
  readonly like?: AlikeErrors | undefined;
  /** The record of this line alone. */
  record(): ClueRecord | undefined;
}

/** Errors that are the same but for their digits. */
export interface AlikeErrors {
  /** Of how many of them lines wait. */
  waiting: number;
}

/** Takes a request whose lines are all there: the line to be quoted, and the other one where it came. */
export type OnRequest = (quoted: RequestHalf, other: RequestHalf | null) => void;

/** Both lines of a request are written within the same second or across its end. */
const WINDOW_MS = 1000;
/** How many waiting lines with the same error are looked through, and how many may wait in all. */
const LOOK_THROUGH = 64;
const MOST_WAITING = 4096;

/** Lines with one error that wait, one at least: of one side at a time, as far as they do not belong to different connections. */
interface Waiting {
  readonly error: string;
  readonly like: AlikeErrors | null;
  readonly origin: RequestHalf[];
  readonly transport: RequestHalf[];
}

/**
 * Makes one request of the two lines that cloudflared prints per failed request (reference: section 1, fact 1). n origin
 * lines and n transport lines with the same error give n requests, whatever their order within the second.
 */
export class RequestPairs {
  private readonly waiting = new Map<string, Waiting>();
  /** How many lines wait. */
  count = 0;
  private settledMs = Number.NaN;
  private readonly onRequest: OnRequest;

  /** The errors like this one, whose lines are counted as they wait; null where nobody asks for that. */
  alike: (error: string) => AlikeErrors | null = () => null;
  /** Told when lines with such errors begin to wait, and when none does any more. */
  onWaiting: (like: AlikeErrors) => void = () => {};

  constructor(onRequest: OnRequest) {
    this.onRequest = onRequest;
  }

  /** How many more may wait without the others being let go. */
  get room(): number {
    return MOST_WAITING - this.count;
  }

  /** Takes a line; hands over a request when its partner is there. */
  add(half: RequestHalf): void {
    let waiting = this.waiting.get(half.error);
    const partners = half.side === 'origin' ? waiting?.transport : waiting?.origin;
    const index = partners === undefined ? -1 : partnerOf(half, partners);
    const partner = partners?.[index];
    if (partners && partner) {
      partners.splice(index, 1);
      this.count--;
      if (waiting !== undefined && isEmpty(waiting)) this.forget(waiting);
      const [origin, transport] = half.side === 'origin' ? [half, partner] : [partner, half];
      // The line that names the request is quoted; the origin line adds the service.
      if (transport.namesHost) this.onRequest(transport, origin);
      else this.onRequest(origin, transport);
      return;
    }
    if (waiting === undefined) {
      const { error, like = this.alike(error) } = half;
      // A list that begins empty takes room for many, and most have one.
      waiting =
        half.side === 'origin'
          ? { error, like, origin: [half], transport: [] }
          : { error, like, origin: [], transport: [half] };
      this.waiting.set(error, waiting);
      if (like !== null && like.waiting++ === 0) this.onWaiting(like);
    } else waiting[half.side].push(half);
    this.count++;
    if (this.count > MOST_WAITING) this.flush();
  }

  /** Hands over all that waits for a line that can no longer come: `nowMs` is the stamp of the line read now. */
  settle(nowMs: number): void {
    if (this.count === 0 || nowMs === this.settledMs) return;
    this.settledMs = nowMs;
    // An iterator would make an object for each.
    this.waiting.forEach((waiting) => {
      this.settleSide(waiting.origin, nowMs);
      this.settleSide(waiting.transport, nowMs);
      if (isEmpty(waiting)) this.forget(waiting);
    });
  }

  /** No more lines: hands over what still waits. */
  flush(): void {
    const rest = [...this.waiting.values()]
      .flatMap(({ origin, transport }) => [...origin, ...transport])
      .sort((a, b) => a.line - b.line);
    for (const waiting of this.waiting.values()) this.forget(waiting);
    this.count = 0;
    for (const half of rest) this.onRequest(half, null);
  }

  private forget({ error, like }: Waiting): void {
    this.waiting.delete(error);
    if (like !== null && --like.waiting === 0) this.onWaiting(like);
  }

  private settleSide(halves: RequestHalf[], nowMs: number): void {
    if (halves.length === 0) return;
    let still = 0;
    for (const half of halves) {
      if (isNear(half.stamp, nowMs)) halves[still++] = half;
      else this.onRequest(half, null);
    }
    if (still === halves.length) return;
    this.count -= halves.length - still;
    halves.length = still;
  }
}

function isNear(stamp: Stamp, ms: number): boolean {
  return stamp.kind !== 'none' && Math.abs(stamp.ms - ms) <= WINDOW_MS;
}

function isEmpty({ origin, transport }: Waiting): boolean {
  return origin.length === 0 && transport.length === 0;
}

/** Index of the first waiting line that can belong to the same request, or -1. */
function partnerOf(half: RequestHalf, partners: readonly RequestHalf[]): number {
  const last = Math.min(partners.length, LOOK_THROUGH);
  for (let i = 0; i < last; i++) {
    const partner = partners[i];
    if (partner && belongTogether(partner, half)) return i;
  }
  return -1;
}

function belongTogether(a: RequestHalf, b: RequestHalf): boolean {
  if (a.connection !== undefined && b.connection !== undefined && a.connection !== b.connection) return false;
  if (a.stamp.kind === 'none' || b.stamp.kind === 'none') return a.stamp.kind === b.stamp.kind;
  return Math.abs(a.stamp.ms - b.stamp.ms) <= WINDOW_MS;
}

/** The record of a request: that of the quoted line, completed by the other. */
export function requestRecord(quoted: RequestHalf, other: RequestHalf | null): ClueRecord | undefined {
  const own = quoted.record();
  const rest = other?.record();
  if (own === undefined || rest === undefined) return own ?? rest;
  // `{ ...rest }` would have a hidden class of its own, which is slow to read (see `clueOf` of nginx).
  return Object.assign({}, rest, own, { values: Object.assign({}, rest.values, own.values) });
}
