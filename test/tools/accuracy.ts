import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { analyze } from '../../src/index.ts';
import { type CauseNames, readCauseNames } from './accuracy/catalogue.ts';
import { judgeChanged } from './accuracy/changed.ts';
import { writeFigures } from './accuracy/document.ts';
import { figuresOf } from './accuracy/figures.ts';
import { findingsOf, isMiss } from './accuracy/misses.ts';
import { printFigures, printFinding } from './accuracy/print.ts';
import { printTrust } from './accuracy/print-trust.ts';
import { type Score, scoreCase, scoreIncident } from './accuracy/score.ts';
import type { Judged } from './accuracy/trust.ts';
import { type Labelled, labelledFolders, readLabelled } from './accuracy/truth.ts';

const USAGE = `npm run accuracy -- <folder> [...folders] [--only id,id] [--json] [--verbose] [--ablate] [--decoy] [--vary] [--seed n]
  [--write]

Runs the analysis on labelled incidents (folders with logs/ and truth.json) and pasted cases (folders with case.json
and the files it names) and says how often it is right. A folder is one of them or holds some.

  --only id,id  only these folders
  --json        the figures as JSON
  --verbose     every answer, not only the misses
  --ablate      also analyses copies from which something is taken away: each kind of log in turn, all but one kind, the
                lines of each heavy piece of evidence; and says how far stated confidences can be trusted
  --decoy       also analyses copies with loud lines that have nothing to do with the fault: scanners, other hosts' errors,
                visitors who leave, failing mail and cron, PHP warnings
  --vary        also analyses a copy with other names of hosts, addresses, paths and another order of files
  --seed n      chooses other decoys (1 if not given)
  --write       puts the figures into docs/accuracy.md`;

/** Runs the analysis on one labelled folder and scores it; a crash is a score too. */
async function scoreFolder(folder: string, names: CauseNames): Promise<Score> {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  let labelled: Labelled | null = null;
  try {
    labelled = readLabelled(folder);
    if (labelled.kind === 'case') {
      const result = await analyze(labelled.paths, labelled.options);
      return scoreCase(labelled, result, names, seconds());
    }
    const result = await analyze(labelled.paths);
    return scoreIncident(labelled, result, names, seconds());
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'crash', id: basename(folder), truth: labelled, stack };
  }
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    ablate: { type: 'boolean', default: false },
    decoy: { type: 'boolean', default: false },
    vary: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

const only = options.only === undefined ? null : new Set(options.only.split(','));
const folders = positionals.flatMap(labelledFolders).filter((folder) => only === null || only.has(basename(folder)));

if (options.help || folders.length === 0) {
  console.log(USAGE);
  if (!options.help && positionals.length > 0) console.error('\nNo labelled folder was found in what was named.');
} else {
  const names = readCauseNames();
  const scores: Score[] = [];
  const judged: Judged[] = [];
  const changes = { ablate: options.ablate, decoy: options.decoy, vary: options.vary, seed: Number(options.seed) };
  for (const folder of folders) {
    scores.push(await scoreFolder(folder, names));
    if (changes.ablate || changes.decoy || changes.vary)
      judged.push(...(await judgeChanged(readLabelled(folder), changes, names)));
    if (process.stderr.isTTY) process.stderr.write(`\r${scores.length}/${folders.length}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const figures = figuresOf(scores, names);
  const judgements = judged.flatMap((one) => one.judgements);
  if (options.json) {
    console.log(JSON.stringify(judged.length === 0 ? figures : { ...figures, judgements }, null, 2));
  } else {
    const findings = scores.flatMap(findingsOf);
    const misses = findings.filter(isMiss);
    const shown = options.verbose ? findings : misses;
    console.log(`${printFigures(figures)}\n\nMISSES: ${misses.length} of ${findings.length} answers`);
    for (const finding of shown) console.log(`\n${printFinding(finding)}`);
    const missed = judged.reduce((sum, one) => sum + one.missed, 0);
    if (judged.length > 0) console.log(`\n${printTrust(judgements, missed)}`);
    if (options.write) writeFigures(figures, judgements, missed);
  }
  if (figures.crashes.length > 0) process.exitCode = 1;
}
