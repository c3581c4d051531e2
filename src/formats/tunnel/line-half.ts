import type { NotedHalf } from '../../scan/tunnel-counter.ts';
import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Wrapper } from '../format.ts';
import type { FoundRay } from './debug-requests.ts';
import type { LinePrefix } from './line-prefix.ts';
import { lineRecord } from './line-record.ts';
import type { AlikeErrors, RequestHalf } from './request-pairs.ts';

/** A line of a failed request as the counter of lines has noted it. */
export class LineHalf implements RequestHalf {
  readonly side: 'origin' | 'transport';
  readonly error: string;
  readonly line: number;
  readonly connection: string | undefined;
  readonly like: AlikeErrors | undefined;
  readonly signal: SignalId;
  readonly level: string | undefined;
  readonly hash: number;
  private readonly prefix: LinePrefix;
  private readonly wrapper: Wrapper | null;
  private readonly text: string;
  private readonly found: FoundRay;

  /** `line` is its number, `found` the Ray ID of its request. */
  constructor(
    half: NotedHalf,
    line: number,
    prefix: LinePrefix,
    wrapper: Wrapper | null,
    { signal, level }: { readonly signal: SignalId; readonly level: string | undefined },
    like: AlikeErrors | undefined,
    found: FoundRay,
  ) {
    this.side = half.isOrigin ? 'origin' : 'transport';
    this.text = half.text;
    this.error = this.text.slice(half.errorStart, half.errorEnd);
    this.line = line;
    this.connection = half.connection;
    this.like = like;
    this.signal = signal;
    this.level = level;
    this.hash = half.hash;
    this.prefix = prefix;
    this.wrapper = wrapper;
    this.found = found;
  }

  get stamp(): Stamp {
    return this.prefix.stamp;
  }

  get outerStamp(): Stamp | undefined {
    return this.prefix.outerStamp;
  }

  get server(): string | undefined {
    return this.prefix.server;
  }

  get namesHost(): boolean {
    return this.side === 'transport';
  }

  /** It says all that counting needs. */
  get counted(): this {
    return this;
  }

  record(): ClueRecord | undefined {
    return lineRecord(this.text, this.line, this.wrapper, null, this.found);
  }
}
