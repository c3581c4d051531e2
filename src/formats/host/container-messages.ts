import type { SignalId } from '../../vocabulary/signals.ts';

/** What is said of a container or pod; `reason` is that of a Kubernetes event where there is one. First match wins. */
export interface ContainerMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** Reason and message of an event, or a message of the kubelet. */
  readonly sample: string;
}

/**
 * Matched against `REASON MESSAGE` of an event of Kubernetes, and against the kubelet's own messages. Source: Kubernetes
 * pkg/kubelet/events/event.go, pkg/kubelet/kuberuntime, pkg/kubelet/prober; public reports.
 */
export const CONTAINER_MESSAGES: readonly ContainerMessage[] = [
  {
    signal: 'unit.oom-killed',
    pattern: /^(?:System)?OOMKilling\b|^SystemOOM\b|\bOOMKilled\b/,
    sample: 'OOMKilling Memory cgroup out of memory: Killed process 2811 (node)',
  },
  {
    signal: 'unit.start-failed',
    pattern:
      /ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainer(?:Config)?Error|RunContainerError|[Bb]ack-off pulling image|^Failed(?:Scheduling|Mount|AttachVolume|Create\w{0,40})? |FailedPostStartHook/,
    sample: 'BackOff Back-off pulling image "registry.example.com/shop:1.5"',
  },
  {
    signal: 'unit.exited',
    pattern: /CrashLoopBackOff|[Bb]ack-off restarting failed container/,
    sample: 'BackOff Back-off restarting failed container web in pod web-7d9c5b6f4-x2x9q_default',
  },
  {
    signal: 'unit.oom-killed',
    pattern: /^Evicted .{0,100}low on resource: memory/,
    sample:
      'Evicted The node was low on resource: memory. Container web was using 1842Mi, which exceeds its request of 512Mi.',
  },
  {
    signal: 'unit.evicted-disk',
    pattern:
      /^Evicted .{0,100}(?:low on resource: (?:ephemeral-storage|inodes|nodefs|imagefs)|ephemeral (?:local )?storage)/,
    sample:
      'Evicted The node was low on resource: ephemeral-storage. Container web was using 92Ki, which exceeds its request of 0.',
  },
  {
    signal: 'unit.killed',
    pattern:
      /failed (?:liveness|startup) probe(?:, will be restarted|\.\. Container will be killed)|is unhealthy, it will be killed and re-created|^(?:Evicted|Preempt(?:ed|ing)) /,
    sample: 'Killing Container web failed liveness probe, will be restarted',
  },
  {
    // Until it has started it cannot succeed; where it does not start in time it is killed for that.
    signal: 'unit.chatter',
    pattern: /^Unhealthy Startup probe /,
    sample: 'Unhealthy Startup probe failed: dial tcp 192.0.2.12:3000: connect: connection refused',
  },
  {
    signal: 'unit.probe-failed',
    pattern: /^Unhealthy |(?:Readiness|Liveness|Startup) probe (?:failed|errored)|"Probe failed"/,
    sample: 'Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
  },
  {
    signal: 'unit.stopping',
    pattern: /^Killing |"Killing container with a grace period"/,
    sample: 'Killing Stopping container web',
  },
  {
    signal: 'unit.started',
    pattern: /^Started |"Type":"ContainerStarted"/,
    sample: 'Started Started container web',
  },
  {
    signal: 'unit.stopped',
    pattern: /"Type":"ContainerDied"/,
    sample:
      '"SyncLoop (PLEG): event for pod" pod="default/web-1" event={"ID":"4f1c","Type":"ContainerDied","Data":"9b2e"}',
  },
];
