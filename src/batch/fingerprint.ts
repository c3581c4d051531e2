import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { findSources } from '../input/paths.ts';
import type { SourceFile } from '../input/source.ts';
import { RULESET, TOOL_VERSION } from '../vocabulary/tool.ts';
import type { Task } from './task.ts';

/** Files above this are known by their size and time of change: reading them again takes as long as analysing them. */
const HASH_BELOW_BYTES = 256 * 1024 * 1024;

/** What an incident is made of, as the file system tells it. */
export interface Inputs {
  readonly files: number;
  readonly bytes: number;
  /** Hash of names, sizes and times: while it is the same, nothing was touched. */
  readonly stats: string;
  readonly sources: readonly SourceFile[];
}

/** Looks at the files of an incident without reading them. */
export async function inputsOf(paths: readonly string[]): Promise<Inputs> {
  const { sources } = await findSources(paths);
  const hash = createHash('sha256');
  for (const { label, path, bytes } of sources) hash.update(`${label}\0${bytes}\0${timesOf(path)}\n`);
  return {
    files: sources.length,
    bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
    stats: hash.digest('hex'),
    sources,
  };
}

/** Hash of what the files hold: names, sizes and SHA-256, of large files the time of change. Throws the system's errors. */
export async function contentOf({ sources }: Inputs): Promise<string> {
  const hash = createHash('sha256');
  for (const { label, path, bytes } of sources) {
    const held = path !== null && bytes <= HASH_BELOW_BYTES ? await sha256Of(path) : modifiedAt(path);
    hash.update(`${label}\0${bytes}\0${held}\n`);
  }
  return hash.digest('hex');
}

/** Hash of all that decides, beside the files, what the result says. */
export function rulesOf({ name, options, split }: Pick<Task, 'name' | 'options' | 'split'>): string {
  const { redact, redactKey, redactHosts, hash, logFormats, ...others } = options;
  const told = Object.entries({
    ...others,
    logFormats: logFormats?.length ? logFormats : undefined,
    redact: redact !== false,
    redactKey: redactKey === undefined ? undefined : createHash('sha256').update(redactKey).digest('hex'),
    redactHosts: redactHosts === true,
    hash: hash === true,
    split: split?.calmHours,
  })
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([TOOL_VERSION, RULESET, name, told]))
    .digest('hex');
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function modifiedAt(path: string | null): string {
  return path === null ? '' : String(statSync(path, { bigint: true }).mtimeNs);
}

/** Time of writing and time of change: the second tells what copies with kept times hide. */
function timesOf(path: string | null): string {
  if (path === null) return '';
  try {
    const { mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'gone';
  }
}
