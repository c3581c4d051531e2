import type { Cause } from '../cause.ts';
import { hostInCommand, socketInCommand } from '../commands.ts';
import { appState, LIST_CONTAINERS } from '../runtimes.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RESTART_CLOUDFLARED, failedRequests, MISSING_JOURNAL } from '../texts.ts';
import {
  ASK_SERVICE_STEP,
  AVOID_REINSTALL_TUNNEL,
  MISSING_CLOUDFLARED_LOG,
  MISSING_INGRESS,
  RULES_ARE_WHERE,
  service,
  serviceFirst,
  serviceOrRule,
  VERIFY_NO_REACH_ERRORS,
  WHO_LISTENS_STEP,
} from '../tunnel-texts.ts';
import { upstreamOf } from '../upstream.ts';

export const tunnelServiceRefused: Cause = {
  id: 'tunnel-service-refused',
  title: 'cloudflared: the service refuses connections',
  place: 'tunnel',
  placeWhen: serviceOrRule,
  hop: 'tunnel',
  broader: [],
  aliases: [
    'tunnel-origin-refused',
    'tunnel-origin-stopped',
    'origin-service-down',
    'tunnel-origin-unreachable',
    'tunnel-origin-socket-missing',
    'tunnel-origin-socket-permission',
  ],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'cloudflared.inner-refused', weight: 'decisive', why: 'nobody listened where cloudflared knocked' },
    {
      signal: 'cloudflared.inner-refused-windows',
      weight: 'decisive',
      why: 'nobody listened where cloudflared knocked',
    },
    { signal: 'cloudflared.inner-refused-unix', weight: 'decisive', why: 'nobody listened on the service’s socket' },
    { signal: 'cloudflared.inner-unix-missing', weight: 'decisive', why: 'the service’s socket was not there' },
    { signal: 'cloudflared.inner-unix-perm', weight: 'decisive', why: 'cloudflared may not open the service’s socket' },
    { signal: 'derived.nothing-listens', weight: 'weak', why: 'nothing was there to take the connections' },
    { signal: 'derived.listens-elsewhere', weight: 'weak', why: 'there cloudflared does not ask' },
    {
      signal: 'derived.tunnel-service-worked',
      weight: 'weak',
      why: 'the same rule worked before, so the service changed',
    },
    {
      signal: 'derived.proxy-down',
      weight: 'medium',
      against: true,
      why: 'the web server behind the tunnel was down: that is why',
    },
    { signal: 'derived.app-down', weight: 'weak', why: 'the application behind the tunnel was down' },
    { signal: 'derived.access-log-stops', weight: 'weak', why: 'the web server behind the tunnel fell silent' },
    ...TUNNEL_502_OUTSIDE,
    {
      signal: 'derived.tunnel-refused-since-change',
      weight: 'medium',
      against: true,
      why: 'it never worked with this rule, so the rule is in question',
    },
  ],
  summary: (facts) => {
    const where = service(facts);
    if (facts.signals.has('cloudflared.inner-unix-perm')) {
      return `cloudflared may not open the socket of ${where}, so it answered 502 itself: ${failedRequests(facts)} failed. The tunnel to Cloudflare was up.`;
    }
    if (serviceOrRule(facts) === 'origin') {
      return `${serviceFirst(facts)} had worked behind the tunnel and then refused connections: the service was down. The tunnel to Cloudflare was up, and cloudflared answered ${failedRequests(facts)} with 502 itself.`;
    }
    return `The tunnel to Cloudflare was up, but nobody listened at ${upstreamOf(facts, 'tunnel') ?? 'the address of the service'}, so cloudflared answered 502 itself: ${failedRequests(facts)} failed. Either the service was down or the ingress rule names the wrong address${facts.signals.size === 0 ? '' : '; the logs given do not show that it ever worked'}.`;
  },
  missing: [MISSING_CLOUDFLARED_LOG, MISSING_INGRESS, MISSING_JOURNAL],
  fix: [
    WHO_LISTENS_STEP,
    {
      text: 'If nothing listens there: start the service, and read why it went.',
      command: (facts) => [...new Set([appState(facts), LIST_CONTAINERS])].join('; '),
      risk: 'None: it only reads.',
    },
    ASK_SERVICE_STEP,
    {
      text: `If it listens on another port or address: correct the rule. In a container 127.0.0.1 is the container itself: name the service’s container and its inner port. ${RULES_ARE_WHERE}`,
      config: (facts) =>
        `ingress:\n  - hostname: ${hostInCommand(facts)}\n    service: http://app:8080\n  - service: http_status:404`,
      risk: 'A rule that matches more than meant takes other hosts with it: check with cloudflared tunnel ingress rule <URL>.',
    },
    {
      text: (facts) =>
        upstreamOf(facts, 'tunnel')?.startsWith('unix:') === false
          ? ''
          : 'If it is a unix socket: start its owner; give cloudflared’s user the right to open it; mount the socket’s folder into the container.',
      command: (facts) => `ls -l ${socketInCommand(facts, '/run/')}; ps -o user= -C cloudflared`,
      risk: 'Grant the right to a group, not to everybody.',
    },
  ],
  avoid: [
    AVOID_RESTART_CLOUDFLARED,
    AVOID_REINSTALL_TUNNEL,
    'noTLSVerify, DNS records or SSL modes: the connection is refused before any of that.',
    '“cloudflared tunnel info” as a proof: it shows connections to Cloudflare, never the service.',
  ],
  verify: ['From cloudflared’s host: curl -sI to the service’s address answers.', VERIFY_NO_REACH_ERRORS],
  prevent: [
    'Restart=on-failure for the service’s unit (restart: unless-stopped in Docker).',
    'Watch the service directly, besides through the tunnel.',
  ],
  difficulty: 'easy',
  sources: [
    'cloudflared proxy/proxy.go, ingress/origin_service.go',
    'Go net: dial errors',
    'Cloudflare docs: tunnel troubleshooting, common errors',
  ],
};
