import type { Draft } from '../../vocabulary/draft.ts';
import type { Hop } from '../../vocabulary/hops.ts';
import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import { appMeaning } from '../app/app-messages.ts';
import { classifyLsapi } from '../app/lsapi-messages.ts';
import { classifyPhp } from '../app/php-classify.ts';
import { namesError } from '../app/trace-line.ts';
import { clueOn } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { monthIndex, parseIso, parseOffset, wallMs, zonedStamp } from '../stamps.ts';
import { APACHE_ERROR_EXAMPLES } from './apache-error-examples.ts';
import { apacheSignal, isSecondLine, isThirdLine } from './apache-messages.ts';

const LONGEST_ENTRY = 8192;
/** The second and the third line on a failure follow at once. */
const ECHO_MS = 1000;
const MOST_THREADS = 10_000;

/**
 * `[Wed Nov 20 08:10:14.123456 2024] [proxy_fcgi:error] [pid 12:tid 34] …`; 2.2 has neither fraction, module nor pid. The zone is
 * there where `ErrorLogFormat` asks for it (`%{uz}t`). Copies lack the blank before the number of a system error.
 */
const HEAD =
  /^\[(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\d{4})(?: ([+-]\d{4}))?\] \[(?:([a-z_\d]{1,40}|-)?:)?(emerg|alert|crit|error|warn|notice|info|debug|trace\d)\](?: |(?=\(\d))/;
/** Some distributions configure ISO times in the same brackets; Apache writes a blank before the zone (`%{cuz}t`). */
const ISO_HEAD =
  /^\[(\d{4}-\d\d-\d\d[T ][\d:.]{8,18}(?:Z| ?[+-]\d\d:?\d\d)?)\] \[(?:([a-z_\d]{1,40}|-)?:)?(emerg|alert|crit|error|warn|notice|info|debug|trace\d)\] /;

/** A head whose time was not copied; its module tells it from other programs' brackets. */
const UNDATED_HEAD =
  /^\[([a-z]{1,20}(?:_[a-z\d]{1,20}){0,3}):(emerg|alert|crit|error|warn|notice|info)\] (?=\[pid |AH\d{5}: |\()/;

interface Head {
  readonly stamp: Stamp;
  readonly module?: string;
  readonly level?: string;
  readonly end: number;
}

function findHead(text: string): Head | null {
  const beginning = text.slice(0, 160);
  const m = HEAD.exec(beginning);
  if (m) {
    const month = monthIndex(m[1] ?? '');
    if (month === undefined) return null;
    const fraction = m[6] === undefined ? 0 : Number(m[6].padEnd(3, '0').slice(0, 3));
    const ms = wallMs(Number(m[7]), month, Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5]), fraction);
    const offset = m[8] === undefined ? undefined : parseOffset(m[8]);
    const stamp: Stamp = offset === undefined ? { kind: 'local', ms } : zonedStamp(ms, offset);
    return { stamp, level: m[10] ?? '', end: m[0].length, ...moduleOf(m[9]) };
  }
  const iso = ISO_HEAD.exec(beginning);
  const stamp = iso === null ? undefined : parseIso((iso[1] ?? '').replace(/ (?=[+-])/, ''));
  if (iso === null || stamp === undefined) {
    const undated = UNDATED_HEAD.exec(beginning);
    if (undated === null) return null;
    return { stamp: NO_STAMP, level: undated[2] ?? '', end: undated[0].length, ...moduleOf(undated[1]) };
  }
  return { stamp, level: iso[3] ?? '', end: iso[0].length, ...moduleOf(iso[2]) };
}

const PROGRAM = /^(?:apache2?|apache2?ctl|httpd)$/;
/** What Apache prints before it has a log: `AH00526: Syntax error on line 59 of …`, without time and level. */
const BARE = /^(?:(?:\(\d{1,6}\)[^:]{1,120}: )?AH\d{5}: |(?:(?:apache2|httpd): )?Syntax error on line \d{1,6} of \/)/;
/** What mod_proxy of 2.2 says, copied without its head. */
const BARE_PROXY =
  /^(?:\(\d{1,6}\))?(?:[A-Z][\w ]{1,80}: )?proxy: (?:error reading status line from remote server|\w{1,10}: (?:attempt to connect to|disabled connection for)) /;
/** What 2.2 prints as it starts, and what mod_fcgid and the core say of a script, copied without their heads. */
const BARE_WORDS =
  /^(?:\(\d{1,6}\)[^:]{1,120}: )?(?:make_sock: could not bind to address |httpd \(pid 1\) already running|mod_fcgid: |(?:End of script output before headers|Premature end of script headers): \S)/;
const BARE_TAIL =
  /^(?:Invalid command '|no listening sockets available|Unable to open logs$|Action '\w{1,20}' failed|The Apache error log may)/;

/** A line as Apache prints it to the terminal or to the journal as it starts; some words are its own only behind others of it. */
function bareHead({ text, wrapper }: Line, isBehind = false): Head | null {
  const program = wrapper?.program;
  const isBare =
    BARE.test(text.slice(0, 200)) ||
    BARE_WORDS.test(text.slice(0, 200)) ||
    BARE_PROXY.test(text.slice(0, 300)) ||
    ((program !== undefined || isBehind) && BARE_TAIL.test(text));
  return isBare && (program === undefined || PROGRAM.test(program)) ? { stamp: NO_STAMP, end: 0 } : null;
}

function moduleOf(name: string | undefined): { module?: string } {
  return name === undefined || name === '-' ? {} : { module: name };
}

/** What of an entry follows its head. */
interface Body {
  /** `pid` or `pid:tid`. */
  thread: string | undefined;
  client: string | undefined;
  errno: number | undefined;
  code: string | undefined;
  message: string;
}

/**
 * `[pid 12](13)` is a link to Markdown: of `[pid 12](13)Permission denied: AH00957: …` it leaves the words. They are those of Linux and
 * of APR.
 */
const LINKED_PID = /^pid (\d{1,10}(?::tid \d{1,20})?)(?=[A-Z])/;
const ERRNO_WORDS: readonly (readonly [words: string, errno: number])[] = [
  ['Permission denied: ', 13],
  ['Connection refused: ', 111],
  ['Connection timed out: ', 110],
  ['Connection reset by peer: ', 104],
  ['No such file or directory: ', 2],
  ['No route to host: ', 113],
  ['Resource temporarily unavailable: ', 11],
  ['Too many open files: ', 24],
  ['No space left on device: ', 28],
  ['The timeout specified has expired: ', 70007],
  ['Internal error (specific information not available): ', 20014],
];

/** Such a body with the brackets and the number that it lost. */
function unlinked(text: string): string {
  const pid = LINKED_PID.exec(text);
  if (pid === null) return text;
  const rest = text.slice(pid[0].length);
  const errno = ERRNO_WORDS.find(([words]) => rest.startsWith(words))?.[1];
  return errno === undefined ? text : `[pid ${pid[1]}] (${errno})${rest}`;
}

function readBody(text: string): Body {
  let rest = unlinked(text.slice(0, LONGEST_ENTRY));
  const found: Body = { thread: undefined, client: undefined, errno: undefined, code: undefined, message: '' };
  // Order differs between versions: (errno) stands before or after [client …]. `[R:…]` and `[C:…]` are the log's ids of request and
  // connection, as the manual of `ErrorLogFormat` writes them; `[host …]` and `[req …]` are mod_lsapi's.
  for (let i = 0; i < 9; i++) {
    const m =
      /^(?:\[pid (?:(\d{1,10}(?::tid \d{1,20})?)|<)[^\]]{0,60}\]|\[(?:client|remote) ([^\]]{1,80})\]|\((?:EAI )?(-?\d{1,6})\)[^:]{1,120}:|(AH\d{5}):|\[[\w/-]{1,40}:\d{1,6}\]|\[[RC]:[\w@+/-]{1,40}\]|\w{1,60}\.c\(\d{1,6}\):|\[(?:host|req) [^\]]{1,300}\]|mod_lsapi:|The timeout specified has expired:(?= proxy: )) ?/.exec(
        rest,
      );
    if (m === null) break;
    if (m[1] !== undefined) found.thread = m[1].replace('tid ', '');
    if (m[2] !== undefined) found.client = m[2].replace(/(\.\d{1,3}|\]):\d{1,5}$/, '$1').replace(/^\[|\]$/g, '');
    if (m[3] !== undefined) found.errno = Number(m[3]);
    if (m[4] !== undefined) found.code = m[4];
    // Only the words of APR's number were copied.
    if (m[0].startsWith('The timeout')) found.errno = 70007;
    rest = rest.slice(m[0].length);
  }
  found.message = rest;
  return found;
}

/** PHP's own text: written by mod_php as it is, by mod_proxy_fcgi within `Got error '…'` (AH01071). */
function phpText(message: string, code: string | undefined): string | undefined {
  const quoted = code === 'AH01071' || message.startsWith("Got error '") ? message.indexOf("'") : -1;
  if (quoted >= 0)
    return message
      .slice(quoted + 1)
      .replace(/'(?:, referer: .{0,2000})?$/, '')
      .trim();
  if (message.startsWith('FastCGI: server "') && message.includes('" stderr: ')) {
    return message.slice(message.indexOf('" stderr: ') + 10);
  }
  const fcgid = /^mod_fcgid: stderr: /.exec(message);
  if (fcgid) return message.slice(fcgid[0].length);
  return message.startsWith('PHP ') ? message : undefined;
}

const BACKEND =
  /(?:connect to(?: Unix domain socket)?|backend:|server) (?:"([^"]{1,300})"|(\/\S{1,300}|[\w.[\]:-]{1,255}))/;

/** What mod_proxy calls all unix sockets, and mod_lsapi its processes. */
const NO_ADDRESS = /^(?:httpd-UDS|lsphp)\b/;
/** mod_lsapi’s processes of PHP, before what one of them says. */
const LSPHP = /^lsphp\(\d{1,10}\): /;

const OF_BACKEND = /^(?:(?:apache|proxy)\.(?:backend|socket|connect)|proxy\.ports)/;

/** The backend that a message names: `192.0.2.1:8080`, `unix:/run/app.sock`. */
function backendIn(message: string): string | undefined {
  const named = BACKEND.exec(message.slice(0, 1000));
  const address = named?.[1] ?? named?.[2];
  if (address === undefined || NO_ADDRESS.test(address)) return undefined;
  if (!address.startsWith('/')) return address;
  // mod_fastcgi names an alias of its configuration (`/fcgi-bin-php`), which is no socket.
  return address.endsWith('.sock') ? `unix:${address}` : undefined;
}

function recordsOf(line: Line, head: Head): ClueRecord[] {
  const { thread, client, errno, code, message } = readBody(line.text.slice(head.end));
  const php = phpText(message, code);
  const clue = (hop: Hop, signal: SignalId, told: ClueRecord['values']): Draft<ClueRecord> => {
    const draft = clueOn(line, head.stamp, hop, signal);
    if (head.level !== undefined) draft.level = head.level;
    if (thread !== undefined) draft.connection = thread;
    if (client !== undefined) draft.client = client;
    draft.values = told === undefined ? values : { ...values, ...told };
    return draft;
  };
  const values: Record<string, string | number> = {};
  if (code !== undefined) values.code = code;
  if (errno !== undefined) values.errno = errno;
  if (head.module !== undefined) values.module = head.module;
  if (php !== undefined) {
    const parts = php.split('PHP message: ').filter((part) => part.trim() !== '');
    return parts.slice(0, 50).map((part) => {
      const meaning = classifyPhp(part);
      return clue('proxy', meaning?.signal ?? 'php.custom', meaning?.values);
    });
  }
  const lsapi = classifyLsapi(message.replace(LSPHP, ''));
  if (lsapi !== null) return [clue('app', lsapi.signal, lsapi.values)];
  const python = saidInPython(head, message);
  if (python !== null) return [clue('app', python.signal, python.values)];
  const signal = apacheSignal(message, code, errno);
  const crash = message.includes('exit signal ') ? /exit signal [^(]{1,60}\((\d{1,3})\)/.exec(message) : null;
  if (crash !== null) values.signalNumber = Number(crash[1]);
  const upstream = OF_BACKEND.test(signal) ? backendIn(message) : undefined;
  const own = clue('proxy', signal, undefined);
  if (upstream !== undefined) own.upstream = upstream;
  return [own];
}

/**
 * What a Python application under mod_wsgi wrote to its standard error, which lands here line by line: the error that a traceback ends
 * with, where it names more than itself (a database away), and what its own log calls by name. Null for all else.
 */
function saidInPython({ module }: Head, message: string): ReturnType<typeof appMeaning> {
  // Most lines are frames of a traceback, and their code.
  if (module !== 'wsgi' || /^(?:\s|mod_wsgi |Traceback )/.test(message)) return null;
  const meaning = appMeaning(message);
  return meaning !== null && (meaning.certain || namesError(message)) ? meaning : null;
}

/** Whether an entry breaks off within the brackets that stand before its message: a page wrapped it. */
function isOpen(text: string): boolean {
  if (text.length >= 200 || text.lastIndexOf('[') < text.lastIndexOf(']')) return false;
  const head = findHead(text);
  return (
    head !== null &&
    /^(?:(?:\[[^\]]{0,80}\]|\(\d{1,6}\)[^:[\]]{1,120}:) ?)*\[(?:pid|client)[^\]]{0,80}$/.test(text.slice(head.end))
  );
}

/** A failed request that a thread tells of. */
interface Failure {
  /** When its first line was written. */
  readonly ms: number;
  /** Whether a second line was. */
  readonly wasRepeated: boolean;
}

class ApacheErrorParser implements LineParser {
  private inPhp = false;
  /** The line before was one of Apache's without a head. */
  private wasBare = false;
  /** A line that a terminal or a page broke off within one of its brackets. */
  private held: Line | null = null;
  /** What each thread said last of a backend; Apache has as many threads as it serves requests at a time. */
  private readonly lastOf = new Map<string, Failure>();
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const { held } = this;
    this.held = null;
    if (held !== null) {
      const isNext = findHead(line.text.trimStart()) === null && held.text.length < LONGEST_ENTRY;
      if (isNext) return this.push({ ...held, text: `${held.text} ${line.text.trim()}` });
      this.take(held);
    }
    const dedented = line.text.startsWith(' [') ? { ...line, text: line.text.trimStart() } : line;
    if (isOpen(dedented.text)) {
      this.held = dedented;
      return true;
    }
    return this.take(dedented);
  }

  private take(line: Line): Taken {
    const written = findHead(line.text);
    const head = written ?? bareHead(line, this.wasBare);
    this.wasBare = written === null && head !== null;
    if (head === null) return this.inPhp && /^(?:Stack trace:|#\d{1,4} |\s+thrown in )/.test(line.text);
    const records = recordsOf(line, head);
    this.inPhp = records.some((record) => record.signal.startsWith('php.'));
    for (const record of records) this.emit(this.isEcho(record) ? { ...record, signal: 'apache.echo' } : record);
    return true;
  }

  end(): void {
    const { held } = this;
    this.held = null;
    if (held !== null) this.take(held);
    this.inPhp = false;
  }

  /**
   * Whether the thread has told of the same failure in the line before; so each failed try is counted once. Version 2.2 names no
   * thread, only the client, and a line without its head names nobody.
   */
  private isEcho({ text, signal, stamp, connection, client, values }: ClueRecord): boolean {
    const speaker = connection ?? client ?? (this.wasBare ? '' : undefined);
    if (speaker === undefined || SIGNALS[signal].role !== 'request') return false;
    const before = this.lastOf.get(speaker);
    const ms = stamp.kind === 'none' ? 0 : stamp.ms;
    const code = values?.code === undefined ? undefined : String(values.code);
    const errno = values?.errno === undefined ? undefined : Number(values.errno);
    const isRepeated =
      before !== undefined &&
      ms - before.ms <= ECHO_MS &&
      (before.wasRepeated ? isThirdLine(code, errno) : isSecondLine(text, code, errno));
    if (this.lastOf.size > MOST_THREADS) this.lastOf.clear();
    this.lastOf.set(speaker, isRepeated ? { ms: before.ms, wasRepeated: true } : { ms, wasRepeated: false });
    return isRepeated;
  }
}

/** The log's id of a request, which `%L` writes to both logs; and a client, whose request has one. Version 2.2 knows no ids, nor names of modules. */
const REQUEST_ID = /\[R:[\w@+/-]{1,40}\]/;
const OF_REQUEST = /\[(?:client|remote) /;

function fieldsIn(text: string): string[] {
  const head = findHead(text);
  if (head?.module === undefined) return [];
  const rest = text.slice(head.end, head.end + 400);
  return [...(OF_REQUEST.test(rest) ? ['client'] : []), ...(REQUEST_ID.test(rest) ? ['%L'] : [])];
}

export const apacheError: LineFormat = {
  id: 'apache-error',
  title: 'Apache error log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/apache2/error.log', '/var/log/httpd/error_log', 'the hosting panel’s error log'],
  limits: [
    'No time zone is written unless the log format was changed.',
    'The request is not written, only its client.',
  ],
  examples: APACHE_ERROR_EXAMPLES,
  fieldsIn: ({ text }) => fieldsIn(text),
  score: (line) => (findHead(line.text) !== null ? 0.95 : bareHead(line) !== null ? 0.9 : 0),
  open: (emit) => new ApacheErrorParser(emit),
};
