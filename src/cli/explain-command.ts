import { causeNamed, nearMisses } from '../causes/find.ts';
import { profileOf } from '../causes/profile.ts';
import { CAUSES } from '../causes/registry.ts';
import { renderCause } from './cause-screen.ts';
import { EXIT } from './exit-codes.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 explain <cause>` as commander hands them over. */
export interface ExplainFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Prints an entry of the catalogue by its id or another name of it; returns the exit code. */
export function explainCommand(name: string, flags: ExplainFlags): number {
  const cause = causeNamed(name, CAUSES);
  if (!cause) {
    process.stderr.write(`whose502: ${whyNotFound(name)}\n`);
    return EXIT.usage;
  }
  const profile = profileOf(cause, CAUSES);
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(profile, null, 2)}\n`
      : renderCause(profile, terminalOptions(process.stdout, flags.color !== false)),
  );
  return EXIT.analysed;
}

function whyNotFound(name: string): string {
  if (name === 'unknown')
    return 'unknown is no cause: the logs do not decide; the report lists what would settle it under “missing”';
  const near = nearMisses(name, CAUSES);
  const hint = near.length === 0 ? '`whose502 causes` lists them' : `did you mean ${near.join(' or ')}?`;
  return `no cause is called ${JSON.stringify(name)}; ${hint}`;
}
