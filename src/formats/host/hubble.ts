import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, LineFormat } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { type UnitSaid, unitPerLine } from './unit-clue.ts';

/*
 * Flows in a cluster with Cilium, as `hubble observe` prints them: when (taken off as a syslog's head), from where to where, the
 * kind of event, the verdict.
 * Sources: cilium, hubble/pkg/printer (compact, with and without the node), pkg/monitor/api/drop.go; its guide of the Hubble CLI.
 */

const SIDE = String.raw`(\S{1,300})(?: \(([^)\n]{1,80})\))?`;
const FLOW = new RegExp(
  String.raw`^(?:\[[^\]\n]{1,200}\]: )?${SIDE} (?:->|<-|<>) ${SIDE} (\S.{1,160}?) (FORWARDED|DROPPED|DENIED|ALLOWED|AUDITED?|REDIRECTED|TRACED|TRANSLATED|ERROR)(?: \((.{0,400})\))?$`,
);
/** A connection that begins, or a question to a name server. */
const OPENS = /^(?:TCP Flags: SYN$|UDP)/;

/** What a flow that was not let through tells, by the reason; a verdict is written on a line of its own above it. */
function signalOf(reason: string, verdict: string, summary: string): SignalId {
  if (verdict !== 'DROPPED' && verdict !== 'DENIED') return 'unit.chatter';
  if (reason.startsWith('CT: Map insertion failed')) return 'kernel.conntrack-full';
  const isPolicy = /^(?:Policy denied|policy-verdict:)/.test(reason);
  return isPolicy && OPENS.test(summary) ? 'host.policy-dropped' : 'unit.chatter';
}

/** `namespace/pod:port` without its namespace and port. */
const podOf = (side: string): string => side.replace(/^[^/]{1,100}\//, '').replace(/:\d{1,5}$/, '');

function read(text: string): UnitSaid | null {
  const flow = FLOW.exec(text);
  if (flow === null) return null;
  const [from = '', identity, to = '', , reason = '', verdict = '', summary = ''] = flow.slice(1);
  const subject = podOf(from);
  return {
    signal: signalOf(reason, verdict, summary),
    stamp: NO_STAMP,
    subject,
    // Cilium's own gateway calls from an address of the node, with this identity.
    role: identity === 'ingress' ? 'proxy' : roleOf(subject),
    values: { target: to },
  };
}

const EXAMPLES: readonly Example[] = [
  {
    input: [
      'Nov 20 08:14:38.101: edge/cloudflared-7d9c5b6f4-x2x9q:49558 (ID:52749) -> shop/web-5f4d-abcde:8080 (ID:7156) to-network FORWARDED (TCP Flags: SYN)',
      'Nov 20 08:14:38.102: edge/cloudflared-7d9c5b6f4-x2x9q:49558 (ID:52749) <> shop/web-5f4d-abcde:8080 (ID:7156) policy-verdict:none INGRESS DENIED (TCP Flags: SYN)',
      'Nov 20 08:14:38.102: edge/cloudflared-7d9c5b6f4-x2x9q:49558 (ID:52749) <> shop/web-5f4d-abcde:8080 (ID:7156) Policy denied DROPPED (TCP Flags: SYN)',
    ].join('\n'),
    shows: 'a policy that drops cloudflared’s connections to the service',
    records: [
      {
        signal: 'unit.chatter',
        subject: 'cloudflared-7d9c5b6f4-x2x9q',
        stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 14, 38, 101) },
      },
      { signal: 'host.policy-dropped', values: { role: 'tunnel', target: 'shop/web-5f4d-abcde:8080' } },
      { signal: 'host.policy-dropped' },
    ],
  },
  {
    input: [
      'Nov 20 08:14:39.004 [node1]: 192.0.2.7:53156 (ingress) <> shop/grpc-c59b:9090 (ID:145376) Policy denied DROPPED (TCP Flags: SYN)',
      'Nov 20 08:14:39.320: fe80::a0ec:7cff:fe45:72b (ID:32748) <> ff02::2 (unknown) Unsupported L3 protocol DROPPED (ICMPv6 RouterSolicitation)',
      'Nov 20 08:14:39.515: shop/web-5f4d-abcde:44764 (ID:12885) <> shop/db-0:5432 (ID:5128) CT: Map insertion failed DROPPED (TCP Flags: SYN)',
    ].join('\n'),
    shows: 'with the node; a packet that is of no interest; a full table of connections',
    records: [
      { signal: 'host.policy-dropped', values: { role: 'proxy', target: 'shop/grpc-c59b:9090' } },
      { signal: 'unit.chatter' },
      { signal: 'kernel.conntrack-full' },
    ],
  },
];

/** What `hubble observe` prints of the flows in a cluster. */
export const hubble: LineFormat = {
  shape: 'lines',
  id: 'hubble',
  title: 'Output of hubble observe (Cilium)',
  hop: 'host',
  foundAt: [
    'hubble observe --verdict DROPPED --last 200',
    'kubectl -n kube-system exec ds/cilium -c cilium-agent -- hubble observe --verdict DROPPED',
  ],
  limits: [
    'Neither year nor zone: the times are those of the machine that asked.',
    'It holds the last flows only; a connection that a policy drops is a time-out for who opens it.',
  ],
  examples: () => EXAMPLES,
  ...unitPerLine(read),
};
