import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Inputs } from './fingerprint.ts';
import type { Outcome, Task } from './task.ts';
import { failure, work } from './work.ts';

type FromWorker = { readonly bytes: number } | { readonly outcomes: readonly Outcome[] };

type OnBytes = (bytes: number) => void;

// The bundler takes `new URL('…', import.meta.url)` for a file to bundle.
const HERE = import.meta.url;
/** Where the built worker lies, seen from the built command and from the built library. */
const PLACES = ['../batch/index.js', './batch/index.js'];

/** Does incidents one after the other. */
export interface Worker {
  readonly run: (task: Task, inputs: Inputs, onBytes: OnBytes) => Promise<readonly Outcome[]>;
  readonly close: () => void;
  /** Ends it in the midst of its work. What that leaves half written is beside its place. */
  readonly stop: () => Promise<void>;
}

/**
 * A worker: a process of its own, so that an incident that runs out of memory takes down itself and not the batch. Where the
 * program runs from its sources, which a process cannot load, the work is done here.
 */
export function openWorker(): Worker {
  const file = PLACES.map((place) => new URL(place, HERE)).find((url) => existsSync(url));
  return file === undefined ? new WorkerHere() : new ProcessWorker(fileURLToPath(file));
}

class WorkerHere implements Worker {
  private latest: Promise<unknown> = Promise.resolve();

  run(task: Task, _inputs: Inputs, onBytes: OnBytes): Promise<readonly Outcome[]> {
    const outcomes = work(task, ({ bytes }) => onBytes(bytes));
    this.latest = outcomes;
    return outcomes;
  }

  close(): void {}

  async stop(): Promise<void> {
    await this.latest;
  }
}

class ProcessWorker implements Worker {
  private readonly file: string;
  private child: ChildProcess | null = null;

  constructor(file: string) {
    this.file = file;
  }

  run(task: Task, inputs: Inputs, onBytes: OnBytes): Promise<readonly Outcome[]> {
    // `advanced` is what threads use, too: it keeps what JSON would lose.
    this.child ??= fork(this.file, [], { serialization: 'advanced', execArgv: [] });
    const { child } = this;
    return new Promise((resolve) => {
      const settle = (outcomes: readonly Outcome[]): void => {
        child.removeAllListeners();
        resolve(outcomes);
      };
      child.on('message', (message: FromWorker) => {
        if ('bytes' in message) onBytes(message.bytes);
        else settle(message.outcomes);
      });
      child.on('error', (error) => {
        this.child = null;
        settle([failure(task, inputs, `its process could not be started (${error.message}). Try again with --jobs 1`)]);
      });
      child.on('exit', (code, signal) => {
        this.child = null;
        const how = signal === null ? `code ${code}` : `signal ${signal}`;
        settle([
          failure(
            task,
            inputs,
            `its process ended with ${how}; most often the memory was not enough. Try again with --jobs 1, or analyse it alone`,
          ),
        ]);
      });
      child.send(task);
    });
  }

  close(): void {
    this.child?.disconnect();
  }
  async stop(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.removeAllListeners();
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  }
}
