import { DETECTION_LINES, detectDocument, detectLines } from '../formats/detect.ts';
import { Dispatcher } from '../formats/dispatch.ts';
import type { DocumentFormat, Format, Line } from '../formats/format.ts';
import { Unwrapper } from '../formats/wrappers.ts';
import { looksBinary } from '../input/binary.ts';
import { readSource } from '../input/bytes.ts';
import { decodeLine, LineReader } from '../input/lines.ts';
import type { SourceFile } from '../input/source.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import type { SourceDigest, StreamDigest } from './digest.ts';
import { streamIdentity } from './identity.ts';
import { StreamBuilder } from './stream-builder.ts';

export interface ReadingOptions {
  readonly blockBytes?: number | undefined;
  readonly sha256: boolean;
  /** Reads every source (or those whose label ends so) as this format, whatever it looks like. */
  readonly forceFormat?: string | undefined;
}

/** What a source is, is told from this much of its beginning. */
const HEAD_BYTES = 64 * 1024;
const SAMPLES = 5;
const SAMPLE_CHARS = 200;

/** Reads one source into its digest. Never throws for what the source holds. */
export async function digestSource(
  source: SourceFile,
  index: number,
  formats: readonly Format[],
  options: ReadingOptions,
): Promise<SourceDigest> {
  const builders = new Map<string, StreamBuilder>();
  let records = 0;
  const emit = (record: LogRecord, format: Format): void => {
    records++;
    const identity = streamIdentity(format, record.server ?? null, source.label);
    let builder = builders.get(identity.key);
    if (!builder) {
      builder = new StreamBuilder(identity, index);
      builders.set(identity.key, builder);
    }
    builder.add(record);
  };
  const bytes = readSource(source, {
    sha256: options.sha256,
    ...(options.blockBytes === undefined ? {} : { blockBytes: options.blockBytes }),
  });
  const reader = new SourceReader(source.label, formats, emit, options.forceFormat);
  for await (const block of bytes) reader.write(block);
  reader.end();
  const summary = bytes.summary();
  const streams: StreamDigest[] = [...builders.values()].map((builder) => builder.close());
  streams.sort((a, b) => (a.key < b.key ? -1 : 1));
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
    records,
    notUnderstood: { count: reader.notUnderstood, samples: reader.samples },
    lostBytes: summary.lostBytes,
    skipped: summary.warnings.length > 0 && records === 0 ? null : reader.whyNoLog(),
    warnings: [...summary.warnings, ...reader.warnings].map((warning) => `${source.label}: ${warning}`),
    streams,
  };
}

/** Finds out what a source is and hands its lines (or its one document) to the formats. */
class SourceReader {
  lines = 0;
  notUnderstood = 0;
  readonly samples: { line: number; text: string }[] = [];
  readonly warnings: string[] = [];
  private readonly label: string;
  private readonly formats: readonly Format[];
  private readonly emit: (record: LogRecord, format: Format) => void;
  private readonly forceFormat: string | undefined;
  private head: Buffer[] | null = [];
  private headBytes = 0;
  private binary: string | null = null;
  private document: { format: DocumentFormat; parts: Buffer[] } | null = null;
  private lineReader: LineReader | null = null;
  private readonly unwrapper = new Unwrapper();
  private waiting: Line[] | null = [];
  private dispatcher: Dispatcher | null = null;
  private taken = 0;

  constructor(
    label: string,
    formats: readonly Format[],
    emit: (record: LogRecord, format: Format) => void,
    forceFormat: string | undefined,
  ) {
    this.label = label;
    this.emit = emit;
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
    this.startLines();
    this.dispatcher?.end();
  }

  mainFormat(): Format | null {
    return this.document?.format ?? this.dispatcher?.main() ?? null;
  }

  /** Why the source is no log; null where it is one. */
  whyNoLog(): string | null {
    if (this.binary !== null) return `not a log: ${this.binary}`;
    if (this.headBytes === 0) return 'empty file';
    if (this.document || this.taken > 0) return null;
    return `no line was understood (${this.lines} ${this.lines === 1 ? 'line' : 'lines'} of text); expected a log of nginx, PHP-FPM, cloudflared, Cloudflare, systemd or a HAR`;
  }

  private decide(): void {
    const head = Buffer.concat(this.head ?? []);
    this.head = null;
    this.binary = this.forceFormat === undefined ? looksBinary(head) : null;
    if (this.binary !== null) return;
    const format = detectDocument(decodeLine(head.subarray(0, HEAD_BYTES)), this.formats);
    if (format) this.document = { format, parts: [] };
    else this.lineReader = new LineReader((line, number) => this.line(line, number));
    this.take(head);
  }

  private take(block: Buffer): void {
    if (this.document) this.document.parts.push(Buffer.from(block));
    else this.lineReader?.write(block);
  }

  private line(bytes: Buffer, number: number): void {
    this.lines = number;
    const line = this.unwrapper.unwrap(decodeLine(bytes), number);
    if (this.waiting) {
      this.waiting.push(line);
      if (this.waiting.length >= DETECTION_LINES) this.startLines();
    } else this.offer(line);
  }

  private startLines(): void {
    const { waiting } = this;
    if (!waiting || !this.lineReader) return;
    this.waiting = null;
    const found = detectLines(waiting, this.formats, this.label);
    const all = this.formats.filter((format) => format.shape === 'lines');
    this.dispatcher = new Dispatcher(found, all, this.emit);
    for (const line of waiting) this.offer(line);
  }

  private offer(line: Line): void {
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
      this.emit(record, format);
    });
    this.lines += notUnderstood;
    this.notUnderstood = notUnderstood;
    if (warning !== undefined) this.warnings.push(warning);
  }
}
