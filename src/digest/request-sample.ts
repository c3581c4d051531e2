import type { RequestRecord } from '../vocabulary/records.ts';
import type { Kept, StreamDigest } from './digest.ts';
import { isBeyondSampleCap, isInSample, nextSampleWeight } from './sampling.ts';

/** A record, or how to read it once it is sure to be kept. */
export type RequestSource = RequestRecord | (() => RequestRecord);

interface Held {
  readonly segment: number;
  readonly hash: number;
  readonly request: RequestSource;
}

/** The ordinary rows that are kept of one stream while it is read: all up to the cap, beyond it a sample that grows no further. */
export class RequestSample {
  private held: Held[] = [];
  private readonly stream: Pick<StreamDigest, 'sampleWeight'>;
  private readonly source: number;

  /** Keeps the weight of the sample in the stream. */
  constructor(stream: Pick<StreamDigest, 'sampleWeight'>, source: number) {
    this.stream = stream;
    this.source = source;
  }

  /** Whether a row with this hash is to be kept. */
  wants(hash: number): boolean {
    return isInSample(hash, this.stream.sampleWeight);
  }

  /** Keeps a wanted row, as long as it is among those to be kept. */
  keep(segment: number, hash: number, request: RequestSource): void {
    this.held.push({ segment, hash, request });
    while (isBeyondSampleCap(this.held.length)) {
      this.stream.sampleWeight = nextSampleWeight(this.stream.sampleWeight);
      // Read now, so that what the others are to be read from can be given back.
      this.held = this.held
        .filter((held) => this.wants(held.hash))
        .map((held) => ({ ...held, request: recordOf(held.request) }));
    }
  }

  /** The rows, read. */
  close(): Kept<RequestRecord>[] {
    return this.held.map(({ segment, hash, request }) => ({
      record: recordOf(request),
      source: this.source,
      segment,
      hash,
    }));
  }
}

function recordOf(request: RequestSource): RequestRecord {
  return typeof request === 'function' ? request() : request;
}
