import type { Stamp } from '../../vocabulary/records.ts';
import { parseIso } from '../stamps.ts';
import type { Peeled } from './peeled.ts';
import { ViewerStamps } from './viewer-stamps.ts';

/** Names of columns as log viewers export them, in lower case without `@`. */
const TEXTS: ReadonlySet<string> = new Set([
  'message',
  'line',
  'log',
  'content',
  '_raw',
  'textpayload',
  'log line',
  'event.original',
]);
const TIMES: ReadonlySet<string> = new Set([
  'timestamp',
  'date',
  'time',
  '_time',
  'datetime',
  'generated_at',
  'tsns',
  'eventtime',
]);
const SERVERS: ReadonlySet<string> = new Set(['host', 'host.name', 'hostname', 'source_name']);
const NAME = /^[@_\w][\w.@ :-]{0,60}$/;
const MOST_COLUMNS = 100;

interface Columns {
  readonly separator: string;
  readonly text: number;
  readonly times: readonly number[];
  readonly server: number;
  /** CloudWatch writes UTC and says so nowhere. */
  readonly isUtc: boolean;
}

/**
 * Tables of log lines as viewers export them (Grafana, Kibana, Datadog, CloudWatch, Splunk): a row of names, then a row for each
 * line, whose text may go on over several lines of the file.
 */
export class Tables {
  private columns: Columns | null = null;
  private open: Omit<Peeled, 'rest'> | null = null;
  private readonly stamps = new ViewerStamps();

  /** What is open of its times, in plain words. */
  get doubt(): string | undefined {
    return this.stamps.doubt;
  }

  /** The text of a row; null where the source is no such table. `number` counts from 1. */
  peel(line: string, number: number): Peeled | null {
    if (number === 1) {
      this.columns = columnsOf(line);
      return this.columns === null ? null : { rest: '' };
    }
    const { columns } = this;
    if (columns === null) return null;
    if (this.open !== null) return this.goOn(line, this.open);
    const { cells, isOpen } = cellsOf(line, columns.separator);
    const text = cells[columns.text];
    if (text === undefined) return null;
    const said = { ...this.stampIn(cells, columns), ...serverIn(cells, columns) };
    this.open = isOpen && cells.length === columns.text + 1 ? said : null;
    return { rest: text.replace(/\r?\n$/, ''), ...said };
  }

  private stampIn(cells: readonly string[], { times, isUtc }: Columns): { stamp?: Stamp } {
    for (const column of times) {
      const stamp = this.stamps.read(cells[column]?.trim() ?? '');
      if (stamp !== undefined)
        return { stamp: isUtc && stamp.kind === 'local' ? { kind: 'utc', ms: stamp.ms } : stamp };
    }
    return {};
  }

  /** A further line of a text that was not closed. */
  private goOn(line: string, said: Omit<Peeled, 'rest'>): Peeled {
    const { cells, isOpen } = cellsOf(`"${line}`, this.columns?.separator ?? ',');
    if (!isOpen || cells.length > 1) this.open = null;
    return { rest: cells[0] ?? '', ...said };
  }
}

function columnsOf(head: string): Columns | null {
  if (head.length > 4000) return null;
  for (const separator of [',', '\t', ';']) {
    if (!head.includes(separator)) continue;
    const written = cellsOf(head, separator).cells.map((cell) => cell.trim());
    if (written.length < 2 || written.length > MOST_COLUMNS || !written.every((name) => NAME.test(name))) continue;
    const names = written.map((name) => name.toLowerCase().replace(/^@/, ''));
    const text = names.findIndex((name) => TEXTS.has(name));
    const times = names.flatMap((name, i) => (TIMES.has(name) ? [i] : []));
    if (text < 0 || times.length === 0) continue;
    const server = names.findIndex((name) => SERVERS.has(name));
    return { separator, text, times, server, isUtc: written[text] === '@message' };
  }
  return null;
}

/** The cells of a row; `isOpen` where the last is in quotes that do not end. Linear in the length of the row. */
function cellsOf(row: string, separator: string): { readonly cells: string[]; readonly isOpen: boolean } {
  const cells: string[] = [];
  let at = 0;
  while (at <= row.length && cells.length < MOST_COLUMNS) {
    if (row.charAt(at) !== '"') {
      const end = row.indexOf(separator, at);
      cells.push(row.slice(at, end < 0 ? undefined : end));
      if (end < 0) break;
      at = end + 1;
      continue;
    }
    let end = row.indexOf('"', at + 1);
    while (end >= 0 && row.charAt(end + 1) === '"') end = row.indexOf('"', end + 2);
    cells.push(row.slice(at + 1, end < 0 ? undefined : end).replaceAll('""', '"'));
    if (end < 0) return { cells, isOpen: true };
    if (row.charAt(end + 1) !== separator) break;
    at = end + 2;
  }
  return { cells, isOpen: false };
}

function serverIn(cells: readonly string[], { server }: Columns): { server?: string } {
  const name = server < 0 ? undefined : cells[server]?.trim();
  return name === undefined || name === '' ? {} : { server: name };
}

const PAPERTRAIL =
  /^\d{15,20}\t(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)\t\S{19,30}\t\d{1,20}\t([^\t]{0,255})\t[^\t]{0,64}\t[^\t]{0,32}\t[^\t]{0,32}\t([^\t]{0,128})\t/;

/** A row of Papertrail's archives, which have no names of columns. */
export function peelPapertrail(text: string): Peeled | null {
  if (text.charAt(4) === '-') return null;
  const head = PAPERTRAIL.exec(text);
  const stamp = head === null ? undefined : parseIso(`${head[1]}${head[2]}`);
  if (head === null || stamp === undefined) return null;
  const [, , , server = '', program = ''] = head;
  return {
    rest: text.slice(head[0].length),
    stamp,
    ...(server === '' ? {} : { server }),
    ...(program === '' ? {} : { program }),
  };
}
