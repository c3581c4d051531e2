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
import { allowedCauses, labelsFor, markLabel } from './lines/labels.ts';
import { disagreement, peerRow } from './lines/peers.ts';

const USAGE = `npm run lines -- <files or folders...> [--list]

How much of logs is understood, folder by folder: files, lines, lines understood, and how much is right of what can be checked.

  labels.json   beside logs: {"<file>": {"place": …, "cause": …, "also_acceptable": […], "error_lines_expected": …,
                "edge_records": …}}, held against the analysis of that file alone. Right: place and cause as labelled; vague: the
                place, and an umbrella of the cause; open: no cause is named, or the same one in the labelled place and in
                another, or the log has no line about the fault (error_lines_expected is false); wrong: anything else.
                What edge_records names is left out.
  *.ndjson      whose rows are {"format": …, "line": …, "expected": {…}, "source": …}: right where time, level, client,
                upstream, status and message are what another program reads in the line; open where they are not and the other
                program is wrong, or means something else, or the row holds no such field; wrong where this one is wrong.

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
    const mark = found === null ? 'right' : found.right === 'other' ? 'wrong' : 'open';
    row[mark]++;
    if (found === null) continue;
    const who = { this: 'this is right', other: 'the other is right', both: 'both are right', neither: 'neither can' };
    notes.push(
      `${path}:${i + 1}: ${mark}: ${found.fields.join('; ')}\n    ${who[found.right]}: ${found.why}\n    ${peer.line.slice(0, 200)}`,
    );
  }
}

function printTable(): void {
  const percent = (part: number, of: number): string => (of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`);
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
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const shown = (line: readonly string[]): string =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  for (const line of [head, ...cells]) console.log(shown(line).trimEnd());
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
  if (options.list && notes.length > 0) console.log(`\n${notes.join('\n')}`);
}
