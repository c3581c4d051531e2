/**
 * Checks that the imports in src/ follow the path of the data: a folder imports from itself and from the folders before it, and no
 * files import each other in a circle. Prints each offence as file:line and ends with 1 where there is one.
 * With an argument, checks that folder instead of src/.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, posix, sep } from 'node:path';
import process from 'node:process';

const ROOT = process.argv[2] ?? join(process.cwd(), 'src');

/** The layers from the bottom to the top. A file directly in src/ is a layer of its own. */
const LAYERS = [
  'vocabulary',
  'scan',
  'input',
  'formats',
  'digest',
  'clock',
  'bursts',
  'correlate',
  'causes',
  'result',
  'report',
  'analyze.ts',
  'check',
  'batch',
  'index.ts',
  'cli',
];

/** The part of result/ that may import what the stages before it made. */
const BUILD = 'result/build/';

/** Folders that may import less than all below them: `from` holds folders (ending in /) and files. */
const NARROW = [
  { layer: 'scan/', from: [], why: 'the scanner knows bytes and nothing else' },
  { layer: 'input/', from: [], why: 'input knows nothing of logs' },
  { layer: 'formats/', from: ['vocabulary/', 'scan/'], why: 'a format knows records and signals, not files' },
  { layer: 'causes/', from: ['vocabulary/', 'correlate/facts.ts'], why: 'a cause reads facts and nothing else' },
  { layer: 'report/', from: ['result/', 'vocabulary/'], why: 'a report is drawn from the result and nothing else' },
  { layer: BUILD, from: null, why: '' },
  { layer: 'result/', from: ['vocabulary/'], why: 'only result/build/ may read what the stages made' },
];

/** `import … from '…'`, `export … from '…'` and `import '…'` at the start of a line, as the formatter writes them, and `import('…')`. */
const STATEMENT =
  /^(?:import|export)\b(?:[^'"`;]*\bfrom)?\s*['"](\.{1,2}\/[^'"\n]+)['"]|\bimport\(\s*['"](\.{1,2}\/[^'"\n]+)['"]/gm;

function readImports(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => {
    const target = posix.normalize(posix.join(dirname(file), match[1] ?? match[2]));
    // AssemblyScript names files without their ending.
    return {
      target: extname(target) === '' ? `${target}.ts` : target,
      line: text.slice(0, match.index).split('\n').length,
    };
  });
}

const layerOf = (file) => file.split('/')[0];

/** What is wrong with an import, or null. */
function offence(file, target, files) {
  if (target.startsWith('../')) {
    return target === '../package.json' ? null : 'src imports nothing outside itself but package.json';
  }
  if (!files.has(target)) return `${target} does not exist`;
  const [from, to] = [LAYERS.indexOf(layerOf(file)), LAYERS.indexOf(layerOf(target))];
  if (from === -1) return `${layerOf(file)} is no known layer; add it to the list in imports.mjs`;
  if (to === -1) return `${layerOf(target)} is no known layer; add it to the list in imports.mjs`;
  if (to > from) return `${layerOf(target)} lies above ${layerOf(file)}: imports point downwards only`;
  if (target.startsWith(BUILD) && !file.startsWith(BUILD) && from <= LAYERS.indexOf('report')) {
    return `${BUILD} makes the result; only analyze.ts and what lies above may import it`;
  }
  const narrow = NARROW.find(({ layer }) => file.startsWith(layer));
  if (to === from || narrow === undefined || narrow.from === null) return null;
  const allowed = narrow.from.some((place) => (place.endsWith('/') ? target.startsWith(place) : target === place));
  return allowed ? null : `${narrow.layer} must not import ${target}: ${narrow.why}`;
}

/** The first circle that each import closes, by a walk in depth. */
function circles(imports) {
  const found = [];
  const state = new Map();
  const visit = (file, path) => {
    state.set(file, 'open');
    for (const { target, line } of imports.get(file) ?? []) {
      if (state.get(target) === 'open') {
        const circle = [...path.slice(path.indexOf(target)), target];
        found.push({ file, line, text: `circle: ${circle.join(' → ')}` });
      } else if (!state.has(target)) visit(target, [...path, target]);
    }
    state.set(file, 'done');
  };
  for (const file of imports.keys()) if (!state.has(file)) visit(file, [file]);
  return found;
}

const files = readdirSync(ROOT, { recursive: true })
  .filter((name) => statSync(join(ROOT, name)).isFile())
  .map((name) => name.split(sep).join('/'))
  .sort();
const known = new Set(files);
const imports = new Map(files.filter((file) => file.endsWith('.ts')).map((file) => [file, readImports(file)]));

const offences = circles(imports);
for (const [file, targets] of imports) {
  for (const { target, line } of targets) {
    const text = offence(file, target, known);
    if (text !== null) offences.push({ file, line, text });
  }
}
for (const { file, line, text } of offences) process.stdout.write(`src/${file}:${line}: ${text}\n`);
if (offences.length > 0) process.exitCode = 1;
