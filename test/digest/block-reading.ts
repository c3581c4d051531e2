import { expect } from 'vitest';
import { BlockCutter } from '../../src/digest/block-cutter.ts';
import { foldingSink } from '../../src/digest/folds.ts';
import { type SampleWeights, WHOLE } from '../../src/digest/sampling.ts';
import { StreamBuilder } from '../../src/digest/stream-builder.ts';
import { openBoth } from '../../src/formats/both-blocks.ts';
import { Dispatcher } from '../../src/formats/dispatch.ts';
import type { BlockReader, BlockSink, LineFormat, SharedSink } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { openNamed, openWrapped } from '../../src/formats/wrapped-blocks.ts';
import { Unwrapper } from '../../src/formats/wrappers.ts';
import { decodeLine, LineReader } from '../../src/input/lines.ts';
import { canonical } from './canonical.ts';

/** So few lines of a signal are all kept that a short log already thins them out. */
const CLUE_RULE = { whole: 6, sampled: 3 };

/** Only every second row is kept, by hash: so both what is counted and what is chosen is compared. */
export const EVERY_SECOND: SampleWeights = { ...WHOLE, ordinary: 2, failed: 2, refused: 2 };

/**
 * Sizes of the blocks in which a log is read: next to every line a block of its own, all lines in one, and something in between, which
 * differs from log to log. Smaller ones give a reader no other blocks; `BlockCutter` has a test of its own for them.
 */
const blockSizes = (bytes: Buffer): readonly number[] => [29, 100 + (bytes.length % 4000), 1 << 20];

/** Finds the digest of the ordinary way by blocks of several sizes, with each reader; what the first one came to in one block. */
export function sameByBlocks(bytes: Buffer, ...readers: readonly (() => BlockReading)[]): BlockReading {
  const [open] = readers;
  if (open === undefined) throw new Error('no reader');
  const byLines = open().byLines(bytes);
  const latest = readers.map((reader) => {
    let reading = reader();
    for (const blockBytes of blockSizes(bytes)) {
      reading = reader();
      expect(reading.byBlocks(bytes, blockBytes)).toBe(byLines);
    }
    return reading;
  });
  return latest[0] ?? expect.unreachable();
}

/** A log as it is folded, by blocks or line by line; the digest as text. */
export class BlockReading {
  /** Lines that the block reader did not hand over. */
  readByBlocks = 0;
  /** Those of them that were only counted, and the calls that counted them. */
  counted = 0;
  counts = 0;
  private readonly format: LineFormat;
  private readonly beside: readonly LineFormat[];
  private handedOver = 0;
  private readonly builders = new Map<string, StreamBuilder>();
  private readonly unwrapper = new Unwrapper();
  private readonly notTaken: number[] = [];
  private lines = 0;
  private records = 0;
  private readonly dispatcher: Dispatcher;

  private readonly weights: SampleWeights;

  /** `beside`: other formats that the source was found to hold; `weights`: how thin its samples are from the beginning. */
  constructor(format: LineFormat, beside: readonly LineFormat[] = [], weights = WHOLE) {
    this.format = format;
    this.beside = beside;
    this.weights = weights;
    const all = FORMATS.filter((known) => known.shape === 'lines');
    this.dispatcher = new Dispatcher([format, ...beside], all, (record, { id, hop }) => {
      this.records++;
      this.builder(`${id} ${record.server ?? ''}`, hop).add(record);
    });
  }

  byLines(bytes: Buffer): string {
    const reader = new LineReader((line, number) => {
      this.lines = number;
      this.line(line, number);
    });
    reader.write(bytes);
    reader.end();
    return this.digest();
  }

  byBlocks(bytes: Buffer, blockBytes: number, isWrapped = false): string {
    const { format, dispatcher } = this;
    this.handedOver = 0;
    const parser = dispatcher.parserOf(format);
    const sink: SharedSink = {
      ...this.sinkOf(format, parser?.readBlocks === undefined),
      isAlone: (named) => dispatcher.isAlone(format, named),
      took: (lines = 1) => dispatcher.tookLines(format, lines),
    };
    const openRows = this.openRows();
    const readBlocks = parser?.readBlocks?.bind(parser) ?? openRows;
    if (!readBlocks) throw new Error('no block reader');
    const wrapped = (): BlockReader =>
      openRows ? openWrapped(sink, format.openLines, openRows) : openNamed(sink, readBlocks);
    const cutter = new BlockCutter(isWrapped ? wrapped() : readBlocks(sink), (lines) => {
      this.lines += lines;
    });
    for (let at = 0; at < bytes.length; at += blockBytes)
      cutter.write(Buffer.from(bytes.subarray(at, at + blockBytes)));
    cutter.end();
    this.readByBlocks = this.lines - this.handedOver;
    return this.digest();
  }

  /** How rows of the format are opened, with lines of another one among them. */
  private openRows(): LineFormat['openBlocks'] {
    const { format, dispatcher } = this;
    const { openBlocks } = format;
    const beside = this.beside.find(({ standsAmong }) => standsAmong === format.id);
    if (!openBlocks || !beside?.openLines) return openBlocks;
    const { openLines } = beside;
    return openBoth(openBlocks, { openLines, sink: this.sinkOf(beside, true), isAlone: () => dispatcher.isAsFound });
  }

  /** Where a reader of a format counts; `tells`: whether the dispatcher is told of all that it counts. */
  private sinkOf(format: LineFormat, tells: boolean): BlockSink {
    const { id, hop } = format;
    const { dispatcher } = this;
    const of = (server: string | undefined): StreamBuilder => this.builder(`${id} ${server ?? ''}`, hop);
    const folding = foldingSink(of, (entries = 1) => {
      this.records += entries;
      if (tells) dispatcher.tookLines(format, entries);
    });
    return {
      ...folding,
      count: (request) => {
        this.counted++;
        this.counts++;
        folding.count(request);
      },
      countSecond: (second, offsetMinutes) => {
        this.counted += second.rows;
        this.counts++;
        folding.countSecond(second, offsetMinutes);
      },
      record: (record) => {
        this.records++;
        of(record.server).add(record);
      },
      entryEnds: () => dispatcher.entryEnds(format),
      line: (line, number) => {
        this.handedOver++;
        this.line(line, number);
        return dispatcher.latest() === format;
      },
    };
  }

  private line(bytes: Buffer, number: number): void {
    const line = this.unwrapper.unwrap(decodeLine(bytes), number);
    if (!this.dispatcher.push(line) && line.text.trim() !== '') this.notTaken.push(number);
  }

  private digest(): string {
    this.dispatcher.end();
    const streams = [...this.builders]
      .map(([key, builder]) => [key, builder.close()] as const)
      .filter(([, { segments }]) => segments.length > 0);
    const { lines, records, notTaken } = this;
    const main = this.dispatcher.main()?.id;
    return canonical({
      lines,
      records,
      notTaken,
      streams: new Map(streams),
      ...(this.format.openBlocks ? {} : { main }),
    });
  }

  private builder(key: string, hop: LineFormat['hop']): StreamBuilder {
    let builder = this.builders.get(key);
    if (!builder) {
      builder = new StreamBuilder({ key, format: key, hop, server: null, folder: '' }, 0, {
        clueRule: CLUE_RULE,
        weights: this.weights,
      });
      this.builders.set(key, builder);
    }
    return builder;
  }
}
