import type { RequestRecord } from '../../vocabulary/records.ts';
import type { BlockReader, BlockSink, Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { openAccessBlocks } from './access-blocks.ts';
import { CR, LF } from './access-blocks-bytes.ts';
import { AccessRow } from './access-blocks-row.ts';
import { type AccessFields, variablesOf } from './access-fields.ts';
import { looksLikeJsonRow, namesOfJsonRow, readJsonRow } from './access-json.ts';
import { looksNamed, namedPairs, readNamedRow } from './access-named.ts';
import { readNpmRow } from './access-npm.ts';
import { accessRecord } from './access-row.ts';
import { readTextRow } from './access-text.ts';
import { tokenize } from './access-tokens.ts';
import { openJsonBlocks } from './json-blocks.ts';
import { OPEN_BRACE } from './json-blocks-bytes.ts';
import { LearnedBlocks } from './learned-blocks.ts';
import { type LogFormat, readLogFormat, variablesIn } from './log-format.ts';
import { NGINX_ACCESS_EXAMPLES } from './nginx-access-examples.ts';
import { NGINX_JSON_ROWS } from './nginx-json-rows.ts';
import { TextRow } from './text-blocks-row.ts';

function readRow(text: string): AccessFields | null {
  if (text.startsWith('{')) return readJsonRow(text);
  return readNpmRow(text) ?? readTextRow(text) ?? readNamedRow(text);
}

class NginxAccessParser implements LineParser {
  private readonly emit: Emit;
  private readonly formats: readonly LogFormat[];

  constructor(emit: Emit, formats: readonly LogFormat[] = []) {
    this.emit = emit;
    this.formats = formats;
  }

  push(line: Line): Taken {
    const record = recordBy(this.formats, line) ?? guessedRecord(line);
    if (record === null) return false;
    this.emit(record);
    return true;
  }

  end(): void {}
}

/** The record of a row whose format is told from itself. */
function guessedRecord(line: Line): RequestRecord | null {
  const fields = readRow(line.text);
  return fields === null ? null : accessRecord(fields, line);
}

/** Lines at the end of the first block that show how rows are written: a container says other things before. */
const SHOWN_LINES = 4;

/** Opens the block reader for rows like the last ones of the first block: JSON, what begins as `combined` does, or another text. */
function openBlocks(sink: BlockSink): BlockReader {
  let reader: BlockReader | undefined;
  return {
    read: (bytes, start, end, number) => {
      reader ??= openFor(lastLines(bytes, start, end), sink);
      return reader.read(bytes, start, end, number);
    },
  };
}

function openFor(shown: readonly Buffer[], sink: BlockSink): BlockReader {
  if (shown[0]?.[0] === OPEN_BRACE) return openJsonBlocks(sink, NGINX_JSON_ROWS);
  if (shown.some((line) => isCombined(line)) || !shown.some((line) => readRow(line.toString()) !== null))
    return openAccessBlocks(sink);
  return new LearnedBlocks(sink, new TextRow(readRow, guessedRecord), guessedRecord);
}

function isCombined(line: Buffer): boolean {
  const row = new AccessRow();
  row.load(line);
  return row.read(line, 0, line.length);
}

/** The last lines of `bytes[start, end)`, the last one first. */
function lastLines(bytes: Buffer, start: number, end: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let stop = end; stop > start && lines.length < SHOWN_LINES; ) {
    const lineEnd = bytes[stop - 1] === LF ? stop - 1 : stop;
    const at = bytes.subarray(start, lineEnd).lastIndexOf(LF) + 1 + start;
    lines.push(bytes.subarray(at, bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd));
    stop = at;
  }
  return lines;
}

/** Variables of nginx in a row whose format is told from itself; other names stand for variables called so. */
function guessedVariables({ text }: Line): string[] {
  const fields = readRow(text);
  if (fields === null) return [];
  const names = text.startsWith('{')
    ? namesOfJsonRow(text)
    : looksNamed(text)
      ? namedPairs(text).map(([name]) => name)
      : tokenize(text).flatMap(({ key }) => (key === undefined ? [] : [key]));
  return [...variablesOf(fields), ...names.map((name) => `$${name.replace(/^\$/, '').toLowerCase()}`)];
}

/** Variables of nginx in a row: those of the declared format that takes most pieces from it, else what the row shows. */
function variablesBy(formats: readonly LogFormat[], line: Line): readonly string[] {
  const [format] = formats
    .filter((one) => readLogFormat(one, line.text) !== null)
    .sort((a, b) => b.pieces.length - a.pieces.length);
  return format === undefined ? guessedVariables(line) : variablesIn(format);
}

/** A row whose time is the request's, at the time of its answer, as far as it says how long that took. */
function atItsEnd(record: RequestRecord): RequestRecord {
  const { stamp, durationMs } = record;
  return stamp.kind === 'none' || durationMs === undefined
    ? record
    : { ...record, stamp: { ...stamp, ms: stamp.ms + durationMs } };
}

/** The record of a row that is written in one of the formats that nginx was configured with. */
function recordBy(formats: readonly LogFormat[], line: Line): RequestRecord | null {
  for (const format of formats) {
    const fields = readLogFormat(format, line.text);
    const record = fields === null ? null : accessRecord(fields, line);
    if (record !== null) return format.isBegin ? atItsEnd(record) : record;
  }
  return null;
}

/** Peer, user, bracketed time, quoted request, status: the beginning that `combined` shares with all its extensions. */
const COMBINED = /^(?:\S{1,300} ){3,5}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [+-]\d{4}\] "/;
const BRACKETED_TIME = /\[(?:\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d|\d{4}-\d\d-\d\dT\d\d)/;

/** The head of an error entry, which may quote whatever a visitor sends: rows, too. */
const ERROR_HEAD = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]{4,6}\] /;

function score(line: Line): number {
  const { text } = line;
  if (ERROR_HEAD.test(text)) return 0;
  if (looksLikeJsonRow(text)) return readJsonRow(text) === null ? 0 : 0.9;
  const beginning = text.slice(0, 2000);
  const hasTime = BRACKETED_TIME.test(beginning);
  if (hasTime && readNpmRow(text) !== null) return 1;
  const fields = hasTime ? readTextRow(text) : null;
  if (fields === null) return readNamedRow(text) === null ? 0 : 0.85;
  if (COMBINED.test(beginning)) return 0.95;
  return fields.request === undefined ? 0.4 : 0.8;
}

export const nginxAccess: LineFormat = {
  id: 'nginx-access',
  title: 'nginx access log',
  shape: 'lines',
  // Each row tells all there is to it.
  entryBegins: () => true,
  hop: 'proxy',
  foundAt: [
    '/var/log/nginx/access.log (and access.log.1, access.log.2.gz …)',
    'docker logs CONTAINER (the official image writes it to standard output)',
    '/data/logs/proxy-host-*_access.log of Nginx Proxy Manager',
    'kubectl logs of an ingress-nginx controller',
    '/var/log/apache2/access.log, where Apache writes the combined form',
  ],
  limits: [
    'The time is the end of the request, to the second unless $msec is logged.',
    'Without $upstream_status and $upstream_header_time a 502 of nginx and one of the application look alike.',
    'Requests that were dropped without an answer are missing.',
  ],
  examples: NGINX_ACCESS_EXAMPLES,
  fieldsIn: guessedVariables,
  score,
  open: (emit) => new NginxAccessParser(emit),
  openBlocks,
  readsAmong: true,
};

/** Access logs of an nginx whose log formats are known: rows in these are read by them, all others as ever. */
export function nginxAccessWith(formats: readonly LogFormat[]): LineFormat {
  const { openBlocks: _, readsAmong: __, ...byLines } = nginxAccess;
  return {
    ...byLines,
    fieldsIn: (line) => variablesBy(formats, line),
    score: (line) => (recordBy(formats, line) === null ? score(line) : 1),
    open: (emit) => new NginxAccessParser(emit, formats),
  };
}
