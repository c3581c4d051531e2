import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { runAnalysis } from '../../src/analyze.ts';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { findSources } from '../../src/input/paths.ts';
import { type SourceFile, streamSource } from '../../src/input/source.ts';
import { type CauseNames, readCauseNames } from './accuracy/catalogue.ts';
import { allowedCauses, labelsFor, markLabel, whyOpen } from './lines/labels.ts';
import { type Disagreement, disagreement, peerRow } from './lines/peers.ts';

const USAGE = `npm run lines -- <files or folders...> [--list]

How much of logs is understood, folder by folder: files, lines, lines understood, and how much is right of what can be checked.

  labels.json   beside logs: {"<file>": {"place": …, "cause": …, "also_acceptable": […], "error_lines_expected": …,
                "edge_records": …}}, held against the analysis of that file alone. Right: place and cause as labelled; vague: the
                place, and an umbrella of the cause; open: no cause is named, or the same one in the labelled place and in
                another, or the log has no line about the fault (error_lines_expected is false); wrong: anything else.
                What edge_records names is left out.
  *.ndjson      whose rows are {"format": …, "line": …, "expected": {…}, "source": …}: right where time, level, client,
                upstream, status and message are what another program reads in the line; open where they are not and the other
                program is wrong, or the row holds no such field; wrong where this one is wrong. Each field that is read
                otherwise is listed, with who is right.

  --list        also each file with a line that was not understood, and each wrong answer`;

const COUNTS = ['files', 'unknown', 'lines', 'understood', 'checked', 'right', 'vague', 'open', 'wrong'] as const;
type Row = Record<(typeof COUNTS)[number], number>;

const EMPTY: Readonly<Row> = {
  files: 0,
  unknown: 0,
  lines: 0,
  understood: 0,
  checked: 0,
  right: 0,
  vague: 0,
  open: 0,
  wrong: 0,
};

const NO_LOG = /^(?:readme|index|sources|licen[cs]e|(?:labels|case|truth)\.json)\b/i;
const rows = new Map<string, Row>();
const notes: string[] = [];
const openLabels = new Map<string, number>();
const peerLines: { readonly at: string; readonly line: string; readonly found: Disagreement | null }[] = [];

function rowOf(collection: string): Row {
  const row = rows.get(collection) ?? { ...EMPTY };
  rows.set(collection, row);
  return row;
}

async function readLog(source: SourceFile, path: string, row: Row, names: CauseNames): Promise<void> {
  const found = labelsFor(path);
  const name = found ? relative(found.folder, path) : '';
  if (Object.values(found?.labels ?? {}).some(({ edge_records }) => edge_records === name)) return;
  const trace = await traceSource(source, FORMATS);
  row.files++;
  row.lines += trace.count;
  row.understood += trace.count - trace.notUnderstood;
  if (trace.format === null) row.unknown++;
  if (trace.notUnderstood > 0) {
    const texts = trace.lines.filter(({ format, line }) => format === null && line.text.trim() !== '');
    notes.push(
      `${path}: ${trace.notUnderstood} of ${trace.count} not understood${texts
        .slice(0, 3)
        .map(({ line }) => `\n    ${line.number}: ${line.text.slice(0, 150)}`)
        .join('')}`,
    );
  }
  const label = found?.labels[name];
  if (label?.cause === undefined) return;
  row.checked++;
  const { result } = await runAnalysis([path], { redact: false });
  const mark = markLabel(result, label, names);
  row[mark]++;
  if (mark === 'right') return;
  const { place, cause, placeConfidence } = result.verdict;
  if (mark === 'open') {
    const labelled = `${label.place} ${label.cause}`;
    const key = [labelled, `${place} ${cause}`, whyOpen(result, label, names) ?? ''].join('\n');
    openLabels.set(key, (openLabels.get(key) ?? 0) + 1);
  }
  const wanted = allowedCauses(label, names).join(' or ');
  notes.push(`${path}: ${mark}: ${place} (${placeConfidence.toFixed(2)}) ${cause}, labelled ${label.place} ${wanted}`);
}

async function readPeers(path: string, row: Row): Promise<void> {
  row.files++;
  for (const [i, text] of readFileSync(path, 'utf8').trim().split('\n').entries()) {
    const peer = peerRow(text);
    if (peer === null) continue;
    const trace = await traceSource(streamSource(Readable.from([Buffer.from(peer.line)])), FORMATS);
    const found = disagreement(peer, trace);
    row.lines++;
    row.checked++;
    if (trace.notUnderstood === 0) row.understood++;
    row[found === null ? 'right' : found.right === 'other' ? 'wrong' : 'open']++;
    peerLines.push({ at: `${basename(path)}:${i + 1}`, line: peer.line, found });
  }
}

/** The labels that are neither met nor missed, by what is said instead and why. */
function printOpenLabels(): void {
  console.log('\nLABELS LEFT OPEN');
  const cells = [...openLabels].map(([key, files]) => [...key.split('\n'), String(files)]);
  printCells([['labelled', 'said', 'why', 'files'], ...cells], (column) => column < 3);
}

const WHO_IS_RIGHT = { this: 'this program', other: 'the other', neither: 'not in the line' } as const;

/** How many lines are read as another program reads them, and each field that is not, with who is right. */
function printPeers(): void {
  const holding = peerLines.filter(({ found }) => found?.right !== 'neither');
  const agreeing = holding.filter(({ found }) => found === null);
  console.log(
    `\nLINES THAT ANOTHER PROGRAM HAS READ, TOO: ${peerLines.length}; ${holding.length} hold what it expects of them, ${agreeing.length} of these agree by meaning (${percent(agreeing.length, holding.length)}); no mistake of this program in ${percent(peerLines.filter(({ found }) => found?.right !== 'other').length, peerLines.length)}`,
  );
  const cells = peerLines.flatMap(({ at, line, found }) =>
    (found?.differences ?? []).map(({ field, theirs, ours }) =>
      [at, field, theirs, ours, WHO_IS_RIGHT[found?.right ?? 'other'], line].map((text) => text.slice(0, 60)),
    ),
  );
  if (cells.length > 0) printCells([['line', 'field', 'theirs', 'ours', 'who is right', 'text'], ...cells], () => true);
  const reasons = new Set(
    peerLines.flatMap(({ found }) => (found ? [`  ${WHO_IS_RIGHT[found.right]}: ${found.why}`] : [])),
  );
  for (const reason of reasons) console.log(reason);
}

function percent(part: number, of: number): string {
  return of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`;
}

/** Prints rows of cells in columns; texts begin at the left, numbers end at the right. */
function printCells(rows: readonly (readonly string[])[], isText: (column: number) => boolean): void {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? [];
  const padded = (cell: string, i: number): string =>
    isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
  for (const cells of rows) console.log(cells.map(padded).join('  ').trimEnd());
}

function printTable(): void {
  const cells = [...rows, ['all', total()] as const].map(([name, row]) => [
    name,
    ...[row.files, row.unknown, row.lines, row.understood].map(String),
    percent(row.understood, row.lines),
    ...[row.checked, row.right, row.vague, row.open, row.wrong].map(String),
    percent(row.right, row.checked),
    percent(row.checked - row.wrong, row.checked),
  ]);
  const head = [
    ...['collection', 'files', 'no format', 'lines', 'understood', ''],
    ...['checked', 'right', 'vague', 'open', 'wrong', 'right', 'not wrong'],
  ];
  printCells([head, ...cells], (column) => column === 0);
}

function total(): Row {
  const sum = { ...EMPTY };
  for (const row of rows.values()) for (const key of COUNTS) sum[key] += row[key];
  return sum;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help || positionals.length === 0) console.log(USAGE);
else {
  const names = readCauseNames();
  for (const named of positionals) {
    const { sources, problems } = await findSources([named]);
    for (const { path, reason } of problems) console.error(`${path}: ${reason}`);
    const root = statSync(named).isDirectory() ? named : dirname(named);
    for (const source of sources) {
      const path = source.path ?? '';
      if (NO_LOG.test(basename(path))) continue;
      const row = rowOf(join(basename(root), relative(root, dirname(path))));
      const [first = ''] = path.endsWith('.ndjson') ? readFileSync(path, 'utf8').split('\n', 1) : [];
      await (peerRow(first) ? readPeers(path, row) : readLog(source, path, row, names));
    }
  }
  for (const [name, row] of rows) if (row.files === 0) rows.delete(name);
  printTable();
  if (peerLines.length > 0) printPeers();
  if (openLabels.size > 0) printOpenLabels();
  if (options.list && notes.length > 0) console.log(`\n${notes.join('\n')}`);
}
