import { existsSync } from 'node:fs';
import { type LineAddress, runAnalysis } from '../analyze.ts';
import { causeNamed, nearMisses } from '../causes/find.ts';
import { profileOf } from '../causes/profile.ts';
import { CAUSES } from '../causes/registry.ts';
import { signalProfileOf } from '../causes/signal-profile.ts';
import { lineEffects } from '../report/line-effect.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import type { Result } from '../result/schema.ts';
import { isSignalId } from '../vocabulary/signals.ts';
import { renderCause } from './cause-screen.ts';
import { EXIT } from './exit-codes.ts';
import { renderLine } from './line-screen.ts';
import { type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';

import { printSafely } from './print-safely.ts';
import { renderSignal } from './signal-screen.ts';
import { complain } from './tell.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 explain` as commander hands them over. */
export interface ExplainFlags extends LogFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** `nginx/error.log:17` */
const LINE_ADDRESS = /^(.+):([1-9]\d{0,14})$/;

/**
 * Prints a cause, by its id or another name of it, a signal by its id, or what became of a line of a log (`FILE:LINE`, analysed
 * together with the logs that `paths` name); returns the exit code.
 */
export async function explainCommand(name: string, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  const address = LINE_ADDRESS.exec(name);
  if (address) return explainLine({ file: address[1] ?? '', line: Number(address[2]) }, paths, flags);
  if (paths.length > 0)
    return complain('more than one name was given; logs are named beside a line: FILE:LINE', EXIT.usage);
  const options = terminalOptions(process.stdout, flags.color !== false);
  const show = <T>(profile: T, render: (profile: T, options: TerminalOptions) => string): number => {
    process.stdout.write(flags.json === true ? `${JSON.stringify(profile, null, 2)}\n` : render(profile, options));
    return EXIT.analysed;
  };
  if (isSignalId(name)) return show(signalProfileOf(name, CAUSES), renderSignal);
  const cause = causeNamed(name, CAUSES);
  if (cause) return show(profileOf(cause, CAUSES), renderCause);
  return complain(whyNotFound(name), EXIT.usage);
}

/** Analyses the logs and prints what became of one line of theirs. */
async function explainLine(line: LineAddress, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  const problem = logFlagsProblem(flags);
  if (problem !== null) return complain(problem, EXIT.usage);
  const named = existsSync(line.file) ? [line.file] : [];
  if (named.length + paths.length === 0)
    return complain(
      `${line.file}: there is no such file; a file in an archive or a folder needs that named, too`,
      EXIT.usage,
    );
  const { result, secrets } = await runAnalysis([...named, ...paths], { ...logOptionsOf(flags), line });
  if (result.line === undefined)
    return complain(
      `${line.file}: no such log among those named; \`whose502 <paths> --json\` lists them under "sources"`,
      EXIT.usage,
    );
  const render = (one: Result): string =>
    flags.json === true
      ? `${JSON.stringify({ ...one.line, moved: lineEffects(one) }, null, 2)}\n`
      : renderLine(one, terminalOptions(process.stdout, flags.color !== false));
  if (!(await printSafely(result, render, secrets))) return EXIT.leak;
  return result.line.format === null ? EXIT.nothingUnderstood : EXIT.analysed;
}

function whyNotFound(name: string): string {
  if (name === 'unknown') return 'unknown is no cause: the logs do not decide; the report lists what would settle it';
  const near = nearMisses(name, CAUSES);
  const hint = near.length === 0 ? '`whose502 causes` lists them' : `did you mean ${near.join(' or ')}?`;
  return `no cause is called ${JSON.stringify(name)}; ${hint}. A line of a log is named FILE:LINE`;
}
