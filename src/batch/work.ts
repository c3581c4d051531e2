import { basename } from 'node:path';
import { runAnalysis } from '../analyze.ts';
import type { OnProgress } from '../digest/sources.ts';
import { LeakError } from '../report/safely.ts';
import type { Secrets } from '../result/leaks.ts';
import { mapStrings } from '../result/redact.ts';
import { type About, brokenEntry, type Entry, entryOf } from './entry.ts';
import { contentOf, type Inputs, inputsOf, rulesOf } from './fingerprint.ts';
import { maskedName } from './folders.ts';
import { missingReports, readResult, readState, type State, writeReports, writeState } from './store.ts';
import type { Outcome, Task } from './task.ts';

/** What an incident's state says without reading its logs. */
export interface Inspection {
  readonly inputs: Inputs;
  /** Set where there is nothing to be done. */
  readonly done: Outcome | null;
}

/** Finds out whether an incident was done by this version, of these very files. */
export async function inspect(task: Task): Promise<Inspection> {
  const inputs = await inputsOf(task.paths);
  const state = await readState(task.folder);
  const same = state !== null && state.rules === rulesOf(task.name, task.options) && state.stats === inputs.stats;
  const isDone = same && (await missingReports(task.folder, task.formats)).length === 0;
  return { inputs, done: isDone ? { entry: state.entry, how: 'done' } : null };
}

/** Does what has to be done for an incident. Throws nothing: what goes wrong stands in the entry. */
export async function work(task: Task, onProgress?: OnProgress): Promise<Outcome> {
  let inputs: Inputs | null = null;
  try {
    inputs = await inputsOf(task.paths);
    return (await fromStore(task, inputs)) ?? (await fromLogs(task, inputs, onProgress));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const told = failure(task, inputs, `it could not be done: ${reason}. Run whose502 on it alone to see more`);
    return error instanceof LeakError ? { ...told, how: 'leaked' } : told;
  }
}

/** The outcome of an incident of which nothing can be said. */
export function failure(task: Task, inputs: Pick<Inputs, 'files' | 'bytes'> | null, reason: string): Outcome {
  return { entry: brokenEntry(aboutOf(task, inputs, [maskedName(reason, task.options)])), how: 'failed' };
}

/** Files that were touched and hold what they held, or reports that were not asked for before. */
async function fromStore(task: Task, inputs: Inputs): Promise<Outcome | null> {
  const state = await readState(task.folder);
  if (state === null || state.rules !== rulesOf(task.name, task.options)) return null;
  if (state.stats !== inputs.stats && state.content !== (await contentOf(inputs))) return null;
  const missing = await missingReports(task.folder, task.formats);
  if (missing.length > 0) {
    const result = await readResult(task.folder);
    if (result === null) return null;
    await writeReports(task.folder, result, missing, null);
  }
  await writeState(task.folder, { ...state, stats: inputs.stats });
  return { entry: state.entry, how: missing.length > 0 ? 'drawn' : 'done' };
}

async function fromLogs(task: Task, inputs: Inputs, onProgress?: OnProgress): Promise<Outcome> {
  const content = await contentOf(inputs);
  const { result, understood, failures, secrets } = await runAnalysis(task.paths, {
    ...task.options,
    jobs: 'auto',
    onProgress,
  });
  const problems =
    understood === 0
      ? ['nothing in it was understood; whose502 formats lists what is read and where it is found', ...failures]
      : failures;
  const entry = safeEntry(entryOf(aboutOf(task, inputs, problems), result), secrets);
  await writeReports(task.folder, result, task.formats, secrets);
  const rules = rulesOf(task.name, task.options);
  const state: State = { stateVersion: 1, rules, stats: inputs.stats, content, entry };
  await writeState(task.folder, state);
  return { entry, how: 'analysed' };
}

/** What was masked in the result is masked in the index, too. The folder is the name of a folder that is there. */
function safeEntry(entry: Entry, secrets: Secrets | null): Entry {
  if (secrets === null) return entry;
  return { ...mapStrings(entry, (text) => secrets.mask(text)), folder: entry.folder };
}

function aboutOf(task: Task, inputs: Pick<Inputs, 'files' | 'bytes'> | null, problems: readonly string[]): About {
  return {
    name: task.name,
    folder: basename(task.folder),
    files: inputs?.files ?? 0,
    bytes: inputs?.bytes ?? 0,
    problems,
  };
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
