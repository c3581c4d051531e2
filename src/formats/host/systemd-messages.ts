import type { SignalId } from '../../vocabulary/signals.ts';

/** A line of systemd about one unit: the text after `UNIT: `. First match wins. */
export interface UnitMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** Source: systemd src/core (service.c, unit.c, job.c); wordings of systemd 219 to 256. */
export const UNIT_MESSAGES: readonly UnitMessage[] = [
  {
    signal: 'unit.killed',
    pattern:
      /^[Mm]ain process exited, code=(?:killed|dumped), status=(?<signalNumber>\d{1,3})(?:\/(?<signalName>\w{1,20}))?/,
    sample: 'Main process exited, code=killed, status=9/KILL',
  },
  {
    signal: 'unit.chatter',
    pattern: /^[Mm]ain process exited, code=exited, status=0\b/,
    sample: 'Main process exited, code=exited, status=0/SUCCESS',
  },
  {
    signal: 'unit.exited',
    pattern: /^[Mm]ain process exited, code=exited, status=(?<exitCode>\d{1,3})(?:\/(?<exitName>[\w/]{1,30}))?/,
    sample: 'Main process exited, code=exited, status=1/FAILURE',
  },
  {
    signal: 'unit.killed',
    pattern: /^Watchdog timeout/,
    sample: 'Watchdog timeout (limit 30s)!',
  },
  {
    signal: 'unit.oom-killed',
    pattern: /^A process of this unit has been killed by the OOM killer|^systemd-oomd killed/,
    sample: 'A process of this unit has been killed by the OOM killer.',
  },
  {
    signal: 'unit.failed',
    pattern: /^Failed with result '(?<result>[\w-]{1,40})'|^Unit entered failed state/,
    sample: "Failed with result 'exit-code'.",
  },
  {
    signal: 'unit.restart-scheduled',
    pattern:
      /^Scheduled restart job, restart counter is at (?<restarts>\d{1,9})|hold-off time over, scheduling restart|^Service RestartSec=.{1,20} expired, scheduling restart/,
    sample: 'Scheduled restart job, restart counter is at 3.',
  },
  {
    signal: 'unit.start-limit',
    pattern: /^[Ss]tart request repeated too quickly/,
    sample: 'Start request repeated too quickly.',
  },
  {
    signal: 'unit.pid-late',
    pattern:
      /^(?:Failed to (?:parse|read) PID from file|Can't open PID file|PID file) \/\S{1,200}(?:: Invalid argument| \(yet\?\) after start| not readable \(yet\?\) after start)/,
    sample: 'Failed to parse PID from file /run/nginx.pid: Invalid argument',
  },
  {
    signal: 'unit.start-failed',
    pattern: /^[Ss]tart operation timed out|^Failed at step |^Failed to (?:spawn|execute|locate executable)/,
    sample: 'start operation timed out. Terminating.',
  },
];

/** Words of systemd's jobs before a unit's name or description, longest first. */
export const JOB_WORDS: readonly { readonly word: string; readonly ending: string; readonly signal: SignalId }[] = [
  { word: 'Failed to start ', ending: '.', signal: 'unit.start-failed' },
  { word: 'Dependency failed for ', ending: '.', signal: 'unit.start-failed' },
  { word: 'Reload failed for ', ending: '.', signal: 'unit.reload-failed' },
  { word: 'Starting ', ending: '...', signal: 'unit.starting' },
  { word: 'Started ', ending: '.', signal: 'unit.started' },
  { word: 'Stopping ', ending: '...', signal: 'unit.stopping' },
  { word: 'Stopped ', ending: '.', signal: 'unit.stopped' },
  { word: 'Reloaded ', ending: '.', signal: 'unit.reloaded' },
];
