import type { Facts } from '../../correlate/facts.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Cause } from '../cause.ts';
import { around, utc } from '../commands.ts';
import { isOnWindows, WINDOWS } from '../runtimes.ts';
import { TUNNEL_DOWN_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, failedRequestsFirst, MISSING_EDGE_LOG, VERIFY_THROUGH_CLOUDFLARE } from '../texts.ts';
import {
  MISSING_CLOUDFLARED_LOG,
  MISSING_TUNNEL_JOURNAL,
  PREVENT_SECOND_REPLICA,
  VERIFY_TUNNEL_CONNECTED,
} from '../tunnel-texts.ts';

const SAID_TO_STOP = 'cloudflared.proc-sigterm';

/** When cloudflared was told to stop, in a log that shows neither a failed request nor a start after that; null in any other. */
function stopWithoutMore({ signals }: Facts): number | null {
  const stop = signals.get(SAID_TO_STOP)?.lastMs ?? null;
  const start = signals.get('cloudflared.proc-start')?.lastMs ?? Number.NEGATIVE_INFINITY;
  const failed = [...signals.keys()].some((signal) => SIGNALS[signal].role === 'request');
  return !failed && stop !== null && start < stop ? stop : null;
}

export const tunnelStopped: Cause = {
  id: 'tunnel-stopped',
  title: 'cloudflared was stopped or is not running',
  place: 'tunnel',
  hop: 'tunnel',
  broader: ['tunnel-disconnected'],
  aliases: [
    'tunnel-daemon-down',
    'tunnel-graceful-stop',
    'tunnel-not-connected',
    'tunnel-autoupdate-restart',
    'tunnel-restart',
  ],
  explains: ['gateway'],
  frequency: 'common',
  evidence: [
    { signal: 'cloudflared.proc-sigterm', weight: 'strong', why: 'cloudflared was told to stop' },
    { signal: 'derived.tunnel-stopped', weight: 'decisive', why: 'it ended in good order' },
    { signal: 'cloudflared.proc-update', weight: 'strong', why: 'it updated itself and started anew' },
    { signal: 'cloudflared.proc-stopped', weight: 'medium', why: 'it said its last words' },
    { signal: 'cloudflared.edge-unreg', weight: 'weak', why: 'it took its connections back' },
    { signal: 'edge.530-1033', weight: 'medium', why: 'Cloudflare had no cloudflared to send the requests to' },
    { signal: 'unit.shown-down', weight: 'strong', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'unit.stopping', weight: 'weak', why: 'systemd stopped a service' },
    { signal: 'unit.stopped', weight: 'weak', why: 'systemd stopped a service' },
    { signal: 'unit.exited', weight: 'medium', against: true, why: 'it ended by itself, with an error' },
    { signal: 'unit.killed', weight: 'medium', against: true, why: 'it ended by itself or was killed' },
    { signal: 'unit.start-failed', role: 'tunnel', weight: 'medium', why: 'it could not be started' },
    { signal: 'host.package-upgrade', weight: 'weak', why: 'an upgrade restarts what it replaces' },
    ...TUNNEL_DOWN_OUTSIDE,
    {
      signal: 'derived.tunnel-without-rules',
      weight: 'decisive',
      against: true,
      why: 'it ran, and answered',
    },
    {
      signal: 'derived.tunnel-vanished',
      weight: 'decisive',
      against: true,
      why: 'it went without a word: no orderly stop',
    },
    {
      signal: 'cloudflared.edge-dial-quic',
      weight: 'medium',
      against: true,
      why: 'it was running and could not get through',
    },
    {
      signal: 'cloudflared.edge-dial-tcp',
      weight: 'medium',
      against: true,
      why: 'it was running and could not get through',
    },
    {
      signal: 'cloudflared.edge-unauth',
      weight: 'decisive',
      against: true,
      why: 'it was running and Cloudflare refused it',
    },
    { signal: 'derived.tunnel-carried', weight: 'decisive', against: true, why: 'the tunnel was connected' },
  ],
  summary: (facts) => {
    const stopMs = stopWithoutMore(facts);
    if (stopMs !== null)
      return `Nothing failed in this log. cloudflared was told to stop at ${utc(stopMs)} and no start follows: if the site was down after that, this is why (530, error 1033). Errors before it came from the service itself: of an answer that the service gives, a 502 too, cloudflared writes nothing. The error lines of the stop itself mean nothing.`;
    return facts.signals.has('cloudflared.proc-update')
      ? `cloudflared updated itself and started anew; in between visitors got 530 (error 1033): ${failedRequests(facts)} failed.`
      : `cloudflared was stopped, or was not running: Cloudflare had nobody to send the requests to and answered 530 (error 1033). ${failedRequestsFirst(facts)} failed. The dozen error lines after “Initiating graceful shutdown” belong to every orderly stop.`;
  },
  missing: [
    MISSING_CLOUDFLARED_LOG,
    MISSING_TUNNEL_JOURNAL,
    {
      ...MISSING_EDGE_LOG,
      why: '530 there is the stopped tunnel; an error that the service answered itself has OriginResponseStatus, and no line in cloudflared’s log unless that is set to debug',
    },
  ],
  fix: [
    {
      text: 'Start it, and let it start with the host.',
      command: (facts) =>
        isOnWindows(facts)
          ? 'Set-Service Cloudflared -StartupType Automatic; Start-Service Cloudflared; Get-Service Cloudflared'
          : 'sudo systemctl enable --now cloudflared; systemctl --no-pager status cloudflared   # Docker: docker start <container>, restart: unless-stopped',
      risk: 'None: it dials out only.',
    },
    {
      text: 'See who stopped it: a person, an upgrade, a deployment, a shutdown of the host.',
      command: (facts) =>
        isOnWindows(facts)
          ? WINDOWS.log
          : `journalctl ${around(facts)} -o short-iso | grep -E 'cloudflared|sudo|apt|unattended|systemd-logind|dockerd'; last -x | head`,
      risk: 'None: it only reads.',
    },
    {
      text: 'If it updated itself at a busy hour: let the package manager do it instead.',
      config: '# unit or container arguments\ncloudflared --no-autoupdate tunnel run',
      risk: 'Updates then need somebody to think of them.',
    },
  ],
  avoid: [
    'Creating the tunnel anew: the old one works once its cloudflared runs.',
    'Reading the errors of the shutdown as the cause: they follow from it.',
    'Looking for the fault at the web server: it was not asked.',
  ],
  verify: [VERIFY_TUNNEL_CONNECTED, VERIFY_THROUGH_CLOUDFLARE],
  prevent: [PREVENT_SECOND_REPLICA, 'Alarm on the tunnel’s health in Cloudflare (Notifications > Tunnel Health).'],
  difficulty: 'easy',
  sources: ['cloudflared cmd/cloudflared/tunnel/signal.go, cmd.go', 'Cloudflare docs: error 1033; tunnel replicas'],
};
