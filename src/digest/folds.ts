import type { BlockSink, Format } from '../formats/format.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import { BetweenStamps } from './between-stamps.ts';
import type { StreamDigest } from './digest.ts';
import { streamIdentity } from './identity.ts';
import type { SampleWeights } from './sampling.ts';
import type { Findings, OrdinaryWay } from './source-reader.ts';
import { StreamBuilder } from './stream-builder.ts';

/** The streams that the records of one source are folded into, by format and machine. */
export class Folds implements Findings {
  records = 0;
  /** Records and counts that came one by one, without the rows of a sample, which gets thinner; what kernels count comes many at once. */
  singles = 0;
  private readonly builders = new Map<string, StreamBuilder>();
  /** The same by format and machine. */
  private readonly known = new Map<Format, Map<string | null, StreamBuilder>>();
  private readonly label: string;
  private readonly source: number;
  private readonly wants: ((record: LogRecord) => boolean) | null;

  private readonly weights: ReadonlyMap<string, SampleWeights>;
  /** By writer: lines of another one tell nothing of when a line was written. */
  private readonly between = new Map<string | undefined, BetweenStamps>();
  private expectsMany = false;

  /** Only records that `wants` holds good of are folded, where it is given; `weights` as in `ReadingOptions`. */
  constructor(
    label: string,
    source: number,
    wants: ((record: LogRecord) => boolean) | null = null,
    weights: ReadonlyMap<string, SampleWeights> = new Map(),
  ) {
    this.label = label;
    this.source = source;
    this.wants = wants;
    this.weights = weights;
  }

  /** To be called before the first record, where a stream is expected to have more ordinary rows than are all kept. */
  expectMany(): void {
    this.expectsMany = true;
  }

  /** Whether that was wrong, and rows are lacking: told after this share of the source. */
  lackRows(share?: number): boolean {
    return [...this.builders.values()].some((builder) => builder.lacksRows(share));
  }

  readonly emit = (record: LogRecord, format: Format, writer?: string): void => {
    if (this.wants !== null && !this.wants(record)) return;
    this.records++;
    this.singles++;
    this.betweenOf(writer).take(record, format);
  };

  /** Where block readers count; null where each record must be asked for, as they make none of what they only count. */
  get sink(): Findings['sink'] {
    return this.wants === null ? (format, way) => this.openSink(format, way) : null;
  }

  /** Where a block reader of a format counts; lines that it hands over go the ordinary way. */
  private openSink(format: Format, { line, entryEnds, took }: OrdinaryWay): BlockSink {
    const builder = this.builder(format, null);
    let named = builder;
    let name: string | undefined;
    // The lines of a log name one machine, or none.
    const ofServer = (server: string | undefined): StreamBuilder => {
      if (server === name) return named;
      name = server;
      named = this.builder(format, server ?? null);
      return named;
    };
    const counted = (entries = 1, ofSample = false): void => {
      took(entries);
      this.records += entries;
      if (entries === 1 && !ofSample) this.singles++;
    };
    return { ...foldingSink(ofServer, counted), record: (record) => this.emit(record, format), entryEnds, line };
  }

  /** The streams, in canonical order; nothing may be added after. */
  close(): StreamDigest[] {
    for (const between of this.between.values()) between.end();
    return [...this.builders.values()]
      .map((builder) => builder.close())
      .filter(({ segments }) => segments.length > 0)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private betweenOf(writer: string | undefined): BetweenStamps {
    let between = this.between.get(writer);
    if (between === undefined) {
      between = new BetweenStamps((record, format) => this.builder(format, record.server ?? null).add(record));
      this.between.set(writer, between);
    }
    return between;
  }

  private builder(format: Format, server: string | null): StreamBuilder {
    let ofFormat = this.known.get(format);
    if (ofFormat === undefined) {
      ofFormat = new Map();
      this.known.set(format, ofFormat);
    }
    let builder = ofFormat.get(server);
    if (builder === undefined) {
      builder = this.builderOf(format, server);
      ofFormat.set(server, builder);
    }
    return builder;
  }

  private builderOf(format: Format, server: string | null): StreamBuilder {
    const identity = streamIdentity(format, server, this.label);
    let builder = this.builders.get(identity.key);
    if (!builder) {
      builder = new StreamBuilder(identity, this.source, {
        weights: this.weights.get(identity.key),
        expectsMany: this.expectsMany,
      });
      this.builders.set(identity.key, builder);
    }
    return builder;
  }
}

/** The part of a block reader's sink that folds into the streams of the machines that lines name; `counted` is called for each entry. */
export function foldingSink(
  ofServer: (server: string | undefined) => StreamBuilder,
  counted: (entries?: number, ofSample?: boolean) => void,
): Omit<BlockSink, 'record' | 'entryEnds' | 'line'> {
  let builder = ofServer(undefined);
  return {
    from: (server) => {
      builder = ofServer(server);
    },
    comparesClocks: () => builder.comparesClocks(),
    wantsRequest: (hash) => builder.wantsRequest(hash),
    sampleWeight: (kind) => builder.sampleWeight(kind),
    count: (request) => {
      counted();
      builder.countRequest(request);
    },
    countSecond: (second, offsetMinutes) => {
      counted(second.rows);
      builder.countSecond(second, offsetMinutes);
    },
    keepRequest: (request, hash, held) => {
      counted(1, true);
      builder.keepRequest(request, hash, held);
    },
    keepFailure: (failure, hash, hold) => {
      counted();
      builder.keepFailure(failure, hash, hold);
    },
    countListed: (listed, kinds) => {
      counted(listed.rows);
      builder.countListed(listed, kinds);
    },
    wantsClue: (signal, minute, hash, server) => ofServer(server).wantsClue(signal, minute, hash),
    clueWeight: (signal, minute, server) => ofServer(server).clueWeight(signal, minute),
    countClue: (clue, lines = 1) => {
      counted(lines);
      ofServer(clue.server).countClue(clue, lines);
    },
    keepClue: (clue, hash, read) => {
      counted();
      ofServer(clue.server).keepClue(clue, hash, read);
    },
  };
}
