/**
 * Writes docs/lines.md: a line for every message that is known and every example of the formats, with what it means. Run as part
 * of `npm run docs`; test/formats/samples.test.ts fails where the page is not what this would write.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Format } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { HOP_TITLES } from '../../src/report/words.ts';
import { SIGNALS, type SignalId } from '../../src/vocabulary/signals.ts';
import { SAMPLE_LINES } from '../formats/samples.ts';

export const LINES_PAGE = 'docs/lines.md';
const LONGEST_LINE = 160;

interface Row {
  readonly line: string;
  readonly signal: SignalId | undefined;
  readonly says: string;
}

/** The whole page. */
export function linesPage(): string {
  return `${[
    '# The lines',
    'Made from the formats and their tables of messages by `npm run docs`; do not edit it here. `whose502 formats` lists the formats, `whose502 explain <file>:<line>` says what became of a line of your own, `whose502 explain <signal>` which causes a signal speaks for.',
    'Each line stands for all of its kind. Long ones are cut, entries of several lines show their first.',
    ...FORMATS.flatMap(section),
  ].join('\n\n')}\n`;
}

function section(format: Format): string[] {
  const rows = [...examples(format), ...messages(format)];
  return [
    `## ${format.id}`,
    `**${format.title}.** ${HOP_TITLES[format.hop]}. Found in: ${format.foundAt.map(prose).join('; ')}.`,
    format.limits.map((limit) => `- ${prose(limit)}`).join('\n'),
    [
      '| line | signal | what it means |',
      '|---|---|---|',
      ...rows.map(
        ({ line, signal, says }) =>
          `| ${cell(line)} | ${signal === undefined ? '' : `\`${signal}\``} | ${prose(says)} |`,
      ),
    ].join('\n'),
  ];
}

function examples({ examples: all }: Format): Row[] {
  return all().map(({ input, shows, records }) => {
    const signal = records.find((record) => record.signal !== undefined)?.signal;
    return { line: firstLine(input), signal, says: `${shows.charAt(0).toUpperCase()}${shows.slice(1)}.` };
  });
}

function messages({ id }: Format): Row[] {
  return SAMPLE_LINES.filter(({ format }) => format === id).map(({ line, signal }) => ({
    line,
    signal,
    says: SIGNALS[signal].says,
  }));
}

const firstLine = (text: string): string => text.split('\n').find((line) => line.trim().length > 2) ?? '';

/** A line as code in a table's cell: pipes would end the cell, backquotes the code. */
function cell(line: string): string {
  const shown = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
  const escaped = shown
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replace(/[\x00-\x1f\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `<code>${escaped}</code>`;
}

const prose = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(LINES_PAGE, linesPage());
