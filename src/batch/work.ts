import { basename, dirname, join } from 'node:path';
import { conclude, concludeInParts, readLogs, type Span } from '../analyze.ts';
import type { OnProgress } from '../digest/sources.ts';
import { LeakError } from '../report/safely.ts';
import type { Secrets } from '../result/leaks.ts';
import { mapStrings } from '../result/redact.ts';
import type { Result } from '../result/schema.ts';
import { type About, brokenEntry, type Entry, entryOf } from './entry.ts';
import { contentOf, type Inputs, inputsOf, rulesOf } from './fingerprint.ts';
import { maskedName } from './folders.ts';
import { cutByCalm } from './split.ts';
import {
  missingReports,
  readResult,
  readSplit,
  readState,
  removeIncident,
  type SplitState,
  writeReports,
  writeSplit,
  writeState,
} from './store.ts';
import type { Outcome, Task } from './task.ts';

const HOUR_MS = 3_600_000;

/** What the stored states of a task say without reading its logs. */
export interface Inspection {
  readonly inputs: Inputs;
  /** Set where there is nothing to be done. */
  readonly done: readonly Outcome[] | null;
}

/** Finds out whether a task was done by this version, of these very files. */
export async function inspect(task: Task): Promise<Inspection> {
  const inputs = await inputsOf(task.paths);
  const stored = await storedOf(task);
  if (stored === null || stored.stats !== inputs.stats) return { inputs, done: null };
  const outcomes: Outcome[] = [];
  for (const folder of stored.folders) {
    const state = await readState(folder);
    if (state === null || (await missingReports(folder, task.formats)).length > 0) return { inputs, done: null };
    outcomes.push({ entry: state.entry, how: 'done' });
  }
  return { inputs, done: outcomes };
}

/** Does what has to be done: one outcome, or one for each incident into which its logs are cut. Throws nothing: what goes wrong stands in the entry. */
export async function work(task: Task, onProgress?: OnProgress): Promise<readonly Outcome[]> {
  let inputs: Inputs | null = null;
  try {
    inputs = await inputsOf(task.paths);
    return (await fromStore(task, inputs)) ?? (await fromLogs(task, inputs, onProgress));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const told = failure(task, inputs, `it could not be done: ${reason}. Run whose502 on it alone to see more`);
    return [error instanceof LeakError ? { ...told, how: 'leaked' } : told];
  }
}

/** The outcome of a task of which nothing can be said. */
export function failure(task: Task, inputs: Pick<Inputs, 'files' | 'bytes'> | null, reason: string): Outcome {
  const about = aboutOf(task.name, task.folder, inputs, [maskedName(reason, task.options)]);
  return { entry: brokenEntry(about), how: 'failed' };
}

/** What is stored of a task by this version and these options; its folders are paths. */
async function storedOf(task: Task): Promise<SplitState | null> {
  const [state, folders] =
    task.split === undefined
      ? [await readState(task.folder), [task.folder]]
      : await readSplit(task.split.list).then(
          (split) => [split, split?.folders.map((name) => join(dirname(task.folder), name)) ?? []] as const,
        );
  return state?.rules === rulesOf(task) ? { ...state, folders: [...folders] } : null;
}

/** Files that were touched and hold what they held, or reports that were not asked for before. */
async function fromStore(task: Task, inputs: Inputs): Promise<readonly Outcome[] | null> {
  const stored = await storedOf(task);
  if (stored === null) return null;
  if (stored.stats !== inputs.stats && stored.content !== (await contentOf(inputs))) return null;
  const outcomes: Outcome[] = [];
  for (const folder of stored.folders) {
    const state = await readState(folder);
    const missing = await missingReports(folder, task.formats);
    const result = missing.length > 0 ? await readResult(folder) : null;
    if (state === null || (missing.length > 0 && result === null)) return null;
    if (result !== null) await writeReports(folder, result, missing, null);
    await writeState(folder, { ...state, stats: inputs.stats });
    outcomes.push({ entry: state.entry, how: result === null ? 'done' : 'drawn' });
  }
  await writeList(task, { ...stored, stats: inputs.stats });
  return outcomes;
}

async function fromLogs(task: Task, inputs: Inputs, onProgress?: OnProgress): Promise<readonly Outcome[]> {
  const content = await contentOf(inputs);
  const before = task.split === undefined ? null : await readSplit(task.split.list);
  const reading = await readLogs(task.paths, { ...task.options, jobs: 'auto', onProgress });
  const state = { stateVersion: 1, rules: rulesOf(task), stats: inputs.stats, content } as const;
  const outcomes: Outcome[] = [];
  const { split } = task;
  const analyses =
    split === undefined
      ? [[conclude(reading, task.options), null] as const]
      : concludeInParts(reading, task.options, (failures) => cutByCalm(failures, split.calmHours * HOUR_MS));
  for (const [{ result, understood, failures, secrets }, span] of analyses) {
    const problems =
      understood === 0
        ? ['nothing in it was understood; whose502 formats lists what is read and where it is found', ...failures]
        : failures;
    const { name, folder } = placeOf(
      task,
      result,
      span,
      outcomes.map(({ entry }) => entry.folder),
    );
    const entry = safeEntry(entryOf(aboutOf(name, folder, inputs, problems), result), secrets);
    await writeReports(folder, result, task.formats, secrets);
    await writeState(folder, { ...state, entry });
    outcomes.push({ entry, how: 'analysed' });
  }
  const folders = outcomes.map(({ entry }) => entry.folder);
  await writeList(task, { ...state, folders });
  for (const old of before?.folders ?? [])
    if (!folders.includes(old)) await removeIncident(join(dirname(task.folder), basename(old)));
  return outcomes;
}

/** Written last: it says that all incidents of these logs are there. */
async function writeList({ split }: Task, state: SplitState): Promise<void> {
  if (split === undefined) return;
  const { stateVersion, rules, stats, content, folders } = state;
  await writeSplit(split.list, { stateVersion, rules, stats, content, folders: folders.map((path) => basename(path)) });
}

/** Name and folder of an incident; of one that was cut out of a longer time with the time at which its failures begin. */
function placeOf(
  task: Task,
  { bursts }: Result,
  span: Span | null,
  taken: readonly string[],
): Pick<Task, 'name' | 'folder'> {
  if (span === null) return task;
  const start = bursts.map((burst) => burst.start).sort()[0] ?? new Date(span.startMs).toISOString();
  // No name of a folder or archive gives an @.
  const folder = `${task.folder}@${start.slice(0, 19).replace(/[-:]/g, '')}Z`;
  const same = taken.filter((other) => other.startsWith(basename(folder))).length;
  return {
    name: `${task.name} ${start.slice(0, 16).replace('T', ' ')}`,
    folder: same === 0 ? folder : `${folder}-${same + 1}`,
  };
}

/** What was masked in the result is masked in the index, too. The folder is the name of a folder that is there. */
function safeEntry(entry: Entry, secrets: Secrets | null): Entry {
  if (secrets === null) return entry;
  return { ...mapStrings(entry, (text) => secrets.mask(text)), folder: entry.folder };
}

function aboutOf(
  name: string,
  folder: string,
  inputs: Pick<Inputs, 'files' | 'bytes'> | null,
  problems: readonly string[],
): About {
  return { name, folder: basename(folder), files: inputs?.files ?? 0, bytes: inputs?.bytes ?? 0, problems };
}

/** Draws the reports of a stored incident again. Null where nothing that can be used is stored. */
export async function redraw(folder: string, formats: Task['formats']): Promise<Outcome | null> {
  const [state, result] = await Promise.all([readState(folder), readResult(folder)]);
  if (state === null || result === null) return null;
  const { name, files, bytes, problems } = state.entry;
  const entry = entryOf({ name, folder: basename(folder), files, bytes, problems }, result);
  await writeReports(folder, result, formats, null);
  await writeState(folder, { ...state, entry });
  return { entry, how: 'drawn' };
}
