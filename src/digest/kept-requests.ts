import type { HeldRequest } from '../formats/format.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import type { KeptRows } from './digest.ts';
import { isSampled, type KeepRule, weightFor } from './sampling.ts';

/** A record, or what it is read from once it is sure to be kept. */
export type RequestSource = RequestRecord | HeldRequest;

interface Held {
  readonly segment: number;
  readonly hash: number;
  readonly request: RequestSource;
}

/** The rows of one kind that are kept of one stream while it is read: all of some thousands, of more a thinner and thinner sample. */
export class KeptRequests {
  /** A row is wanted where this divides its hash. */
  weight: number;
  private held: Held[] = [];
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
  keep(segment: number, hash: number, request: RequestSource): void {
    this.held.push({ segment, hash, request });
    const { rule, weight } = this;
    if (this.held.length > (weight === 1 ? rule.whole : rule.sampled)) {
      this.weight = weightFor(rule, weight, (larger) => this.held.filter(({ hash }) => isSampled(hash, larger)).length);
      for (const { hash, request } of this.held) if (!this.wants(hash) && 'drop' in request) request.drop?.();
      this.held = this.held
        .filter(({ hash }) => this.wants(hash))
        .map(({ segment, hash, request }) => ({
          segment,
          hash,
          request: 'moved' in request ? request.moved() : request,
        }));
    }
  }

  /** The rows, read. What they are read from is given back one by one. */
  close(): KeptRows {
    const { held, source, weight } = this;
    this.held = [];
    const rows = held.map(({ segment, hash, request }, index) => {
      delete held[index];
      return { record: recordOf(request), source, segment, hash };
    });
    return { rows, weight };
  }
}

function recordOf(request: RequestSource): RequestRecord {
  return 'read' in request ? request.read() : request;
}
