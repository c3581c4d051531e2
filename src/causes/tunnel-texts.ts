import type { Facts } from '../correlate/facts.ts';
import type { Place } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { FixStep, MissingEvidence } from './cause.ts';
import { around } from './commands.ts';
import { upstreamOf } from './upstream.ts';

/** What the causes around cloudflared say alike. */

const PLAIN_ADDRESS = /^[A-Za-z0-9[][A-Za-z0-9.:[\]_-]{2,127}$/;
const PLAIN_SOCKET = /^unix:(\/[A-Za-z0-9_./-]{1,200})$/;

/** The service of the ingress rule that fails, as the rule writes it, or a wording for it. */
export function service(facts: Facts): string {
  return upstreamOf(facts, 'tunnel') ?? 'the service behind the tunnel';
}

/** The same at the beginning of a sentence. */
export function serviceFirst(facts: Facts): string {
  return upstreamOf(facts, 'tunnel') ?? 'The service behind the tunnel';
}

/** Path of the service's unix socket, fit for a command, or null where it is none. */
function serviceSocket(facts: Facts): string | null {
  return PLAIN_SOCKET.exec(upstreamOf(facts, 'tunnel') ?? '')?.[1] ?? null;
}

/** The service without scheme and path, fit for a command (`127.0.0.1:8080`, the stand-in for sockets, too). */
export function serviceAddress(facts: Facts): string {
  const value = (upstreamOf(facts, 'tunnel') ?? '').replace(/^[a-z0-9+]+:\/\//, '').replace(/\/.*$/, '');
  return PLAIN_ADDRESS.test(value) && !value.startsWith('unix:') ? value : '127.0.0.1:8080';
}

/** Name of the service without its port, fit for a command. */
export function serviceName(facts: Facts): string {
  return serviceAddress(facts).replace(/:\d{1,5}$/, '');
}

/** Port of the service, or a stand-in. */
export function servicePort(facts: Facts): string {
  return /:(\d{1,5})$/.exec(serviceAddress(facts))?.[1] ?? '8080';
}

const SERVICE_AT_FAULT: readonly SignalId[] = [
  'derived.tunnel-service-worked',
  'derived.tunnel-service-back',
  'derived.proxy-down',
  'derived.proxy-restarted',
  'derived.app-down',
  'derived.app-restarted',
];

/**
 * The origin where the service worked before or is known to have been down. Else the tunnel's rule is in question as well: a
 * service that is away and a rule that never led to it give the same lines. Where silence alone tells that it worked, the
 * origin stands first.
 */
export function serviceOrRule(facts: Facts): Place | readonly [Place, Place] {
  const seen = strongest(facts, SERVICE_AT_FAULT);
  if (seen === 0) return ['tunnel', 'origin'];
  return seen < 1 ? ['origin', 'tunnel'] : 'origin';
}

/** Answers that had begun, and connections that had carried one: the rule leads to a service that speaks HTTP. */
const ANSWERED_BEFORE: readonly SignalId[] = [
  'cloudflared.unexpected-eof',
  'cloudflared.midbody-reset',
  'cloudflared.inner-idle-closed',
];

/**
 * Who is at fault where the service took cloudflared's connection: the origin, for something listens where the rule says;
 * until it has answered the rule may lead to a port that speaks something else.
 */
export function serviceThatListens(facts: Facts): Place | readonly [Place, Place] {
  return strongest(facts, [...SERVICE_AT_FAULT, ...ANSWERED_BEFORE]) > 0 ? 'origin' : ['origin', 'tunnel'];
}

function strongest(facts: Facts, signals: readonly SignalId[]): number {
  return Math.max(0, ...signals.map((signal) => facts.signals.get(signal)?.strength ?? 0));
}

/** Where the ingress rules stand. */
export const RULES_ARE_WHERE =
  'The rules stand in /etc/cloudflared/config.yml, or, for a tunnel run by token, in the dashboard under Networks > Tunnels > Public hostnames.';

/** Shows what listens on the host. */
export const WHO_LISTENS_STEP: FixStep = {
  text: 'See what listens on the service’s host, and on which address.',
  command: (facts) => {
    const socket = serviceSocket(facts);
    return socket === null
      ? `sudo ss -ltnp | grep -F ':${servicePort(facts)}' ; sudo ss -ltnp`
      : `sudo ss -lxnp | grep -F '${socket}' ; ls -l ${socket}`;
  },
  risk: 'None: it only reads.',
};

/** Asks the service as cloudflared does. */
export const ASK_SERVICE_STEP: FixStep = {
  text: 'Ask the service from where cloudflared runs: same host, same container network. The scheme and the port are those of the ingress rule.',
  command: (facts) => {
    const socket = serviceSocket(facts);
    return socket === null
      ? `curl -skv -o /dev/null http://${serviceAddress(facts)}/`
      : `sudo curl -sv -o /dev/null --unix-socket ${socket} http://localhost/`;
  },
  risk: 'None: it only reads. -k hides certificate errors, so it does not test them.',
};

/** Restarts cloudflared after its file was changed. */
export const APPLY_RULES_STEP: FixStep = {
  text: 'Check the file and restart cloudflared. Rules changed in the dashboard apply by themselves within seconds.',
  command:
    'sudo cloudflared tunnel --config /etc/cloudflared/config.yml ingress validate && sudo systemctl restart cloudflared',
  risk: 'A restart drops the tunnel for some seconds (530) unless a second replica runs.',
};

/** Second connector: a stop, crash or update of one then goes unnoticed. */
export const PREVENT_SECOND_REPLICA =
  'Run a second cloudflared with the same tunnel on another host: Cloudflare uses whichever is connected.';
export const VERIFY_TUNNEL_CONNECTED =
  'cloudflared tunnel info <tunnel> lists connectors with connections (it says nothing about the service behind them).';
export const VERIFY_NO_REACH_ERRORS =
  'journalctl -fu cloudflared shows no new “Unable to reach the origin service” while the page is loaded through Cloudflare.';
export const AVOID_REINSTALL_TUNNEL =
  'Deleting and creating the tunnel anew: the connection to Cloudflare is fine, and the new one meets the same service.';
export const AVOID_BLAME_CANCELED =
  'Chasing “context canceled” lines: they say that the visitor or the edge ended the request, and every healthy tunnel has them.';

/** cloudflared's log around the burst. */
export const MISSING_CLOUDFLARED_LOG: MissingEvidence = {
  what: 'cloudflared’s log around the burst',
  why: 'its error text names what failed: the service, its certificate, or the connection to Cloudflare',
  command: (facts) =>
    `journalctl -u cloudflared ${around(facts)} -o short-iso-precise --all   # Docker: docker logs -t <container>`,
  unless: { hop: 'tunnel' },
};

/** The ingress rules in force. */
export const MISSING_INGRESS: MissingEvidence = {
  what: 'the ingress rules in force, and when they were last changed',
  why: 'a rule that never worked and a service that went down give the same line',
  command: 'sudo cat /etc/cloudflared/config.yml; ls -l --time-style=full-iso /etc/cloudflared/config.yml',
  unless: {
    signals: ['cloudflared.proc-config', 'derived.tunnel-service-worked', 'derived.tunnel-refused-since-change'],
  },
};

/** What systemd and the kernel say of cloudflared. */
export const MISSING_TUNNEL_JOURNAL: MissingEvidence = {
  what: 'systemd’s and the kernel’s lines about cloudflared',
  why: 'a stop, a crash and a kill for lack of memory look alike in cloudflared’s own log',
  command: (facts) => `journalctl ${around(facts)} -o short-iso | grep -iE 'cloudflared|oom|killed process'`,
  unless: { signals: ['unit.stopping', 'unit.killed', 'unit.exited', 'unit.oom-killed', 'kernel.oom-kill'] },
};
