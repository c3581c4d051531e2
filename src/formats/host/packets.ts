import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { present } from '../entry.ts';

/*
 * Packets that a firewall rule wrote to the kernel's log: netfilter's LOG target (iptables, ufw, firewalld, csf) and nftables'
 * `log`, which write alike (net/netfilter/nf_log_syslog.c; measured with iptables 1.8.9, nftables 1.0.6 and ufw 0.36.2,
 * see docs/neighbours.md). The rule's prefix is any text, also none, also without a blank after it.
 */

/** A packet that a rule logged, and what it says about Cloudflare's way to this host. */
export interface LoggedPacket {
  readonly signal: SignalId;
  /** Address of the other side. */
  readonly client: string;
  readonly label: string | undefined;
  readonly values: Readonly<Record<string, string | number>>;
}

const PACKET = /IN=(\S{0,32}) OUT=(\S{0,32}) /;
// An ICMP error quotes the packet that it answers: the first of each is the packet's own.
const FROM = /\bSRC=(\S{1,64})/;
const TO = /\bDST=(\S{1,64})/;
const PROTOCOL = /\bPROTO=(\S{1,64})/;
const FROM_PORT = /\bSPT=(\S{1,64})/;
const TO_PORT = /\bDPT=(\S{1,64})/;
/** TCP's flags stand between `RES=` and `URGP=`; a line without them was cut or written by another program. */
const FLAGS = /\bRES=\S{1,8} ((?:[A-Z]{3} ){0,8})/;
const LABEL = /^\[?([A-Za-z][^\]=]{0,60}?)[\]:\s]{0,4}(?:IN=|$)/;
/** Rules that log what they let through. */
const LET_THROUGH = /allow|accept|audit|\bpass\b/i;
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);
/** Below this, only 80 and 443 are ports of web servers; from here on any may be (origin rules, `:8443`). */
const FIRST_FREE_PORT = 1024;
/** cloudflared dials the edge at this port (UDP for QUIC, TCP for HTTP/2). */
const TUNNEL_PORT = 7844;

const isWebPort = (port: number | undefined): boolean =>
  port === undefined || WEB_PORTS.has(port) || port >= FIRST_FREE_PORT;

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: string | undefined;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  /** `SYN`, `ACK`, …; null where the line does not tell. */
  readonly flags: ReadonlySet<string> | null;
}

/** The packet of a line, or null where it is none; a rule that lets through gives chatter. */
export function loggedPacket(text: string): LoggedPacket | null {
  const line = text.slice(0, 2000);
  const head = PACKET.exec(line);
  if (head === null) return null;
  const packet = packetOf(line.slice(head.index));
  if (packet === null) return null;
  const label = LABEL.exec(line.slice(0, head.index))?.[1]?.trim();
  const outbound = head[1] === '' || isCloudflareAddress(packet.to);
  return {
    signal: label !== undefined && LET_THROUGH.test(label) ? 'unit.chatter' : signalOf(packet),
    client: outbound ? packet.to : packet.from,
    label,
    values: present({ port: packet.toPort, protocol: packet.protocol, direction: outbound ? 'out' : 'in' }),
  };
}

function packetOf(text: string): Packet | null {
  const from = FROM.exec(text)?.[1];
  const to = TO.exec(text)?.[1];
  if (from === undefined || to === undefined) return null;
  const fromPort = FROM_PORT.exec(text)?.[1];
  const toPort = TO_PORT.exec(text)?.[1];
  const flags = FLAGS.exec(text)?.[1];
  return {
    from,
    to,
    protocol: PROTOCOL.exec(text)?.[1],
    fromPort: fromPort === undefined ? undefined : Number(fromPort),
    toPort: toPort === undefined ? undefined : Number(toPort),
    flags: flags === undefined ? null : new Set(flags.trim().split(' ')),
  };
}

/**
 * Only the opening of a connection (SYN without ACK) towards a web port is a visitor turned away. Firewalls also log late
 * packets of connections that they have forgotten (RST, FIN, ACK): with Cloudflare in front these come every day.
 */
function signalOf({ from, to, protocol, fromPort, toPort, flags }: Packet): SignalId {
  if (isCloudflareAddress(to)) {
    if (toPort === TUNNEL_PORT) return 'kernel.packet-dropped-tunnel';
    const isAnswer = protocol === 'TCP' && fromPort !== undefined && isWebPort(fromPort) && !WEB_PORTS.has(toPort ?? 0);
    return isAnswer && (flags === null || flags.has('ACK'))
      ? 'kernel.packet-dropped-out'
      : 'kernel.packet-dropped-other';
  }
  if (!isCloudflareAddress(from)) return 'kernel.packet-dropped-other';
  if ((protocol !== undefined && protocol !== 'TCP') || !isWebPort(toPort)) return 'kernel.packet-dropped-other';
  // Answers to a connection that this host opened: what it calls lies behind Cloudflare.
  const isAnswer = WEB_PORTS.has(fromPort ?? 0);
  const opens = flags === null ? !isAnswer : flags.has('SYN') && !flags.has('ACK');
  return opens ? 'kernel.packet-dropped' : 'kernel.packet-stray';
}
