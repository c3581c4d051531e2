import type { Cause } from '../cause.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests } from '../texts.ts';
import { MISSING_CLOUDFLARED_LOG, PREVENT_SECOND_REPLICA, service, VERIFY_NO_REACH_ERRORS } from '../tunnel-texts.ts';

export const tunnelHostLimits: Cause = {
  id: 'tunnel-host-limits',
  title: 'cloudflared ran out of files, ports or flows',
  place: 'tunnel',
  hop: 'tunnel',
  broader: [],
  aliases: ['tunnel-out-of-file-descriptors', 'tunnel-out-of-ports', 'tunnel-flow-limit'],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'cloudflared.inner-emfile', weight: 'decisive', why: 'cloudflared may open no further file or socket' },
    { signal: 'cloudflared.own-emfile', weight: 'decisive', why: 'cloudflared may open no further file or socket' },
    { signal: 'cloudflared.inner-addrnotavail', weight: 'decisive', why: 'no local port towards the service was free' },
    { signal: 'cloudflared.flow-limit', weight: 'decisive', why: 'the set number of flows was reached' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more requests at once need more of each' },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) => {
    const has = facts.signals.has.bind(facts.signals);
    const what =
      has('cloudflared.inner-emfile') || has('cloudflared.own-emfile')
        ? 'may open no further files or sockets (too many open files)'
        : has('cloudflared.flow-limit')
          ? 'reached its limit of flows (maxActiveFlows)'
          : has('cloudflared.inner-addrnotavail')
            ? 'found no free local port towards the service'
            : 'met a limit of its host (open files, local ports or flows)';
    return `cloudflared ${what}, so it could not connect to ${service(facts)}: ${failedRequests(facts)} failed. The service itself was not asked.`;
  },
  missing: [
    MISSING_CLOUDFLARED_LOG,
    {
      what: 'the limits and the open files of the running cloudflared',
      why: 'they show which limit was met',
      command: "p=$(pidof cloudflared); grep -E 'open files' /proc/$p/limits; sudo ls /proc/$p/fd | wc -l; ss -s",
      unless: { signals: ['cloudflared.inner-emfile', 'cloudflared.inner-addrnotavail', 'cloudflared.flow-limit'] },
    },
  ],
  fix: [
    {
      text: 'Too many open files: raise the limit of the unit.',
      command: 'sudo systemctl edit cloudflared && sudo systemctl restart cloudflared',
      config: '[Service]\nLimitNOFILE=65536',
      risk: 'A restart of cloudflared is needed: some seconds of 530 unless a second replica runs.',
    },
    {
      text: 'No free port: see how many connections to the service are open, and why they are not reused. Keep-alive of the service off is the usual reason.',
      command: 'ss -tan state time-wait | wc -l; sysctl net.ipv4.ip_local_port_range',
      risk: 'None: it only reads.',
    },
    {
      text: 'Keep more connections to the service alive; widen the range of ports.',
      config:
        '# cloudflared rule\noriginRequest:\n  keepAliveConnections: 1000\n# /etc/sysctl.d/90-ports.conf\nnet.ipv4.ip_local_port_range = 10240 65000',
      risk: 'Services that listen on ports of that range may then find theirs taken.',
    },
    {
      text: 'A limit of flows: raise or remove maxActiveFlows in the tunnel’s settings.',
      risk: 'Without it one client can use up the host.',
    },
  ],
  avoid: [
    'Restarting cloudflared every day: the number rises again, and each restart cuts requests.',
    'net.ipv4.tcp_tw_recycle: it broke clients behind NAT and no longer exists.',
  ],
  verify: ['ls /proc/$(pidof cloudflared)/fd | wc -l stays well below the limit at the peak.', VERIFY_NO_REACH_ERRORS],
  prevent: ['Alarm at 80 % of the open files (process_open_fds on its metrics port).', PREVENT_SECOND_REPLICA],
  difficulty: 'easy',
  sources: [
    'Go net: EMFILE, EADDRNOTAVAIL',
    'Cloudflare docs: tunnel origin parameters (keepAliveConnections), system requirements',
  ],
};
