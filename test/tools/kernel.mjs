/**
 * Builds the kernel of the row scanner: src/scan/assembly/ndjson.ts (AssemblyScript) into src/scan/kernel.ts, which holds the
 * WebAssembly as base64. `--check` only compares and ends with 1 where the file is not what would be built.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import asc from 'assemblyscript/asc';

const FROM = 'src/scan/assembly/ndjson.ts';
const TO = 'src/scan/kernel.ts';
const WIDTH = 100;
/** 64 KiB each: look-up and row table 16, block 4, what vectors may read behind it 1. */
const PAGES = 21;

const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', String(PAGES)];

/** The text of src/scan/kernel.ts. */
export async function builtKernel() {
  const { error, stderr, binary } = await asc.compileString(
    { [FROM]: readFileSync(FROM, 'utf8') },
    { ...optionsOf(OPTIONS) },
  );
  if (error || !binary) throw new Error(stderr.toString());
  const lines = Buffer.from(binary).toString('base64').match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
  return [
    `/** The WebAssembly of ${FROM} as base64: built by \`npm run kernel\`, not to be edited. */`,
    'export const KERNEL =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}
