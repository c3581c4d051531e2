import { openBoth } from '../formats/both-blocks.ts';
import { areCertainly, detectDocument, detectLines } from '../formats/detect.ts';
import { Dispatcher } from '../formats/dispatch.ts';
import type {
  BlockReader,
  BlockSink,
  DocumentFormat,
  Format,
  Line,
  LineFormat,
  SharedSink,
} from '../formats/format.ts';
import { openNamed, openWrapped, saysLittle } from '../formats/wrapped-blocks.ts';
import { Unwrapper } from '../formats/wrappers.ts';
import { looksBinary } from '../input/binary.ts';
import { detectEncoding } from '../input/encoding.ts';
import { LineCursor, type LineRanges } from '../input/line-ranges.ts';
import { decodeLine, LineReader, MAX_LINE_BYTES } from '../input/lines.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import { BlockCutter } from './block-cutter.ts';
import { type FirstLine, firstLines, HEAD_BYTES, outerObjects } from './head.ts';
import { OpenDocument } from './open-document.ts';

const SAMPLES = 5;
const SAMPLE_CHARS = 200;

/** What a block reader has to do with the ordinary way. */
export interface OrdinaryWay extends Pick<BlockSink, 'line' | 'entryEnds'> {
  /** Told of so many entries that were read from their bytes. */
  readonly took: (entries: number) => void;
}

/** Where the records of a source go. */
export interface Findings {
  /** `writer` as `Dispatcher` tells it. */
  readonly emit: (record: LogRecord, format: Format, writer?: string) => void;
  /** Where a block reader counts; null where every line is to go the ordinary way. */
  readonly sink: ((format: Format, way: OrdinaryWay) => BlockSink) | null;
  /** Told of every line that went the ordinary way, with the format that took it. */
  readonly onLine?: (line: Line, format: LineFormat | null) => void;
}

/** Finds out what a source is and hands its bytes, lines or one document to the formats. */
export class SourceReader {
  lines = 0;
  notUnderstood = 0;
  readonly samples: { line: number; text: string }[] = [];
  readonly warnings: string[] = [];
  /** What the beginning shows that the source lacks, so that its rows cannot count. */
  private lacking: string | undefined;
  private readonly label: string;
  private readonly formats: readonly Format[];
  private readonly findings: Findings;
  private readonly forceFormat: string | undefined;
  private readonly likely: string | null;
  private readonly skips: LineCursor | null;
  private head: Buffer[] | null = [];
  private headBytes = 0;
  private binary: string | null = null;
  private document: OpenDocument | null = null;
  private lineReader: LineReader | null = null;
  private blocks: BlockCutter | null = null;
  /** The one format of a source that is read by blocks. */
  private blockFormat: Format | null = null;
  private readonly unwrapper = new Unwrapper();
  private dispatcher: Dispatcher | null = null;
  private taken = 0;

  /** `skips`: lines of a log that are not read; `likely`: the format of the source before it. */
  constructor(
    label: string,
    formats: readonly Format[],
    findings: Findings,
    {
      forceFormat,
      skips,
      likely = null,
    }: {
      readonly forceFormat?: string | undefined;
      readonly skips?: LineRanges | undefined;
      readonly likely?: string | null | undefined;
    } = {},
  ) {
    this.label = label;
    this.findings = findings;
    this.forceFormat = forceFormat;
    this.likely = likely;
    this.skips = skips === undefined ? null : new LineCursor(skips);
    this.formats = forceFormat === undefined ? formats : formats.filter(({ id }) => id === forceFormat);
  }

  write(block: Buffer): void {
    if (this.head === null) this.take(block);
    else if (this.headBytes === 0 && block.length >= HEAD_BYTES) this.decide(block);
    else {
      // Blocks hold good until the next one is asked for: what is kept is copied.
      this.head.push(Buffer.from(block));
      this.headBytes += block.length;
      if (this.headBytes >= HEAD_BYTES) this.decide(Buffer.concat(this.head));
    }
  }

  end(): void {
    if (this.head) this.decide(Buffer.concat(this.head));
    if (this.document) this.readDocument();
    this.lineReader?.end();
    this.blocks?.end();
    this.dispatcher?.end();
    this.warnOfLack();
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

  /** What is lacking and what is open, of a source that was read; what was not is left out with that as its reason. */
  private warnOfLack(): void {
    if (this.whyNoLog() !== null) return;
    if (this.lacking !== undefined) this.warnings.push(this.lacking);
    if (this.unwrapper.doubt !== undefined) this.warnings.push(this.unwrapper.doubt);
  }

  /** Why the source is no log; null where it is one. */
  whyNoLog(): string | null {
    if (this.binary !== null) return `not a log: ${this.binary}`;
    if (this.headBytes === 0) return 'empty file';
    if (this.document || this.taken > 0 || (this.blocks && this.lines > this.notUnderstood)) return null;
    if (this.lacking !== undefined) return this.lacking;
    return `no line was understood (${this.lines} ${this.lines === 1 ? 'line' : 'lines'} of text); expected a log of nginx, PHP-FPM, cloudflared, Cloudflare, systemd or a HAR`;
  }

  /** Finds out what the source is by its first bytes, and reads them. */
  private decide(head: Buffer): void {
    this.head = null;
    this.headBytes = head.length;
    this.binary = this.forceFormat === undefined ? looksBinary(head) : null;
    if (this.binary !== null) return;
    const beginning = head.subarray(0, HEAD_BYTES);
    const format = detectDocument(decodeLine(beginning), this.formats);
    if (format) this.document = new OpenDocument(format, beginning, (record) => this.entry(record, format));
    else this.startLines(beginning);
    this.take(head);
  }

  /** Finds the formats of a log of lines from its beginning; reads it by blocks where its one format can. */
  private startLines(beginning: Buffer): void {
    const { sample, found } = this.look(beginning);
    this.lacking = lackingIn(sample, this.formats);
    const all = this.formats.filter((format) => format.shape === 'lines');
    const dispatcher = new Dispatcher(found, all, this.findings.emit, sample);
    this.dispatcher = dispatcher;
    const { encoding, markBytes } = detectEncoding(beginning);
    const isPlain = encoding === 'utf-8' && markBytes === 0;
    const reader = isPlain ? this.blockReader(found, dispatcher, sample) : undefined;
    if (reader) {
      const onLines = (lines: number): void => {
        this.lines += lines;
      };
      this.blocks = new BlockCutter(reader, onLines, MAX_LINE_BYTES, this.skips);
    } else
      this.lineReader = new LineReader((line, number) => {
        if (this.skips?.has(number) !== true) this.line(line, number);
        else this.lines = number;
      });
  }

  /** Lines of the beginning, and the formats found in them. */
  private look(beginning: Buffer): { readonly sample: readonly FirstLine[]; readonly found: readonly LineFormat[] } {
    const likely = this.formats.find(
      (format): format is LineFormat => format.id === this.likely && format.shape === 'lines',
    );
    const outer = likely === undefined ? null : outerObjects(beginning);
    if (likely !== undefined && outer !== null && areCertainly(likely, outer))
      return { sample: outer, found: [likely] };
    const sample = firstLines(beginning);
    return { sample, found: detectLines(sample, this.formats, this.label) };
  }

  /** A reader of blocks for the format that prevails in a source, or for one that is among others, where there is one for such a source. */
  private blockReader(
    found: readonly LineFormat[],
    dispatcher: Dispatcher,
    sample: readonly FirstLine[],
  ): BlockReader | undefined {
    const [main] = found;
    const { sink: open } = this.findings;
    if (!open || !main) return undefined;
    const parser = dispatcher.parserOf(main);
    const wrapped = sample.filter(({ isWrapped }) => isWrapped).length;
    const isCarried = 2 * wrapped > sample.length;
    if (parser?.readBlocks) {
      const sink: SharedSink = {
        ...open(
          main,
          this.ordinaryWay(main, dispatcher, () => {}),
        ),
        isAlone: (named) => dispatcher.isAlone(main, named),
        took: (lines = 1) => dispatcher.tookLines(main, lines),
      };
      const readBlocks = parser.readBlocks.bind(parser);
      // Such a reader knows heads of text itself; what else carries lines is taken off before.
      const hasNoHeads = isCarried && sample.every(({ wrapper, isObject }) => isObject || saysLittle(wrapper));
      return hasNoHeads ? openNamed(sink, readBlocks) : readBlocks(sink);
    }
    const format = found.find(({ readsAmong }) => readsAmong) ?? main;
    const { openBlocks, readsAmong = false, openLines } = format;
    const isAlone = found.length === 1;
    const reads = readsAmong || (isAlone && (isCarried ? openLines !== undefined : wrapped === 0));
    if (!openBlocks || !reads) return undefined;
    if (isAlone) this.blockFormat = format;
    const sinkOf = (one: LineFormat): BlockSink =>
      open(
        one,
        this.ordinaryWay(one, dispatcher, (lines) => dispatcher.tookLines(one, lines)),
      );
    const beside = found.length === 2 ? found.find(({ standsAmong }) => standsAmong === format.id) : undefined;
    const openAll =
      beside?.openLines === undefined
        ? openBlocks
        : openBoth(openBlocks, {
            openLines: beside.openLines,
            sink: sinkOf(beside),
            isAlone: () => dispatcher.isAsFound,
          });
    return isCarried ? openWrapped(sinkOf(format), openLines, openAll) : openAll(sinkOf(format));
  }

  private ordinaryWay(format: LineFormat, dispatcher: Dispatcher, took: OrdinaryWay['took']): OrdinaryWay {
    return {
      took,
      line: (bytes, number) => {
        this.line(bytes, number);
        return dispatcher.latest() === format;
      },
      entryEnds: () => dispatcher.entryEnds(format),
    };
  }

  private take(block: Buffer): void {
    if (this.document) this.document.write(block);
    else if (this.blocks) this.blocks.write(block);
    else this.lineReader?.write(block);
  }

  private line(bytes: Buffer, number: number): void {
    if (this.lineReader) this.lines = number;
    const line = this.unwrapper.unwrap(decodeLine(bytes), number);
    const taken = this.dispatcher?.push(line) === true;
    this.findings.onLine?.(line, taken ? (this.dispatcher?.latest() ?? null) : null);
    if (line.text.trim() === '') return;
    if (taken) this.taken++;
    else {
      this.notUnderstood++;
      if (this.samples.length < SAMPLES)
        this.samples.push({ line: line.number, text: line.text.slice(0, SAMPLE_CHARS) });
    }
  }

  private entry(record: LogRecord, format: DocumentFormat): void {
    this.lines++;
    this.findings.emit(record, format);
  }

  private readDocument(): void {
    if (!this.document) return;
    const { notUnderstood, warning } = this.document.end();
    this.lines += notUnderstood;
    this.notUnderstood = notUnderstood;
    if (warning !== undefined) this.warnings.push(warning);
  }
}

/** Lines that show which columns a source has. */
const LACK_LINES = 5;

function lackingIn(sample: readonly Line[], formats: readonly Format[]): string | undefined {
  for (const format of formats) {
    if (format.shape !== 'lines' || format.lacking === undefined) continue;
    for (const line of sample.slice(0, LACK_LINES)) {
      const said = format.lacking(line);
      if (said !== undefined) return said;
    }
  }
  return undefined;
}
