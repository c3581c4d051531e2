import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { parseIso } from '../stamps.ts';
import { exitSignal, kindByImage } from './container-roles.ts';
import { listOf, type Members, membersOf, type Said, textOf } from './kubernetes-objects.ts';

/** What a time says that never was: a container that did not end yet. */
const NEVER = /^0001-/;

/** What `docker inspect` says of a container (Docker Engine API, ContainerInspect): how it ended last, since when it is up, whether it is healthy. */
export function inspectSaid(object: Members): Said[] {
  // `docker inspect --format '{{json .State}}'` leaves nothing but the state.
  const isAlone = object.State === undefined && 'OOMKilled' in object;
  const state = isAlone ? object : membersOf(object.State);
  const name = isAlone ? 'container' : textOf(object.Name).replace(/^\//, '');
  if (name === '' || typeof state.StartedAt !== 'string') return [];
  const kind = kindByImage(name, textOf(membersOf(object.Config).Image));
  const at = (signal: SignalId, time: string, what: string, exitCode?: number): Said[] =>
    time === '' || NEVER.test(time)
      ? []
      : [
          {
            signal,
            stamp: parseIso(time) ?? NO_STAMP,
            name,
            kind,
            ...(exitCode === undefined ? {} : { exitCode }),
            text: `${isAlone ? '' : 'container '}${name} ${what} at ${time}`,
          },
        ];
  const health = membersOf(state.Health);
  const probe = membersOf(listOf(health.Log).at(-1));
  return [
    ...ending(state).flatMap(({ signal, exitCode, what }) => at(signal, textOf(state.FinishedAt), what, exitCode)),
    ...at('unit.started', state.StartedAt, 'started'),
    ...(health.Status === 'unhealthy' ? at('unit.probe-failed', textOf(probe.End), 'was found unhealthy') : []),
  ];
}

/**
 * Of a container that runs again the code is that of now: only when it ended is known. One that waits to be started again counts
 * as running for Docker (`State.SetRestarting`), with the code of its end.
 */
function ending(state: Members): { signal: SignalId; exitCode?: number; what: string }[] {
  if (state.Running === true && state.Restarting !== true) return [{ signal: 'unit.stopped', what: 'ended' }];
  const exitCode = Number(state.ExitCode ?? Number.NaN);
  if (!Number.isFinite(exitCode)) return [];
  const isKilled = state.OOMKilled === true;
  const byCode = exitSignal(exitCode);
  const signal = isKilled ? 'unit.oom-killed' : byCode === 'unit.chatter' ? 'unit.stopped' : byCode;
  return [{ signal, exitCode, what: `ended with exit code ${exitCode}${isKilled ? ', OOMKilled' : ''}` }];
}
