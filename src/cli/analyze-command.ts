import { type AnalyzeOptions, runAnalysis } from '../analyze.ts';
import { KEY_WANTED, readKey } from '../batch/redact-key.ts';
import { CAUSES } from '../causes/registry.ts';
import { keepYoungSmall, optimizeAsEver, tuneForLogs } from '../digest/v8-flags.ts';
import { renderJson } from '../report/json.ts';
import { renderLadder, requestsAt, requestsWithRay } from '../report/ladder.ts';
import { isTable, TABLES } from '../report/render.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Result } from '../result/schema.ts';
import { PLACES } from '../vocabulary/hops.ts';
import { EXIT } from './exit-codes.ts';
import { instantOf, jobsProblem, type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';
import { type Outputs, outputsProblem, writeOutputs } from './outputs.ts';
import { ADDRESSEES, isAddressee, packetFor } from './packets.ts';
import { printSafely } from './print-safely.ts';
import { complain, tell } from './tell.ts';
import { progressLine, terminalOptions } from './terminal.ts';

/** Options of `whose502 [paths...]` as commander hands them over. */
export interface AnalyzeFlags extends LogFlags, Outputs {
  readonly table?: string;
  readonly json?: boolean;
  readonly ray?: string;
  readonly at?: string;
  readonly redactKey?: string;
  readonly redactHosts?: boolean;
  readonly packet?: string;
  readonly color?: boolean;
  readonly failOn?: string;
  readonly jobs?: string;
}

const AT_WITHIN_MS = 1500;

/** Analyses and prints; returns the exit code. */
export async function analyzeCommand(paths: readonly string[], flags: AnalyzeFlags): Promise<number> {
  const problem = usageProblem(paths, flags);
  if (problem !== null) return complain(problem, EXIT.usage);
  const key = flags.redactKey === undefined ? undefined : readKey(flags.redactKey);
  if (key === null) return complain(`--redact-key ${flags.redactKey}: ${KEY_WANTED}`, EXIT.usage);
  const atMs = flags.at === undefined ? undefined : instantOf(flags.at);
  const progress = progressLine(flags.quiet === true);
  const options: AnalyzeOptions = {
    ...logOptionsOf(flags),
    redactKey: key,
    redactHosts: flags.redactHosts,
    ray: flags.ray,
    atMs,
    jobs: flags.jobs === undefined ? 'auto' : Number(flags.jobs),
    onFound: tuneForLogs,
    onProgress: ({ bytes, ofBytes }) => {
      keepYoungSmall();
      progress.show(bytes, ofBytes);
    },
  };
  const { result, understood, failures, secrets } = await runAnalysis(paths, options);
  optimizeAsEver();
  progress.clear();
  for (const failure of failures) tell(`${failure}`);
  if (understood === 0) {
    for (const { path, reason } of result.skipped)
      if (!failures.some((text) => text.startsWith(path))) tell(`${path}: ${reason}`);
    tell(
      'nothing was understood. Give nginx, PHP-FPM, cloudflared or Cloudflare logs, or a HAR; `whose502 formats` lists what is read and where it is found.',
    );
    if (flags.json === true && !(await printSafely(result, renderJson, secrets))) return EXIT.leak;
    return EXIT.nothingUnderstood;
  }
  const table = flags.table !== undefined && isTable(flags.table) ? flags.table : 'bursts';
  const written = await writeOutputs(flags, result, table, secrets);
  const screen = terminalOptions(process.stdout, flags.color !== false);
  const shown =
    flags.json === true
      ? await printSafely(result, renderJson, secrets)
      : flags.packet !== undefined && isAddressee(flags.packet)
        ? await printSafely(result, await packetFor(flags.packet), secrets)
        : flags.ray !== undefined || atMs !== undefined
          ? await printSafely(result, (one) => ladders(one, flags, atMs), secrets)
          : flags.quiet === true || (await printSafely(result, (one) => `${renderTerminal(one, screen)}\n`, secrets));
  if (!shown || written === EXIT.leak) return EXIT.leak;
  if (written !== EXIT.analysed) return written;
  if (matches(result, flags.failOn)) return EXIT.failOnMatched;
  return failures.length > 0 ? EXIT.partial : EXIT.analysed;
}

function usageProblem(paths: readonly string[], flags: AnalyzeFlags): string | null {
  if (paths.length === 0) return 'name the logs: files, a folder, or - for standard input (whose502 --help)';
  const wrongName = outputsProblem(flags);
  if (wrongName !== null) return wrongName;
  if (flags.table !== undefined && !isTable(flags.table)) return `--table ${flags.table}: use ${TABLES.join(', ')}`;
  if (flags.packet !== undefined && !isAddressee(flags.packet))
    return `--packet ${flags.packet}: use ${ADDRESSEES.join(', ')}`;
  if (flags.at !== undefined && Number.isNaN(instantOf(flags.at)))
    return `--at ${flags.at}: use a time such as 2025-03-04T09:12:42Z`;
  if (flags.ray !== undefined && !/^[0-9a-f]{16}(?:-[A-Za-z]{3,4})?$/i.test(flags.ray))
    return `--ray ${flags.ray}: a Ray ID has 16 hexadecimal digits, with or without -COLO`;
  if (flags.failOn !== undefined && !isVerdict(flags.failOn))
    return `--fail-on ${flags.failOn}: use any, a place (${PLACES.join(', ')}) or a cause; \`whose502 causes\` lists them`;
  return logFlagsProblem(flags) ?? jobsProblem(flags.jobs);
}

/** Whether a text is something that a verdict can name, or `any`. */
function isVerdict(text: string): boolean {
  return text === 'any' || PLACES.some((place) => place === text) || CAUSES.some(({ id }) => id === text);
}

function ladders(result: Result, flags: AnalyzeFlags, atMs: number | undefined): string {
  const which =
    flags.ray !== undefined
      ? requestsWithRay(result, flags.ray.slice(0, 16))
      : requestsAt(result, atMs ?? 0, AT_WITHIN_MS);
  if (which.length === 0) {
    const asked = flags.ray !== undefined ? `Ray ID ${flags.ray}` : `time ${flags.at}`;
    return `No request with ${asked} was kept. Failed requests always are; of good ones a sample in large logs.\n`;
  }
  return `${renderLadder(result, which, terminalOptions(process.stdout, flags.color !== false))}\n`;
}

/** Whether --fail-on names a place or cause of the result (`any`: any burst). */
function matches(result: Result, failOn: string | undefined): boolean {
  if (failOn === undefined) return false;
  if (failOn === 'any') return result.bursts.length > 0;
  return [result.verdict, ...result.bursts.map(({ verdict }) => verdict)].some(
    ({ place, cause }) => place === failOn || cause === failOn,
  );
}
