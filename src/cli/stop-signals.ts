import process from 'node:process';
import { STOP_SIGNALS } from '../batch/stop.ts';

/** Stop signals that a command answers itself. */
export interface StopSignals {
  /** Aborted at the first one. A second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Leaves them to the system again. */
  readonly release: () => void;
  /** Ends the process as the signal that came would have done, so that a shell knows. */
  readonly end: () => void;
}

export function takeStopSignals(): StopSignals {
  const controller = new AbortController();
  let came: NodeJS.Signals | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    came = name;
    release();
    controller.abort();
  };
  const release = (): void => {
    for (const name of STOP_SIGNALS) process.off(name, onSignal);
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, release, end: () => void (came !== null && process.kill(process.pid, came)) };
}
