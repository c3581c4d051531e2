import { readdir, rm, writeFile } from 'node:fs/promises';
import { makeFolder } from '../batch/make-folder.ts';
import { KEY_WANTED, readKey } from '../batch/redact-key.ts';
import { openArchives } from '../input/archives.ts';
import { findSources } from '../input/paths.ts';
import type { SourceFile } from '../input/source.ts';
import { openRedaction, type Redaction } from '../result/redact.ts';
import { EXIT } from './exit-codes.ts';
import { copySource, mendCopy, seeSource } from './safe-copies.ts';
import { complain } from './tell.ts';
import { progressLine } from './terminal.ts';
import { writeReason } from './write-reason.ts';

/** Options of `whose502 redact <paths...>` as commander hands them over. */
export interface RedactFlags {
  readonly out: string;
  readonly redactKey?: string;
  readonly redactHosts?: boolean;
  readonly quiet?: boolean;
}

/** Names that the private map lists; logs of an attack have millions of visitors. */
const MOST_LISTED = 200_000;

/**
 * Writes safe copies of logs and HARs into a new folder, and a private map of the names beside it. Reads everything twice:
 * who is a visitor shows only at the end. Returns the exit code.
 */
export async function redactCommand(paths: readonly string[], flags: RedactFlags): Promise<number> {
  const key = flags.redactKey === undefined ? undefined : readKey(flags.redactKey);
  if (key === null) return complain(`--redact-key ${flags.redactKey}: ${KEY_WANTED}`, EXIT.usage);
  if (paths.length === 0 || paths.includes('-'))
    return complain('name the files or folders to copy; standard input cannot be read twice', EXIT.usage);
  const map = `${flags.out.replace(/[/\\]+$/, '')}.private-map.json`;
  if (!(await isNewFolder(flags.out)))
    return complain(`--out ${flags.out}: name a folder that does not exist yet, or an empty one`, EXIT.usage);
  try {
    await makeFolder(flags.out);
  } catch (error) {
    return complain(`--out ${flags.out}: ${writeReason(error)}`, EXIT.partial);
  }

  const found = await findSources(paths);
  const archives = await openArchives(found.sources);
  const redaction = openRedaction({ key, hosts: flags.redactHosts });
  const problems = [...found.problems, ...archives.problems];
  const said = (text: string): string => redaction.secrets.mask(redaction.mask(text));
  const left: string[] = [];
  const kept: SourceFile[] = [];
  const progress = progressLine(flags.quiet === true);
  const ofBytes = archives.sources.reduce((sum, { bytes }) => sum + 2 * bytes, 0);
  let bytes = 0;
  const passed = (source: SourceFile): void => {
    bytes += source.bytes;
    progress.show(bytes, ofBytes);
  };
  for (const source of archives.sources) {
    redaction.seeFile(source.label);
    redaction.see(source.label);
    const reason = await seeSource(source, redaction);
    if (reason === null) kept.push(source);
    else left.push(`${source.label}: ${reason}`);
    passed(source);
  }

  const names = copyNames(kept, said);
  const notes: string[] = [];
  for (const [index, source] of kept.entries()) {
    const copy = await copySource(source, flags.out, names[index] ?? `${index}`, redaction);
    notes.push(...copy.notes.map((note) => `${copy.name}: ${note}`));
    passed(source);
  }
  progress.clear();
  const leaking: string[] = [];
  for (const name of names) if (!(await mendCopy(flags.out, name, redaction.secrets))) leaking.push(name);
  await writeMap(map, redaction);

  for (const text of [...problems.map(({ path, reason }) => `${path}: ${reason}`), ...left, ...notes])
    complain(said(text), EXIT.partial);
  for (const name of leaking)
    complain(
      `${name}: it held a value that was masked elsewhere and could not be mended, so it was removed`,
      EXIT.leak,
    );
  if (flags.quiet !== true) process.stdout.write(summary(flags.out, map, names.length - leaking.length, redaction));
  if (leaking.length > 0) return EXIT.leak;
  if (kept.length === 0) return EXIT.nothingUnderstood;
  return problems.some(({ named }) => named) ? EXIT.partial : EXIT.analysed;
}

function summary(out: string, map: string, files: number, redaction: Redaction): string {
  const masked = Object.entries(redaction.masked()).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${files} ${files === 1 ? 'file' : 'files'} in ${out}`,
    `masked: ${masked.length === 0 ? 'nothing had to be' : masked.join(', ')}`,
    `names and what they stand for: ${map} (private; keep it)`,
    'Redaction works by patterns: look through the copies before you send them.',
    '',
  ].join('\n');
}

async function isNewFolder(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** What the names stand for, for the owner's eyes. */
async function writeMap(path: string, redaction: Redaction): Promise<void> {
  const names = redaction.names();
  const listed = Object.fromEntries(names.slice(0, MOST_LISTED));
  const left = names.length - Math.min(names.length, MOST_LISTED);
  await rm(path, { force: true });
  await writeFile(path, `${JSON.stringify({ names: listed, notListed: left }, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
}

/** A name for each copy: the masked label as a path that stays within the folder; unique, ASCII, `.gz` only where packed so. */
function copyNames(sources: readonly SourceFile[], mask: (text: string) => string): string[] {
  const taken = new Set<string>();
  const folders = new Set<string>();
  return sources.map(({ label }) => {
    const parts = mask(label)
      .split('/')
      .map((part) => part.replace(/[^A-Za-z0-9._+@=,-]/g, '_').replace(/^\.+$/, '_'))
      .filter((part) => part !== '');
    // A file may have the name of a folder once both are masked.
    const isBlocked = foldersOf(parts.join('/').toLowerCase()).some((folder) => taken.has(folder));
    const wanted = parts.join(isBlocked ? '_' : '/').replace(/\.(?:zst|zstd)$/, '') || 'log';
    let name = wanted;
    for (let turn = 2; taken.has(name.toLowerCase()) || folders.has(name.toLowerCase()); turn += 1)
      name = wanted.replace(/(\.[^./]*(?:\.gz)?)?$/, (ending) => `-${turn}${ending}`);
    taken.add(name.toLowerCase());
    for (const folder of foldersOf(name.toLowerCase())) folders.add(folder);
    return name;
  });
}

/** The folders above a file, by their paths: `a/b/c` has `a` and `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
