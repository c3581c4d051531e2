/**
 * Measures the built program against its peers on logs made for it, and checks that their counts are right.
 *   npm run bench -- [--scale 0.05 | --full] [--only <work>,...] [--rounds <n>] [--duckdb <folder>] [--write]
 *   npm run bench -- --profile <work>
 * See docs/performance.md for what is measured. Ends with 1 where an answer was wrong.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { wrongCount, wrongResult } from './answers.mjs';
import { dataOf, removeData } from './generate.mjs';
import { WORKS } from './goals.mjs';
import { machineSentence } from './machine.mjs';
import { PEERS } from './peers.mjs';
import { profileOf } from './profile.mjs';
import { median, ratioOf, runRounds } from './rounds.mjs';
import { tablesOf, writeBetweenMarkers } from './table.mjs';

const ROOT = join(import.meta.dirname, '../..');
const DEFAULT_SCALE = 0.05;
const DEFAULT_ROUNDS = 3;

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string' },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
    duckdb: { type: 'string' },
    program: { type: 'string', default: join(ROOT, 'bin/whose502.js') },
    cache: { type: 'string', default: join(ROOT, '.cache/bench') },
    write: { type: 'boolean', default: false },
    'delete-data': { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

const scale = options.full ? 1 : Number(options.scale ?? DEFAULT_SCALE);
const asked = (options.profile ?? options.only)?.split(',') ?? null;
/** How busy the machine was before the benchmark began. */
const loadBefore = loadavg()[0].toFixed(1);
const works = WORKS.filter(({ id }) => asked?.includes(id) ?? true);

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Why the benchmark cannot run; null where it can. */
function usageProblem() {
  if (!(scale > 0)) return '--scale is a number above 0, such as 0.1';
  if (!(Number(options.rounds) >= 1)) return '--rounds is a whole number from 1';
  const unknown = asked?.find((id) => WORKS.every((work) => work.id !== id));
  if (unknown !== undefined) return `no work ${unknown}; there are ${WORKS.map(({ id }) => id).join(', ')}`;
  if (!existsSync(options.program)) return `${options.program} is missing`;
  if (!existsSync(join(options.program, '../../dist/cli/main.script.js')))
    return 'the program is not built: npm run build';
  return null;
}

/** A work by its size (uncompressed, as scaled) and what it is. */
function titleOf({ title, data }) {
  if (!data) return title;
  const bytes = data.bytes * scale;
  const size = bytes >= 1e9 ? `${rounded(bytes / 1e9)} GB` : `${rounded(bytes / 1e6)} MB`;
  return `${size} ${title}`;
}

function rounded(value) {
  return Number(value.toPrecision(3));
}

function dataFor({ data }) {
  return data ? dataOf({ ...data, bytes: Math.round(data.bytes * scale) }, options.cache, say) : null;
}

/** Measures one work: whose502 and the installed peers in turn. `earlier` holds the results so far. */
async function measure(work, earlier) {
  const data = await dataFor(work);
  say(`measuring ${work.id}`);
  const peers = work.against.map(({ peer, atMost }) => ({
    ...PEERS[peer],
    atMost,
    program: PEERS[peer].find(options),
  }));
  const installed = peers.filter(({ program }) => program !== null);
  const own = [process.execPath, options.program, ...(data ? ['--json', data.path] : work.args)];
  const commands = installed.map(({ command, program }) => command({ log: work.data?.log, path: data?.path, program }));
  const check = (i, text) => {
    if (data === null) return null;
    const problem =
      i === 0 ? wrongResult(JSON.parse(text), data.truth) : wrongCount(installed[i - 1].read(text), data.truth);
    return problem === null ? null : `wrong answer: ${problem}`;
  };
  const rounds = Math.max(Number(options.rounds), work.rounds ?? 1);
  const [{ wallsMs, cpusMs, peakMB, problem }, ...theirs] = runRounds([own, ...commands], rounds, options.cache, check);
  const against = peers.map((peer) => {
    const { title, atMost } = peer;
    const measured = theirs[installed.indexOf(peer)];
    const why = measured ? measured.problem : 'not installed';
    if (why !== null || problem !== null) return { title, atMost, problem: why };
    return {
      title,
      atMost,
      problem: null,
      wallMs: median(measured.wallsMs),
      ratio: ratioOf(wallsMs, measured.wallsMs),
      cpuRatio: ratioOf(cpusMs, measured.cpusMs),
    };
  });
  const wallMs = problem === null ? median(wallsMs) : null;
  return {
    id: work.id,
    title: titleOf(work),
    wallMs,
    peakMB,
    problem,
    against,
    memory: memoryGoal(work, peakMB, earlier),
  };
}

/** The goal for memory, if the work has one: absolute, or over the memory of an earlier work. */
function memoryGoal({ memoryMB, memoryOver }, peakMB, earlier) {
  if (memoryMB !== undefined) return { atMost: memoryMB, unit: ' MB', value: peakMB };
  if (memoryOver === undefined) return null;
  const base = earlier.find(({ id }) => id === memoryOver.work)?.peakMB ?? null;
  const value = base === null || peakMB === null ? null : peakMB / base;
  return { atMost: memoryOver.atMost, unit: ` times ${memoryOver.work}`, value };
}

/** What was measured with: the machine, the size, the rounds, the versions of the peers. */
function preamble() {
  const versions = Object.values(PEERS).flatMap(({ title, find, version }) => {
    const program = version ? find(options) : null;
    return program === null ? [] : [`${title.split(',')[0].split(' ')[0]} ${version(program)}`];
  });
  const size = scale === 1 ? 'Full sizes' : `Sizes times ${scale} (goals are for the full sizes)`;
  return `Machine: ${machineSentence()} ${size}, at least ${options.rounds} rounds of each; load ${loadBefore} before the start.\nPeers: ${versions.join(', ')}.\n`;
}

async function bench() {
  const results = [];
  for (const work of works) {
    results.push(await measure(work, results));
    process.stdout.write(`${tablesOf(results.slice(-1))}\n`);
    if (options['delete-data']) await removeData(options.cache);
  }
  const text = `${preamble()}\n${tablesOf(results)}`;
  process.stdout.write(`\n${text}`);
  if (options.write || (options.full && asked === null)) {
    writeBetweenMarkers(join(ROOT, 'docs/performance.md'), text);
    say('wrote docs/performance.md');
  }
  const problems = results.flatMap(({ id, problem, against }) => [
    ...(problem === null ? [] : [`${id}: ${problem}`]),
    ...against
      .filter((peer) => peer.problem?.startsWith('wrong'))
      .map((peer) => `${id}, ${peer.title}: ${peer.problem}`),
  ]);
  for (const problem of problems) say(problem);
  return problems.length === 0 ? 0 : 1;
}

async function profile() {
  for (const work of works) {
    const data = await dataFor(work);
    const args = data ? ['--json', data.path] : work.args;
    process.stdout.write(
      `${titleOf(work)}\n${profileOf(options.program, args, join(options.cache, 'profile')).join('\n')}\n`,
    );
  }
  return 0;
}

const problem = usageProblem();
if (problem !== null) {
  say(`bench: ${problem}`);
  process.exitCode = 2;
} else {
  await mkdir(options.cache, { recursive: true });
  process.exitCode = await (options.profile === undefined ? bench() : profile());
}
