import type { Facts } from '../../correlate/facts.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Cause } from '../cause.ts';
import { around, REAL_IP_RISK } from '../commands.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequests } from '../texts.ts';
import { realIpCommand } from '../web-servers.ts';

const BANS = ['host.ban', 'derived.ban-in-force'] as const;
/** Of a program that bans only where it says so; else of the firewall’s own rules. */
const DROPS = ['kernel.packet-dropped', 'kernel.packet-dropped-out', 'host.shown-block'] as const;
const hasAny = (facts: Facts, signals: readonly SignalId[]): boolean => signals.some((id) => facts.signals.has(id));

const banLines = (facts: Facts): string[] =>
  BANS.flatMap((signal) => facts.signals.get(signal)?.lines.map(({ text }) => text) ?? []);

/** What bans addresses, and the command that lifts a ban. */
interface Banner {
  readonly name: string;
  readonly unban: (address: string) => string;
}

const FAIL2BAN: Banner = { name: 'fail2ban', unban: (address) => `sudo fail2ban-client unban ${address}` };
/** Others, by words that only their lines have. */
const BANNERS: readonly (Banner & { readonly says: string })[] = [
  { name: 'csf', says: '*Blocked in csf*', unban: (address) => `sudo csf -tr ${address}; sudo csf -dr ${address}` },
  { name: 'CrowdSec', says: ' ban on ', unban: (address) => `sudo cscli decisions delete --ip ${address}` },
];

const bannerOf = (facts: Facts): Banner =>
  BANNERS.find(({ says }) => banLines(facts).some((text) => text.includes(says))) ?? FAIL2BAN;

/** The command that lifts the ban, with the address that its line names, fit for a command. */
function unbanCommand(facts: Facts): string {
  const named = banLines(facts).map((text) => /\b(?:Ban|from|on Ip|IP:?) ([0-9a-f.:]{7,39})\b/i.exec(text)?.[1]);
  return bannerOf(facts).unban(named.find((text) => text !== undefined) ?? '<address>');
}

export const firewallBlocksCloudflare: Cause = {
  id: 'firewall-blocks-cloudflare',
  title: 'A firewall at the origin blocks Cloudflare’s addresses',
  place: 'origin',
  hop: 'edge',
  broader: ['origin-unreachable'],
  aliases: [
    'firewall-blocks-edge',
    'firewall-rejects-edge',
    'firewall-drops-edge',
    'firewall-blocks-one-range',
    'origin-firewall-drop',
    'origin-firewall-reject',
  ],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'kernel.packet-dropped', weight: 'decisive', why: 'the host’s own firewall logged it' },
    { signal: 'kernel.packet-dropped-out', weight: 'decisive', why: 'the host’s firewall drops its own answers' },
    { signal: 'host.ban', weight: 'decisive', why: 'the host locked Cloudflare out' },
    { signal: 'host.shown-block', weight: 'strong', why: 'the firewall’s rules turn Cloudflare’s addresses away' },
    { signal: 'derived.ban-in-force', weight: 'strong', why: 'a ban drops what comes from that address' },
    { signal: 'derived.some-edge-servers', weight: 'strong', why: 'single addresses are blocked, as by a ban' },
    { signal: 'derived.one-colo', weight: 'weak', why: 'a rule for one range hits the data centres that use it' },
    { signal: 'edge.522-connect', weight: 'medium', why: 'a firewall that drops packets gives 522' },
    { signal: 'edge.521', weight: 'medium', why: 'a firewall that rejects gives 521' },
    { signal: 'edge.523', weight: 'weak', why: 'some firewalls reject with “unreachable”' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'medium', why: 'the web server is up and answers others' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the requests never reached the web server' },
    { signal: 'derived.origin-log-silent', weight: 'weak', why: 'a firewall leaves no line in the web server’s log' },
    { signal: 'derived.access-log-stops', weight: 'weak', why: 'blocked traffic leaves a hole in the access log' },
    { signal: 'edge.530', weight: 'strong', against: true, why: 'there no packet was sent to the origin' },
    { signal: 'derived.behind-tunnel', weight: 'strong', against: true, why: 'a tunnel is dialled from the inside' },
    { signal: 'derived.proxy-down', weight: 'strong', against: true, why: 'the web server itself was down' },
    { signal: 'derived.proxy-restarted', weight: 'strong', against: true, why: 'the web server was being restarted' },
    { signal: 'edge.522-no-ack', weight: 'medium', against: true, why: 'there the connection was accepted first' },
    { signal: 'kernel.conntrack-full', weight: 'medium', against: true, why: 'the kernel dropped for lack of room' },
    { signal: 'kernel.syn-flood', weight: 'medium', against: true, why: 'the kernel dropped for a full queue' },
  ],
  summary: (facts) => {
    const how = hasAny(facts, BANS)
      ? `${bannerOf(facts).name} on the origin banned addresses of Cloudflare`
      : hasAny(facts, DROPS)
        ? 'The origin’s firewall turned connections of Cloudflare’s addresses away'
        : 'A firewall at the origin very likely drops or rejects Cloudflare’s connections';
    return `${how}: ${failedRequests(facts)} failed and never reached the web server. All visitors come from Cloudflare’s addresses, so rules that count per address take them for one busy client.`;
  },
  missing: [
    {
      what: 'the firewall’s rules and bans at the origin, and the hoster’s firewall in front of it',
      why: '522 alone also fits a wrong address, an overloaded host or a broken path',
      command:
        'sudo nft list ruleset 2>/dev/null || sudo iptables -S; sudo fail2ban-client status; sudo ufw status numbered',
      unless: { signals: [...DROPS, ...BANS] },
    },
    {
      what: 'kernel log and fail2ban log (or csf’s lfd.log) of the origin',
      why: 'dropped packets and bans stand there with the address',
      command: (facts) =>
        `journalctl -k ${around(facts)} -o short-iso | grep -E 'DPT=(80|443)'; sudo grep -E ' Ban ' /var/log/fail2ban.log | tail`,
      unless: { signals: [...DROPS, ...BANS] },
    },
  ],
  fix: [
    {
      text: 'See whether Cloudflare’s addresses are banned or dropped right now.',
      command:
        "sudo fail2ban-client banned; sudo nft list ruleset 2>/dev/null | grep -nE 'drop|reject'; sudo iptables -S | grep -E 'DROP|REJECT'; curl -s https://www.cloudflare.com/ips-v4",
      risk: 'None: it only reads. The last one fetches Cloudflare’s ranges to compare with.',
    },
    {
      text: 'Lift the bans of Cloudflare’s addresses, where the first command shows any.',
      command: (facts) =>
        `${unbanCommand(facts)}   # a rule of ufw: sudo ufw status numbered, then sudo ufw delete <number>`,
      risk: 'See that the address is in Cloudflare’s published ranges first: other bans may be right.',
    },
    {
      text: 'Allow all of Cloudflare’s ranges on 80 and 443, before every rule that drops or limits.',
      command:
        'for r in $(curl -s https://www.cloudflare.com/ips-v4) $(curl -s https://www.cloudflare.com/ips-v6); do sudo ufw prepend allow proto tcp from "$r" to any port 80,443; done',
      risk: 'For ufw; with nftables, firewalld or the hoster’s firewall enter the same ranges there. A range that is missing gives 521 or 522 again.',
    },
    {
      text: 'Let the web server, and with it whoever reads its log and bans, see the visitor’s address instead of Cloudflare’s.',
      command: realIpCommand,
      risk: REAL_IP_RISK,
    },
    {
      text: 'Never ban the ranges: put the line that this prints under [DEFAULT] of /etc/fail2ban/jail.local, then reload fail2ban. For csf put the ranges into /etc/csf/csf.ignore and csf.allow, for CrowdSec into a whitelist under /etc/crowdsec/parsers/s02-enrich/.',
      command:
        'echo "ignoreip = 127.0.0.1/8 ::1" $(curl -s https://www.cloudflare.com/ips-v4) $(curl -s https://www.cloudflare.com/ips-v6)   # then: sudo fail2ban-client reload',
      risk: 'A ban of the visitor’s own address in the local firewall has no effect behind Cloudflare: ban by Cloudflare’s API instead.',
    },
    {
      text: 'Look at the hoster’s firewall and DDoS protection as well: rules there show in no log of the host.',
      risk: 'None: looking changes nothing.',
    },
  ],
  avoid: [
    'Opening the ports to everybody: the origin then can be attacked past Cloudflare.',
    AVOID_PAUSE_CLOUDFLARE,
    'Restarting the web server: it is up; the packets do not reach it.',
  ],
  verify: [
    'Requests from Cloudflare’s addresses appear in the access log, and 521 and 522 rows stop.',
    'sudo fail2ban-client banned lists no address of Cloudflare.',
  ],
  prevent: [
    'Fetch the published ranges once a week and compare them with the rules.',
    'Rate limits and bans at the origin only by the visitor’s address, never by the connection’s.',
  ],
  difficulty: 'moderate',
  sources: [
    'Cloudflare docs: error 521, error 522',
    'Cloudflare docs: allow Cloudflare IP addresses; restoring original visitor IPs',
    'fail2ban jail.conf manual',
    'CrowdSec docs: whitelists, cscli decisions delete',
  ],
};
