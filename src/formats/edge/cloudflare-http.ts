import type { BlockReader, Emit, Line, LineFormat, LineParser, SharedSink } from '../format.ts';
import { parseObject } from '../wrappers/json.ts';
import { CloudflareBlocks } from './cloudflare-blocks.ts';
import { HTTP_EXAMPLES } from './cloudflare-http-examples.ts';
import { requestRecord } from './request-record.ts';
import { isListHead, type Row, rowsOf } from './row.ts';
import { statusLacking } from './status-lacking.ts';

/** Cloudflare's request log as NDJSON: Logpush and Logpull `http_requests`, Instant Logs. */
export const cloudflareHttp: LineFormat = {
  id: 'cloudflare-http',
  title: 'Cloudflare HTTP requests (Logpush, Logpull, Instant Logs)',
  hop: 'edge',
  shape: 'lines',
  // Each row tells all there is to it.
  entryBegins: () => true,
  foundAt: [
    'the bucket of a Logpush job (http_requests, *.log.gz)',
    'the answer of the Logpull API (/zones/<id>/logs/received)',
    'Instant Logs in the dashboard, exported',
  ],
  limits: [
    'No column holds a 1xxx code, so a 530 may be DNS or tunnel.',
    'A request that fails in TCP or TLS before Cloudflare has no row.',
    'The sample rate of a job is not in the rows.',
    'Without OriginResponseStatus a row does not tell who made the status.',
  ],
  examples: HTTP_EXAMPLES,
  fieldsIn: ({ text }) => (looksLike(text) ? rowsOf(text, isRequestRow).flatMap((row) => row.names()) : []),
  lacking: ({ text }) => (looksLike(text) ? undefined : lacking(text)),
  score: ({ text }) => {
    if (looksLike(text)) return rowsOf(text, isRequestRow).length > 0 ? 0.97 : 0;
    return lacking(text) === undefined ? 0 : 0.6;
  },
  open: (emit) => new HttpParser(emit),
};

const LONGEST_LOOK = 200_000;
const RAY_KEY = /ray[_-]?id"/i;

/** Cheap look before a line is parsed: the status column in one of its spellings. */
function looksLike(text: string): boolean {
  return text.includes('EdgeResponseStatus') || /edge[_-]?response[_-]?status/i.test(text.slice(0, 20_000));
}

/** What to say of a row whose job left the status out; undefined where it is none. */
function lacking(text: string): string | undefined {
  if (!text.startsWith('{') || text.length > LONGEST_LOOK || !RAY_KEY.test(text)) return undefined;
  return statusLacking(Object.keys(parseObject(text) ?? {}));
}

/** A request has a status and either its times or its address; firewall events lack the times of the edge. */
export function isRequestRow(row: Row): boolean {
  if (row.number('EdgeResponseStatus') === undefined) return false;
  if (row.has('EdgeStartTimestamp') || row.has('EdgeEndTimestamp')) return true;
  return !row.has('Action') && !row.has('RuleID') && (row.has('ClientRequestURI') || row.has('ClientRequestPath'));
}

const LIST_ENDS: ReadonlySet<string> = new Set([']', ']}', ',']);

class HttpParser implements LineParser {
  private readonly emit: Emit;
  private inList = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    // Rows of a job that left the status out are known, and tell nothing.
    if (!looksLike(line.text)) return this.isListEdge(line.text) || lacking(line.text) !== undefined;
    const rows = rowsOf(line.text, isRequestRow);
    for (const row of rows) {
      const record = requestRecord(row, line.number);
      if (record) this.emit(record);
    }
    this.inList ||= rows.length > 0;
    return rows.length > 0;
  }

  end(): void {}

  readBlocks(sink: SharedSink): BlockReader {
    const took = (lines?: number): void => {
      this.inList = true;
      sink.took(lines);
    };
    return new CloudflareBlocks({ ...sink, took });
  }

  /** The brackets of a list whose rows stand on lines of their own. */
  private isListEdge(text: string): boolean {
    const trimmed = text.length < 80 ? text.trim() : '';
    return isListHead(trimmed) || (this.inList && LIST_ENDS.has(trimmed));
  }
}
