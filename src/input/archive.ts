import type { SourceFile } from './source.ts';

/** What both kinds of archives share. */

/** Programs that write no dates leave the first that a tar (1970) or a zip (1980) can hold. */
const FIRST_DATE_MS = Date.UTC(1990, 0, 1);
/** A year of Logpush objects of five minutes; each costs some hundred bytes of memory. */
const MOST_MEMBERS = 150_000;
/** What desktop systems add to archives. */
const NOT_CONTENT = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._[^/]*$|desktop\.ini$|Thumbs\.db$)/;
/** Members are held in memory up to this many bytes of one archive, and what can be read but once. */
export const HELD_BYTES = 128 * 1024 * 1024;
export const HELD_STREAM_BYTES = 256 * 1024 * 1024;

/** What an archive gave: its members, and why there are not more of them. */
export interface Opened {
  readonly members: readonly SourceFile[];
  /** Why reading it ended before its end. */
  readonly problem: string | null;
  /** What of it cannot be read, in plain words. */
  readonly left?: readonly string[];
}

/** A file in an archive, as its header tells. */
export interface Member {
  readonly name: string;
  readonly bytes: number;
  readonly modified: Date | undefined;
}

/** Members under their names, which are but labels: of two with one name the later one, as unpacking would leave it. */
export class Members {
  private readonly archive: SourceFile;
  private readonly byLabel = new Map<string, SourceFile>();

  constructor(archive: SourceFile) {
    this.archive = archive;
  }

  /** Adds a member, unless it is no content. Throws where there are too many. */
  add({ name, bytes, modified }: Member, open: (blockBytes?: number) => AsyncIterable<Buffer>): void {
    if (NOT_CONTENT.test(name)) return;
    if (this.byLabel.size >= MOST_MEMBERS) throw new Error(`it has more than ${MOST_MEMBERS} files`);
    const label = `${this.archive.label}/${name.replace(/^(?:\.{0,2}\/)+/, '')}`;
    this.byLabel.set(label, {
      label,
      path: this.archive.path,
      bytes,
      modifiedMs: modified && modified.getTime() >= FIRST_DATE_MS ? modified.getTime() : undefined,
      named: false,
      reopens: true,
      open,
    });
  }

  all(): SourceFile[] {
    return [...this.byLabel.values()];
  }
}

/** Bytes from memory in blocks. */
export async function* blocksOf(bytes: Buffer, blockBytes = 1 << 20): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
}

/** All of a stream in memory. Throws where it is more than `most` bytes. */
export async function collected(content: AsyncIterable<unknown>, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const block of content) {
    if (!Buffer.isBuffer(block)) continue;
    bytes += block.length;
    if (bytes > most) throw new Error(`it has more than ${Math.round(most / 1024 / 1024)} MB`);
    parts.push(Buffer.from(block));
  }
  return Buffer.concat(parts);
}
