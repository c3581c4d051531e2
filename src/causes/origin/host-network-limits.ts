import type { Cause } from '../cause.ts';
import { BACKLOG } from '../server-topics.ts';
import { AVOID_PAUSE_CLOUDFLARE, failedRequests, MISSING_EDGE_LOG, MISSING_KERNEL_LOG } from '../texts.ts';
import { forServer } from '../web-servers.ts';

/** The kernel drops new connections because one of its tables or queues is full. */
export const hostNetworkLimits: Cause = {
  id: 'host-network-limits',
  title: 'The kernel drops connections (conntrack table, SYN or accept queue full)',
  place: 'origin',
  hop: 'host',
  broader: ['origin-unreachable'],
  aliases: ['conntrack-full', 'syn-flood', 'listen-overflow'],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'kernel.conntrack-full', weight: 'decisive', why: 'every new connection is dropped meanwhile' },
    { signal: 'kernel.syn-flood', weight: 'strong', why: 'the queue of a port overflowed' },
    { signal: 'kernel.listen-overflow', weight: 'decisive', why: 'the queue of a port overflowed' },
    { signal: 'kernel.out-of-sockets', weight: 'strong', why: 'no new socket can be made' },
    { signal: 'edge.522-connect', weight: 'medium', why: 'dropped connection attempts time out' },
    { signal: 'edge.522-no-ack', weight: 'weak', why: 'packets of known connections are lost too' },
    { signal: 'nginx.timeout-connect', weight: 'weak', why: 'connections to the backend are dropped too' },
    { signal: 'nginx.connect-kernel-timeout', weight: 'weak', why: 'connections to the backend are dropped too' },
    { signal: 'cloudflared.inner-connect-timeout', weight: 'weak', why: 'connections to the service are dropped' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more connections fill the tables' },
    { signal: 'derived.intermittent', weight: 'weak', why: 'some connections still find room' },
    { signal: 'kernel.packet-dropped', weight: 'medium', against: true, why: 'a firewall rule dropped the packets' },
    { signal: 'derived.some-edge-servers', weight: 'medium', against: true, why: 'a full table hits every address' },
  ],
  summary: (facts) =>
    facts.signals.has('kernel.conntrack-full')
      ? `The kernel’s connection table was full and it dropped new connections; ${failedRequests(facts)} failed. The web server never saw them.`
      : `The kernel dropped new connections because a queue was full; ${failedRequests(facts)} failed. The web server did not see all of them.`,
  missing: [
    MISSING_KERNEL_LOG,
    {
      what: 'counters of the kernel’s queues and of the connection table',
      why: 'growing ListenOverflows or a count near the maximum prove it',
      command:
        "nstat -az | grep -E 'ListenOverflows|ListenDrops|ReqQFull'; sudo sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
      unless: { signals: ['kernel.conntrack-full', 'kernel.syn-flood', 'kernel.listen-overflow'] },
    },
    MISSING_EDGE_LOG,
  ],
  fix: [
    {
      text: 'See which limit it is: the connection table, the queue of half-open connections, or the accept queue.',
      command:
        "sudo sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; nstat -az | grep -E 'ListenOverflows|ListenDrops|ReqQFull'; ss -ltn",
      risk: 'None: it only reads. In ss, Recv-Q of a listener close to Send-Q is a full accept queue.',
    },
    {
      text: 'Connection table: raise it at once, and keep it in /etc/sysctl.d.',
      command: 'sudo sysctl -w net.netfilter.nf_conntrack_max=262144',
      config: 'net.netfilter.nf_conntrack_max = 262144\nnet.netfilter.nf_conntrack_tcp_timeout_established = 86400',
      risk: 'About 300 bytes of kernel memory per entry: some 80 MB when full.',
    },
    {
      text: (facts) =>
        `Queues: raise the kernel’s bound${forServer(BACKLOG)(facts) === '' ? '' : ' and the web server’s backlog together'}.`,
      command: 'sudo sysctl -w net.core.somaxconn=4096 net.ipv4.tcp_max_syn_backlog=8192 net.ipv4.tcp_syncookies=1',
      config: forServer(BACKLOG),
      risk: 'A new backlog is taken only with a restart. A longer queue also hides a web server that is too slow to accept.',
    },
    {
      text: 'If the connections come past Cloudflare, let only Cloudflare’s ranges reach ports 80 and 443 (list: cloudflare.com/ips).',
      command:
        "sudo ss -Htn '( sport = :443 )' | awk '{print $5}' | sed 's/:[0-9]*$//' | sort | uniq -c | sort -rn | head",
      risk: 'The command only reads. A rule that misses a range of Cloudflare gives 521 or 522.',
    },
  ],
  avoid: [
    'Restarting the web server: the table belongs to the kernel and stays full.',
    AVOID_PAUSE_CLOUDFLARE,
    'Blocking addresses of Cloudflare because they have the most connections: they are your visitors.',
  ],
  verify: ['nf_conntrack_count stays below 80 % of nf_conntrack_max.', 'ListenOverflows in nstat -az does not grow.'],
  prevent: [
    'Alert on nf_conntrack_count.',
    'Keep-alive between Cloudflare and the origin: fewer connections for the same traffic.',
  ],
  difficulty: 'moderate',
  sources: [
    'Linux nf_conntrack: table full, dropping packet',
    'Linux TCP: possible SYN flooding',
    'developers.cloudflare.com: error 522',
  ],
};
