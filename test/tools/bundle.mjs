/**
 * Bundles what `tsc -p tsconfig.build.json` has written to dist/tsc, so that the published package needs nothing installed:
 * the command (dist/cli), the library (dist/index.js with its types), the workers, the result's JSON schema, and the fonts of pictures.
 * Run in the folder of package.json.
 *
 * The commands are in another form than the rest, those that people wait for with bytecode: `src/cli/load-compiled.ts` has the rules.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import ncc from '@vercel/ncc';

const TSC = 'dist/tsc';
/** An incident for the built program to read, and a log of it for the built thread. */
const INCIDENT = 'fixtures/incidents/fpm-socket-missing/logs';
const TRIED = 'nginx/error.log';

/**
 * The runs whose functions are in the bytecode: each starts with that of the one before, and adds. More incidents of other logs make it
 * larger and no run faster (measured with five).
 */
const RUNS = [['--json'], ['-o', join(TSC, 'report.html')]];

/** What bin/whose502.js starts with, and the files of src/cli/ that it loads. */
const LOADER = 'load-compiled';
const COMMANDS = [
  'main',
  'analyze-command',
  'batch-command',
  'parts-command',
  'lists',
  'check-command',
  'explain-command',
  'redact-command',
  'render-command',
  'completion',
  'fault',
];

/** The library and its workers: what is bundled, from where, to where. */
const MODULES = [
  { from: 'index.js', to: 'dist/index.js' },
  { from: 'digest/worker.js', to: 'dist/worker/index.js' },
  { from: 'batch/worker.js', to: 'dist/batch/index.js' },
];

/** Parts that ncc splits off for a dynamic import, named by a number. */
const CHUNK = /^\d+\.index\.js$/;

/** The bundle of one file with all it imports, and of what it imports when it runs: their text by their names beside `to`. */
async function bundled(from, to, { esm }) {
  const { code, assets } = await ncc(resolve(from), {
    cache: false,
    quiet: true,
    esm,
    target: 'es2023',
    minify: true,
  });
  // ncc marks its folder as ESM, which package.json says already.
  const parts = Object.keys(assets).filter((name) => name !== 'package.json');
  const strays = parts.filter((name) => !CHUNK.test(name));
  if (strays.length > 0) {
    // ncc takes `new URL('…', import.meta.url)` for a file to bundle, and gives a broken path.
    throw new Error(
      `${from} pulls in ${strays.join(', ')}: put import.meta.url into a constant and build the URL from that`,
    );
  }
  if (parts.length > 0 && !code.includes('".index.js"')) throw new Error(`${from} names its parts in an unknown way`);
  // The parts of two bundles have the same numbers and not the same content: each bundle gets names of its own.
  const own = `.${basename(to)}`;
  return new Map([
    [to, code.replace('".index.js"', () => JSON.stringify(own))],
    ...parts.map((name) => [join(dirname(to), name.replace('.index.js', own)), assets[name].source.toString()]),
  ]);
}

/** Bundles one file as it is imported, or required. */
async function bundle(from, to, form) {
  await mkdir(dirname(to), { recursive: true });
  for (const [path, code] of await bundled(from, to, form)) await writeFile(path, code);
}

/** Bundles a file of src/cli/ as LOADER loads it. */
async function bundleToLoad(name) {
  await mkdir('dist/cli', { recursive: true });
  const files = await bundled(join(TSC, 'cli', `${name}.js`), join('dist/cli', scriptOf(name)), { esm: false });
  for (const [path, code] of files) {
    const text = ascii(loading(code), path);
    await writeFile(path, `(function(exports,require,module,__filename,__dirname){${text}\n})`);
  }
}

const scriptOf = (name) => `${name}.script.js`;

/** The command that is imported when it runs is loaded then. */
function loading(code) {
  return code.replace(
    /\bimport\("\.\/([\w-]+)\.js"\)/g,
    (_, name) => `require(${JSON.stringify(`./${scriptOf(name)}`)})`,
  );
}

/** Escapes what is not ASCII: one such character doubles the memory for a file's text. */
function ascii(code, path) {
  if (/\bimport\(/.test(code)) throw new Error(`${path}: what has bytecode can require when it runs, and not import`);
  // There an escape is two characters or more.
  const raw = /String\.raw`[^`]*[^\x00-\x7f][^`]*`/.exec(code);
  if (raw !== null) throw new Error(`${path}: ${raw[0]} must be in ASCII`);
  return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Runs the built program on an incident, each time in a process of its own that leaves the bytecode of what it ran. */
async function writeBytecode() {
  const writer = pathToFileURL(resolve('test/tools/write-bytecode.mjs')).href;
  for (const flags of RUNS) {
    await promisify(execFile)(process.execPath, ['--import', writer, 'bin/whose502.js', ...flags, INCIDENT]);
  }
}

/** Copies the declarations of the library: all of them, since they import each other. */
async function copyTypes() {
  for (const name of await readdir(TSC, { recursive: true })) {
    if (name.endsWith('.d.ts')) await cp(join(TSC, name), join('dist', name));
  }
}

async function writeSchema() {
  const { z } = await import('zod');
  const { resultSchema } = await import(pathToFileURL(resolve(TSC, 'result/schema.js')).href);
  await writeFile('dist/result.schema.json', `${JSON.stringify(z.toJSONSchema(resultSchema), null, 2)}\n`);
}

/** The fonts of pictures (src/report/picture/png.ts) with their licence. */
async function copyFonts() {
  const from = 'node_modules/dejavu-fonts-ttf';
  await mkdir('dist/fonts', { recursive: true });
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    await cp(join(from, 'ttf', name), join('dist/fonts', name));
  await cp(join(from, 'LICENSE'), 'dist/fonts/LICENSE');
}

/** Removes what an earlier build left, except what tsc has just written. */
async function clean() {
  for (const name of await readdir('dist')) {
    if (name !== 'tsc') await rm(join('dist', name), { recursive: true });
  }
}

/**
 * Lets the built thread read a log: a name of the program's can hide one that the bundler's own code needs (`URL`), and a thread
 * that does not start costs time only, as the main one then reads all.
 */
async function tryThread() {
  const path = resolve(INCIDENT, TRIED);
  const { size } = await stat(path);
  const thread = new Worker(resolve('dist/worker/index.js'));
  thread.postMessage({
    first: 0,
    files: [{ path, label: TRIED, bytes: size, named: true }],
    options: { sha256: false },
  });
  const [digest] = await once(thread, 'message');
  await thread.terminate();
  if (!(digest.streams?.length > 0)) throw new Error(`the built thread has read nothing of ${path}`);
}

await clean();
if (!existsSync(TSC)) throw new Error(`${TSC} is missing: run tsc -p tsconfig.build.json first`);
for (const { from, to } of MODULES) await bundle(join(TSC, from), to, { esm: true });
await bundle(join(TSC, 'cli', `${LOADER}.js`), `dist/cli/${LOADER}.cjs`, { esm: false });
for (const name of COMMANDS) await bundleToLoad(name);
await copyTypes();
await writeSchema();
await copyFonts();
await writeBytecode();
// The bundles hold all of it; a published package with both would carry everything twice.
await rm(TSC, { recursive: true });
await tryThread();
