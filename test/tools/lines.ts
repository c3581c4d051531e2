import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { runAnalysis } from '../../src/analyze.ts';
import { traceSource } from '../../src/digest/trace.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { findSources } from '../../src/input/paths.ts';
import { type SourceFile, streamSource } from '../../src/input/source.ts';
import { type CauseNames, readCauseNames } from './accuracy/catalogue.ts';
import { disagreements, peerRow } from './lines/peers.ts';

const USAGE = `npm run lines -- <files or folders...> [--list]

How much of logs is understood, folder by folder: files, lines, lines understood, and what is wrong.

Wrong is what can be checked:
  labels.json   beside logs: {"<file>": {"place": …, "cause": …, "also_acceptable": […], "error_lines_expected": …,
                "edge_records": …}}; a file is wrong where the analysis of it alone names another place or cause, and open
                where it names none, or where the log has no line about the fault (error_lines_expected is false).
                What edge_records names is left out.
  *.ndjson      whose rows are {"line": …, "expected": {…}}: a line is wrong where time, level, client, upstream, status or
                message are not what another program reads in it.

  --list        also each file with a line that was not understood, and each wrong answer`;

interface Row {
  files: number;
  unknown: number;
  lines: number;
  understood: number;
  checked: number;
  open: number;
  wrong: number;
}

const EMPTY: Row = { files: 0, unknown: 0, lines: 0, understood: 0, checked: 0, open: 0, wrong: 0 };

interface Label {
  readonly place?: string;
  readonly cause?: string;
  readonly also_acceptable?: readonly string[];
  readonly error_lines_expected?: boolean;
  readonly edge_records?: string | null;
}

const NO_LOG = /^(?:readme|index|sources|licen[cs]e|(?:labels|case|truth)\.json)\b/i;
const rows = new Map<string, Row>();
const notes: string[] = [];

function rowOf(collection: string): Row {
  const row = rows.get(collection) ?? { ...EMPTY };
  rows.set(collection, row);
  return row;
}

/** The labels of the folder of a file or of one above it, by path from there. */
function labelsFor(path: string): { readonly folder: string; readonly labels: Readonly<Record<string, Label>> } | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'labels.json');
    if (existsSync(file)) return { folder, labels: JSON.parse(readFileSync(file, 'utf8')) };
    if (dirname(folder) === folder) return null;
  }
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
  const { place, cause } = result.verdict;
  const wanted = [label.cause, ...(label.also_acceptable ?? [])].map(names.canonical);
  const right =
    label.place === 'none'
      ? place === 'none'
      : wanted.some((id) => id === cause || names.isBroader(cause, id)) && place !== 'none';
  if (right) return;
  const isOpen = label.error_lines_expected === false || cause === 'unknown';
  row[isOpen ? 'open' : 'wrong']++;
  notes.push(`${path}: ${place}/${cause}, labelled ${label.place}/${wanted.join(' or ')}${isOpen ? ' (open)' : ''}`);
}

async function readPeers(path: string, row: Row): Promise<void> {
  row.files++;
  for (const [i, text] of readFileSync(path, 'utf8').trim().split('\n').entries()) {
    const peer = peerRow(text);
    if (peer === null) continue;
    const trace = await traceSource(streamSource(Readable.from([Buffer.from(peer.line)])), FORMATS);
    const wrong = disagreements(peer, trace);
    row.lines++;
    row.checked++;
    if (trace.notUnderstood === 0) row.understood++;
    if (wrong.length === 0) continue;
    row.wrong++;
    notes.push(`${path}:${i + 1}: ${wrong.join('; ')}\n    ${peer.line.slice(0, 200)}`);
  }
}

function printTable(): void {
  const percent = (part: number, of: number): string => (of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`);
  const cells = [...rows, ['all', total()] as const].map(([name, row]) => [
    name,
    String(row.files),
    String(row.unknown),
    String(row.lines),
    String(row.understood),
    percent(row.understood, row.lines),
    String(row.checked),
    String(row.open),
    String(row.wrong),
    percent(row.checked - row.wrong, row.checked),
  ]);
  const head = ['collection', 'files', 'no format', 'lines', 'understood', '', 'checked', 'open', 'wrong', 'not wrong'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const shown = (line: readonly string[]): string =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  for (const line of [head, ...cells]) console.log(shown(line).trimEnd());
}

function total(): Row {
  const sum = { ...EMPTY };
  for (const row of rows.values())
    for (const key of ['files', 'unknown', 'lines', 'understood', 'checked', 'open', 'wrong'] as const)
      sum[key] += row[key];
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
