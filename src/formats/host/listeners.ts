import { NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields, present } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { roleOfProgram } from './units.ts';

/*
 * Who listens at the moment, as `ss -ltnp` (iproute2 misc/ss.c), `netstat -tlnp` (net-tools netstat.c) and `lsof -i` print it. Connections
 * and sockets of other kinds are read and left.
 */

const LONGEST = 1000;
const HEADS =
  /^(?:Netid {1,8})?State {1,20}Recv-Q {1,12}Send-Q {1,60}Local Address: ?Port {1,60}Peer Address: ?Port\b|^Proto {1,8}Recv-Q {1,8}Send-Q {1,8}Local Address {1,60}(?:Foreign Address|\(state\))|^Active (?:Internet connections|UNIX domain sockets) \(|^Proto {1,8}RefCnt {1,8}Flags|^COMMAND {1,20}PID {1,20}(?:TID {1,20}(?:TASKCMD {1,20})?)?USER {1,20}FD {1,20}TYPE /;
const ADDRESS = String.raw`(\S{0,100})[:.]([\w-]{1,40}|\*)`;
const SS = new RegExp(
  String.raw`^(?:tcp {1,20})?LISTEN {1,20}\d{1,8} {1,20}\d{1,8} {1,100}${ADDRESS} {1,100}\S{1,100}(?: {1,100}users:\(\("([^"]{1,60})")?`,
);
const NETSTAT = new RegExp(
  String.raw`^tcp[46]{0,2} {1,20}\d{1,8} {1,20}\d{1,8} {1,20}${ADDRESS} {1,100}\S{1,100} {1,100}LISTEN(?:EN)?(?: {1,60}(?:\d{1,10} {1,20}\d{1,12} {1,20})?(?:\d{1,10}\/([^\s:]{1,60}))?|$)`,
);
const LSOF = new RegExp(
  String.raw`^(\S{1,40}) {1,40}\d{1,10} {1,20}(?:\d{1,10} {1,20})?\S{1,40} {1,20}\d{1,8}u {1,20}IPv[46] {1,20}\S{1,40} {1,20}\S{1,20} {1,20}TCP ${ADDRESS} \(LISTEN\)$`,
);
/** Any other row of such a table. */
const OTHER =
  /^(?:(?:nl|u_str|u_dgr|u_seq|icmp6?|raw|udp[46]{0,2}|tcp[46]{0,2}|p_raw|p_dgr|v_str|mptcp|unix|unix2) {1,20}\S|(?:ESTAB|UNCONN|TIME-WAIT|CLOSE-WAIT|FIN-WAIT-[12]|SYN-(?:SENT|RECV)|LAST-ACK|CLOSING) {1,20}\d|\(?(?:Not all processes could be identified|No info could be read|will not be shown, you would have to be root))/;
const OTHER_OPEN = /^\S{1,40} {1,40}\d{1,10} {1,20}\S{1,40} {1,20}\S{1,12} {1,20}(?:IPv[46]|unix|REG|DIR|CHR|FIFO) /;

/** Who listens, and where. */
interface Listener {
  readonly address: string;
  readonly port: string;
  readonly program: string | undefined;
}

function listenerOf(text: string): Listener | null {
  const row = SS.exec(text) ?? NETSTAT.exec(text);
  if (row !== null) return { address: row[1] ?? '', port: row[2] ?? '', program: row[3] };
  const open = LSOF.exec(text);
  return open === null ? null : { address: open[2] ?? '', port: open[3] ?? '', program: open[1] };
}

class ListenersParser implements LineParser {
  private readonly emit: Emit;
  private inTable = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (HEADS.test(text)) {
      this.inTable = true;
      return true;
    }
    const listener = line.wrapper === null ? listenerOf(text) : null;
    if (listener === null) {
      this.inTable = this.inTable && (OTHER.test(text) || OTHER_OPEN.test(text));
      return this.inTable;
    }
    const { program } = listener;
    const address = bare(listener.address);
    const port = NUMBER.test(listener.port) ? listener.port : undefined;
    const role = program === undefined ? undefined : (roleOfProgram(program) ?? undefined);
    this.emit({
      kind: 'clue',
      hop: 'host',
      signal: 'host.shown-listener',
      ...entryFields(line, NO_STAMP),
      ...(address === undefined || port === undefined ? {} : { subject: `${listener.address}:${port}` }),
      // Of a table that was searched for a word (grep), a row that is missing tells nothing.
      values: present({ address, port, program, role, table: this.inTable ? 1 : undefined }),
    });
    return true;
  }

  end(): void {}
}

/** Names of addresses and ports could be anybody's: they tell nothing. */
const NUMBER = /^\d{1,5}$/;
const ADDRESS_OF_NUMBERS = /^(?:\*|localhost|[\d.]{7,15}|[\da-f:.]{2,45})$/;

/** `[::1]`, `127.0.0.53%lo`, `[::ffff:127.0.0.1]`, `*` → an address; every address is `*`, a name is none. */
function bare(address: string): string | undefined {
  const plain = address
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/^::ffff:/, '');
  if (plain === '0.0.0.0' || plain === '::' || plain === '') return '*';
  return ADDRESS_OF_NUMBERS.test(plain) ? plain : undefined;
}

function score({ text, wrapper }: Line): number {
  if (wrapper !== null) return 0;
  const beginning = text.slice(0, LONGEST).trimEnd();
  return HEADS.test(beginning) || listenerOf(beginning) !== null ? 0.95 : 0;
}

const examples = (): readonly Example[] => [
  {
    shows: 'ss: an application on the loopback address only, and a web server',
    input: [
      'State    Recv-Q   Send-Q     Local Address:Port     Peer Address:Port  Process',
      'LISTEN   0        511            127.0.0.1:3000          0.0.0.0:*      users:(("node",pid=1234,fd=18))',
      'LISTEN   0        511                    *:80                  *:*      users:(("nginx",pid=812,fd=6),("nginx",pid=811,fd=6))',
      'LISTEN   0        4096       127.0.0.53%lo:53            0.0.0.0:*',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'host',
        signal: 'host.shown-listener',
        subject: '127.0.0.1:3000',
        values: { address: '127.0.0.1', port: '3000', program: 'node', table: 1 },
      },
      { subject: '*:80', values: { address: '*', port: '80', program: 'nginx', role: 'proxy', table: 1 } },
      { values: { address: '127.0.0.53', port: '53', table: 1 } },
    ],
  },
  {
    shows: 'netstat: connections are left',
    input: [
      'Active Internet connections (servers and established)',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
      'tcp        0      0 127.0.0.1:8080          127.0.0.1:51234         ESTABLISHED 1234/java',
      'tcp6       0      0 :::443                  :::*                    LISTEN      19814/nginx: master',
    ].join('\n'),
    records: [
      { subject: ':::443', line: 4, values: { address: '*', port: '443', program: 'nginx', role: 'proxy', table: 1 } },
    ],
  },
  {
    shows: 'lsof, and a row of a table that was searched',
    input: [
      'COMMAND  PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME',
      'node    1234 root   18u  IPv6  12345      0t0  TCP *:3000 (LISTEN)',
      '',
      'tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      -',
    ].join('\n'),
    records: [
      { subject: '*:3000', values: { address: '*', port: '3000', program: 'node', table: 1 } },
      { subject: '0.0.0.0:8080', values: { address: '*', port: '8080' } },
    ],
  },
];

/** Who listens on which address and port. */
export const listeners: LineFormat = {
  shape: 'lines',
  id: 'listeners',
  title: 'Output of ss, netstat or lsof: who listens',
  hop: 'host',
  foundAt: ['sudo ss -ltnp', 'sudo netstat -tlnp', 'sudo lsof -nP -iTCP -sTCP:LISTEN'],
  limits: [
    'No time: it tells who listened when it was printed.',
    'A container has listeners of its own: the host’s list does not show them.',
    'Names of ports, as they are printed without -n, do not tell the port.',
  ],
  examples,
  score,
  open: (emit) => new ListenersParser(emit),
};
