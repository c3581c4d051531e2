import { resolve } from 'node:path';
import { findBackground, isLasting } from './bursts/background.ts';
import { findBursts } from './bursts/find.ts';
import { withInnerServers } from './bursts/inner-servers.ts';
import { largestBursts } from './bursts/limit.ts';
import { witnesses } from './bursts/witness.ts';
import { diagnose } from './causes/diagnose.ts';
import { CAUSES } from './causes/registry.ts';
import { adriftMachines, adriftWarnings, movedWarnings, partAdrift } from './clock/adrift.ts';
import { yearWarnings } from './clock/assumed-year.ts';
import { changeWarnings } from './clock/changes.ts';
import { setClocks } from './clock/clocks.ts';
import type { TimedStream } from './clock/timeline.ts';
import { undatedWarnings } from './clock/undated.ts';
import { type Moment, withinWindow } from './clock/window.ts';
import { partDisplaced } from './correlate/displaced.ts';
import { factsOf } from './correlate/facts-of.ts';
import { withOutages } from './correlate/outages.ts';
import { hasOnlyNoise, isBlind, isQuiet, seesWholeWay } from './correlate/quiet.ts';
import { excerptScene, lastingScene, sceneOf } from './correlate/scenes.ts';
import { changedDigest } from './digest/changed.ts';
import type { Digest } from './digest/digest.ts';
import { duplicateWarnings, type RepeatLabels, repeatWarnings } from './digest/duplicates.ts';
import { declaredLogFormats } from './digest/log-formats.ts';
import type { ReadingOptions } from './digest/read-source.ts';
import { findRepeats, type Repeat, withoutRepeats } from './digest/repeats.ts';
import { digestSources, type Jobs, type OnProgress } from './digest/sources.ts';
import { traceLine } from './digest/trace-line.ts';
import type { Format } from './formats/format.ts';
import { formatsWith } from './formats/registry.ts';
import { openArchives } from './input/archives.ts';
import { type Copy, type CopyLabels, copyProblem, copyWarnings, withoutCopies } from './input/copies.ts';
import { byText } from './input/labels.ts';
import { findSources } from './input/paths.ts';
import type { InputProblem, SourceFile } from './input/source.ts';
import { unpackedBytes } from './input/unpacked.ts';
import type { TracedLineOf } from './result/build/asked-line.ts';
import { buildResult } from './result/build/result.ts';
import type { Secrets } from './result/leaks.ts';
import { openRecordRedaction, type RecordRedaction } from './result/mask-records.ts';
import { redactWithSecrets } from './result/redact.ts';
import type { Result, Source } from './result/schema.ts';
import { withSources } from './result/some-sources.ts';

/** What an analysis can be told beside its inputs. Nothing here changes the result but what the user says about the logs. */
export interface AnalyzeOptions {
  /** Zone of every log that does not write one: `UTC`, `+05:30`, `Europe/Berlin`. */
  readonly tz?: string | undefined;
  /** Year of every log that does not write one. */
  readonly year?: number | undefined;
  /** Reads every source as this format (an id of `whose502 formats`). */
  readonly as?: string | undefined;
  /** Looks at what was written from here on, on the one clock. */
  readonly since?: Moment | undefined;
  /** Looks at what was written up to here. */
  readonly until?: Moment | undefined;
  /** Looks at requests to this host only (and at what names none). */
  readonly host?: string | undefined;
  /** Looks at requests only whose path begins so (and at what names none). */
  readonly path?: string | undefined;
  /** Log formats of nginx, as `log_format` declares them: `$remote_addr [$time_local] $status`. Those of configurations among the inputs are found. */
  readonly logFormats?: readonly string[] | undefined;
  /** Columns of Cloudflare's CSV where it has no head, in their order: `RayID`, `EdgeEndTimestamp`, `EdgeResponseStatus` … */
  readonly csvFields?: readonly string[] | undefined;
  /** Masks visitors' addresses, query values, cookies and tokens; true if not given. */
  readonly redact?: boolean | undefined;
  /** Gives the same visitor the same name in every result that is made with the same key. */
  readonly redactKey?: string | Uint8Array | undefined;
  /** Masks host names, names of machines and public addresses of servers, too. */
  readonly redactHosts?: boolean | undefined;
  /** Computes SHA-256 of files above 256 MB, too. */
  readonly hash?: boolean | undefined;
  /** Tells what became of this line (`result.line`): its file as it is named, or its name in an archive; counted from 1. */
  readonly line?: LineAddress | undefined;
  /** Draws the ladder of this request (16 hexadecimal digits, with or without `-COLO`). */
  readonly ray?: string | undefined;
  /** Draws the ladders of the requests at this instant, milliseconds since 1970. */
  readonly atMs?: number | undefined;
  /** Threads to read with, the main one among them; `auto`: as many as there are processors, where they pay. 1 if not given. */
  readonly jobs?: Jobs | undefined;
  /** Bytes of one read; for tests. */
  readonly blockSize?: number | undefined;
  /** What `-` reads; standard input if not given. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** Called once it is known what there is to read. */
  readonly onFound?: ((found: Found) => void) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What there is to read: bytes on disk and, about, after unpacking; 0 where that cannot be known (standard input). */
export interface Found {
  readonly files: number;
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/** A line of a source, as a user writes it. */
export interface LineAddress {
  readonly file: string;
  readonly line: number;
}

/** Files above this are hashed only when asked. */
const HASH_BELOW_BYTES = 256 * 1024 * 1024;

/**
 * Analyses files, folders and patterns (`-` is standard input) and returns the result. Same input, same bytes: neither the
 * machine's zone, nor the order of the arguments, nor `jobs` or `blockSize` changes it. What cannot be read stands in
 * `skipped` and `warnings`; only a fault of this program throws.
 */
export async function analyze(paths: readonly string[], options: AnalyzeOptions = {}): Promise<Result> {
  return (await runAnalysis(paths, options)).result;
}

/** The result, and what the command line's exit code speaks of. */
export interface Analysis {
  readonly result: Result;
  /** Sources from which at least one record came. */
  readonly understood: number;
  /** What the user named and nobody could use, and logs that are damaged: masked, in plain words. */
  readonly failures: readonly string[];
  /** What was masked and must stand in no text drawn from the result; null where redaction is off. */
  readonly secrets: Secrets | null;
}

/** Analyses like `analyze` and also tells which inputs failed. */
export async function runAnalysis(paths: readonly string[], options: AnalyzeOptions = {}): Promise<Analysis> {
  return conclude(await readLogs(paths, options), options);
}

/** Reads all logs among what the arguments name. */
export async function readLogs(paths: readonly string[], options: AnalyzeOptions): Promise<Reading> {
  const masks =
    options.redact === false || options.redactKey === undefined ? null : openRecordRedaction(options.redactKey);
  const { sources, ...inputs } = withSafeNames(await openInputs(paths, options.stdin), masks);
  options.onFound?.({
    files: sources.length,
    bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
    unpackedBytes: sources.reduce((sum, source) => sum + unpackedBytes(source), 0),
  });
  const logFormats = logFormatsFor(sources, options);
  const formats = formatsWith(logFormats, options.csvFields);
  const reading = readingOptions(sources, logFormats, options);
  const read = (files: readonly SourceFile[]): Promise<Digest> =>
    digestSources(files, formats, {
      ...reading,
      jobs: options.jobs ?? 1,
      blockBytes: options.blockSize,
      onProgress: options.onProgress,
    });
  const first = await read(sources);
  const repeats = await findRepeats(sources, formats, first, reading);
  const digest = repeats.length === 0 ? first : await read(withoutRepeats(sources, repeats));
  const line = options.line && (await tracedLine(options.line, sources, formats, options.as));
  const labels = repeatLabels(repeats, sources);
  return withSafeRecords({ ...inputs, digest, named: sources.map(({ named }) => named), repeats: labels, line }, masks);
}

/** Repeats by the names of their sources. */
export function repeatLabels(repeats: readonly Repeat[], sources: readonly SourceFile[]): readonly RepeatLabels[] {
  const label = (source: number): string => sources[source]?.label ?? '';
  return repeats.map(({ source, count, others, exported }) => ({
    path: label(source),
    count,
    others: others.map(label),
    exported,
  }));
}

/** Inputs whose names may leave. Their order is that of the names. */
export function withSafeNames(inputs: Inputs, masks: RecordRedaction | null): Inputs {
  if (masks === null) return inputs;
  const { label, text } = masks;
  return {
    sources: inputs.sources
      .map((source) => ({ ...source, label: label(source.label) }))
      .sort((a, b) => byText(a.label, b.label)),
    problems: inputs.problems.map(({ path, reason, named }) => ({ path: label(path), reason: text(reason), named })),
    copies: inputs.copies.map(({ source, of, isBeginning }) => ({
      source: { ...source, label: label(source.label) },
      of: { ...of, label: label(of.label) },
      isBeginning,
    })),
  };
}

/** What was read, as it may leave: a reading that is masked here can be put together from digests that were masked before. */
export function withSafeRecords(reading: Reading, masks: RecordRedaction | null): Reading {
  if (masks === null) return reading;
  const { record, text, label, secrets } = masks;
  return { ...reading, digest: changedDigest(reading.digest, { record, text, server: label }), masked: { secrets } };
}

/** What became of a line; undefined where no source is called so. */
async function tracedLine(
  { file, line }: LineAddress,
  sources: readonly SourceFile[],
  formats: readonly Format[],
  forceFormat?: string,
): Promise<TracedLineOf | undefined> {
  const path = resolve(file);
  const name = file.replace(/^(?:\.\/)+/, '').replaceAll('\\', '/');
  const found =
    sources.find((source) => source.readWhole !== undefined && source.path === path) ??
    sources.find(({ label }) => label === name) ??
    sources.find(({ label }) => label.endsWith(`/${name}`));
  if (found === undefined) return undefined;
  return { source: sources.indexOf(found), line, trace: await traceLine(found, formats, line, forceFormat) };
}

/** The logs among what the arguments name, and what of it is not read. */
export interface Inputs {
  readonly sources: readonly SourceFile[];
  readonly problems: readonly InputProblem[];
  readonly copies: readonly Copy[];
}

/** Finds the sources, opens archives and leaves copies out. `settle` has the last word on files before archives are opened. */
export async function openInputs(
  paths: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
  settle: (sources: readonly SourceFile[]) => readonly SourceFile[] = (sources) => sources,
): Promise<Inputs> {
  const inputs = await findSources(paths, stdin ? { stdin } : {});
  const archives = await openArchives(settle(inputs.sources));
  const { sources, copies } = await withoutCopies(archives.sources);
  return { sources, problems: [...inputs.problems, ...archives.problems], copies };
}

/** Log formats of nginx that the user told and that configurations among the sources declare. */
export function logFormatsFor(sources: readonly SourceFile[], options: AnalyzeOptions): readonly string[] {
  return [...(options.logFormats ?? []), ...declaredLogFormats(sources)];
}

/** How sources are read. */
export function readingOptions(
  sources: readonly Pick<SourceFile, 'bytes'>[],
  logFormats: readonly string[],
  options: AnalyzeOptions,
): ReadingOptions {
  return {
    logFormats,
    csvFields: options.csvFields,
    only: { host: options.host, path: options.path },
    sha256: options.hash === true || sources.every(({ bytes }) => bytes <= HASH_BELOW_BYTES),
    forceFormat: options.as,
  };
}

/** What was read, and what could not be. */
export interface Reading extends Omit<Inputs, 'sources' | 'copies'> {
  readonly digest: Digest;
  /** For each source whether the user named this very file. */
  readonly named: readonly boolean[];
  readonly copies: readonly CopyLabels[];
  /** Entries that stand in several sources and were read in one. */
  readonly repeats: readonly RepeatLabels[];
  /** A line that was asked about. */
  readonly line?: TracedLineOf | undefined;
  /** Set where its records were masked with a key: the values, as far as they are known. */
  readonly masked?: { readonly secrets?: Secrets } | undefined;
}

/** A span of time on the one clock; milliseconds since 1970. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** From what was read to the result: clocks, bursts, facts, causes, redaction. */
export function conclude(reading: Reading, options: AnalyzeOptions): Analysis {
  return judge(reading, onOneClock(reading, options), options);
}

/**
 * As `conclude`, once for each of the spans into which `cut` divides the time of the logs, by the failures found in it; with
 * the span. One analysis of the whole, without a span, where it gives fewer than two. Logs that have no place among the others,
 * as nobody knows their zone, are cut and judged by themselves.
 */
export function* concludeInParts(
  reading: Reading,
  options: AnalyzeOptions,
  cut: (failures: readonly Span[]) => readonly Span[],
): Generator<readonly [Analysis, Span | null]> {
  const timed = onOneClock(reading, options);
  const spansOf = (streams: readonly TimedStream[]): readonly Span[] =>
    cut(burstsIn(streams).all.map(({ startMs, endMs }) => ({ startMs, endMs })));
  const logs = [timed, ...adriftMachines(timed)].flatMap((streams) =>
    spansOf(streams).map((span) => ({ streams, span })),
  );
  if (logs.length < 2) yield [judge(reading, timed, options), null];
  else
    for (const { streams, span } of logs) {
      const part = { since: { atMs: span.startMs }, until: { atMs: span.endMs } };
      const analysis = judge(reading, withinWindow(streams, part), { ...options, ...part });
      yield [{ ...analysis, result: withSources(analysis.result, (source) => touches(source, span)) }, span];
    }
}

/** Whether a source has entries in a span. */
function touches({ first, last }: Source, { startMs, endMs }: Span): boolean {
  return first !== null && last !== null && Date.parse(first) <= endMs && Date.parse(last) >= startMs;
}

function onOneClock({ digest }: Reading, { tz, year, since, until }: AnalyzeOptions): readonly TimedStream[] {
  return withinWindow(withInnerServers(setClocks(digest, { tz, year })), { since, until });
}

function burstsIn(timed: readonly TimedStream[]) {
  const byZone = partAdrift(timed);
  const placed = witnesses(byZone.placed);
  const found = findBursts(byZone.placed, placed);
  const { placed: streams, adrift } = partDisplaced(byZone, found);
  const isSame = streams.length === byZone.placed.length && streams.every(({ clock }) => clock.moved === undefined);
  const seen = isSame ? placed : witnesses(streams);
  const all = withOutages(isSame ? found : findBursts(streams, seen), streams);
  return { streams, adrift, all, background: findBackground(seen, all) };
}

/** From streams on one clock to the result. */
function judge(reading: Reading, timed: readonly TimedStream[], options: AnalyzeOptions): Analysis {
  const { digest, named, copies, repeats, masked } = reading;
  const problems = [...reading.problems, ...copies.map(copyProblem)];
  const { streams, adrift, all, background } = burstsIn(timed);
  const found = largestBursts(all);
  const bursts = found.map((burst) => {
    const facts = factsOf(sceneOf(burst, found, streams));
    return { burst, facts, diagnosis: diagnose(facts, CAUSES) };
  });
  const quiet = bursts.length === 0 && isQuiet(timed);
  const onlyNoise = bursts.length === 0 && hasOnlyNoise(timed);
  const lasting = background.find((one) => one.witness.knowsTotals && isLasting(one));
  const isExcerpt = !quiet && !onlyNoise && !isBlind(timed) && timed.length > 0;
  const scene = lasting ? lastingScene(lasting, streams) : isExcerpt ? excerptScene(timed) : null;
  const excerpt = bursts.length > 0 || scene === null ? null : factsOf(scene);
  const result = buildResult({
    digest,
    streams,
    adrift,
    bursts,
    burstsSeen: all.length,
    background,
    excerpt: excerpt && { facts: excerpt, diagnosis: diagnose(excerpt, CAUSES), isLasting: lasting !== undefined },
    wouldShow: quiet,
    onlyNoise,
    seesWholeWay: seesWholeWay(timed),
    options: { ...shownOptions(options), ...(masked && { redactKey: true }) },
    warnings: [
      ...digest.sources.flatMap(({ warnings }) => [...warnings]),
      ...adriftWarnings(digest, adrift),
      ...movedWarnings(digest, streams),
      ...changeWarnings(digest, streams),
      ...yearWarnings(streams),
      ...undatedWarnings(digest, streams),
      ...copyWarnings(copies),
      ...repeatWarnings(repeats),
      ...duplicateWarnings(digest),
    ],
    skipped: problems.map(({ path, reason }) => ({ path, reason })),
    asked: { ray: options.ray?.slice(0, 16).toLowerCase(), atMs: options.atMs },
    line: reading.line,
  });
  const failures = [
    ...problems.filter((problem) => problem.named).map(({ path, reason }) => `${path}: ${reason}`),
    ...digest.sources
      .filter(({ index, skipped }) => skipped !== null && named[index] === true)
      .map(({ label, skipped }) => `${label}: ${skipped}`),
    ...digest.sources.flatMap(({ warnings }) => [...warnings]),
  ];
  const { result: redacted, secrets } = redactWithSecrets(
    { ...result, warnings: [...result.warnings, ...failures.map((text) => `${FAILED}${text}`)] },
    {
      enabled: options.redact !== false,
      key: options.redactKey,
      hosts: options.redactHosts,
      named: masked !== undefined && reading.line === undefined,
      secrets: masked?.secrets,
    },
  );
  return {
    result: { ...redacted, warnings: redacted.warnings.filter((text) => !text.startsWith(FAILED)) },
    understood: digest.sources.filter(({ records }) => records > 0).length,
    failures: redacted.warnings.filter((text) => text.startsWith(FAILED)).map((text) => text.slice(FAILED.length)),
    secrets,
  };
}

/** Marks failures on their way through the door of redaction, which takes a result. */
const FAILED = 'failed input: ';

/** The options that say something about the logs; those that only say how to work are left out, as they change nothing. */
function shownOptions(options: AnalyzeOptions): Record<string, unknown> {
  const { tz, year, as, logFormats, csvFields, since, until, host, path, redact, redactKey, redactHosts, ray, atMs } =
    options;
  const shown = {
    tz,
    year,
    as,
    logFormats: logFormats?.length ? logFormats : undefined,
    csvFields: csvFields?.length ? csvFields : undefined,
    since: since && shownMoment(since),
    until: until && shownMoment(until),
    host,
    path,
    redact: redact !== false,
    redactKey: redactKey === undefined ? undefined : true,
    redactHosts: redactHosts === true ? true : undefined,
    ray,
    at: atMs === undefined ? undefined : new Date(atMs).toISOString(),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
}

function shownMoment(moment: Moment): string {
  return 'atMs' in moment
    ? new Date(moment.atMs).toISOString()
    : `${moment.beforeEndMs / 1000} s before the last entry`;
}
