import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { Hop } from '../../vocabulary/hops.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, present } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { isWebPort } from './curl-failures.ts';
import { firstGroups } from './shown-answer.ts';

/*
 * What somebody tried by hand to see whether a machine or a port is reached: `ping` (iputils, Windows), `traceroute`, `mtr --report`,
 * `nc -v` (OpenBSD's and nmap's), `telnet`, `nmap`, PowerShell's Test-NetConnection. Routers and firewalls leave such packets unanswered without any fault, so only a
 * port that refuses tells something, and one of Cloudflare's own that is not reached.
 */

const LONGEST = 1000;
const HEADS =
  /^(?:PING \S{1,253}\s?\(|Pinging \S{1,253} (?:\[\S{2,45}\] )?with |traceroute6? to \S{1,253} \(|Tracing route to \S|HOST: \S{1,253} {1,80}Loss% {1,8}Snt|Start: \d{4}-\d\d-\d\dT|Starting Nmap |Nmap scan report for |ComputerName {1,8}: \S|WARNING: TCP connect to \()/;
const BELONGS =
  /^(?:(?:RemoteAddress|RemotePort|InterfaceAlias|SourceAddress|NameResolutionResults|MatchingIPsecRules|NetworkIsolationContext|IsAdmin|PingSucceeded|PingReplyDetails \(RTT\)|TcpTestSucceeded) {1,12}: |\d{1,6} bytes from |--- \S{1,253} ping statistics ---|\d{1,9} packets transmitted, |(?:rtt|round-trip) min\/avg|Reply from |Request timed? ?out|Destination (?:host|net) unreachable|From \S{1,253} (?:\(\S{2,45}\) )?icmp_seq=|Ping statistics for |Approximate round trip| {4}(?:Packets: Sent|Minimum = )|over a maximum of \d{1,3} hops| {0,3}\d{1,3}(?:\.\|--)? {1,8}(?:\*|\?\?\?|\S{1,253} \(|\d|<1 ms|[\w.-]{1,253} {1,40}[\d.]{3,6}%)|Trace complete\.|Host is up|Not shown: |PORT {1,8}STATE|Nmap done: |Service detection performed|Other addresses for |rDNS record for |\d{1,5}\/(?:tcp|udp) {1,8}\w)/;
/** A connection that was tried, and refused; where it was tried, as far as it is told. */
const REFUSED: readonly RegExp[] = [
  /^nc: connectx? to (?<address>\S{1,253})(?: \((?<inner>[\d.a-f:]{2,45})\))? port (?<port>\d{1,5}) \(tcp\) failed: Connection refused$/,
  /^(?:\S{1,253} )?\[(?<address>[\d.a-f:]{2,45})\] (?<port>\d{1,5}) \(\S{1,40}\) : Connection refused$/,
  /^telnet: (?:Unable to connect to remote host|connect to address (?<address>[\d.a-f:]{2,45})): Connection refused$/,
  /^(?<port>\d{1,5})\/tcp {1,8}closed {1,8}\S/,
];
/** The way to Cloudflare's tunnel servers, as `Test-NetConnection` and `nc` show it. A try by UDP tells nothing. */
const EDGE_BY_NC = /^nc: connectx? to \S{1,253}(?: \([\d.a-f:]{2,45}\))? port 7844 \(tcp\) failed: /;
const EDGE_PORT = /^RemotePort {1,8}: 7844$/;
const NOT_REACHED = /^TcpTestSucceeded {1,4}: False$/;
const OPEN =
  /^(?:Connection to \S{1,253} (?:\(\S{2,45}\) )?(?:port )?\d{1,5} (?:port )?\[(?:tcp|udp)\/\S{1,40}\] succeeded!|Ncat: (?:Connected to |Connection (?:refused|timed out))|nc: connectx? to \S{1,253} port \d{1,5} \(tcp\) |Trying [\d.a-fA-F:]{2,45}\.\.\.$|Escape character is |Connection closed by foreign host)/;

class ProbesParser implements LineParser {
  private readonly emit: Emit;
  private isOpen = false;
  /** `Trying 203.0.113.4...`: what telnet tries next. */
  private tried: string | undefined;
  private isEdge = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.wrapper !== null) return this.leave();
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (text === '') return this.isOpen;
    this.tried = /^Trying ([\d.a-fA-F:]{2,45})\.\.\.$/.exec(text)?.[1] ?? this.tried;
    const refused = firstGroups(REFUSED, text);
    if (refused !== null) {
      this.isOpen = true;
      this.say(line, refused);
      return true;
    }
    if (text.startsWith('ComputerName')) this.isEdge = false;
    this.isEdge ||= EDGE_PORT.test(text);
    if (EDGE_BY_NC.test(text) || (this.isEdge && NOT_REACHED.test(text)))
      this.emitClue(line, 'tunnel', 'cloudflared.shown-edge-blocked', {});
    this.isOpen ||= HEADS.test(text);
    return OPEN.test(text) || (this.isOpen && (HEADS.test(text) || BELONGS.test(text) || this.leave()));
  }

  end(): void {}

  private leave(): Taken {
    this.isOpen = false;
    return false;
  }

  private say(line: Line, { address, inner, port }: Readonly<Record<string, string | undefined>>): void {
    const asked = inner ?? address ?? this.tried;
    if ((port !== undefined && !isWebPort(port)) || (asked !== undefined && isCloudflareAddress(asked))) return;
    this.emitClue(line, 'proxy', 'host.shown-refused', present({ port }));
  }

  private emitClue(line: Line, hop: Hop, signal: SignalId, values: Readonly<Record<string, string | number>>): void {
    this.emit({ kind: 'clue', hop, signal, ...entryFields(line, NO_STAMP), values });
  }
}

/** What tries of the way to a machine printed. */
export const probes: LineFormat = {
  id: 'probes',
  title: 'Output of ping, traceroute, mtr, nc, telnet or nmap',
  hop: 'client',
  shape: 'lines',
  foundAt: [
    'ping www.example.com',
    'nc -zvw 3 region1.v2.argotunnel.com 7844',
    'mtr --report --tcp --port 443 203.0.113.4',
    'nc -vz 203.0.113.4 443',
  ],
  limits: [
    'It tells of the way from the machine that asked, which is not Cloudflare’s, and has no time.',
    'Probes that nobody answers are no loss: routers and firewalls drop them; a host that admits Cloudflare alone answers nobody else.',
  ],
  examples: () => [
    {
      shows: 'a port that refuses',
      input: [
        'nc: connect to 203.0.113.4 port 443 (tcp) failed: Connection refused',
        'Trying 203.0.113.4...',
        'telnet: Unable to connect to remote host: Connection refused',
      ].join('\n'),
      records: [
        { kind: 'clue', hop: 'proxy', signal: 'host.shown-refused', stamp: NO_STAMP, line: 1, values: { port: '443' } },
        { signal: 'host.shown-refused', line: 3 },
      ],
    },
    {
      shows: 'the way to Cloudflare’s tunnel servers',
      input: [
        'nc: connect to 198.41.192.167 port 7844 (tcp) failed: Connection timed out',
        'ComputerName     : region1.v2.argotunnel.com',
        'RemoteAddress    : 198.41.192.227',
        'RemotePort       : 7844',
        'TcpTestSucceeded : False',
      ].join('\n'),
      records: [
        { kind: 'clue', hop: 'tunnel', signal: 'cloudflared.shown-edge-blocked', line: 1 },
        { signal: 'cloudflared.shown-edge-blocked', line: 5 },
      ],
    },
    {
      shows: 'probes without an answer',
      input: [
        'PING www.example.com (203.0.113.4) 56(84) bytes of data.',
        '',
        '--- www.example.com ping statistics ---',
        '4 packets transmitted, 0 received, 100% packet loss, time 3062ms',
        'HOST: web01                       Loss%   Snt   Last   Avg  Best  Wrst StDev',
        '  1.|-- 192.0.2.1                  0.0%    10    0.3   0.4   0.3   0.6   0.1',
        '  2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0',
      ].join('\n'),
      records: [],
    },
  ],
  score: ({ text, wrapper }) => {
    const part = text.slice(0, LONGEST).trimEnd();
    return wrapper === null && (HEADS.test(part) || firstGroups(REFUSED, part) !== null || EDGE_BY_NC.test(part))
      ? 0.9
      : 0;
  },
  open: (emit) => new ProbesParser(emit),
};
