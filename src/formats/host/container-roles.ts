import type { SignalId } from '../../vocabulary/signals.ts';
import { CONTAINER_MESSAGES } from './container-messages.ts';
import { type Role, roleOfProgram } from './units.ts';

/** Pods of the cluster itself, and of what watches it. */
const CLUSTERS_OWN =
  /^(?:core-?dns|kube-|calico|cilium|flannel|weave|metrics-server|etcd|local-path|aws-node|ebs-csi|efs-csi|csi-|cert-manager|external-dns|cluster-autoscaler|karpenter|node-(?:exporter|problem-detector|local-dns|feature-discovery|driver|termination-handler|agent|shell|collector|cache)|konnectivity|gke-|azure-|prometheus|grafana|alertmanager|loki|promtail|fluent|argocd|flux)/;
/** What runs once and ends; a CronJob's pods have the minute of their schedule in their name. */
const JOBS =
  /(?:^|[-_.])(?:cron|cronjob|jobs?|migrat(?:e|ions?)|backup|init|exporter|tests?|build|ci|runner)(?:[-_.]|$)|-\d{8}-[a-z0-9]{5}$/;
const GATEWAYS = /(?:^|[-_/])(?:ingress|gateway|nginx|traefik|haproxy|envoy|caddy|istio-?proxy)(?:[-_:.]|$)/;

/** PHP-FPM by the tag of PHP's own image (`php:8.2-fpm-alpine`), or in the middle of a name. */
const FPM = /[-_:./\d]fpm(?:[-_:.]|$)/;

/** What a word in a name tells: Compose and charts put the project's or the release's name before it, a number or a hash behind. */
const WORDS: readonly (readonly [role: Role, pattern: RegExp])[] = [
  ['tunnel', /cloudflared|(?:^|[-_])(?:cloudflare|argo)[-_]tunnel(?:[-_]|$)/],
  ['proxy', GATEWAYS],
  ['db', /(?:^|[-_.])(?:db|database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?)(?:[-_.]|$)/],
  ['cache', /(?:^|[-_.])(?:redis|valkey|memcached)(?:[-_.]|$)/],
];
/** Pages with which people look after a database. */
const ADMINISTRATION = /(?:^|[-_])(?:admin|commander|express|insight|gui|ui|web|api)(?:[-_]|$)/;

/** What a container or pod is on a request's way, by its name or its image; the application where nobody knows it. */
export function roleOf(name: string): Role {
  const plain = name.replace(/^.*\//, '').replace(/:[\w.-]+$/, '');
  if (CLUSTERS_OWN.test(plain) || JOBS.test(plain)) return 'other';
  if (FPM.test(name)) return 'fpm';
  const known = roleOfProgram(plain) ?? WORDS.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'app';
  return (known === 'db' || known === 'cache') && ADMINISTRATION.test(plain) ? 'app' : known;
}

/** Web servers as reports name them, by a word in a container's name. */
const SERVERS: readonly (readonly [word: string, program: string])[] = [
  ['traefik', 'Traefik'],
  ['caddy', 'Caddy'],
  ['haproxy', 'HAProxy'],
  ['envoy', 'Envoy'],
  ['httpd', 'Apache'],
  ['apache', 'Apache'],
  ['varnish', 'Varnish'],
];

/** Which web server a container is, by its name; nginx where it does not say. */
export function serverNamed(name: string): string {
  return SERVERS.find(([word]) => name.includes(word))?.[1] ?? 'nginx';
}

/** What tells what a container is: its name, or its image where nobody knows the name. */
export const kindByImage = (name: string, image: string): string => (roleOf(name) === 'app' ? image || name : name);

/** What an event's reason and message, or the kubelet's, tell. */
export const signalOf = (said: string): SignalId =>
  CONTAINER_MESSAGES.find(({ pattern }) => pattern.test(said))?.signal ?? 'unit.chatter';

/** cloudflared's own `/ready` answers 503 while it has no connection to Cloudflare. */
const NOT_READY = /HTTP probe failed with statuscode: 503\b/;

/** What is said of a container, by what it is on a request's way. */
export const signalFor = (role: Role, signal: SignalId, text: string): SignalId =>
  role === 'tunnel' && signal === 'unit.probe-failed' && NOT_READY.test(text) ? 'unit.tunnel-not-ready' : signal;

/** Exit codes above this are signals: 137 is SIGKILL, 139 SIGSEGV, 143 SIGTERM. */
const SIGNAL_BASE = 128;
const SIGTERM = 15;

/** How a container ended, by its exit code: a job's end, the echo of a stop that was asked for, or neither. */
export function exitSignal(exitCode: number): SignalId {
  if (exitCode === 0 || exitCode === SIGNAL_BASE + SIGTERM) return 'unit.chatter';
  return exitCode > SIGNAL_BASE ? 'unit.killed' : 'unit.exited';
}

/** An action of `docker events`, with what stands behind its colon. */
export function dockerSignal(action: string, detail: string, exitCode: number): SignalId {
  if (action === 'oom') return 'unit.oom-killed';
  if (action === 'start' || action === 'unpause') return 'unit.started';
  if (action === 'health_status') return detail === 'unhealthy' ? 'unit.probe-failed' : 'unit.chatter';
  // Before the end that was asked for stands `kill`, and `stop` behind it.
  if (action === 'die') return exitSignal(exitCode);
  if (action === 'stop') return 'unit.stopped';
  return action === 'kill' || action === 'restart' || action === 'pause' ? 'unit.stopping' : 'unit.chatter';
}
