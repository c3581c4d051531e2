import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { classifyLsapi } from '../app/lsapi-messages.ts';
import { classifyPhp } from '../app/php-classify.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';

const LONGEST = 16_384;
const LEVELS = 'EMERG|ALERT|CRIT|ERROR|WARN|NOTICE|INFO|DEBUG';
/**
 * Time, level, process, thread, connection and virtual host; older versions write the time alone before the level, the first ones the
 * level between tabs, where the time looks like a viewer’s and is taken off before.
 */
const HEAD = new RegExp(
  String.raw`^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6})(?: \[(?:${LEVELS})\] |\t(?:${LEVELS})\t)|(?:${LEVELS})\t(?=\[))(?:\[\d{1,8}\] ?)?(?:\[T\d{1,4}\] ?)?(?:\[(?!STDERR|AutoRestarter|uds:)([^\]]{1,200})\] ?)?`,
);
/** Words that no other program has, copied without what stands before them. */
const BARE =
  /^(?:ExtConn timed out while (?:connecting|processing)|No request delivery notification has been received from LSAPI|connection to \[[^\]]{1,200}\] on request #\d)/;
const LEVEL = new RegExp(`\\b(?:${LEVELS})\\b`);
const STDERR = '[STDERR] ';
/** What a process of PHP's writes itself, into `stderr.log` or through LiteSpeed into its log: perhaps the user, the process, a message. */
const PROCESS =
  /(?:\[UID:\d{1,10}\])?\[(\d{1,10})\] (?=Reached max |Child process |Killing |Force killing |Possible runaway |fork\(\) )|(?=Cgid: Child |lscgid: execve\(\):)/;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}(?= )/;
/** Marks stand within this. */
const LONGEST_MARKS = 300;
const CLIENT = /^((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]{3,39}):\d{1,5}[:#-]/i;
const BACKEND = /^connection to \[(uds:\/\/)?([^\]]{1,200})\]/;

interface LitespeedMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** What LiteSpeed says of its external applications and of itself. Source: OpenLiteSpeed src/extensions, src/main; public reports. */
export const LITESPEED_MESSAGES: readonly LitespeedMessage[] = [
  {
    signal: 'proxy.backend-refused',
    pattern: /^connection to \[.{1,200}\] on request #\d{1,12},.{0,300}error: Connection refused/,
    sample:
      'connection to [uds://tmp/lshttpd/lsphp.sock] on request #0, confirmed 0, associated process: 0, running: 0, error: Connection refused!',
  },
  {
    signal: 'proxy.socket-missing',
    pattern: /^connection to \[uds:.{1,200}\] on request #\d{1,12},.{0,300}error: No such file or directory/,
    sample:
      'connection to [uds://tmp/lshttpd/lsphp.sock] on request #0, confirmed 0, associated process: 0, running: 0, error: No such file or directory!',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /^connection to \[.{1,200}\] on request #\d{1,12},.{0,300}error: Connection reset by peer/,
    sample:
      'connection to [uds://tmp/lshttpd/lsphp.sock] on request #1, confirmed 1, associated process: 2158, running: 1, error: Connection reset by peer!',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^ExtConn timed out while processing/,
    sample: 'ExtConn timed out while processing, timeout=10.',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern: /^ExtConn timed out while connecting/,
    sample: 'ExtConn timed out while connecting.',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^connection to \[.{1,200}\] on request #\d{1,12},.{0,300}error: Connection timed out/,
    sample:
      'connection to [/tmp/lshttpd/lsphp.sock] on request #0, confirmed, 0, associated process: 2856, running: 0, error: Connection timed out!',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^No request delivery notification has been received from LSAPI application/,
    sample: 'No request delivery notification has been received from LSAPI application, possible dead lock.',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /^HttpListener::start\(\): Can't listen at address|Address already in use/,
    sample: "HttpListener::start(): Can't listen at address Default: Address already in use!",
  },
  {
    signal: 'proxy.stop',
    pattern: /^\[PID:\d{1,8}\] .{0,40}(?:SIGTERM|stopping)|^Server Stopped/i,
    sample: 'Server Stopped!',
  },
  {
    // src/main/lshttpdmain.cpp, childSignaled: what crashes; it is sent the other signals.
    signal: 'proxy.child-crash',
    pattern: /^(?:\[AutoRestarter\] )?child process with pid=\d{1,10} received signal=(?:4|6|7|8|11), /,
    sample: '[AutoRestarter] child process with pid=41260 received signal=11, no core file is created!',
  },
  {
    // src/extensions/extworker.cpp: ECONNREFUSED or ENOENT.
    signal: 'proxy.backend-refused',
    pattern: /^\[uds:.{1,200}\] Connection refused, restart!/,
    sample: '[uds://tmp/lshttpd/lsphp.sock] Connection refused, restart!',
  },
  {
    // Its name and those with a number behind it are taken: the external application is not set up (openlitespeed, issue 347).
    signal: 'proxy.config-error',
    pattern: /^socket address \S{1,500} is used, give up!/,
    sample: 'socket address uds://tmp/lshttpd/lsphp.sock.655341.655342 is used, give up!',
  },
];

const TIMEOUTS: ReadonlySet<SignalId> = new Set<SignalId>(['proxy.backend-timeout', 'proxy.connect-timeout']);

/** What a process of PHP's says in a line; null where none speaks. Behind Apache's mod_lsapi it does not say which. */
function saidByProcess(text: string): (NonNullable<ReturnType<typeof classifyLsapi>> & { process: string }) | null {
  const mark = PROCESS.exec(text.slice(0, LONGEST_MARKS));
  const said = classifyLsapi(mark === null ? text : text.slice(mark.index + mark[0].length));
  return said === null ? null : { ...said, process: mark?.[1] ?? '' };
}

class LitespeedParser implements LineParser {
  private readonly emit: Emit;
  private inEntry = false;
  /** Whose connection a time-out was just said of. */
  private timedOut = '';

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const head = HEAD.exec(text) ?? (BARE.test(text) ? [''] : null);
    if (this.process(line, text)) return true;
    // What an application prints over several lines has a head on the first alone.
    if (head === null) return this.inEntry && /^(?:#\d{1,4} |Stack trace:|\s+thrown in |\s+at )/.test(text);
    const message = text.slice(head[0]?.length);
    const stamp = parseIso(head[1] ?? '') ?? NO_STAMP;
    const client = CLIENT.exec(head[2] ?? '')?.[1];
    const level = LEVEL.exec(head[0] ?? '')?.[0].toLowerCase();
    const common = {
      ...entryFields(line, stamp),
      ...(level === undefined ? {} : { level }),
      ...(client === undefined ? {} : { client }),
    };
    this.inEntry = message.startsWith(STDERR);
    const php = this.inEntry ? classifyPhp(message.slice(STDERR.length)) : null;
    if (php !== null) {
      this.emit({ kind: 'clue', hop: 'app', signal: php.signal, ...common, values: php.values });
      return true;
    }
    const backend = BACKEND.exec(message);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: this.signalOf(message, head[2] ?? ''),
      ...common,
      ...(backend?.[2] === undefined
        ? {}
        : { upstream: backend[1] === undefined ? backend[2] : `unix:/${backend[2]}` }),
      values: { program: 'LiteSpeed' },
    });
    return true;
  }

  end(): void {}

  /** After a time-out it says of the same connection, and now of which backend, that it timed out. */
  private signalOf(message: string, connection: string): SignalId {
    const signal = LITESPEED_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal ?? 'proxy.other';
    const isEcho = connection !== '' && connection === this.timedOut && BACKEND.test(message);
    this.timedOut = message.startsWith('ExtConn timed out') ? connection : '';
    return isEcho && TIMEOUTS.has(signal) ? 'proxy.echo' : signal;
  }

  /** A line of a process of PHP's, whichever way it came into the log. */
  private process(line: Line, text: string): boolean {
    const said = saidByProcess(text);
    if (said === null) return false;
    this.inEntry = false;
    this.emit({
      kind: 'clue',
      hop: 'app',
      signal: said.signal,
      ...entryFields(line, parseIso(TIME.exec(text)?.[0] ?? '') ?? NO_STAMP),
      ...(said.process === '' ? {} : { connection: said.process }),
      values: said.values,
    });
    return true;
  }
}

const line = (level: string, message: string): string =>
  `2026-11-20 08:14:38.113201 [${level}] [2211] [T0] [172.70.12.9:33412:HTTP2-3#APVH_www.example.com:443] ${message}`;

const examples = (): readonly Example[] => [
  {
    shows: 'what it says of PHP, copied without what stands before',
    input: 'No request delivery notification has been received from LSAPI application, possible dead lock.',
    records: [{ signal: 'proxy.backend-timeout' }],
  },
  {
    shows: 'what PHP wrote to its standard error output, over several lines',
    input: [
      line(
        'NOTICE',
        '[STDERR] PHP Fatal error:  Uncaught Error: Call to undefined function shop_price() in /home/site/public_html/wp-content/plugins/shop-feed/feed.php:12',
      ),
      'Stack trace:',
      '#0 {main}',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'app',
        signal: 'php.undef-fn',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 113) },
        client: '172.70.12.9',
        values: {
          missing: 'shop_price',
          file: '/home/site/public_html/wp-content/plugins/shop-feed/feed.php',
          lineNumber: 12,
          plugin: 'shop-feed',
          pluginKind: 'plugin',
        },
      },
    ],
  },
  {
    shows: 'PHP’s processes: all of them are busy, one crashed',
    input: [
      '2026-11-20 08:14:38.318 [STDERR] [UID:1000][18696] Reached max children process limit: 20, extra: 6, current: 26, busy: 26, please increase LSAPI_CHILDREN.',
      '[18696] Child process with pid: 18702 was killed by signal: 11, core dumped: no',
      '2026-11-20 08:14:39.113201 [NOTICE] [2211] [T0] [STDERR] [UID:1000][18696] Killing runaway process PID: 18703 with SIGTERM',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'app',
        signal: 'lsapi.max-children',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 318) },
        connection: '18696',
        values: { maxChildren: 20, extra: 6, current: 26, busy: 26 },
      },
      { signal: 'lsapi.child-signal', stamp: NO_STAMP, values: { pid: 18702, signalNumber: 11 } },
      { signal: 'lsapi.runaway', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 39, 113) } },
    ],
  },
  {
    shows: 'an application that did not answer in time: two lines on one request',
    input: [
      line('INFO', 'ExtConn timed out while processing, timeout=10.'),
      line('INFO', LITESPEED_MESSAGES[5]?.sample ?? ''),
    ].join('\n'),
    records: [{ signal: 'proxy.backend-timeout' }, { signal: 'proxy.echo', upstream: '/tmp/lshttpd/lsphp.sock' }],
  },
  {
    shows: 'a program that is not there, and one that its user has no process left for',
    input: [
      'lscgid: execve():/usr/bin/node: No such file or directory',
      'lscgid: execve():/usr/local/lsws/lsphp83/bin/lsphp: Resource temporarily unavailable',
    ].join('\n'),
    records: [
      { hop: 'app', signal: 'lsapi.exec-missing', stamp: NO_STAMP },
      { hop: 'app', signal: 'lsapi.exec-limit' },
    ],
  },
  {
    shows: 'the first versions, with tabs',
    input: [
      '2026-11-20 08:14:38.682\tWARN\t[AutoRestarter] forking too frequently, suspend for a while!',
      '2026-11-20 08:14:50.460\tINFO\t[uds://tmp/lshttpd/lsphp.sock] Connection refused, restart!',
    ].join('\n'),
    records: [
      { signal: 'proxy.other', level: 'warn' },
      { signal: 'proxy.backend-refused', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 50, 460) } },
    ],
  },
  {
    shows: 'an application whose socket is not there',
    input: line('ERROR', LITESPEED_MESSAGES[1]?.sample ?? ''),
    records: [
      { hop: 'proxy', signal: 'proxy.socket-missing', upstream: 'unix:/tmp/lshttpd/lsphp.sock', level: 'error' },
    ],
  },
];

/** LiteSpeed’s and OpenLiteSpeed’s error log, and what its PHP processes say of themselves. */
export const litespeed: LineFormat = {
  id: 'litespeed',
  title: 'LiteSpeed error log, stderr.log of its PHP',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    '/usr/local/lsws/logs/error.log',
    '/usr/local/lsws/logs/stderr.log',
    'stderr.log in the home of a panel’s account',
    'the error log of a virtual host',
    'the domain’s log of a hosting panel',
  ],
  limits: [
    'Times are local, without zone.',
    'The request is not named; its access log is read as that of nginx or Apache.',
    'What PHP’s processes say of themselves has no time where LiteSpeed reads their standard error through a pipe and writes none.',
  ],
  examples,
  score: ({ text }) => {
    const isEntry =
      /^(?:.{23,26} \[[A-Z]{4,6}\] |(?:.{23,26}\t)?[A-Z]{4,6}\t)\[/.test(text) && HEAD.test(text.slice(0, 400));
    if (isEntry || saidByProcess(text) !== null) return 0.95;
    return BARE.test(text) ? 0.9 : 0;
  },
  open: (emit) => new LitespeedParser(emit),
};
