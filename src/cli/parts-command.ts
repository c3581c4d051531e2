import { PartProblem } from '../batch/part-file.ts';
import { mergeDigestFiles, writeDigestFile } from '../batch/parts.ts';
import { KEY_WANTED, keyAt, keyFileOf, readKey } from '../batch/redact-key.ts';
import { renderJson } from '../report/json.ts';
import { LeakError } from '../report/safely.ts';
import { renderTerminal } from '../report/terminal.ts';
import { EXIT } from './exit-codes.ts';
import { type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';
import { type Outputs, outputsProblem, writeOutputs } from './outputs.ts';
import { printSafely } from './print-safely.ts';
import { complain, tell } from './tell.ts';
import { terminalOptions } from './terminal.ts';
import { writeReason } from './write-reason.ts';

/** Options of `whose502 digest` as commander hands them over. */
export interface DigestFlags
  extends Pick<LogFlags, 'as' | 'host' | 'path' | 'logFormat' | 'fields' | 'hash' | 'redact'> {
  readonly output: string;
  readonly root?: string;
  readonly redactKey?: string;
  readonly quiet?: boolean;
}

/** Options of `whose502 merge` as commander hands them over. */
export interface MergeFlags extends Pick<LogFlags, 'tz' | 'year' | 'since' | 'until' | 'redact'>, Outputs {
  readonly json?: boolean;
  readonly redactKey?: string;
  readonly redactHosts?: boolean;
  readonly color?: boolean;
}

/** Reads logs into a digest; returns the exit code. */
export async function digestCommand(paths: readonly string[], flags: DigestFlags): Promise<number> {
  const problem = paths.length === 0 ? 'name the logs of this part (whose502 digest --help)' : logFlagsProblem(flags);
  if (problem !== null) return complain(problem, EXIT.usage);
  return guarded(async () => {
    const key = flags.redact === false ? undefined : await keyFor(flags);
    if (key === null) return complain(`--redact-key ${flags.redactKey}: ${KEY_WANTED}`, EXIT.usage);
    const { as, host, path, logFormats, csvFields, hash } = logOptionsOf(flags);
    const sources = await writeDigestFile(paths, flags.output, {
      as,
      host,
      path,
      logFormats,
      csvFields,
      hash,
      root: flags.root,
      redactKey: key,
    });
    if (flags.quiet !== true) tell(`wrote ${flags.output}, ${sources} files${keyTold(flags)}`);
    return sources === 0 ? complain('no file was found to read', EXIT.nothingUnderstood) : EXIT.analysed;
  });
}

/** The key of the names in a digest: a file that is told, or one in the folder of the digest; null where it is none. */
async function keyFor({ redactKey, output }: DigestFlags): Promise<Uint8Array | null> {
  return redactKey === undefined ? keyAt(keyFileOf(output)) : readKey(redactKey);
}

function keyTold({ redact, redactKey, output }: DigestFlags): string {
  if (redact === false) return '; nothing is masked in it';
  return redactKey === undefined
    ? `; visitors are named with the key in ${keyFileOf(output)}: use it for all parts (--redact-key), and keep it to yourself`
    : '';
}

/** Merges digests and prints or writes the result; returns the exit code. */
export async function mergeCommand(paths: readonly string[], flags: MergeFlags): Promise<number> {
  const problem =
    paths.length === 0
      ? 'name the digests to merge (whose502 merge --help)'
      : (outputsProblem(flags) ?? logFlagsProblem(flags));
  if (problem !== null) return complain(problem, EXIT.usage);
  const key = flags.redactKey === undefined ? undefined : readKey(flags.redactKey);
  if (key === null) return complain(`--redact-key ${flags.redactKey}: ${KEY_WANTED}`, EXIT.usage);
  return guarded(async () => {
    const { tz, year, since, until, redact } = logOptionsOf(flags);
    const { result, understood, failures, secrets } = await mergeDigestFiles(paths, {
      ...{ tz, year, since, until, redact },
      redactKey: key,
      redactHosts: flags.redactHosts,
    });
    for (const failure of failures) complain(failure, EXIT.partial);
    const written = await writeOutputs(flags, result, 'bursts', secrets);
    const screen = terminalOptions(process.stdout, flags.color !== false);
    const shown =
      flags.json === true
        ? await printSafely(result, renderJson, secrets)
        : flags.quiet === true || (await printSafely(result, (one) => `${renderTerminal(one, screen)}\n`, secrets));
    if (!shown || written === EXIT.leak) return EXIT.leak;
    if (understood === 0) return complain('nothing in these digests was understood', EXIT.nothingUnderstood);
    return failures.length > 0 ? EXIT.partial : written;
  });
}

/** Runs a command; what the user can mend is told in plain words. */
async function guarded(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof LeakError) return complain(`the digest: ${error.message}`, EXIT.leak);
    if (error instanceof PartProblem) return complain(error.message, EXIT.nothingUnderstood);
    if (error instanceof Error && 'code' in error) return complain(writeReason(error), EXIT.partial);
    throw error;
  }
}
