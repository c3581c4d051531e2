import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { parseIso } from '../stamps.ts';
import { exitSignal, roleOf, signalFor, signalOf } from './container-roles.ts';

/** What is said of a container or pod. */
export interface Said {
  readonly signal: SignalId;
  readonly stamp: Stamp;
  readonly name: string;
  /** The name, or what else tells what runs there. */
  readonly kind: string;
  readonly exitCode?: number;
  /** What a report shows of it, where it is no line. */
  readonly text?: string;
}

/** The record of what is said, at this line or entry. */
export function clueOf({ signal, stamp, name, kind, exitCode, text }: Said, line: number): ClueRecord {
  const role = roleOf(kind);
  return {
    kind: 'clue',
    hop: 'host',
    signal: signalFor(role, signal, text ?? ''),
    line,
    stamp,
    text: (text ?? name).slice(0, 2000),
    subject: name,
    values: { role, ...(exitCode === undefined ? {} : { exitCode }) },
  };
}

/** Members of an object that was parsed, whatever they are. */
export type Members = Readonly<Record<string, unknown>>;

export const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The last time that an event came; `eventTime` where it is told once. */
function eventStamp(event: Members): Stamp {
  const series = membersOf(event.series);
  const written = [
    event.lastTimestamp,
    series.lastObservedTime,
    event.eventTime,
    event.deprecatedLastTimestamp,
    event.firstTimestamp,
  ];
  for (const value of written) {
    const stamp = parseIso(textOf(value));
    if (stamp !== undefined) return stamp;
  }
  return NO_STAMP;
}

/** An Event of Kubernetes (core/v1 or events.k8s.io/v1); null where the object is none. */
export function eventSaid(event: Members): Said | null {
  const about = membersOf(event.involvedObject ?? event.regarding);
  const reason = textOf(event.reason);
  if (reason === '' || typeof about.kind !== 'string') return null;
  const name = textOf(about.name);
  const note = textOf(event.message) || textOf(event.note);
  return {
    signal: signalOf(`${reason} ${note}`),
    stamp: eventStamp(event),
    name,
    kind: name,
    text: `${textOf(event.type)} ${reason} ${textOf(about.kind)}/${name} ${note}`.trimStart(),
  };
}

/** What runs in a pod's container: its own name says it for a sidecar, else the pod's. */
export const kindInPod = (container: string, pod: string): string => (roleOf(container) === 'app' ? pod : container);

function terminated(container: Members, state: Members, pod: string): Said | null {
  const exitCode = Number(state.exitCode ?? Number.NaN);
  if (!Number.isFinite(exitCode)) return null;
  const name = textOf(container.name);
  const reason = textOf(state.reason);
  return {
    signal: reason === 'OOMKilled' ? 'unit.oom-killed' : exitSignal(exitCode),
    stamp: parseIso(textOf(state.finishedAt)) ?? NO_STAMP,
    name: pod,
    kind: kindInPod(name, pod),
    exitCode,
    text: `container ${name} of pod/${pod} terminated: ${reason}, exit code ${exitCode}`,
  };
}

/** How the containers of a Pod ended last. */
export function podSaid(pod: Members): Said[] {
  const name = textOf(membersOf(pod.metadata).name);
  const status = membersOf(pod.status);
  return ['initContainerStatuses', 'containerStatuses'].flatMap((key) =>
    listOf(status[key]).flatMap((value) => {
      const container = membersOf(value);
      return ['lastState', 'state'].flatMap(
        (state) => terminated(container, membersOf(membersOf(container[state]).terminated), name) ?? [],
      );
    }),
  );
}
