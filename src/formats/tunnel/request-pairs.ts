import type { ClueRecord } from '../../vocabulary/records.ts';

/** One line of a failed request, waiting for the other. */
export interface RequestHalf {
  readonly side: 'origin' | 'transport';
  /** The error without the carriers' words: the same on both lines of a request. */
  readonly error: string;
  readonly record: ClueRecord;
}

/** Both lines of a request are written within the same second or across its end. */
const WINDOW_MS = 1000;
/** How many waiting lines with the same error are looked through, and how many may wait in all. */
const LOOK_THROUGH = 64;
const MOST_WAITING = 4096;

/**
 * Makes one record of the two lines that cloudflared prints per failed request (reference: section 1, fact 1). n origin
 * lines and n transport lines with the same error give n records, whatever their order within the second.
 */
export class RequestPairs {
  private readonly waiting = new Map<string, RequestHalf[]>();
  private count = 0;
  private settledMs = Number.NaN;
  private readonly emit: (record: ClueRecord) => void;

  constructor(emit: (record: ClueRecord) => void) {
    this.emit = emit;
  }

  /** Takes a line; hands over a record when its partner is there. */
  add(half: RequestHalf): void {
    const other = half.side === 'origin' ? 'transport' : 'origin';
    const partners = this.waiting.get(`${other} ${half.error}`);
    const index = partners
      ? partners.slice(0, LOOK_THROUGH).findIndex((p) => belongTogether(p.record, half.record))
      : -1;
    const partner = partners?.[index];
    if (partners && partner) {
      partners.splice(index, 1);
      if (partners.length === 0) this.waiting.delete(`${other} ${half.error}`);
      this.count--;
      this.emit(half.side === 'origin' ? merge(half.record, partner.record) : merge(partner.record, half.record));
      return;
    }
    const key = `${half.side} ${half.error}`;
    const queue = this.waiting.get(key);
    if (queue) queue.push(half);
    else this.waiting.set(key, [half]);
    this.count++;
    if (this.count > MOST_WAITING) this.flush();
  }

  /** Hands over all that waits for a line that can no longer come: `nowMs` is the stamp of the line read now. */
  settle(nowMs: number): void {
    if (this.count === 0 || nowMs === this.settledMs) return;
    this.settledMs = nowMs;
    for (const [key, halves] of this.waiting) {
      const still: RequestHalf[] = [];
      for (const half of halves) {
        const { stamp } = half.record;
        if (stamp.kind !== 'none' && Math.abs(stamp.ms - nowMs) <= WINDOW_MS) still.push(half);
        else this.emit(half.record);
      }
      if (still.length === halves.length) continue;
      this.count -= halves.length - still.length;
      if (still.length === 0) this.waiting.delete(key);
      else this.waiting.set(key, still);
    }
  }

  /** No more lines: hands over what still waits. */
  flush(): void {
    const rest = [...this.waiting.values()].flat().sort((a, b) => a.record.line - b.record.line);
    this.waiting.clear();
    this.count = 0;
    for (const half of rest) this.emit(half.record);
  }
}

function belongTogether(a: ClueRecord, b: ClueRecord): boolean {
  if (a.connection !== undefined && b.connection !== undefined && a.connection !== b.connection) return false;
  if (a.stamp.kind === 'none' || b.stamp.kind === 'none') return a.stamp.kind === b.stamp.kind;
  return Math.abs(a.stamp.ms - b.stamp.ms) <= WINDOW_MS;
}

/** The line that names the request (`dest`) is quoted; the origin line adds the service. */
function merge(origin: ClueRecord, transport: ClueRecord): ClueRecord {
  const quoted = transport.host === undefined ? origin : transport;
  const rest = quoted === origin ? transport : origin;
  return {
    ...rest,
    ...quoted,
    values: { ...rest.values, ...quoted.values },
  };
}
