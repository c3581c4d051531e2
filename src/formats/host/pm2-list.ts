import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, LineFormat } from '../format.ts';
import { roleOf } from './container-roles.ts';
import { type UnitSaid, unitPerLine } from './unit-clue.ts';

/* What `pm2 list` prints of the moment (PM2's constants.js has its statuses); it does not say since when. */

const STATUS: Readonly<Record<string, SignalId>> = {
  online: 'unit.chatter',
  launching: 'unit.restart-scheduled',
  'waiting restart': 'unit.restart-scheduled',
  stopping: 'unit.stopping',
  stopped: 'unit.stopped',
  // It ended so often that PM2 starts it no more.
  errored: 'unit.exited',
};
const MODE = /^(?:fork|cluster)(?:_mode)?$/;
/** The frame of its table, and the row of its columns. */
const FRAME = /^(?:[┌├└][─┬┼┴]{5,400}[┐┤┘]|│ (?:id|App name) )/;

function read(text: string): UnitSaid | null {
  if (text.charAt(0) !== '│') return null;
  const cells = text.split('│').map((cell) => cell.trim());
  const status = cells.find((cell) => Object.hasOwn(STATUS, cell));
  const subject = cells.find((cell) => /^(?!\d+$)\S/.test(cell));
  const signal = STATUS[status ?? ''];
  if (signal === undefined || subject === undefined || !cells.some((cell) => MODE.test(cell))) return null;
  return { signal, stamp: NO_STAMP, subject, role: roleOf(subject) };
}

const rows = unitPerLine(read);

const examples = (): readonly Example[] => [
  {
    shows: 'one that PM2 gave up, one that runs',
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
];

/** Processes as PM2 lists them. */
export const pm2List: LineFormat = {
  shape: 'lines',
  id: 'pm2-list',
  title: 'Output of pm2 list',
  hop: 'host',
  foundAt: ['pm2 list'],
  limits: [
    'It tells how it is, not when it became so: such lines count in excerpts only.',
    'What a program is, is told by its name; one that nobody knows is taken for the application.',
  ],
  examples,
  score: (line) => (FRAME.test(line.text) ? 0.5 : rows.score(line)),
  open: (emit) => {
    const parser = rows.open(emit);
    return { ...parser, push: (line) => parser.push(line) || FRAME.test(line.text) };
  },
};
