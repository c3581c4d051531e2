import { checkLogs, type LogCheck } from '../check/check.ts';
import { openRedaction } from '../result/redact.ts';
import { renderCheck } from './check-screen.ts';
import { EXIT } from './exit-codes.ts';
import { tell } from './tell.ts';
import { terminalOptions } from './terminal.ts';

/** Options of `whose502 check-logs <paths...>` as commander hands them over. */
export interface CheckFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Prints what logs lack and what adds it; returns the exit code. */
export async function checkCommand(paths: readonly string[], flags: CheckFlags): Promise<number> {
  const check = masked(await checkLogs(paths));
  for (const { source, note } of check.notes) tell(`${source}: ${note}`);
  if (check.logs.length === 0) {
    tell('no log was understood; `whose502 formats` lists what is');
    return EXIT.nothingUnderstood;
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(check, null, 2)}\n`
      : renderCheck(check, terminalOptions(process.stdout, flags.color !== false)),
  );
  return check.logs.some(({ lacks }) => lacks.length > 0) ? EXIT.lacking : EXIT.analysed;
}

/** Names of files may hold what is private. */
function masked(check: LogCheck): LogCheck {
  const redaction = openRedaction();
  for (const { source } of [...check.logs, ...check.notes]) redaction.see(source);
  const name = (source: string): string => redaction.mask(source);
  return {
    logs: check.logs.map((log) => ({ ...log, source: name(log.source) })),
    additions: check.additions.map((addition) => ({ ...addition, sources: addition.sources.map(name) })),
    notes: check.notes.map(({ source, note }) => ({ source: name(source), note: redaction.mask(note) })),
  };
}
