import { availableParallelism } from 'node:os';
import { join, resolve, sep } from 'node:path';
import type { InputProblem } from '../input/source.ts';
import { checkPictures } from '../report/picture/png.ts';
import type { ReportFormat } from '../report/render.ts';
import type { Entry } from './entry.ts';
import type { Inputs } from './fingerprint.ts';
import { foldersFor, maskedName } from './folders.ts';
import { findIncidents } from './incidents.ts';
import { writeIndex } from './index-files.ts';
import { makeFolder } from './make-folder.ts';
import { openWorker, type Worker } from './processes.ts';
import { keyBeside } from './redact-key.ts';
import { unlessStopped } from './stop.ts';
import { storedFolders, sweep } from './store.ts';
import type { LogOptions, Outcome, Task } from './task.ts';
import { inspect, redraw } from './work.ts';

/** What a batch can be told beside where to look and where to write. */
export interface BatchOptions extends LogOptions {
  /** Folder for the index and the reports. */
  readonly out: string;
  /** Reports of each incident; HTML and JSON if not given. The JSON is always written: the others are drawn from it. */
  readonly formats?: readonly ReportFormat[] | undefined;
  /** Incidents done at a time; as many as there are processors if not given. */
  readonly jobs?: number | undefined;
  /** Cuts logs of a long time into incidents: with so many hours of calm between them failures are two incidents. */
  readonly splitHours?: number | undefined;
  readonly onEvent?: ((event: BatchEvent) => void) | undefined;
  /** Stops the batch: it throws the signal's reason, keeps what is finished and leaves nothing half written. */
  readonly signal?: AbortSignal | undefined;
}

/** What a batch tells while it runs. Bytes are those of the logs as they lie on disk. */
export type BatchEvent =
  /** What is to be done, and how many incidents were done before. */
  | { readonly kind: 'found'; readonly incidents: number; readonly bytes: number; readonly done: number }
  | { readonly kind: 'started'; readonly name: string }
  | { readonly kind: 'read'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'finished'; readonly name: string; readonly outcomes: readonly Outcome[] };

/** What a batch came to. */
export interface BatchOutcome {
  /** In order of their names. */
  readonly outcomes: readonly Outcome[];
  /** What was named and gave no incident, and what was passed over. */
  readonly problems: readonly InputProblem[];
}

const INCIDENTS = 'incidents';
/** Which incidents were cut out of which logs. */
const SPLITS = 'splits';
const DEFAULT_FORMATS: readonly ReportFormat[] = ['html', 'json'];

/**
 * Finds the incidents in folders, archives and patterns, analyses each that was not done before, writes its reports and the
 * index of all. What is written is there as a whole or not at all, and what is done is not done again: a batch that was killed
 * goes on where it was. An incident that fails is told of in its outcome. Without a key for the names of visitors one is made
 * beside `out`, so that a visitor has the same name in all reports. Throws where the folder cannot be written.
 */
export async function batch(paths: readonly string[], options: BatchOptions): Promise<BatchOutcome> {
  const {
    out,
    formats = DEFAULT_FORMATS,
    jobs = availableParallelism(),
    splitHours,
    onEvent,
    signal,
    ...told
  } = options;
  const root = resolve(out);
  if (formats.includes('png')) await checkPictures();
  const { incidents, problems } = await unlessStopped(findIncidents(paths, root), signal);
  for (const { name, paths: read } of incidents) {
    if (read.some((path) => `${root}${sep}`.startsWith(`${path}${sep}`)))
      throw new Error(
        `it lies within the incident ${name}, whose logs would change with every report; use a folder outside`,
      );
  }
  await makeFolder(join(root, INCIDENTS));
  await sweepAll(root);
  const logOptions: LogOptions =
    told.redact === false || told.redactKey !== undefined ? told : { ...told, redactKey: await keyBeside(root) };
  const names = incidents.map(({ name }) => maskedName(name, logOptions));
  const folders = foldersFor(names);
  const tasks = incidents.map(
    ({ paths: files }, i): Task => ({
      name: names[i] ?? '',
      paths: files,
      folder: join(root, INCIDENTS, folders[i] ?? ''),
      formats,
      options: logOptions,
      split:
        splitHours === undefined
          ? undefined
          : { calmHours: splitHours, list: join(root, SPLITS, `${folders[i] ?? ''}.json`) },
    }),
  );
  const outcomes = new Map<Task, readonly Outcome[]>();
  const waiting: { readonly task: Task; readonly inputs: Inputs }[] = [];
  await inTurns(tasks, async (task) => {
    signal?.throwIfAborted();
    const { inputs, done } = await inspect(task);
    if (done === null) waiting.push({ task, inputs });
    else outcomes.set(task, done);
  });
  onEvent?.({
    kind: 'found',
    incidents: waiting.length,
    bytes: waiting.reduce((sum, { inputs }) => sum + inputs.bytes, 0),
    done: outcomes.size,
  });
  // The large ones first, so that no process is left alone with one at the end.
  const order = new Map(tasks.map((task, i) => [task, i]));
  waiting.sort((a, b) => b.inputs.bytes - a.inputs.bytes || (order.get(a.task) ?? 0) - (order.get(b.task) ?? 0));
  const workers = Array.from({ length: Math.min(jobs, waiting.length) }, openWorker);
  const lane = async (worker: Worker): Promise<void> => {
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { task, inputs } = next;
        onEvent?.({ kind: 'started', name: task.name });
        const own = await worker.run(task, inputs, (bytes) => onEvent?.({ kind: 'read', name: task.name, bytes }));
        outcomes.set(task, own);
        onEvent?.({ kind: 'finished', name: task.name, outcomes: own });
      }
    } finally {
      worker.close();
    }
  };
  try {
    await unlessStopped(Promise.all(workers.map(lane)), signal);
  } catch (error) {
    waiting.length = 0;
    await Promise.all(workers.map((worker) => worker.stop()));
    await sweepAll(root);
    throw error;
  }
  const inOrder = tasks.flatMap((task) => outcomes.get(task) ?? []);
  await writeIndex(root, entriesOf(inOrder), formats);
  return {
    outcomes: inOrder,
    problems: problems.map(({ path, reason, named }) => ({
      path: maskedName(path, logOptions),
      reason: maskedName(reason, logOptions),
      named,
    })),
  };
}

/** Draws reports and index again from the results that are stored in `out`, without reading a log. */
export async function rebuild({ out, formats = DEFAULT_FORMATS, signal }: BatchOptions): Promise<BatchOutcome> {
  if (formats.includes('png')) await checkPictures();
  const root = resolve(out);
  const outcomes: Outcome[] = [];
  const problems: InputProblem[] = [];
  for (const name of await storedFolders(join(root, INCIDENTS))) {
    signal?.throwIfAborted();
    const outcome = await redraw(join(root, INCIDENTS, name), formats);
    if (outcome !== null) outcomes.push(outcome);
    else
      problems.push({
        path: `${INCIDENTS}/${name}`,
        reason: 'no finished result of this version is stored here; run the batch on its logs',
        named: true,
      });
  }
  if (outcomes.length > 0) await writeIndex(root, entriesOf(outcomes), formats);
  return { outcomes, problems };
}

/** Takes away what a run that was ended left half written. */
async function sweepAll(root: string): Promise<void> {
  await sweep(root);
  await sweep(join(root, SPLITS));
  const stored = await storedFolders(join(root, INCIDENTS));
  await inTurns(stored, (name) => sweep(join(root, INCIDENTS, name)));
}

/** Questions to the file system at a time: each waits more than it works. */
const AT_A_TIME = 8;

/** Does something for each item, several at a time. */
async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
}

function entriesOf(outcomes: readonly Outcome[]): Entry[] {
  return outcomes.map(({ entry }) => entry);
}
