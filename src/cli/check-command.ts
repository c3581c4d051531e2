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
  for (const line of noteLines(check.notes)) tell(line);
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

/** Files of which the same is said are named one by one up to here. */
const MOST_ALIKE = 3;

/** A line for each note; where the same is said of many files, as of a whole folder of configuration, one for all. */
function noteLines(notes: LogCheck['notes']): string[] {
  const sources = new Map<string, string[]>();
  for (const { source, note } of notes) sources.set(note, [...(sources.get(note) ?? []), source]);
  return [...sources].flatMap(([note, alike]) =>
    alike.length <= MOST_ALIKE
      ? alike.map((source) => `${source}: ${note}`)
      : `${alike.slice(0, MOST_ALIKE).join(', ')} and ${alike.length - MOST_ALIKE} more: ${note}`,
  );
}

/** A variable of nginx, a directive of Apache, an operator of Envoy; what stands between them was written by a person. */
const VARIABLE = /(\$\w+|\$\{\w+\}|%[<>!\d,]{0,20}\{[\w:%.-]{1,60}\}[A-Za-z]|%[A-Z_]{2,60}(?:\([\w?:-]{1,100}\))?%)/;

/** Names of files may hold what is private, and so may the configuration that is extended. */
function masked(check: LogCheck): LogCheck {
  const redaction = openRedaction();
  for (const { source } of [...check.logs, ...check.notes]) {
    redaction.seeFile(source);
    redaction.see(source);
  }
  const safe = (text: string): string => redaction.secrets.mask(redaction.mask(text));
  const written = (configuration: string): string =>
    configuration
      .split(VARIABLE)
      .map((part) => (VARIABLE.test(part) ? part : safe(part)))
      .join('');
  return {
    logs: check.logs.map((log) => ({ ...log, source: safe(log.source) })),
    additions: check.additions.map((addition) => ({
      ...addition,
      sources: addition.sources.map(safe),
      configuration: addition.configuration === null ? null : written(addition.configuration),
    })),
    notes: check.notes.map(({ source, note }) => ({ source: safe(source), note: safe(note) })),
  };
}
