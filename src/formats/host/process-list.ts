import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { unitClue } from './unit-clue.ts';

/*
 * What managers of processes list at the moment: `pm2 list` (its statuses are those of PM2's `constants.js`) and runit's `sv status`,
 * which `gitlab-ctl status` prints. Neither says when.
 */

interface Listed {
  readonly name: string;
  readonly signal: SignalId;
}

const LONGEST = 1000;
const PM2_STATUS: Readonly<Record<string, SignalId>> = {
  online: 'unit.chatter',
  launching: 'unit.restart-scheduled',
  'waiting restart': 'unit.restart-scheduled',
  stopping: 'unit.stopping',
  stopped: 'unit.stopped',
  // It ended so often that PM2 starts it no more.
  errored: 'unit.exited',
};
const PM2_MODE = /^(?:fork|cluster)(?:_mode)?$/;
/** The frame of its table, and the row of its columns. */
const PM2_FRAME = /^(?:[┌├└][─┬┼┴]{5,400}[┐┤┘]|│ (?:id|App name) )/;
const RUNIT =
  /^(run|down|finish|fail): ([\w./-]{1,100}): (?:\(pid \d{1,10}\) \d{1,12}s|\d{1,12}s|runsv not running|unable to)(.{0,200})/;

function pm2Row(text: string): Listed | null {
  if (text.charAt(0) !== '│') return null;
  const cells = text.split('│').map((cell) => cell.trim());
  const status = cells.find((cell) => Object.hasOwn(PM2_STATUS, cell));
  const name = cells.find((cell) => /^(?!\d+$)\S/.test(cell));
  const signal = PM2_STATUS[status ?? ''];
  if (signal === undefined || name === undefined || !cells.some((cell) => PM2_MODE.test(cell))) return null;
  return { name, signal };
}

function runitRow(text: string): Listed | null {
  const [, state, path, rest = ''] = RUNIT.exec(text) ?? [];
  if (state === undefined || path === undefined) return null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (state === 'run') return { name, signal: 'unit.chatter' };
  if (state === 'finish') return { name, signal: 'unit.stopping' };
  // It is to run, and does not: it ends again and again.
  return { name, signal: /, want up\b/.test(rest) ? 'unit.exited' : 'unit.stopped' };
}

const read = (text: string): Listed | null => pm2Row(text) ?? runitRow(text);

class ProcessListParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const listed = read(text);
    if (listed === null) return PM2_FRAME.test(text);
    const { name, signal } = listed;
    this.emit(unitClue(line, { signal, stamp: NO_STAMP, subject: name, role: roleOf(name) }));
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    shows: 'pm2 list: one that PM2 gave up, one that runs',
    input: [
      '┌────┬──────────┬─────────┬──────┬───────────┬──────────┬──────────┐',
      '│ id │ name     │ mode    │ ↺    │ status    │ cpu      │ memory   │',
      '├────┼──────────┼─────────┼──────┼───────────┼──────────┼──────────┤',
      '│ 0  │ api      │ cluster │ 30   │ errored   │ 0%       │ 0b       │',
      '│ 1  │ web      │ fork    │ 1    │ online    │ 0%       │ 123.0mb  │',
      '└────┴──────────┴─────────┴──────┴───────────┴──────────┴──────────┘',
    ].join('\n'),
    records: [
      { signal: 'unit.exited', subject: 'api', stamp: NO_STAMP, values: { role: 'app' } },
      { signal: 'unit.chatter', subject: 'web' },
    ],
  },
  {
    shows: 'gitlab-ctl status: one that ends again and again, one that was stopped',
    input: [
      'run: nginx: (pid 972) 7s; run: log: (pid 971) 7s',
      'down: puma: 1s, normally up, want up; run: log: (pid 962) 7s',
      'down: redis: 4s, normally up; run: log: (pid 963) 7s',
    ].join('\n'),
    records: [
      { signal: 'unit.chatter', subject: 'nginx', values: { role: 'proxy' } },
      { signal: 'unit.exited', subject: 'puma', values: { role: 'app' } },
      { signal: 'unit.stopped', subject: 'redis', values: { role: 'cache' } },
    ],
  },
];

/** Processes as PM2 and runit list them. */
export const processList: LineFormat = {
  shape: 'lines',
  id: 'process-list',
  title: 'Lists of processes (pm2 list, sv status, gitlab-ctl status)',
  hop: 'host',
  foundAt: ['pm2 list', 'gitlab-ctl status', 'sv status /etc/service/*'],
  limits: [
    'They tell how it is, not when it became so: such lines count in excerpts only.',
    'What a program is, is told by its name; one that nobody knows is taken for the application.',
  ],
  examples,
  score: (line) => (read(line.text.slice(0, LONGEST)) === null ? (PM2_FRAME.test(line.text) ? 0.5 : 0) : 0.9),
  open: (emit) => new ProcessListParser(emit),
};
