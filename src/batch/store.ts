import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ReportFormat, reportFile } from '../report/render.ts';
import type { Secrets } from '../result/leaks.ts';
import { type Result, resultSchema } from '../result/schema.ts';
import { writeWhole } from './atomic.ts';
import { entrySchema } from './entry.ts';

/**
 * What is kept of an incident, in its folder: the result, the reports drawn from it, and last of all `state.json`, which says
 * that the others are there and what they were made of.
 */

const STATE = 'state.json';
const RESULT = 'result.json';
const UNFINISHED = /\.\d+\.part$/;

const stateSchema = z.object({
  stateVersion: z.literal(1),
  rules: z.string(),
  stats: z.string(),
  content: z.string(),
  entry: entrySchema,
});

export type State = z.infer<typeof stateSchema>;

/** What is kept of logs that were cut into incidents: their folders, by name. */
const splitSchema = stateSchema.omit({ entry: true }).extend({ folders: z.array(z.string()) });
export type SplitState = z.infer<typeof splitSchema>;

const FILES: Readonly<Record<ReportFormat, string>> = {
  html: 'report.html',
  md: 'report.md',
  json: RESULT,
  csv: 'bursts.csv',
  txt: 'report.txt',
  png: 'report.png',
};

/** Name of a report within its incident's folder. */
export function fileOf(format: ReportFormat): string {
  return FILES[format];
}

/** The state of an incident, or null where there is none that this version can use. */
export async function readState(folder: string): Promise<State | null> {
  return parsed(join(folder, STATE), stateSchema);
}

/** The incidents that logs were cut into, or null where this version knows of none. */
export async function readSplit(list: string): Promise<SplitState | null> {
  return parsed(list, splitSchema);
}

export async function writeSplit(list: string, state: SplitState): Promise<void> {
  await writeWhole(list, `${JSON.stringify(state)}\n`);
}

/** Takes an incident away that its logs do not have any more. */
export async function removeIncident(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** The stored result, or null where there is none that this version can use. */
export async function readResult(folder: string): Promise<Result | null> {
  return parsed(join(folder, RESULT), resultSchema);
}

async function parsed<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const data: unknown = JSON.parse(await readFile(path, 'utf8'));
    return schema.safeParse(data).data ?? null;
  } catch {
    return null;
  }
}

export async function writeState(folder: string, state: State): Promise<void> {
  await writeWhole(join(folder, STATE), `${JSON.stringify(state)}\n`);
}

/**
 * Writes the result, and the reports of these formats. The result is always written: reports and index are drawn from it.
 * `secrets` are looked for in all of them; null where the result was stored before. Throws `LeakError`.
 */
export async function writeReports(
  folder: string,
  result: Result,
  formats: readonly ReportFormat[],
  secrets: Secrets | null,
): Promise<void> {
  for (const format of new Set<ReportFormat>(['json', ...formats]))
    await writeWhole(join(folder, fileOf(format)), await reportFile(format, result, secrets));
}

/** Formats of which there is no report yet. */
export async function missingReports(
  folder: string,
  formats: readonly ReportFormat[],
): Promise<readonly ReportFormat[]> {
  const there = new Set(await namesIn(folder));
  return [...new Set<ReportFormat>(['json', ...formats])].filter((format) => !there.has(fileOf(format)));
}

/** Takes away the half written files of a folder. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
}

/** Folders of incidents that have been done. */
export async function storedFolders(incidents: string): Promise<readonly string[]> {
  return (await namesIn(incidents)).sort();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
