import { availableParallelism } from 'node:os';
import type { Format } from '../formats/format.ts';
import type { SourceFile } from '../input/source.ts';
import type { Digest } from './digest.ts';
import { Merger } from './merge.ts';
import { type Done, threadsFor, threadsForRest } from './paying-threads.ts';
import { piecesOf } from './pieces.ts';
import type { ReadingOptions, WeightsByStream } from './read-source.ts';
import { isPortable, ReadingThread, workerFile } from './thread.ts';
import { UnitQueue } from './unit-queue.ts';
import { digestUnit, type Unit, unitsOf } from './units.ts';

/** Called again and again while sources are read: how many of how many bytes on disk are done. */
export type OnProgress = (done: { readonly label: string; readonly bytes: number; readonly ofBytes: number }) => void;

/** How many threads read: a number, or as many as there are processors and as pay. */
export type Jobs = number | 'auto';

/**
 * Reads all sources and puts them together in their order. `jobs` threads work at it, the main one among them; the outcome is the same whatever their number. Without a built worker all is done on the main thread.
 */
export async function digestSources(
  sources: readonly SourceFile[],
  formats: readonly Format[],
  options: ReadingOptions & {
    readonly jobs: Jobs;
    readonly onProgress?: OnProgress | undefined;
    /** Size of a piece of a large file; for tests. */
    readonly pieceBytes?: number | undefined;
  },
): Promise<Digest> {
  const units = unitsOf(sources, (source) => piecesOf(source, formats, options));
  const queue = new UnitQueue(units);
  const inOrder = new InOrder(units);
  let threads: readonly ReadingThread[] = [];
  const ofBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const doneBytes = new Map<Unit, number>();
  let bytes = 0;
  const onRead = (unit: Unit, unitBytes: number): void => {
    bytes += unitBytes - (doneBytes.get(unit) ?? 0);
    doneBytes.set(unit, unitBytes);
    options.onProgress?.({ label: unit.sources[0]?.label ?? '', bytes: Math.min(bytes, ofBytes), ofBytes });
  };
  const readUnit = async (unit: Unit, following?: Unit): Promise<Done> => {
    let done = { bytes: 0, singles: 0 };
    // Where several read, each of them keeps a processor busy.
    const sha256Aside = options.jobs !== 1 && threads.length === 0;
    const told = { ...options, sha256Aside, weights: inOrder.weights() };
    const onDone = (bytes: number, singles: number): void => {
      done = { bytes, singles };
      onRead(unit, bytes);
    };
    inOrder.add(unit, await digestUnit(unit, formats, told, onDone, following?.sources[0]));
    return done;
  };
  const readHere = async (): Promise<void> => {
    let following: Unit | undefined;
    for (let unit = queue.next(); unit; unit = following ?? queue.next()) {
      following = queue.nextSmall();
      await readUnit(unit, following);
    }
  };
  const readThere = async (thread: ReadingThread): Promise<void> => {
    for (let unit = queue.next(isPortable); unit; unit = queue.next(isPortable)) {
      const digest = await thread.read(unit, inOrder.weights());
      if (digest === null) {
        queue.giveBack(unit);
        return;
      }
      inOrder.add(unit, digest);
      onRead(
        unit,
        unit.sources.reduce((sum, { bytes }) => sum + bytes, 0),
      );
    }
  };
  /** Reads the pieces of a file here, one by one, until more threads pay; how many. */
  const readUntilThreadsPay = async (): Promise<number> => {
    const done = { bytes: 0, singles: 0 };
    for (let unit = queue.next(); unit; unit = queue.next()) {
      const { bytes, singles } = await readUnit(unit);
      done.bytes += bytes;
      done.singles += singles;
      const threads = threadsForRest(ofBytes - done.bytes, done);
      if (threads > 0) return threads;
    }
    return 0;
  };
  const isOneFile = units.length > 1 && units.every(({ first }) => first === units[0]?.first);
  const payingThreads = (): number | Promise<number> => (isOneFile ? readUntilThreadsPay() : threadsFor(units));
  const wanted = Math.min(options.jobs === 'auto' ? await payingThreads() : options.jobs - 1, queue.length - 1);
  // Asked only where more threads pay: `node:os` would have to be loaded.
  const most = options.jobs === 'auto' && wanted > 0 ? availableParallelism() - 1 : wanted;
  threads = openThreads(Math.min(wanted, most), options);
  try {
    await Promise.all([readHere(), ...threads.map(readThere)]);
    // What a thread that broke down has given back.
    await readHere();
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
  return inOrder.result();
}

/** As many threads; none where they cannot be. */
function openThreads(count: number, options: ReadingOptions): ReadingThread[] {
  // Blocks of a given size are for tests, which look at the main thread.
  const file = count > 0 && options.blockBytes === undefined ? workerFile() : null;
  return file === null ? [] : Array.from({ length: count }, () => new ReadingThread(file, options));
}

/** Merges the digests of units in their order as soon as all before them are there, so that few wait in memory. */
class InOrder {
  private readonly merger = new Merger();
  private readonly waiting = new Map<Unit, Digest>();
  private readonly order: Unit[];

  constructor(units: readonly Unit[]) {
    this.order = [...units];
  }

  add(unit: Unit, digest: Digest): void {
    this.waiting.set(unit, digest);
    for (let first = this.order[0]; first !== undefined; first = this.order[0]) {
      const next = this.waiting.get(first);
      if (!next) return;
      this.waiting.delete(first);
      this.order.shift();
      this.merger.add(next);
    }
  }

  weights(): WeightsByStream {
    return this.merger.weights();
  }

  result(): Digest {
    return this.merger.result();
  }
}
