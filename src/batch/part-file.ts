import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { changedSource } from '../digest/changed.ts';
import type { SourceDigest } from '../digest/digest.ts';
import { readDigest, writeDigest } from '../digest/plain-text.ts';
import { LeakError } from '../report/safely.ts';
import type { Secrets } from '../result/leaks.ts';
import { mapRecord } from '../result/mask-records.ts';
import { makeFolder } from './make-folder.ts';

/**
 * A digest as a file (docs/digests.md): gzip of lines of JSON. The first line is the head; then each source has one line, a
 * large one that is read in pieces one for each piece, in the order of the head; the last line says that nothing is missing.
 */

const count = z.number().int().nonnegative();
const VERSION = 5;

export const headSchema = z.object({
  format: z.literal('whose502-digest'),
  version: z.literal(VERSION),
  tool: z.object({ version: z.string(), ruleset: z.string() }),
  /** Which key named what is private (`keyName`); null where nothing was masked. */
  key: z.string().nullable(),
  /** What the user said about the logs when they were read. */
  options: z.object({
    as: z.string().optional(),
    host: z.string().optional(),
    path: z.string().optional(),
    logFormats: z.array(z.string()),
    csvFields: z.array(z.string()).optional(),
    hash: z.boolean(),
  }),
  /** Log formats that the sources were read with: those of the user and those that configurations declare. */
  logFormats: z.array(z.string()),
  problems: z.array(z.object({ path: z.string(), reason: z.string(), named: z.boolean() })),
  copies: z.array(z.object({ path: z.string(), of: z.string(), isBeginning: z.boolean().default(false) })),
  /** Entries that stand in several sources of this part and are read in one. */
  repeats: z.array(z.object({ path: z.string(), count, others: z.array(z.string()), exported: z.boolean() })),
  /** In order of their labels. */
  sources: z.array(z.object({ label: z.string(), bytes: count, named: z.boolean(), pieces: count })),
});

export type PartHead = z.infer<typeof headSchema>;

const END = '{"end":true}';

/** What is wrong with the digests that were given, in plain words with what to do. */
export class PartProblem extends Error {}

/**
 * Writes a digest; the file is there as a whole or not at all. Where `secrets` holds what was masked, the digest is searched for
 * it before it gets its name, and written again without what is found. Throws the system's errors, and a `LeakError` where
 * that did not help.
 */
export async function writePart(
  path: string,
  head: PartHead,
  digests: AsyncIterable<SourceDigest>,
  secrets: Secrets | null,
): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${process.pid}.part`;
  const again = `${beside}-again`;
  try {
    await writeLines(beside, head, digests);
    if (secrets === null || !(await leaks(beside, secrets))) await rename(beside, path);
    else {
      await writeLines(again, head, withoutLeaks(beside, secrets));
      if (await leaks(again, secrets)) throw new LeakError();
      await rename(again, path);
    }
  } finally {
    await rm(beside, { force: true });
    await rm(again, { force: true });
  }
}

async function writeLines(path: string, head: PartHead, digests: AsyncIterable<SourceDigest>): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify(head)}\n`;
    for await (const digest of digests) yield `${writeDigest(digest)}\n`;
    yield `${END}\n`;
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(path, { flush: true }));
}

async function* digestsIn(path: string): AsyncGenerator<SourceDigest> {
  const part = await openPart(path);
  try {
    for (const _ of part.head.sources) yield* await part.next();
  } finally {
    part.close();
  }
}

async function* withoutLeaks(path: string, secrets: Secrets): AsyncGenerator<SourceDigest> {
  for await (const digest of digestsIn(path)) yield withTexts(digest, (text) => secrets.mask(text));
}

/** Whether a digest holds what was masked, but for our own words: signals, formats, names of files. */
async function leaks(path: string, secrets: Secrets): Promise<boolean> {
  for await (const digest of digestsIn(path)) {
    const found = secrets.find(writeDigest(digest));
    if (found.size === 0) continue;
    const own = secrets.find(writeDigest(withTexts(digest, () => '')));
    for (const [value, times] of found) if (times > (own.get(value) ?? 0)) return true;
  }
  return false;
}

/** A digest with all that comes from the logs changed. */
function withTexts(digest: SourceDigest, text: (text: string) => string): SourceDigest {
  return changedSource(digest, { record: (record) => mapRecord(record, text), text, server: text });
}

/** A digest that is being read, source by source. */
export interface PartReader {
  readonly path: string;
  readonly head: PartHead;
  /** The digests of the next source, one for each of its pieces. Throws a `PartProblem` where they are not there. */
  next(): Promise<readonly SourceDigest[]>;
  /** Throws a `PartProblem` unless all was there. */
  end(): Promise<void>;
  close(): void;
}

/** Opens a digest. Throws a `PartProblem` where it is none, or none that this version reads. */
export async function openPart(path: string): Promise<PartReader> {
  const file = createReadStream(path);
  const unpacked = file.pipe(createGunzip());
  // Without this, an error of the file would not reach the reader of what is unpacked.
  file.on('error', (error) => unpacked.destroy(error));
  const reader = createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  let failed: Error | null = null;
  unpacked.on('error', (error) => {
    failed = error;
    reader.close();
  });
  const damaged = (): PartProblem =>
    failed !== null && 'syscall' in failed
      ? new PartProblem(`${path}: it cannot be read (${failed.message.replace(/,.*/s, '')}); check the name`)
      : new PartProblem(`${path}: this digest is cut or damaged; make it again`);
  const line = async (): Promise<string> => {
    try {
      const next = await lines.next();
      if (next.done !== true) return next.value;
    } catch {
      // Told below.
    }
    throw damaged();
  };
  const close = (): void => {
    file.destroy();
    unpacked.destroy();
  };
  const head = headOf(path, await line(), damaged);
  let at = 0;
  return {
    path,
    head,
    close,
    next: async () => {
      const source = head.sources[at];
      at += 1;
      const pieces: SourceDigest[] = [];
      for (let i = 0; i < (source?.pieces ?? 0); i++) {
        const digest = readDigest(await line());
        if (digest === null || digest.label !== source?.label) throw damaged();
        pieces.push(digest);
      }
      return pieces;
    },
    end: async () => {
      if ((await line()) !== END) throw damaged();
    },
  };
}

function headOf(path: string, line: string, damaged: () => PartProblem): PartHead {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    throw new PartProblem(`${path}: this is no digest of whose502; make one with whose502 digest <logs> -o ${path}`);
  }
  const version = z.object({ format: z.literal('whose502-digest'), version: z.number() }).safeParse(data).data?.version;
  if (version !== undefined && version !== VERSION)
    throw new PartProblem(
      `${path}: this digest has version ${version}, which this whose502 does not read; make it again`,
    );
  const head = headSchema.safeParse(data).data;
  if (head === undefined) throw damaged();
  return head;
}
