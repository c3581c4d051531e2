import { CAUSES } from '../causes/registry.ts';
import { signalProfileOf } from '../causes/signal-profile.ts';
import { wrap } from '../report/columns.ts';
import { clockMsOf, dayOf, formatCount } from '../report/figures.ts';
import { type LineEffect, lineEffects } from '../report/line-effect.ts';
import { type Paint, paint } from '../report/paint.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { visible } from '../report/visible.ts';
import { formatWeight } from '../report/weights.ts';
import { fileAndLine, HOP_TITLES, headline } from '../report/words.ts';
import type { AskedLine, Result } from '../result/schema.ts';
import { isSignalId, SIGNALS } from '../vocabulary/signals.ts';
import { hanging, marked, page, paragraph, part } from './layout.ts';

type Item = AskedLine['records'][number];

/** What became of the line that was asked about: who read it, what it says, and what it moved. */
export function renderLine(result: Result, { columns, color }: TerminalOptions): string {
  const styles = paint(color);
  const { line } = result;
  if (line === undefined) return '';
  const label = (name: string, text: string): string[] => hanging(name, visible(text), columns, styles);
  return page([
    [
      ...wrap(visible(fileAndLine(result, line.source, line.line)), columns).map(styles.bold),
      ...(line.text === '' ? [] : paragraph(visible(line.text), columns, 2).slice(0, 8)),
    ],
    [
      ...label('format', formatText(line)),
      ...(line.wrapper === null ? [] : label('carried by', wrapperText(line.wrapper))),
      ...(line.entryLine === line.line ? [] : label('entry', entryText(line))),
    ],
    ...line.records.flatMap((record) => [recordLines(record, label), fields(record, columns, styles)]),
    part('Its columns, which the file does not name', columnLines(line, columns, styles), styles),
    part('What it moved', moved(result, line, columns, styles), styles),
  ]);
}

function formatText({ format, title, sourceFormat, lines, line, resembles }: AskedLine): string {
  if (format !== null) return `${format} (${title})`;
  if (line > lines) return `none: the file has ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`;
  const near = resembles.map((other) => other.format).join(', ');
  return [
    'not understood: no format takes it',
    sourceFormat === null ? 'the file is of no known format' : `the file is read as ${sourceFormat}`,
    near === '' ? 'it resembles none' : `it resembles ${near}, not enough to be read so; --as forces one`,
  ].join('; ');
}

function entryText({ isSecond, entryLine }: AskedLine): string {
  return isSecond
    ? `one of two lines about the same event, which is counted once, by line ${entryLine}; what follows is said of that`
    : `continues the entry that begins on line ${entryLine}; what follows is said of that`;
}

function wrapperText({ program, pid, server, written }: NonNullable<AskedLine['wrapper']>): string {
  const who = program === null ? null : `${program}${pid === null ? '' : `[${pid}]`}`;
  return [who, server === null ? null : `on ${server}`, written === null ? null : `at ${written}`]
    .filter((text) => text !== null)
    .join(' ');
}

function recordLines(record: Item, label: (name: string, text: string) => string[]): string[] {
  return [
    ...label(
      'record',
      `${record.kind === 'request' ? 'a request' : 'a line that tells something'}, ${HOP_TITLES[record.hop].toLowerCase()}`,
    ),
    ...label('written', timeText(record)),
    ...(record.signal === null
      ? label('signal', 'none: an ordinary answer')
      : [...label('signal', record.signal), ...label('says', record.says ?? '')]),
  ];
}

/** What each column was taken for. */
function columnLines({ columns: guessed = [] }: AskedLine, columns: number, styles: Paint): string[] {
  const widest = Math.max(0, ...guessed.map(({ name }) => name.length));
  const digits = String(guessed.length).length;
  const lines = guessed.flatMap(({ name, why }, i) =>
    marked(
      `  ${String(i + 1).padStart(digits)}  ${(name === '' ? '-' : name).padEnd(widest)}  `,
      name === '' ? 'not read: nothing tells for sure what it is' : why,
      columns,
    ).map((text, row) => (row === 0 && name !== '' ? text.replace(name, styles.bold(name)) : text)),
  );
  return guessed.length === 0
    ? []
    : [...lines, ...paragraph('Where one is wrong, name all of them in their order with --fields.', columns, 2)];
}

/** The time as it is written and, where that differs, on the clock of all logs. */
function timeText({ written, time }: Item): string {
  if (written === null) return 'no time';
  if (time === null || written === time) return written;
  return `${written} = ${dayOf(time)} ${clockMsOf(time)} UTC on the clock of all logs`;
}

function fields({ fields: all }: Item, columns: number, styles: Paint): string[] {
  const widest = Math.max(0, ...all.map(({ name }) => name.length));
  return all.flatMap(({ name, value }) =>
    marked(`  ${name.padEnd(widest)}  `, visible(value), columns).map((line, i) =>
      i === 0 ? line.replace(name, styles.dim(name)) : line,
    ),
  );
}

function moved(result: Result, line: AskedLine, columns: number, styles: Paint): string[] {
  const effects = lineEffects(result);
  if (effects.length === 0) return paragraph(`Nothing. ${whyNothing(result, line)}`, columns, 2);
  return effects.flatMap((effect, i) => [
    ...(effect.burst === effects[i - 1]?.burst && i > 0 ? [] : judgement(effect, columns, styles)),
    ...marked('    - ', visible(effectText(effect)), columns),
  ]);
}

function judgement({ burst, verdict }: LineEffect, columns: number, styles: Paint): string[] {
  const where = burst === null ? 'These logs' : `Burst ${burst}`;
  return marked('  ', `${where}: ${headline(verdict)}`, columns).map(styles.bold);
}

function effectText({ role, evidence, verdict }: LineEffect): string {
  if (role === 'counted') return 'It is one of the failed requests.';
  if (role === 'trigger') return 'It is what set the burst off.';
  if (role === 'set-aside' || evidence === null) return 'Set aside: it looks bad and is harmless.';
  const row = `${formatWeight(evidence.weight)} decibans ${evidence.direction} ${verdict.cause}`;
  const lines = evidence.count === 1 ? 'The one line' : `One of ${formatCount(evidence.count)} lines`;
  const part = role === 'quoted' ? 'Quoted by a row that several lines led to' : `${lines} behind this row`;
  return `${part} of the evidence, ${row}: ${evidence.text}`;
}

/** Why a line moved no verdict, in a sentence. */
function whyNothing(result: Result, line: AskedLine): string {
  const [record] = line.records;
  if (line.format === null) return 'Nobody read it.';
  if (record === undefined) return 'The format knows such lines and takes nothing from them.';
  if (record.signal === null)
    return 'It is an ordinary answer: it counts in the traffic that the failures are set against.';
  if (!isSignalId(record.signal)) return '';
  const { role } = SIGNALS[record.signal];
  if (role === 'noise') return 'It looks bad and is harmless, and no burst is near it.';
  if (result.bursts.length === 0 && result.excerpt === undefined)
    return 'No burst of failures stands out in these logs.';
  const near = result.bursts.some(
    ({ firstRequest, end }) =>
      record.time !== null &&
      Date.parse(record.time) >= Date.parse(firstRequest) - 60_000 &&
      Date.parse(record.time) <= Date.parse(end) + 1000,
  );
  if (!near && result.bursts.length > 0) return 'It lies outside of every burst.';
  const profile = signalProfileOf(record.signal, CAUSES);
  const readers = [...profile.speaksFor, ...profile.speaksAgainst].map(({ cause }) => cause);
  if (readers.length === 0) return 'No cause reads this signal; it dates and describes.';
  return `The named cause does not read this signal. It speaks for or against ${[...new Set(readers)].slice(0, 6).join(', ')}.`;
}
