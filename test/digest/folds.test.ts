import { expect, it } from 'vitest';
import { Folds } from '../../src/digest/folds.ts';
import { app } from '../../src/formats/app/app.ts';
import { type LogRecord, NO_STAMP } from '../../src/vocabulary/records.ts';
import { clue, T0 } from '../correlate/logs-of.ts';

it('a line without a time is dated by lines of its own container, not by those of another', () => {
  const kinds = (writer: string): string[] => {
    const folds = new Folds('compose.log', 0);
    const undated: LogRecord = { ...clue('app.crash', T0), line: 2, stamp: NO_STAMP };
    folds.emit({ ...clue('app.chatter', T0), line: 1 }, app, 'web-1');
    folds.emit(undated, app, writer);
    folds.emit({ ...clue('app.chatter', T0 + 1000), line: 3 }, app, 'web-1');
    return folds.close().flatMap(({ segments }) => segments.map(({ kind }) => kind));
  };
  expect(kinds('web-1')).toEqual(['utc']);
  expect(kinds('worker-1')).toContain('none');
});
