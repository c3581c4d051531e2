import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Digest } from './digest.ts';
import { type PortableSource, portable } from './portable.ts';
import type { ReadingOptions, WeightsByStream } from './read-source.ts';
import type { Unit } from './units.ts';

/** What a reading thread is asked to do: plain data. */
export interface ReadingTask {
  readonly first: number;
  readonly files: readonly PortableSource[];
  readonly options: ReadingOptions;
}

// The bundler takes `new URL('…', import.meta.url)` for a file to bundle.
const HERE = import.meta.url;
/** Where the built worker lies, seen from the built command and from the built library. */
const PLACES = ['../worker/index.js', './worker/index.js'];

/** The worker's file; null where the program runs from its sources, which a worker cannot load. */
export function workerFile(): URL | null {
  return PLACES.map((place) => new URL(place, HERE)).find((url) => existsSync(url)) ?? null;
}

/** Whether another thread can read this unit. */
export function isPortable(unit: Unit): boolean {
  return unit.sources.every((source) => portable(source) !== null);
}

/** Room for what is only just made; more costs memory and brings next to no speed (measured on a gigabyte of access log). */
const YOUNG_MB = 12;

/** A thread that reads units, one at a time. */
export class ReadingThread {
  private readonly worker: Worker;
  private readonly options: ReadingOptions;
  private settle: (digest: Digest | null) => void = () => {};
  private broken = false;

  constructor(file: URL, options: ReadingOptions) {
    this.options = options;
    this.worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    this.worker.on('message', (digest: Digest) => this.settle(digest));
    for (const event of ['error', 'messageerror', 'exit'] as const) {
      this.worker.on(event, () => {
        this.broken = true;
        this.settle(null);
      });
    }
  }

  /** The unit's digest; null where the thread broke down (its memory was not enough), after which it is of no use. */
  read({ first, sources }: Unit, weights: WeightsByStream): Promise<Digest | null> {
    if (this.broken) return Promise.resolve(null);
    const { forceFormat, sha256, logFormats, csvFields, only } = this.options;
    const files = sources.flatMap((source) => portable(source) ?? []);
    return new Promise((resolve) => {
      this.settle = resolve;
      this.worker.postMessage({
        first,
        files,
        options: { forceFormat, sha256, logFormats, csvFields, only, weights },
      } satisfies ReadingTask);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
