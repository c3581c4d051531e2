import type { Header } from 'tar-stream';
import type { Entry, ZipFile } from 'yauzl';
import { readSource } from './bytes.ts';
import { byText } from './labels.ts';
import type { InputProblem, SourceFile } from './source.ts';

/** Programs that write no dates leave the first that a tar (1970) or a zip (1980) can hold. */
const FIRST_DATE_MS = Date.UTC(1990, 0, 1);
/** Members are held in memory up to this many bytes of one archive; larger ones are read from the archive again when their turn comes. */
const HELD_BYTES = 128 * 1024 * 1024;
const MOST_MEMBERS = 20_000;
const TAR_NAME = /\.(?:tar|tgz|tar\.gz|tar\.zst)$/i;
const ZIP_NAME = /\.zip$/i;
/** What desktop systems add to archives. */
const NOT_CONTENT = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._[^/]*$|desktop\.ini$|Thumbs\.db$)/;

/** Whether a file is taken for an archive, which its name says. */
export function isArchiveName(name: string): boolean {
  return TAR_NAME.test(name) || ZIP_NAME.test(name);
}

/** Archives within archives are opened this deep: a bundle of the day's bundles of machines. */
const MOST_DEPTH = 3;
/** A zip archive is read from its end: one that lies in another archive is held in memory. */
const HELD_ZIP_BYTES = 256 * 1024 * 1024;

/**
 * Replaces tar and zip archives among the sources by their members, and archives among these by theirs, without unpacking
 * anything to disk. Links, folders and files of the desktop are left out; names are labels only. An archive that cannot be
 * read is a problem, not an error.
 */
export async function openArchives(
  sources: readonly SourceFile[],
  depth = 1,
): Promise<{ readonly sources: readonly SourceFile[]; readonly problems: readonly InputProblem[] }> {
  const found: SourceFile[] = [];
  const problems: InputProblem[] = [];
  for (const source of sources) {
    const read = TAR_NAME.test(source.label) ? tarMembers : ZIP_NAME.test(source.label) ? zipMembers : null;
    if (read === null) {
      found.push(source);
      continue;
    }
    try {
      if (depth > MOST_DEPTH) throw new Error(`it lies in more than ${MOST_DEPTH - 1} others`);
      const members = await read(source);
      if (members.length === 0)
        problems.push({ path: source.label, reason: 'there is no file in this archive', named: source.named });
      const within = await openArchives(members, depth + 1);
      found.push(...within.sources);
      problems.push(...within.problems);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push({
        path: source.label,
        reason: `the archive cannot be read (${reason}); unpack it and name the folder`,
        named: source.named,
      });
    }
  }
  found.sort((a, b) => byText(a.label, b.label));
  return { sources: found, problems };
}

/** A member as a source: from memory, or read from its archive again. */
function memberSource(
  archive: SourceFile,
  name: string,
  bytes: number,
  modified: Date | undefined,
  held: Buffer | null,
  again: () => AsyncIterable<Buffer>,
): SourceFile {
  return {
    label: `${archive.label}/${name.replace(/^(?:\.{0,2}\/)+/, '')}`,
    path: archive.path,
    bytes,
    modifiedMs: modified && modified.getTime() >= FIRST_DATE_MS ? modified.getTime() : undefined,
    named: false,
    reopens: true,
    open: (blockBytes) => (held ? blocksOf(held, blockBytes) : again()),
  };
}

async function* blocksOf(bytes: Buffer, blockBytes = 1 << 20): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
}

async function tarMembers(archive: SourceFile): Promise<SourceFile[]> {
  const members: SourceFile[] = [];
  let held = 0;
  await eachTarMember(archive, async ({ name, size = 0, mtime }, content) => {
    if (members.length >= MOST_MEMBERS) throw new Error(`it has more than ${MOST_MEMBERS} files`);
    const keep = held + size <= HELD_BYTES;
    if (keep) held += size;
    const bytes = keep ? await collected(content) : null;
    members.push(memberSource(archive, name, size, mtime, bytes, () => tarMemberAgain(archive, name)));
    return keep;
  });
  return members;
}

/** Calls for every file of a tar archive; returning false from the call skips what was not read of it. */
async function eachTarMember(
  archive: SourceFile,
  member: (header: Header, content: AsyncIterable<unknown>) => Promise<boolean>,
): Promise<void> {
  const { extract } = await import('tar-stream');
  const unpack = extract();
  const feeding = (async () => {
    try {
      for await (const block of readSource(archive)) {
        // Blocks hold good until the next one is asked for.
        if (!unpack.write(Buffer.from(block)))
          await new Promise<void>((resolve) => unpack.once('drain', () => resolve()));
        if (unpack.destroyed) return;
      }
      unpack.end(undefined);
    } catch (error) {
      unpack.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  for await (const entry of unpack) {
    const { name, type } = entry.header;
    const isFile = type === 'file' || type === 'contiguous-file';
    if (!isFile || NOT_CONTENT.test(name) || !(await member(entry.header, entry))) entry.resume();
  }
  await feeding;
}

async function* tarMemberAgain(archive: SourceFile, wanted: string): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  // tar-stream wants every member read in turn: this one is handed on when the archive has been passed through.
  await eachTarMember(archive, async ({ name }, content) => {
    if (name !== wanted) return false;
    for await (const block of content) if (Buffer.isBuffer(block)) parts.push(block);
    return true;
  });
  yield* parts;
}

async function collected(content: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const block of content) if (Buffer.isBuffer(block)) parts.push(Buffer.from(block));
  return Buffer.concat(parts);
}

async function zipMembers(archive: SourceFile): Promise<SourceFile[]> {
  const zip = await zipOf(archive);
  const entries: Entry[] = [];
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > MOST_MEMBERS) reject(new Error(`it has more than ${MOST_MEMBERS} files`));
      else zip.readEntry();
    });
    zip.once('end', resolve);
    zip.once('error', reject);
    zip.readEntry();
  });
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/') && !NOT_CONTENT.test(fileName));
  return files.map((entry) =>
    memberSource(archive, entry.fileName, entry.uncompressedSize, entry.getLastModDate({ timezone: 'UTC' }), null, () =>
      zipMember(zip, entry),
    ),
  );
}

async function zipOf(archive: SourceFile): Promise<ZipFile> {
  const { fromBuffer, open: openZip } = await import('yauzl');
  const options = { lazyEntries: true, autoClose: false } as const;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip?: ZipFile): void =>
      zip ? resolve(zip) : reject(error ?? new Error('not a zip archive'));
    // A member has the path of its archive.
    if (archive.path !== null && archive.readWhole !== undefined) openZip(archive.path, options, done);
    else heldZip(archive).then((bytes) => fromBuffer(bytes, options, done), reject);
  });
}

async function heldZip(archive: SourceFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const block of archive.open()) {
    bytes += block.length;
    if (bytes > HELD_ZIP_BYTES) throw new Error('it has more than 256 MB, and a zip archive is read from its end');
    parts.push(Buffer.from(block));
  }
  return Buffer.concat(parts);
}

async function* zipMember(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    zip.openReadStream(entry, (error, content) =>
      content ? resolve(content) : reject(error ?? new Error('it cannot be opened')),
    );
  });
  yield* stream;
}
