import { looksBinary } from './binary.ts';
import { readSource } from './bytes.ts';
import { type SourceFile, streamSource } from './source.ts';

/** What holds other files. */
export type ArchiveKind = 'tar' | 'zip';

const OTHER_NAME = /\.(?:tar\.(?:xz|bz2|lz4|lzma)|t(?:xz|bz2?|lz)|7z|rar)$/i;
const TAR_NAME = /\.(?:tar|tgz|tar\.gz|tar\.zst)$/i;
const ZIP_NAME = /\.zip$/i;

/** What a file is by its name; null for none. */
function kindOfName(name: string): ArchiveKind | null {
  if (TAR_NAME.test(name)) return 'tar';
  return ZIP_NAME.test(name) ? 'zip' : null;
}

/** Whether a file is taken for an archive, which its name says. */
export function isArchiveName(name: string): boolean {
  return kindOfName(name) !== null;
}

/** Whether a file is an archive of a kind that is not opened, which its name says. */
export function isOtherArchiveName(name: string): boolean {
  return OTHER_NAME.test(name);
}

/** A tar archive tells itself within this much, also behind the beginning of gzip data. */
const HEAD_BYTES = 4096;

/**
 * What archive a source is: by its name, unless a file on disk begins as the other kind does; where it came through a pipe by
 * its beginning alone. With the source to read then. Null for what is none.
 */
export async function archiveKind(
  source: SourceFile,
): Promise<{ readonly kind: ArchiveKind | null; readonly source: SourceFile }> {
  if (source.reopens) {
    const kind = kindOfName(source.label);
    if (kind === null || source.readWhole === undefined) return { kind, source };
    const { head, blocks } = await headOf(source).catch(() => ({ head: [], blocks: null }));
    await blocks?.return?.();
    return { kind: (await kindOfHead(Buffer.concat(head))) ?? kind, source };
  }
  const { head, blocks } = await headOf(source);
  async function* all(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) yield next.value;
  }
  return { kind: await kindOfHead(Buffer.concat(head)), source: { ...source, open: all } };
}

/** The first bytes of a source, and what follows them. */
async function headOf(source: SourceFile) {
  const blocks = source.open()[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let bytes = 0;
  while (bytes < HEAD_BYTES) {
    const next = await blocks.next();
    if (next.done === true) break;
    head.push(Buffer.from(next.value));
    bytes += next.value.length;
  }
  return { head, blocks };
}

async function kindOfHead(head: Buffer): Promise<ArchiveKind | null> {
  const what = looksBinary(await textOf(head));
  if (what?.includes('tar archive') === true) return 'tar';
  return what?.includes('ZIP archive') === true ? 'zip' : null;
}

/** The first block that such bytes unpack to; themselves where they are not packed. */
async function textOf(head: Buffer): Promise<Buffer> {
  async function* bytes(): AsyncGenerator<Buffer> {
    yield head;
  }
  for await (const block of readSource(streamSource(bytes()))) return Buffer.from(block);
  return head;
}
