import type { Cause } from '../cause.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RESTART_CLOUDFLARED, failedRequests, MISSING_KERNEL_LOG } from '../texts.ts';
import {
  MISSING_CLOUDFLARED_LOG,
  service,
  serviceName,
  serviceOrRule,
  servicePort,
  VERIFY_NO_REACH_ERRORS,
  WHO_LISTENS_STEP,
} from '../tunnel-texts.ts';

export const tunnelServiceTimeout: Cause = {
  id: 'tunnel-service-timeout',
  title: 'cloudflared: connecting to the service timed out',
  place: 'tunnel',
  placeWhen: serviceOrRule,
  hop: 'tunnel',
  broader: [],
  aliases: ['tunnel-origin-timeout'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'cloudflared.inner-connect-timeout',
      weight: 'decisive',
      why: 'nothing came back to cloudflared’s connection attempt',
    },
    {
      signal: 'cloudflared.inner-connect-timeout2',
      weight: 'decisive',
      why: 'nothing came back to cloudflared’s connection attempt',
    },
    {
      signal: 'cloudflared.inner-ctx-deadline',
      weight: 'strong',
      why: 'a deadline ran out while cloudflared waited',
    },
    { signal: 'derived.timer', weight: 'weak', why: 'the failures all take connectTimeout' },
    { signal: 'kernel.packet-dropped-other', weight: 'weak', why: 'a firewall on the host drops packets' },
    { signal: 'kernel.syn-flood', weight: 'weak', why: 'the service’s accept queue is full' },
    {
      signal: 'host.policy-dropped',
      role: 'tunnel',
      weight: 'strong',
      against: true,
      why: 'a network policy dropped the connections',
    },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) =>
    `cloudflared tried to connect to ${service(facts)} and nothing came back within connectTimeout (30 s by default): ${failedRequests(facts)} failed. A closed port would refuse at once, so the host is down, the address is wrong, a firewall drops the packets, or the accept queue is full. A slow application is not the reason: it would still accept.`,
  missing: [MISSING_CLOUDFLARED_LOG, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'Try the connection from where cloudflared runs, and look at the host.',
      command: (facts) =>
        `nc -zvw 3 ${serviceName(facts)} ${servicePort(facts)}; ping -c 2 ${serviceName(facts)}; ip route get ${serviceName(facts)}`,
      risk: 'None: it only reads. Some hosts do not answer ping.',
    },
    {
      text: 'On the service’s host: does the firewall let cloudflared’s host in? Docker’s own rules count too.',
      command: 'sudo nft list ruleset 2>/dev/null || sudo iptables -S; sudo ufw status numbered',
      risk: 'None: it only reads.',
    },
    WHO_LISTENS_STEP,
    {
      text: 'A full accept queue shows in Recv-Q near Send-Q of the listening socket, and in ListenOverflows.',
      command: 'ss -ltn; nstat -az TcpExtListenOverflows TcpExtListenDrops',
      risk: 'None: it only reads.',
    },
    {
      text: 'When the address is wrong: correct it in the rule. When failures must come sooner: shorten the wait.',
      config: 'originRequest:\n  connectTimeout: 5s',
      risk: 'Too short a limit fails connections over slow links.',
    },
  ],
  avoid: [
    'Raising connectTimeout: visitors wait longer for the same 502.',
    AVOID_RESTART_CLOUDFLARED,
    'Tuning the application’s speed: cloudflared has no limit on the time of an answer.',
  ],
  verify: ['nc from cloudflared’s host connects at once.', VERIFY_NO_REACH_ERRORS],
  prevent: ['Run cloudflared on the service’s own host or network, so that no firewall stands between.'],
  difficulty: 'moderate',
  sources: ['Go net: dial time-outs', 'Cloudflare docs: tunnel origin parameters (connectTimeout)'],
};
