import { accessSync, constants, type Dirent, readdir, realpathSync, type Stats, stat, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { type GlobState, globAccepts, isGlob, startGlob, stepGlob } from './glob.ts';
import { byText, uniqueLabels } from './labels.ts';
import { fileSource, type InputProblem, type SourceFile, STDIN_LABEL, streamSource } from './source.ts';
import { nextTurn } from './turn.ts';

export interface FindOptions {
  /** Folder that relative arguments start from; the current one if not given. */
  readonly cwd?: string;
  /** What `-` reads; the process's standard input if not given. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface Found {
  /** In order of their labels. */
  readonly sources: readonly SourceFile[];
  /** In order of their paths. */
  readonly problems: readonly InputProblem[];
}

interface Candidate {
  readonly label: string;
  readonly path: string;
  readonly realPath: string;
  readonly bytes: number;
  readonly named: boolean;
}

/** What the search has come upon so far. */
interface Finds {
  readonly candidates: Candidate[];
  readonly problems: InputProblem[];
}

/**
 * Finds what the arguments name: files, folders with all beneath them (links in them are not followed), patterns, `-` for
 * standard input. The same files give the same list in whatever order arguments and folders name them; a file reached twice is
 * listed once. Never throws for what an argument says: what cannot be read is a problem in plain words.
 */
export async function findSources(args: readonly string[], options: FindOptions = {}): Promise<Found> {
  const cwd = options.cwd ?? process.cwd();
  const finds: Finds = { candidates: [], problems: [] };
  const streams = args.some(isStdin) ? [streamSource(options.stdin ?? process.stdin)] : [];
  for (const arg of new Set(args)) if (!isStdin(arg)) await findArgument(arg, cwd, finds);

  const files = withoutRepeats(finds.candidates);
  const labels = uniqueLabels([
    ...files.map((file) => ({ label: file.label, fullPath: slashes(file.path) })),
    ...streams.map(({ label }) => ({ label, fullPath: null })),
  ]);
  const sources = [
    ...files.map((file, i) => fileSource(file.path, labels[i] ?? file.label, file.bytes, file.named)),
    ...streams,
  ];
  sources.sort((a, b) => byText(a.label, b.label));
  finds.problems.sort((a, b) => byText(a.path, b.path) || byText(a.reason, b.reason));
  return { sources, problems: finds.problems };
}

function isStdin(arg: string): boolean {
  return arg === STDIN_LABEL || arg === '/dev/stdin';
}

async function findArgument(arg: string, cwd: string, finds: Finds): Promise<void> {
  const problem = (reason: string): void => void finds.problems.push({ path: arg, reason, named: true });
  if (arg === '') return problem('an empty path was given; check the quotes and variables of the command');
  const path = resolve(cwd, arg);
  const before = finds.candidates.length + finds.problems.length;
  const nothingFound = (): boolean => finds.candidates.length + finds.problems.length === before;
  try {
    const stats = await promisify(stat)(path);
    if (stats.isDirectory()) {
      await walk(path, '', null, finds, arg);
      if (nothingFound()) problem('there is no file in this folder');
    } else take(path, basename(path), stats, true, arg, finds);
  } catch (error) {
    // A file may be called `a*.log`: only a name that does not exist is read as a pattern.
    const glob = errorCode(error) === 'ENOENT' && isGlob(arg) ? startGlob(slashes(arg)) : undefined;
    if (glob === undefined) return problem(reasonOf(error));
    if (glob === null) return problem('this pattern has more than 1,000 alternatives; name the folder instead');
    await walk(resolve(cwd, glob.base), '', glob.state, finds, arg);
    if (nothingFound()) problem('no file matches this pattern');
  }
}

/** Files looked at before signals and timers get their turn. */
const ENTRIES_PER_TURN = 1000;

/** All files beneath a folder; with a pattern those that match, and what lies in matching folders. */
async function walk(root: string, folder: string, glob: GlobState | null, finds: Finds, arg: string): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await promisify(readdir)(join(root, folder), { withFileTypes: true });
  } catch (error) {
    // A pattern whose folder does not exist matches nothing, which is said in one place.
    if (glob !== null && folder === '' && errorCode(error) === 'ENOENT') return;
    finds.problems.push({ path: folder === '' ? arg : folder, reason: reasonOf(error), named: folder === '' });
    return;
  }
  for (const [i, entry] of entries.entries()) {
    if (i % ENTRIES_PER_TURN === ENTRIES_PER_TURN - 1) await nextTurn();
    const label = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const state = glob === null ? null : stepGlob(glob, entry.name);
    if (glob !== null && state === null) continue;
    const matched = state === null || globAccepts(state);
    const path = join(root, label);
    if (entry.isDirectory()) await walk(root, label, matched ? null : state, finds, arg);
    else if (!matched) continue;
    else if (entry.isSymbolicLink()) {
      const reason = 'a symbolic link, which is not followed inside a folder; name it on the command line to read it';
      finds.problems.push({ path: label, reason, named: false });
    } else {
      try {
        // Three questions about each of thousands of files: asked one after the other without waiting, they take a tenth of the time.
        take(path, label, statSync(path), false, label, finds);
      } catch (error) {
        finds.problems.push({ path: label, reason: reasonOf(error), named: false });
      }
    }
  }
}

/** Adds a file, or the problem that keeps it from being read. Throws the system's errors. */
function take(path: string, label: string, stats: Stats, named: boolean, shownAs: string, finds: Finds): void {
  if (!stats.isFile()) {
    finds.problems.push({ path: shownAs, reason: `${kindOf(stats)}, not a file; ${PIPE_HINT}`, named });
    return;
  }
  accessSync(path, constants.R_OK);
  finds.candidates.push({ label, path, realPath: realpathSync.native(path), bytes: stats.size, named });
}

const PIPE_HINT = 'pipe its contents in and name - to read it';

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** One candidate for each real file: the one with the longest label, since folders in it tell most (`web1/error.log`). */
function withoutRepeats(candidates: readonly Candidate[]): readonly Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const other = best.get(candidate.realPath);
    if (other === undefined) {
      best.set(candidate.realPath, candidate);
      continue;
    }
    const longer =
      candidate.label.length - other.label.length ||
      byText(other.label, candidate.label) ||
      byText(other.path, candidate.path);
    const kept = longer > 0 ? candidate : other;
    best.set(candidate.realPath, { ...kept, named: candidate.named || other.named });
  }
  return [...best.values()];
}

function slashes(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the spelling and the current folder',
  ENOTDIR: 'a part of this path is a file, not a folder; check the spelling',
  EACCES: 'no permission to read it; run as a user who may, or copy it to a place of your own',
  EPERM: 'no permission to read it; run as a user who may, or copy it to a place of your own',
  ELOOP: 'symbolic links that point at each other; name the file itself',
  ENAMETOOLONG: 'the name is too long for this system; was a text given instead of a path?',
  EMFILE: 'too many files are open; raise the limit with ulimit -n',
  ENXIO: 'a socket or a device without a reader; name a file',
};

/** The system's error in plain words. */
function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return REASONS[code] ?? `it cannot be read (${code === '' ? 'unknown error' : code})`;
}
