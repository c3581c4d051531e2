import { relative, resolve, sep } from 'node:path';
import {
  type Analysis,
  type AnalyzeOptions,
  conclude,
  logFormatsFor,
  openInputs,
  type Reading,
  readingOptions,
  repeatLabels,
  withSafeNames,
  withSafeRecords,
} from '../analyze.ts';
import { changedSource, unsealedSource } from '../digest/changed.ts';
import type { Digest, SourceDigest } from '../digest/digest.ts';
import type { RepeatLabels } from '../digest/duplicates.ts';
import { Merger } from '../digest/merge.ts';
import { overlapsIn } from '../digest/overlaps.ts';
import { piecesOf } from '../digest/pieces.ts';
import { movedDigest } from '../digest/plain-text.ts';
import { digestSource } from '../digest/read-source.ts';
import { findRepeats, withoutRepeats } from '../digest/repeats.ts';
import { unitsOf } from '../digest/units.ts';
import { readRecords } from '../digest/unread.ts';
import { formatsWith } from '../formats/registry.ts';
import { byText } from '../input/labels.ts';
import type { SourceFile } from '../input/source.ts';
import { openRecordRedaction, type RecordRedaction } from '../result/mask-records.ts';
import { RULESET, TOOL_VERSION } from '../vocabulary/tool.ts';
import { openPart, type PartHead, PartProblem, type PartReader, writePart } from './part-file.ts';
import { keyFileOf, keyName, readKey } from './redact-key.ts';

/**
 * An analysis in parts: logs are read in several runs, on several machines, into digests; merging them gives the result of one
 * run over all of them, byte by byte.
 */

export interface DigestOptions
  extends Pick<AnalyzeOptions, 'as' | 'host' | 'path' | 'logFormats' | 'csvFields' | 'hash'> {
  /** Folder that the names of files start from, so that they are the same as in a run over this folder. */
  readonly root?: string | undefined;
  /** Names what is private, which is masked then; without it the digest holds lines as they are. */
  readonly redactKey?: string | Uint8Array | undefined;
}

/** Reads logs into a digest. Gives the number of its sources. Throws a `PartProblem` for what the user can mend. */
export async function writeDigestFile(paths: readonly string[], out: string, options: DigestOptions): Promise<number> {
  const masks = options.redactKey === undefined ? null : openRecordRedaction(options.redactKey);
  const inputs = await openInputs(paths, undefined, (files) => underRoot(files, options.root));
  const { sources, problems, copies } = withSafeNames(inputs, masks);
  const logFormats = logFormatsFor(sources, options);
  const formats = formatsWith(logFormats, options.csvFields);
  const reading = readingOptions(sources, logFormats, options);
  const headOf = (pieces: readonly (readonly SourceFile[])[], repeats: readonly RepeatLabels[]): PartHead => ({
    format: 'whose502-digest',
    version: 5,
    tool: { version: TOOL_VERSION, ruleset: RULESET },
    key: options.redactKey === undefined ? null : keyName(options.redactKey),
    options: {
      as: options.as,
      host: options.host,
      path: options.path === undefined || masks === null ? options.path : masks.text(options.path),
      logFormats: [...(options.logFormats ?? [])],
      ...(options.csvFields && { csvFields: [...options.csvFields] }),
      hash: options.hash === true,
    },
    logFormats: [...logFormats],
    problems: problems.map(({ path, reason, named }) => ({ path, reason, named })),
    copies: copies.map(({ source, of, isBeginning }) => ({ path: source.label, of: of.label, isBeginning })),
    repeats: repeats.map((repeat) => ({ ...repeat, others: [...repeat.others] })),
    sources: sources.map(({ label, bytes, named }, i) => ({ label, bytes, named, pieces: pieces[i]?.length ?? 0 })),
  });
  /** Writes the part and gives what it comes to. */
  const write = async (files: readonly SourceFile[], repeats: readonly RepeatLabels[]): Promise<Digest> => {
    const pieces = files.map((source) => piecesOf(source, formats, reading));
    const whole = new Merger();
    async function* digests(): AsyncGenerator<SourceDigest> {
      for (const [index, ofSource] of pieces.entries())
        for (const piece of ofSource) {
          const digest = await digestSource(piece, index, formats, reading);
          readRecords(digest.streams);
          yield masks === null ? digest : changedSource(digest, { ...masks, server: masks.label });
          // It is written when the next one is asked for, and the merger's from then on.
          whole.add({ sources: [digest], streams: digest.streams });
        }
    }
    await writePart(out, headOf(pieces, repeats), digests(), masks?.secrets ?? null);
    return whole.result();
  };
  const first = await write(sources, []);
  const repeats = await findRepeats(sources, formats, first, reading);
  if (repeats.length > 0) await write(withoutRepeats(sources, repeats), repeatLabels(repeats, sources));
  return sources.length;
}

/** The same files with names that start from a folder. */
function underRoot(sources: readonly SourceFile[], root: string | undefined): readonly SourceFile[] {
  if (root === undefined) return sources;
  return sources
    .map((source) => {
      const label = source.path === null ? null : relative(resolve(root), source.path).split(sep).join('/');
      if (label === null || label.startsWith('..'))
        throw new PartProblem(`${source.label}: it lies outside of --root ${root}; name a folder above all logs`);
      return { ...source, label };
    })
    .sort((a, b) => byText(a.label, b.label));
}

/** A source of a digest, with where it stands among all. */
interface Placed {
  readonly label: string;
  readonly bytes: number;
  readonly named: boolean;
  readonly pieces: number;
  readonly part: PartReader;
}

/**
 * Puts digests together, in whatever order they are named, and analyses them. Holds one source at a time beside what an
 * analysis holds. Throws a `PartProblem` where they are no digests, or do not belong together.
 */
export async function mergeDigestFiles(
  paths: readonly string[],
  options: Pick<AnalyzeOptions, 'tz' | 'year' | 'since' | 'until' | 'redact' | 'redactKey' | 'redactHosts'>,
): Promise<Analysis> {
  const parts: PartReader[] = [];
  try {
    for (const path of new Set(paths.map((name) => resolve(name)))) parts.push(await openPart(path));
    const [first] = parts;
    if (first === undefined) throw new PartProblem('name the digests to merge');
    checkKey(first, options);
    for (const part of parts) checkAlike(first, part);
    const placed = parts
      .flatMap((part) => part.head.sources.map((source): Placed => ({ ...source, part })))
      .sort((a, b) => byText(a.label, b.label));
    checkLabels(placed);
    const redact = options.redact !== false;
    const redactKey = options.redactKey ?? keyAmong(first);
    const masks = redact && redactKey !== undefined ? openRecordRedaction(redactKey) : null;
    const digest = await mergeInOrder(placed, first.head, masks);
    for (const part of parts) await part.end();
    checkOverlaps(digest, placed);
    const reading = readingOf(parts, placed, digest);
    const safe = first.head.key === null ? withSafeRecords(reading, masks) : { ...reading, masked: {} };
    return conclude(safe, { ...first.head.options, ...options, redactKey });
  } finally {
    for (const part of parts) part.close();
  }
}

/** Merges as one run does: unit by unit, in the order of the labels, which is that of each part, too. */
async function mergeInOrder(placed: readonly Placed[], head: PartHead, masks: RecordRedaction | null): Promise<Digest> {
  const { sha256: hashes } = readingOptions(placed, head.logFormats, head.options);
  const whole = new Merger();
  const seen = new Map<string, string>();
  const units = unitsOf(placed, (source) => Array.from({ length: source.pieces }, () => source));
  let waiting: SourceDigest[] = [];
  for (const { first, sources } of units) {
    const unit = new Merger();
    for (const [i, source] of sources.entries()) {
      if (waiting.length === 0) waiting = [...(await source.part.next())];
      const digest = waiting.shift();
      if (digest === undefined) continue;
      checkCopy(digest, seen);
      const opened = masks === null ? digest : unsealedSource(digest, masks.seal);
      const moved = movedDigest(opened, first + i, hashes ? digest.sha256 : null);
      unit.add({ sources: [moved], streams: moved.streams });
    }
    whole.add(unit.result());
  }
  return whole.result();
}

function readingOf(parts: readonly PartReader[], placed: readonly Placed[], digest: Digest): Reading {
  return {
    digest,
    named: placed.map(({ named }) => named),
    problems: parts
      .flatMap(({ head }) => head.problems)
      .sort((a, b) => byText(a.path, b.path) || byText(a.reason, b.reason)),
    repeats: parts.flatMap(({ head }) => head.repeats).sort((a, b) => byText(a.path, b.path)),
    copies: parts
      .flatMap(({ head }) => head.copies)
      .sort((a, b) => byText(a.path, b.path))
      .map(({ path, of, isBeginning }) => ({ source: { label: path }, of: { label: of }, isBeginning })),
  };
}

/** The key of redacted digests, where it still lies among them. */
function keyAmong({ path, head }: PartReader): Uint8Array | undefined {
  const key = head.key === null ? null : readKey(keyFileOf(path));
  return key !== null && keyName(key) === head.key ? key : undefined;
}

/** What is asked of redacted digests must be asked with their key. */
function checkKey(
  { path, head }: PartReader,
  { redact, redactKey }: Pick<AnalyzeOptions, 'redact' | 'redactKey'>,
): void {
  if (head.key === null) return;
  if (redact === false)
    throw new PartProblem(`${path}: what is private in it was masked when it was made; leave --no-redact out`);
  if (redactKey !== undefined && keyName(redactKey) !== head.key)
    throw new PartProblem(`${path}: made with another --redact-key; give that one, or none`);
}

/** Digests belong together where one version made them, with the same word on how to read. */
function checkAlike(first: PartReader, part: PartReader): void {
  const { tool, options, logFormats } = part.head;
  if (tool.version !== TOOL_VERSION || tool.ruleset !== RULESET)
    throw new PartProblem(
      `${part.path}: made by whose502 ${tool.version} with rules ${tool.ruleset}, and this is ${TOOL_VERSION} with rules ${RULESET}; digest again with one version`,
    );
  if (JSON.stringify(options) !== JSON.stringify(first.head.options))
    throw new PartProblem(
      `${part.path}: read with other options than ${first.path} (--as, --host, --path, --log-format, --fields, --hash); digest both with the same`,
    );
  if (part.head.key !== first.head.key)
    throw new PartProblem(
      `${part.path}: not redacted with the same key as ${first.path}, so that nobody is known again; digest both with one --redact-key`,
    );
  const missing = [...first.head.logFormats, ...logFormats].find(
    (format) => !logFormats.includes(format) || !first.head.logFormats.includes(format),
  );
  if (missing !== undefined)
    throw new PartProblem(
      `${part.path} and ${first.path}: a configuration among the logs of only one of them declares a log_format; digest all parts with --log-format '${missing}'`,
    );
}

function checkLabels(placed: readonly Placed[]): void {
  for (const [i, { label, part }] of placed.entries()) {
    const before = placed[i - 1];
    if (before !== undefined && before.label === label)
      throw new PartProblem(
        `${before.part.path} and ${part.path}: both hold a file ${label}; if it is not the same one, digest both with --root <a folder above them>`,
      );
  }
}

/** Files as small as this may be the same by chance. */
const SURELY_ONE_BYTES = 1024;

/** Within a part copies were left out; between parts that would need both files. */
function checkCopy({ sha256, label, bytes }: SourceDigest, seen: Map<string, string>): void {
  if (sha256 === null || bytes < SURELY_ONE_BYTES) return;
  const before = seen.get(sha256);
  if (before !== undefined && before !== label)
    throw new PartProblem(
      `${before} and ${label} are the same file in two digests: its lines would count twice; leave one out`,
    );
  seen.set(sha256, label);
}

/** Within a part what stands in two sources was read once; between parts that would need both files. */
function checkOverlaps(digest: Digest, placed: readonly Placed[]): void {
  for (const { sources } of overlapsIn(digest)) {
    const [first, ...others] = sources.flatMap((index) => placed[index] ?? []);
    const other = others.find(({ part }) => part !== first?.part);
    if (first !== undefined && other !== undefined)
      throw new PartProblem(
        `${first.label} and ${other.label} hold the same entries in two digests: they would count twice; digest both files together, or leave one out`,
      );
  }
}
