/**
 * Builds the kernels of src/scan: each file of src/scan/assembly (AssemblyScript) into one of src/scan/kernels, which holds the
 * WebAssembly as base64. Run as `npm run kernel` in the folder of package.json.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const FROM = 'src/scan/assembly';
const TO = 'src/scan/kernels';
const LINE_CHARS = 110;
/** Pages of 64 KiB: of the tables, of the block (4), and 1 that vectors may read behind it. Other files are parts of these. */
const PAGES = { 'ndjson.ts': 7, 'access.ts': 15, 'entries.ts': 7, 'tunnel.ts': 9 };
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];

/** Names of the kernels' files, the same in both folders. */
export function kernelNames() {
  return readdirSync(FROM).filter((name) => name in PAGES);
}

/** The text of a file of src/scan/kernels as it is to be. */
export async function builtKernel(name) {
  const from = `${FROM}/${name}`;
  const written = new Map();
  const options = [...OPTIONS, '--initialMemory', String(PAGES[name]), '--outFile', 'kernel.wasm'];
  const { error, stderr } = await asc.main([from, ...options], {
    readFile: (path) => (path.startsWith('src/scan/') && existsSync(path) ? readFileSync(path, 'utf8') : null),
    writeFile: (path, contents) => written.set(path, contents),
    listFiles: () => [],
  });
  const wasm = written.get('kernel.wasm');
  if (error || wasm === undefined) throw new Error(`${from}: ${stderr.toString()}`);
  const base64 = Buffer.from(wasm).toString('base64');
  const lines = [];
  for (let at = 0; at < base64.length; at += LINE_CHARS) lines.push(`  '${base64.slice(at, at + LINE_CHARS)}',`);
  return [
    `/** The WebAssembly of ${from} as base64, in pieces: built by \`npm run kernel\`, not to be edited. */`,
    'export const KERNEL: readonly string[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const name of kernelNames()) writeFileSync(`${TO}/${name}`, await builtKernel(name));
