/**
 * Builds the kernel of the row scanner: src/scan/assembly/ndjson.ts (AssemblyScript) into src/scan/kernel.ts, which holds the
 * WebAssembly as base64. Run as `npm run kernel` in the folder of package.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const FROM = 'src/scan/assembly/ndjson.ts';
const TO = 'src/scan/kernel.ts';
const LINE_CHARS = 110;
/** Pages of 64 KiB: look-up and row table 16, block 4, and 1 that vectors may read behind it. */
const PAGES = 21;
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', String(PAGES)];

/** The text of src/scan/kernel.ts as it is to be. */
export async function builtKernel() {
  const written = new Map();
  const { error, stderr } = await asc.main([FROM, ...OPTIONS, '--outFile', 'kernel.wasm'], {
    readFile: (name) => (name === FROM ? readFileSync(FROM, 'utf8') : null),
    writeFile: (name, contents) => written.set(name, contents),
    listFiles: () => [],
  });
  const wasm = written.get('kernel.wasm');
  if (error || wasm === undefined) throw new Error(`${FROM}: ${stderr.toString()}`);
  const base64 = Buffer.from(wasm).toString('base64');
  const lines = [];
  for (let at = 0; at < base64.length; at += LINE_CHARS) lines.push(`  '${base64.slice(at, at + LINE_CHARS)}',`);
  return [
    `/** The WebAssembly of ${FROM} as base64, in pieces: built by \`npm run kernel\`, not to be edited. */`,
    'export const KERNEL: readonly string[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(TO, await builtKernel());
