import { causeNamed, nearMisses } from '../causes/find.ts';
import { profileOf } from '../causes/profile.ts';
import { CAUSES } from '../causes/registry.ts';
import { signalProfileOf } from '../causes/signal-profile.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { isSignalId } from '../vocabulary/signals.ts';
import { renderCause } from './cause-screen.ts';
import { EXIT } from './exit-codes.ts';
import { renderSignal } from './signal-screen.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 explain <cause>` as commander hands them over. */
export interface ExplainFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Prints a cause, by its id or another name of it, or a signal by its id; returns the exit code. */
export function explainCommand(name: string, flags: ExplainFlags): number {
  const options = terminalOptions(process.stdout, flags.color !== false);
  const show = <T>(profile: T, render: (profile: T, options: TerminalOptions) => string): number => {
    process.stdout.write(flags.json === true ? `${JSON.stringify(profile, null, 2)}\n` : render(profile, options));
    return EXIT.analysed;
  };
  if (isSignalId(name)) return show(signalProfileOf(name, CAUSES), renderSignal);
  const cause = causeNamed(name, CAUSES);
  if (cause) return show(profileOf(cause, CAUSES), renderCause);
  process.stderr.write(`whose502: ${whyNotFound(name)}\n`);
  return EXIT.usage;
}

function whyNotFound(name: string): string {
  if (name === 'unknown') return 'unknown is no cause: the logs do not decide; the report lists what would settle it';
  const near = nearMisses(name, CAUSES);
  const hint = near.length === 0 ? '`whose502 causes` lists them' : `did you mean ${near.join(' or ')}?`;
  return `no cause is called ${JSON.stringify(name)}; ${hint}`;
}
