import { detectDocument, detectLines } from '../formats/detect.ts';
import { Dispatcher } from '../formats/dispatch.ts';
import type { BlockReader, DocumentFormat, Format, LineFormat } from '../formats/format.ts';
import { Unwrapper } from '../formats/wrappers.ts';
import { looksBinary } from '../input/binary.ts';
import { readSource } from '../input/bytes.ts';
import { detectEncoding } from '../input/encoding.ts';
import { decodeLine, LineReader } from '../input/lines.ts';
import type { SourceFile } from '../input/source.ts';
import { BlockCutter } from './block-cutter.ts';
import type { SourceDigest } from './digest.ts';
import { Folds } from './folds.ts';
import { firstLines, HEAD_BYTES, headOf } from './head.ts';
import { type Selection, selects } from './selection.ts';

export interface ReadingOptions {
  readonly blockBytes?: number | undefined;
  readonly sha256: boolean;
  /** Only these requests, and what names no request. */
  readonly only?: Selection | undefined;
  /** Log formats of nginx that are known; threads need them, too. */
  readonly logFormats?: readonly string[] | undefined;
  /** Reads every source (or those whose label ends so) as this format, whatever it looks like. */
  readonly forceFormat?: string | undefined;
  /** How thin the sample of each stream is already, by its key: rows that it would not keep need not be read. */
  readonly weights?: SampleWeights | undefined;
}

/** What one ordinary row that is kept stands for; streams without one keep all so far. */
export type SampleWeights = ReadonlyMap<string, number>;

const SAMPLES = 5;
const SAMPLE_CHARS = 200;

/** Reads one source into its digest. Never throws for what the source holds. `onRead` is told how far it is. */
export async function digestSource(
  source: SourceFile,
  index: number,
  formats: readonly Format[],
  options: ReadingOptions,
  onRead: (bytesOnDisk: number) => void = () => {},
): Promise<SourceDigest> {
  const folds = new Folds(source.label, index, selects(options.only ?? {}), options.weights);
  const bytes = readSource(source, {
    sha256: options.sha256,
    ...(options.blockBytes === undefined ? {} : { blockBytes: options.blockBytes }),
  });
  const reader = new SourceReader(source.label, formats, folds, options.forceFormat);
  // A piece of a file is what the file is.
  if (source.path !== null && source.range !== undefined) reader.decideBy(headOf(source.path));
  for await (const block of bytes) {
    reader.write(block);
    onRead(bytes.summary().bytes);
  }
  reader.end();
  const summary = bytes.summary();
  const streams = folds.close();
  const main = reader.mainFormat();
  const servers = new Set(streams.flatMap(({ server }) => (server === null ? [] : [server])));
  return {
    index,
    label: source.label,
    format: main?.id ?? null,
    hop: main?.hop ?? null,
    server: servers.size === 1 ? ([...servers][0] ?? null) : null,
    bytes: summary.bytes,
    sha256: summary.sha256,
    lines: reader.lines,
    records: folds.records,
    notUnderstood: { count: reader.notUnderstood, samples: reader.samples },
    lostBytes: summary.lostBytes,
    ...(source.modifiedMs === undefined ? {} : { modifiedMs: source.modifiedMs }),
    skipped: summary.warnings.length > 0 && folds.records === 0 ? null : reader.whyNoLog(),
    warnings: [...summary.warnings, ...reader.warnings].map((warning) => `${source.label}: ${warning}`),
    streams,
  };
}

/** Finds out what a source is and hands its bytes, lines or one document to the formats. */
class SourceReader {
  lines = 0;
  notUnderstood = 0;
  readonly samples: { line: number; text: string }[] = [];
  readonly warnings: string[] = [];
  private readonly label: string;
  private readonly formats: readonly Format[];
  private readonly folds: Folds;
  private readonly forceFormat: string | undefined;
  private head: Buffer[] | null = [];
  private headBytes = 0;
  private binary: string | null = null;
  private document: { format: DocumentFormat; parts: Buffer[] } | null = null;
  private lineReader: LineReader | null = null;
  private blocks: BlockCutter | null = null;
  private blockFormat: Format | null = null;
  private readonly unwrapper = new Unwrapper();
  private dispatcher: Dispatcher | null = null;
  private taken = 0;

  constructor(label: string, formats: readonly Format[], folds: Folds, forceFormat: string | undefined) {
    this.label = label;
    this.folds = folds;
    this.forceFormat = forceFormat;
    this.formats = forceFormat === undefined ? formats : formats.filter(({ id }) => id === forceFormat);
  }

  write(block: Buffer): void {
    if (this.head) {
      // Blocks hold good until the next one is asked for: what is kept is copied.
      this.head.push(Buffer.from(block));
      this.headBytes += block.length;
      if (this.headBytes >= HEAD_BYTES) this.decide();
    } else this.take(block);
  }

  end(): void {
    if (this.head) this.decide();
    if (this.document) this.readDocument();
    this.lineReader?.end();
    this.blocks?.end();
    this.dispatcher?.end();
  }

  /** Finds out what the source is by this beginning, which is not read itself. */
  decideBy(head: Buffer): void {
    this.head = null;
    this.headBytes = head.length;
    this.startLines(head);
  }

  mainFormat(): Format | null {
    return this.document?.format ?? this.blockFormat ?? this.dispatcher?.main() ?? null;
  }

  /** Why the source is no log; null where it is one. */
  whyNoLog(): string | null {
    if (this.binary !== null) return `not a log: ${this.binary}`;
    if (this.headBytes === 0) return 'empty file';
    if (this.document || this.taken > 0 || (this.blocks && this.lines > this.notUnderstood)) return null;
    return `no line was understood (${this.lines} ${this.lines === 1 ? 'line' : 'lines'} of text); expected a log of nginx, PHP-FPM, cloudflared, Cloudflare, systemd or a HAR`;
  }

  private decide(): void {
    const head = Buffer.concat(this.head ?? []);
    this.head = null;
    this.binary = this.forceFormat === undefined ? looksBinary(head) : null;
    if (this.binary !== null) return;
    const beginning = head.subarray(0, HEAD_BYTES);
    const format = detectDocument(decodeLine(beginning), this.formats);
    if (format) this.document = { format, parts: [] };
    else this.startLines(beginning);
    this.take(head);
  }

  /** Finds the formats of a log of lines from its beginning; reads it by blocks where its one format can. */
  private startLines(beginning: Buffer): void {
    const sample = firstLines(beginning);
    const found = detectLines(sample, this.formats, this.label);
    const all = this.formats.filter((format) => format.shape === 'lines');
    const dispatcher = new Dispatcher(found, all, this.folds.emit);
    this.dispatcher = dispatcher;
    const { encoding, markBytes } = detectEncoding(beginning);
    const isPlain = encoding === 'utf-8' && markBytes === 0 && this.folds.wants === null;
    const isBare = found.length === 1 && sample.every(({ wrapper }) => wrapper === null);
    const reader = isPlain ? this.blockReader(found[0], dispatcher, isBare) : undefined;
    if (reader) {
      this.blocks = new BlockCutter(reader, (lines) => {
        this.lines += lines;
      });
    } else this.lineReader = new LineReader((line, number) => this.line(line, number));
  }

  /** A reader of blocks for the format that prevails in a source, where it has one for such a source. */
  private blockReader(
    format: LineFormat | undefined,
    dispatcher: Dispatcher,
    isBare: boolean,
  ): BlockReader | undefined {
    const parser = format && dispatcher.parserOf(format);
    if (!parser || !(parser.readBlocks || (isBare && format.openBlocks))) return undefined;
    const sink = this.folds.sink(
      format,
      (line, number) => this.line(line, number),
      () => dispatcher.entryEnds(format),
    );
    if (parser.readBlocks) {
      return parser.readBlocks({
        ...sink,
        isAlone: (named) => dispatcher.isAlone(format, named),
        took: () => dispatcher.tookLine(format),
      });
    }
    this.blockFormat = format;
    return format.openBlocks?.(sink);
  }

  private take(block: Buffer): void {
    if (this.document) this.document.parts.push(Buffer.from(block));
    else if (this.blocks) this.blocks.write(block);
    else this.lineReader?.write(block);
  }

  private line(bytes: Buffer, number: number): void {
    if (this.lineReader) this.lines = number;
    const line = this.unwrapper.unwrap(decodeLine(bytes), number);
    if (line.text.trim() === '') {
      this.dispatcher?.push(line);
      return;
    }
    if (this.dispatcher?.push(line)) this.taken++;
    else {
      this.notUnderstood++;
      if (this.samples.length < SAMPLES)
        this.samples.push({ line: line.number, text: line.text.slice(0, SAMPLE_CHARS) });
    }
  }

  private readDocument(): void {
    if (!this.document) return;
    const { format, parts } = this.document;
    const text = decodeLine(Buffer.concat(parts)).replace(/^\uFEFF/, '');
    const { notUnderstood, warning } = format.read(text, (record) => {
      this.lines++;
      this.folds.emit(record, format);
    });
    this.lines += notUnderstood;
    this.notUnderstood = notUnderstood;
    if (warning !== undefined) this.warnings.push(warning);
  }
}
