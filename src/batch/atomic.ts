import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file so that it is there as a whole or not at all, whenever the process or the machine dies: beside its place,
 * down to the disk, then renamed. Makes the folder. Throws the system's errors and leaves nothing behind then.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${process.pid}.part`;
  try {
    await writeFile(beside, content, { flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** As `writeWhole`, unless the file holds these very bytes. */
export async function writeChanged(path: string, content: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before !== content) await writeWhole(path, content);
}
