import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { groupValues } from '../app/group-values.ts';
import { present } from '../entry.ts';
import type { Example, LineFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { roleOf } from './container-roles.ts';
import { SIGNAL_NUMBERS } from './signal-numbers.ts';
import { type UnitSaid, unitPerLine } from './unit-clue.ts';

/*
 * supervisord, which runs nginx and PHP-FPM in many images, and what `supervisorctl status` prints. Lines and words as supervisor 4.2
 * wrote them for programs that ended, were killed, were stopped, could not be started and were given up.
 */

const HEAD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?:CRIT|ERRO|WARN|INFO|DEBG) (?=\S)/;
/** Of `supervisorctl status`: name, perhaps behind its group, state, and what it says of that. */
const STATUS =
  /^(?:[\w.-]{1,100}:)?(?<name>[\w.-]{1,100}) {2,60}(?<state>RUNNING {3}pid \d|STOPPED {3}|EXITED {4}|BACKOFF {3}|FATAL {5})/;

interface Message {
  readonly signal: SignalId;
  /** `name`: the program; other groups are values. */
  readonly pattern: RegExp;
}

const MESSAGES: readonly Message[] = [
  { signal: 'unit.starting', pattern: /^spawned: '(?<name>[^']{1,200})' with pid \d/ },
  { signal: 'unit.started', pattern: /^success: (?<name>\S{1,200}) entered RUNNING state/ },
  { signal: 'unit.exited', pattern: /^exited: (?<name>\S{1,200}) \(exit status (?<exitCode>\d{1,3}); not expected\)/ },
  { signal: 'unit.killed', pattern: /^exited: (?<name>\S{1,200}) \(terminated by SIG(?<signalName>[A-Z0-9]{2,8})\b/ },
  // Its end was expected: it is done, and away all the same.
  { signal: 'unit.stopped', pattern: /^(?:exited|stopped): (?<name>\S{1,200}) \(/ },
  { signal: 'unit.stopping', pattern: /^waiting for (?<name>[^\s,]{1,200}) to (?:stop|die)/ },
  { signal: 'unit.start-limit', pattern: /^gave up: (?<name>\S{1,200}) entered FATAL state/ },
];
const CHATTER =
  /^(?:supervisord started with pid|Supervisor (?:is )?running as root|RPC interface '|Server '.{1,60}' running without|Included extra file|Set uid to user|spawnerr: |killing '.{1,200}' \(\d|waiting for .{1,500} to (?:stop|die)|received SIG\w{2,8} indicating|reaped unknown pid|Unlinking stale socket )/;

const STATES: Readonly<Record<string, SignalId>> = {
  RUNNING: 'unit.chatter',
  STOPPED: 'unit.stopped',
  EXITED: 'unit.stopped',
  BACKOFF: 'unit.exited',
  FATAL: 'unit.start-limit',
};

function read(text: string): UnitSaid | null {
  const status = STATUS.exec(text)?.groups;
  if (status?.name !== undefined) {
    const state = status.state?.split(' ', 1)[0] ?? '';
    const { name } = status;
    return { signal: STATES[state] ?? 'unit.chatter', stamp: NO_STAMP, subject: name, role: roleOf(name) };
  }
  const head = HEAD.exec(text);
  const stamp = parseIso(head?.[1] ?? '');
  if (head === null || stamp === undefined) return null;
  const message = text.slice(head[0].length);
  for (const { signal, pattern } of MESSAGES) {
    const groups = pattern.exec(message)?.groups;
    if (groups === undefined) continue;
    const { name, ...values } = groupValues(groups);
    const signalNumber = SIGNAL_NUMBERS[values.signalName ?? ''];
    const subject = String(name);
    return { signal, stamp, subject, role: roleOf(subject), values: { ...present({ signalNumber }), ...values } };
  }
  return CHATTER.test(message) ? { signal: 'unit.chatter', stamp, subject: 'supervisord', role: 'other' } : null;
}

const local = (...at: Parameters<typeof Date.UTC>): Stamp => ({ kind: 'local', ms: Date.UTC(...at) });

const EXAMPLES: readonly Example[] = [
  {
    input: [
      '2026-11-20 18:56:54,994 INFO supervisord started with pid 1',
      "2026-11-20 18:56:56,017 INFO spawned: 'php-fpm' with pid 797",
      '2026-11-20 18:56:57,039 INFO success: php-fpm entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
      '2026-11-20 18:56:59,031 WARN exited: php-fpm (exit status 78; not expected)',
      '2026-11-20 18:57:07,132 INFO gave up: php-fpm entered FATAL state, too many start retries too quickly',
    ].join('\n'),
    shows: 'a program that ends again and again until it is given up',
    records: [
      { signal: 'unit.chatter', values: { role: 'other' } },
      { signal: 'unit.starting', subject: 'php-fpm' },
      { signal: 'unit.started', values: { role: 'fpm' } },
      {
        signal: 'unit.exited',
        stamp: local(2026, 10, 20, 18, 56, 59, 31),
        subject: 'php-fpm',
        values: { role: 'fpm', exitCode: 78 },
      },
      { signal: 'unit.start-limit', subject: 'php-fpm' },
    ],
  },
  {
    input: [
      '2026-11-20 18:57:03,945 WARN exited: api (terminated by SIGKILL; not expected)',
      '2026-11-20 18:57:07,240 INFO waiting for nginx to stop',
      '2026-11-20 18:57:07,243 WARN stopped: nginx (terminated by SIGTERM)',
      '2026-11-20 18:57:08,023 INFO exited: migrate (exit status 0; expected)',
    ].join('\n'),
    shows: 'one that was killed, one that was stopped, one that is done',
    records: [
      {
        signal: 'unit.killed',
        subject: 'api',
        values: { role: 'app', signalNumber: 9, signalName: 'KILL' },
      },
      { signal: 'unit.stopping', subject: 'nginx', values: { role: 'proxy' } },
      { signal: 'unit.stopped', subject: 'nginx' },
      { signal: 'unit.stopped', subject: 'migrate', values: { role: 'other' } },
    ],
  },
  {
    input: [
      'api                              RUNNING   pid 888, uptime 0:00:04',
      'web:php-fpm                      FATAL     Exited too quickly (process log may have details)',
      'worker                           EXITED    Nov 20 06:56 PM',
    ].join('\n'),
    shows: 'supervisorctl status: no time that could be joined',
    records: [
      { signal: 'unit.chatter', subject: 'api', stamp: NO_STAMP },
      { signal: 'unit.start-limit', subject: 'php-fpm', values: { role: 'fpm' } },
      { signal: 'unit.stopped', subject: 'worker' },
    ],
  },
];

/** supervisord's log, and what supervisorctl prints. */
export const supervisor: LineFormat = {
  shape: 'lines',
  id: 'supervisor',
  title: 'supervisord',
  hop: 'host',
  foundAt: [
    '/var/log/supervisor/supervisord.log',
    'docker logs of an image with several programs',
    'supervisorctl status',
  ],
  limits: [
    'Its times are local, without zone.',
    'What a program is, is told by its name; one that nobody knows is taken for the application.',
  ],
  examples: () => EXAMPLES,
  ...unitPerLine(read),
};
