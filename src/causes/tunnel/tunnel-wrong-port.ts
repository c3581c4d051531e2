import type { Cause } from '../cause.ts';
import { hostInCommand } from '../commands.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequestsFirst, VERIFY_THROUGH_CLOUDFLARE } from '../texts.ts';
import {
  APPLY_RULES_STEP,
  ASK_SERVICE_STEP,
  MISSING_CLOUDFLARED_LOG,
  MISSING_INGRESS,
  RULES_ARE_WHERE,
  VERIFY_NO_REACH_ERRORS,
  WHO_LISTENS_STEP,
} from '../tunnel-texts.ts';
import { upstreamOf } from '../upstream.ts';

export const tunnelWrongPort: Cause = {
  id: 'tunnel-wrong-port',
  title: 'cloudflared: the ingress rule names a wrong port or host',
  place: 'tunnel',
  hop: 'tunnel',
  broader: ['tunnel-service-refused'],
  aliases: ['tunnel-ingress-port-wrong', 'tunnel-origin-wrong-host'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'derived.tunnel-refused-since-change',
      weight: 'decisive',
      why: 'it failed from the moment the rule was in force',
    },
    { signal: 'cloudflared.inner-refused', weight: 'medium', why: 'nobody listens on the address of the rule' },
    { signal: 'cloudflared.inner-refused-windows', weight: 'medium', why: 'nobody listens on the address of the rule' },
    { signal: 'cloudflared.inner-malformed', weight: 'weak', why: 'what listens there speaks no HTTP' },
    { signal: 'cloudflared.proc-config', weight: 'weak', why: 'new rules were pushed' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'medium', why: 'the web server was up on its own port' },
    ...TUNNEL_502_OUTSIDE,
    { signal: 'derived.tunnel-service-worked', weight: 'decisive', against: true, why: 'the same rule worked before' },
    {
      signal: 'derived.tunnel-service-back',
      weight: 'strong',
      against: true,
      why: 'a wrong rule does not mend itself',
    },
    { signal: 'derived.proxy-down', weight: 'strong', against: true, why: 'the service was down' },
    { signal: 'derived.app-down', weight: 'strong', against: true, why: 'the service was down' },
  ],
  summary: (facts) =>
    `The ingress rule sends requests to ${upstreamOf(facts, 'tunnel') ?? 'an address'} where nobody (or the wrong program) listens, and that address has never answered since the rule came into force. ${failedRequestsFirst(facts)} failed with a 502 that cloudflared made itself; the tunnel to Cloudflare was up.`,
  missing: [MISSING_INGRESS, MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: `See the rule that takes the request. ${RULES_ARE_WHERE}`,
      command: (facts) =>
        `sudo cloudflared tunnel --config /etc/cloudflared/config.yml ingress rule https://${hostInCommand(facts)}/; journalctl -u cloudflared | grep 'Updated to new configuration' | tail -1`,
      risk: 'None: it only reads. The first needs a local file; a tunnel run by token prints its rules in the second.',
    },
    WHO_LISTENS_STEP,
    ASK_SERVICE_STEP,
    {
      text: 'Correct port and host in the rule; keep the catch-all rule last. In a container network that is the other container’s name and its inner port, not the published one.',
      config: (facts) =>
        `ingress:\n  - hostname: ${hostInCommand(facts)}\n    service: http://127.0.0.1:<port>\n  - service: http_status:404`,
      risk: 'Rules are read from top to bottom: the first that matches wins.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    'Restarting cloudflared without changing the rule: it dials the same address again.',
    'Changing the port in Cloudflare’s DNS: the record of a tunnel has no port, the rule decides.',
    'Opening a port in the firewall: cloudflared connects from inside.',
  ],
  verify: [VERIFY_NO_REACH_ERRORS, VERIFY_THROUGH_CLOUDFLARE],
  prevent: [
    'Change the service’s port and the rule in one step.',
    'Run cloudflared tunnel ingress validate and a curl to every service of the file before a restart.',
  ],
  difficulty: 'easy',
  sources: [
    'cloudflared ingress/ingress.go, proxy/proxy.go',
    'Cloudflare docs: tunnel configuration file, ingress rules',
  ],
};
