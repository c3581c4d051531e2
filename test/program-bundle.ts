import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The program's command, for Node to run. */
    program: string;
  }
}

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

/** Bundles the program's command once for all tests that start it: from the sources each start takes three times as long. */
export default async function bundleProgram({ provide }: TestProject): Promise<() => void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'tests-'));
  // As deep in the checkout as a source is: from there the program finds its fonts.
  const program = join(folder, 'program');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))],
    outdir: program,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  await stop();
  provide('program', join(program, 'main.js'));
  return () => rmSync(folder, { recursive: true });
}
