import type { Cause } from '../cause.ts';
import { around } from '../commands.ts';
import { TUNNEL_DOWN_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests } from '../texts.ts';
import {
  AVOID_BLAME_CANCELED,
  MISSING_CLOUDFLARED_LOG,
  MISSING_TUNNEL_JOURNAL,
  PREVENT_SECOND_REPLICA,
  VERIFY_TUNNEL_CONNECTED,
} from '../tunnel-texts.ts';

export const tunnelDisconnected: Cause = {
  id: 'tunnel-disconnected',
  title: 'The tunnel had no connection to Cloudflare',
  place: 'tunnel',
  hop: 'tunnel',
  broader: [],
  aliases: [
    'tunnel-edge-connection-lost',
    'tunnel-disconnected-http2',
    'edge-closed-connection',
    'edge-registration-failed',
  ],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'edge.530-1033', weight: 'decisive', why: 'Cloudflare had no cloudflared to send the requests to' },
    { signal: 'derived.behind-tunnel', weight: 'weak', why: 'there is a tunnel to lose' },
    { signal: 'derived.tunnel-shown-disconnected', weight: 'strong', why: 'the list of its connections is empty' },
    { signal: 'unit.tunnel-not-ready', weight: 'strong', why: 'its own check says that no connection is up' },
    { signal: 'cloudflared.edge-lost-idle', weight: 'decisive', why: 'nothing came from Cloudflare for 5 s' },
    { signal: 'cloudflared.edge-lost-idle2', weight: 'decisive', why: 'nothing came from Cloudflare for 5 s' },
    { signal: 'cloudflared.edge-lost-dgram', weight: 'decisive', why: 'nothing came from Cloudflare for 5 s' },
    { signal: 'cloudflared.edge-h2-lost', weight: 'decisive', why: 'the connection to Cloudflare broke' },
    { signal: 'cloudflared.edge-h2-closed', weight: 'decisive', why: 'the connection to Cloudflare was closed' },
    { signal: 'cloudflared.edge-h2-control', weight: 'strong', why: 'the control stream to Cloudflare broke' },
    { signal: 'cloudflared.edge-serve', weight: 'strong', why: 'a connection to Cloudflare ended' },
    { signal: 'cloudflared.edge-terminated', weight: 'strong', why: 'a connection to Cloudflare ended' },
    { signal: 'cloudflared.edge-register', weight: 'strong', why: 'Cloudflare refused to register the connection' },
    { signal: 'cloudflared.edge-control-fail', weight: 'medium', why: 'the control stream to Cloudflare broke' },
    { signal: 'cloudflared.edge-app0', weight: 'medium', why: 'Cloudflare closed a connection on purpose' },
    { signal: 'cloudflared.edge-dial-quic', weight: 'weak', why: 'new connections did not come up either' },
    { signal: 'cloudflared.edge-dial-tcp', weight: 'weak', why: 'new connections did not come up either' },
    {
      signal: 'cloudflared.noise-dnsrefresh',
      weight: 'weak',
      why: 'names did not resolve: the host’s network was gone',
    },
    { signal: 'kernel.link-down', weight: 'medium', why: 'the host’s network link went down' },
    { signal: 'cloudflared.edge-lost-wrap', weight: 'weak', why: 'a connection to Cloudflare ended' },
    { signal: 'cloudflared.edge-rpc', weight: 'weak', why: 'the control stream to Cloudflare broke' },
    { signal: 'cloudflared.edge-retry', weight: 'weak', why: 'cloudflared kept trying to come back' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'requests in flight on a lost connection end as 502' },
    ...TUNNEL_DOWN_OUTSIDE,
    { signal: 'derived.tunnel-stopped', weight: 'strong', against: true, why: 'cloudflared was stopped on purpose' },
    { signal: 'derived.tunnel-vanished', weight: 'strong', against: true, why: 'cloudflared itself died' },
    { signal: 'cloudflared.proc-sigterm', weight: 'strong', against: true, why: 'cloudflared was told to stop' },
    {
      signal: 'cloudflared.edge-unauth',
      weight: 'strong',
      against: true,
      why: 'Cloudflare refused the tunnel’s token',
    },
    {
      signal: 'cloudflared.proc-couldnt',
      weight: 'strong',
      against: true,
      why: 'it did not start with its configuration',
    },
    { signal: 'cloudflared.proc-gostack', weight: 'strong', against: true, why: 'cloudflared itself crashed' },
    {
      signal: 'cloudflared.edge-dial-quic-perm',
      weight: 'decisive',
      against: true,
      why: 'the host itself forbids the packets',
    },
    { signal: 'derived.tunnel-kept-up', weight: 'decisive', against: true, why: 'other connections were up' },
    { signal: 'derived.tunnel-carried', weight: 'decisive', against: true, why: 'the tunnel was connected' },
  ],
  summary: (facts) =>
    facts.covered.has('tunnel')
      ? `cloudflared ran, but lost its connections to Cloudflare, and while none was left visitors got 530 (error 1033): ${failedRequests(facts)} failed. The service behind it was not asked.`
      : `No cloudflared of this tunnel was connected to Cloudflare (530, error 1033): ${failedRequests(facts)} failed. From outside a stopped, a crashed and a cut-off cloudflared look alike; its log parts them.`,
  missing: [MISSING_CLOUDFLARED_LOG, MISSING_TUNNEL_JOURNAL],
  fix: [
    {
      text: 'See whether it runs and is connected now.',
      command:
        'systemctl --no-pager status cloudflared; cloudflared tunnel info <tunnel>; curl -s http://127.0.0.1:20241/ready',
      risk: 'None: it only reads. The port of /ready stands in the log (“Starting metrics server on”).',
    },
    {
      text: 'All connections lost within two seconds and names not resolving: the host’s own network was gone. Look at link, DHCP, router and hoster.',
      command: (facts) =>
        `journalctl ${around(facts)} -o short-iso | grep -iE 'link is (down|up)|carrier|dhcp|networkd|NetworkManager|suspend'`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Single connections lost again and again with “no recent network activity”: a NAT or firewall forgets UDP, or the host starves the process. Try TCP.',
      config: '# /etc/cloudflared/config.yml   (or: cloudflared tunnel --protocol http2 run)\nprotocol: http2',
      risk: 'A restart of cloudflared is needed: some seconds of 530. HTTP/2 carries no UDP private traffic.',
    },
    {
      text: 'Allow outbound 7844, UDP and TCP, to Cloudflare’s tunnel addresses, without inspection.',
      command: 'nc -zvw 3 region1.v2.argotunnel.com 7844; nc -zvuw 3 region1.v2.argotunnel.com 7844',
      risk: 'None: it only reads. The UDP test cannot fail, it only sends.',
    },
    {
      text: 'One connection at a time, back after a second or two: Cloudflare’s own maintenance. Nothing to do unless it repeats.',
      command: 'cloudflared --version',
      risk: 'None: it only reads.',
    },
  ],
  avoid: [
    'Restarting the web server or the application: they were not asked.',
    AVOID_BLAME_CANCELED,
    'Changing the DNS record to the server’s address: the origin is then open, and its firewall usually refuses.',
  ],
  verify: [
    VERIFY_TUNNEL_CONNECTED,
    'Four lines “Registered tunnel connection” after the start, none lost over an hour.',
  ],
  prevent: [
    PREVENT_SECOND_REPLICA,
    'Alarm on the tunnel’s health in Cloudflare (Notifications > Tunnel Health) or on /ready.',
  ],
  difficulty: 'moderate',
  sources: [
    'cloudflared supervisor/tunnel.go, connection/quic_connection.go',
    'Cloudflare docs: error 1033; tunnel with firewall',
  ],
};
