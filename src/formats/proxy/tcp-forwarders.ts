import type { Stamp } from '../../vocabulary/records.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';

/*
 * Programs that pass a connection on to an application and know nothing of HTTP: stunnel, socat, hitch, OpenSSH's tunnels. The web server
 * before them is taken in and then hung up on; why stands in their lines alone. Sources: stunnel, src/client.c and src/verify.c
 * (5.68 was run); socat, xio-ipsock.c and xioconnect in xio-socket.c (1.7.4 was run); hitch, hitch.c (1.7.2 was run); OpenSSH, channels.c (9.2 was run).
 */

interface Saying {
  readonly signal: SignalId;
  readonly pattern: RegExp;
}

/** What a system says of a connection that was not made, whoever passes it on. */
const REASONS: readonly Saying[] = [
  { signal: 'proxy.backend-refused', pattern: /Connection refused/ },
  { signal: 'proxy.connect-timeout', pattern: /[Tt]imed out|TIMEOUTconnect exceeded/ },
  { signal: 'proxy.backend-unreachable', pattern: /No route to host|Network is unreachable|Host is down/ },
  { signal: 'proxy.socket-missing', pattern: /No such file or directory/ },
  { signal: 'proxy.socket-denied', pattern: /Permission denied/ },
  { signal: 'proxy.too-many-files', pattern: /Too many open files/ },
  { signal: 'proxy.ports-exhausted', pattern: /Cannot assign requested address/ },
  {
    signal: 'proxy.backend-dns',
    pattern: /Name or service not known|Temporary failure in name resolution|Neither nodename nor servname/,
  },
];

/** TLS towards the application, in stunnel's and socat's words around OpenSSL's. */
const TLS: readonly Saying[] = [
  { signal: 'proxy.backend-cert', pattern: /certificate verify failed|certificate is valid but its commonName/ },
  { signal: 'proxy.scheme-mismatch', pattern: /wrong version number|packet length too long/ },
  { signal: 'proxy.backend-closed', pattern: /Peer suddenly disconnected|unexpected eof/ },
  { signal: 'proxy.backend-reset', pattern: /Connection reset by peer/ },
  { signal: 'proxy.backend-tls', pattern: /^/ },
];

const STUNNEL = /^(?:(\d{4})\.(\d\d)\.(\d\d) (\d\d:\d\d:\d\d) )?LOG([0-7])\[[\w:]{1,20}\]: (?=\S)/;
const SOCAT =
  /^(?:(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) )?socat\[\d{1,10}(?:\.\d{1,20})?\] ([FEWNID]) (?=\S)/;
/** In the journal the program's name is the wrapper's. */
const SOCAT_WRAPPED = /^([FEWNID]) (?=\S)/;
/** In the journal it has neither time nor number of its own. */
const HITCH = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})\d{0,6} \[ {0,8}\d{1,10}\] (?=\S)/;
const HITCH_CONNECTS = /^\{backend(?:-connect|-socket)?\}:? /;
const SSH = /^(?:debug\d: )?channel \d{1,6}: open failed: connect failed: (?=\S)/;
/** Its server says that it failed and not how. */
const SSHD = /^(?:error: )?connect_to (\S{1,255}) port (\d{1,5}): failed\.$/;

const CONNECTS = /^s_connect: (?:s_poll_wait )?(?:connect )?(\S{1,260}?): /;
const RESOLVES = /^Error resolving "([^"\n]{1,260})": /;
const SOCAT_CONNECTS = /^(?:connect\(\d{1,6}, |connecting to )(?:AF=\d{1,3} )?"?([^\s",]{1,260}?)"?(?:, \d{1,6}\))?: /;
const SOCAT_RESOLVES = /^(?:getaddrinfo\(|.{0,60}?gethostbyname\()"?([^",)\n]{1,260})/;
/** Repeats of what the line before it said, for one connection. */
const ECHOES =
  /^(?:No more addresses to connect|CERT: |Rejected by |Connection reset: |Certificate check failed|exit\(\d)/;

interface Said {
  readonly program: string;
  readonly stamp: Stamp;
  readonly signal: SignalId;
  readonly upstream?: string;
}

const signalIn = (sayings: readonly Saying[], text: string): SignalId | undefined =>
  sayings.find(({ pattern }) => pattern.test(text))?.signal;

function stunnel(text: string): Said | null {
  const head = STUNNEL.exec(text);
  if (head === null) return null;
  const [, year, month, day, clock, level] = head;
  const stamp = (year === undefined ? undefined : parseIso(`${year}-${month}-${day} ${clock}`)) ?? NO_STAMP;
  const said = { program: 'stunnel', stamp } as const;
  const message = text.slice(head[0].length);
  const address = CONNECTS.exec(message)?.[1];
  const failed = Number(level) <= 4;
  const reason = failed && address !== undefined ? signalIn(REASONS, message) : undefined;
  if (address !== undefined && reason !== undefined) return { ...said, signal: reason, upstream: address };
  const name = RESOLVES.exec(message)?.[1];
  if (name !== undefined) return { ...said, signal: 'proxy.backend-dns', upstream: name };
  const tls = failed && message.startsWith('SSL_connect: ') ? signalIn(TLS, message) : undefined;
  if (tls !== undefined) return { ...said, signal: tls };
  return { ...said, signal: failed && !ECHOES.test(message) ? 'proxy.other' : 'proxy.echo' };
}

function socat(line: Line, text: string): Said | null {
  const head = SOCAT.exec(text);
  const wrapped = head === null && line.wrapper?.program === 'socat' ? SOCAT_WRAPPED.exec(text) : null;
  const level = head?.[2] ?? wrapped?.[1];
  if (level === undefined) return null;
  const message = text.slice((head ?? wrapped)?.[0].length ?? 0);
  const stamp = (head?.[1] === undefined ? undefined : parseIso(head[1].replaceAll('/', '-'))) ?? NO_STAMP;
  const said = { program: 'socat', stamp } as const;
  const failed = level === 'E' || level === 'F' || level === 'W';
  const address = SOCAT_CONNECTS.exec(message)?.[1] ?? SOCAT_RESOLVES.exec(message)?.[1];
  const reason = failed && address !== undefined ? signalIn(REASONS, message) : undefined;
  if (address !== undefined && reason !== undefined) return { ...said, signal: reason, upstream: address };
  const tls = failed && message.startsWith('SSL_connect(') ? signalIn(TLS, message) : undefined;
  if (tls !== undefined) return { ...said, signal: tls };
  return { ...said, signal: failed && !ECHOES.test(message) ? 'proxy.other' : 'proxy.echo' };
}

function hitch(line: Line, text: string): Said | null {
  const head = HITCH.exec(text);
  if (head === null && line.wrapper?.program !== 'hitch') return null;
  const [, year, month, day, hours, minutes, seconds, ms] = head ?? [];
  const stamp = head === null ? undefined : parseIso(`${year}-${month}-${day} ${hours}:${minutes}:${seconds}.${ms}`);
  const message = text.slice(head?.[0].length ?? 0);
  const reason = HITCH_CONNECTS.test(message) ? signalIn(REASONS, message) : undefined;
  return { program: 'hitch', stamp: stamp ?? NO_STAMP, signal: reason ?? 'proxy.other' };
}

function ssh(text: string): Said | null {
  const said = { program: 'ssh', stamp: NO_STAMP } as const;
  const head = SSH.exec(text)?.[0];
  if (head !== undefined) return { ...said, signal: signalIn(REASONS, text.slice(head.length)) ?? 'proxy.other' };
  const [, host, port] = SSHD.exec(text) ?? [];
  return host === undefined ? null : { ...said, signal: 'proxy.backend-down', upstream: `${host}:${port}` };
}

function readLine(line: Line): Said | null {
  const text = line.text.slice(0, 4096);
  return stunnel(text) ?? socat(line, text) ?? hitch(line, text) ?? ssh(text);
}

class ForwarderParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const said = readLine(line);
    if (said === null) return false;
    const { program, stamp, signal, upstream } = said;
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, stamp),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program },
    });
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    shows: 'stunnel: nothing listens, then a certificate that it does not accept',
    input: [
      '2026.11.20 08:14:38 LOG3[51]: s_connect: connect 192.0.2.7:8443: Connection refused (111)',
      '2026.11.20 08:14:38 LOG3[51]: No more addresses to connect',
      '2026.11.20 08:14:39 LOG4[52]: CERT: Pre-verification error: certificate has expired',
      '2026.11.20 08:14:39 LOG3[52]: SSL_connect: ../ssl/statem/statem_clnt.c:1889: error:0A000086:SSL routines::certificate verify failed',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        upstream: '192.0.2.7:8443',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        values: { program: 'stunnel' },
      },
      { signal: 'proxy.echo' },
      { signal: 'proxy.echo' },
      { signal: 'proxy.backend-cert' },
    ],
  },
  {
    shows: 'socat, with one address and after the last of several',
    input: [
      '2026/11/20 08:14:38 socat[812] E connect(5, AF=2 192.0.2.7:3000, 16): Connection refused',
      '2026/11/20 08:14:39 socat[813] E connecting to AF=2 192.0.2.7:3000: Connection timed out',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        upstream: '192.0.2.7:3000',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
      },
      { signal: 'proxy.connect-timeout', upstream: '192.0.2.7:3000' },
    ],
  },
  {
    shows: 'hitch: nothing listens behind it, in its log and in the journal',
    input: [
      '20261120T081438.219949 [14274] {backend-connect}: Connection refused',
      'Nov 20 08:14:39 web01 hitch[14274]: {backend-connect}: Connection refused',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 219) },
        values: { program: 'hitch' },
      },
      { signal: 'proxy.backend-refused', server: 'web01' },
    ],
  },
  {
    shows: 'a tunnel of OpenSSH (ssh -L): its client, and its server',
    input: [
      'channel 1: open failed: connect failed: Connection refused',
      'connect_to 192.0.2.7 port 3000: failed.',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', stamp: { kind: 'none' } },
      { signal: 'proxy.backend-down', upstream: '192.0.2.7:3000' },
    ],
  },
];

/** What programs say that forward connections to an application, of one that they could not hand on. */
export const tcpForwarders: LineFormat = {
  shape: 'lines',
  id: 'tcp-forwarders',
  title: 'Forwarders of connections (stunnel, socat, hitch, OpenSSH’s tunnels)',
  hop: 'proxy',
  foundAt: [
    'the file that output= in stunnel.conf names',
    'journalctl -u stunnel4',
    'journalctl -u hitch',
    'the output of socat or ssh -L',
  ],
  limits: [
    'Connections, not requests: what the application answers is not in them.',
    'socat writes nothing of its work unless started with -d -d, and ssh no time.',
  ],
  examples,
  score: (line) => (readLine(line) === null ? 0 : 0.95),
  open: (emit) => new ForwarderParser(emit),
};
