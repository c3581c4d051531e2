import { constants, gunzipSync } from 'node:zlib';
import { looksBinary } from './binary.ts';
import { isGzip } from './small.ts';
import type { SourceFile } from './source.ts';

/** What holds other files. */
export type ArchiveKind = 'tar' | 'zip';

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

/** A tar archive tells itself within this much, also behind the beginning of gzip data. */
const HEAD_BYTES = 4096;

/**
 * What archive a source is, by its name or, where it came through a pipe, by its beginning; with the source to read then. Null
 * for what is none.
 */
export async function archiveKind(
  source: SourceFile,
): Promise<{ readonly kind: ArchiveKind | null; readonly source: SourceFile }> {
  if (source.reopens) return { kind: kindOfName(source.label), source };
  const blocks = source.open()[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let bytes = 0;
  let ended = false;
  while (bytes < HEAD_BYTES && !ended) {
    const next = await blocks.next();
    if (next.done === true) ended = true;
    else {
      head.push(Buffer.from(next.value));
      bytes += next.value.length;
    }
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield* head;
    for (let next = await blocks.next(); next.done !== true; next = await blocks.next()) yield next.value;
  }
  return { kind: kindOfHead(Buffer.concat(head)), source: { ...source, open: all } };
}

function kindOfHead(head: Buffer): ArchiveKind | null {
  const what = looksBinary(isGzip(head) ? unpackedHead(head) : head);
  if (what?.includes('tar archive') === true) return 'tar';
  return what?.includes('ZIP archive') === true ? 'zip' : null;
}

function unpackedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return head;
  }
}
