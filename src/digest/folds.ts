import type { BlockSink, Format } from '../formats/format.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import type { StreamDigest } from './digest.ts';
import { streamIdentity } from './identity.ts';
import { StreamBuilder } from './stream-builder.ts';

/** The streams that the records of one source are folded into, by format and machine. */
export class Folds {
  records = 0;
  private readonly builders = new Map<string, StreamBuilder>();
  private readonly label: string;
  private readonly source: number;

  constructor(label: string, source: number) {
    this.label = label;
    this.source = source;
  }

  readonly emit = (record: LogRecord, format: Format): void => {
    this.records++;
    this.builder(format, record.server ?? null).add(record);
  };

  /** Where a block reader of a format counts; lines that it hands over go the ordinary way, to `line`. */
  sink(format: Format, line: BlockSink['line'], entryEnds: BlockSink['entryEnds']): BlockSink {
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
    return {
      wantsRequest: (hash) => builder.wantsRequest(hash),
      count: (request) => {
        this.records++;
        builder.countRequest(request);
      },
      keepRequest: (request, hash, read) => {
        this.records++;
        builder.keepRequest(request, hash, read);
      },
      wantsClue: (signal, minute, hash, server) => ofServer(server).wantsClue(signal, minute, hash),
      countClue: (clue) => {
        this.records++;
        ofServer(clue.server).countClue(clue);
      },
      keepClue: (clue, hash, read) => {
        this.records++;
        ofServer(clue.server).keepClue(clue, hash, read);
      },
      record: (record) => this.emit(record, format),
      entryEnds,
      line,
    };
  }

  /** The streams, in canonical order; nothing may be added after. */
  close(): StreamDigest[] {
    return [...this.builders.values()]
      .map((builder) => builder.close())
      .filter(({ segments }) => segments.length > 0)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private builder(format: Format, server: string | null): StreamBuilder {
    const identity = streamIdentity(format, server, this.label);
    let builder = this.builders.get(identity.key);
    if (!builder) {
      builder = new StreamBuilder(identity, this.source);
      this.builders.set(identity.key, builder);
    }
    return builder;
  }
}
