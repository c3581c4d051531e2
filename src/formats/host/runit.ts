import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, LineFormat } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { type UnitSaid, unitPerLine } from './unit-clue.ts';

/*
 * What `sv status` of runit prints, and `gitlab-ctl status`, which calls it (runit src/sv.c, svstatus_print). Only what is named `down`
 * or `finish` while it is meant to be up has failed.
 */

const STATUS =
  /^(?:(?:ok|timeout|kill): )?(run|down|finish): (?:\/?(?:[\w.@-]{1,60}\/){1,12})?([\w.@-]{1,100}): (?:\(pid \d{1,10}\) )?\d{1,10}s((?:, (?:normally (?:up|down)|paused|want (?:up|down)|got TERM)){0,4})(?:; .{0,300})?$/;
/** Nobody watches over it. */
const UNWATCHED = /^fail: (?:\/?(?:[\w.@-]{1,60}\/){1,12})?([\w.@-]{1,100}): (?:runsv not running|unable to )/;

function signalOf(state: string, wishes: string): SignalId {
  if (state === 'run') return 'unit.chatter';
  // It is to be up and is not: it ends as often as it is started.
  if (wishes.includes('want up') || state === 'finish') return 'unit.exited';
  return wishes.includes('normally up') ? 'unit.stopped' : 'unit.chatter';
}

function read(text: string): UnitSaid | null {
  const [, state = '', name, wishes = ''] = STATUS.exec(text) ?? [];
  const subject = name ?? UNWATCHED.exec(text)?.[1];
  if (subject === undefined) return null;
  const signal = name === undefined ? 'unit.stopped' : signalOf(state, wishes);
  return { signal, stamp: NO_STAMP, subject, role: roleOf(subject) };
}

const EXAMPLES: readonly Example[] = [
  {
    input: [
      'run: nginx: (pid 1178) 466078s; run: log: (pid 1175) 466078s',
      'down: puma: 1s, normally up, want up; run: log: (pid 3937) 167274s',
      'run: redis: (pid 1170) 466078s; run: log: (pid 1168) 466078s',
      'down: postgresql: 61s, normally up; run: log: (pid 1169) 466078s',
      'down: prometheus: 1s, normally up, want up; run: log: (pid 3928) 167274s',
    ].join('\n'),
    shows: 'gitlab-ctl status: one that ends again and again, one that was stopped; no time that could be joined',
    records: [
      { signal: 'unit.chatter', subject: 'nginx', values: { role: 'proxy' }, stamp: NO_STAMP },
      { signal: 'unit.exited', subject: 'puma', values: { role: 'app' } },
      { signal: 'unit.chatter', subject: 'redis', values: { role: 'cache' } },
      { signal: 'unit.stopped', subject: 'postgresql', values: { role: 'db' } },
      { signal: 'unit.exited', subject: 'prometheus', values: { role: 'other' } },
    ],
  },
  {
    input: [
      'run: /var/service/sshd: (pid 1060) 4185s; run: log: (pid 1059) 4185s',
      'down: /var/service/containerd: 55s',
      'fail: unicorn: runsv not running',
    ].join('\n'),
    shows: 'sv status: one that is not meant to run, one that nobody watches over',
    records: [
      { signal: 'unit.chatter', subject: 'sshd', values: { role: 'other' } },
      { signal: 'unit.chatter', subject: 'containerd' },
      { signal: 'unit.stopped', subject: 'unicorn', values: { role: 'app' } },
    ],
  },
];

/** What `sv status` and `gitlab-ctl status` print. */
export const runit: LineFormat = {
  shape: 'lines',
  id: 'runit',
  title: 'output of sv status and gitlab-ctl status (runit)',
  hop: 'host',
  foundAt: ['sv status /var/service/*', 'gitlab-ctl status'],
  limits: [
    'It tells how long a service has been so, not since when.',
    'What a service is, is told by its name; one that nobody knows is taken for the application.',
  ],
  examples: () => EXAMPLES,
  ...unitPerLine(read),
};
