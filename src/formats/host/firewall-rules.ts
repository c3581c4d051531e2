import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { isOfOtherService } from './bans.ts';

/*
 * Rules and bans of a host's firewall as they are in force when somebody prints them: iptables, nft, ufw, firewalld, fail2ban, csf and
 * CrowdSec. Sources: iptables/iptables.c (print_firewall), iptables-save; nftables(8); ufw src/backend_iptables.py, frontend.py; fail2ban
 * client/beautifier.py; firewall-cmd(1), rich language; csf.deny as lfd and `csf -d`, `csf -g` write it; CrowdSec
 * cmd/crowdsec-cli/clidecision/table.go, whose bouncer of the firewall shuts all ports to what is banned.
 */

const LONGEST = 4096;
const ADDRESS = String.raw`((?:\d{1,3}\.){3}\d{1,3}|[\da-fA-F]{0,4}:[\da-fA-F:]{2,40})(?:\/\d{1,3})?`;
const REFUSES = String.raw`(?:\w{0,12}DROP\w{0,8}|REJECT|DENY\w{0,4}|drop|reject)`;

/** A line that only one of these programs prints. `scope`: a chain, set or jail that the lines below it are of. */
interface Shape {
  readonly program: 'iptables' | 'nftables' | 'ufw' | 'firewalld' | 'fail2ban' | 'csf' | 'CrowdSec';
  readonly pattern: RegExp;
}

/** Heads: nothing is refused by them. */
const HEADS: readonly Shape[] = [
  {
    program: 'iptables',
    pattern: /^Chain (?<scope>\S{1,64}) \((?:policy [A-Z]{2,8}.{0,60}|\d{1,6} references)\)$/,
  },
  {
    program: 'iptables',
    pattern: /^(?:Table {1,8}Chain {1,40})?(?:num {1,8})?(?:pkts {1,8}bytes )?target {2,24}prot opt /,
  },
  {
    program: 'iptables',
    pattern: /^(?::\S{1,64} (?:ACCEPT|DROP|-) \[\d{1,20}:\d{1,20}\]|-[PN] \S{1,64}(?: (?:ACCEPT|DROP))?)$/,
  },
  { program: 'nftables', pattern: /^\t?set (?<scope>addr6?-set-[\w.-]{1,64}) \{$/ },
  {
    program: 'nftables',
    pattern: /^(?:table (?:inet|ip6?|arp|bridge|netdev) \S{1,64} \{|\t(?:chain|set|map) \S{1,64} \{)$/,
  },
  {
    program: 'ufw',
    pattern: /^(?:Status: (?:in)?active|Default: \w{4,6} \(incoming\), .{0,80}|New profiles: \w{2,8})$/,
  },
  { program: 'ufw', pattern: /^ {0,8}To {10,40}Action {2,12}From$/ },
  { program: 'fail2ban', pattern: /^Status for the jail: (?<scope>[\w.-]{1,64})$/ },
  {
    program: 'CrowdSec',
    pattern: /^[|│] {1,8}ID {1,12}[|│] {1,12}source {1,12}[|│] {1,40}scope:value {1,60}[|│] {1,60}reason /i,
  },
];

/** Lines that refuse an address. */
const BLOCKS: readonly Shape[] = [
  {
    program: 'iptables',
    pattern: new RegExp(
      String.raw`^(?:\w{3,8} {1,8}\S{1,40} {1,20})?(?:\d{1,6} {1,8})?(?:[\d.]{1,12}[KMGT]? {1,8}[\d.]{1,12}[KMGT]? {1,4})?${REFUSES} {1,20}\S{1,8} {1,6}(?:--|\d) {1,4}(?:\S{1,20} {1,8}\S{1,20} {1,8})?${ADDRESS} `,
    ),
  },
  {
    program: 'iptables',
    pattern: new RegExp(
      String.raw`^-[AI] (?<scope>\S{1,64}) (?:.{0,300} )?-s ${ADDRESS} (?:.{0,300} )?-j ${REFUSES}\b`,
    ),
  },
  {
    program: 'nftables',
    pattern: new RegExp(String.raw`^\t{0,3}(?:.{0,200} )?ip6? saddr ${ADDRESS} (?:.{0,200} )?${REFUSES}\b`),
  },
  {
    program: 'ufw',
    pattern: new RegExp(
      String.raw`^(?:\[ ?\d{1,3}\] )?\S.{0,60}? {1,40}(?:DENY|REJECT)(?: IN)? {2,20}${ADDRESS}(?: |$)`,
    ),
  },
  {
    program: 'firewalld',
    pattern: new RegExp(
      String.raw`^\t{0,2}rule (?:.{0,60} )?source address="${ADDRESS}" (?:.{0,200} )?(?:reject|drop)\b`,
    ),
  },
  {
    program: 'CrowdSec',
    pattern: new RegExp(
      String.raw`^[|\u2502] {1,12}\d{1,10} {1,8}[|\u2502] {1,12}\S{1,20} {1,12}[|\u2502] {1,4}(?:Ip|Range):${ADDRESS} {1,60}[|\u2502] {1,4}\S.{0,100}? {1,60}[|\u2502] {1,4}ban `,
    ),
  },
  {
    program: 'csf',
    pattern: new RegExp(
      String.raw`^(?:csf\.deny: |Temporary Blocks: IP:)?${ADDRESS} (?:# (?:lfd: |Manually denied: )|Port:.{0,40} Dir:in\b)`,
    ),
  },
];

/** All that a jail has banned, on one line; and a set of nft's, perhaps over several. */
const BANNED = /^ {0,8}(?:[|`]- {1,2})?Banned IP list:(.*)$/;
const ELEMENTS = /^\t{0,3}elements = \{(.*)$/;
const JAIL =
  /^ {0,8}[|`](?:- {1,2}| {2,5}[|`]- )(?:Filter|Actions|Currently (?:failed|banned)|Total (?:failed|banned)|File list|Journal matches)\b/;
/** A chain or set of fail2ban's, by the jail in its name. */
const OF_JAIL = /^(?:f2b|fail2ban|addr6?-set)-(.+)$/;
const WORD = new RegExp(String.raw`(?<![\w.:])${ADDRESS}(?![\w.:])`, 'g');

function shapeOf(shapes: readonly Shape[], text: string): { program: Shape['program']; match: RegExpExecArray } | null {
  for (const { program, pattern } of shapes) {
    const match = pattern.exec(text);
    if (match !== null) return { program, match };
  }
  return null;
}

class FirewallParser implements LineParser {
  private readonly emit: Emit;
  private program: Shape['program'] | null = null;
  private scope = '';
  /** Within the elements of a set. */
  private inSet = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    if (line.wrapper !== null) return this.leave();
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (text === '') return this.program !== null;
    const head = shapeOf(HEADS, text);
    if (head !== null) return this.enter(head.program, head.match.groups?.scope ?? '');
    const list = BANNED.exec(text) ?? ELEMENTS.exec(text);
    if (list !== null || this.inSet) {
      const program = this.program ?? 'fail2ban';
      for (const [, address = ''] of (list?.[1] ?? text).matchAll(WORD)) this.block(line, program, address);
      this.inSet = program === 'nftables' && !text.includes('}');
      return true;
    }
    const block = shapeOf(BLOCKS, text);
    if (block !== null) {
      const scope = block.match.groups?.scope;
      if (scope !== undefined) this.scope = scope;
      this.block(line, block.program, block.match.slice(1).find((part) => part !== undefined && part !== scope) ?? '');
      return true;
    }
    if (this.program === null) return JAIL.test(text);
    // Other rules; what no list of rules holds ends it.
    return isRule(text) || this.leave();
  }

  end(): void {
    this.leave();
  }

  private enter(program: Shape['program'], scope: string): Taken {
    if (scope !== '' || program === 'nftables') this.scope = scope;
    this.program = program;
    this.inSet = false;
    return true;
  }

  private leave(): Taken {
    this.program = null;
    this.scope = '';
    this.inSet = false;
    return false;
  }

  private block(line: Line, program: Shape['program'], address: string): void {
    const jail = OF_JAIL.exec(this.scope)?.[1] ?? (program === 'fail2ban' ? this.scope : '');
    if (!isCloudflareAddress(address) || isOfOtherService(jail)) return;
    this.emit({
      kind: 'clue',
      hop: 'host',
      signal: 'host.shown-block',
      ...entryFields(line, NO_STAMP),
      client: address,
      values: { program: jail === '' ? program : 'fail2ban' },
    });
  }
}

/** A rule that refuses nobody, or nobody in particular; and the frame around rules. */
function isRule(text: string): boolean {
  return (
    JAIL.test(text) ||
    /^Logging: (?:on|off)\b/.test(text) ||
    /^(?:[|│] |[+╭├╰][-─])/.test(text) ||
    /^(?:\t+\S|\}$|\* ?\w|COMMIT$|-A |#)/.test(text) ||
    / (?:--|\d) {1,4}(?:\S{1,20} {1,8}\S{1,20} {1,8})?(?:\d{1,3}\.|[\da-f]{0,4}:|anywhere)/.test(text) ||
    /^ {0,8}-- {10,40}-{6} {2,12}-{4}$| {2}(?:ALLOW|LIMIT|DENY|REJECT)\b/.test(text)
  );
}

const IPTABLES = [
  'Chain f2b-nginx-limit-req (1 references)',
  'target     prot opt source               destination         ',
  'REJECT     all  --  172.70.1.2           0.0.0.0/0            reject-with icmp-port-unreachable',
  'RETURN     all  --  0.0.0.0/0            0.0.0.0/0           ',
];

const examples = (): readonly Example[] => [
  {
    shows: 'iptables -L -n: what fail2ban banned for the web server, and for another service',
    input: [
      ...IPTABLES,
      '',
      'Chain f2b-sshd (1 references)',
      'target     prot opt source               destination         ',
      'REJECT     all  --  172.70.1.3           0.0.0.0/0            reject-with icmp-port-unreachable',
    ].join('\n'),
    records: [{ signal: 'host.shown-block', client: '172.70.1.2', line: 3, values: { program: 'fail2ban' } }],
  },
  {
    shows: 'fail2ban-client status <jail>',
    input: [
      'Status for the jail: nginx-limit-req',
      '|- Filter',
      '|  |- Currently failed:\t0',
      '`- Actions',
      '   |- Currently banned:\t2',
      '   `- Banned IP list:\t172.71.210.5 198.51.100.7 2400:cb00:71:1024::a29e:1',
    ].join('\n'),
    records: [
      { signal: 'host.shown-block', client: '172.71.210.5' },
      { signal: 'host.shown-block', client: '2400:cb00:71:1024::a29e:1' },
    ],
  },
  {
    shows: 'ufw status numbered, iptables -S, a rich rule of firewalld, csf.deny',
    input: [
      '     To                         Action      From',
      '     --                         ------      ----',
      '[ 1] Anywhere                   DENY IN     172.70.0.0/16             ',
      '[ 2] 443/tcp                    ALLOW IN    Anywhere                  ',
      '-A INPUT -s 162.158.0.0/15 -p tcp -m tcp --dport 443 -j DROP',
      'rule family="ipv4" source address="172.70.1.2" reject',
      '172.70.1.2 # lfd: (mod_security) mod_security (id:210492) triggered by 172.70.1.2 (US/United States/-): 5 in the last 3600 secs - Tue Mar 12 10:15:33 2024',
    ].join('\n'),
    records: [
      { signal: 'host.shown-block', client: '172.70.0.0', values: { program: 'ufw' } },
      { signal: 'host.shown-block', client: '162.158.0.0', values: { program: 'iptables' } },
      { signal: 'host.shown-block', client: '172.70.1.2', values: { program: 'firewalld' } },
      { signal: 'host.shown-block', client: '172.70.1.2', values: { program: 'csf' } },
    ],
  },
  {
    shows: 'cscli decisions list',
    input: [
      '|  ID  |  SOURCE  |   SCOPE:VALUE    |           REASON           | ACTION | COUNTRY |',
      '+------+----------+------------------+----------------------------+--------+---------+',
      '| 8665 | crowdsec | Ip:172.70.96.113 | crowdsecurity/http-probing | ban    | US      |',
      '| 8664 | crowdsec | Ip:198.51.100.7  | crowdsecurity/http-probing | ban    | US      |',
    ].join('\n'),
    records: [{ signal: 'host.shown-block', client: '172.70.96.113', values: { program: 'CrowdSec' } }],
  },
  {
    shows: 'nft list ruleset: a set of fail2ban’s',
    input: [
      'table inet f2b-table {',
      '\tset addr-set-nginx-limit-req {',
      '\t\ttype ipv4_addr',
      '\t\telements = { 172.70.1.2, 172.70.1.3,',
      '\t\t\t     198.51.100.7 }',
      '\t}',
      '',
      '\tchain f2b-chain {',
      '\t\ttcp dport { 80, 443 } ip saddr @addr-set-nginx-limit-req reject with icmp port-unreachable',
      '\t}',
      '}',
    ].join('\n'),
    records: [
      { signal: 'host.shown-block', client: '172.70.1.2', values: { program: 'fail2ban' } },
      { signal: 'host.shown-block', client: '172.70.1.3' },
    ],
  },
];

/** Rules and bans that a firewall has in force. */
export const firewallRules: LineFormat = {
  id: 'firewall-rules',
  title: 'Rules and bans of a firewall, as printed',
  shape: 'lines',
  hop: 'host',
  foundAt: [
    'sudo iptables -S; sudo iptables -L -n',
    'sudo nft list ruleset',
    'sudo ufw status numbered',
    'sudo fail2ban-client status <jail>',
    '/etc/csf/csf.deny; sudo csf -g <address>',
    'sudo cscli decisions list',
  ],
  limits: [
    'No time: they tell what was in force when they were printed.',
    'A rule is taken to count, whatever stands before it.',
    'Only rules for addresses of Cloudflare make records.',
  ],
  examples,
  score: ({ text, wrapper }) => {
    if (wrapper !== null) return 0;
    const beginning = text.slice(0, 600).trimEnd();
    return shapeOf(HEADS, beginning) !== null || shapeOf(BLOCKS, beginning) !== null || BANNED.test(beginning)
      ? 0.95
      : 0;
  },
  open: (emit) => new FirewallParser(emit),
};
