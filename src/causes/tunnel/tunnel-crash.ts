import type { Cause } from '../cause.ts';
import { around } from '../commands.ts';
import { isOnWindows, WINDOWS } from '../runtimes.ts';
import { TUNNEL_DOWN_OUTSIDE } from '../seen-from-outside.ts';
import { failedRequests, MISSING_KERNEL_LOG } from '../texts.ts';
import {
  MISSING_CLOUDFLARED_LOG,
  MISSING_TUNNEL_JOURNAL,
  PREVENT_SECOND_REPLICA,
  VERIFY_TUNNEL_CONNECTED,
} from '../tunnel-texts.ts';

export const tunnelCrash: Cause = {
  id: 'tunnel-crash',
  title: 'cloudflared crashed or was killed',
  place: 'tunnel',
  hop: 'tunnel',
  broader: ['tunnel-disconnected'],
  aliases: ['tunnel-daemon-fault', 'tunnel-oom', 'tunnel-crash-or-oom', 'tunnel-exit-on-error'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'cloudflared.proc-gostack', weight: 'decisive', why: 'the program printed a stack and died' },
    { signal: 'derived.tunnel-vanished', weight: 'decisive', why: 'it went without a word and began anew' },
    { signal: 'cloudflared.proc-shutdown-err', weight: 'strong', why: 'it gave up because of an error' },
    { signal: 'cloudflared.proc-killed', weight: 'strong', why: 'it was killed, for lack of memory as a rule' },
    { signal: 'cloudflared.proc-exit-text', weight: 'weak', why: 'it ended with an error text' },
    { signal: 'unit.shown-down', weight: 'medium', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'unit.killed', weight: 'medium', why: 'systemd saw a service killed' },
    { signal: 'unit.oom-killed', weight: 'medium', why: 'systemd saw a service killed for memory' },
    { signal: 'unit.exited', weight: 'weak', why: 'systemd saw a service end with an error' },
    { signal: 'unit.restart-scheduled', weight: 'weak', why: 'systemd starts a failed service anew' },
    { signal: 'kernel.oom-kill', role: 'tunnel', weight: 'medium', why: 'the kernel killed a process for memory' },
    { signal: 'edge.530-1033', weight: 'medium', why: 'Cloudflare had no cloudflared to send the requests to' },
    ...TUNNEL_DOWN_OUTSIDE,
    {
      signal: 'unit.tunnel-not-ready',
      weight: 'medium',
      against: true,
      why: 'it ran, without a connection; the kubelet restarts it for that',
    },
    { signal: 'cloudflared.proc-sigterm', weight: 'decisive', against: true, why: 'it was told to stop' },
    { signal: 'derived.tunnel-stopped', weight: 'decisive', against: true, why: 'it ended in good order' },
    { signal: 'cloudflared.edge-unauth', weight: 'medium', against: true, why: 'Cloudflare refused it' },
    { signal: 'derived.tunnel-carried', weight: 'decisive', against: true, why: 'the tunnel was connected' },
  ],
  summary: (facts) => {
    const has = facts.signals.has.bind(facts.signals);
    const how =
      has('kernel.oom-kill') || has('unit.oom-killed')
        ? 'was killed for lack of memory'
        : has('cloudflared.proc-gostack')
          ? 'crashed with a fault in the program'
          : 'ended without an orderly stop: it crashed, was killed, or the host went down';
    return `cloudflared ${how}. Until it was back (systemd waits 5 s) visitors got 530 (error 1033), and requests in flight were cut: ${failedRequests(facts)} failed.`;
  },
  missing: [MISSING_TUNNEL_JOURNAL, MISSING_KERNEL_LOG, MISSING_CLOUDFLARED_LOG],
  fix: [
    {
      text: 'Start it if it is still away, then read how it ended.',
      command: (facts) =>
        isOnWindows(facts)
          ? `Start-Service Cloudflared; ${WINDOWS.log}`
          : `sudo systemctl start cloudflared; journalctl -u cloudflared ${around(facts)} -o short-iso --all | grep -nE 'panic|fatal error|goroutine 1 |signal|status='`,
      risk: 'None worth naming: it dials out only. Save the log before the journal rotates it away.',
    },
    {
      text: 'Was it the kernel? Then find who used the memory: the victim is not always the eater.',
      command: (facts) =>
        `journalctl -k ${around(facts)} -o short-iso | grep -iE 'out of memory|killed process|oom'; docker inspect -f '{{.Name}} {{.State.OOMKilled}}' $(docker ps -aq)`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Update cloudflared: most known crashes and leaks are mended in later releases.',
      command: 'cloudflared --version; sudo apt update && sudo apt install --only-upgrade cloudflared',
      risk: 'The upgrade restarts it: some seconds of 530 unless a second replica runs.',
    },
    {
      text: 'Give it a memory limit that fits, and let it come back by itself.',
      command: 'sudo systemctl edit cloudflared && sudo systemctl restart cloudflared',
      config: '[Service]\nRestart=always\nRestartSec=2s\nMemoryHigh=400M',
      risk: 'Too low a limit slows it down. The restart drops the tunnel for some seconds (530) unless a second replica runs.',
    },
    {
      text: 'If it repeats with a Go stack: report it with the version and the trace.',
      risk: 'Cut tokens and host names out of the trace.',
    },
  ],
  avoid: [
    'A cron job that restarts it every hour: it cuts requests each time and hides the leak.',
    'Looking for the fault at the web server: it was not asked.',
  ],
  verify: [
    'The unit’s restart counter stands still: systemctl show cloudflared -p NRestarts.',
    VERIFY_TUNNEL_CONNECTED,
  ],
  prevent: [PREVENT_SECOND_REPLICA, 'Watch its memory (process_resident_memory_bytes on its metrics port).'],
  difficulty: 'moderate',
  sources: ['Go runtime: panic and signal output', 'systemd.service manual', 'cloudflared issues 98, 902, 593'],
};
