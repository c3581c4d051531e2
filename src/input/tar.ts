import type { Header } from 'tar-stream';
import { blocksOf, collected, HELD_BYTES, HELD_STREAM_BYTES, Members, type Opened } from './archive.ts';
import { readSource } from './bytes.ts';
import { byText } from './labels.ts';
import type { SourceFile } from './source.ts';

/**
 * The files of a tar archive. Their content is held where there is room for it; else the archive is read again when their turn
 * comes, each time with as many of the following ones as there is room for. Of an archive that is cut or damaged the files
 * before that place.
 */
export async function tarMembers(archive: SourceFile): Promise<Opened> {
  const members = new Members(archive);
  const shelf = new Shelf(archive);
  let problem: string | null = null;
  try {
    for await (const { header, content } of tarFiles(archive)) {
      const { name, size = 0, mtime } = header;
      await shelf.see(name, size, content);
      members.add({ name, bytes: size, modified: mtime }, (blockBytes) => shelf.open(name, blockBytes));
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  return { members: members.all(), problem };
}

interface TarFile {
  readonly header: Header;
  readonly content: AsyncIterable<unknown>;
}

/** The files of a tar archive one after the other; what is not read of one is passed over. Throws for damage. */
async function* tarFiles(archive: SourceFile): AsyncGenerator<TarFile> {
  const { extract } = await import('tar-stream');
  const unpack = extract();
  const bytes = readSource(archive);
  const closed = new Promise<void>((resolve) => unpack.once('close', () => resolve()));
  const feeding = (async () => {
    try {
      for await (const block of bytes) {
        // Blocks hold good until the next one is asked for.
        if (!unpack.write(Buffer.from(block)))
          await Promise.race([new Promise<void>((resolve) => unpack.once('drain', () => resolve())), closed]);
        if (unpack.destroyed) return;
      }
      const { complete, warnings } = bytes.summary();
      if (complete) unpack.end(undefined);
      else unpack.destroy(new Error(warnings.join('; ')));
    } catch (error) {
      unpack.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  try {
    for await (const entry of unpack) {
      const { type } = entry.header;
      if (type === 'file' || type === 'contiguous-file') yield { header: entry.header, content: entry };
      entry.resume();
    }
  } finally {
    unpack.destroy();
    await feeding;
  }
}

/** Files of a tar archive in memory, as many as there is room for. */
class Shelf {
  private readonly archive: SourceFile;
  private readonly sizes = new Map<string, number>();
  private readonly held = new Map<string, Buffer>();
  private heldBytes = 0;
  private inOrder: readonly string[] | null = null;

  constructor(archive: SourceFile) {
    this.archive = archive;
  }

  /** Takes a file that comes by for the first time. Throws where it cannot be held and will not come again. */
  async see(name: string, size: number, content: AsyncIterable<unknown>): Promise<void> {
    this.sizes.set(name, size);
    const room = this.archive.reopens ? HELD_BYTES : HELD_STREAM_BYTES;
    if (this.heldBytes + size <= room) this.hold(name, await collected(content));
    else if (!this.archive.reopens)
      throw new Error('more than 256 MB of it came through a pipe and cannot be read again; save it and name the file');
    // The later one of two with one name is meant.
    else this.held.delete(name);
  }

  async *open(name: string, blockBytes?: number): AsyncGenerator<Buffer> {
    const held = this.held.get(name);
    if (held !== undefined) yield* blocksOf(held, blockBytes);
    else if ((this.sizes.get(name) ?? 0) > HELD_BYTES) yield* this.passedOver(name);
    else {
      await this.fetch(name);
      yield* blocksOf(this.held.get(name) ?? Buffer.alloc(0), blockBytes);
    }
  }

  private hold(name: string, bytes: Buffer): void {
    this.heldBytes += bytes.length - (this.held.get(name)?.length ?? 0);
    this.held.set(name, bytes);
  }

  /** Reads the archive again and holds a file and those that are asked for next: sources are read in the order of their names. */
  private async fetch(name: string): Promise<void> {
    this.inOrder ??= [...this.sizes.keys()].sort(byText);
    this.held.clear();
    this.heldBytes = 0;
    const wanted = new Set<string>();
    let bytes = 0;
    for (const next of this.inOrder.slice(this.inOrder.indexOf(name))) {
      bytes += this.sizes.get(next) ?? 0;
      if (bytes > HELD_BYTES) break;
      wanted.add(next);
    }
    try {
      for await (const { header, content } of tarFiles(this.archive))
        if (wanted.has(header.name)) this.hold(header.name, await collected(content));
    } catch {
      // Damage was told of when it was opened; what lies before it is there.
    }
  }

  /** A file that is too large to be held, as it comes by; the last of its name. */
  private async *passedOver(name: string): AsyncGenerator<Buffer> {
    for await (const { header, content } of tarFiles(this.archive)) {
      if (header.name !== name || header.size !== this.sizes.get(name)) continue;
      for await (const block of content) if (Buffer.isBuffer(block)) yield block;
      return;
    }
  }
}
