import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/correlate/context.ts';
import { clue, type LogSketch, steady, T0, timedOf } from './logs-of.ts';
import { END, lines, MINUTE, SECOND, START } from './scenes-of.ts';

const BURST = { fromMs: START, toMs: END };
const changes = (logs: readonly LogSketch[], busy = [BURST]): string[] =>
  contextOf(BURST, busy, timedOf(logs)).map(
    ({ change, count, before, template }) => `${change} ${count}/${before} ${template}`,
  );

const saying = (text: string) => ({ text });
const refused = steady(START, END, SECOND, (ms) =>
  clue('nginx.connect-refused', ms, saying('[error] connect() failed (111: Connection refused) while connecting')),
);
const slowAllDay = (fromMs: number, toMs: number, everyMs: number) =>
  steady(fromMs, toMs, everyMs, (ms) => clue('fpm.slow-trace', ms, saying('script executing too slow')));
const heartbeat = (toMs: number) =>
  steady(T0, toMs, 5 * SECOND, (ms, i) => clue('app.chatter', ms, saying(`processed job ${i}`)));

describe('what changed in the logs with a burst', () => {
  it('names lines that were never seen before', () => {
    expect(changes([lines('proxy', refused)])).toEqual([
      'new 60/0 [error] connect() failed (111: Connection refused) while connecting',
    ]);
  });

  it('names lines that came much more often, held against as long a time', () => {
    const log = lines('app', slowAllDay(T0, START - MINUTE, 30 * SECOND), slowAllDay(START, END, SECOND));
    expect(changes([log])).toEqual(['jump 60/2 script executing too slow']);
  });

  it('names lines that used to come all the time and came no more', () => {
    expect(changes([lines('app', heartbeat(START - 10 * SECOND))])).toEqual(['silent 0/15 processed job *']);
  });

  it('names what a process said once, first of all that is as surprising', () => {
    const stop = clue('fpm.terminating', START - SECOND, saying('NOTICE: Terminating ...'));
    expect(changes([lines('app', [stop])])).toEqual(['new 1/0 NOTICE: Terminating ...']);
  });

  it.each([
    [
      'lines as frequent as ever',
      [lines('app', slowAllDay(T0, T0 + 20 * MINUTE, 2 * SECOND), heartbeat(T0 + 20 * MINUTE))],
    ],
    [
      'known noise that is new',
      [
        lines(
          'proxy',
          steady(START, END, SECOND, (ms) => clue('nginx.more-data', ms, saying('x'))),
        ),
      ],
    ],
    ['lines of a log that begins with the burst', [{ ...lines('proxy'), records: refused }]],
    ['silence where the log has ended', [{ hop: 'app', records: heartbeat(START - 10 * SECOND) } as const]],
    ['a line that stopped long before', [lines('app', heartbeat(START - 5 * MINUTE))]],
  ])('does not name %s', (_, logs) => {
    expect(changes(logs)).toEqual([]);
  });

  it('does not hold another burst for the usual', () => {
    const earlier = { fromMs: T0 + 3 * MINUTE, toMs: T0 + 4 * MINUTE };
    const then = steady(earlier.fromMs, earlier.toMs, SECOND, (ms) =>
      clue('nginx.connect-refused', ms, saying('[error] connect() failed (111: Connection refused) while connecting')),
    );
    expect(changes([lines('proxy', then, refused)], [earlier, BURST])).toHaveLength(1);
    expect(changes([lines('proxy', then, refused)])).toEqual(changes([lines('proxy', then, refused)], [BURST]));
  });

  it('lists eight at most, two of a signal, the most surprising first', () => {
    const many = Array.from({ length: 12 }, (_, kind) =>
      steady(START, END, (kind + 1) * SECOND, (ms) =>
        clue(kind % 2 === 0 ? 'php.fatal' : 'nginx.resolve-nx', ms, saying(`fault ${'abcdefghijkl'.charAt(kind)}`)),
      ),
    );
    const listed = changes([lines('proxy', ...many, refused)]);
    expect(listed).toHaveLength(5);
    expect(listed[0]).toMatch(/^new 60\/0/);
  });
});
