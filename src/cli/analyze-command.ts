import { type AnalyzeOptions, runAnalysis } from '../analyze.ts';
import { CAUSES } from '../causes/registry.ts';
import { renderJson } from '../report/json.ts';
import { renderLadder, requestsAt, requestsWithRay } from '../report/ladder.ts';
import { TABLES, type Table } from '../report/render.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Result } from '../result/schema.ts';
import { PLACES } from '../vocabulary/hops.ts';
import { EXIT } from './exit-codes.ts';
import { instantOf, jobsProblem, type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';
import { keepHeapSmall } from './memory.ts';
import { whyNotWritable, writeReport } from './outputs.ts';
import { progressLine, terminalOptions } from './terminal.ts';

/** Options of `whose502 [paths...]` as commander hands them over. */
export interface AnalyzeFlags extends LogFlags {
  readonly output?: string[];
  readonly table?: string;
  readonly json?: boolean;
  readonly ray?: string;
  readonly at?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly failOn?: string;
  readonly jobs?: string;
}

const AT_WITHIN_MS = 1500;

/** Analyses and prints; returns the exit code. */
export async function analyzeCommand(paths: readonly string[], flags: AnalyzeFlags): Promise<number> {
  const problem = usageProblem(paths, flags);
  if (problem !== null) return complain(problem, EXIT.usage);
  const atMs = flags.at === undefined ? undefined : instantOf(flags.at);
  const progress = progressLine(flags.quiet === true);
  const options: AnalyzeOptions = {
    ...logOptionsOf(flags),
    ray: flags.ray,
    atMs,
    jobs: flags.jobs === undefined ? 'auto' : Number(flags.jobs),
    onFound: keepHeapSmall,
    onProgress: ({ bytes, ofBytes }) => progress.show(bytes, ofBytes),
  };
  const { result, understood, failures } = await runAnalysis(paths, options);
  progress.clear();
  for (const failure of failures) process.stderr.write(`whose502: ${failure}\n`);
  if (understood === 0) {
    for (const { path, reason } of result.skipped)
      if (!failures.some((text) => text.startsWith(path))) process.stderr.write(`whose502: ${path}: ${reason}\n`);
    process.stderr.write(
      'whose502: nothing was understood. Give nginx, PHP-FPM, cloudflared or Cloudflare logs, or a HAR; `whose502 formats` lists what is read and where it is found.\n',
    );
    if (flags.json === true) process.stdout.write(renderJson(result));
    return EXIT.nothingUnderstood;
  }
  const written = await writeOutputs(flags, result);
  if (flags.json === true) process.stdout.write(renderJson(result));
  else if (flags.ray !== undefined || atMs !== undefined) printLadders(result, flags, atMs);
  else if (flags.quiet !== true)
    process.stdout.write(`${renderTerminal(result, terminalOptions(process.stdout, flags.color !== false))}\n`);
  if (!written) return EXIT.partial;
  if (matches(result, flags.failOn)) return EXIT.failOnMatched;
  return failures.length > 0 ? EXIT.partial : EXIT.analysed;
}

function usageProblem(paths: readonly string[], flags: AnalyzeFlags): string | null {
  if (paths.length === 0) return 'name the logs: files, a folder, or - for standard input (whose502 --help)';
  for (const path of flags.output ?? []) {
    const reason = whyNotWritable(path);
    if (reason !== null) return reason;
  }
  if (flags.table !== undefined && !isTable(flags.table)) return `--table ${flags.table}: use ${TABLES.join(', ')}`;
  if (flags.at !== undefined && Number.isNaN(instantOf(flags.at)))
    return `--at ${flags.at}: use a time such as 2025-03-04T09:12:42Z`;
  if (flags.ray !== undefined && !/^[0-9a-f]{16}(?:-[A-Za-z]{3,4})?$/i.test(flags.ray))
    return `--ray ${flags.ray}: a Ray ID has 16 hexadecimal digits, with or without -COLO`;
  if (flags.failOn !== undefined && !isVerdict(flags.failOn))
    return `--fail-on ${flags.failOn}: use any, a place (${PLACES.join(', ')}) or a cause; \`whose502 causes\` lists them`;
  return logFlagsProblem(flags) ?? jobsProblem(flags.jobs);
}

function isTable(text: string): text is Table {
  return TABLES.some((table) => table === text);
}

/** Whether a text is something that a verdict can name, or `any`. */
function isVerdict(text: string): boolean {
  return text === 'any' || PLACES.some((place) => place === text) || CAUSES.some(({ id }) => id === text);
}

async function writeOutputs(flags: AnalyzeFlags, result: Result): Promise<boolean> {
  let ok = true;
  for (const path of flags.output ?? []) {
    try {
      await writeReport(path, result, flags.table !== undefined && isTable(flags.table) ? flags.table : 'bursts');
      if (flags.quiet !== true) process.stderr.write(`whose502: wrote ${path}\n`);
    } catch (error) {
      ok = false;
      process.stderr.write(
        `whose502: ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  return ok;
}

function printLadders(result: Result, flags: AnalyzeFlags, atMs: number | undefined): void {
  const options = terminalOptions(process.stdout, flags.color !== false);
  const which =
    flags.ray !== undefined
      ? requestsWithRay(result, flags.ray.slice(0, 16))
      : requestsAt(result, atMs ?? 0, AT_WITHIN_MS);
  if (which.length === 0) {
    const asked = flags.ray !== undefined ? `Ray ID ${flags.ray}` : `time ${flags.at}`;
    process.stdout.write(
      `No request with ${asked} was kept. Failed requests always are; of good ones a sample in large logs.\n`,
    );
    return;
  }
  process.stdout.write(`${renderLadder(result, which, options)}\n`);
}

/** Whether --fail-on names a place or cause of the result (`any`: any burst). */
function matches(result: Result, failOn: string | undefined): boolean {
  if (failOn === undefined) return false;
  if (failOn === 'any') return result.bursts.length > 0;
  return [result.verdict, ...result.bursts.map(({ verdict }) => verdict)].some(
    ({ place, cause }) => place === failOn || cause === failOn,
  );
}

function complain(text: string, code: number): number {
  process.stderr.write(`whose502: ${text}\n`);
  return code;
}
