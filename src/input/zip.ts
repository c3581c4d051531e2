import type { Entry, ZipFile } from 'yauzl';
import { collected, HELD_STREAM_BYTES, Members, type Opened } from './archive.ts';
import { MOST_RATIO, RATIO_FROM_BYTES } from './bytes.ts';
import type { SourceFile } from './source.ts';

/** A file of an archive, and who reads it. */
type OpenZip = () => Promise<ZipFile>;

/**
 * The files of a zip archive. It is read from its end: one on disk where its files lie, one in another archive or from a pipe from
 * memory, up to 256 MB. Of a damaged list of files those before that place.
 */
export async function zipMembers(archive: SourceFile): Promise<Opened> {
  const yauzl = await import('yauzl');
  // Names are labels only, so that `../` in one is no reason to refuse the archive.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false } as const;
  // A member has the path of its archive.
  const path = archive.readWhole === undefined ? null : archive.path;
  const held = path === null ? await heldZip(archive) : null;
  const open: OpenZip = () =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, zip?: ZipFile): void =>
        zip ? resolve(zip) : reject(error ?? new Error('not a zip archive'));
      if (held !== null) yauzl.fromBuffer(held, options, done);
      else yauzl.open(path ?? '', options, done);
    });
  const members = new Members(archive);
  const nameOf = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string =>
    yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const zip = await open();
  let problem: string | null = null;
  const left = new Map<string, number>();
  try {
    for await (const entry of entriesOf(zip)) {
      const name = nameOf(entry);
      if (name.endsWith('/') || isLink(entry)) continue;
      const reason = whyUnreadable(entry);
      if (reason !== null) {
        left.set(reason, (left.get(reason) ?? 0) + 1);
        continue;
      }
      const modified = entry.getLastModDate({ timezone: 'UTC' });
      members.add({ name, bytes: entry.uncompressedSize, modified }, () => contentOf(entry, open));
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  } finally {
    zip.close();
  }
  return { members: members.all(), problem, left: [...left].map(([reason, files]) => `${files} files ${reason}`) };
}

/** Ways to pack that other programs know (APPNOTE.TXT, section 4.4.5): Windows takes Deflate64 for what is large. */
const OTHER_METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
};
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

function whyUnreadable({ generalPurposeBitFlag, compressionMethod }: Entry): string | null {
  if ((generalPurposeBitFlag & ENCRYPTED) !== 0) return 'are encrypted';
  if (compressionMethod === STORED || compressionMethod === DEFLATED) return null;
  return `are packed with ${OTHER_METHODS[compressionMethod] ?? `method ${compressionMethod}`}, which is not read here`;
}

const MADE_ON_UNIX = 3;
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/** Links are not followed, and hold nothing but a name. */
function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  return versionMadeBy >> 8 === MADE_ON_UNIX && ((externalFileAttributes >>> 16) & FILE_TYPE) === LINK;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      zip.removeAllListeners();
      zip.once('entry', resolve);
      zip.once('end', () => resolve(null));
      zip.once('error', reject);
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

async function heldZip(archive: SourceFile): Promise<Buffer> {
  try {
    return await collected(archive.open(), HELD_STREAM_BYTES);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}, and a zip archive is read from its end`);
  }
}

/** The bytes of a file, from an archive that is open no longer than this: there may be thousands of archives. */
async function* contentOf(entry: Entry, open: OpenZip): AsyncGenerator<Buffer> {
  const zip = await open();
  try {
    const content = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) =>
        stream ? resolve(stream) : reject(error ?? new Error('it cannot be opened')),
      );
    });
    let bytes = 0;
    for await (const block of content) {
      bytes += block.length;
      if (bytes > RATIO_FROM_BYTES && bytes > MOST_RATIO * entry.compressedSize)
        throw new Error(`it unpacks to more than ${MOST_RATIO} times its size, as no log does`);
      yield block;
    }
  } finally {
    zip.close();
  }
}
