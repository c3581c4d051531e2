import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Judged } from './judge.ts';
import { runLab } from './lab.ts';
import { SCENARIOS } from './scenarios.ts';
import { installedPrograms, lacking } from './servers/programs.ts';

const USAGE = `npm run lab -- [--only name,name] [--keep <folder>] [--json]

Starts real nginx and PHP-FPM servers on this machine, breaks them on purpose, and checks what is said of their logs.
Needs Linux with nginx, php-fpm and openssl. Nothing outside a temporary folder is touched.

  --only name,name  only these scenarios
  --keep <folder>   a new folder in which to leave the sites with their logs
  --json            every answer as JSON`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function line({ scenario, view, mark, place, cause, confidence, expectedCauses, because }: Judged): string {
  const said = `${place} / ${cause} (${confidence.toFixed(2)})`;
  const head = `${mark.padEnd(11)}  ${scenario.padEnd(28)}  ${view.padEnd(10)}  ${said}`;
  return mark === 'right'
    ? head
    : `${head}\n    expected: ${expectedCauses.join(', ')}\n    because: ${because.join('; ')}`;
}

async function main(): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const programs = installedPrograms();
  if (typeof programs === 'string') {
    console.error(`The lab cannot run: ${programs}.`);
    return 2;
  }
  const wanted = options.only?.split(',');
  const unknown = (wanted ?? []).filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    console.error(
      `No such scenario: ${unknown.join(', ')}. There are: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const scenarios = SCENARIOS.filter(({ name }) => wanted?.includes(name) ?? true);
  const judged = await runLab(scenarios, programs, {
    keepIn: options.keep === undefined ? undefined : resolve(options.keep),
    onJudged: (views) => {
      if (!options.json) for (const view of views) console.log(line(view));
    },
  });
  const leftOut = scenarios
    .map(({ name, needs }) => ({ name, lacks: lacking(programs, needs ?? []) }))
    .filter(({ lacks }) => lacks.length > 0);
  const wrong = judged.filter(({ mark }) => mark !== 'right');
  if (options.json) console.log(JSON.stringify(judged, null, 2));
  else {
    const played = scenarios.length - leftOut.length;
    console.log(`\n${played} scenarios, ${judged.length} answers, ${wrong.length} not right`);
    if (leftOut.length > 0) {
      const each = leftOut.map(({ name, lacks }) => `${name} (${lacks.join(', ')})`);
      console.log(`left out for what is not installed, ${leftOut.length}: ${each.join('; ')}`);
    }
  }
  return wrong.length > 0 ? 1 : 0;
}

process.exitCode = await main();
