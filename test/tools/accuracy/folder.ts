import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Log files in memory, unpacked: the name that the analysis gives each source → its bytes. */
export type Files = ReadonlyMap<string, Buffer>;

const isGzip = (name: string): boolean => name.endsWith('.gz') && !name.endsWith('.tar.gz');

/** Reads what `paths` name: a folder with all that lies in it, or single files. Names are relative, with `/`. */
export function readFiles(paths: readonly string[]): Files {
  const files = new Map<string, Buffer>();
  for (const path of paths) {
    const isFolder = statSync(path).isDirectory();
    const root = isFolder ? path : dirname(path);
    for (const file of isFolder ? filesIn(path) : [path]) {
      const name = relative(root, file).split(sep).join('/');
      const bytes = readFileSync(file);
      files.set(name, isGzip(name) ? gunzipSync(bytes) : bytes);
    }
  }
  return files;
}

/** Writes the files into a new folder, hands its path to `use`, and removes it again. */
export async function withFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'accuracy-'));
  try {
    for (const [name, bytes] of files) {
      const path = join(folder, 'logs', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, isGzip(name) ? gzipSync(bytes, { level: 1 }) : bytes);
    }
    return await use(join(folder, 'logs'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files with some of them changed; a file that becomes null or empty is left out. */
export function withChanges(files: Files, changes: ReadonlyMap<string, Buffer | null>): Files {
  const changed = new Map(files);
  for (const [name, bytes] of changes) {
    if (bytes === null || bytes.length === 0) changed.delete(name);
    else changed.set(name, bytes);
  }
  return changed;
}

/** The lines of a file without their ends; a last empty one is left out. */
export function linesOf(bytes: Buffer): string[] {
  // latin1 keeps every byte as it is, whatever the log's encoding.
  const lines = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

/** Lines with those that continue them (traces, wrapped texts): a line that begins unlike the file's first one continues. */
export function entriesOf(bytes: Buffer): string[][] {
  const lines = linesOf(bytes);
  const beginning = (line: string): string =>
    line
      .slice(0, 3)
      .replace(/\d/g, '0')
      .replace(/[A-Za-z]/g, 'a');
  const usual = beginning(lines[0] ?? '');
  const entries: string[][] = [];
  for (const line of lines) {
    if (entries.length === 0 || beginning(line) === usual) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
}
