import type { Cause } from '../cause.ts';
import { failedRequests, MISSING_EDGE_LOG, MISSING_KERNEL_LOG } from '../texts.ts';

export const networkLoss: Cause = {
  id: 'network-loss',
  title: 'Packet loss between Cloudflare and the origin',
  place: 'network',
  hop: 'edge',
  broader: ['origin-unreachable'],
  aliases: ['network-blip'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.522-connect', weight: 'medium', why: 'lost packets keep connections from being made' },
    { signal: 'edge.522-no-ack', weight: 'strong', why: 'the connection stood and then its packets were lost' },
    { signal: 'edge.520', weight: 'weak', why: 'a connection that breaks gives no answer' },
    { signal: 'edge.523', weight: 'weak', why: 'routes were missing for a time' },
    { signal: 'edge.524', weight: 'weak', why: 'answers were lost on the way' },
    { signal: 'derived.intermittent', weight: 'medium', why: 'part of the requests gets through' },
    { signal: 'derived.one-colo', weight: 'medium', why: 'only one data centre’s way is affected' },
    {
      signal: 'derived.origin-fine-meanwhile',
      weight: 'medium',
      why: 'the origin answered others in the same seconds',
    },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'the failed requests never arrived' },
    {
      signal: 'derived.everything-fails',
      weight: 'medium',
      against: true,
      why: 'loss lets part of the requests through',
    },
    {
      signal: 'kernel.packet-dropped',
      weight: 'decisive',
      against: true,
      why: 'the packets arrived and a firewall dropped them',
    },
    {
      signal: 'kernel.packet-dropped-out',
      weight: 'decisive',
      against: true,
      why: 'a firewall of the origin dropped them',
    },
    { signal: 'kernel.link-down', weight: 'strong', against: true, why: 'the origin’s own link was down' },
    { signal: 'host.ban', weight: 'decisive', against: true, why: 'the origin locked Cloudflare out itself' },
    { signal: 'derived.ban-in-force', weight: 'strong', against: true, why: 'the origin had locked an address out' },
    {
      signal: 'derived.some-edge-servers',
      weight: 'medium',
      against: true,
      why: 'bans hit single addresses, loss does not',
    },
    { signal: 'kernel.conntrack-full', weight: 'strong', against: true, why: 'the origin’s kernel dropped them' },
    { signal: 'kernel.syn-flood', weight: 'strong', against: true, why: 'the origin’s kernel dropped them' },
    { signal: 'derived.proxy-down', weight: 'strong', against: true, why: 'the web server was down' },
  ],
  summary: (facts) => {
    const colo = facts.top('colo');
    const where = colo !== null && colo.share >= 0.7 ? `, nearly all through the data centre ${colo.value}` : '';
    return `Packets between Cloudflare and the origin were lost: ${failedRequests(facts)} failed${where}, while others got through at the same time. The origin itself was up.`;
  },
  missing: [
    MISSING_EDGE_LOG,
    MISSING_KERNEL_LOG,
    {
      what: 'a measurement of the path while it happens',
      why: 'loss can be shown only while it is there',
      command: 'mtr -rwbzc 200 --tcp -P 443 <Cloudflare address from the log>   # on the origin',
      unless: { signals: ['kernel.packet-dropped'] },
    },
  ],
  fix: [
    {
      text: 'Measure from the origin to the Cloudflare addresses of the failing rows (EdgeServerIP), and to another for comparison.',
      command: 'mtr -rwbzc 200 --tcp -P 443 <EdgeServerIP>',
      risk: 'None. Loss that shows at one hop and not at the ones after it is no loss.',
    },
    {
      text: 'Rule the origin’s own interface out: errors, drops, a full link.',
      command: "ip -s link; nstat -az | grep -iE 'retrans|drop|overflow'; sar -n DEV 1 5",
      risk: 'None: it only reads.',
    },
    {
      text: 'Give both sides the evidence: the hoster the two traces, Cloudflare support the Ray IDs, times (UTC), data centres and traces.',
      risk: 'Traces show addresses of the origin: not for public tickets.',
    },
    {
      text: 'If one path stays bad: Argo Smart Routing or a tunnel takes another way; Tiered Cache lowers the number of ways.',
      risk: 'Argo is billed by traffic.',
    },
  ],
  avoid: [
    'Pausing Cloudflare: visitors then take other ways to the same host, and the origin’s address becomes public.',
    'Restarting services on the origin: it hides the times and changes nothing on the path.',
    'Blaming loss shown at a middle hop of a traceroute: routers answer such packets at their leisure.',
  ],
  verify: ['mtr shows no loss at the last hop, and 522 rows of that data centre stop.'],
  prevent: [
    'A second origin at another hoster behind Cloudflare’s load balancing.',
    'Watch from outside, from more than one place.',
  ],
  difficulty: 'hard',
  sources: [
    'Cloudflare docs: error 522',
    'Cloudflare docs: Logpush dataset http_requests (EdgeColoCode, EdgeServerIP)',
  ],
};
