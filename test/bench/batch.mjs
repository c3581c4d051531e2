/**
 * Measures batches of the built program on labelled or other incidents, and checks what must hold of them.
 *   npm run bench:batch -- <folder of incidents> [--only packings,rate,kill,objects,parts] [--count 500] [--objects 5000] [--cache <folder>]
 * Ends with 1 where a check fails. Figures of time hold for a machine with nothing else to do.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { killedAndResumed } from './batch/kill.mjs';
import { manySmallObjects } from './batch/objects.mjs';
import { packedFourWays } from './batch/packings.mjs';
import { inParts } from './batch/parts.mjs';
import { rateOfMany } from './batch/rate.mjs';

const ROOT = join(import.meta.dirname, '../..');
const CHECKS = {
  packings: packedFourWays,
  rate: rateOfMany,
  kill: killedAndResumed,
  objects: manySmallObjects,
  parts: inParts,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: Object.keys(CHECKS).join(',') },
    count: { type: 'string', default: '500' },
    objects: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '20' },
    cache: { type: 'string', default: join(ROOT, '.cache/bench-batch') },
    program: { type: 'string', default: join(ROOT, 'bin/whose502.js') },
  },
});

const [folder] = positionals;
const only = values.only.split(',');
if (folder === undefined || !existsSync(folder) || only.some((name) => !(name in CHECKS))) {
  process.stderr.write(`name a folder of incidents, and with --only some of ${Object.keys(CHECKS).join(', ')}\n`);
  process.exit(2);
}
const incidents = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const path = resolve(folder, name);
    return { name, logs: existsSync(join(path, 'logs')) ? join(path, 'logs') : path };
  });

let failed = false;
for (const name of only) {
  const cache = resolve(values.cache, name);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const told = await CHECKS[name]({
    incidents,
    cache,
    program: values.program,
    count: Number(values.count),
    objects: Number(values.objects),
    kills: Number(values.kills),
  });
  for (const { what, holds } of told) {
    process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${name}: ${what}\n`);
    failed ||= !holds;
  }
  rmSync(cache, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
