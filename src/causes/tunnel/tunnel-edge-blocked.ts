import type { Cause } from '../cause.ts';
import { TUNNEL_DOWN_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests } from '../texts.ts';
import { MISSING_CLOUDFLARED_LOG, PREVENT_SECOND_REPLICA, VERIFY_TUNNEL_CONNECTED } from '../tunnel-texts.ts';

export const tunnelEdgeBlocked: Cause = {
  id: 'tunnel-edge-blocked',
  title: 'cloudflared cannot dial the edge (port 7844, QUIC, DNS, TLS inspection)',
  place: 'tunnel',
  hop: 'tunnel',
  broader: ['tunnel-disconnected'],
  aliases: [
    'tunnel-edge-dial-failed',
    'tunnel-quic-blocked',
    'tunnel-edge-unreachable',
    'tunnel-edge-dns-failure',
    'tunnel-edge-tls-intercepted',
  ],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.edge-dial-quic-perm', weight: 'decisive', why: 'the host itself forbids the packets' },
    {
      signal: 'cloudflared.edge-dial-quic-tls',
      weight: 'decisive',
      why: 'something puts its own certificate in between',
    },
    { signal: 'cloudflared.edge-dial-tls', weight: 'decisive', why: 'TLS to Cloudflare is broken on the way' },
    { signal: 'cloudflared.edge-dial-tcp', weight: 'decisive', why: 'TCP 7844 cannot be reached' },
    { signal: 'cloudflared.edge-dial-quic', weight: 'decisive', why: 'UDP 7844 gets no answer' },
    { signal: 'cloudflared.edge-dial-quic-old', weight: 'decisive', why: 'UDP 7844 gets no answer' },
    {
      signal: 'cloudflared.edge-quic-size',
      weight: 'decisive',
      why: 'QUIC’s packets do not fit into the network of that host',
    },
    { signal: 'cloudflared.shown-edge-blocked', weight: 'strong', why: 'somebody tried 7844: it was not reached' },
    { signal: 'kernel.packet-dropped-tunnel', weight: 'decisive', why: 'the host’s own firewall logged it' },
    { signal: 'cloudflared.edge-dns', weight: 'decisive', why: 'the edge’s name does not resolve' },
    { signal: 'cloudflared.edge-none', weight: 'decisive', why: 'no address of the edge was found or could be used' },
    {
      signal: 'cloudflared.own-dns',
      weight: 'medium',
      why: 'the same resolver has to tell the addresses of the edge',
    },
    { signal: 'cloudflared.edge-quic-hint', weight: 'strong', why: 'cloudflared gave QUIC up' },
    { signal: 'cloudflared.edge-fallback', weight: 'strong', why: 'cloudflared went over to HTTP/2' },
    {
      signal: 'cloudflared.precheck-failed',
      weight: 'strong',
      why: 'cloudflared’s own test found no way to the edge',
    },
    { signal: 'cloudflared.edge-init-fail', weight: 'medium', why: 'no first connection came up' },
    { signal: 'cloudflared.edge-noaddr', weight: 'weak', why: 'no address of the edge was left to try' },
    { signal: 'edge.530-1033', weight: 'medium', why: 'Cloudflare had no cloudflared to send the requests to' },
    ...TUNNEL_DOWN_OUTSIDE,
    {
      signal: 'cloudflared.edge-lost-idle',
      weight: 'strong',
      against: true,
      why: 'it was connected before: the way was open',
    },
    {
      signal: 'cloudflared.edge-lost-idle2',
      weight: 'strong',
      against: true,
      why: 'it was connected before: the way was open',
    },
    {
      signal: 'cloudflared.edge-h2-lost',
      weight: 'strong',
      against: true,
      why: 'it was connected before: the way was open',
    },
    {
      signal: 'cloudflared.edge-reg',
      weight: 'weak',
      against: true,
      why: 'it did reach Cloudflare',
    },
    { signal: 'derived.tunnel-stopped', weight: 'medium', against: true, why: 'cloudflared was stopped on purpose' },
    { signal: 'derived.tunnel-kept-up', weight: 'decisive', against: true, why: 'other connections were up' },
    { signal: 'derived.tunnel-carried', weight: 'decisive', against: true, why: 'the tunnel was connected' },
  ],
  summary: (facts) => {
    const has = facts.signals.has.bind(facts.signals);
    const what =
      has('cloudflared.edge-dns') || has('cloudflared.own-dns')
        ? 'the names of Cloudflare’s tunnel servers do not resolve on that host'
        : has('cloudflared.edge-dial-quic-tls') || has('cloudflared.edge-dial-tls')
          ? 'something on the way breaks into or cuts its TLS'
          : has('cloudflared.edge-dial-tcp')
            ? 'port 7844 is not let out'
            : has('cloudflared.edge-quic-size')
              ? 'its QUIC packets are larger than the network of that host takes (a VPN, a small MTU)'
              : has('cloudflared.precheck-failed')
                ? 'its own test found neither UDP nor TCP 7844 open, or the names of its servers do not resolve'
                : facts.signals.size > 0
                  ? 'UDP 7844 is not let out'
                  : 'port 7844 is not let out, the names of its servers do not resolve, or something breaks into its TLS';
    return `cloudflared runs but cannot get through to Cloudflare: ${what}. While no connection is up visitors get 530 (error 1033): ${failedRequests(facts)} failed.`;
  },
  missing: [MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'Test the way out from cloudflared’s host or container.',
      command:
        'getent hosts region1.v2.argotunnel.com region2.v2.argotunnel.com; nc -zvw 3 region1.v2.argotunnel.com 7844',
      risk: 'None: it only reads. A UDP test with nc cannot fail; the log’s dial lines are the proof for QUIC.',
    },
    {
      text: 'Let 7844 out, UDP (QUIC) and TCP (HTTP/2), in the host’s, the router’s and the hoster’s firewall.',
      command: 'sudo ufw allow out 7844/udp; sudo ufw allow out 7844/tcp',
      risk: 'None worth naming: outbound only.',
    },
    {
      text: 'Until UDP is let out, or where a VPN or a small MTU is in the way of its packets: use TCP.',
      config: '# /etc/cloudflared/config.yml\nprotocol: http2\n# container: TUNNEL_TRANSPORT_PROTOCOL=http2',
      risk: 'A restart of cloudflared is needed. HTTP/2 carries no UDP private traffic.',
    },
    {
      text: 'Exempt the tunnel from TLS inspection and transparent proxies: cloudflared accepts only Cloudflare’s certificate.',
      risk: 'Needs whoever runs the network.',
    },
    {
      text: 'If names do not resolve: repair the host’s resolver.',
      command:
        'resolvectl status | head -20; cat /etc/resolv.conf; dig +short SRV _v2-origintunneld._tcp.argotunnel.com',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'Opening inbound ports: a tunnel only ever dials out.',
    'Creating a new tunnel or a new token, as the way out is closed for that one too.',
  ],
  verify: [
    'Four lines “Registered tunnel connection” after the start, with the protocol you expect.',
    VERIFY_TUNNEL_CONNECTED,
  ],
  prevent: ['Write 7844 UDP and TCP into the firewall’s documentation.', PREVENT_SECOND_REPLICA],
  difficulty: 'moderate',
  sources: [
    'cloudflared supervisor/tunnel.go, edgediscovery',
    'cloudflared prechecks/result.go: what fails as a whole; any region that fails counts, so a connection that comes up all the same outweighs it',
    'Cloudflare docs: tunnel with firewall; connectivity pre-checks',
    'cloudflare/cloudflared issue 528: QUIC through a VPN',
  ],
};
