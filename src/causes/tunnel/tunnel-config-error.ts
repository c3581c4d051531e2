import type { Cause } from '../cause.ts';
import { TUNNEL_DOWN_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests } from '../texts.ts';
import { APPLY_RULES_STEP, MISSING_CLOUDFLARED_LOG, VERIFY_TUNNEL_CONNECTED } from '../tunnel-texts.ts';

export const tunnelConfigError: Cause = {
  id: 'tunnel-config-error',
  title: 'cloudflared refuses its configuration or credentials',
  place: 'tunnel',
  hop: 'tunnel',
  broader: ['tunnel-disconnected'],
  aliases: ['tunnel-config-invalid', 'tunnel-no-ingress-rules', 'tunnel-unauthorized', 'tunnel-auth-failed'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.edge-unauth', weight: 'decisive', why: 'Cloudflare refused the tunnel’s token' },
    { signal: 'cloudflared.edge-unauth-2', weight: 'decisive', why: 'Cloudflare refused the tunnel’s token' },
    {
      signal: 'cloudflared.edge-quic-refused',
      weight: 'strong',
      why: 'Cloudflare refused the registration, as it does for a wrong token',
    },
    {
      signal: 'cloudflared.proc-couldnt',
      weight: 'decisive',
      why: 'cloudflared did not start with this configuration',
    },
    { signal: 'cloudflared.proc-origincert', weight: 'weak', why: 'where it needed one, it did not start' },
    {
      signal: 'cloudflared.proc-last-rule',
      weight: 'decisive',
      why: 'the last rule must take everything, and does not',
    },
    { signal: 'cloudflared.proc-metrics-fail', weight: 'decisive', why: 'its metrics port was taken, so it ended' },
    { signal: 'derived.tunnel-without-rules', weight: 'decisive', why: 'without rules every request gets 503' },
    { signal: 'cloudflared.proc-noingress', weight: 'strong', why: 'without rules every request gets 503' },
    { signal: 'cloudflared.proc-config-fail', weight: 'strong', why: 'the pushed configuration was refused' },
    { signal: 'cloudflared.inner-nohost', weight: 'strong', why: 'a rule’s service has no host' },
    { signal: 'cloudflared.edge-init-fail', weight: 'medium', why: 'the first connection failed for good' },
    { signal: 'cloudflared.edge-register', weight: 'weak', why: 'Cloudflare refused the registration' },
    { signal: 'cloudflared.proc-exit-text', weight: 'weak', why: 'it ended with an error text' },
    { signal: 'unit.start-limit', weight: 'weak', why: 'systemd gave up starting a service' },
    { signal: 'edge.530-1033', weight: 'medium', why: 'Cloudflare had no cloudflared to send the requests to' },
    ...TUNNEL_DOWN_OUTSIDE,
    { signal: 'cloudflared.proc-sigterm', weight: 'weak', against: true, why: 'it was told to stop' },
    {
      signal: 'derived.tunnel-service-worked',
      weight: 'medium',
      against: true,
      why: 'the same configuration worked before',
    },
    { signal: 'derived.tunnel-carried', weight: 'decisive', against: true, why: 'the tunnel was connected' },
  ],
  summary: (facts) => {
    const has = facts.signals.has.bind(facts.signals);
    if (has('cloudflared.edge-unauth') || has('cloudflared.edge-unauth-2') || has('cloudflared.edge-quic-refused')) {
      return `Cloudflare refused cloudflared’s registration: its token or credentials are not (or no longer) good for this tunnel, or the tunnel was deleted. Visitors got 530 (error 1033): ${failedRequests(facts)} failed.`;
    }
    if (has('cloudflared.proc-noingress')) {
      return `cloudflared runs without any ingress rule and answers 503 to everything: ${failedRequests(facts)} failed. (At the start of a tunnel run by token the line is harmless: the rules come a moment later.)`;
    }
    return `cloudflared refused its configuration and did not serve: ${failedRequests(facts)} failed. The line itself names what it refuses.`;
  },
  missing: [MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'Let it check its file, and read its last words.',
      command:
        'sudo cloudflared tunnel --config /etc/cloudflared/config.yml ingress validate; journalctl -u cloudflared -n 50 --no-pager -o short-iso',
      risk: 'None: it only reads.',
    },
    {
      text: '“Unauthorized” or a refused registration: see whether the tunnel still exists, and install its present token.',
      command:
        'cloudflared tunnel list; sudo cloudflared service uninstall && sudo cloudflared service install <token>',
      risk: 'Whoever has the token can run the tunnel. Keep it out of tickets and shell history.',
    },
    {
      text: 'With QUIC newer versions do not show the reason: run once with HTTP/2 to see it.',
      command: 'cloudflared tunnel --protocol http2 --loglevel info run --token <token>',
      risk: 'Stop it afterwards, or it stays connected as a second connector.',
    },
    {
      text: 'Rules: the last one must have neither hostname nor path.',
      config:
        'ingress:\n  - hostname: app.example.com\n    service: http://127.0.0.1:8080\n  - service: http_status:404',
      risk: 'Rules are read from top to bottom, and the first that matches wins.',
    },
    APPLY_RULES_STEP,
  ],
  avoid: [
    'Opening firewall ports: Cloudflare was reached and said no.',
    'Copying credentials of another tunnel: visitors of that one then arrive here.',
  ],
  verify: ['“Registered tunnel connection” appears four times after the start.', VERIFY_TUNNEL_CONNECTED],
  prevent: [
    'Run cloudflared tunnel ingress validate before every restart.',
    'When a token is rotated, restart all connectors with the new one at once.',
  ],
  difficulty: 'easy',
  sources: [
    'cloudflared ingress/ingress.go, supervisor/tunnel.go',
    'Cloudflare docs: tunnel tokens; configuration file',
  ],
};
