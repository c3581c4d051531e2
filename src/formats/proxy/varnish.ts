import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { requestOf, sideIn, type Transaction, TransactionReader, timestampIn } from './varnish-block.ts';
import { FETCH_ERRORS, HEALTH, signalIn, VARNISHD_MESSAGES } from './varnish-messages.ts';

/** A line of `varnishlog -g raw`: transaction, tag, side, value. */
const RAW =
  /^ {0,20}\d{1,20} (Backend_health|FetchError|Timestamp|Begin|End|Link|VCL_\w{2,10}|Bere(?:q|sp)\w{2,12}|Req\w{2,12}|Resp\w{2,12}|Backend\w{4,8}|Storage|Filters|Fetch_Body|Length|Hit\w{0,8}|Error|Debug|CLI|SessOpen|SessClose|TTL|Gzip|Witness|ObjHeader|Obj\w{4,12}) {1,16}[bc-] (.{0,2000})$/;
/** The two that tell why, quoted without their transaction. */
const QUOTED = /^(?:[-*]{1,4} {1,8})?(Backend_health|FetchError) {1,16}(?:[bc-] )?(.{1,2000})$/;
/**
 * A row of `varnishadm backend.list`: `boot.app  probe  0/5  sick  Sun, …` (7.x), `boot.app  probe  Sick 0/5` (4.x to 6.x); the name is
 * that of the VCL and of the backend.
 */
const LISTED =
  /^(\S{1,200}\.\S{1,200}) {1,80}(?:probe|healthy|sick) {1,20}(?:\d{1,3}\/\d{1,3} {1,20})?(sick|healthy)\b/i;
const LIST_HEAD = /^Backend name {1,80}Admin {1,20}Probe\b/;
/** Others of a transaction whose head was not copied. */
const CUT = /^-{1,3} {1,4}(Bere(?:q|sp)\w{2,12}) {1,16}(.{0,2000})$/;
/** A line of varnishd itself, in the foreground. */
const OWN_LINE =
  /^(Error|Info|Debug|Warning): (?=Child |Stopping Child|[Mm]anager |Could not get socket|VCL comp|Running VCC|Version: varnish|Platform: )/;
const DAEMON = /^varnishd\b/;
/** What a worker that panicked leaves: its stack, and the state of its threads. */
const PANIC = /^Child \(\d{1,10}\) Panic /;
const LONGEST_PANIC = 400;

class VarnishParser implements LineParser {
  private readonly emit: Emit;
  private readonly transactions: TransactionReader;
  private clock: Stamp = NO_STAMP;
  /** Lines of a panic that may still come. */
  private panic = 0;

  constructor(emit: Emit) {
    this.emit = emit;
    this.transactions = new TransactionReader(['BeReq', 'Session'], (entry) => this.fetched(entry));
  }

  push(line: Line): Taken {
    return this.transactions.push(line) || this.raw(line) || this.listed(line) || this.own(line);
  }

  end(): void {
    this.transactions.end();
  }

  isInside(): boolean {
    return this.transactions.isInside;
  }

  private fetched(entry: Transaction): void {
    const { line, stamp, fetchError, host, ray, client, upstream } = entry;
    if (fetchError === undefined) return;
    const { method = '', path = '' } = requestOf(entry);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: signalIn(FETCH_ERRORS, fetchError) ?? 'proxy.other',
      ...entryFields(line, stamp, `FetchError ${fetchError} (${method} ${path})`),
      ...requestOf(entry),
      ...(host === undefined ? {} : { host }),
      ...(ray === undefined ? {} : { ray }),
      ...(client === undefined ? {} : { client }),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Varnish' },
    });
  }

  private raw(line: Line): boolean {
    const [, tag = '', value = ''] = RAW.exec(line.text) ?? QUOTED.exec(line.text) ?? CUT.exec(line.text) ?? [];
    if (tag === '') return false;
    if (tag === 'Timestamp') this.clock = timestampIn(value)?.stamp ?? this.clock;
    if (tag === 'FetchError') this.say(line, signalIn(FETCH_ERRORS, value) ?? 'proxy.other', this.clock);
    // Each probe is a line; only what is no success tells something.
    const health = tag === 'Backend_health' ? signalIn(HEALTH, value) : undefined;
    if (health !== undefined) this.say(line, health, this.clock, value.split(' ')[0]);
    return true;
  }

  private listed(line: Line): boolean {
    const [, name, health] = LISTED.exec(line.text.slice(0, 600)) ?? [];
    if (name === undefined) return LIST_HEAD.test(line.text);
    if (health?.toLowerCase() === 'sick') this.say(line, 'proxy.backend-down', NO_STAMP, name);
    return true;
  }

  private own(line: Line): boolean {
    const { text, wrapper } = line;
    const beginning = text.slice(0, 400);
    const level = OWN_LINE.exec(beginning);
    const isOwn = level !== null || DAEMON.test(wrapper?.program ?? '');
    if (!isOwn) return this.panic-- > 0;
    const said = beginning.replace(/^(?:Error|Info|Debug|Warning): /, '');
    this.panic = PANIC.test(said) ? LONGEST_PANIC : 0;
    this.say(line, signalIn(VARNISHD_MESSAGES, said) ?? 'proxy.other', NO_STAMP);
    return true;
  }

  private say(line: Line, signal: SignalId, stamp: Stamp, upstream?: string): void {
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, stamp),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Varnish' },
    });
  }
}

const fetch = (tags: readonly string[]): string =>
  [
    '**  << BeReq    >> 32786     ',
    '--  Begin          bereq 32785 pass',
    '--  VCL_use        boot',
    '--  Timestamp      Start: 1795162478.893233 0.000000 0.000000',
    '--  BereqMethod    GET',
    '--  BereqURL       /cart?id=1',
    '--  BereqHeader    Host: www.example.com',
    '--  BereqHeader    Cf-Ray: 90c403ce1d17c288-AMS',
    '--  BereqHeader    Cf-Connecting-Ip: 198.51.100.7',
    ...tags,
    '--  BerespStatus   503',
    '--  BerespReason   Backend fetch failed',
    '--  End            ',
  ].join('\n');

const examples = (): readonly Example[] => [
  {
    shows: 'varnishlog, a fetch from a backend where nothing listens',
    input: fetch([
      '--  FetchError     backend app: fail errno 111 (Connection refused)',
      '--  Timestamp      Error: 1795162478.893256 0.000056 0.000000',
    ]),
    records: [
      {
        kind: 'clue',
        hop: 'proxy',
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: 1_795_162_478_893 },
        method: 'GET',
        path: '/cart',
        host: 'www.example.com',
        ray: '90c403ce1d17c288',
        client: '198.51.100.7',
        upstream: 'app',
        values: { program: 'Varnish' },
      },
    ],
  },
  {
    shows: 'no first byte within `first_byte_timeout`',
    input: fetch([
      '--  BackendOpen    24 app 127.0.0.1 3000 127.0.0.1 41110 connect',
      '--  FetchError     first byte timeout',
      '--  Timestamp      Error: 1795162480.896490 2.003257 0.000003',
    ]),
    records: [{ signal: 'proxy.backend-timeout', upstream: '127.0.0.1:3000' }],
  },
  {
    shows: 'a body shorter than its length: two reasons, the first counts',
    input: fetch([
      '--  FetchError     Resource temporarily unavailable',
      '--  FetchError     straight insufficient bytes',
    ]),
    records: [{ signal: 'proxy.backend-cut' }],
  },
  {
    shows: 'raw lines: a probe',
    input: [
      '         0 Backend_health - app Still sick -------- 2 3 4 0.000000 0.000000 "Open error 111 (Connection refused)"',
      '         0 Backend_health - app Still healthy 4---X-RH 4 3 4 0.000755 0.001317 "HTTP/1.1 200 OK"',
    ].join('\n'),
    records: [{ signal: 'proxy.check-failed', upstream: 'app' }],
  },
  {
    shows: 'what of a transaction people quote',
    input: [
      'FetchError b HTC eof (-1)',
      '-   FetchError     backend app: fail errno 111 (Connection refused)',
      'Backend_health - app Went sick -------- 2 3 4 0.000000 0.000000 "Open error 111 (Connection refused)"',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-closed', stamp: NO_STAMP },
      { signal: 'proxy.backend-refused' },
      { signal: 'proxy.backend-down', upstream: 'app' },
    ],
  },
  {
    shows: 'varnishadm backend.list',
    input: [
      'Backend name                          Admin   Probe Health  Last change',
      'boot.default                          healthy 0/0   healthy Sun, 17 Aug 2025 19:39:26 GMT',
      'boot.app                              probe   0/5   sick    Sun, 17 Aug 2025 19:39:27 GMT',
      'boot.api                              probe   Sick 0/5',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-down', upstream: 'boot.app', line: 3 },
      { signal: 'proxy.backend-down', upstream: 'boot.api' },
    ],
  },
  {
    shows: 'varnishd: its worker dies of a bug and is started again',
    input: [
      'Nov 20 08:14:38 web01 varnishd[812]: Child (7623) died signal=6',
      'Nov 20 08:14:38 web01 varnishd[812]: Child (7623) Panic at: Fri, 20 Nov 2026 08:14:38 GMT',
      'Nov 20 08:14:38 web01 varnishd[812]: Wrong turn at cache/cache_main.c:325:',
      'Nov 20 08:14:38 web01 varnishd[812]: Child (8335) Started',
    ].join('\n'),
    records: [
      { signal: 'proxy.child-crash', server: 'web01' },
      { signal: 'proxy.echo' },
      { signal: 'proxy.other' },
      { signal: 'proxy.start' },
    ],
  },
];

/** Why fetches of Varnish failed (`varnishlog`), and what varnishd says of itself. */
export const varnish: LineFormat = {
  id: 'varnish',
  title: 'Varnish log (varnishlog, varnishd)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    'varnishlog -d -g request -q "RespStatus >= 500 or FetchError"',
    'a file that varnishlog -A -w writes',
    'journalctl -u varnish',
  ],
  limits: [
    'varnishlog keeps nothing on disk unless it is told to: `-d` shows what is still in memory.',
    'A backend that hangs up, resets or answers no HTTP is “HTC eof” alike.',
    'With `-g raw` and `-i` lines lack the request, and times may be missing.',
  ],
  examples,
  score: ({ text, wrapper }) => {
    if (text.startsWith('*')) return sideIn(text) === 'BeReq' || sideIn(text) === 'Session' ? 0.98 : 0;
    const beginning = text.slice(0, 400);
    if (QUOTED.test(beginning) || LIST_HEAD.test(beginning)) return 0.9;
    return OWN_LINE.test(beginning) || RAW.test(beginning) || CUT.test(beginning) || DAEMON.test(wrapper?.program ?? '')
      ? 0.92
      : 0;
  },
  open: (emit) => new VarnishParser(emit),
};
