import type { HeldRequest } from '../formats/format.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import type { Kept, KeptRows } from './digest.ts';
import { isSampled, type KeepRule, limitRows } from './sampling.ts';
import type { RowIdentity } from './seen-requests.ts';
import { UnreadKept } from './unread.ts';

/** The rows of one kind that are kept of one stream while it is read: all of some thousands, of more a thinner and thinner sample. */
export class KeptRequests implements KeptRows {
  /** A row is wanted where this divides its hash. */
  weight: number;
  rows: Kept<RequestRecord>[] = [];
  private readonly source: number;
  private readonly rule: KeepRule;

  /** `weight`: each kept row stands for this many from the beginning. */
  constructor(source: number, rule: KeepRule, weight = 1) {
    this.source = source;
    this.rule = rule;
    this.weight = weight;
  }

  /** Whether a row with this hash is to be kept. */
  wants(hash: number): boolean {
    return isSampled(hash, this.weight);
  }

  /** Keeps a wanted row, as long as it is among those to be kept. */
  keep(segment: number, hash: number, record: RequestRecord): void {
    this.add({ record, source: this.source, segment, hash });
  }

  /** The same of a row that is read later; `identity` as in `UnreadKept`. */
  hold(segment: number, hash: number, held: HeldRequest, identity: RowIdentity | null): void {
    this.add(new UnreadKept(held, { source: this.source, segment, hash }, { identity }));
  }

  private add(kept: Kept<RequestRecord>): void {
    this.rows.push(kept);
    limitRows(this, this.rule);
  }
}
