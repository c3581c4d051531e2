import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** Gives a function that writes files (by their paths) into a new folder and returns it; all are removed after the tests of the file. */
export function openTrees(): (files: Readonly<Record<string, string | Buffer>>) => string {
  const root = mkdtempSync(join(tmpdir(), 'whose502-trees-'));
  afterAll(() => rmSync(root, { recursive: true }));
  let trees = 0;
  return (files) => {
    trees += 1;
    const folder = join(root, `t${trees}`);
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  };
}
