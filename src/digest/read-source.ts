import type { Format } from '../formats/format.ts';
import { readSource } from '../input/bytes.ts';
import type { SourceFile } from '../input/source.ts';
import type { SourceDigest } from './digest.ts';
import { Expectation } from './expectation.ts';
import { Folds } from './folds.ts';
import { headOf } from './head.ts';
import type { SampleWeights } from './sampling.ts';
import { type Selection, selects } from './selection.ts';
import { SourceReader } from './source-reader.ts';

export interface ReadingOptions {
  readonly blockBytes?: number | undefined;
  readonly sha256: boolean;
  /** The checksum of a large file may be made in another thread. */
  readonly sha256Aside?: boolean | undefined;
  /** Only these requests, and what names no request. */
  readonly only?: Selection | undefined;
  /** Log formats of nginx that are known; threads need them, too. */
  readonly logFormats?: readonly string[] | undefined;
  /** Columns of a CSV of Cloudflare's that has no head, in their order; threads need them, too. */
  readonly csvFields?: readonly string[] | undefined;
  /** Reads every source (or those whose label ends so) as this format, whatever it looks like. */
  readonly forceFormat?: string | undefined;
  /** The format of the source before it: exports come as thousands of small files that stand side by side. */
  readonly likely?: string | null | undefined;
  /** How thin the samples of each stream are already, by its key: rows that they would not keep need not be read. */
  readonly weights?: WeightsByStream | undefined;
}

/** Streams that are not in it have kept all so far. */
export type WeightsByStream = ReadonlyMap<string, SampleWeights>;

/** How far reading is: bytes on disk that are done, and what of them was folded one by one (`Folds.singles`). */
export type OnRead = (bytesOnDisk: number, singles: number) => void;

/** Reads one source into its digest. Never throws for what the source holds. `onRead` is told how far it is. */
export async function digestSource(
  source: SourceFile,
  index: number,
  formats: readonly Format[],
  options: ReadingOptions,
  onRead: OnRead = () => {},
): Promise<SourceDigest> {
  // What is wanted of a source may be little of it.
  const mayExpect = source.reopens && selects(options.only ?? {}) === null;
  const digest =
    (mayExpect ? await readInto(source, index, formats, options, onRead, true) : null) ??
    (await readInto(source, index, formats, options, onRead, false));
  if (digest === null) throw new Error('where nothing is expected nothing is wrong');
  return digest;
}

/** As `digestSource`; null where more rows were expected (`expects`) than there are. */
async function readInto(
  source: SourceFile,
  index: number,
  formats: readonly Format[],
  options: ReadingOptions,
  onRead: OnRead,
  expects: boolean,
): Promise<SourceDigest | null> {
  const folds = new Folds(source.label, index, selects(options.only ?? {}), options.weights);
  const bytes = readSource(source, {
    sha256: options.sha256,
    sha256Aside: options.sha256Aside === true,
    ...(options.blockBytes === undefined ? {} : { blockBytes: options.blockBytes }),
  });
  const reader = new SourceReader(source.label, formats, folds, {
    forceFormat: options.forceFormat,
    skips: source.skips,
    likely: options.likely,
  });
  const expectation = expects ? new Expectation(source, folds) : null;
  if (source.path !== null && source.range !== undefined) {
    // A piece of a file is what the file is.
    const head = headOf(source.path);
    expectation?.before(head);
    reader.decideBy(head);
  }
  for await (const block of bytes) {
    expectation?.before(block);
    reader.write(block);
    const { bytes: read, passedBytes } = bytes.summary();
    onRead(read, folds.singles);
    if (expectation?.isWrongAfter(passedBytes)) return null;
  }
  reader.end();
  if (expectation?.isWrong()) return null;
  const summary = bytes.summary();
  const streams = folds.close();
  const main = reader.mainFormat();
  const whyEmpty = (): string | null =>
    folds.records === 0 && source.skips !== undefined
      ? 'all that it tells stands in another file, which is read'
      : null;
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
    skipped: folds.records > 0 || summary.warnings.length === 0 ? (whyEmpty() ?? reader.whyNoLog()) : null,
    warnings: [...summary.warnings, ...reader.warnings].map((warning) => `${source.label}: ${warning}`),
    streams,
  };
}
