import { PartProblem } from '../batch/part-file.ts';
import { mergeDigestFiles, writeDigestFile } from '../batch/parts.ts';
import { renderJson } from '../report/json.ts';
import { renderTerminal } from '../report/terminal.ts';
import { EXIT } from './exit-codes.ts';
import { type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';
import { whyNotWritable, writeReport } from './outputs.ts';
import { LeakError } from './safe-output.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 digest` as commander hands them over. */
export interface DigestFlags
  extends Pick<LogFlags, 'as' | 'host' | 'path' | 'logFormat' | 'fields' | 'hash' | 'redact'> {
  readonly output: string;
  readonly root?: string;
  readonly quiet?: boolean;
}

/** Options of `whose502 merge` as commander hands them over. */
export interface MergeFlags extends Pick<LogFlags, 'tz' | 'year' | 'since' | 'until' | 'redact'> {
  readonly output?: string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** Reads logs into a digest; returns the exit code. */
export async function digestCommand(paths: readonly string[], flags: DigestFlags): Promise<number> {
  const problem = paths.length === 0 ? 'name the logs of this part (whose502 digest --help)' : logFlagsProblem(flags);
  if (problem !== null) return complain(problem, EXIT.usage);
  if (flags.redact !== false)
    return complain(
      'a digest holds log lines as they are, since visitors have to be known again when it is merged; say --no-redact to write one, and keep it as you keep the logs. What merge writes is redacted',
      EXIT.usage,
    );
  return guarded(async () => {
    const { as, host, path, logFormats, csvFields, hash } = logOptionsOf(flags);
    const sources = await writeDigestFile(paths, flags.output, {
      as,
      host,
      path,
      logFormats,
      csvFields,
      hash,
      root: flags.root,
    });
    if (flags.quiet !== true) process.stderr.write(`whose502: wrote ${flags.output}, ${sources} files\n`);
    return sources === 0 ? complain('no file was found to read', EXIT.nothingUnderstood) : EXIT.analysed;
  });
}

/** Merges digests and prints or writes the result; returns the exit code. */
export async function mergeCommand(paths: readonly string[], flags: MergeFlags): Promise<number> {
  const problem =
    paths.length === 0
      ? 'name the digests to merge (whose502 merge --help)'
      : ((flags.output ?? []).map(whyNotWritable).find((reason) => reason !== null) ?? logFlagsProblem(flags));
  if (problem !== null) return complain(problem, EXIT.usage);
  return guarded(async () => {
    const { tz, year, since, until, redact } = logOptionsOf(flags);
    const { result, understood, failures, secrets } = await mergeDigestFiles(paths, { tz, year, since, until, redact });
    for (const failure of failures) complain(failure, EXIT.partial);
    for (const path of flags.output ?? []) {
      await writeReport(path, result, 'bursts', secrets);
      if (flags.quiet !== true) process.stderr.write(`whose502: wrote ${path}\n`);
    }
    if (flags.json === true) process.stdout.write(renderJson(result));
    else if (flags.quiet !== true)
      process.stdout.write(`${renderTerminal(result, terminalOptions(process.stdout, flags.color !== false))}\n`);
    if (understood === 0) return complain('nothing in these digests was understood', EXIT.nothingUnderstood);
    return failures.length > 0 ? EXIT.partial : EXIT.analysed;
  });
}

/** Runs a command; what the user can mend is told in plain words. */
async function guarded(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof PartProblem) return complain(error.message, EXIT.nothingUnderstood);
    if (error instanceof LeakError) return complain(error.message, EXIT.leak);
    if (error instanceof Error && 'code' in error) return complain(error.message, EXIT.partial);
    throw error;
  }
}

function complain(text: string, code: number): number {
  process.stderr.write(`whose502: ${text}\n`);
  return code;
}
