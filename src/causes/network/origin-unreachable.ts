import type { Cause } from '../cause.ts';
import { hostInCommand, originAddress } from '../commands.ts';
import {
  AVOID_MANY_CHANGES,
  AVOID_PAUSE_CLOUDFLARE,
  failedRequests,
  MISSING_EDGE_LOG,
  MISSING_KERNEL_LOG,
} from '../texts.ts';

export const originUnreachable: Cause = {
  id: 'origin-unreachable',
  title: 'Cloudflare cannot reach the origin’s address (522/523)',
  place: 'network',
  hop: 'edge',
  broader: [],
  aliases: ['origin-unreachable-523', 'network-no-route', 'origin-connect-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.523', weight: 'strong', why: 'Cloudflare found no way to the address' },
    { signal: 'edge.522-connect', weight: 'strong', why: 'the address did not answer connection attempts' },
    { signal: 'edge.522-no-ack', weight: 'medium', why: 'the connection stood, then nothing came back' },
    { signal: 'kernel.link-down', weight: 'strong', why: 'the origin’s own network link went down' },
    { signal: 'edge.504-no-origin', weight: 'weak', why: 'Cloudflare waited for the origin in vain' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the requests never arrived' },
    { signal: 'derived.access-log-stops', weight: 'weak', why: 'no traffic arrived at all' },
    {
      signal: 'kernel.packet-dropped',
      weight: 'strong',
      against: true,
      why: 'the packets arrived and a firewall dropped them',
    },
    { signal: 'edge.530', weight: 'strong', against: true, why: 'there no packet was sent to the origin' },
    { signal: 'host.ban', weight: 'strong', against: true, why: 'the origin locked Cloudflare out itself' },
    { signal: 'derived.ban-in-force', weight: 'medium', against: true, why: 'the origin had locked an address out' },
    { signal: 'derived.proxy-down', weight: 'medium', against: true, why: 'the web server itself was down' },
    { signal: 'derived.reached-origin', weight: 'strong', against: true, why: 'the requests did arrive' },
  ],
  summary: (facts) =>
    facts.signals.has('edge.523')
      ? `Cloudflare found no route to the origin’s address (523): ${failedRequests(facts)} failed. A wrong address in DNS and a routing fault at the hoster look the same from there.`
      : `The origin’s address did not answer Cloudflare’s connection attempts (522): ${failedRequests(facts)} failed. A firewall that drops Cloudflare, a wrong address, a host that is down or overloaded and a broken path all look like this from outside; logs of the origin’s host part them.`,
  missing: [
    {
      what: 'what the origin’s host says of that time: uptime, kernel log, firewall rules and bans',
      why: 'a 522 alone cannot tell a firewall from a broken path',
      command:
        'uptime; journalctl --list-boots | tail -3; sudo nft list ruleset 2>/dev/null || sudo iptables -S; sudo fail2ban-client banned',
      unless: { signals: ['kernel.packet-dropped', 'host.ban'] },
    },
    MISSING_KERNEL_LOG,
    MISSING_EDGE_LOG,
  ],
  fix: [
    {
      text: 'From a machine outside: does the origin’s address answer on 443 at all?',
      command: (facts) =>
        `curl -skI --connect-timeout 10 --resolve ${hostInCommand(facts)}:443:${originAddress(facts)} https://${hostInCommand(facts)}/ | head -1`,
      risk: 'None: it only reads. An origin that admits only Cloudflare refuses it by design.',
    },
    {
      text: 'Compare the address with the DNS record in the dashboard (A and AAAA).',
      command: 'curl -4 -s https://ifconfig.me; echo; curl -6 -s https://ifconfig.me',
      computedFrom: (facts) =>
        originAddress(facts).startsWith('<')
          ? ''
          : `Cloudflare’s rows name ${originAddress(facts)} as the origin’s address`,
      risk: 'Run it on the origin. It asks an outside service for your address.',
    },
    {
      text: 'On the origin: is Cloudflare banned or dropped, is the connection table or the accept queue full?',
      command:
        "sudo fail2ban-client banned; sudo iptables -S | grep -E 'DROP|REJECT'; sudo sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; nstat -az TcpExtListenDrops",
      risk: 'None: it only reads.',
    },
    {
      text: 'Watch whether Cloudflare’s packets arrive while it happens.',
      command: "sudo tcpdump -ni any 'tcp port 443 and tcp[tcpflags] & tcp-syn != 0' -c 50",
      risk: 'It shows addresses of clients.',
    },
    {
      text: 'If they do not arrive: give the hoster the times, the origin’s address and a traceroute in both directions.',
      command: 'mtr -rwbzc 100 <address of Cloudflare from the log>',
      risk: 'None: it only measures. Keep the addresses out of public tickets.',
    },
  ],
  avoid: [
    AVOID_PAUSE_CLOUDFLARE,
    'Raising time-outs on the origin: the connection never came to be.',
    'Restarting the application: no request arrived there.',
    AVOID_MANY_CHANGES,
  ],
  verify: ['SYN packets arrive and are answered, and 522 and 523 rows stop.'],
  prevent: [
    'Watch the origin from outside on port 443 through its address, besides through Cloudflare.',
    'Allow all published Cloudflare ranges before any rule that limits or drops.',
  ],
  difficulty: 'hard',
  sources: ['Cloudflare docs: error 522, error 523', 'Cloudflare docs: fundamentals/reference/connection-limits'],
};
