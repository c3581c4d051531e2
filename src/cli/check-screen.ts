import type { Addition, CheckedLog, LogCheck } from '../check/check.ts';
import { wrap } from '../report/columns.ts';
import { type Paint, paint } from '../report/paint.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { hanging, marked, page } from './layout.ts';

/** Names that are listed before the others are counted. */
const MOST_NAMES = 3;

/** What logs have and lack, on a terminal: no line is wider than `columns`, except configuration, which is to be copied. */
export function renderCheck(check: LogCheck, { columns, color }: TerminalOptions): string {
  const styles = paint(color);
  const groups = alike(check.logs);
  return page([
    wrap(headline(check.logs), columns).map(styles.bold),
    ...groups.map((logs) => logPart(logs, columns, styles)),
    ...check.additions.map((addition) => additionPart(addition, columns, styles)),
  ]);
}

function headline(logs: readonly CheckedLog[]): string {
  const lacking = logs.filter(({ lacks }) => lacks.length > 0).length;
  if (lacking === 0) return `Nothing is lacking in ${logs.length === 1 ? 'this log' : `these ${logs.length} logs`}.`;
  return `${lacking} of ${logs.length} ${logs.length === 1 ? 'log lacks' : 'logs lack'} fields that a sure verdict needs.`;
}

/** Logs of one format that have and lack the same, in the order of their first. */
function alike(logs: readonly CheckedLog[]): CheckedLog[][] {
  const groups = new Map<string, CheckedLog[]>();
  for (const log of logs) {
    const key = JSON.stringify([log.format, log.has, log.lacks]);
    groups.set(key, [...(groups.get(key) ?? []), log]);
  }
  return [...groups.values()];
}

function logPart(logs: readonly CheckedLog[], columns: number, styles: Paint): string[] {
  const [log] = logs;
  if (!log) return [];
  const entries = logs.reduce((sum, one) => sum + one.entries, 0);
  return [
    ...wrap(log.title, columns).map(styles.bold),
    ...hanging('  in', names(logs.map(({ source }) => source)), columns, styles),
    ...(entries > 0
      ? hanging(
          '  looked at',
          `${entries.toLocaleString('en-US')} ${entries === 1 ? 'entry' : 'entries'}`,
          columns,
          styles,
        )
      : []),
    ...(log.has.length > 0 ? hanging('  has', log.has.join(', '), columns, styles) : []),
    ...(log.lacks.length === 0
      ? hanging('  lacks', 'nothing', columns, styles)
      : log.lacks.flatMap(({ field, why }) => marked('  lacks     ', `${field}: ${why}`, columns))),
  ];
}

function additionPart({ sources, where, configuration }: Addition, columns: number, styles: Paint): string[] {
  return [
    ...wrap(`To add it to ${names(sources)}`, columns).map(styles.bold),
    ...marked('  ', where, columns),
    ...(configuration ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`    ${line}`])),
  ];
}

/** Labels with a folder that all share before them once; a configuration's label goes on behind its file's. */
function names(sources: readonly string[]): string {
  const folder = (source: string): string => source.slice(0, source.lastIndexOf('/') + 1);
  const [first = ''] = sources;
  const shared = folder(first);
  const isShared =
    shared !== '' && sources.length > 1 && sources.every((one) => folder(one) === shared && !one.includes(': '));
  const short = isShared ? sources.map((one) => one.slice(shared.length)) : sources;
  const shown = `${isShared ? `${shared}: ` : ''}${short.slice(0, MOST_NAMES).join(', ')}`;
  return sources.length > MOST_NAMES ? `${shown} and ${sources.length - MOST_NAMES} more` : shown;
}
