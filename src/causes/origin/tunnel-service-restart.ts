import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { around, hostInCommand } from '../commands.ts';
import { TUNNEL_502_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_RESTART_CLOUDFLARED, failedRequestsFirst, MISSING_JOURNAL, seconds } from '../texts.ts';
import { MISSING_CLOUDFLARED_LOG, serviceFirst, VERIFY_NO_REACH_ERRORS } from '../tunnel-texts.ts';
import { ofWebServer, reloadWebServer } from '../web-servers.ts';

/** "for 12 s ", or nothing where the time is not known. */
function forSeconds({ startMs, endMs }: Facts): string {
  return Number.isFinite(endMs - startMs) ? `for ${seconds(Math.max(1000, endMs - startMs))} ` : '';
}

export const tunnelServiceRestart: Cause = {
  id: 'tunnel-service-restart',
  title: 'The service behind cloudflared was restarting',
  place: 'origin',
  hop: 'tunnel',
  broader: ['tunnel-service-refused'],
  aliases: ['tunnel-origin-restart', 'origin-restart-window'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'derived.tunnel-service-back', weight: 'decisive', why: 'so short an absence is a restart' },
    {
      signal: 'derived.proxy-restarted',
      weight: 'strong',
      why: 'the web server behind the tunnel was being restarted',
    },
    { signal: 'derived.app-restarted', weight: 'strong', why: 'the application behind the tunnel was being restarted' },
    { signal: 'cloudflared.inner-refused', weight: 'medium', why: 'a service that restarts refuses for that time' },
    {
      signal: 'cloudflared.inner-refused-windows',
      weight: 'medium',
      why: 'a service that restarts refuses for that time',
    },
    {
      signal: 'cloudflared.inner-refused-unix',
      weight: 'medium',
      why: 'a service that restarts refuses for that time',
    },
    { signal: 'cloudflared.inner-unix-missing', weight: 'medium', why: 'a stopped service takes its socket away' },
    { signal: 'cloudflared.inner-eof', weight: 'weak', why: 'requests in flight are cut at the stop' },
    { signal: 'cloudflared.inner-reset', weight: 'weak', why: 'requests in flight are cut at the stop' },
    { signal: 'derived.tunnel-service-worked', weight: 'weak', why: 'the same rule worked before' },
    { signal: 'unit.stopping', weight: 'weak', why: 'systemd stopped a service' },
    { signal: 'unit.started', weight: 'weak', why: 'systemd started a service' },
    {
      signal: 'derived.tunnel-refused-since-change',
      weight: 'decisive',
      against: true,
      why: 'it never worked with these rules',
    },
    {
      signal: 'derived.proxy-down',
      weight: 'medium',
      against: true,
      why: 'it was away for longer than a restart takes',
    },
    { signal: 'derived.app-down', weight: 'medium', against: true, why: 'it was away for longer than a restart takes' },
    { signal: 'unit.exited', weight: 'strong', against: true, why: 'a service ended by itself, nobody restarted it' },
    { signal: 'unit.killed', weight: 'strong', against: true, why: 'a service was killed, nobody restarted it' },
    { signal: 'derived.app-keeps-ending', weight: 'strong', against: true, why: 'nobody restarts it that often' },
    ...TUNNEL_502_OUTSIDE,
  ],
  summary: (facts) =>
    `${serviceFirst(facts)} was restarted and ${forSeconds(facts)}refused the connections of cloudflared; it came back by itself. ${failedRequestsFirst(facts)} failed. cloudflared does not try a failed request again: every second without the service is a second of 502.`,
  missing: [MISSING_JOURNAL, MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'See who restarted it, and whether that was meant: a deployment, an upgrade, a watchdog, a crash.',
      command: (facts) =>
        `journalctl ${around(facts)} -o short-iso | grep -E 'systemd|dockerd|apt|dpkg|sudo'; docker ps -a --format '{{.Names}} {{.Status}}'`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Reload instead of restart where the program can.',
      command: (facts) => `${reloadWebServer(facts)}   # also gunicorn (HUP), php-fpm with process_control_timeout`,
      risk: 'Settings that need a restart are not taken over.',
    },
    {
      text: 'Let systemd hold the socket: connections then wait during a restart instead of being refused.',
      config:
        '# /etc/systemd/system/myapp.socket\n[Socket]\nListenStream=127.0.0.1:8080\n[Install]\nWantedBy=sockets.target',
      risk: 'The application must be able to take over a socket (sd_listen_fds, gunicorn, uvicorn --fd).',
    },
    {
      text: 'Or put a local proxy in front that tries a second instance, and restart the two one after the other.',
      config: ofWebServer('twoBackends'),
      risk: 'Twice the memory for two instances.',
    },
  ],
  avoid: [
    AVOID_RESTART_CLOUDFLARED,
    'Changing the ingress rule: it worked before and works again.',
    'Looking for a retry setting in cloudflared: its “retries” are about the connection to Cloudflare.',
  ],
  verify: [
    (facts) =>
      `During the next deployment a loop of curl through Cloudflare shows no 502: while sleep 0.5; do curl -so /dev/null -w '%{http_code} ' https://${hostInCommand(facts)}/; done`,
    VERIFY_NO_REACH_ERRORS,
  ],
  prevent: ['Rolling or socket-activated restarts in the deployment.', 'Automatic upgrades at a quiet hour.'],
  difficulty: 'moderate',
  sources: ['cloudflared proxy/proxy.go (no retry of origin requests)', 'systemd.socket manual'],
};
