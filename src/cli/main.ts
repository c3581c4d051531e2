import { Argument, Command } from 'commander';
import { optimizeLate } from '../digest/v8-flags.ts';
import { TOOL_NAME, TOOL_VERSION } from '../vocabulary/tool.ts';
import type { AnalyzeFlags } from './analyze-command.ts';
import type { BatchFlags } from './batch-command.ts';
import type { CheckFlags } from './check-command.ts';
import { endOnClosedPipe } from './closed-pipe.ts';
import { EXIT } from './exit-codes.ts';
import type { ExplainFlags } from './explain-command.ts';
import type { DigestFlags, MergeFlags } from './parts-command.ts';
import type { RedactFlags } from './redact-command.ts';
import type { RenderFlags } from './render-command.ts';

// What a command needs is loaded when it runs: `--version` and `--help` answer without reading the catalogue. Each command
// is a bundle of its own (the comment inside the import says so to ncc, and test/tools/bundle.mjs has the loader load it).

/** Shells whose completion is known. */
const SHELLS = ['bash', 'zsh', 'fish'] as const;

const program = new Command(TOOL_NAME);

// Ctrl-C is left to the system: a handler of ours would wait for the stage at work. A batch, whose work is done elsewhere, has one.
endOnClosedPipe();

// Nothing is left to wait for then. Node would still clear away its heap: 1 ms of a small log, 3 ms of 50 MB (measured).
process.once('beforeExit', () => process.exit());

program
  .description("Whose 502 is it: the origin's, the tunnel's or Cloudflare's? Reads the logs of an incident, offline.")
  .version(TOOL_VERSION)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
  .showHelpAfterError('(whose502 --help shows the options)');

/** What an option that may be repeated was given. */
const collected = (value: string, values: string[]): string[] => [...values, value];
const NONE: string[] = [];

/** What is taken of the logs, and how they are read. */
function withReadingOptions(command: Command): Command {
  return command
    .option('--host <name>', 'look at requests to this host only')
    .option('--path <path>', 'look at requests only whose path begins so')
    .option('--as <format>', 'read every input as this format')
    .option(
      '--log-format <format>',
      'log format of nginx, Apache, Varnish or HAProxy, where a configuration among the inputs does not tell it (may be repeated)',
      collected,
      NONE,
    )
    .option('--fields <a,b,c>', 'columns of a Cloudflare CSV that has no head, in their order')
    .option('--hash', 'SHA-256 of files above 256 MB, too');
}

/** What is said of the clocks of logs, and which time is looked at. */
function withTimeOptions(command: Command): Command {
  return command
    .option('--since <time>', 'look at what was written from here on: 2025-03-04T09:12Z, or 2h before the last entry')
    .option('--until <time>', 'look at what was written up to here')
    .option('--tz <zone>', 'zone of logs that write none: UTC, +05:30, Europe/Berlin')
    .option('--year <year>', 'year of logs that write none');
}

/** Options of the commands that take logs from their lines to their verdict. */
function withLogOptions(command: Command): Command {
  return withReadingOptions(withTimeOptions(command)).option('--no-redact', 'keep addresses, query values and tokens');
}

/** How what is masked is named, and what is masked beside. */
function withRedactOptions(command: Command): Command {
  return command
    .option('--redact-hosts', 'mask host names, names of machines and public addresses of servers, too')
    .option('--redact-key <file>', 'a secret file: with the same one a visitor has the same name in every report');
}

/** The reports that are written, by their endings. */
function withOutputs(command: Command): Command {
  return command
    .option(
      '-o, --output <file>',
      'write a report; the ending says which: .html .md .json .csv .txt .png (may be repeated)',
      collected,
      NONE,
    )
    .option('--bundle <file>', 'write all forms of the report and the texts to send on into one .zip');
}

const analyze = withOutputs(
  program
    .command('analyze', { isDefault: true })
    .description('find the bursts of gateway errors in logs and say whose they are (the default command)')
    .argument('[paths...]', 'files, folders, patterns, or - for standard input'),
)
  .option('--table <name>', 'what a .csv holds: bursts, requests or evidence')
  .option('--json', 'the result on standard output, and nothing else there')
  .option('--packet <for>', 'a text to send on instead of the summary: hosting, cloudflare or application')
  .option('--ray <id>', 'one request by its Ray ID: its way over the hops')
  .option('--at <time>', 'the requests at a moment: their way over the hops');
withRedactOptions(withLogOptions(analyze))
  .option('--fail-on <what>', 'exit with 1 where a verdict names this place or cause, or "any" burst')
  .option('--jobs <n>', 'threads to read with; if not given as many as pay, at most one for each processor')
  .option('-q, --quiet', 'no summary, no progress')
  .option('--no-color', 'no colours')
  .action(async (paths: string[], flags: AnalyzeFlags) => {
    const { analyzeCommand } = await import(/* webpackIgnore: true */ './analyze-command.ts');
    process.exitCode = await analyzeCommand(paths, flags);
  });

const batch = program
  .command('batch')
  .description('many incidents: a report for each, and one index of all')
  .argument('[paths...]', 'folders, archives, patterns: a folder of logs or an archive is one incident')
  .requiredOption('--out <folder>', 'where index and reports go; what is done there already is not done again')
  .option('--formats <list>', 'reports of each incident: html, json, md, csv, txt, png', 'html,json')
  .option('--split [hours]', 'cut logs of a long time into incidents: failures with so many hours of calm between (6)')
  .option('--rebuild', 'draw index and reports again from the stored results, without reading logs');
withRedactOptions(withLogOptions(batch))
  .option('--jobs <n>', 'incidents analysed at a time; if not given, one for each processor')
  .option('-q, --quiet', 'no summary, no progress')
  .action(async (paths: string[], flags: BatchFlags) => {
    const { batchCommand } = await import(/* webpackIgnore: true */ './batch-command.ts');
    process.exitCode = await batchCommand(paths, flags);
  });

withReadingOptions(
  program
    .command('digest')
    .description(
      'read a part of the logs into a digest, to be merged with others: for archives larger than one machine',
    )
    .argument('[paths...]', 'files, folders, archives, patterns')
    .requiredOption('-o, --output <file>', 'where the digest goes')
    .option('--root <folder>', 'names of files start from this folder, as in a run over all of it'),
)
  .option('--redact-key <file>', 'the secret file that names visitors, the same for all parts; made if not given')
  .option('--no-redact', 'keep lines as they are; merge redacts what it writes')
  .option('-q, --quiet', 'say nothing')
  .action(async (paths: string[], flags: DigestFlags) => {
    const { digestCommand } = await import(/* webpackIgnore: true */ './parts-command.ts');
    process.exitCode = await digestCommand(paths, flags);
  });

withRedactOptions(
  withTimeOptions(
    withOutputs(
      program
        .command('merge')
        .description('the result of one run over all logs, from the digests of their parts')
        .argument('[digests...]', 'files that whose502 digest wrote, in any order'),
    ).option('--json', 'the result on standard output, and nothing else there'),
  ),
)
  .option('--no-redact', 'keep addresses, query values and tokens')
  .option('-q, --quiet', 'no summary')
  .option('--no-color', 'no colours')
  .action(async (paths: string[], flags: MergeFlags) => {
    const { mergeCommand } = await import(/* webpackIgnore: true */ './parts-command.ts');
    process.exitCode = await mergeCommand(paths, flags);
  });

for (const [name, description] of [
  ['formats', 'the logs it reads, where they are found, what they cannot tell'],
  ['causes', 'the causes it knows'],
] as const) {
  program
    .command(name)
    .description(description)
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { LISTS } = await import(/* webpackIgnore: true */ './lists.ts');
      process.stdout.write(LISTS[name](json === true));
    });
}

withLogOptions(
  program
    .command('explain')
    .description(
      'one cause: what speaks for and against it, what it is taken for, what to do; or one line of a log: who read it and what it moved',
    )
    .argument(
      '<what>',
      'a cause by its id or another name of it (whose502 causes lists them), a signal of the evidence, or FILE:LINE',
    )
    .argument('[paths...]', 'with FILE:LINE: the other logs of the incident, analysed together with it'),
)
  .option('--json', 'as JSON')
  .option('--no-color', 'no colours')
  .action(async (name: string, paths: string[], flags: ExplainFlags) => {
    const { explainCommand } = await import(/* webpackIgnore: true */ './explain-command.ts');
    process.exitCode = await explainCommand(name, paths, flags);
  });

program
  .command('check-logs')
  .description(
    'before the next incident: which fields logs lack for a sure verdict, and the configuration that adds them',
  )
  .argument('<paths...>', 'logs, folders, patterns; and the web server’s configuration, so that its log format is kept')
  .option('--json', 'as JSON')
  .option('--no-color', 'no colours')
  .action(async (paths: string[], flags: CheckFlags) => {
    const { checkCommand } = await import(/* webpackIgnore: true */ './check-command.ts');
    process.exitCode = await checkCommand(paths, flags);
  });

program
  .command('redact')
  .description('safe copies of logs and HARs: addresses, tokens and whatever else is private are masked')
  .argument('<paths...>', 'files, folders or patterns')
  .requiredOption('--out <folder>', 'where the copies go: a new or empty folder')
  .option('--redact-hosts', 'mask host names, names of machines and public addresses of servers, too')
  .option('--redact-key <file>', 'a secret file: with the same one a visitor has the same name in every copy')
  .option('-q, --quiet', 'no summary, no progress')
  .action(async (paths: string[], flags: RedactFlags) => {
    const { redactCommand } = await import(/* webpackIgnore: true */ './redact-command.ts');
    process.exitCode = await redactCommand(paths, flags);
  });

withOutputs(
  program
    .command('render')
    .description('draw a stored result again, in another form')
    .argument('<result>', 'a .json that --json or -o gave'),
)
  .option('--table <name>', 'what a .csv holds: bursts, requests or evidence')
  .option('--packet <for>', 'a text to send on: hosting, cloudflare or application')
  .option('--no-color', 'no colours')
  .action(async (path: string, flags: RenderFlags) => {
    const { renderCommand } = await import(/* webpackIgnore: true */ './render-command.ts');
    process.exitCode = await renderCommand(path, flags);
  });

program
  .command('completion')
  .description('a script that completes commands and options in a shell: bash, zsh or fish')
  .addArgument(new Argument('<shell>').choices(SHELLS))
  .action(async (shell: (typeof SHELLS)[number]) => {
    const { completionScript } = await import(/* webpackIgnore: true */ './completion.ts');
    process.stdout.write(completionScript(program, shell));
  });

// The analysis does so once it is loaded, from bytecode.
program.hook('preAction', (_, command) => {
  if (command !== analyze) optimizeLate();
});
program.parseAsync().catch(async (error: unknown) => {
  const { tellFault } = await import(/* webpackIgnore: true */ './fault.ts');
  process.exitCode = tellFault(error);
});
