import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import { clueOn } from '../entry.ts';
import type { BlockReader, BlockSink, Emit, Line, LineFormat, LineParser, LineReader, Taken } from '../format.ts';
import { Unwrapper } from '../wrappers.ts';
import { ErrorBlocks } from './error-blocks.ts';
import { ErrorHead } from './error-head.ts';
import { ErrorLines } from './error-lines.ts';
import { classifyStderr } from './fastcgi-stderr.ts';
import { nginxRow, nginxSignal } from './nginx-classify.ts';
import { isWhole, type NginxEntry, readEntry, TERMINAL_WIDTHS } from './nginx-entry.ts';
import { NGINX_ERROR_EXAMPLES } from './nginx-error-examples.ts';
import { findHead, hasDatedHead, type NginxHead } from './nginx-head.ts';
import { valuesOf } from './nginx-values.ts';

/** Characters of an entry that are kept; nginx itself stops at 2,048 bytes, wrapped and pasted ones are a little longer. */
const LONGEST_ENTRY = 8192;
/** Lines that one entry may go over: a stack trace within 2,048 bytes has fewer. */
const MOST_LINES = 200;

/** Beginnings of other logs' entries: such a line is never the continuation of one of nginx's. */
const OTHER_ENTRY =
  /^(?:\{|<\d{1,3}>|\[?\d{4}[-/]\d\d[-/]\d\d[T ]|\[\d\d-[A-Z][a-z]{2}-\d{4} |\[\d\d\/[A-Z][a-z]{2}\/\d{4}:|\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\S{1,100} \S{1,60} \S{1,60} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:)/;

/** Messages that quote what somebody else wrote, line feeds and blank lines and all. */
const QUOTING = ['FastCGI sent in stderr: "', 'broken header: "'] as const;

/** What nginx prints on a terminal and that is no entry (`nginx -t`), and what the scripts of its image print before it starts. */
const CONSOLE_CHATTER =
  /^(?:nginx: (?:the configuration file|configuration file|\[warn\] the "user" directive)|\/docker-entrypoint\.sh: |\d\d-[a-z\d-]{3,60}\.(?:env)?sh: (?:info: |Running ))/;

/** Beginnings of messages that are looked at where no head is before them. */
const BARE_START =
  /^\s{0,8}(?:[a-z/]|SSL_do|FastCGI sent|Service "|\d{1,7} worker_conn|ModSecurity: Access|\S{1,255} could not be resolved \()/;
/** Wording that no other program uses. */
const OWN_WORDING =
  /^(?:upstream (?:timed|prem|sent|SSL)|no live upstreams|host not found in upstream "|\d+ worker_connections|limiting (?:req|con)|no resolver defined|connect\(\) (?:failed|to)|worker process \d{1,10} exited on signal \d|\S{1,255} could not be resolved \(\d|[Ss]ervice "?[\w./-]{1,300}"? does not have any active [Ee]ndpoint)/;

/** Wording of its own for what is no failure. */
const OWN_HARMLESS = /^an? (?:client request body|upstream response) is buffered to a temporary file /;

/** A message that was copied without its head: known wording with its phase, or wording that only nginx uses. */
function isBareMessage(text: string): boolean {
  if (!BARE_START.test(text)) return false;
  const { message, phase, stderr } = readEntry(text.slice(0, LONGEST_ENTRY).trimStart());
  if (stderr !== undefined || OWN_HARMLESS.test(message)) return true;
  const row = nginxRow({ message, phase });
  if (row !== null && SIGNALS[row.signal].role === 'noise') return false;
  return (row !== null && phase !== 'none' && row.phases?.includes(phase) === true) || OWN_WORDING.test(message);
}

/** Whether what follows a head that other programs write, too, is a message of nginx: such a level vouches for more of them. */
function isNginxMessage(head: NginxHead, text: string): boolean {
  const rest = text.slice(head.end);
  if (isBareMessage(rest)) return true;
  if (head.level === undefined) return false;
  const { message, phase } = readEntry(rest.slice(0, LONGEST_ENTRY));
  return nginxRow({ message, phase, level: head.level }) !== null;
}

interface Held {
  readonly line: Line;
  readonly head: NginxHead | null;
  text: string;
  lines: number;
  lastLength: number;
}

/** Reads nginx's error log: one entry per head, joined again where it goes over several lines. */
class NginxErrorParser implements LineParser {
  private held: Held | null = null;
  private readonly emit: Emit;
  private readonly mayGoOn: boolean;

  /** `mayGoOn`: whether lines may follow the first one. */
  constructor(emit: Emit, mayGoOn = true) {
    this.emit = emit;
    this.mayGoOn = mayGoOn;
  }

  push(line: Line): Taken {
    const head = findHead(line.text);
    if (head === null && this.held !== null && this.continues(this.held, line.text)) return true;
    this.flush();
    if (head === null && CONSOLE_CHATTER.test(line.text)) return true;
    if (head === null && !isBareMessage(line.text)) return false;
    if (head?.shared && !isNginxMessage(head, line.text)) return false;
    const text = line.text.slice(head?.end ?? 0, LONGEST_ENTRY).trimStart();
    this.held = { line, head, text, lines: 1, lastLength: line.text.length };
    if (this.mayGoOn && isWhole(text, head === null ? '' : head.connection, line.text.length)) this.flush();
    return true;
  }

  end(): void {
    this.flush();
  }

  private continues(held: Held, text: string): boolean {
    if (held.lines >= MOST_LINES || held.text.length >= LONGEST_ENTRY || OTHER_ENTRY.test(text)) return false;
    const inQuotes = QUOTING.some((start) => held.text.startsWith(start)) && !held.text.includes('" while ');
    if (!inQuotes && (text.trim() === '' || isBareMessage(text))) return false;
    held.text = (held.text + glue(held, text, inQuotes) + text).slice(0, LONGEST_ENTRY);
    held.lines++;
    held.lastLength = text.length;
    if (isWhole(held.text, held.head?.connection ?? '', text.length)) this.flush();
    return true;
  }

  private flush(): void {
    const { held } = this;
    if (held === null) return;
    this.held = null;
    const entry = readEntry(held.text);
    const values = valuesOf(entry);
    if (entry.stderr === undefined) {
      const { message, phase, context } = entry;
      const signal = nginxSignal({ message, phase, level: held.head?.level, client: context.client });
      this.emit(clueOf(held, entry, signal, Object.keys(values).length === 0 ? undefined : values));
      return;
    }
    for (const said of classifyStderr(entry.stderr)) {
      this.emit(clueOf(held, entry, said.signal, { ...values, ...said.values }));
    }
  }
}

/** What joins a continuation to its entry: a line feed in quoted text, nothing where a terminal broke the line, else a blank. */
function glue(held: Held, next: string, inQuotes: boolean): string {
  if (inQuotes) return '\n';
  if (TERMINAL_WIDTHS.has(held.lastLength) || /^\s/.test(next) || /\s$/.test(held.text)) return '';
  return ' ';
}

/** The record of an entry; what nginx prints on a terminal (`nginx: [emerg] …`) is dated by the journal that caught it alone. */
function clueOf(held: Held, entry: NginxEntry, signal: SignalId, values: ClueRecord['values']): ClueRecord {
  const { line, head } = held;
  const { client = resolvedClient(entry), method, path, upstream, host } = entry.context;
  const text = line.text.slice(0, head?.end ?? 0) + held.text;
  const clue = clueOn(line, head?.stamp ?? NO_STAMP, 'proxy', signal, text);
  if (head?.level !== undefined) clue.level = head.level;
  if (head?.connection !== undefined) clue.connection = head.connection;
  if (method !== undefined) clue.method = method;
  if (path !== undefined) clue.path = path;
  if (host !== undefined) clue.host = host;
  if (client !== undefined) clue.client = client;
  if (upstream !== undefined) clue.upstream = upstream;
  if (values !== undefined) clue.values = values;
  return clue;
}

/** The visitor of nginx's mail proxy, whose own address is what could not be resolved. */
function resolvedClient({ message, phaseText }: NginxEntry): string | undefined {
  return phaseText === 'in resolving client address' ? /^[\da-fA-F.:]{3,45}(?= )/.exec(message)?.[0] : undefined;
}

/** Reads the lines of one whole entry by itself. */
function readLines(lines: readonly Line[]): ClueRecord[] {
  const records: ClueRecord[] = [];
  const parser = new NginxErrorParser((record) => {
    if (record.kind === 'clue') records.push(record);
  }, lines.length > 1);
  for (const line of lines) parser.push(line);
  parser.end();
  return records;
}

/** The same of bare lines as they are written; `number` is that of the first one. */
function readAlone(entry: string, number: number): ClueRecord[] {
  const unwrapper = new Unwrapper();
  const written = entry.split('\n');
  return readLines(
    written.map((text, i) => unwrapper.unwrap(text.endsWith('\r') ? text.slice(0, -1) : text, number + i)),
  );
}

/** Opens the block reader. Without `withCounter` it reads each entry itself: the reference. */
export function openErrorBlocks(sink: BlockSink, withCounter = true): BlockReader {
  return new ErrorBlocks(sink, readAlone, withCounter);
}

/** Opens the reader of single lines. */
function openErrorLines(sink: BlockSink): LineReader {
  return new ErrorLines(sink, (line) => readLines([line]));
}

/** The beginning of an access row, which may quote whatever a visitor sends: heads of error entries, too. */
const ROW = /^(?:[^\s[]{1,8000} ){3,4}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:/;

/** How surely a line is one of nginx's error log: its head with date is like nothing else. */
function score(line: Line): number {
  if (ROW.test(line.text)) return 0;
  if (hasDatedHead(line.text)) return 1;
  const head = findHead(line.text);
  if (head?.shared) return isNginxMessage(head, line.text) ? 0.8 : 0;
  if (head !== null) return 0.95;
  if (CONSOLE_CHATTER.test(line.text)) return 0.9;
  return isBareMessage(line.text) ? 0.7 : 0;
}

export const nginxError: LineFormat = {
  id: 'nginx-error',
  title: 'nginx error log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    '/var/log/nginx/error.log (and error.log.1, error.log.2.gz …)',
    'docker logs CONTAINER 2>&1 (the official image writes it to standard error)',
    'journalctl -u nginx',
    'kubectl logs of an ingress-nginx controller',
  ],
  limits: [
    'No time zone is written: it is taken from other logs of the same host.',
    'At the default level (error) everything about clients, restarts and reloads is missing.',
    'It speaks of nginx and of what is behind it, never of Cloudflare.',
  ],
  examples: NGINX_ERROR_EXAMPLES,
  fieldsIn: ({ text }) => {
    const level = findHead(text)?.level;
    return level === undefined ? [] : [`level=${level}`];
  },
  score,
  entryBegins: (line) => new ErrorHead().read(line, 0, line.length),
  open: (emit) => new NginxErrorParser(emit),
  openBlocks: openErrorBlocks,
  openLines: openErrorLines,
  standsAmong: 'nginx-access',
};
